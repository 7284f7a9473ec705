//! 提醒: what one cadre is told of, by day. Each opens its matter and is read with that.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::issues::lines::{Line, lines};
use crate::issues::model::{IssueId, Notice, NoticeId, Topic};
use crate::issues::store;
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::page::Chrome;
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{go, show as render};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "issues/notices.html")]
struct NoticesPage {
    chrome: Chrome,
    days: Vec<Day>,
    total: i64,
    shown: i64,
    unread: i64,
    /// The newest one shown: all up to it can be read together.
    upto: String,
    first: String,
    next: String,
}

struct Day {
    label: String,
    rows: Vec<Row>,
}

struct Row {
    id: NoticeId,
    label: &'static str,
    is_pressing: bool,
    is_read: bool,
    from: String,
    time: String,
    /// None: of a deputyship.
    issue: Option<IssueId>,
    /// None: the matter is out of sight by now.
    line: Option<Line>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let after = Mark::read(query.get("after"), "notices")?;
    let (page, lines, unread) = scope
        .look(async |db| {
            let page = store::notices::list(db, after).await?;
            let mut ids: Vec<IssueId> = page.rows.iter().filter_map(|it| it.issue).collect();
            ids.sort_unstable();
            ids.dedup();
            let issues = store::some(db, &ids).await?;
            let lines = lines(db, issues).await?;
            Ok((page, lines, store::notices::unread(db).await?))
        })
        .await?;
    render(&notices_page(&scope, after.is_some(), page, &lines, unread))
}

fn notices_page(
    scope: &Scope,
    is_later: bool,
    page: Page<Notice>,
    lines: &[Line],
    unread: i64,
) -> NoticesPage {
    let upto = page.rows.first().map(|it| it.at);
    NoticesPage {
        chrome: scope.chrome().with_unread(unread),
        total: page.total,
        shown: page.shown(),
        unread,
        upto: upto
            .map(|at| at.timestamp_micros().to_string())
            .unwrap_or_default(),
        first: if is_later {
            "/notices".to_owned()
        } else {
            String::new()
        },
        next: page
            .next
            .map(|mark| format!("/notices?after={}", mark.write("notices")))
            .unwrap_or_default(),
        days: days(scope, page.rows, lines),
    }
}

fn days(scope: &Scope, rows: Vec<Notice>, lines: &[Line]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for notice in rows {
        let day = clock::long_date(notice.on_day, scope.today());
        let label = format!("{day}　{}", clock::weekday(notice.on_day));
        if days.last().is_none_or(|last| last.label != label) {
            let rows = Vec::new();
            days.push(Day { label, rows });
        }
        if let Some(last) = days.last_mut() {
            last.rows.push(row(notice, lines));
        }
    }
    days
}

fn row(notice: Notice, lines: &[Line]) -> Row {
    let topic = Topic::from_code(&notice.kind);
    let line = lines.iter().find(|line| Some(line.id) == notice.issue);
    Row {
        id: notice.id,
        label: topic.map_or("", Topic::label),
        is_pressing: topic.is_some_and(Topic::is_pressing),
        is_read: notice.read_at.is_some(),
        from: notice.from,
        time: clock::time(notice.at),
        issue: notice.issue,
        line: line.cloned(),
    }
}

/// Reads one and goes to what it tells of.
pub async fn open(scope: Scope, Path(id): Path<NoticeId>) -> Result<Response> {
    let issue = scope
        .work(async |db| {
            let issue = store::notices::read(db, id).await?;
            Ok(db.unchanged(issue))
        })
        .await?;
    match issue {
        Some(issue) => Ok(go(&format!("/issues/{issue}"))),
        None => Ok(go("/deputies")),
    }
}

/// Reads all that the page showed and those before them.
pub async fn read_all(scope: Scope, Form(fields): Form) -> Result<Response> {
    let micros = fields.get("upto").parse::<i64>().ok();
    let upto: Option<DateTime<Utc>> = micros.and_then(DateTime::from_timestamp_micros);
    let upto = upto.filter(|at| clock::is_of_records(clock::today(*at)));
    let upto = upto.ok_or(Error::BadAddress("这一页开得太久了，刷新后再来"))?;
    scope
        .work(async |db| {
            store::notices::read_all(db, upto).await?;
            Ok(db.unchanged(()))
        })
        .await?;
    Ok(go("/notices"))
}
