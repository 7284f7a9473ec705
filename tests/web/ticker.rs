//! The ticker outlives what its jobs do, and its log says nothing of anybody.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qingting::platform::feature::Job;
use qingting::platform::ticker;

use crate::harness::Town;

static RUNS: AtomicU32 = AtomicU32::new(0);

/// Panics with somebody's words, as slicing a text in the middle of a character does.
const PANICS: Job = Job {
    name: "panics",
    every: Duration::ZERO,
    run: |scope| {
        Box::pin(async move {
            RUNS.fetch_add(1, Ordering::Relaxed);
            panic!("{} is not for the log of {}", "司马照临", scope.tenant());
        })
    },
};

/// Meets a row, which PostgreSQL quotes beside its fault.
const FAILS: Job = Job {
    name: "fails",
    every: Duration::ZERO,
    run: |scope| {
        Box::pin(async move {
            scope
                .work(async |db| {
                    let fault = "do $$ begin
                        raise exception 'in the way' using detail = 'Key (name)=(司马照临)';
                    end $$";
                    sqlx::raw_sql(fault).execute(db.conn()).await?;
                    Ok(db.unchanged(()))
                })
                .await
        })
    },
};

#[tokio::test]
async fn a_job_that_panics_or_fails_stops_nothing_and_tells_nothing() {
    let town = Town::new().await;
    let log = Log::default();
    let lines = log.clone();
    let listener = tracing_subscriber::fmt().with_writer(move || lines.clone());
    let _listening = tracing::subscriber::set_default(listener.with_ansi(false).finish());
    tracing::callsite::rebuild_interest_cache();
    ticker::pass(&town.site, &PANICS).await;
    let tenants = RUNS.load(Ordering::Relaxed);
    assert!(tenants > 1, "each tenant had its turn");
    ticker::pass(&town.site, &FAILS).await;
    let text = log.text();
    for (said, times) in [("a job panicked", tenants), ("in the way", tenants)] {
        assert_eq!(
            u32::try_from(text.lines().filter(|line| line.contains(said)).count()),
            Ok(times)
        );
    }
    assert!(!text.contains("司马"), "{text}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("the log").clone();
        String::from_utf8(bytes).expect("text")
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
