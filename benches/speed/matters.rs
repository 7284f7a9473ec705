//! The clock over the matters of a large city: what it costs to find that nothing is to be done.

use std::sync::Arc;
use std::time::Instant;

use qingting::app;
use qingting::issues::clock;
use qingting::kit::clock::Clock;
use qingting::platform::db::Pools;
use qingting::platform::page::Filing;
use qingting::platform::scope::Scope;
use qingting::platform::site::{Settings, Site};
use qingting::platform::ticker;
use sqlx::Row;

use crate::report::Report;
use crate::server::Server;
use crate::{Result, Wanted};

/// Passes until nothing is left to do; far more than a loaded database needs.
const PATIENCE: usize = 2_000;

pub async fn measure(wanted: &Wanted, server: &Server, report: &mut Report) -> Result<()> {
    let mut db = server.superuser().await?;
    let row = sqlx::query(
        "select tenant_id, count(*) as n from issues group by tenant_id order by n desc limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    let (city, matters): (i32, i64) = (row.try_get(0)?, row.try_get(1)?);
    let scope = as_ticker(server, city).await?;
    eprintln!("the clock over {matters} matters …");
    let mut made = 0;
    for _ in 0..PATIENCE {
        match clock::pass(&scope).await.map_err(|fault| fault.cause())? {
            0 => break,
            n => made += n,
        }
    }
    let mut times = Vec::new();
    for _ in 0..wanted.rounds.max(3) {
        let begun = Instant::now();
        clock::pass(&scope).await.map_err(|fault| fault.cause())?;
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_unstable_by(f64::total_cmp);
    let pass = times[times.len() / 2];
    report.figure(
        &format!("the clock's pass over {matters} matters, s"),
        &format!("{pass:.2} (after {made} moves that had waited)"),
        Some(("≤ 1", pass <= 1.0)),
    );
    Ok(())
}

/// As the ticker of a server sees the city.
async fn as_ticker(server: &Server, city: i32) -> Result<Scope> {
    let pools = Pools::connect(&server.socket.app_url(), None).await?;
    let site = Arc::new(Site::new(
        pools,
        Clock::system(),
        Settings::default(),
        Filing::default(),
        app::FEATURES,
    ));
    let roots = ticker::tenants(&site)
        .await
        .map_err(|fault| fault.cause())?;
    let ground = roots.into_iter().find(|it| it.place.tenant.0 == city);
    Ok(Scope::of_ticker(site, ground.ok_or("no such city")?))
}
