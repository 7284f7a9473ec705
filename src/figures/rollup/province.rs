//! Above the cities: figures are added, not counted.

use super::MARK;
use crate::platform::Result;
use crate::platform::scope::Scope;

/// A province is the sum of its cities and its own part: what is counted once there (a young person,
/// a cadre, a visit, an organisation, a unit's evening) never belongs to two tenants.
pub(super) async fn sum_up_if_newer(scope: &Scope) -> Result<()> {
    let newer = scope
        .look_long(async |db| {
            let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
            let level = db.scope().ground().level + 1;
            let newer = sqlx::query_scalar!(
                r#"select coalesce(max(s.computed_at) filter (where s.committee_id <> $1), '-infinity')
                     > coalesce(max(s.computed_at) filter (where s.committee_id = $1
                         and s.metric not like 'part.%' and s.metric not like 'own.%'
                         and s.metric <> $5), '-infinity') as "newer!"
                 from stats s
                 join committees k on k.id = s.committee_id
                 where s.scope between $2 and $3
                     and (k.id = k.tenant_id and k.level = $4 or k.id = $1)"#,
                tenant.0,
                lo,
                hi,
                level,
                MARK,
            )
            .fetch_one(db.conn())
            .await?;
            Ok(newer)
        })
        .await?;
    if newer { sum_up(scope).await } else { Ok(()) }
}

pub(super) async fn sum_up(scope: &Scope) -> Result<()> {
    scope
        .work(async |db| {
            db.take_time().await?;
            let (at, hi, now) = (db.scope().place(), db.hi(), db.now());
            let level = db.scope().ground().level + 1;
            sqlx::query!(
                "delete from stats
                 where tenant_id = $1 and committee_id = $1 and metric not like 'part.%'
                     and metric not like 'own.%' and metric <> $2",
                at.tenant.0,
                MARK,
            )
            .execute(db.conn())
            .await?;
            sqlx::query!(
                "insert into stats
                     (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
                 select $1, $1, $2, period, starts_on, metric, sum(n), $5
                 from (
                     select s.period, s.starts_on, s.metric, s.n
                     from stats s
                     join committees k on k.id = s.committee_id and k.id = k.tenant_id
                     where k.level = $4 and s.scope between $2 and $3 and s.metric not like 'own.%'
                         and s.metric not like 'part.%' and s.metric <> $6
                     union all
                     select period, starts_on, substr(metric, 6), n
                     from stats
                     where tenant_id = $1 and committee_id = $1 and metric like 'part.%'
                 ) p
                 group by period, starts_on, metric",
                at.tenant.0,
                at.scope,
                hi,
                level,
                now,
                MARK,
            )
            .execute(db.conn())
            .await?;
            Ok(db.unchanged(()))
        })
        .await
}
