//! Sweeps: every table of the catalogue and every route of the application, found by themselves, so
//! that what is added tomorrow is covered or fails here by name. Each prints how much it covered.

mod addresses;
mod cancel;
mod catalogue;
mod crawl;
mod daybook;
pub mod filler;
mod fuzz;
mod html;
pub mod kinds;
mod leave;
pub mod pages;
mod routes;
pub mod rows;
mod samples;
mod visitors;

use qingting::platform::db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::harness::cluster::Database;

/// As the serving role, before any scope is set: what the pool gives out.
pub async fn as_app(database: &Database) -> PgConnection {
    let options = db::options(&database.app).expect("an address");
    PgConnection::connect_with(&options)
        .await
        .expect("the app role connects")
}

/// As the owner of the tables, whom no policy binds.
pub async fn as_owner(database: &Database) -> PgConnection {
    PgConnection::connect(&database.owner)
        .await
        .expect("the owner connects")
}

/// The first column of each row, as text.
pub async fn texts(db: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = db.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    let rows = rows.await.unwrap_or_else(|fault| panic!("{fault}: {sql}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// The SQLSTATE that a statement fails with; None when it passes.
pub async fn refusal(db: &mut PgConnection, sql: &str) -> Option<String> {
    let outcome = db.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    match outcome.await {
        Ok(_) => None,
        Err(sqlx::Error::Database(fault)) => Some(fault.code().unwrap_or_default().into_owned()),
        Err(other) => panic!("{other}: {sql}"),
    }
}
