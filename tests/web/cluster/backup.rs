//! Backup and restore by the binary: what goes in comes out, policies, rights and all, and nothing
//! that is there is mixed or lost.

use std::path::Path;
use std::process::Output;

use sqlx::{Executor, Row};

use super::{connect, open, qingting, scratch};
use qingting::platform::embedded::{Embedded, Settings, start};

/// A table as ours are: policies forced upon the owner too.
const TABLE: &str = "
    create table kept (id int primary key, scope bigint not null, note text not null);
    alter table kept enable row level security;
    alter table kept force row level security;
    create policy seen on kept using
        (scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
    grant select on kept to qingting;
    insert into kept select n, n % 10, '走访 ' || n from generate_series(1, 5000) n;";

fn run(dir: &Path, arguments: &[&str]) -> Output {
    qingting(dir)
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// For the server's role: how many rows of three scopes, and a sum over all their columns.
async fn figures(cluster: &Embedded) -> (i64, String) {
    let mut app = connect(&cluster.app_url()).await;
    app.execute("set app.lo = '2'; set app.hi = '4'")
        .await
        .expect("a scope");
    let row = app
        .fetch_one(
            "select count(*), md5(string_agg(concat(id, scope, note), ',' order by id)) from kept",
        )
        .await
        .expect("figures");
    (row.get(0), row.get(1))
}

fn steady(dir: &Path) -> Embedded {
    start(&Settings {
        data_dir: dir.to_owned(),
        throwaway: false,
    })
    .unwrap_or_else(|fault| panic!("{fault}"))
}

#[tokio::test]
async fn a_backup_comes_back_whole() {
    let (here, there, files) = (scratch(), scratch(), scratch());
    let file = files.path().join("all.dump");
    let file = file.to_str().expect("a path");
    let made = run(here.path(), &["migrate"]);
    assert!(made.status.success(), "{}", said(&made));
    let source = steady(here.path());
    connect(&source.owner_url())
        .await
        .execute(TABLE)
        .await
        .expect("a filled table");
    let before = figures(&source).await;
    assert_eq!(before.0, 1500);

    // While the cluster runs: backup joins it, restore keeps away from it.
    let backup = run(here.path(), &["backup", file]);
    assert!(backup.status.success(), "{}", said(&backup));
    let again = run(here.path(), &["backup", file]);
    assert!(
        said(&again).contains("overwrites nothing"),
        "{}",
        said(&again)
    );
    let busy = run(here.path(), &["restore", file]);
    assert!(
        said(&busy).contains("Another Qingting is running"),
        "{}",
        said(&busy)
    );
    source.stop();

    let restored = run(there.path(), &["restore", file]);
    assert!(restored.status.success(), "{}", said(&restored));
    let target = steady(there.path());
    assert_eq!(figures(&target).await, before);
    let forced = connect(&target.owner_url())
        .await
        .fetch_one(
            "select relforcerowsecurity and relrowsecurity from pg_class where relname = 'kept'",
        )
        .await
        .expect("the table");
    assert!(forced.get::<bool, _>(0), "the wall came back too");
}

#[tokio::test]
async fn a_restore_mixes_nothing_and_loses_nothing() {
    let (dir, files) = (scratch(), scratch());
    let file = files.path().join("all.dump");
    let broken = files.path().join("broken.dump");
    let (file, broken) = (
        file.to_str().expect("a path"),
        broken.to_str().expect("a path"),
    );
    let cluster = open(dir.path());
    connect(&cluster.owner_url())
        .await
        .execute(TABLE)
        .await
        .expect("a filled table");
    let before = figures(&cluster).await;
    let backup = run(dir.path(), &["backup", file]);
    assert!(backup.status.success(), "{}", said(&backup));
    connect(&cluster.owner_url())
        .await
        .execute("delete from kept where scope = 3; create table later (id int)")
        .await
        .expect("changes after the backup");
    let after = figures(&cluster).await;
    cluster.stop();

    let refused = run(dir.path(), &["restore", file]);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("--replace"), "{}", said(&refused));

    // A file that breaks off in the middle of the rows.
    let bytes = std::fs::read(file).expect("the backup");
    std::fs::write(broken, &bytes[..bytes.len() - bytes.len() / 8]).expect("half a backup");
    let failed = run(dir.path(), &["restore", "--replace", broken]);
    assert!(!failed.status.success(), "{}", said(&failed));
    assert!(
        said(&failed).contains("pg_restore failed"),
        "{}",
        said(&failed)
    );
    let cluster = open(dir.path());
    assert_eq!(
        figures(&cluster).await,
        after,
        "what was there is untouched"
    );
    cluster.stop();

    let replaced = run(dir.path(), &["restore", "--replace", file]);
    assert!(replaced.status.success(), "{}", said(&replaced));
    let cluster = open(dir.path());
    assert_eq!(figures(&cluster).await, before);
    let left = connect(&cluster.owner_url())
        .await
        .fetch_one("select count(*) from pg_class where relname = 'later'")
        .await
        .expect("a count");
    assert_eq!(
        left.get::<i64, _>(0),
        0,
        "nothing of the replaced database is left"
    );
}
