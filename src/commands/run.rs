//! Where the commands meet the application: one short function for each thing asked of it.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;

use super::{Failure, say};
use crate::accounts::hasher::Hasher;
use crate::accounts::operator::{self, Operator};
use crate::app;
use crate::config::{Address, Config, Urls};
use crate::demo::{self, Standing};
use crate::kit::clock::Clock;
use crate::platform::db::{self, Pools};
use crate::platform::files::Files;
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
    let router = app::application(&site).map_err(shown)?;
    tokio::spawn(ticker::run(site));
    Ok(router)
}

async fn site(config: &Config, urls: &Urls) -> Result<Arc<Site>, Failure> {
    let replica = urls.replica.as_ref().map(Address::as_str);
    let pools = Pools::connect(urls.app.as_str(), replica).await?;
    let directory = &config.files_dir;
    let files = Files::open(directory).map_err(|fault| {
        format!(
            "Attachments cannot lie in {}: {fault}. Choose another directory with QINGTING_FILES_DIR.",
            directory.display()
        )
    })?;
    let settings = Settings {
        files: Some(files),
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
    let site = demo_site(urls).await?;
    match demo::standing(&site).await.map_err(shown)? {
        Standing::Other => {
            return Err("This database holds another tenant; the demo stays out of it.".into());
        }
        Standing::Half => {
            return Err("An earlier planting of the demo was cut short. Remove the data directory and try again.".into());
        }
        Standing::Demo => {}
        Standing::Empty => plant(&site, urls).await?,
    }
    say(format_args!(
        "Demo accounts, all with the password {}:",
        demo::PASSWORD
    ));
    for account in demo::ACCOUNTS {
        say(format_args!(
            "  {}  {}，{}",
            account.phone, account.name, account.what
        ));
    }
    site.pools.close().await;
    Ok(())
}

async fn plant(site: &Arc<Site>, urls: &Urls) -> Result<(), Failure> {
    let begun = Instant::now();
    say(format_args!("Planting the demo tenant (some seconds) …"));
    let phc = phc().await?;
    let tell = move |step: String| {
        say(format_args!(
            "  {step} ({:.1} s)",
            begun.elapsed().as_secs_f64()
        ));
    };
    demo::plant(site, &phc, &tell).await.map_err(shown)?;
    if let Some(owner) = &urls.owner {
        db::analyse(owner.as_str()).await?;
    }
    demo::finish(site).await.map_err(shown)?;
    say(format_args!(
        "The demo tenant stands ({:.1} s).",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// The printed password, hashed.
async fn phc() -> Result<String, Failure> {
    let phc = Hasher::start().hash(demo::PASSWORD).await;
    phc.map_err(|busy| format!("{busy:?}").into())
}

/// Loads visits by the million into an empty database, for measuring.
pub(super) async fn bulk(urls: &Urls, order: &[i64]) -> Result<(), Failure> {
    let begun = Instant::now();
    let (Some(owner), [division, visits]) = (&urls.owner, order) else {
        return Err("--bulk wants a division and a number of visits.".into());
    };
    let site = demo_site(urls).await?;
    if demo::standing(&site).await.map_err(shown)? != Standing::Empty {
        return Err("This database is not empty: --bulk wants one for itself.".into());
    }
    let tell = move |step: String| {
        say(format_args!(
            "  {step} ({:.1} s)",
            begun.elapsed().as_secs_f64()
        ));
    };
    let order = demo::bulk::Order {
        division: twelve_digits(*division),
        visits: usize::try_from(*visits)?,
        phc: phc().await?,
    };
    let loaded = demo::bulk::load(&site, owner.as_str(), order, Arc::new(tell)).await;
    site.pools.close().await;
    loaded.map_err(shown)
}

/// 330000 is 330000000000.
fn twelve_digits(code: i64) -> i64 {
    const LEAST: i64 = 100_000_000_000;
    (0..12).fold(code, |code, _| {
        if (1..LEAST).contains(&code) {
            code * 10
        } else {
            code
        }
    })
}

/// Planting need not be durable step by step: it is redone if it is cut short.
async fn demo_site(urls: &Urls) -> Result<Arc<Site>, Failure> {
    let url = urls.app.as_str();
    let mark = if url.contains('?') { '&' } else { '?' };
    let hasty = format!("{url}{mark}options=-c%20synchronous_commit%3Doff");
    let pools = Pools::connect(&hasty, None).await?;
    let (settings, filing) = (Settings::default(), Filing::default());
    let site = Site::new(pools, Clock::system(), settings, filing, app::FEATURES);
    Ok(Arc::new(site))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn shown(fault: crate::platform::Error) -> Failure {
    fault.cause().into()
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
    let pools = Pools::connect(urls.app.as_str(), None).await?;
    let (settings, filing) = (Settings::default(), Filing::default());
    let site = Site::new(pools, Clock::system(), settings, filing, app::FEATURES);
    let site = Arc::new(site);
    let made = operator::create(&site, phone, name).await.map_err(shown)?;
    site.pools.close().await;
    match made {
        Operator::Code(code) => Ok(code),
        Operator::IsCadre => Err(format!(
            "{phone} belongs to a cadre. A system administrator sees no record, so the two need different numbers."
        )
        .into()),
    }
}
