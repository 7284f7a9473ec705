//! 青年: seen whole by who met them, masked by others, opened for a purpose, only counted where they
//! are guarded.

mod bad;
mod edit;
mod list;
mod pace;
mod paste;
mod register;
mod reveal;
mod sight;

use qingting::youth::{self, Care, NewYouth, Source, YouthId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::harness::Town;

/// Registers somebody as this person, and so knows them.
pub async fn registered(
    town: &Town,
    who: &str,
    name: &str,
    more: impl FnOnce(&mut NewYouth),
) -> YouthId {
    let scope = town.scope(who);
    let id = YouthId::new_v7(scope.now());
    let mut new = NewYouth::named(id, name.to_owned(), Source::Form);
    new.phone = Some("19900001234".into());
    more(&mut new);
    let new = &new;
    scope
        .work(async |db| {
            let at = db.scope().place();
            youth::store::add(db, at, new).await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("a young person");
    id
}

pub fn minor(new: &mut NewYouth) {
    new.birth_on = "2012-05-31".parse().ok();
}

pub fn difficult(new: &mut NewYouth) {
    new.care = Care::Difficult;
}

pub fn key(new: &mut NewYouth) {
    new.care = Care::Key;
}

/// A number out of the database, by the owner's eyes.
pub async fn count(town: &Town, sql: &str) -> i64 {
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_one(&mut db)
        .await
        .expect("a number")
}

/// How many lines of the day book say this of somebody.
pub async fn lines(town: &Town, verb: &str, id: YouthId) -> i64 {
    let sql = format!("select count(*) from day_book where verb = '{verb}' and object_id = '{id}'");
    count(town, &sql).await
}
