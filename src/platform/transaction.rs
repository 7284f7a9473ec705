//! A transaction under a scope. It never outlives its closure, and a connection whose transaction
//! did not end by our own word is closed, not given back: whatever is cancelled in whatever moment,
//! the next user of the pool meets no open transaction and no foreign scope.

use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{Executor, PgConnection, Postgres};
use uuid::Uuid;

use super::daybook::{self, Line, Pending, Verb};
use super::ids::AccountId;
use super::scope::{Place, Scope};
use super::{Error, Result, db};

/// How long a whole transaction is tried again while the database is away.
const READ_PATIENCE: Duration = Duration::from_secs(2);
const WRITE_PATIENCE: Duration = Duration::from_secs(20);
/// Lines of the day book that wait at most, when a job makes thousands of records.
const LINES: usize = 1000;

/// What a transaction is for: where its connection comes from, and whether it may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reads, for a page.
    Page,
    /// Reads, for as long as it takes.
    Report,
    Write,
}

/// The only way to the database: SQL stands in `store.rs` and `figures.rs`, on `db.conn()`.
#[derive(Debug)]
pub struct ScopedTx {
    connection: PoolConnection<Postgres>,
    scope: Scope,
    lines: Pending,
    ended: bool,
}

/// A value whose day-book line is written. Only `ScopedTx::log` makes one.
#[derive(Debug)]
pub struct Logged<T>(T);

impl ScopedTx {
    /// For the next query. Counted for the log line of the request.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.scope.request().count_query();
        &mut self.connection
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub fn lo(&self) -> i64 {
        self.scope.lo()
    }

    pub fn hi(&self) -> i64 {
        self.scope.hi()
    }

    /// See `Scope::tenant_filter`.
    pub fn tenant_filter(&self) -> Option<i32> {
        self.scope.tenant_filter()
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.scope.now()
    }

    /// A line of the day book for one record. `at` is the record's committee.
    pub async fn note(&mut self, verb: Verb, id: Option<Uuid>, at: Place) -> Result<()> {
        self.note_line(Line::new(verb, id, at)).await
    }

    /// A line with a purpose or further facts (never a name, phone or text of a young person). The
    /// lines of a transaction are written together, before it commits.
    pub async fn note_line(&mut self, line: Line<'_>) -> Result<()> {
        let now = self.now();
        self.lines.add(line, now);
        if self.lines.len() < LINES {
            return Ok(());
        }
        self.write_lines().await
    }

    pub(super) async fn write_lines(&mut self) -> Result<()> {
        let lines = std::mem::take(&mut self.lines);
        daybook::write(self, lines).await
    }

    /// The last line of a writing transaction; with it the value may be committed.
    pub async fn log<T>(
        &mut self,
        verb: Verb,
        id: Option<Uuid>,
        at: Place,
        value: T,
    ) -> Result<Logged<T>> {
        self.note(verb, id, at).await?;
        Ok(Logged(value))
    }

    /// As `log`, with a purpose or further facts.
    pub async fn log_line<T>(&mut self, line: Line<'_>, value: T) -> Result<Logged<T>> {
        self.note_line(line).await?;
        Ok(Logged(value))
    }

    /// Nothing was written because it stands already (a repeated post): nothing to log.
    pub fn unchanged<T>(&self, value: T) -> Logged<T> {
        Logged(value)
    }

    /// Opens the keyed rows of another account for the rest of this transaction: an admin resets a
    /// password, or ends the sessions of who has left.
    pub async fn open_account(&mut self, account: AccountId) -> Result<()> {
        let message = format!("set local app.account = '{account}'");
        self.set(message).await
    }

    /// Opens the account that signs in with this phone number's hash (64 hexadecimal digits).
    pub async fn open_login(&mut self, phone_hash: &str) -> Result<()> {
        let digits = hex_only(phone_hash)?;
        self.set(format!("set local app.login = '{digits}'")).await
    }

    /// Opens the session, or the parked post, with this hash.
    pub async fn open_session(&mut self, token_hash: &str) -> Result<()> {
        let digits = hex_only(token_hash)?;
        self.set(format!("set local app.session = '{digits}'"))
            .await
    }

    /// Lets one matter be written down at a committee whose public page was filled in: nothing can be read
    /// (migration 20).
    pub async fn open_door(&mut self, at: Place) -> Result<()> {
        self.set(format!("set local app.door = '{}'", at.scope))
            .await
    }

    /// Opens what ended before that instant to deletion (sessions, parked posts): for the ticker.
    pub async fn open_swept(&mut self, before: DateTime<Utc>) -> Result<()> {
        let before = before.to_rfc3339();
        self.set(format!("set local app.swept_before = '{before}'"))
            .await
    }

    async fn set(&mut self, message: String) -> Result<()> {
        self.conn()
            .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(message)))
            .await?;
        Ok(())
    }

    async fn begin(scope: &Scope, purpose: Purpose) -> Result<Self> {
        let pools = &scope.site().pools;
        let pool = match purpose {
            Purpose::Page | Purpose::Write => &pools.pages,
            Purpose::Report => &pools.reports,
        };
        let connection = pool.acquire().await?;
        let mut db = Self {
            connection,
            scope: scope.clone(),
            lines: Pending::default(),
            ended: false,
        };
        let settings = settings(scope, purpose);
        if scope.site().pools.begin_apart {
            db.set("begin".into()).await?;
            db.set(settings).await?;
        } else {
            db.set(format!("begin; {settings}")).await?;
        }
        Ok(db)
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        self.connection.execute(how).await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for ScopedTx {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

/// Integers and a UUID formatted by us: SET takes no binds.
fn settings(scope: &Scope, purpose: Purpose) -> String {
    let mut message = format!(
        "set local app.lo = '{}'; set local app.hi = '{}'; set local app.tenant = '{}'; \
         set local app.account = '{}'",
        scope.lo(),
        scope.hi(),
        scope.tenant().0,
        scope.account(),
    );
    for (wanted, text) in [
        (
            purpose != Purpose::Write,
            "; set local transaction_read_only = on",
        ),
        (scope.is_planter(), "; set local app.planter = 'on'"),
    ] {
        if wanted {
            let _infallible = write!(message, "{text}");
        }
    }
    message
}

pub(super) fn hex_only(text: &str) -> Result<&str> {
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err(Error::bug("a hash is 64 hexadecimal digits"))
    }
}

pub(super) async fn look<T>(
    scope: &Scope,
    purpose: Purpose,
    f: impl AsyncFnOnce(&mut ScopedTx) -> Result<T> + Clone,
) -> Result<T> {
    let mut retry = Retry::new(READ_PATIENCE);
    loop {
        let attempt = match ScopedTx::begin(scope, purpose).await {
            Ok(mut db) => finish(f.clone()(&mut db).await, db).await,
            Err(fault) => Err(fault),
        };
        if let Some(outcome) = retry.again(attempt).await {
            return outcome;
        }
    }
}

pub(super) async fn work<T>(
    scope: &Scope,
    f: impl AsyncFnOnce(&mut ScopedTx) -> Result<Logged<T>> + Clone,
) -> Result<T> {
    let mut retry = Retry::new(WRITE_PATIENCE);
    loop {
        let attempt = match ScopedTx::begin(scope, Purpose::Write).await {
            Ok(mut db) => {
                let outcome = f.clone()(&mut db).await.map(|logged| logged.0);
                finish(outcome, db).await
            }
            Err(fault) => Err(fault),
        };
        if let Some(outcome) = retry.again(attempt).await {
            return outcome;
        }
    }
}

async fn finish<T>(outcome: Result<T>, mut db: ScopedTx) -> Result<T> {
    let outcome = match outcome {
        Ok(value) => db.write_lines().await.map(|()| value),
        fault => fault,
    };
    match outcome {
        Ok(value) => db.end("commit").await.map(|()| value),
        Err(fault) => {
            let _the_first_fault_counts = db.end("rollback").await;
            Err(fault)
        }
    }
}

/// Tries again while the fault is a passing one and patience lasts, with a growing, uneven pause.
struct Retry {
    until: Instant,
    pause: Duration,
}

impl Retry {
    fn new(patience: Duration) -> Self {
        Self {
            until: Instant::now() + patience,
            pause: Duration::from_millis(50),
        }
    }

    /// The outcome when it stands; None, after a pause, when another attempt is worth it.
    async fn again<T>(&mut self, outcome: Result<T>) -> Option<Result<T>> {
        let cause = match outcome {
            Err(Error::Bug(cause)) if passing(cause.as_ref()) => cause,
            other => return Some(other),
        };
        if Instant::now() + self.pause > self.until {
            tracing::error!(%cause, "the database stayed away");
            return Some(Err(Error::Busy));
        }
        tracing::warn!(%cause, "trying the transaction again");
        tokio::time::sleep(self.pause.mul_f64(0.5 + jitter())).await;
        self.pause = (self.pause * 2).min(Duration::from_secs(1));
        None
    }
}

fn passing(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    cause
        .downcast_ref::<sqlx::Error>()
        .is_some_and(db::is_passing)
}

/// A number in 0..1 from the system's randomness; good enough to spread retries.
fn jitter() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_waits_longer_for_a_connection_than_the_pool_does() {
        let full = || Err::<(), Error>(sqlx::Error::PoolTimedOut.into());
        let mut write = Retry::new(WRITE_PATIENCE);
        assert!(write.again(full()).await.is_none(), "another attempt");
        let mut spent = Retry::new(Duration::ZERO);
        let outcome = spent.again(full()).await;
        assert!(matches!(outcome, Some(Err(Error::Busy))), "{outcome:?}");
    }
}
