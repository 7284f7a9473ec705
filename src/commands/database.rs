//! The database a command works on: the embedded one, started or already running, or the given one.

use tokio::runtime::Runtime;

use super::{Failure, run, say};
use crate::config::{Address, Config, Database, Urls};
use crate::platform::embedded::{self, Begin, Embedded, Settings, Socket};

/// Dropping it shuts down the embedded PostgreSQL that it started.
pub(super) struct Open {
    pub urls: Urls,
    embedded: Option<Embedded>,
}

/// For what needs the database for itself.
pub(super) fn start(config: &Config) -> Result<Open, Failure> {
    begin(config, false)
}

fn begin(config: &Config, throwaway: bool) -> Result<Open, Failure> {
    let data_dir = match &config.database {
        Database::Given(urls) => {
            return Ok(Open {
                urls: urls.clone(),
                embedded: None,
            });
        }
        Database::Embedded { data_dir } => data_dir.clone(),
    };
    let embedded = embedded::start(&Settings {
        data_dir,
        throwaway,
    })?;
    Ok(Open {
        urls: urls(embedded.socket())?,
        embedded: Some(embedded),
    })
}

/// For what may also be done while a server of ours is running.
pub(super) fn join(config: &Config) -> Result<Open, Failure> {
    if let Database::Embedded { data_dir } = &config.database
        && let Some(socket) = embedded::running(data_dir)
    {
        return Ok(Open {
            urls: urls(&socket)?,
            embedded: None,
        });
    }
    start(config)
}

fn urls(socket: &Socket) -> Result<Urls, Failure> {
    Ok(Urls {
        app: Address::parse(&socket.app_url())?,
        owner: Some(Address::parse(&socket.owner_url())?),
        replica: None,
    })
}

impl Open {
    /// The owner's address, without which this command can do nothing.
    pub fn owner(&self) -> Result<&Address, Failure> {
        let missing =
            "DATABASE_OWNER_URL is not set: this command needs the role that owns the tables.";
        self.urls.owner.as_ref().ok_or_else(|| missing.into())
    }

    /// What the start of the embedded PostgreSQL found; None for a given one.
    pub fn begin(&self) -> Option<Begin> {
        self.embedded.as_ref().map(Embedded::begin)
    }
}

pub(super) fn migrate(config: &Config) -> Result<(), Failure> {
    let open = join(config)?;
    Runtime::new()?.block_on(run::migrate(open.owner()?))?;
    say(format_args!("The tables are up to date."));
    Ok(())
}

/// `bulk`: a division and a number of visits, for measuring. While it is loaded a power cut may ruin the cluster.
pub(super) fn demo(config: &Config, bulk: Option<&[i64]>) -> Result<(), Failure> {
    if matches!(config.database, Database::Given(_)) {
        return Err(
            "The demo is for the embedded PostgreSQL only: its accounts have passwords that everybody \
             can read. Unset DATABASE_URL."
                .into(),
        );
    }
    let open = match bulk {
        Some(_) => begin(config, true)?,
        None => join(config)?,
    };
    Runtime::new()?.block_on(async {
        run::migrate(open.owner()?).await?;
        match bulk {
            Some(order) => run::bulk(&open.urls, order).await,
            None => run::demo(&open.urls).await,
        }
    })
}

pub(super) fn create_admin(config: &Config, phone: &str, name: &str) -> Result<(), Failure> {
    let open = join(config)?;
    let code = Runtime::new()?.block_on(async {
        if let Some(owner) = &open.urls.owner {
            run::migrate(owner).await?;
        }
        run::create_admin(&open.urls, phone, name).await
    })?;
    say(format_args!(
        "{name} signs in with {phone} and, the first time, with this code instead of a password: {code}"
    ));
    Ok(())
}
