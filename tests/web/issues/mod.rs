//! 诉求: heard by a cadre, seen along the tree, its text only by whom it concerns.

mod alike;
mod changes;
mod clock;
mod deputies;
mod figures;
pub mod files;
mod follow;
mod hand;
mod handoffs;
mod instructions;
mod life;
mod listing;
mod moves;
mod notices;
mod parts;
mod reading;
mod rules;
mod time;
mod twice;
mod verdict;
mod ways;
mod year;

pub use parts::{Shared, share_one};

use chrono::NaiveDate;
use qingting::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use qingting::platform::Result;
use qingting::platform::scope::Scope;
use qingting::platform::session::COOKIE_NAME;
use qingting::youth::{self, Care, NewYouth, Source, YouthId};

use crate::harness::people::sign_in;
use crate::harness::{Browser, Seen, Town, evening};

/// One that `key` hears at his own committee, for the handler of that key (a cadre by name, or the
/// committee of a place).
pub async fn heard(town: &Town, key: &str, new: NewIssue) -> IssueId {
    let added = add(&town.scope(key), &new).await;
    assert!(added.expect("an issue"));
    new.id
}

pub async fn add(scope: &Scope, new: &NewIssue) -> Result<bool> {
    scope
        .work(async |db| {
            let at = db.scope().place();
            let added = issues::store::add(db, at, new).await?;
            Ok(db.unchanged(added))
        })
        .await
}

pub fn new(town: &Town, detail: &str, committee: &str) -> NewIssue {
    NewIssue {
        id: IssueId::new_v7(evening()),
        detail: detail.into(),
        category: Category::Work,
        urgency: Urgency::Usual,
        youth: None,
        village: None,
        handler: Handler {
            committee: town.world.committee(committee).place,
            cadre: None,
        },
        raised_on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date"),
        is_sensitive: false,
    }
}

pub fn given_to(town: &Town, detail: &str, committee: &str, cadre: &str) -> NewIssue {
    let mut issue = new(town, detail, committee);
    issue.handler.cadre = town.world.person(cadre).cadre;
    issue
}

pub const EDIT: [(&str, &str); 4] = [
    ("detail", "想找离家近的会计岗位"),
    ("category", "03"),
    ("urgency", "2"),
    ("version", "1"),
];

/// Somebody whom the cadre of that key has registered, so knows.
pub async fn known(town: &Town, key: &str, name: &str, care: Care) -> YouthId {
    let scope = town.scope(key);
    let id = YouthId::new_v7(evening());
    let new = NewYouth {
        care,
        ..NewYouth::named(id, name.into(), Source::Form)
    };
    scope
        .work(async |db| {
            let at = db.scope().place();
            assert!(youth::store::add(db, at, &new).await?);
            Ok(db.unchanged(()))
        })
        .await
        .expect("a young person");
    id
}

/// Opens the form of a move and sends it with these fields, as a browser would.
pub async fn act(town: &Town, key: &str, at: &str, act: &str, fields: &[(&str, &str)]) -> Seen {
    let (path, who) = (format!("{at}/moves/{act}"), today(town, key).await);
    let form = who.get(&path).await;
    form.is(200);
    let hidden = |name: &str| {
        let start = format!(r#"name="{name}" value=""#);
        let rest = form.text.split(&start).nth(1).expect("a hidden field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let (id, version) = (hidden("id"), hidden("version"));
    let mut all = vec![("id", id.as_str()), ("version", version.as_str())];
    all.extend_from_slice(fields);
    who.post(&path, &all).await
}

/// Signed in at the town's own time: a session of the world's evening has ended a week later.
pub async fn today(town: &Town, key: &str) -> Browser {
    let person = town.world.person(key);
    let home = person.home.as_ref().expect("a committee");
    let office = person.appointment.map(|id| (home.place.tenant, id));
    let token = sign_in(&town.site, person.account, office).await;
    town.browser(Some(format!("{COOKIE_NAME}={token}")))
}

/// As `act`, and it went through.
pub async fn does(town: &Town, key: &str, at: &str, move_: &str, fields: &[(&str, &str)]) {
    act(town, key, at, move_, fields).await.goes_to(at);
}
