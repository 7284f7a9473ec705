//! Which months have to be counted again. The write that changes a figure marks them in its own
//! transaction; the ticker counts and then takes the mark away if nobody has renewed it.

use chrono::{Datelike, NaiveDate};

use super::Result;
use super::scope::Place;
use super::transaction::ScopedTx;

/// Marks the month of a day at a committee.
pub async fn mark(db: &mut ScopedTx, at: Place, day: NaiveDate) -> Result<()> {
    let (now, month) = (db.now(), day.with_day(1).unwrap_or(day));
    sqlx::query!(
        "insert into stale_months (tenant_id, committee_id, scope, month, marked_at)
         values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, committee_id, month) do update set marked_at = excluded.marked_at",
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
