//! 走访: one submission at the door, and everything that follows from it.

mod bad;
mod change;
mod form;
mod met;
mod night;
mod reading;
mod twin;

use qingting::platform::ids::CadreId;
use qingting::youth::{self, NewYouth, YouthId};

use crate::harness::{Seen, Town, new_id};

/// The fields of a visit that is right: tonight at 19:40 in 下溪村, at home, one young person not registered.
#[derive(Clone)]
pub struct Sheet(Vec<(String, String)>);

impl Sheet {
    pub fn new(town: &Town) -> Self {
        let village = town.world.committee("village").place.committee.to_string();
        let pairs = [
            ("id", new_id().as_str()),
            ("day", "2026-11-24"),
            ("at", "19:40"),
            ("village", village.as_str()),
            ("kind", "home"),
            ("walkins", "1"),
            ("content", "聊了网店和鸡舍"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self(pairs.to_vec())
    }

    /// Sets a field, in place of what stood there.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(one, _)| one != name);
        self.and(name, value)
    }

    /// One more value of a field.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A copy with one value more.
    pub fn clone_with(&self, name: &str, value: &str) -> Self {
        self.clone().and(name, value)
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(one, _)| one != name);
        self
    }

    /// A block of 诉求, handled by whoever writes.
    pub fn problem(self, n: usize, text: &str, category: &str) -> Self {
        self.and(&format!("p{n}-text"), text)
            .and(&format!("p{n}-cat"), category)
            .and(&format!("p{n}-by"), "me")
            .and(&format!("p{n}-urgency"), "3")
    }

    pub fn id(&self) -> String {
        self.get("id")
    }

    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// As a form sends them.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(n, v)| (n.as_str(), v.as_str())).collect()
    }

    pub async fn post(&self, town: &Town, who: &str) -> Seen {
        self.post_to(town, who, "/visits").await
    }

    pub async fn post_to(&self, town: &Town, who: &str, path: &str) -> Seen {
        town.signed_in(who).post(path, &self.pairs()).await
    }

    /// Records it; gives its address.
    #[track_caller]
    pub fn saved(&self, seen: &Seen) -> String {
        let to = seen.goes_to("/visits/");
        assert_eq!(to, format!("/visits/{}/saved", self.id()));
        format!("/visits/{}", self.id())
    }
}

/// Registers somebody as this person, and so knows them.
pub async fn youth(town: &Town, who: &str, name: &str) -> YouthId {
    youth_with(town, who, name, |_| {}).await
}

pub async fn youth_with(town: &Town, who: &str, name: &str, more: fn(&mut NewYouth)) -> YouthId {
    let scope = town.scope(who);
    let id = YouthId::new_v7(scope.now());
    let mut new = NewYouth::named(id, name.to_owned(), youth::Source::Form);
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

pub fn cadre(town: &Town, key: &str) -> CadreId {
    town.world.person(key).cadre.expect("a cadre")
}

/// A number out of the database, by the owner's eyes.
pub async fn count(town: &Town, sql: &'static str) -> i64 {
    use sqlx::{Connection, PgConnection};
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    sqlx::query_scalar(sql)
        .fetch_one(&mut db)
        .await
        .expect("a number")
}
