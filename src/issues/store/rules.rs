//! Writing the rules and limits of a city: one version for both.

use crate::issues::due::{Limits, Rules, Span};
use crate::issues::model::{Category, Urgency};
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

/// The version that stands; 0: nothing was ever set.
pub async fn version(db: &mut ScopedTx) -> Result<i32> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        "select version from issue_limits where tenant_id = $1 and committee_id = $1",
        tenant.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.unwrap_or(0))
}

/// Writes both at the city, over that version. False when somebody was quicker.
pub async fn save(
    db: &mut ScopedTx,
    (rules, limits): (&Rules, &Limits),
    version: i32,
) -> Result<bool> {
    if !save_limits(db, limits, version).await? {
        return Ok(false);
    }
    let tenant = db.scope().tenant();
    let kept: Vec<(&str, &str)> = rules
        .all()
        .map(|((category, urgency), _)| (category.map_or("", Category::code), urgency.code()))
        .collect();
    let categories: Vec<String> = kept.iter().map(|(it, _)| (*it).to_owned()).collect();
    let urgencies: Vec<String> = kept.iter().map(|(_, it)| (*it).to_owned()).collect();
    sqlx::query!(
        "update issue_rules
         set n = null, version = version + 1
         where tenant_id = $1 and committee_id = $1 and n is not null
             and (category, urgency) not in (select * from unnest($2::text[], $3::text[]))",
        tenant.0,
        &categories,
        &urgencies,
    )
    .execute(db.conn())
    .await?;
    for ((category, urgency), span) in rules.all() {
        save_rule(db, (category, urgency), span).await?;
    }
    Ok(true)
}

async fn save_rule(
    db: &mut ScopedTx,
    (category, urgency): (Option<Category>, Urgency),
    span: Span,
) -> Result<()> {
    let at = db.scope().place();
    let (unit, n) = match span {
        Span::Hours(n) => ("hours", n),
        Span::WorkingDays(n) => ("days", n),
    };
    sqlx::query!(
        "insert into issue_rules as r (tenant_id, committee_id, scope, category, urgency, unit, n)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (tenant_id, committee_id, category, urgency) do update
         set unit = excluded.unit, n = excluded.n, version = r.version + 1
         where (r.unit, r.n) is distinct from (excluded.unit, excluded.n)",
        at.tenant.0,
        at.committee.0,
        at.scope,
        category.map_or("", Category::code),
        urgency.code(),
        unit,
        i32::try_from(n).unwrap_or(i32::MAX),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn save_limits(db: &mut ScopedTx, limits: &Limits, version: i32) -> Result<bool> {
    let at = db.scope().place();
    let done = sqlx::query!(
        "insert into issue_limits as l (tenant_id, committee_id, scope, sign_hours, warn_percent, climb_days,
             climb_again_days, suspend_days, reopen_days, reopen_by_committee_days, follow_up_percent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (tenant_id, committee_id) do update
         set sign_hours = excluded.sign_hours, warn_percent = excluded.warn_percent,
             climb_days = excluded.climb_days, climb_again_days = excluded.climb_again_days,
             suspend_days = excluded.suspend_days, reopen_days = excluded.reopen_days,
             reopen_by_committee_days = excluded.reopen_by_committee_days,
             follow_up_percent = excluded.follow_up_percent, version = l.version + 1
         where l.version = $12",
        at.tenant.0,
        at.committee.0,
        at.scope,
        limits.sign_hours,
        limits.warn_percent,
        limits.climb_days,
        limits.climb_again_days,
        limits.suspend_days,
        limits.reopen_days,
        limits.reopen_by_committee_days,
        limits.follow_up_percent,
        version,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
