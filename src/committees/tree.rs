//! Planting a city's or province's whole tree, with what must stand above it.

use chrono::NaiveDate;

use super::divisions;
use super::model::{Committee, PLANTED};
use super::planting::{self, Seedling};
use super::store;
use crate::platform::daybook::Line;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// From when a planted committee counts as there: before anything that is recorded here, since the
/// committees themselves are older than this program.
pub const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");

/// What planting gave.
#[derive(Clone, Debug)]
pub struct Planted {
    pub top: Committee,
    /// How many committees are new; none when the tree stood already.
    pub added: usize,
}

impl Planted {
    pub fn line(&self) -> Line<'static> {
        let line = Line::new(PLANTED, Some(self.top.object()), self.top.place());
        line.detail(serde_json::json!({ "committees": self.added }))
    }
}

/// Plants a city or province, and the centre and the province's committee where they are missing. What
/// stands is left as it is. The caller logs `Planted::line`.
pub async fn plant_tree(db: &mut ScopedTx, division_code: i64) -> Result<Planted> {
    let plan = planting::plan(division_code).ok_or(Error::NotFound)?;
    store::lock(db).await?;
    let mut added = 0;
    let mut above: Option<Committee> = None;
    for seedling in above_of(division_code) {
        let one = std::slice::from_ref(&seedling);
        added += store::plant_missing(db, above.as_ref(), one, SINCE)
            .await?
            .len();
        above = Some(standing(db, &seedling).await?);
    }
    let new = store::plant_missing(db, above.as_ref(), &plan, SINCE).await?;
    added += new.len();
    let top = standing(db, &plan[0]).await?;
    Ok(Planted { top, added })
}

/// The centre, and for a city its province, from the top down.
fn above_of(division_code: i64) -> Vec<Seedling> {
    let province = divisions::load().province(division_code);
    let province = province.filter(|division| division.code != division_code);
    let province = province.and_then(|division| planting::single(division.code));
    std::iter::once(planting::centre())
        .chain(province)
        .collect()
}

async fn standing(db: &mut ScopedTx, seedling: &Seedling) -> Result<Committee> {
    let found = store::at_code(db, seedling.code_lo).await?;
    found.ok_or_else(|| Error::bug("a committee that was just planted is not there"))
}
