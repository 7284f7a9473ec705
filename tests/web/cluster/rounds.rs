//! Kill -9 in rounds: the program, its postmaster, and both, while a writer commits. What was
//! acknowledged must be there afterwards, every time.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection, Row};

use super::{connect, connect_soon, kill_9, postmaster, qingting, scratch};

const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_mins(1);

/// The program that keeps PostgreSQL, as a process that can be killed.
struct Keeper {
    child: Child,
    owner_url: String,
}

impl Keeper {
    fn start(dir: &Path) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(dir.join("keeper.log"));
        let mut child = qingting(dir)
            .arg("keep")
            .stdout(Stdio::piped())
            .stderr(log.expect("a log"))
            .spawn()
            .expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("its output"));
        let owner_url = stdout
            .lines()
            .next()
            .transpose()
            .expect("an address")
            .unwrap_or_default();
        let log = std::fs::read_to_string(dir.join("keeper.log")).expect("a log");
        assert!(owner_url.starts_with("postgres://"), "no start:\n{log}");
        Self { child, owner_url }
    }

    fn pid(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        kill_9(&[self.pid()]);
        self.child.wait().expect("it ended");
    }
}

/// Commits one row after another, for ever, and remembers which were acknowledged.
async fn write(url: String, acknowledged: Arc<Mutex<Vec<i64>>>) {
    let mut id = 0;
    loop {
        let Ok(mut connection) = PgConnection::connect(&url).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        loop {
            id += 1;
            let row = sqlx::query("insert into kept (id) values ($1)").bind(id);
            if row.execute(&mut connection).await.is_err() {
                break; // whether it was written nobody knows: it is not counted
            }
            acknowledged.lock().expect("no panic").push(id);
        }
    }
}

async fn wait_for_more(acknowledged: &Mutex<Vec<i64>>, more: usize) {
    let until = Instant::now() + PATIENCE;
    let enough = acknowledged.lock().expect("no panic").len() + more;
    while acknowledged.lock().expect("no panic").len() < enough {
        assert!(Instant::now() < until, "the writer is stuck");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Until then the writer may still be served by an orphan of the old one.
async fn another_postmaster(dir: &Path, old: &str) {
    let until = Instant::now() + PATIENCE;
    loop {
        let file = std::fs::read_to_string(dir.join("cluster/postmaster.pid")).unwrap_or_default();
        if file.contains("ready") && file.lines().next() != Some(old) {
            return;
        }
        let log = std::fs::read_to_string(dir.join("keeper.log")).unwrap_or_default();
        assert!(Instant::now() < until, "no new server:\n{log}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn lost(url: &str, acknowledged: &Mutex<Vec<i64>>) -> i64 {
    let ids = acknowledged.lock().expect("no panic").clone();
    let found = sqlx::query(
        "select count(*) from unnest($1::bigint[]) as said(id)
         where not exists (select from kept where kept.id = said.id)",
    );
    let mut connection = connect_soon(url).await;
    found
        .bind(ids)
        .fetch_one(&mut connection)
        .await
        .expect("a count")
        .get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_row_is_lost() {
    let dir = scratch();
    let mut keeper = Keeper::start(dir.path());
    let url = keeper.owner_url.clone();
    connect(&url)
        .await
        .execute("create table kept (id bigint primary key)")
        .await
        .expect("a table");
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let writer = tokio::spawn(write(url.clone(), acknowledged.clone()));
    for round in 0..ROUNDS {
        for victims in ["program", "postmaster", "both"] {
            wait_for_more(&acknowledged, 30).await;
            let pid = postmaster(dir.path());
            let mut pids = Vec::new();
            if victims != "program" {
                pids.push(pid.clone());
            }
            if victims != "postmaster" {
                pids.push(keeper.pid());
            }
            let killed = Instant::now();
            kill_9(&pids);
            if victims != "postmaster" {
                keeper.child.wait().expect("it ended");
                keeper = restarted(keeper, dir.path());
            }
            another_postmaster(dir.path(), &pid).await;
            wait_for_more(&acknowledged, 1).await;
            let took = killed.elapsed().as_millis();
            println!("round {round}, {victims} killed: writing again after {took} ms");
            assert_eq!(
                lost(&url, &acknowledged).await,
                0,
                "round {round}, {victims}"
            );
        }
    }
    writer.abort();
    println!(
        "{} rows acknowledged, none lost",
        acknowledged.lock().expect("no panic").len()
    );
}

/// A new program on the same directory. The old one is collected already, so its number may be
/// anybody's and is not killed again.
fn restarted(old: Keeper, dir: &Path) -> Keeper {
    std::mem::forget(old);
    Keeper::start(dir)
}
