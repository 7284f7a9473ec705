//! The table of committees: open to read, written below one's own committee or by the planter.

mod plant;

pub use plant::{lock, plant, plant_missing};

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::kept::Lines;
use super::model::{Class, Committee, Kind, Names, NewCommittee, Node, Tenant};
use super::planting::intervals::{Interval, Rank};
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

pub async fn get(db: &mut ScopedTx, id: CommitteeId) -> Result<Option<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind as "kind: Kind",
             class as "class: Class", tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code,
             code, full_name, short_name, common_name, place_name, starts_on, ends_on,
             successor_id as "successor_id: CommitteeId", version
         from committees
         where id = $1"#,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The committees directly below, in administrative order, closed ones too.
pub async fn children(db: &mut ScopedTx, parent: CommitteeId) -> Result<Vec<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind as "kind: Kind",
             class as "class: Class", tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code,
             code, full_name, short_name, common_name, place_name, starts_on, ends_on,
             successor_id as "successor_id: CommitteeId", version
         from committees
         where parent_id = $1
         order by code_lo"#,
        parent.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The committee of a division, if it is planted.
pub async fn by_division(db: &mut ScopedTx, division_code: i64) -> Result<Option<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind as "kind: Kind",
             class as "class: Class", tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code,
             code, full_name, short_name, common_name, place_name, starts_on, ends_on,
             successor_id as "successor_id: CommitteeId", version
         from committees
         where division_code = $1
         order by ends_on desc nulls first
         limit 1"#,
        division_code,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The committee that owns the interval beginning there.
pub async fn at_code(db: &mut ScopedTx, code_lo: i64) -> Result<Option<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind as "kind: Kind",
             class as "class: Class", tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code,
             code, full_name, short_name, common_name, place_name, starts_on, ends_on,
             successor_id as "successor_id: CommitteeId", version
         from committees
         where code_lo = $1"#,
        code_lo,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The name of the lowest committee that holds all of these places.
pub async fn common(db: &mut ScopedTx, scopes: &[i64]) -> Result<Option<String>> {
    let (Some(first), Some(last)) = (scopes.iter().min(), scopes.iter().max()) else {
        return Ok(None);
    };
    let name = sqlx::query_scalar!(
        "select short_name
         from committees
         where code_lo <= $1 and code_hi >= $2
         order by level desc
         limit 1",
        first,
        last,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(name)
}

/// From the centre down to the committee itself; empty when there is none. Believed for half a minute.
pub async fn path(db: &mut ScopedTx, id: CommitteeId) -> Result<Vec<Committee>> {
    Ok(line(db, id).await?.as_ref().clone())
}

/// As `path`, shared with whoever asked before.
pub(super) async fn line(db: &mut ScopedTx, id: CommitteeId) -> Result<Arc<Vec<Committee>>> {
    let lines = db.scope().site().shelf.get::<Lines>();
    if let Some(line) = lines.get(id) {
        return Ok(line);
    }
    let line = Arc::new(read_line(db, id).await?);
    if !line.is_empty() {
        lines.keep(id, line.clone());
    }
    Ok(line)
}

/// A superior's codes begin where one's own end in zeros (`planting::intervals`): seven places to look.
async fn read_line(db: &mut ScopedTx, id: CommitteeId) -> Result<Vec<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select a.id as "id: CommitteeId", a.parent_id as "parent_id: CommitteeId", a.level,
             a.kind as "kind: Kind", a.class as "class: Class", a.tenant_id as "tenant_id: TenantId",
             a.code_lo, a.code_hi, a.division_code, a.code, a.full_name, a.short_name, a.common_name,
             a.place_name, a.starts_on, a.ends_on, a.successor_id as "successor_id: CommitteeId",
             a.version
         from committees c
         join committees a on a.code_hi >= c.code_lo and a.code_lo = any (array[
             0, c.code_lo / 1000000000000 * 1000000000000, c.code_lo / 10000000000 * 10000000000,
             c.code_lo / 100000000 * 100000000, c.code_lo / 100000 * 100000, c.code_lo / 10 * 10,
             c.code_lo])
         where c.id = $1
         order by a.code_lo"#,
        id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The heads of all tenants, in administrative order.
pub async fn tenants(db: &mut ScopedTx) -> Result<Vec<Tenant>> {
    let found = sqlx::query_as!(
        Tenant,
        r#"select t.id as "id: CommitteeId", t.level, t.full_name, t.starts_on,
             count(c.id) as "committees!"
         from committees t
         join committees c on c.tenant_id = t.id
         where t.id = t.tenant_id and t.level > 1
         group by t.id
         order by t.code_lo"#,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The committees directly below each of these, for a tree that is opened along a path. Closed ones too.
pub async fn children_of(db: &mut ScopedTx, parents: &[CommitteeId]) -> Result<Vec<Node>> {
    let parents: Vec<i32> = parents.iter().map(|id| id.0).collect();
    let found = sqlx::query_as!(
        Node,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level,
             kind as "kind: Kind", short_name, place_name, ends_on
         from committees
         where parent_id = any ($1)
         order by code_lo"#,
        &parents,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Committees within the scope whose name holds the text, from above to below, at most `limit`.
pub async fn search(db: &mut ScopedTx, text: &str, limit: i64) -> Result<Vec<Node>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let found = sqlx::query_as!(
        Node,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level,
             kind as "kind: Kind", short_name, place_name, ends_on
         from committees
         where ($1::int is null or tenant_id = $1) and code_lo between $2 and $3
             and (strpos(full_name, $4) > 0 or strpos(short_name, $4) > 0)
         order by level, code_lo
         limit $5"#,
        tenant,
        lo,
        hi,
        text,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The open committees beside this one, of the same kind: who may take over its work.
pub async fn siblings(db: &mut ScopedTx, of: &Committee) -> Result<Vec<Node>> {
    let found = sqlx::query_as!(
        Node,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level,
             kind as "kind: Kind", short_name, place_name, ends_on
         from committees
         where parent_id = $1 and id <> $2 and level = $3 and kind = $4 and ends_on is null
         order by code_lo"#,
        of.parent_id.map(|id| id.0),
        of.id.0,
        of.level,
        of.kind.code(),
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The committee that was made from this form.
pub async fn by_form(db: &mut ScopedTx, form: Uuid) -> Result<Option<CommitteeId>> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: CommitteeId" from committees where form_id = $1"#,
        form,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Adds one below `parent`, at these codes. The tree is locked.
pub async fn add(
    db: &mut ScopedTx,
    parent: &Committee,
    new: &NewCommittee,
    level: Rank,
    codes: Interval,
) -> Result<CommitteeId> {
    let stem = match new.division_code {
        Some(code) => format!("{code:012}-{}-", new.class.code()),
        None => format!("Q{:014}-{}-", codes.lo, new.class.code()),
    };
    let id = sqlx::query_scalar!(
        r#"insert into committees (id, parent_id, level, kind, class, tenant_id, code_lo, code_hi,
             division_code, code, full_name, short_name, common_name, place_name, starts_on, form_id)
         select nextval('committee_ids'), $1, $2, $3, $4, $5, $6, $7, $8,
             $9 || lpad((1 + count(*))::text, 3, '0'), $10, $11, $12, $13, $14, $15
         from committees
         where starts_with(code, $9)
         returning id as "id: CommitteeId""#,
        parent.id.0,
        level as i16,
        new.what.kind().code(),
        new.class.code(),
        parent.tenant_id.0,
        codes.lo,
        codes.hi,
        new.division_code,
        stem,
        new.full_name,
        new.short_name,
        new.common_name,
        new.place_name,
        new.starts_on,
        new.form_id,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(id)
}

/// Other names, if nobody has changed it since.
pub async fn rename(db: &mut ScopedTx, old: &Committee, names: &Names) -> Result<()> {
    let outcome = sqlx::query!(
        "update committees
         set full_name = $3, short_name = $4, place_name = $5, version = version + 1
         where id = $1 and version = $2",
        old.id.0,
        old.version,
        names.full,
        names.short,
        names.place,
    )
    .execute(db.conn())
    .await?;
    one(outcome.rows_affected())
}

/// Closes it from that day on.
pub async fn close(
    db: &mut ScopedTx,
    old: &Committee,
    ends_on: NaiveDate,
    successor: Option<CommitteeId>,
) -> Result<()> {
    let outcome = sqlx::query!(
        "update committees
         set ends_on = $3, successor_id = $4, version = version + 1
         where id = $1 and version = $2 and ends_on is null",
        old.id.0,
        old.version,
        ends_on,
        successor.map(|id| id.0),
    )
    .execute(db.conn())
    .await?;
    one(outcome.rows_affected())
}

fn one(changed: u64) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale(""))
    }
}
