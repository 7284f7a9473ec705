//! Which matters the clock has something to do with.

use crate::issues::clock::Times;
use crate::issues::model::IssueId;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

/// Those of the tenant, the longest late first: suspended up to a day that has come, closed so long ago
/// that no verdict comes any more, or late by more than they were pressed for. Each way of being late is
/// looked up in an index that holds no others: what is in time, or was pressed as far as it can be, is
/// not read.
pub async fn ticking(db: &mut ScopedTx, times: &Times, limit: i64) -> Result<Vec<IssueId>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let found = sqlx::query_scalar!(
        r#"select t.id as "id!: IssueId"
         from (
             (select null::timestamptz as at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and state = 'suspended' and resume_on <= $4
              order by resume_on, id limit $10)
             union all
             (select null, id from issues
              where tenant_id = $1 and scope between $2 and $3 and state in ('done', 'explained')
                  and closed_at < $5
              order by closed_at, id limit $10)
             union all
             (select warn_at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and pressed = 0 and warn_at < $6
                  and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened')
              order by warn_at, id limit $10)
             union all
             (select due_at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and pressed = 1 and due_at < $6
                  and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened')
              order by due_at, id limit $10)
             union all
             (select due_at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and pressed = 2 and due_at <= $7
                  and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened')
              order by due_at, id limit $10)
             union all
             (select due_at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and pressed = 3 and due_at <= $7
                  and handler_committee_id <> tenant_id
                  and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened')
              order by due_at, id limit $10)
             union all
             (select due_at, id from issues
              where tenant_id = $1 and scope between $2 and $3 and pressed = 4 and due_at <= $8
                  and handler_committee_id <> tenant_id and pressed_at < $9
                  and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened')
              order by due_at, id limit $10)) t
         order by t.at nulls first, t.id
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
