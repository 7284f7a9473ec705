//! The list of visits: 25 a page, filters in the address, names by the rule.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::committees;
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::extract::Query;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome, View};
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{refuse, show as render};
use crate::platform::scope::Scope;
use crate::visits::form::{Asked, FilterForm, read_filter};
use crate::visits::model::{Filter, Mode, State};
use crate::visits::store::{self, Listed};
use crate::visits::youths::{self, Names};
use crate::youth::YouthId;

#[derive(Template)]
#[template(path = "visits/list.html", blocks = ["rows"])]
struct ListPage {
    chrome: Chrome,
    form: FilterForm,
    views: Vec<View>,
    modes: Vec<Choice>,
    states: Vec<Choice>,
    /// Committees below, where the whole filter is open.
    committees: Vec<Choice>,
    /// Name of the committee that is looked at.
    whose: Option<String>,
    page: Page<Listed>,
    names: Names,
    now: DateTime<Utc>,
    /// The addresses of the first and the next page, or empty.
    first: String,
    next: String,
    faults: Faults,
}

impl ListPage {
    /// Names, and how many were met besides.
    fn people(&self, row: &Listed) -> String {
        let ids = row.youths.iter().map(|id| YouthId(*id));
        let names: Vec<&str> = ids
            .filter_map(|id| self.names.get(&id))
            .map(|one| one.name.as_str())
            .collect();
        let Some(headcount) = row.headcount else {
            return "同行".into();
        };
        match (headcount, names.as_slice()) {
            (0, _) => "没遇到人".into(),
            (n, []) => format!("{n} 人"),
            (n, some) if some.len() > 3 => format!("{} 等 {n} 人", some[..3].join("、")),
            (n, some) if usize::try_from(n) == Ok(some.len()) => some.join("、"),
            (n, some) => format!("{}，共 {n} 人", some.join("、")),
        }
    }

    fn when(&self, row: &Listed) -> String {
        clock::stamp(row.started_at, self.now)
    }
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let Asked { filter, faults } = read_filter(&query)?;
    let after = Mark::read(query.get("after"), "visits")?;
    let narrowed = match filter.committee {
        Some(id) => committees::narrow(&scope, id).await?,
        None => scope.clone(),
    };
    let (page, names) = if faults.is_empty() {
        rows(&narrowed, &filter, after).await?
    } else {
        let nothing = Page {
            rows: Vec::new(),
            total: 0,
            next: None,
        };
        (nothing, Names::default())
    };
    let form = FilterForm::read(&query);
    let committees = if form.is_open() {
        below(&scope, &form).await?
    } else {
        Vec::new()
    };
    let next = page
        .next
        .map(|mark| form.address(Some(&mark.write("visits"))))
        .unwrap_or_default();
    let first = after.map(|_| form.address(None)).unwrap_or_default();
    let page = ListPage {
        chrome: scope.chrome(),
        views: views(&form, &filter),
        modes: Choice::one(
            Mode::ALL.iter().map(|mode| (mode.code(), mode.label())),
            &form.mode,
        ),
        states: Choice::one(
            State::ALL.iter().map(|state| (state.code(), state.label())),
            filter.state.code(),
        ),
        committees,
        whose: filter
            .committee
            .map(|_| narrowed.ground().short_name.clone()),
        form,
        page,
        names,
        now: scope.now(),
        first,
        next,
        faults,
    };
    if page.faults.is_empty() {
        render(&page)
    } else {
        refuse(&page)
    }
}

async fn rows(
    scope: &Scope,
    filter: &Filter,
    after: Option<Mark>,
) -> Result<(Page<Listed>, Names)> {
    scope
        .look(async |db| {
            let page = if filter.is_mine {
                store::mine(db, filter, after).await?
            } else {
                store::list(db, filter, after).await?
            };
            let met = page.rows.iter().flat_map(|row| &row.youths);
            let met: Vec<YouthId> = met.map(|id| YouthId(*id)).collect();
            let names = youths::names(db, &met).await?;
            Ok((page, names))
        })
        .await
}

async fn below(scope: &Scope, form: &FilterForm) -> Result<Vec<Choice>> {
    let home = scope.committee();
    let children = scope
        .look(async |db| committees::store::children(db, home).await)
        .await?;
    let pairs = children.iter().map(|one| (one.id, one.short_name.as_str()));
    Ok(Choice::one(pairs, &form.committee))
}

fn views(form: &FilterForm, filter: &Filter) -> Vec<View> {
    let view = |label: &str, mine: &str, night: &str| {
        let form = FilterForm {
            mine: mine.into(),
            night: night.into(),
            ..form.clone()
        };
        View {
            href: form.address(None),
            label: label.into(),
            count: None,
            current: filter.is_mine == (mine == "1") && filter.is_night == (night == "1"),
        }
    };
    vec![
        view("全部", "", ""),
        view("夜访", "", "1"),
        view("我的", "1", ""),
        view("我的夜访", "1", "1"),
    ]
}
