//! Which matters the clock has something to do with.

use crate::issues::clock::Times;
use crate::issues::model::IssueId;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

/// Those of the tenant, the longest late first: suspended up to a day that has come, closed so long ago
/// that no verdict comes any more, or late by more than they were pressed for.
pub async fn ticking(db: &mut ScopedTx, times: &Times, limit: i64) -> Result<Vec<IssueId>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let found = sqlx::query_scalar!(
        r#"select id as "id: IssueId"
         from issues
         where tenant_id = $1 and scope between $2 and $3
             and state not in ('void', 'merged', 'closed', 'declined')
             and (state = 'suspended' and resume_on <= $4
                 or state in ('done', 'explained') and closed_at < $5
                 or state not in ('suspended', 'waiting', 'done', 'explained')
                     and (pressed = 0 and warn_at < $6
                         or pressed <= 1 and due_at < $6
                         or pressed <= 2 and due_at <= $7
                         or pressed = 3 and due_at <= $7 and handler_committee_id <> tenant_id
                         or pressed = 4 and due_at <= $8 and handler_committee_id <> tenant_id
                             and pressed_at < $9))
         order by due_at nulls first, id
         limit $10"#,
        tenant.0,
        lo,
        hi,
        times.today,
        times.judged,
        times.now,
        times.climbs,
        times.climbs_again,
        crate::kit::clock::start_of(times.today),
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}
