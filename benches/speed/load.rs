//! Sixteen visitors who ask for one page as fast as it comes.

use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::client::Client;
use crate::cpu::Used;
use crate::pages::{Cast, Page, Seat};
use crate::server::Server;
use crate::{CLIENTS, Result};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub requests: usize,
    pub seconds: f64,
    pub used: Used,
    /// CPU seconds of whoever asked, where that is known.
    pub asker: f64,
    /// Milliseconds of each request, sorted.
    pub times: Vec<f64>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        count(self.requests) / self.seconds
    }

    /// Milliseconds of CPU a request.
    pub fn each(&self, seconds: f64) -> f64 {
        seconds * 1000.0 / count(self.requests).max(1.0)
    }

    pub fn percentile(&self, percent: usize) -> f64 {
        let last = self.times.len().saturating_sub(1);
        self.times.get(last * percent / 100).copied().unwrap_or(0.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn count(n: usize) -> f64 {
    n as f64
}

/// Signs everybody in, warms up, then measures.
pub async fn run(server: &Server, cast: &Cast, page: Page, time: Duration) -> Result<Outcome> {
    let mut clients = Vec::new();
    for index in 0..CLIENTS {
        let seat = cast.seat(page, index);
        clients.push((Client::signed_in(server, &seat.phone).await?, seat));
    }
    let warm = together(clients, page, Duration::from_secs(1)).await?;
    let clients = warm
        .into_iter()
        .map(|(client, seat, _)| (client, seat))
        .collect();
    let (before, begun) = (server.used()?, Instant::now());
    let done = together(clients, page, time).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let used = server.used()?.since(before);
    let mut times: Vec<f64> = done.into_iter().flat_map(|(_, _, times)| times).collect();
    times.sort_unstable_by(f64::total_cmp);
    Ok(Outcome {
        requests: times.len(),
        seconds,
        used,
        asker: 0.0,
        times,
    })
}

type Done = (Client, Seat, Vec<f64>);

async fn together(clients: Vec<(Client, Seat)>, page: Page, time: Duration) -> Result<Vec<Done>> {
    let local = LocalSet::new();
    let until = Instant::now() + time;
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|(client, seat)| local.spawn_local(ask(client, seat, page, until)))
        .collect();
    local
        .run_until(async {
            let mut done = Vec::new();
            for task in tasks {
                done.push(task.await??);
            }
            Ok(done)
        })
        .await
}

async fn ask(mut client: Client, seat: Seat, page: Page, until: Instant) -> Result<Done> {
    let mut times = Vec::new();
    loop {
        let begun = Instant::now();
        if begun >= until {
            return Ok((client, seat, times));
        }
        page.ask(&mut client, &seat).await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
}
