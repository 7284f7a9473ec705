//! The dictionary, and the rows behind a number.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::behind::{self, Behind};
use super::dictionary::{self, Indicator, Rollup};
use super::part::Part;
use super::store::{self, Ask, Counting};
use super::units::{self, Unit, UnitMonth};
use super::value::Value;
use crate::committees;
use crate::kit::clock::read_date;
use crate::kit::period::{Period, PeriodFault};
use crate::kit::prose;
use crate::platform::extract::{Path, Query};
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Chrome, View};
use crate::platform::paging::ROWS;
use crate::platform::render::show;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "figures/dictionary.html")]
struct DictionaryPage {
    chrome: Chrome,
    groups: Vec<(&'static str, Vec<&'static Indicator>)>,
}

#[derive(Template)]
#[template(path = "figures/rows.html")]
struct RowsPage {
    chrome: Chrome,
    indicator: &'static Indicator,
    /// With its part: a category, a nature of post.
    name: String,
    /// Of unit-months, those that are met and those that are not.
    views: Vec<View>,
    whose: String,
    period: String,
    figure: String,
    rows: Vec<Behind>,
    shown: i64,
    total: i64,
    first: String,
    next: String,
    repeats: bool,
    /// Of unit-months: what the months in part should have.
    in_part: Vec<String>,
}

pub async fn dictionary(scope: Scope) -> Result<Response> {
    let mut groups: Vec<(&'static str, Vec<&'static Indicator>)> = Vec::new();
    for indicator in dictionary::ALL {
        match groups.last_mut() {
            Some((name, group)) if *name == indicator.group => group.push(indicator),
            _ => groups.push((indicator.group, vec![indicator])),
        }
    }
    show(&DictionaryPage {
        chrome: scope.chrome(),
        groups,
    })
}

pub async fn rows(scope: Scope, Path(code): Path<String>, Query(query): Query) -> Result<Response> {
    let indicator = dictionary::get(&code).ok_or(Error::NotFound)?;
    let wanted = Wanted::read(&scope, indicator, &query)?;
    let scope = committees::narrow(&scope, wanted.committee).await?;
    let after = read_mark(query.get("after"), indicator)?;
    let page = scope
        .look_long(async |db| {
            let committee = committees::store::get(db, wanted.committee).await?;
            let committee = committee.ok_or(Error::NotFound)?;
            let unit = if wanted.own {
                Unit::own(&committee)
            } else {
                Unit::whole(&committee)
            };
            let ask = Ask {
                indicator,
                unit,
                period: wanted.period,
                part: wanted.part,
            };
            let value = store::count(db, &ask).await?;
            let total = store::rows(db, &ask, value).await?;
            let (rows, next) = lines(db, &ask, after.as_ref()).await?;
            Ok((committee, (value, total), rows, next))
        })
        .await?;
    show(&rows_page(&scope, indicator, &wanted, page))
}

/// The address of a figure, read.
#[derive(Clone, Copy)]
struct Wanted {
    committee: CommitteeId,
    own: bool,
    period: Period,
    part: Option<Part>,
    /// Not the first page.
    is_later: bool,
}

impl Wanted {
    fn read(scope: &Scope, indicator: &Indicator, query: &Fields) -> Result<Self> {
        let committee = match query.get("committee") {
            "" => scope.committee(),
            text => text.parse().map_err(|_| Error::NotFound)?,
        };
        let period = Period::parse(query.get("from"), query.get("to"), scope.today());
        let begun = |it: Period| it.until(scope.today()).map(|_| it);
        let period = period.and_then(|it| begun(it).ok_or(PeriodFault::Future));
        let period = period.map_err(|fault| {
            Error::BadAddress(match fault {
                PeriodFault::Reversed => "开始日期晚于结束日期，换一下再看。",
                PeriodFault::Future => "开始日期还没到，选今天或更早的。",
                _ => "日期认不出来，写成 2026-01-01 这样。",
            })
        })?;
        Ok(Self {
            committee,
            own: query.has("own"),
            period,
            part: Part::read(indicator, query)?,
            is_later: !query.get("after").is_empty(),
        })
    }

    /// Of the first page.
    fn address(&self, indicator: &Indicator) -> String {
        let part = self.part.map(Part::query).unwrap_or_default();
        let whole = super::href(indicator.code, self.committee, self.own, self.period);
        format!("{whole}{part}")
    }
}

type Mark = (NaiveDate, String);

async fn lines(
    db: &mut ScopedTx,
    ask: &Ask,
    after: Option<&Mark>,
) -> Result<(Vec<Behind>, Option<Mark>)> {
    if ask.indicator.rollup == Rollup::UnitMonths {
        return unit_months(db, ask, after).await;
    }
    // A rate is proved by the rows of its numerator.
    let found = store::behind(db, ask, after, ROWS + 1).await?;
    let (found, next) = cut(found, |row: &Counting| (row.day, row.ident.clone()));
    let rows = behind::describe(db, ask, &found).await?;
    Ok((rows, next))
}

/// The latest month first, in it the units in administrative order.
async fn unit_months(
    db: &mut ScopedTx,
    ask: &Ask,
    after: Option<&Mark>,
) -> Result<(Vec<Behind>, Option<Mark>)> {
    let wanted = ask.part != Some(Part::Unmet);
    let place = |it: &UnitMonth| (std::cmp::Reverse(it.month.month), it.unit);
    let after = after.and_then(|(day, unit)| Some((std::cmp::Reverse(*day), unit.parse().ok()?)));
    let months = units::months(db, &ask.unit, ask.period).await?;
    let mut found: Vec<_> = months
        .into_iter()
        .filter(|it| it.is_met() == wanted && after.is_none_or(|after| place(it) > after))
        .collect();
    found.sort_by_key(place);
    let (found, next) = cut(found, |it| (it.month.month, it.unit.to_string()));
    Ok((behind::unit_months(db, &ask.unit, &found).await?, next))
}

/// One page, and the mark of the next if there is more.
fn cut<T>(mut rows: Vec<T>, mark: impl Fn(&T) -> Mark) -> (Vec<T>, Option<Mark>) {
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(mark);
    (rows, next)
}

/// `C05~2026-11-23~…`: the mark of another figure is refused.
fn read_mark(text: &str, indicator: &Indicator) -> Result<Option<Mark>> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let mut parts = text.splitn(3, '~');
        let named = parts.next()? == indicator.code;
        let day = read_date(parts.next()?)?;
        let ident = parts.next()?;
        let known = named && store::is_ident(indicator, ident);
        known.then(|| (day, ident.to_owned()))
    };
    let foreign = Error::BadAddress("翻页的链接不完整，从第一页再看。");
    read().map(Some).ok_or(foreign)
}

fn name(indicator: &Indicator, part: Option<Part>) -> String {
    match part {
        Some(Part::Unmet) => "集中夜访没达标的单位月".to_owned(),
        Some(part) => format!("{}（{}）", indicator.name, part.label()),
        None => indicator.name.to_owned(),
    }
}

fn views(indicator: &Indicator, wanted: &Wanted, value: Value) -> Vec<View> {
    if indicator.rollup != Rollup::UnitMonths {
        return Vec::new();
    }
    let view = |part: Option<Part>, label: &str| View {
        href: Wanted { part, ..*wanted }.address(indicator),
        label: label.to_owned(),
        count: (part == wanted.part).then_some(value.rows()),
        current: part == wanted.part,
    };
    vec![view(None, "达标"), view(Some(Part::Unmet), "没达标")]
}

fn rows_page(
    scope: &Scope,
    indicator: &'static Indicator,
    wanted: &Wanted,
    page: (
        committees::Committee,
        (Value, i64),
        Vec<Behind>,
        Option<Mark>,
    ),
) -> RowsPage {
    let (committee, (value, total), rows, next) = page;
    let address = wanted.address(indicator);
    let next = next.map(|(day, ident)| {
        let mark = format!("{}~{day}~{ident}", indicator.code);
        let mark: String = form_urlencoded::byte_serialize(mark.as_bytes()).collect();
        format!("{address}&after={mark}")
    });
    let own = if wanted.own { "本级" } else { "" };
    RowsPage {
        chrome: scope.chrome(),
        indicator,
        name: name(indicator, wanted.part),
        views: views(indicator, wanted, value),
        whose: format!("{}{own}", committee.place_name),
        period: wanted.period.label(scope.today()),
        figure: match value {
            Value::Count(n) if wanted.part == Some(Part::Unmet) => format!("{n} 个"),
            Value::Count(n) => format!("{} {}", prose::number(n), indicator.unit),
            // Of few it says the two numbers already.
            Value::Rate { n, d } if (1..prose::SMALLEST_BASE).contains(&d) => format!("{n}／{d}"),
            Value::Rate { n, d } => format!("{}（{n}／{d}）", prose::rate(n, d)),
            Value::None => prose::NONE.to_owned(),
        },
        shown: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        rows,
        total,
        first: if wanted.is_later {
            address
        } else {
            String::new()
        },
        next: next.unwrap_or_default(),
        in_part: if indicator.rollup == Rollup::UnitMonths {
            units::in_part(wanted.period)
        } else {
            Vec::new()
        },
        repeats: matches!(
            indicator.rollup,
            Rollup::Distinct | Rollup::Ratio(..) | Rollup::Share(..)
        ),
    }
}
