//! 诉求: heard by a cadre, seen along the tree, its text only by whom it concerns.

mod changes;
mod listing;
mod reading;

use chrono::NaiveDate;
use qingting::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use qingting::platform::Result;
use qingting::platform::scope::Scope;
use qingting::youth::{self, Care, NewYouth, Source, YouthId};

use crate::harness::{Town, evening};

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
