//! The rows behind two numbers of 今天: whom one met this year, whom nobody has met for long.

use askama::Template;
use axum::response::Response;
use chrono::{NaiveDate, TimeDelta};

use crate::kit::clock;
use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::extract::Query;
use crate::platform::page::Chrome;
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::render::show as render;
use crate::platform::scope::Scope;
use crate::visits;
use crate::youth::{self, YouthId};

/// A link between cadre and young person is fresh for thirty days (domain.md §2.6).
const FRESH: TimeDelta = TimeDelta::days(30);

/// From 1 January to this evening: after midnight it is still yesterday's.
pub fn this_year(scope: &Scope) -> Period {
    Period::ytd(visits::tonight(scope.now()))
}

/// Who was last met before that day has not been seen for long.
pub fn long_ago(scope: &Scope) -> NaiveDate {
    visits::tonight(scope.now()) - FRESH
}

#[derive(Template)]
#[template(path = "today/youths.html")]
struct ListPage {
    chrome: Chrome,
    is_met: bool,
    page: Page<Row>,
    first: String,
    next: String,
    today: NaiveDate,
}

#[derive(Clone)]
struct Row {
    id: YouthId,
    /// Empty where the record lies out of the reader's sight.
    name: String,
    whereabouts: String,
    last_on: NaiveDate,
    /// On how many visits, in the list of those met.
    visits: i64,
}

impl Row {
    fn days(&self, today: NaiveDate) -> i64 {
        (today - self.last_on).num_days()
    }
}

pub async fn met(scope: Scope, Query(query): Query) -> Result<Response> {
    let after = Mark::read(query.get("after"), "met")?;
    let year = this_year(&scope);
    let page = scope
        .look(async |db| {
            let found = visits::store::met_list(db, year, after.map(place)).await?;
            let ids: Vec<YouthId> = found.iter().map(|one| one.youth).collect();
            let names = youth::store::names(db, &ids).await?;
            let row = |one: &visits::store::Met| Row {
                id: one.youth,
                name: names
                    .get(&one.youth)
                    .map(|it| it.name.clone())
                    .unwrap_or_default(),
                whereabouts: String::new(),
                last_on: one.last_on,
                visits: one.visits,
            };
            let total = visits::store::met_count(db, year).await?;
            Ok(Page::cut(found.iter().map(row).collect(), total, mark))
        })
        .await?;
    render(&list_page(&scope, true, after.is_some(), page))
}

pub async fn unseen(scope: Scope, Query(query): Query) -> Result<Response> {
    let after = Mark::read(query.get("after"), "unseen")?;
    let before = long_ago(&scope);
    let page = scope
        .look(async |db| {
            let (found, total) =
                youth::store::unseen(db, before, after.map(place), ROWS + 1).await?;
            let rows = found.into_iter().map(|one| Row {
                id: one.id,
                name: one.shown.name,
                whereabouts: one.whereabouts,
                last_on: one.last_met_on,
                visits: 0,
            });
            Ok(Page::cut(rows.collect(), total, mark))
        })
        .await?;
    render(&list_page(&scope, false, after.is_some(), page))
}

/// Rows are sorted by day; a mark carries the day's first instant.
fn mark(row: &Row) -> Mark {
    Mark {
        at: clock::start_of(row.last_on),
        id: row.id.0,
    }
}

fn place(mark: Mark) -> (NaiveDate, YouthId) {
    (clock::today(mark.at), YouthId(mark.id))
}

fn list_page(scope: &Scope, is_met: bool, is_later: bool, page: Page<Row>) -> ListPage {
    let (list, address) = if is_met {
        ("met", "/today/met")
    } else {
        ("unseen", "/today/unseen")
    };
    let next = page
        .next
        .map(|mark| format!("{address}?after={}", mark.write(list)));
    ListPage {
        chrome: scope.chrome(),
        is_met,
        first: if is_later {
            address.to_owned()
        } else {
            String::new()
        },
        next: next.unwrap_or_default(),
        today: visits::tonight(scope.now()),
        page,
    }
}
