//! The list: three views, filters that stand in the address, pages of 25.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use crate::calendar;
use crate::committees::{self, Committee};
use crate::issues::form::read_filter;
use crate::issues::lines::{Due, Line, lines};
use crate::issues::model::{Category, Filter, Queue, State, Urgency};
use crate::issues::store;
use crate::kit::clock;
use crate::kit::workday::Calendar;
use crate::platform::extract::Query;
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::paging::{Mark, Page};
use crate::platform::render::show as render;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// The fields of the filter, as they stand in the address.
const FIELDS: [&str; 9] = [
    "queue",
    "mine",
    "committee",
    "category",
    "urgency",
    "state",
    "handler",
    "from",
    "to",
];

const UNKNOWN: &str = "这个单位认不出来，清空后再选。";

#[derive(Template)]
#[template(path = "issues/list.html")]
struct ListPage {
    chrome: Chrome,
    /// How many are in the reader's hands.
    mine: i64,
    queues: Vec<(Queue, i64)>,
    /// 协办 that waits for the reader's committee.
    parts: i64,
    /// How many wait for the reader's 回访.
    follow_ups: i64,
    /// Where some of the list may be handed over together; empty when none can.
    hand: String,
    fields: Fields,
    categories: Vec<Choice>,
    urgencies: Vec<Choice>,
    states: Vec<Choice>,
    committees: Vec<Choice>,
    handlers: Vec<Choice>,
    chips: Vec<Chip>,
    page: Page<Line>,
    first: String,
    next: String,
    /// A year whose holidays are not known, in which the time of one of these ends.
    unknown_year: Option<i32>,
    today: NaiveDate,
}

/// What is asked for, with the address that does not ask it.
struct Chip {
    name: &'static str,
    label: String,
    href: String,
}

struct Found {
    page: Page<Line>,
    mine: i64,
    queues: Vec<(Queue, i64)>,
    parts: i64,
    follow_ups: i64,
    below: Vec<Committee>,
    handlers: Vec<Committee>,
    calendar: Arc<Calendar>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let mut filter = read_filter(&query)?;
    let committee = committee_of(&query)?;
    filter.within = within(&scope, committee).await?;
    let after = Mark::read(query.get("after"), "issues")?;
    let found = scope
        .look(async |db| {
            let page = store::list(db, &filter, after).await?;
            let (total, next) = (page.total, page.next);
            let rows = lines(db, page.rows).await?;
            let below = committees::store::children(db, db.scope().committee()).await?;
            let handlers = handlers(db, &below).await?;
            Ok(Found {
                page: Page { rows, total, next },
                mine: store::count(db, &Filter::MINE).await?,
                queues: store::queues(db).await?,
                parts: store::parts_waiting(db).await?,
                follow_ups: store::count_to_follow_up(db).await?,
                calendar: calendar::store::get(db).await?,
                handlers: with_asked(db, handlers, filter.handler).await?,
                below: with_asked(db, below, committee).await?,
            })
        })
        .await?;
    render(&list_page(&scope, &query, after.is_some(), found))
}

fn committee_of(query: &Fields) -> Result<Option<CommitteeId>> {
    match query.get("committee") {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Error::BadAddress(UNKNOWN)),
    }
}

/// The codes of a committee of the filter, inside one's own.
async fn within(scope: &Scope, committee: Option<CommitteeId>) -> Result<Option<(i64, i64)>> {
    let Some(id) = committee else { return Ok(None) };
    let narrow = committees::narrow(scope, id).await?;
    Ok(Some((narrow.lo(), narrow.hi())))
}

/// Who may hold an issue of this scope, to choose from: the committees above up to the city, one's
/// own, those directly below.
async fn handlers(db: &mut ScopedTx, below: &[Committee]) -> Result<Vec<Committee>> {
    let own = db.scope().committee();
    let above = committees::store::path(db, own).await?;
    let mut all: Vec<Committee> = above.into_iter().filter(|c| c.level >= 3).collect();
    all.extend_from_slice(below);
    Ok(all)
}

/// The choices, and the one that the address asks for if it is none of them.
async fn with_asked(
    db: &mut ScopedTx,
    mut all: Vec<Committee>,
    asked: Option<CommitteeId>,
) -> Result<Vec<Committee>> {
    if let Some(id) = asked.filter(|id| all.iter().all(|c| c.id != *id)) {
        let found = committees::store::get(db, id).await?;
        all.push(found.ok_or(Error::BadAddress(UNKNOWN))?);
    }
    Ok(all)
}

fn list_page(scope: &Scope, query: &Fields, is_later: bool, found: Found) -> ListPage {
    let address = address(query, None);
    let next = found.page.next.map(|mark| mark.write("issues"));
    let mut page = ListPage {
        chrome: scope.chrome(),
        mine: found.mine,
        queues: found.queues,
        parts: found.parts,
        follow_ups: found.follow_ups,
        hand: if found.page.rows.iter().any(|line| line.may_hand) {
            address.replacen("/issues", "/issues/hand", 1)
        } else {
            String::new()
        },
        categories: Choice::one(words(Category::ALL, Category::code), query.get("category")),
        urgencies: Choice::one(words(Urgency::ALL, Urgency::code), query.get("urgency")),
        states: Choice::one(words(State::ALL, State::code), query.get("state")),
        committees: committees_of(&found.below, query.get("committee")),
        handlers: committees_of(&found.handlers, query.get("handler")),
        chips: Vec::new(),
        unknown_year: found
            .page
            .rows
            .iter()
            .find_map(|line| line.due_year.filter(|year| !found.calendar.knows(*year))),
        fields: query.clone(),
        first: if is_later {
            address.clone()
        } else {
            String::new()
        },
        next: next
            .map(|mark| with(&address, "after", &mark))
            .unwrap_or_default(),
        page: found.page,
        today: scope.today(),
    };
    page.chips = chips(&page, query);
    page
}

fn words<W: Copy + ToString>(
    all: &[W],
    code: fn(W) -> &'static str,
) -> Vec<(&'static str, String)> {
    all.iter()
        .map(|word| (code(*word), word.to_string()))
        .collect()
}

fn committees_of(all: &[Committee], chosen: &str) -> Vec<Choice> {
    Choice::one(all.iter().map(|c| (c.id, &c.short_name)), chosen)
}

fn chips(page: &ListPage, query: &Fields) -> Vec<Chip> {
    let lists = [
        ("committee", &page.committees),
        ("category", &page.categories),
        ("urgency", &page.urgencies),
        ("state", &page.states),
        ("handler", &page.handlers),
    ];
    let chip = |name: &'static str, label: &str| Chip {
        name,
        label: label.to_owned(),
        href: address(query, Some(name)),
    };
    let mut chips = Vec::new();
    for (name, choices) in lists {
        let chosen = choices.iter().filter(|c| c.chosen);
        chips.extend(chosen.map(|c| chip(name, &c.label)));
    }
    for name in ["from", "to"] {
        if !query.get(name).is_empty() {
            chips.push(chip(name, query.get(name)));
        }
    }
    chips
}

/// The list with its filter, except one field of it.
fn address(query: &Fields, but: Option<&str>) -> String {
    let kept = FIELDS.iter().filter(|name| Some(**name) != but);
    let kept = kept.filter(|name| !query.get(name).is_empty());
    kept.fold("/issues".to_owned(), |to, name| {
        with(&to, name, query.get(name))
    })
}

fn with(address: &str, name: &str, value: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{address}{mark}{name}={value}")
}
