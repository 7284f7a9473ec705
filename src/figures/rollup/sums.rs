//! Above the cities: a province is the sum of its cities and its own part. What is counted once there
//! (a young person, a cadre, a visit, an organisation, a unit's evening) never belongs to two tenants.

use super::{METRICS, marks, of_category};
use crate::issues::Category;
use crate::platform::Result;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;

/// Adds up when something below, or the own part, was counted since the last time.
pub(super) async fn add_up(scope: &Scope) -> Result<()> {
    let (now, then) = scope.look_long(async |db| marks::passes(db).await).await?;
    if now == then {
        return Ok(());
    }
    let metrics = metrics();
    scope
        .work(async |db| {
            marks::take_time(db).await?;
            // Read before adding: what is counted meanwhile shows as a difference the next time.
            let (passes, _) = marks::passes(db).await?;
            replace(db, &metrics).await?;
            marks::added(db, passes).await?;
            Ok(db.unchanged(()))
        })
        .await
}

/// Everything but a committee's own rows, which no one above shows.
fn metrics() -> Vec<String> {
    let categories = Category::ALL.iter().map(|it| of_category(*it));
    let plain = METRICS.iter().map(|metric| (*metric).to_owned());
    plain.chain(categories).collect()
}

async fn replace(db: &mut ScopedTx, metrics: &[String]) -> Result<()> {
    let (at, hi, now) = (db.scope().place(), db.hi(), db.now());
    let level = db.scope().ground().level + 1;
    sqlx::query!(
        "delete from stats
         where tenant_id = $1 and committee_id = $1 and metric = any($2)",
        at.tenant.0,
        metrics,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         select $1, $1, $2, period, starts_on, metric, sum(n)::bigint, $5
         from (
             select s.period, s.starts_on, s.metric, s.n
             from committees k
             join stats s on s.tenant_id = k.id and s.committee_id = k.id
             where k.id = k.tenant_id and k.level = $4 and k.code_lo between $2 and $3
                 and s.metric = any($6)
             union all
             select period, starts_on, substr(metric, 6), n
             from stats
             where tenant_id = $1 and committee_id = $1 and metric like 'part.%'
         ) p
         group by period, starts_on, metric
         on conflict (tenant_id, committee_id, period, starts_on, metric)
         do update set n = excluded.n, computed_at = excluded.computed_at",
        at.tenant.0,
        at.scope,
        hi,
        level,
        now,
        metrics,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
