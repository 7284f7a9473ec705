//! The table of deputies (代办): one for a cadre at a time, both days included.

use chrono::NaiveDate;

use crate::issues::model::{Deputy, DeputyId, NewDeputy};
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Who stands in for those today.
pub async fn of(db: &mut ScopedTx, cadres: &[CadreId]) -> Result<Vec<CadreId>> {
    if cadres.is_empty() {
        return Ok(Vec::new());
    }
    let (tenant, today) = (db.scope().tenant(), db.scope().today());
    let found = sqlx::query_scalar!(
        r#"select deputy_id as "id: CadreId"
         from deputies
         where tenant_id = $1 and cadre_id = any($2) and from_on <= $3 and to_on >= $3
             and (ended_on is null or ended_on > $3)"#,
        tenant.0,
        cadres as &[CadreId],
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// For whom somebody stands in today.
pub async fn instead_of(
    db: &mut ScopedTx,
    tenant: TenantId,
    deputy: CadreId,
) -> Result<Vec<CadreId>> {
    let today = db.scope().today();
    let found = sqlx::query_scalar!(
        r#"select cadre_id as "id: CadreId"
         from deputies
         where tenant_id = $1 and deputy_id = $2 and from_on <= $3 and to_on >= $3
             and (ended_on is null or ended_on > $3)"#,
        tenant.0,
        deputy.0,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Those that hold or will hold: mine and those in which I stand in; `all`: of every cadre whose
/// deputyship lies within the scope too. The next first.
pub async fn list(db: &mut ScopedTx, all: bool) -> Result<Vec<Deputy>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let (me, today) = (db.scope().cadre()?, db.scope().today());
    let found = sqlx::query_as!(
        Deputy,
        r#"select d.id as "id: DeputyId", d.tenant_id as "tenant_id: TenantId",
             d.committee_id as "committee_id: CommitteeId", d.scope, d.cadre_id as "cadre_id: CadreId",
             c.name as cadre, d.deputy_id as "deputy_id: CadreId", s.name as deputy, k.short_name as committee,
             d.from_on, d.to_on, d.ended_on
         from deputies d
         join cadres c on c.tenant_id = d.tenant_id and c.id = d.cadre_id
         join cadres s on s.tenant_id = d.tenant_id and s.id = d.deputy_id
         join committees k on k.id = d.committee_id
         where d.tenant_id = $1 and d.to_on >= $2 and (d.ended_on is null or d.ended_on > $2)
             and ($3 in (d.cadre_id, d.deputy_id) or $4 and d.scope between $5 and $6)
         order by d.from_on, d.id
         limit 200"#,
        tenant.0,
        today,
        me.0,
        all,
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// One of the tenant.
pub async fn get(db: &mut ScopedTx, id: DeputyId) -> Result<Deputy> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_as!(
        Deputy,
        r#"select d.id as "id: DeputyId", d.tenant_id as "tenant_id: TenantId",
             d.committee_id as "committee_id: CommitteeId", d.scope, d.cadre_id as "cadre_id: CadreId",
             c.name as cadre, d.deputy_id as "deputy_id: CadreId", s.name as deputy, k.short_name as committee,
             d.from_on, d.to_on, d.ended_on
         from deputies d
         join cadres c on c.tenant_id = d.tenant_id and c.id = d.cadre_id
         join cadres s on s.tenant_id = d.tenant_id and s.id = d.deputy_id
         join committees k on k.id = d.committee_id
         where d.tenant_id = $1 and d.id = $2"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// What comes of setting one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Set {
    Done,
    /// It was there: a repeated post.
    Same,
    /// Somebody stands in for him already on one of these days.
    Taken(String),
}

/// Sets a deputy, one at a time: whoever sets one for the same cadre at once waits for this one.
pub async fn set(db: &mut ScopedTx, at: Place, new: &NewDeputy) -> Result<Set> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 30))",
        new.cadre.to_string(),
    )
    .execute(db.conn())
    .await?;
    if let Ok(there) = get(db, new.id).await {
        return if new.is(&there) {
            Ok(Set::Same)
        } else {
            Err(Error::Stale(""))
        };
    }
    if let Some(name) = taken(db, at, new).await? {
        return Ok(Set::Taken(name));
    }
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "insert into deputies (tenant_id, id, committee_id, scope, cadre_id, deputy_id, from_on, to_on,
             made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.cadre.0,
        new.deputy.0,
        new.from_on,
        new.to_on,
        by.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(Set::Done)
}

async fn taken(db: &mut ScopedTx, at: Place, new: &NewDeputy) -> Result<Option<String>> {
    let found = sqlx::query_scalar!(
        "select s.name
         from deputies d
         join cadres s on s.tenant_id = d.tenant_id and s.id = d.deputy_id
         where d.tenant_id = $1 and d.cadre_id = $2 and d.from_on <= $4
             and least(d.to_on, d.ended_on - 1) >= $3
         limit 1",
        at.tenant.0,
        new.cadre.0,
        new.from_on,
        new.to_on,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Ends it: from that day on it holds no more. False when it had ended.
pub async fn end(db: &mut ScopedTx, deputy: &Deputy, on: NaiveDate) -> Result<bool> {
    let done = sqlx::query!(
        "update deputies
         set ended_on = $3
         where tenant_id = $1 and id = $2 and (ended_on is null or ended_on > $3)",
        deputy.tenant_id.0,
        deputy.id.0,
        on,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
