//! The application: the one list of features, the router around them, and serving it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;

use crate::platform::feature::Feature;
use crate::platform::routes::{Route, Routes};
use crate::platform::site::Site;
use crate::platform::{Result, http, ticker};
use crate::feedback;

/// Every slice of the product. A new record kind is one more line.
pub const FEATURES: &[Feature] = &[feedback::FEATURE];

/// All routes of all features.
pub fn routes() -> Routes {
    FEATURES
        .iter()
        .fold(Routes::new(), |all, feature| all.merge((feature.routes)()))
}

/// Every route with who may use it.
pub fn route_table() -> Vec<Route> {
    routes().table().to_vec()
}

pub fn application(site: &Arc<Site>) -> Result<Router> {
    let router = http::application(site, routes())?;
    // Set once a process; a second application of the same site would be the same one.
    let _already_set = site.again.set(router.clone());
    Ok(router)
}

/// Serves until `shutdown` comes, finishes the requests under way, and closes the pools.
pub async fn serve(
    site: Arc<Site>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = application(&site)?;
    let ticking = tokio::spawn(ticker::run(site.clone()));
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(shutdown)
    .await
    .map_err(crate::platform::Error::bug)?;
    ticking.abort();
    site.pools.close().await;
    Ok(())
}
