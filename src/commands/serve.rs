//! Serving: database, tables, walls, socket, in this order; and all of it back at the end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::database::{self, Open};
use super::{Failure, run, say};
use crate::config::{Config, Database};
use crate::platform::embedded::Begin;

/// How long requests that are under way may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until Ctrl-C or SIGTERM. Until PostgreSQL runs these two end the process at once, and the
/// kernel shuts PostgreSQL down after it.
pub(super) fn serve(config: &Config, demo: bool, begun: Instant) -> Result<(), Failure> {
    let listener = bind(config.listen)?; // first, because it fails fast when we already run
    let open = database::start(config)?;
    let runtime = Runtime::new()?;
    let served = runtime.block_on(async {
        let mut stop = Stop::new()?;
        let listener = TcpListener::from_std(listener)?;
        let ready = tokio::select! {
            ready = prepare(config, &open, demo) => Some(ready?),
            () = stop.wanted() => None,
        };
        let Some(router) = ready else { return Ok(()) };
        announce(config, listener.local_addr()?, &open, begun);
        until_stopped(listener, router, &mut stop).await
    });
    runtime.shutdown_timeout(DRAIN);
    drop(open);
    say(format_args!("Stopped."));
    served
}

fn bind(address: SocketAddr) -> Result<std::net::TcpListener, Failure> {
    let listener = std::net::TcpListener::bind(address).map_err(|e| {
        format!("Could not listen on {address}: {e}. Choose another address with --listen.")
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn prepare(config: &Config, open: &Open, demo: bool) -> Result<Router, Failure> {
    if let Some(owner) = &open.urls.owner {
        run::migrate(owner).await?;
    }
    match (&config.database, demo) {
        (Database::Given(_), true) => {
            say(format_args!(
                "DATABASE_URL is set: no demo tenant is planted there."
            ));
        }
        (Database::Embedded { .. }, true) => run::demo_if_empty(&open.urls).await?,
        (_, false) => {}
    }
    run::router(config, &open.urls).await
}

fn announce(config: &Config, address: SocketAddr, open: &Open, begun: Instant) {
    let took = begun.elapsed().as_secs_f64();
    let kind = match open.begin() {
        Some(Begin::New) => "first start",
        Some(Begin::Clean) => "start after a clean stop",
        Some(Begin::Recovered) => "start after a crash",
        None => "start on a given database",
    };
    say(format_args!(
        "Qingting serves on http://{address}/ ({kind}: {took:.2} s). Ctrl-C stops it."
    ));
    match &config.public_url {
        Some(public) => say(format_args!("People use {public}/")),
        None if !address.ip().is_loopback() => say(format_args!(
            "Signing in needs https: set --public-url and put a TLS proxy in front (docs/operations.md)."
        )),
        None => {}
    }
}

/// Serves; when told to stop, takes no more requests and lets those under way end. A second signal
/// cuts them short.
async fn until_stopped(
    listener: TcpListener,
    router: Router,
    stop: &mut Stop,
) -> Result<(), Failure> {
    let (tell, told) = oneshot::channel::<()>();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async {
        let _either_way = told.await;
    });
    let serving = serving.into_future();
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        () = stop.wanted() => {}
    }
    say(format_args!("Stopping …"));
    drop(tell);
    tokio::select! {
        ended = timeout(DRAIN, serving) => if let Ok(ended) = ended {
            ended?;
        } else {
            tracing::warn!("some requests did not end within {} s", DRAIN.as_secs());
        },
        () = stop.wanted() => tracing::warn!("told twice to stop: requests are cut short"),
    }
    Ok(())
}

/// The two signals that ask for an orderly end.
pub(super) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// From now on the signals end nothing by themselves. Wants a tokio runtime.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Returns at the next of them.
    pub async fn wanted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
