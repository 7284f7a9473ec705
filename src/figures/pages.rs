//! The dictionary, and the rows behind a number.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::behind::{self, Behind};
use super::dictionary::{self, Indicator, Rollup};
use super::store::{self, Ask, Counting, Value};
use super::units::{self, Unit};
use crate::committees;
use crate::issues::Category;
use crate::kit::period::Period;
use crate::kit::prose;
use crate::platform::extract::{Path, Query};
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Chrome;
use crate::platform::paging::ROWS;
use crate::platform::render::show;
use crate::platform::scope::Scope;
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
    whose: String,
    period: String,
    figure: String,
    rows: Vec<Behind>,
    shown: i64,
    total: i64,
    first: String,
    next: String,
    repeats: bool,
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
    let wanted = Wanted::read(&scope, &query)?;
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
                category: wanted.category,
            };
            let value = store::count(db, &ask).await?;
            let (rows, next) = lines(db, &ask, after.as_ref()).await?;
            Ok((committee, value, rows, next))
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
    category: Option<&'static str>,
}

impl Wanted {
    fn read(scope: &Scope, query: &Fields) -> Result<Self> {
        let committee = match query.get("committee") {
            "" => scope.committee(),
            text => text.parse().map_err(|_| Error::NotFound)?,
        };
        let period = Period::parse(query.get("from"), query.get("to"), scope.today());
        let period = period.map_err(|_| {
            Error::BadAddress("日期认不出来，写成 2026-01-01 这样，开始不晚于结束。")
        })?;
        let category = match query.get("category") {
            "" => None,
            code => {
                let known = Category::from_code(code);
                let known = known.ok_or(Error::BadAddress("没有这一类诉求，从一览再点一次。"))?;
                Some(known.code())
            }
        };
        Ok(Self {
            committee,
            own: query.has("own"),
            period,
            category,
        })
    }

    fn query(&self) -> String {
        let own = if self.own { "&own=1" } else { "" };
        let category = self.category.map(|code| format!("&category={code}"));
        format!(
            "committee={}&{}{own}{}",
            self.committee,
            self.period.query(),
            category.unwrap_or_default()
        )
    }
}

type Mark = (NaiveDate, String);

async fn lines(
    db: &mut crate::platform::transaction::ScopedTx,
    ask: &Ask,
    after: Option<&Mark>,
) -> Result<(Vec<Behind>, Option<Mark>)> {
    if ask.indicator.rollup == Rollup::UnitMonths {
        let months = units::months(db, &ask.unit, ask.period).await?;
        let met: Vec<_> = months
            .into_iter()
            .filter(units::UnitMonth::is_met)
            .collect();
        return Ok((behind::unit_months(db, &met).await?, None));
    }
    let ask = match ask.indicator.rollup {
        // A rate is proved by the rows of its numerator.
        Rollup::Ratio(numerator, _) => Ask {
            indicator: dictionary::get(numerator).ok_or(Error::NotFound)?,
            ..*ask
        },
        _ => *ask,
    };
    let mut found = store::behind(db, &ask, after, ROWS + 1).await?;
    let more = found.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let mark = |row: &Counting| (row.day, row.ident.clone());
    let next = found.last().filter(|_| more).map(mark);
    let rows = behind::describe(db, ask.indicator.counted, &found).await?;
    Ok((rows, next))
}

/// `C05~2026-11-23~…`: the mark of another figure is refused.
fn read_mark(text: &str, indicator: &Indicator) -> Result<Option<Mark>> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let mut parts = text.splitn(3, '~');
        let named = parts.next()? == indicator.code;
        let day = parts.next()?.parse().ok()?;
        let ident = parts.next()?.to_owned();
        named.then_some((day, ident))
    };
    let foreign = Error::BadAddress("翻页的链接不完整，从第一页再看。");
    read().map(Some).ok_or(foreign)
}

fn rows_page(
    scope: &Scope,
    indicator: &'static Indicator,
    wanted: &Wanted,
    page: (committees::Committee, Value, Vec<Behind>, Option<Mark>),
) -> RowsPage {
    let (committee, value, rows, next) = page;
    let address = format!("/figures/{}?{}", indicator.code, wanted.query());
    let next = next.map(|(day, ident)| {
        let mark = format!("{}~{day}~{ident}", indicator.code);
        let mark: String = form_urlencoded::byte_serialize(mark.as_bytes()).collect();
        format!("{address}&after={mark}")
    });
    let own = if wanted.own { "本级" } else { "" };
    RowsPage {
        chrome: scope.chrome(),
        indicator,
        whose: format!("{}{own}", committee.place_name),
        period: wanted.period.label(scope.today()),
        figure: match value {
            Value::Count(n) => format!("{} {}", prose::number(n), indicator.unit),
            Value::Rate { n, d } => format!("{}（{n}／{d}）", prose::rate(n, d)),
        },
        shown: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        rows,
        total: value.rows(),
        first: address,
        next: next.unwrap_or_default(),
        repeats: matches!(indicator.rollup, Rollup::Distinct | Rollup::Ratio(..)),
    }
}
