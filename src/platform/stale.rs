//! Which months have to be counted again. The write that changes a figure marks them in its own
//! transaction; the ticker counts and then takes the mark away if nobody has renewed it.

use chrono::{Datelike, NaiveDate};

use super::scope::Place;
use super::transaction::ScopedTx;
use super::{Error, Result};

/// The month before all records: a mark there says that organisations were merged, so that every month
/// in which one of them was visited is to be counted again, at whichever committee of the tenant.
pub fn is_merge(month: NaiveDate) -> bool {
    month.year() == MERGED
}

const MERGED: i32 = 1999;

/// After organisations of a committee were merged: who merges them need not see who visited them.
pub async fn mark_merge(db: &mut ScopedTx, at: Place) -> Result<()> {
    let month = NaiveDate::from_yo_opt(MERGED, 1).ok_or_else(|| Error::bug("each year begins"))?;
    mark(db, at, month).await
}

/// Marks the month of a day at a committee. A mark that stands keeps the moment of the oldest change that
/// is not counted yet; that it was renewed is seen by the transaction that wrote it.
pub async fn mark(db: &mut ScopedTx, at: Place, day: NaiveDate) -> Result<()> {
    let (now, month) = (db.now(), day.with_day(1).unwrap_or(day));
    sqlx::query!(
        "insert into stale_months (tenant_id, committee_id, scope, month, marked_at)
         values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, committee_id, month) do update set marked_at = stale_months.marked_at",
        at.tenant.0,
        at.committee.0,
        at.scope,
        month,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
