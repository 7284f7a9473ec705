//! Writing a plan of committees.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::committees::divisions;
use crate::committees::model::Committee;
use crate::committees::planting::Seedling;
use crate::committees::planting::intervals::Rank;
use crate::platform::ids::CommitteeId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// One who changes the tree at a time: codes are given out by what is there. Until the transaction ends.
pub async fn lock(db: &mut ScopedTx) -> Result<()> {
    const TREE: i64 = 0x5449_4e47;
    sqlx::query!("select pg_advisory_xact_lock($1)", TREE)
        .execute(db.conn())
        .await?;
    Ok(())
}

/// Writes a plan. `parent` is the superior of its top (None only for the centre). Gives the new ids
/// in the plan's order. Towns and streets get no tenant of their own: the tenant is the city.
pub async fn plant(
    db: &mut ScopedTx,
    parent: Option<&Committee>,
    plan: &[Seedling],
    starts_on: NaiveDate,
) -> Result<Vec<CommitteeId>> {
    write(db, parent, plan, &HashMap::new(), starts_on).await
}

/// As `plant`, for what is not there yet: a province around a city that was planted before.
pub async fn plant_missing(
    db: &mut ScopedTx,
    parent: Option<&Committee>,
    plan: &[Seedling],
    starts_on: NaiveDate,
) -> Result<Vec<CommitteeId>> {
    let los: Vec<i64> = plan.iter().map(|one| one.code_lo).collect();
    let of_divisions: Vec<i64> = plan.iter().filter_map(|one| one.division_code).collect();
    let rows = sqlx::query!(
        "select code_lo, division_code, id, tenant_id
         from committees
         where code_lo = any ($1) or division_code = any ($2) and ends_on is null",
        &los,
        &of_divisions,
    )
    .fetch_all(db.conn())
    .await?;
    let codes: HashMap<i64, Stands> = rows
        .iter()
        .map(|row| (row.code_lo, (row.id, row.tenant_id)))
        .collect();
    let divisions: HashMap<i64, Stands> = rows
        .iter()
        .filter_map(|row| Some((row.division_code?, (row.id, row.tenant_id))))
        .collect();
    let standing = plan.iter().enumerate().filter_map(|(index, seedling)| {
        let by_division = seedling.division_code.and_then(|code| divisions.get(&code));
        let stands = by_division.or_else(|| codes.get(&seedling.code_lo))?;
        Some((index, *stands))
    });
    let standing = standing.collect();
    write(db, parent, plan, &standing, starts_on).await
}

/// Id and tenant of a committee.
type Stands = (i32, i32);

async fn write(
    db: &mut ScopedTx,
    parent: Option<&Committee>,
    plan: &[Seedling],
    standing: &HashMap<usize, Stands>,
    starts_on: NaiveDate,
) -> Result<Vec<CommitteeId>> {
    let count = i32::try_from(plan.len() - standing.len()).map_err(Error::bug)?;
    let ids: Vec<i32> = sqlx::query_scalar!(
        r#"select nextval('committee_ids')::int as "id!" from generate_series(1, $1)"#,
        count,
    )
    .fetch_all(db.conn())
    .await?;
    let rows = Rows::of(parent, plan, standing, &ids);
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
        &rows.ids,
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
    ids: Vec<i32>,
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
    fn of(
        parent: Option<&Committee>,
        plan: &'a [Seedling],
        standing: &HashMap<usize, Stands>,
        ids: &[i32],
    ) -> Self {
        let mut rows = Self::default();
        let mut new = ids.iter();
        let mut placed: Vec<Stands> = Vec::with_capacity(plan.len());
        for (index, seedling) in plan.iter().enumerate() {
            if let Some(stands) = standing.get(&index) {
                placed.push(*stands);
                continue;
            }
            let above = seedling.parent.map(|index| placed[index]);
            let above = above.or(parent.map(|p| (p.id.0, p.tenant_id.0)));
            let id = *new.next().expect("as many ids as new rows");
            // The city is a tenant, and so are a province and the centre; below, the city's.
            let tenant = match above {
                Some((_, tenant)) if seedling.level > Rank::City => tenant,
                _ => id,
            };
            placed.push((id, tenant));
            rows.push(id, tenant, above.map(|(parent, _)| parent), seedling);
        }
        rows
    }

    fn push(&mut self, id: i32, tenant: i32, parent: Option<i32>, seedling: &'a Seedling) {
        self.ids.push(id);
        self.parents.push(parent);
        self.levels.push(seedling.level as i16);
        self.kinds.push(seedling.kind.code());
        self.classes.push(seedling.class.code());
        self.tenants.push(tenant);
        self.los.push(seedling.code_lo);
        self.his.push(seedling.code_hi);
        self.divisions.push(seedling.division_code);
        self.codes.push(org_code(seedling));
        self.fulls.push(&seedling.full_name);
        self.shorts.push(&seedling.short_name);
        self.commons.push(&seedling.common_name);
        self.places.push(place_name(seedling));
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
