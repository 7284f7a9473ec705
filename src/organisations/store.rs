//! The table of organisations: read in the whole tenant, written within the scope.

mod keep;

pub use keep::{close, is_named, list, merge, rename};

use std::collections::HashMap;

use super::model::{ADDED, Kind, Organisation, OrganisationId, State, Suggestion, Town, Village};
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

const SUGGESTIONS: i64 = 8;

/// Every village and community within the scope that is still there, in administrative order: some
/// 400 in a county, a thousand in a city. Above a county, choose the town first: `towns`, `villages_of`.
pub async fn villages(db: &mut ScopedTx) -> Result<Vec<Village>> {
    let (lo, hi) = (db.lo(), db.hi());
    villages_between(db, lo, hi).await
}

/// The villages of one town within the scope.
pub async fn villages_of(db: &mut ScopedTx, town: CommitteeId) -> Result<Vec<Village>> {
    let ground = sqlx::query!(
        "select code_lo, code_hi from committees where id = $1",
        town.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let ground = ground.ok_or(Error::NotFound)?;
    let (lo, hi) = (ground.code_lo.max(db.lo()), ground.code_hi.min(db.hi()));
    villages_between(db, lo, hi).await
}

async fn villages_between(db: &mut ScopedTx, lo: i64, hi: i64) -> Result<Vec<Village>> {
    let (tenant, today) = (db.tenant_filter(), db.scope().today());
    let found = sqlx::query_as!(
        Village,
        r#"select c.id as "committee: CommitteeId", p.place_name as town, c.place_name as name,
             coalesce(o.successor_id, o.id) as "organisation: OrganisationId"
         from committees c
         join committees p on p.id = c.parent_id
         left join organisations o on o.tenant_id = c.tenant_id and o.committee_id = c.id
             and o.kind in ('village', 'community')
         where ($1::int is null or c.tenant_id = $1) and c.code_lo between $2 and $3
             and c.level = 6 and c.kind = 'area' and (c.ends_on is null or c.ends_on > $4)
         order by c.code_lo"#,
        tenant,
        lo,
        hi,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The streets and towns within the scope that have villages, in administrative order.
pub async fn towns(db: &mut ScopedTx) -> Result<Vec<Town>> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let found = sqlx::query_as!(
        Town,
        r#"select p.id as "committee: CommitteeId", g.place_name as county, p.place_name as name,
             count(*) as "villages!"
         from committees c
         join committees p on p.id = c.parent_id
         join committees g on g.id = p.parent_id
         where ($1::int is null or c.tenant_id = $1) and c.code_lo between $2 and $3
             and c.level = 6 and c.kind = 'area' and (c.ends_on is null or c.ends_on > $4)
         group by p.id, g.place_name
         order by p.code_lo"#,
        tenant,
        lo,
        hi,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The organisation of a village's committee, made when it is first visited. `NotFound` for what is no
/// village of the scope.
pub async fn ensure_village(db: &mut ScopedTx, committee: CommitteeId) -> Result<OrganisationId> {
    let village = village(db, committee).await?.ok_or(Error::NotFound)?;
    if let Some(id) = of_village(db, committee).await? {
        return Ok(id);
    }
    let kind = Kind::of_village(&village.name);
    let id = OrganisationId::new_v7(db.now());
    if add(db, village.at, id, kind, &village.name).await? {
        return Ok(id);
    }
    // Somebody else was faster, and has committed.
    of_village(db, committee).await?.ok_or(Error::NotFound)
}

/// Whether it is a village, or community, of the scope.
pub async fn is_village(db: &mut ScopedTx, committee: CommitteeId) -> Result<bool> {
    Ok(village(db, committee).await?.is_some())
}

struct Named {
    at: Place,
    name: String,
}

async fn village(db: &mut ScopedTx, committee: CommitteeId) -> Result<Option<Named>> {
    let found = sqlx::query!(
        r#"select tenant_id as "tenant_id: TenantId", code_lo, place_name
         from committees
         where id = $1 and level = 6 and kind = 'area'"#,
        committee.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let ours = found.filter(|it| db.scope().ground().contains(it.code_lo));
    Ok(ours.map(|it| Named {
        at: Place {
            tenant: it.tenant_id,
            committee,
            scope: it.code_lo,
        },
        name: it.place_name,
    }))
}

/// The organisation of a village's committee, where somebody has been already.
pub async fn of_village(
    db: &mut ScopedTx,
    committee: CommitteeId,
) -> Result<Option<OrganisationId>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_scalar!(
        r#"select coalesce(successor_id, id) as "id!: OrganisationId"
         from organisations
         where ($1::int is null or tenant_id = $1) and committee_id = $2
             and kind in ('village', 'community')"#,
        tenant,
        committee.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The organisation of that kind and name at a committee, above it or below it (two sister counties
/// may have a 第一小学 each); written down at `at` when there is none. A merged one gives its successor.
/// `name` is clean (`organisations::form`).
pub async fn find_or_add(
    db: &mut ScopedTx,
    at: Place,
    kind: Kind,
    name: &str,
) -> Result<OrganisationId> {
    if let Some(id) = find(db, at, kind, name).await? {
        return Ok(id);
    }
    let id = OrganisationId::new_v7(db.now());
    if add(db, at, id, kind, name).await? {
        return Ok(id);
    }
    find(db, at, kind, name).await?.ok_or(Error::NotFound)
}

/// What `find_or_add` would take for this one, where it does not lie at `at` itself.
pub async fn nearby(
    db: &mut ScopedTx,
    at: Place,
    kind: Kind,
    name: &str,
) -> Result<Option<Organisation>> {
    let found = match find(db, at, kind, name).await? {
        Some(id) => get(db, id).await?,
        None => None,
    };
    Ok(found.filter(|it| it.committee_id != at.committee))
}

async fn find(
    db: &mut ScopedTx,
    at: Place,
    kind: Kind,
    name: &str,
) -> Result<Option<OrganisationId>> {
    let found = sqlx::query_scalar!(
        r#"select coalesce(o.successor_id, o.id) as "id!: OrganisationId"
         from organisations o
         join committees k on k.id = o.committee_id
         join committees a on a.id = $2
         where o.tenant_id = $1 and o.kind = $3 and o.name = $4 and o.state <> 'closed'
             and (a.code_lo between k.code_lo and k.code_hi or k.code_lo between a.code_lo and a.code_hi)
         order by o.state, k.id = a.id desc, k.level desc, o.id
         limit 1"#,
        at.tenant.0,
        at.committee.0,
        kind.code(),
        name,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// False when the id is there already, or one of that name.
pub async fn add(
    db: &mut ScopedTx,
    at: Place,
    id: OrganisationId,
    kind: Kind,
    name: &str,
) -> Result<bool> {
    let now = db.now();
    let outcome = sqlx::query!(
        "insert into organisations (tenant_id, id, committee_id, scope, kind, name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict do nothing",
        at.tenant.0,
        id.0,
        at.committee.0,
        at.scope,
        kind.code(),
        name,
        now,
    )
    .execute(db.conn())
    .await?;
    if outcome.rows_affected() == 0 {
        return Ok(false);
    }
    db.note(ADDED, Some(id.0), at).await?;
    Ok(true)
}

/// Those whose name holds the text, nearest first: what is offered while a cadre types. In the whole
/// tenant, since companies are visited across counties.
pub async fn suggest(db: &mut ScopedTx, kind: Kind, text: &str) -> Result<Vec<Suggestion>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let found = sqlx::query_as!(
        Suggestion,
        r#"select o.id as "id: OrganisationId", o.name, k.short_name as committee
         from organisations o
         join committees k on k.id = o.committee_id
         where ($1::int is null or o.tenant_id = $1) and o.kind = $2 and o.state = 'active'
             and strpos(lower(o.name), lower($3)) > 0
         order by o.scope between $4 and $5 desc, strpos(lower(o.name), lower($3)), o.name, o.id
         limit $6"#,
        tenant,
        kind.code(),
        text,
        lo,
        hi,
        SUGGESTIONS,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// One of the tenant.
pub async fn get(db: &mut ScopedTx, id: OrganisationId) -> Result<Option<Organisation>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        Organisation,
        r#"select o.id as "id: OrganisationId", o.tenant_id as "tenant_id: TenantId",
             o.committee_id as "committee_id: CommitteeId", o.scope, k.short_name as committee,
             o.kind as "kind: Kind",
             case when o.kind in ('village', 'community') then k.place_name else o.name end as "name!", o.successor_id as "successor_id: OrganisationId",
             s.name as "successor?", o.state as "state: State", o.version
         from organisations o
         join committees k on k.id = o.committee_id
         left join organisations s on s.tenant_id = o.tenant_id and s.id = o.successor_id
         where ($1::int is null or o.tenant_id = $1) and o.id = $2"#,
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// What they are called today: a merged one by its successor's name, a village as its committee.
pub async fn names(
    db: &mut ScopedTx,
    ids: &[OrganisationId],
) -> Result<HashMap<OrganisationId, String>> {
    let tenant = db.tenant_filter();
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select o.id as "id: OrganisationId", case when s.kind in ('village', 'community') then k.place_name else s.name end as "name!"
         from organisations o
         join organisations s on s.tenant_id = o.tenant_id and s.id = coalesce(o.successor_id, o.id)
         join committees k on k.id = s.committee_id
         where ($1::int is null or o.tenant_id = $1) and o.id = any ($2)"#,
        tenant,
        &ids,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
