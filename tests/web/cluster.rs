//! The embedded PostgreSQL: starts, stops, keeps its data, refuses a second keeper, and comes back
//! after its server was killed.

mod backup;
mod rounds;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use qingting::platform::embedded::{APP, Embedded, Fault, OWNER, Settings, start};
use sqlx::{Connection, Executor, PgConnection, Row};

fn scratch() -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    let base = if shm.is_dir() {
        shm.to_owned()
    } else {
        std::env::temp_dir()
    };
    tempfile::Builder::new()
        .prefix("qingting-cluster-")
        .tempdir_in(base)
        .expect("a scratch directory")
}

fn open(dir: &Path) -> Embedded {
    start(&Settings {
        data_dir: dir.to_owned(),
        throwaway: true,
    })
    .unwrap_or_else(|fault| panic!("{fault}"))
}

/// The built binary on a data directory of its own, undisturbed by the caller's environment.
fn qingting(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("DATABASE_")
            || (name.starts_with("QINGTING_") && name != "QINGTING_PG_BIN")
        {
            command.env_remove(name.as_ref());
        }
    }
    command.env("QINGTING_DATA_DIR", dir);
    command
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a connection")
}

/// Waits out the moment in which the server is being started again.
async fn connect_soon(url: &str) -> PgConnection {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match PgConnection::connect(url).await {
            Ok(connection) => return connection,
            Err(fault) if Instant::now() > until => panic!("{fault}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn count(connection: &mut PgConnection) -> i64 {
    let row = connection
        .fetch_one("select count(*) from kept")
        .await
        .expect("a count");
    row.get(0)
}

fn postmaster(dir: &Path) -> String {
    let file = std::fs::read_to_string(dir.join("cluster/postmaster.pid")).expect("a pid file");
    file.lines().next().expect("a pid").to_owned()
}

fn kill_9(pids: &[String]) {
    assert!(
        Command::new("kill")
            .arg("-9")
            .args(pids)
            .status()
            .expect("kill runs")
            .success()
    );
}

#[tokio::test]
async fn starts_stops_and_keeps_its_data() {
    let dir = scratch();
    let first = open(dir.path());
    assert!(first.is_new());
    let mut owner = connect(&first.owner_url()).await;
    owner
        .execute("create table kept (id int primary key)")
        .await
        .expect("the owner makes tables");
    owner
        .execute("insert into kept select generate_series(1, 7)")
        .await
        .expect("and fills them");
    owner.close().await.expect("a clean end");
    first.stop();
    assert!(
        !dir.path().join("cluster/postmaster.pid").exists(),
        "the server has ended"
    );

    let second = open(dir.path());
    assert!(!second.is_new());
    assert_eq!(count(&mut connect(&second.owner_url()).await).await, 7);
    println!("start after a clean stop: {} ms", second.took().as_millis());
}

#[tokio::test]
async fn the_app_role_is_bound() {
    let dir = scratch();
    let cluster = open(dir.path());
    let mut app = connect(&cluster.app_url()).await;
    let role = app
        .fetch_one(
            "select current_user::text, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole,
                    current_setting('plan_cache_mode'),
                    (select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()),
                    pg_encoding_to_char(encoding)::text
             from pg_roles, pg_database where rolname = current_user and datname = current_database()",
        )
        .await
        .expect("the role");
    assert_eq!(role.get::<String, _>(0), APP);
    assert!(!role.get::<bool, _>(1));
    assert_eq!(role.get::<String, _>(2), "force_custom_plan");
    assert_eq!(role.get::<String, _>(3), OWNER);
    assert_eq!(role.get::<String, _>(4), "UTF8");
    let refused = app
        .execute("create table mine (id int)")
        .await
        .expect_err("the app role makes no tables");
    assert!(
        refused.to_string().contains("permission denied"),
        "{refused}"
    );
    let refused = app
        .execute("create temporary table mine (id int)")
        .await
        .expect_err("not even temporary ones");
    assert!(
        refused.to_string().contains("permission denied"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_second_keeper_is_refused() {
    let dir = scratch();
    let _first = open(dir.path());
    let again = start(&Settings {
        data_dir: dir.path().to_owned(),
        throwaway: true,
    });
    match again {
        Err(fault @ Fault::Held(_)) => {
            assert!(fault.to_string().contains("Another Qingting is running"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_killed_server_is_started_again() {
    let dir = scratch();
    // Not a throwaway one: that may forget what it acknowledged.
    let settings = Settings {
        data_dir: dir.path().to_owned(),
        throwaway: false,
    };
    let cluster = start(&settings).expect("a start");
    let mut owner = connect(&cluster.owner_url()).await;
    owner
        .execute("create table kept (id int primary key)")
        .await
        .expect("a table");
    owner
        .execute("insert into kept select generate_series(1, 7)")
        .await
        .expect("rows");
    kill_9(&[postmaster(dir.path())]);
    drop(owner);
    assert_eq!(
        count(&mut connect_soon(&cluster.owner_url()).await).await,
        7
    );
}

#[tokio::test]
async fn a_pid_file_naming_a_stranger_does_not_stop_the_start() {
    let dir = scratch();
    open(dir.path()).stop();
    let pid_file = dir.path().join("cluster/postmaster.pid");
    for stranger in [1, std::process::id()] {
        let text = format!(
            "{stranger}\n{}\n1\n5432\n\n\n  1 1\nready   \n",
            dir.path().join("cluster").display()
        );
        std::fs::write(&pid_file, text).expect("a pid file");
        let cluster = open(dir.path());
        assert_ne!(postmaster(dir.path()), stranger.to_string());
        cluster.stop();
    }
}

#[tokio::test]
async fn a_deep_directory_works_too() {
    let dir = scratch();
    let deep = dir.path().join("d".repeat(60)).join("e".repeat(60));
    let cluster = open(&deep);
    connect(&cluster.app_url())
        .await
        .ping()
        .await
        .expect("an answer");
}
