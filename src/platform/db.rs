//! The pools, and what a connection is told before anybody uses it.
//!
//! Each connection starts with the settings that row-level security reads, all saying "nothing":
//! a query outside a `ScopedTx` sees no row of anybody.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use tracing::log::LevelFilter;

/// What row-level security reads, before a scope is set: no interval, no tenant, no account.
const NOTHING: [(&str, &str); 9] = [
    ("app.lo", "0"),
    ("app.hi", "-1"),
    ("app.tenant", "-1"),
    ("app.account", "00000000-0000-0000-0000-000000000000"),
    ("app.login", ""),
    ("app.session", ""),
    ("app.planter", "off"),
    ("app.door", "-1"),
    ("app.swept_before", "-infinity"),
];

/// A directive of the log: PostgreSQL's notices (a table that is there already) tell an operator nothing.
pub const QUIET: &str = "sqlx::postgres::notice=warn";

/// Every migration, in the order in which they are applied. One static: each `migrate!` is a copy.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The connections of one process. Long reads (exports, 一览, what the ticker asks) use `reports`, so
/// that ten long exports cannot make a page wait. All else uses `pages`, also what the ticker writes: it
/// does one thing after another, so it holds one of them at most, and `reports` may be a replica.
#[derive(Clone, Debug)]
pub struct Pools {
    #[expect(clippy::disallowed_types, reason = "this is the room of the pools")]
    pub(super) pages: sqlx::PgPool,
    #[expect(clippy::disallowed_types, reason = "this is the room of the pools")]
    pub(super) reports: sqlx::PgPool,
    /// Citus sends the message of a `set local` on to its workers: `begin` must stand alone there.
    pub(super) begin_apart: bool,
}

impl Pools {
    /// Connects as the app role. `replica` may serve exports and dashboards; else the same server.
    pub async fn connect(url: &str, replica: Option<&str>) -> Result<Self, sqlx::Error> {
        let pages = pool(url, 8, "10s")?;
        let reports = pool(replica.unwrap_or(url), 3, "5min")?;
        let citus: bool =
            sqlx::query_scalar("select exists (select from pg_extension where extname = 'citus')")
                .fetch_one(&pages)
                .await?;
        Ok(Self {
            pages,
            reports,
            begin_apart: citus,
        })
    }

    /// Waits for the connections in use, then closes all.
    pub async fn close(&self) {
        tokio::join!(self.pages.close(), self.reports.close());
    }
}

#[expect(clippy::disallowed_types, reason = "this is the room of the pools")]
fn pool(url: &str, size: u32, statement_timeout: &str) -> Result<sqlx::PgPool, sqlx::Error> {
    // Range joins are estimated far too high, and compiling them takes longer than running them.
    let settings = [("statement_timeout", statement_timeout), ("jit", "off")];
    let options = options(url)?.options(settings);
    Ok(PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(5))
        .max_lifetime(Duration::from_mins(30))
        // No ping: a `ScopedTx` that did not end closes its connection, so none comes back dirty,
        // and a connection that has died is met by the retry of the whole transaction.
        .test_before_acquire(false)
        .connect_lazy_with(options))
}

/// Connection options with the settings of `NOTHING`.
pub fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("qingting")
        .options(NOTHING)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, Duration::from_secs(2)))
}

/// Brings the database to the newest schema, as its owner. Refuses a schema it does not know.
pub async fn migrate(owner_url: &str) -> Result<(), sqlx::Error> {
    let mut owner = PgConnection::connect_with(&options(owner_url)?).await?;
    MIGRATOR.run_direct(None, &mut owner, false).await?;
    owner.close().await
}

/// Lets the planner know what a large load has brought, as the owner of the tables.
pub async fn analyse(owner_url: &str) -> Result<(), sqlx::Error> {
    let mut owner = PgConnection::connect_with(&options(owner_url)?).await?;
    owner
        .execute("set client_min_messages = error; analyze")
        .await?;
    owner.close().await
}

/// What is wrong with the second wall, in words for the operator; nothing when it stands: the role
/// that serves owns no table and is bound by row-level security, which is forced on every table
/// that has a policy or a tenant; views run with the reader's rights.
pub async fn wall_faults(pools: &Pools) -> Result<Vec<String>, sqlx::Error> {
    let mut db = pools.pages.acquire().await?;
    let faults = db.fetch_all(include_str!("walls.sql")).await?;
    faults
        .iter()
        .map(|row| sqlx::Row::try_get::<String, _>(row, 0))
        .collect()
}

/// True when the whole transaction may be tried again: the connection broke, the server is going
/// away or coming up, or another transaction was in the way.
pub(super) fn is_passing(fault: &sqlx::Error) -> bool {
    match fault {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(fault) => {
            let code = fault.code().unwrap_or(Cow::Borrowed(""));
            code.starts_with("08")
                || matches!(
                    code.as_ref(),
                    "57P01" | "57P02" | "57P03" | "25006" | "40001" | "40P01"
                )
        }
        _ => false,
    }
}
