//! One template for every level: the address is the scope.

use askama::Template;
use axum::response::Response;

use super::board::{Board, COLUMNS, Datum, Kpi, Line, Sentence};
use super::store::{self, Figures};
use crate::committees::{self, Committee};
use crate::figures::rollup::Kind;
use crate::issues::{self, Queue};
use crate::kit::clock;
use crate::platform::extract::{Path, Query};
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Chrome, View};
use crate::platform::render::show;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// The level of a city.
const CITY: i16 = 3;

#[derive(Template)]
#[template(path = "dashboard/show.html")]
struct DashboardPage {
    chrome: Chrome,
    title: String,
    /// Committees from one's own down to this one: (name, address).
    way: Vec<(String, String)>,
    period: String,
    as_of: String,
    spans: Vec<View>,
    /// What waits, each opening its list.
    queues: Vec<View>,
    sentences: Vec<Sentence>,
    kpis: Vec<Kpi>,
    heads: Vec<Head>,
    /// The way back to the administrative order; empty in it.
    unsorted: String,
    lines: Vec<Line>,
    foot: Line,
    months: (String, Vec<Datum>),
    categories: (String, Vec<Datum>),
    nights: (String, Vec<Datum>),
    report: String,
}

/// The head of a column, which sorts by it.
struct Head {
    label: &'static str,
    href: String,
    sorted: bool,
}

pub async fn home(scope: Scope, Query(query): Query) -> Result<Response> {
    let committee = scope.committee();
    board(&scope, committee, &query).await
}

pub async fn below(
    scope: Scope,
    Path(committee): Path<CommitteeId>,
    Query(query): Query,
) -> Result<Response> {
    board(&scope, committee, &query).await
}

async fn board(scope: &Scope, committee: CommitteeId, query: &Fields) -> Result<Response> {
    const ASKED: [&str; 2] = ["span", "sort"];
    if query.pairs().any(|(name, _)| !ASKED.contains(&name)) {
        return Err(Error::BadAddress("这个链接不完整，从菜单里点一览。"));
    }
    let kind = match query.get("span") {
        "" | "year" => Kind::Year,
        "quarter" => Kind::Quarter,
        "month" => Kind::Month,
        _ => return Err(Error::BadAddress("没有这段时间，选本月、本季或今年。")),
    };
    let sort = query.get("sort");
    if !sort.is_empty() && COLUMNS.iter().all(|(code, _)| *code != sort) {
        return Err(Error::BadAddress("不能按这一列排，点表头再试。"));
    }
    let narrowed = committees::narrow(scope, committee).await?;
    let (figures, queues, path) = narrowed
        .look_long(async |db| {
            let mut path = committees::store::path(db, committee).await?;
            let here = path.pop().ok_or(Error::NotFound)?;
            let queues = queues(db, &here).await?;
            Ok((store::read(db, here, kind).await?, queues, path))
        })
        .await?;
    let own = scope.ground().level;
    let way = path.into_iter().filter(|c| c.level >= own);
    let way = way.map(|c| (c.place_name.clone(), address(c.id, kind)));
    let queues = queues.into_iter();
    let queues = queues.filter(|(queue, _)| committee == scope.committee() || queue.is_of_scope());
    let queues = queues
        .map(|waiting| view_of(scope, committee, waiting))
        .collect();
    show(&DashboardPage {
        queues,
        ..page(scope, &figures, kind, sort, way.collect())
    })
}

/// How many wait in each queue. Above the cities nobody works through a list of a whole province.
async fn queues(db: &mut ScopedTx, here: &Committee) -> Result<Vec<(Queue, i64)>> {
    if here.level < CITY {
        return Ok(Vec::new());
    }
    issues::store::queues(db).await
}

/// A queue of one's own committee, or of one below it.
fn view_of(scope: &Scope, committee: CommitteeId, (queue, n): (Queue, i64)) -> View {
    let below = if committee == scope.committee() {
        String::new()
    } else {
        format!("&committee={committee}")
    };
    View {
        href: format!("/issues?queue={}{below}", queue.code()),
        label: queue.label().to_owned(),
        count: Some(n),
        current: false,
    }
}

fn address(committee: CommitteeId, kind: Kind) -> String {
    format!("/dashboard/{committee}?span={}", kind.code())
}

fn page(
    scope: &Scope,
    figures: &Figures,
    kind: Kind,
    sort: &str,
    way: Vec<(String, String)>,
) -> DashboardPage {
    let today = scope.today();
    let board = Board {
        figures,
        kind,
        today,
    };
    let committee = figures.committee.id;
    let sorted = if sort.is_empty() {
        String::new()
    } else {
        format!("&sort={sort}")
    };
    let span = |(other, label): (Kind, &str)| View {
        href: format!("{}{sorted}", address(committee, other)),
        label: label.to_owned(),
        count: None,
        current: other == kind,
    };
    let head = |(code, label): &(&'static str, &'static str)| Head {
        label,
        href: format!("{}&sort={code}#below", address(committee, kind)),
        sorted: *code == sort,
    };
    DashboardPage {
        chrome: scope.chrome(),
        title: format!("{}一览", figures.committee.place_name),
        way,
        period: board.period().label(today),
        as_of: if clock::today(figures.as_of) == today {
            clock::time(figures.as_of)
        } else {
            clock::stamp(figures.as_of, scope.now())
        },
        spans: [
            (Kind::Month, "本月"),
            (Kind::Quarter, "本季"),
            (Kind::Year, "今年"),
        ]
        .map(span)
        .into(),
        queues: Vec::new(),
        sentences: board.sentences(),
        kpis: board.kpis(),
        heads: COLUMNS.iter().map(head).collect(),
        unsorted: if sort.is_empty() {
            String::new()
        } else {
            format!("{}#below", address(committee, kind))
        },
        lines: if figures.below.is_empty() {
            Vec::new()
        } else {
            board.lines(sort)
        },
        foot: board.foot(),
        months: board.months(),
        categories: board.categories(),
        nights: board.nights(),
        report: format!(
            "/reports/year-end?committee={committee}&{}",
            board.period().query()
        ),
    }
}
