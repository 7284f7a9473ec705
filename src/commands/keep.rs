//! The embedded PostgreSQL alone, for tests and for looking into the data with psql.

use tokio::runtime::Runtime;

use super::serve::Stop;
use super::{Failure, database, say};
use crate::config::Config;

/// Prints the owner's and the server's address, one a line, and keeps PostgreSQL until told to stop.
pub(super) fn keep(config: &Config) -> Result<(), Failure> {
    let open = database::start(config)?;
    say(format_args!("{}\n{}", open.owner()?, open.urls.app));
    Runtime::new()?.block_on(async {
        Stop::new()?.wanted().await;
        Ok(())
    })
}
