//! What the rules ask of the world around an issue: rules and limits of the city, who handed it over,
//! whether it is paused, what is still open on it.

use super::instructions;
use crate::calendar;
use crate::issues::due::{Limits, Rules, Span};
use crate::issues::effect::Around;
use crate::issues::model::{Category, Issue, Urgency};
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::transaction::ScopedTx;

/// The rules of a city for how long a matter may take.
pub async fn rules(db: &mut ScopedTx, tenant: TenantId) -> Result<Rules> {
    let rows = sqlx::query!(
        r#"select category, urgency as "urgency: Urgency", unit, n as "n!"
         from issue_rules
         where tenant_id = $1 and committee_id = $1 and n is not null"#,
        tenant.0,
    )
    .fetch_all(db.conn())
    .await?;
    let mut rules = Rules::default();
    for row in rows {
        let n = u32::try_from(row.n).unwrap_or(1);
        let span = match row.unit.as_str() {
            "hours" => Span::Hours(n),
            _ => Span::WorkingDays(n),
        };
        rules.set(Category::from_code(&row.category), row.urgency, span);
    }
    Ok(rules)
}

/// The other limits of a city, or the usual ones.
pub async fn limits(db: &mut ScopedTx, tenant: TenantId) -> Result<Limits> {
    let found = sqlx::query_as!(
        Limits,
        "select sign_hours, warn_percent, climb_days, climb_again_days, suspend_days, reopen_days,
             reopen_by_committee_days, follow_up_percent
         from issue_limits
         where tenant_id = $1 and committee_id = $1",
        tenant.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn around(db: &mut ScopedTx, issue: &Issue) -> Result<Around> {
    let row = sqlx::query!(
        r#"select
             (select id from committees where code_lo = $3) as "sender: CommitteeId",
             (select cadre_id from issue_moves
              where tenant_id = $1 and issue_id = $2 and move in ('assign', 'report', 'climb')
              order by n desc limit 1) as "handed_by: CadreId",
             (select began_at from issue_pauses
              where tenant_id = $1 and issue_id = $2 and ended_at is null) as paused_at,
             (select count(*) from issue_parts
              where tenant_id = $1 and issue_id = $2 and state in ('open', 'signed'))
             + (select count(*) from issue_handoffs
                where tenant_id = $1 and issue_id = $2 and answered_at is null and returned_at is null)
                 as "parts_open!",
             (select cadre_id from issue_closings
              where tenant_id = $1 and issue_id = $2 and stands) as "closed_by: CadreId""#,
        issue.tenant_id.0,
        issue.id.0,
        issue.sender_scope,
    )
    .fetch_one(db.conn())
    .await?;
    let asked = sqlx::query!(
        r#"select wanted_on, asked_by as "asked_by: CadreId"
         from issue_extensions
         where tenant_id = $1 and issue_id = $2 and state = 'asked'"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(Around {
        now: db.now(),
        calendar: calendar::store::get(db).await?,
        rules: rules(db, issue.tenant_id).await?,
        limits: limits(db, issue.tenant_id).await?,
        me: db.scope().actor().cadre,
        sender: row.sender.map(|id| (id, issue.sender_scope)),
        handed_by: row.handed_by,
        paused_at: row.paused_at,
        asked: asked.map(|row| (row.wanted_on, row.asked_by)),
        parts_open: row.parts_open,
        closed_by: row.closed_by,
        instructions: instructions::open(db, issue).await?,
    })
}
