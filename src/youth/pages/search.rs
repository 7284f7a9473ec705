//! Finding somebody: asked by a post, so that names stand in no address and no log.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use crate::platform::Result;
use crate::platform::extract::Form;
use crate::platform::page::Chrome;
use crate::platform::render::show as render;
use crate::platform::scope::Scope;
use crate::youth::history::unseen;
use crate::youth::model::{Found, YouthId};
use crate::youth::store;

const SHOWN: usize = 25;
/// Longer than any name with its number.
const Q_MAX: usize = 60;

#[derive(Template)]
#[template(path = "youth/search.html", blocks = ["results"])]
struct SearchPage {
    chrome: Chrome,
    q: String,
    found: Vec<Found>,
    /// There are more than are shown.
    more: bool,
    today: NaiveDate,
}

impl SearchPage {
    fn seen(&self, one: &Found) -> String {
        one.last_met_on
            .map_or_else(String::new, |last| unseen(last, self.today))
    }
}

/// Who looks for somebody of a committee below learns whose name it is: that is written down.
async fn note(scope: &Scope, found: &[Found]) -> Result<()> {
    let below = found.iter().filter(|one| one.is_below);
    let below: Vec<YouthId> = below.map(|one| one.id).collect();
    if below.is_empty() {
        return Ok(());
    }
    scope.work(async |db| store::sought(db, &below).await).await
}

pub async fn search(scope: Scope, Form(fields): Form) -> Result<Response> {
    let q: String = fields.get("q").chars().take(Q_MAX).collect();
    let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut found = scope
        .look(async |db| store::search(db, &q, limit).await)
        .await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    note(&scope, &found).await?;
    let page = SearchPage {
        chrome: scope.chrome(),
        q,
        found,
        more,
        today: scope.today(),
    };
    if scope.request().partial {
        render(&page.as_results())
    } else {
        render(&page)
    }
}
