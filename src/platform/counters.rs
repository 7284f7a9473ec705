//! Human numbers: gap-free for each committee, kind and year, taken in the record's own transaction.

use super::Result;
use super::scope::Place;
use super::transaction::ScopedTx;

/// The next number of that kind at a committee, from 1. Two who ask at once get one after the other.
pub async fn next(db: &mut ScopedTx, at: Place, kind: &str, year: i32) -> Result<i32> {
    let n = sqlx::query_scalar!(
        "insert into counters as c (tenant_id, committee_id, scope, kind, year, n)
         values ($1, $2, $3, $4, $5, 1)
         on conflict (tenant_id, committee_id, kind, year) do update set n = c.n + 1
         returning n",
        at.tenant.0,
        at.committee.0,
        at.scope,
        kind,
        year,
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
