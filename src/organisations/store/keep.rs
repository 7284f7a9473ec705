//! What an admin does with the organisations of his committees.

use crate::organisations::model::{Filter, Kind, Organisation, OrganisationId, State};
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Those within the scope, the last written down first.
pub async fn list(
    db: &mut ScopedTx,
    filter: &Filter,
    after: Option<Mark>,
) -> Result<Page<Organisation>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let (kind, state) = (filter.kind.map(Kind::code), filter.state.map(State::code));
    let rows = sqlx::query!(
        r#"select o.id as "id: OrganisationId", o.tenant_id as "tenant_id: TenantId",
             o.committee_id as "committee_id: CommitteeId", o.scope, k.short_name as committee,
             o.kind as "kind: Kind",
             case when o.kind in ('village', 'community') then k.place_name else o.name end as "name!",
             o.successor_id as "successor_id: OrganisationId", s.name as "successor?",
             o.state as "state: State", o.version, o.created_at
         from organisations o
         join committees k on k.id = o.committee_id
         left join organisations s on s.tenant_id = o.tenant_id and s.id = o.successor_id
         where ($1::int is null or o.tenant_id = $1) and o.scope between $2 and $3
             and ($4::text is null or o.kind = $4) and ($5::text is null or o.state = $5)
             and strpos(lower(o.name), lower($6)) > 0
             and ($7::timestamptz is null or (o.created_at, o.id) < ($7, $8))
         order by o.created_at desc, o.id desc
         limit $9"#,
        tenant,
        lo,
        hi,
        kind,
        state,
        filter.q,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let total = count(db, filter).await?;
    let rows = rows.into_iter().map(|row| {
        let organisation = Organisation {
            id: row.id,
            tenant_id: row.tenant_id,
            committee_id: row.committee_id,
            scope: row.scope,
            committee: row.committee,
            kind: row.kind,
            name: row.name,
            successor_id: row.successor_id,
            successor: row.successor,
            state: row.state,
            version: row.version,
        };
        (organisation, row.created_at)
    });
    let page = Page::cut(rows.collect(), total, |(organisation, at)| Mark {
        at: *at,
        id: organisation.id.0,
    });
    Ok(Page {
        rows: page.rows.into_iter().map(|(it, _)| it).collect(),
        total: page.total,
        next: page.next,
    })
}

async fn count(db: &mut ScopedTx, filter: &Filter) -> Result<i64> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let (kind, state) = (filter.kind.map(Kind::code), filter.state.map(State::code));
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from organisations
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3
             and ($4::text is null or kind = $4) and ($5::text is null or state = $5)
             and strpos(lower(name), lower($6)) > 0"#,
        tenant,
        lo,
        hi,
        kind,
        state,
        filter.q,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(total)
}

/// Whether an active one at that committee has the name.
pub async fn is_named(db: &mut ScopedTx, at: Place, kind: Kind, name: &str) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from organisations
             where tenant_id = $1 and scope = $2 and kind = $3 and name = $4 and state = 'active')
             as "it!""#,
        at.tenant.0,
        at.scope,
        kind.code(),
        name,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

pub async fn rename(db: &mut ScopedTx, old: &Organisation, name: &str) -> Result<()> {
    let outcome = sqlx::query!(
        "update organisations
         set name = $4, version = version + 1
         where tenant_id = $1 and id = $2 and version = $3 and state = 'active'",
        old.tenant_id.0,
        old.id.0,
        old.version,
        name,
    )
    .execute(db.conn())
    .await?;
    one(outcome.rows_affected())
}

/// Into another one, with all that was merged into it before: a successor has none itself. False when
/// one of those lies outside the scope, so that somebody above has to do it. `Stale` when the other one
/// is no longer active.
pub async fn merge(db: &mut ScopedTx, old: &Organisation, into: OrganisationId) -> Result<bool> {
    line_up(db, old.tenant_id).await?;
    let stands = sqlx::query_scalar!(
        r#"select exists (
             select from organisations
             where tenant_id = $1 and id = $2 and state = 'active') as "it!""#,
        old.tenant_id.0,
        into.0,
    )
    .fetch_one(db.conn())
    .await?;
    if !stands {
        return Err(Error::Stale(""));
    }
    let before = sqlx::query_scalar!(
        r#"select count(*) as "n!" from organisations where tenant_id = $1 and successor_id = $2"#,
        old.tenant_id.0,
        old.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    let moved = sqlx::query!(
        "update organisations
         set successor_id = $3, version = version + 1
         where tenant_id = $1 and successor_id = $2",
        old.tenant_id.0,
        old.id.0,
        into.0,
    )
    .execute(db.conn())
    .await?;
    if i64::try_from(moved.rows_affected()) != Ok(before) {
        return Ok(false);
    }
    let outcome = sqlx::query!(
        "update organisations
         set state = 'merged', successor_id = $4, version = version + 1
         where tenant_id = $1 and id = $2 and version = $3 and state = 'active'",
        old.tenant_id.0,
        old.id.0,
        old.version,
        into.0,
    )
    .execute(db.conn())
    .await?;
    one(outcome.rows_affected())?;
    Ok(true)
}

/// Not to be visited any more; what was recorded stays.
pub async fn close(db: &mut ScopedTx, old: &Organisation) -> Result<()> {
    line_up(db, old.tenant_id).await?;
    let outcome = sqlx::query!(
        "update organisations
         set state = 'closed', version = version + 1
         where tenant_id = $1 and id = $2 and version = $3 and state = 'active'",
        old.tenant_id.0,
        old.id.0,
        old.version,
    )
    .execute(db.conn())
    .await?;
    one(outcome.rows_affected())
}

/// One who merges or closes in a tenant at a time, until the transaction ends: the other one may lie
/// outside the scope, where a row can be read and not locked.
async fn line_up(db: &mut ScopedTx, tenant: TenantId) -> Result<()> {
    const MERGING: i32 = 0x514f;
    sqlx::query!("select pg_advisory_xact_lock($1, $2)", MERGING, tenant.0)
        .execute(db.conn())
        .await?;
    Ok(())
}

fn one(changed: u64) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale(""))
    }
}
