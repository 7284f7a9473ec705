//! One throw-away cluster a run, a template database with all migrations and the world of
//! `people.rs` in it, and a clone of it for each test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use qingting::platform::db;
use qingting::platform::embedded::{APP, Embedded, OWNER, Settings, start};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::{Mutex, OnceCell};

use super::people::{self, World};

const PREFIX: &str = "qingting-web-";
const TEMPLATE: &str = "qingting_template";

struct Shared {
    cluster: Embedded,
    /// `create database … template` wants nobody on the template: one clone at a time.
    cloning: Mutex<()>,
    world: OnceCell<World>,
}

static SHARED: OnceLock<Shared> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The addresses of one test's database.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
    pub app: String,
    pub owner: String,
    pub superuser: String,
}

/// A database of one's own: tree and people are there, no record yet.
pub async fn database() -> (Database, World) {
    let shared = SHARED.get_or_init(open);
    let world = shared.world.get_or_init(|| template(shared)).await;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    {
        let _one_at_a_time = shared.cloning.lock().await;
        let clone =
            format!("create database {name} owner {OWNER} template {TEMPLATE} strategy file_copy");
        superuser(shared, &clone).await;
    }
    (addresses(shared, &name), world.clone())
}

/// A database with nothing in it, not even tables.
pub async fn empty_database() -> Database {
    let shared = SHARED.get_or_init(open);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    superuser(shared, &format!("create database {name} owner {OWNER}")).await;
    addresses(shared, &name)
}

/// A copy of a test's database, to which nobody is connected.
pub async fn copy(of: &Database) -> Database {
    let shared = SHARED.get_or_init(open);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let of = &of.name;
    let clone = format!("create database {name} owner {OWNER} template {of} strategy file_copy");
    superuser(shared, &clone).await;
    addresses(shared, &name)
}

fn addresses(shared: &Shared, name: &str) -> Database {
    let url = |role| shared.cluster.url(role, name);
    Database {
        name: name.to_owned(),
        app: url(APP),
        owner: url(OWNER),
        superuser: url("postgres"),
    }
}

async fn template(shared: &Shared) -> World {
    superuser(shared, &format!("create database {TEMPLATE} owner {OWNER}")).await;
    let database = addresses(shared, TEMPLATE);
    db::migrate(&database.owner).await.expect("all migrations");
    people::plant(&database).await
}

async fn superuser(shared: &Shared, statement: &str) {
    let mut superuser = PgConnection::connect(&shared.cluster.superuser_url())
        .await
        .expect("a connection");
    let statement = AssertSqlSafe(statement.to_owned());
    superuser.execute(statement).await.expect("a database");
    superuser.close().await.expect("a clean end");
}

fn open() -> Shared {
    let shm = Path::new("/dev/shm");
    let base = if shm.is_dir() {
        shm.to_owned()
    } else {
        std::env::temp_dir()
    };
    sweep(&base);
    let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base);
    let settings = Settings {
        // Statics are not dropped: the next run sweeps the directory away.
        data_dir: dir.expect("a scratch directory").keep(),
        throwaway: true,
    };
    Shared {
        cluster: start(&settings).unwrap_or_else(|fault| panic!("{fault}")),
        cloning: Mutex::new(()),
        world: OnceCell::new(),
    }
}

/// Removes what earlier runs left: directories whose lock nobody holds.
fn sweep(base: &Path) {
    let left = |path: &PathBuf| {
        let ours = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        let free = || File::open(path.join(".supervisor.lock")).is_ok_and(|f| f.try_lock().is_ok());
        ours && free()
    };
    let entries = std::fs::read_dir(base).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(left) {
        // Another test run may be sweeping too.
        let _gone_already = std::fs::remove_dir_all(path);
    }
}
