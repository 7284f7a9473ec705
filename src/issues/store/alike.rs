//! Which open matters may be the same as another.

use chrono::TimeDelta;

use super::read::in_order;
use crate::issues::alike::Probe;
use crate::issues::model::{Issue, IssueId};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Days in which the same is asked for again.
const DAYS: i64 = 90;
/// Compared at most.
const MANY: i64 = 60;

/// Open ones of the same young person, and of the same category and place (that of the probe itself, where
/// it is there already), the newest first.
pub async fn candidates(db: &mut ScopedTx, probe: &Probe<'_>) -> Result<Vec<Issue>> {
    let tenant = db.tenant_filter();
    let since = db.now() - TimeDelta::days(DAYS);
    let ids = sqlx::query_scalar!(
        r#"select id as "id!: IssueId"
         from (
             select id, received_at
             from issues
             where ($1::int is null or tenant_id = $1) and youth_id = $2 and closed_at is null
                 and state not in ('void', 'merged')
             union
             select id, received_at
             from issues
             where ($1::int is null or tenant_id = $1) and category = $4
                 and village_id = coalesce($3, (
                     select village_id from issues where ($1::int is null or tenant_id = $1) and id = $6))
                 and received_at >= $5 and closed_at is null and state not in ('void', 'merged')) f
         where $6::uuid is null or id <> $6
         order by received_at desc, id
         limit $7"#,
        tenant,
        probe.youth.map(|id| id.0),
        probe.village.map(|id| id.0),
        probe.category.code(),
        since,
        probe.id.map(|id| id.0),
        MANY,
    )
    .fetch_all(db.conn())
    .await?;
    in_order(db, &ids).await
}

/// How often one may have been merged into another.
const HOPS: usize = 8;

/// The matter that one stands in now: itself, or the one that it was merged into, as far as the reader sees.
/// For whoever follows a link or a code to a matter that was merged.
pub async fn standing_in(db: &mut ScopedTx, id: IssueId) -> Result<Issue> {
    let mut issue = super::get(db, id).await?;
    for _ in 0..HOPS {
        let Some(into) = issue.merged_into else { break };
        match super::get(db, into).await {
            Ok(next) => issue = next,
            Err(Error::NotFound) => break,
            Err(fault) => return Err(fault),
        }
    }
    Ok(issue)
}
