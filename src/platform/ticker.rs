//! Does the features' jobs, one tenant after the other, each under that tenant's scope. What it does
//! is idempotent: killed in the middle, or run by two servers, it comes to the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Result;
use super::feature::Job;
use super::ids::{CommitteeId, TenantId};
use super::request::Request;
use super::scope::{Ground, Place, Scope};
use super::site::Site;

const PAUSE: Duration = Duration::from_secs(2);

/// Runs until its task is aborted.
pub async fn run(site: Arc<Site>) {
    let jobs: Vec<&'static Job> = site.features.iter().flat_map(|f| f.jobs).collect();
    let mut last: Vec<Option<Instant>> = vec![None; jobs.len()];
    loop {
        for (job, last) in jobs.iter().zip(&mut last) {
            if last.is_none_or(|at| at.elapsed() >= job.every) {
                *last = Some(Instant::now());
                pass(&site, job).await;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One job for every tenant. A fault of one tenant does not stop the others, nor does a panic: each runs as
/// a task of its own.
pub async fn pass(site: &Arc<Site>, job: &Job) {
    let tenants = match tenants(site).await {
        Ok(tenants) => tenants,
        Err(fault) => {
            let cause = fault.cause();
            tracing::warn!(cause, "the ticker could not list the tenants");
            return;
        }
    };
    for ground in tenants {
        let tenant = ground.place.tenant;
        let task = tokio::spawn((job.run)(Scope::of_ticker(site.clone(), ground)));
        match task.await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => {
                let cause = fault.cause();
                tracing::error!(job = job.name, %tenant, cause, "a job failed");
            }
            Err(_panic) => tracing::error!(job = job.name, %tenant, "a job panicked"),
        }
    }
}

/// The roots of tenants, lowest level first: what a province adds up stands before it is added.
pub async fn tenants(site: &Arc<Site>) -> Result<Vec<Ground>> {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    nobody
        .look(async |db| {
            let rows = sqlx::query!(
                r#"select id as "id: CommitteeId", tenant_id as "tenant_id: TenantId",
                     code_lo, code_hi, level, short_name, place_name
                 from committees
                 where id = tenant_id and ends_on is null
                 order by level desc, code_lo"#
            )
            .fetch_all(db.conn())
            .await?;
            let ground = rows.into_iter().map(|row| Ground {
                place: Place {
                    tenant: row.tenant_id,
                    committee: row.id,
                    scope: row.code_lo,
                },
                hi: row.code_hi,
                level: row.level,
                short_name: row.short_name,
                place_name: row.place_name,
            });
            Ok(ground.collect())
        })
        .await
}
