//! Human numbers: gap-free for each committee, kind and year, taken in the record's own transaction.

use super::scope::Place;
use super::transaction::ScopedTx;
use super::{Error, Result};

/// The next number of that kind at a committee, from 1. Two who ask at once get one after the other.
pub async fn next(db: &mut ScopedTx, at: Place, kind: &str, year: i32) -> Result<i32> {
    next_of(db, at, kind, year, 1).await
}

/// The first of several next numbers that follow one another.
pub async fn next_of(
    db: &mut ScopedTx,
    at: Place,
    kind: &str,
    year: i32,
    count: usize,
) -> Result<i32> {
    let count = i32::try_from(count).map_err(Error::bug)?;
    let n = sqlx::query_scalar!(
        r#"insert into counters as c (tenant_id, committee_id, scope, kind, year, n)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (tenant_id, committee_id, kind, year) do update set n = c.n + excluded.n
         returning n - $6 + 1 as "first!""#,
        at.tenant.0,
        at.committee.0,
        at.scope,
        kind,
        year,
        count,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// Gives the number just taken back, in the same transaction: what it was for is there already.
pub async fn give_back(db: &mut ScopedTx, at: Place, kind: &str, year: i32) -> Result<()> {
    sqlx::query!(
        "update counters
         set n = n - 1
         where tenant_id = $1 and committee_id = $2 and kind = $3 and year = $4",
        at.tenant.0,
        at.committee.0,
        kind,
        year,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
