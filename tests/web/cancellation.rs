//! Reads and writes cut short at random moments, by several at once, on a pool that is too small for
//! them: no connection comes back inside a transaction or with anything of who had it before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use qingting::feedback::{self, FeedbackId, NewFeedback};
use qingting::platform::Result;
use qingting::platform::scope::Scope;
use sqlx::{Connection, PgConnection, Row};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::harness::{Town, evening};

const TASKS: u32 = 16;
const ROUNDS: u32 = 40;
/// Connections for pages (`Pools::connect`).
const POOL: usize = 8;

/// What a transaction is told when it begins, and what else may be opened in it.
#[derive(Debug, PartialEq, Eq)]
struct Settings {
    lo: String,
    hi: String,
    tenant: String,
    account: String,
    /// Login, session, planter, swept: nobody has opened anything.
    others: String,
    is_read_only: String,
}

async fn settings(scope: &Scope) -> Result<Settings> {
    scope
        .look(async |db| {
            let row = sqlx::query(
                "select current_setting('app.lo'), current_setting('app.hi'),
                     current_setting('app.tenant'), current_setting('app.account'),
                     concat_ws('|', current_setting('app.login'), current_setting('app.session'),
                         current_setting('app.planter'), current_setting('app.swept_before')),
                     current_setting('transaction_read_only')",
            )
            .fetch_one(db.conn())
            .await?;
            Ok(Settings {
                lo: row.get(0),
                hi: row.get(1),
                tenant: row.get(2),
                account: row.get(3),
                others: row.get(4),
                is_read_only: row.get(5),
            })
        })
        .await
}

fn of(scope: &Scope) -> Settings {
    Settings {
        lo: scope.lo().to_string(),
        hi: scope.hi().to_string(),
        tenant: scope.tenant().0.to_string(),
        account: scope.account().to_string(),
        others: "||off|-infinity".into(),
        is_read_only: "on".into(),
    }
}

/// How many 投诉建议 one sees: each scope of this test only its own.
async fn seen(scope: &Scope) -> Result<i64> {
    let page = scope.look(async |db| feedback::store::list(db, None, None).await);
    Ok(page.await?.total)
}

/// Writes a record with everything opened that can be, and its line.
async fn say(scope: &Scope, text: &str) -> Result<()> {
    let (new, account) = (
        NewFeedback {
            id: FeedbackId::new_v7(evening()),
            text: text.into(),
            page: None,
        },
        scope.account(),
    );
    let new = &new;
    scope
        .work(async |db| {
            db.open_account(account).await?;
            db.open_login(&"a".repeat(64)).await?;
            db.open_session(&"b".repeat(64)).await?;
            feedback::store::add(db, new).await?;
            let at = db.scope().place();
            db.log(feedback::ADDED, Some(new.id.0), at, ()).await
        })
        .await
}

#[derive(Default)]
struct Tally {
    cut: AtomicU32,
    whole: AtomicU32,
    said: AtomicU32,
}

impl Tally {
    /// Lets it run so long; counts.
    async fn cut_after<T>(
        &self,
        patience: Duration,
        what: impl Future<Output = Result<T>>,
    ) -> bool {
        let outcome = timeout(patience, what).await;
        let count = if outcome.is_ok() {
            &self.whole
        } else {
            &self.cut
        };
        count.fetch_add(1, Ordering::Relaxed);
        outcome.is_ok_and(|it| {
            it.map(|_| ())
                .inspect_err(|fault| panic!("{fault:?}"))
                .is_ok()
        })
    }
}

/// A moment within twice the usual time, drawn anew each time.
fn moment(usual: Duration) -> Duration {
    let draw = getrandom::u32().expect("random bytes");
    usual.mul_f64(2.0 * f64::from(draw) / f64::from(u32::MAX))
}

/// How long a write and a read take while all the others do the same.
async fn usual(town: &Town) -> (Duration, Duration) {
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let scope = town.scope("county_cadre");
        tasks.spawn(async move {
            let begun = Instant::now();
            say(&scope, "量一量要多久").await.expect("said");
            let write = begun.elapsed();
            let begun = Instant::now();
            seen(&scope).await.expect("a look");
            (write, begun.elapsed())
        });
    }
    let times = tasks.join_all().await;
    let middle = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    (
        middle(times.iter().map(|it| it.0).collect()),
        middle(times.iter().map(|it| it.1).collect()),
    )
}

/// Cuts reads and writes of its own, and looks each time whether a neighbour left anything.
async fn cutting(scope: Scope, tally: Arc<Tally>, usual: (Duration, Duration)) {
    for round in 0..ROUNDS {
        if round % 3 == 0 {
            tally.cut_after(moment(usual.1), seen(&scope)).await;
        } else if tally
            .cut_after(moment(usual.0), say(&scope, "打断的话"))
            .await
        {
            tally.said.fetch_add(1, Ordering::Relaxed);
        }
        if round % 4 == 0 {
            assert_eq!(settings(&scope).await.expect("a look"), of(&scope));
        }
    }
}

/// Holds every connection of the pool at once, each in another transaction, and asks each who it serves.
async fn every_connection_is_clean(scope: &Scope) {
    let all = Arc::new(Barrier::new(POOL));
    let mut holding = JoinSet::new();
    for _ in 0..POOL {
        let (scope, all) = (scope.clone(), all.clone());
        holding.spawn(async move {
            let inner = &scope;
            let pid = scope
                .look(async |db| {
                    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()")
                        .fetch_one(db.conn())
                        .await?;
                    all.wait().await;
                    Ok(pid)
                })
                .await
                .expect("a look");
            assert_eq!(settings(inner).await.expect("a look"), of(inner));
            pid
        });
    }
    let pids = timeout(Duration::from_secs(10), holding.join_all());
    let mut pids = pids.await.expect("no connection is lost to the pool");
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), POOL, "each another connection");
}

/// Connections of the application to this database that sit in a transaction, once those that were
/// closed have gone.
async fn idle_in_transaction(town: &Town) -> Vec<String> {
    let superuser = PgConnection::connect(&town.database.superuser).await;
    let mut superuser = superuser.expect("a connection");
    let mut left = Vec::new();
    for _ in 0..50 {
        left = sqlx::query_scalar::<_, String>(
            "select state || ': ' || query
             from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()
                 and backend_type = 'client backend' and state <> 'idle'",
        )
        .fetch_all(&mut superuser)
        .await
        .expect("the activity");
        if left.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    superuser.close().await.expect("a clean end");
    left
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_by_many_at_once_nothing_of_one_meets_another() {
    let town = Town::new().await;
    let keys = ["town_cadre", "town2_cadre", "sibling_cadre", "other_cadre"];
    let usual = usual(&town).await;
    let tally = Arc::new(Tally::default());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let key = keys[task as usize % keys.len()];
        tasks.spawn(cutting(town.scope(key), tally.clone(), usual));
    }
    tasks.join_all().await;
    let (cut, whole) = (
        tally.cut.load(Ordering::Relaxed),
        tally.whole.load(Ordering::Relaxed),
    );
    assert_eq!(cut + whole, TASKS * ROUNDS);
    assert!(
        cut >= 100 && whole >= 50,
        "{cut} cut, {whole} whole: not within"
    );
    assert_eq!(idle_in_transaction(&town).await, Vec::<String>::new());
    every_connection_is_clean(&town.scope("town_secretary")).await;
    let mut kept = 0;
    for key in keys {
        kept += seen(&town.scope(key)).await.expect("a look");
    }
    // A commit that was cut may still have been done; one that was acknowledged always was.
    let said = i64::from(tally.said.load(Ordering::Relaxed));
    assert!(kept >= said, "{kept} kept of {said} acknowledged");
    println!(
        "cancellation: {cut} of {} cut short by {TASKS} tasks on {POOL} connections, {whole} whole, \
         {said} acknowledged, {kept} kept; nothing leaked",
        cut + whole
    );
}
