//! Where the commands meet the application: one short function for each thing asked of it.

use std::sync::Arc;

use axum::Router;

use super::Failure;
use crate::app;
use crate::config::{Address, Config, Urls};
use crate::kit::clock::Clock;
use crate::platform::db::{self, Pools};
use crate::platform::page::Filing;
use crate::platform::site::{Settings, Site};
use crate::platform::ticker;

/// Brings the tables up to date, as their owner.
pub(super) async fn migrate(owner: &Address) -> Result<(), Failure> {
    Ok(db::migrate(owner.as_str()).await?)
}

/// Connects, checks the walls, starts the ticker, and returns everything that is served. With a
/// fault in the walls nothing is served.
pub(super) async fn router(config: &Config, urls: &Urls) -> Result<Router, Failure> {
    let site = site(config, urls).await?;
    let faults = db::wall_faults(&site.pools).await?;
    if !faults.is_empty() {
        let list = faults.join("\n  ");
        return Err(format!("The walls between committees do not stand:\n  {list}").into());
    }
    let router = app::application(&site).map_err(|fault| format!("{fault:?}"))?;
    tokio::spawn(ticker::run(site));
    Ok(router)
}

async fn site(config: &Config, urls: &Urls) -> Result<Arc<Site>, Failure> {
    let replica = urls.replica.as_ref().map(Address::as_str);
    let pools = Pools::connect(urls.app.as_str(), replica).await?;
    let settings = Settings {
        night_start: u8::try_from(config.night_start)?,
        public_url: config.public_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        compression: true,
    };
    let text = |number: &Option<String>| number.clone().unwrap_or_default();
    let filing = Filing {
        operator: String::new(),
        app: text(&config.filing.app),
        icp: text(&config.filing.icp),
        police: text(&config.filing.police),
    };
    let site = Site::new(pools, Clock::system(), settings, filing, app::FEATURES);
    Ok(Arc::new(site))
}

/// Plants the demo tenant and prints its accounts. Refuses a database that holds another tenant.
pub(super) async fn demo(urls: &Urls) -> Result<(), Failure> {
    Err(format!("The demo tenant is not part of this build: {urls:?}").into())
}

/// For `serve --demo`: like `demo`, but leaves a database with tenants as it is. If what is there is
/// the demo tenant, prints its accounts again.
pub(super) async fn demo_if_empty(urls: &Urls) -> Result<(), Failure> {
    demo(urls).await
}

/// Makes a system administrator; returns the one-time code.
pub(super) async fn create_admin(urls: &Urls, phone: &str, name: &str) -> Result<String, Failure> {
    Err(format!("Accounts are not part of this build: {name}, {phone}, {urls:?}.").into())
}
