//! The table of committees: open to read, written below one's own committee or by the planter.

use chrono::NaiveDate;

use super::divisions;
use super::model::Committee;
use super::planting::Seedling;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

pub async fn get(db: &mut ScopedTx, id: CommitteeId) -> Result<Option<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind, class,
             tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code, full_name,
             short_name, common_name, place_name, starts_on, ends_on, version
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
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind, class,
             tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code, full_name,
             short_name, common_name, place_name, starts_on, ends_on, version
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
        r#"select id as "id: CommitteeId", parent_id as "parent_id: CommitteeId", level, kind, class,
             tenant_id as "tenant_id: TenantId", code_lo, code_hi, division_code, full_name,
             short_name, common_name, place_name, starts_on, ends_on, version
         from committees
         where division_code = $1"#,
        division_code,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// From the centre down to the committee itself.
pub async fn path(db: &mut ScopedTx, id: CommitteeId) -> Result<Vec<Committee>> {
    let found = sqlx::query_as!(
        Committee,
        r#"select a.id as "id: CommitteeId", a.parent_id as "parent_id: CommitteeId", a.level, a.kind,
             a.class, a.tenant_id as "tenant_id: TenantId", a.code_lo, a.code_hi, a.division_code,
             a.full_name, a.short_name, a.common_name, a.place_name, a.starts_on, a.ends_on, a.version
         from committees c
         join committees a on c.code_lo between a.code_lo and a.code_hi and a.level <= c.level
         where c.id = $1
         order by a.level"#,
        id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Writes a plan. `parent` is the superior of its top (None only for the centre). Gives the new ids
/// in the plan's order. Towns and streets get no tenant of their own: the tenant is the city.
pub async fn plant(
    db: &mut ScopedTx,
    parent: Option<&Committee>,
    plan: &[Seedling],
    starts_on: NaiveDate,
) -> Result<Vec<CommitteeId>> {
    let count = i32::try_from(plan.len()).map_err(Error::bug)?;
    let ids: Vec<i32> = sqlx::query_scalar!(
        r#"select nextval('committee_ids')::int as "id!" from generate_series(1, $1)"#,
        count,
    )
    .fetch_all(db.conn())
    .await?;
    let rows = Rows::of(parent, plan, &ids);
    sqlx::query!(
        "insert into committees (id, parent_id, level, kind, class, tenant_id, code_lo, code_hi,
             division_code, code, full_name, short_name, common_name, place_name, starts_on)
         select t.id, t.parent_id, t.level, t.kind, t.class, t.tenant_id, t.code_lo, t.code_hi,
             t.division_code, t.code, t.full_name, t.short_name, t.common_name, t.place_name, $14
         from unnest($1::int[], $2::int[], $3::smallint[], $4::text[], $5::text[], $6::int[],
             $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[],
             $13::text[], $15::text[])
             as t (id, parent_id, level, kind, class, tenant_id, code_lo, code_hi, division_code,
                 code, full_name, short_name, common_name, place_name)",
        &ids,
        &rows.parents as &[Option<i32>],
        &rows.levels,
        &rows.kinds as &[&str],
        &rows.classes as &[&str],
        &rows.tenants,
        &rows.los,
        &rows.his,
        &rows.divisions as &[Option<i64>],
        &rows.codes,
        &rows.fulls as &[&str],
        &rows.shorts as &[&str],
        &rows.commons as &[&str],
        starts_on,
        &rows.places,
    )
    .execute(db.conn())
    .await?;
    Ok(ids.into_iter().map(CommitteeId).collect())
}

/// The columns of a plan.
#[derive(Default)]
struct Rows<'a> {
    parents: Vec<Option<i32>>,
    levels: Vec<i16>,
    kinds: Vec<&'a str>,
    classes: Vec<&'a str>,
    tenants: Vec<i32>,
    los: Vec<i64>,
    his: Vec<i64>,
    divisions: Vec<Option<i64>>,
    codes: Vec<String>,
    fulls: Vec<&'a str>,
    shorts: Vec<&'a str>,
    commons: Vec<&'a str>,
    places: Vec<String>,
}

impl<'a> Rows<'a> {
    fn of(parent: Option<&Committee>, plan: &'a [Seedling], ids: &[i32]) -> Self {
        let mut rows = Self::default();
        for (seedling, id) in plan.iter().zip(ids) {
            let level = seedling.level as i16;
            let above = seedling.parent.map(|index| (ids[index], rows.tenants[index]));
            let above = above.or(parent.map(|p| (p.id.0, p.tenant_id.0)));
            // The city is a tenant, and so are a province and the centre; below, the city's.
            let tenant = match above {
                Some((_, tenant)) if level > 3 => tenant,
                _ => *id,
            };
            rows.parents.push(above.map(|(parent, _)| parent));
            rows.levels.push(level);
            rows.kinds.push(seedling.kind.code());
            rows.classes.push(seedling.class.code());
            rows.tenants.push(tenant);
            rows.los.push(seedling.code_lo);
            rows.his.push(seedling.code_hi);
            rows.divisions.push(seedling.division_code);
            rows.codes.push(org_code(seedling));
            rows.fulls.push(&seedling.full_name);
            rows.shorts.push(&seedling.short_name);
            rows.commons.push(&seedling.common_name);
            rows.places.push(place_name(seedling));
        }
        rows
    }
}

/// `{division or own code}-{class}-{sequence}`, domain.md §1.5.
fn org_code(seedling: &Seedling) -> String {
    let class = seedling.class.code();
    match seedling.division_code {
        Some(code) => format!("{code:012}-{class}-001"),
        None => format!("Q{:014}-{class}-001", seedling.code_lo),
    }
}

fn place_name(seedling: &Seedling) -> String {
    let division = seedling
        .division_code
        .and_then(|code| divisions::load().get(code));
    division.map_or_else(
        || seedling.common_name.clone(),
        |division| division.display().to_string(),
    )
}
