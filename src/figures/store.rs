//! Counting: one SQL for each way of rolling up, over the view of any indicator.
//!
//! Statements are put together from a closed list: the views of the dictionary and the expressions
//! below. Nothing that was typed gets into a statement; it is bound.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row};

use super::dictionary::{self, Indicator, Rollup};
use super::part::{self, Part};
use super::units::{self, Unit, UnitMonth};
use super::value::{Numbers, Value, counts, rates};
use crate::kit::ids::parse_uuid;
use crate::kit::period::Period;
use crate::platform::ids::CommitteeId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// What is asked: an indicator, between two codes, between two days.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub indicator: &'static Indicator,
    pub unit: Unit,
    pub period: Period,
    pub part: Option<Part>,
}

/// What is counted of a view.
pub(super) fn counted(rollup: Rollup) -> &'static str {
    match rollup {
        Rollup::Sum => "count(*)",
        Rollup::Median => "percentile_disc(0.5) within group (order by v.amount)::bigint",
        Rollup::Distinct
        | Rollup::Stock
        | Rollup::Lived
        | Rollup::Opening
        | Rollup::Ratio(..)
        | Rollup::Share(..)
        | Rollup::UnitMonths => "count(distinct v.key)",
    }
}

/// How a statement names the unit whose rows are counted.
pub(super) struct Named {
    pub lo: &'static str,
    pub hi: &'static str,
    /// Whether it is asked alone (`Unit::is_one`).
    pub is_one: &'static str,
}

/// Which rows `v` count for a unit: the days `$1` to `$2`, the part `$3` (bound everywhere), the tenant
/// `$4`, and what the indicator asks besides.
pub(super) fn inside(indicator: &Indicator, unit: &Named) -> Result<String> {
    let Named { lo, hi, is_one } = unit;
    let part = match part::column(indicator) {
        Some(column) => format!("($3::text is null or {column} = $3)"),
        None => "$3::text is null".to_owned(),
    };
    let more = match indicator.rollup {
        Rollup::Ratio(_, whole) => format!(
            "and exists (
                 select from {} d
                 where d.tenant_id = v.tenant_id and d.key = v.key and {}
                     and d.scope between {lo} and {hi})",
            named(whole)?.view,
            days(named(whole)?.rollup, "d"),
        ),
        _ if indicator.is_of_units() => format!("and ({is_one} or v.is_unit)"),
        _ => String::new(),
    };
    let days = days(indicator.rollup, "v");
    Ok(format!(
        "{days} and {part} and ($4::int is null or v.tenant_id = $4)
         and v.scope between {lo} and {hi} {more}"
    ))
}

/// Which rows belong to the days `$1` to `$2`.
fn days(rollup: Rollup, of: &str) -> String {
    match rollup {
        Rollup::Stock => {
            format!("{of}.day <= $2 and ({of}.ends_on is null or {of}.ends_on > $2) and $1 <= $2")
        }
        Rollup::Lived => format!("{of}.day <= $2 and ({of}.ends_on is null or {of}.ends_on >= $1)"),
        Rollup::Opening => {
            format!("{of}.day < $1 and ({of}.ends_on is null or {of}.ends_on >= $1) and $2 >= $1")
        }
        _ => format!("{of}.day between $1 and $2"),
    }
}

/// The unit that is bound as `$5`, `$6`, `$7`.
const ONE: Named = Named {
    lo: "$5",
    hi: "$6",
    is_one: "$7::boolean",
};

/// A statement put together from a closed list (see above): what was typed is bound.
pub(super) fn closed(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

pub(super) fn named(code: &str) -> Result<&'static Indicator> {
    dictionary::get(code).ok_or_else(|| Error::bug("an unknown figure"))
}

/// The figure itself.
pub async fn count(db: &mut ScopedTx, ask: &Ask) -> Result<Value> {
    match ask.indicator.rollup {
        Rollup::Ratio(_, d) | Rollup::Share(_, d) => {
            let whole = Ask {
                indicator: named(d)?,
                ..*ask
            };
            let n = plain(db, ask).await?;
            let d = plain(db, &whole).await?;
            Ok(Value::Rate { n, d })
        }
        Rollup::UnitMonths => {
            let months = units::months(db, &ask.unit, ask.period).await?;
            Ok(unit_months(&months, ask.part))
        }
        Rollup::Median => Ok(found(db, ask).await?.map_or(Value::None, Value::Count)),
        _ => plain(db, ask).await.map(Value::Count),
    }
}

/// How many rows the number opens.
pub async fn rows(db: &mut ScopedTx, ask: &Ask, value: Value) -> Result<i64> {
    match ask.indicator.rollup {
        Rollup::Median => {
            let closed = Ask {
                indicator: named("D03")?,
                ..*ask
            };
            plain(db, &closed).await
        }
        _ => Ok(value.rows()),
    }
}

fn unit_months(months: &[UnitMonth], part: Option<Part>) -> Value {
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let met = size(months.iter().filter(|month| month.is_met()).count());
    let all = size(months.len());
    match part {
        Some(Part::Unmet) => Value::Count(all - met),
        _ => Value::Rate { n: met, d: all },
    }
}

async fn plain(db: &mut ScopedTx, ask: &Ask) -> Result<i64> {
    Ok(found(db, ask).await?.unwrap_or(0))
}

/// None is only the middle of nothing.
async fn found(db: &mut ScopedTx, ask: &Ask) -> Result<Option<i64>> {
    let sql = format!(
        "select {}
         from {} v
         where {} and $7::boolean is not null",
        counted(ask.indicator.rollup),
        ask.indicator.view,
        inside(ask.indicator, &ONE)?,
    );
    let tenant = db.tenant_filter();
    let row = sqlx::query(closed(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.part.and_then(Part::code))
        .bind(tenant)
        .bind(ask.unit.lo)
        .bind(ask.unit.hi)
        .bind(ask.unit.is_one())
        .fetch_one(db.conn())
        .await?;
    Ok(row.try_get(0)?)
}

/// The figure of each unit at once; units without rows are given too.
pub async fn by_unit(
    db: &mut ScopedTx,
    indicator: &'static Indicator,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(CommitteeId, bool), Value>> {
    match indicator.rollup {
        Rollup::Ratio(_, d) | Rollup::Share(_, d) => {
            let over = plain_by_unit(db, indicator, units, period).await?;
            let under = plain_by_unit(db, named(d)?, units, period).await?;
            Ok(rates(&over, &under))
        }
        Rollup::UnitMonths => {
            let months = units::months_by_unit(db, units, period).await?;
            let value = |(unit, months): (&Unit, &Vec<_>)| (unit.key(), unit_months(months, None));
            Ok(units.iter().zip(&months).map(value).collect())
        }
        Rollup::Median => {
            let found = counts(found_by_unit(db, indicator, units, period).await?);
            let value = |key| found.get(&key).copied().unwrap_or(Value::None);
            Ok(units.iter().map(|it| (it.key(), value(it.key()))).collect())
        }
        _ => Ok(counts(plain_by_unit(db, indicator, units, period).await?)),
    }
}

/// The figure of each part (its code) by unit: 诉求 by category, 团干部 by nature. What is not there is 0.
pub async fn by_part(
    db: &mut ScopedTx,
    indicator: &'static Indicator,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(String, CommitteeId, bool), i64>> {
    let column = part::column(indicator).ok_or_else(|| Error::bug("a figure without parts"))?;
    let rows = fetch_by_unit(db, indicator, units, period, Some(column)).await?;
    let mut found = HashMap::new();
    for row in rows {
        let unit = unit_at(units, row.try_get(0)?)?;
        let code: String = row.try_get(2)?;
        found.insert((code, unit.committee, unit.own), row.try_get(1)?);
    }
    Ok(found)
}

pub(super) async fn plain_by_unit(
    db: &mut ScopedTx,
    indicator: &Indicator,
    units: &[Unit],
    period: Period,
) -> Result<Numbers> {
    let mut numbers: Numbers = units.iter().map(|unit| (unit.key(), 0)).collect();
    numbers.extend(found_by_unit(db, indicator, units, period).await?);
    Ok(numbers)
}

/// Of the units that have rows.
async fn found_by_unit(
    db: &mut ScopedTx,
    indicator: &Indicator,
    units: &[Unit],
    period: Period,
) -> Result<Numbers> {
    let mut found = Numbers::new();
    for row in fetch_by_unit(db, indicator, units, period, None).await? {
        let unit = unit_at(units, row.try_get(0)?)?;
        found.insert(unit.key(), row.try_get(1)?);
    }
    Ok(found)
}

/// Each of many units.
const EACH: Named = Named {
    lo: "u.lo",
    hi: "u.hi",
    is_one: "u.is_one",
};

/// Rows of (number of the unit from 1, figure, and the part's code where one is asked).
async fn fetch_by_unit(
    db: &mut ScopedTx,
    indicator: &Indicator,
    units: &[Unit],
    period: Period,
    column: Option<&'static str>,
) -> Result<Vec<PgRow>> {
    let column = column.map(|column| format!(", {column}"));
    let column = column.unwrap_or_default();
    let sql = format!(
        "select u.n::int, {}{column}
         from unnest($5::bigint[], $6::bigint[], $7::boolean[]) with ordinality
             as u (lo, hi, is_one, n)
         join {} v on v.scope between u.lo and u.hi
         where {} and v.scope between $8 and $9
         group by u.n{column}",
        counted(indicator.rollup),
        indicator.view,
        inside(indicator, &EACH)?,
    );
    let tenant = db.tenant_filter();
    let (los, his) = units::bounds(units);
    let ones: Vec<bool> = units.iter().map(Unit::is_one).collect();
    // All units together as one stretch: without it the planner would count the whole tenant for each.
    let (lo, hi) = (los.iter().min().copied(), his.iter().max().copied());
    let rows = sqlx::query(closed(sql))
        .bind(period.from())
        .bind(period.to())
        .bind(None::<String>)
        .bind(tenant)
        .bind(los)
        .bind(his)
        .bind(ones)
        .bind(lo)
        .bind(hi)
        .fetch_all(db.conn())
        .await?;
    Ok(rows)
}

fn unit_at(units: &[Unit], number: i32) -> Result<&Unit> {
    let index = usize::try_from(number - 1).map_err(Error::bug)?;
    units
        .get(index)
        .ok_or_else(|| Error::bug("a unit nobody asked for"))
}

/// One thing that the number counts.
#[derive(Clone, Debug)]
pub struct Counting {
    /// What makes it one: its key, or record and key.
    pub ident: String,
    pub key: String,
    pub row_id: uuid::Uuid,
    /// The last day on which it counted.
    pub day: NaiveDate,
    /// How often, in the period.
    pub times: i64,
}

/// Whether an address may name something so (`Counting::ident`).
pub fn is_ident(indicator: &Indicator, text: &str) -> bool {
    let is_uuid = |text: &str| parse_uuid(text).is_ok();
    match indicator.rollup {
        Rollup::Sum => {
            let pair = text.split_once('/');
            pair.is_some_and(|(record, key)| is_uuid(record) && is_uuid(key))
        }
        _ => !text.is_empty(),
    }
}

/// The things behind a number, the latest first, after `(day, ident)`; `limit` of them.
pub async fn behind(
    db: &mut ScopedTx,
    ask: &Ask,
    after: Option<&(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<Counting>> {
    let (view, inside) = (ask.indicator.view, inside(ask.indicator, &ONE)?);
    // What is only added up is there once: nothing has to be gathered before it is sorted.
    let sql = match ask.indicator.rollup {
        Rollup::Sum => format!(
            "select v.row_id::text || '/' || v.key::text, v.key::text, v.row_id, v.day, 1::bigint
             from {view} v
             where {inside} and $7::boolean is not null
                 and ($8::date is null or (v.day, v.row_id, v.key)
                     < ($8, split_part($9, '/', 1)::uuid, split_part($9, '/', 2)::uuid))
             order by v.day desc, v.row_id desc, v.key desc
             limit $10"
        ),
        _ => format!(
            "select key, key, row_id, day, times
             from (
                 select v.key::text as key, max(v.row_id::text)::uuid as row_id,
                     max(v.day) as day, count(*) as times
                 from {view} v
                 where {inside} and $7::boolean is not null
                 group by 1
             ) f
             where $8::date is null or (day, key) < ($8, $9)
             order by day desc, key desc
             limit $10"
        ),
    };
    let tenant = db.tenant_filter();
    let rows = sqlx::query(closed(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.part.and_then(Part::code))
        .bind(tenant)
        .bind(ask.unit.lo)
        .bind(ask.unit.hi)
        .bind(ask.unit.is_one())
        .bind(after.map(|(day, _)| *day))
        .bind(after.map(|(_, ident)| ident))
        .bind(limit)
        .fetch_all(db.conn())
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Counting {
                ident: row.try_get(0)?,
                key: row.try_get(1)?,
                row_id: row.try_get(2)?,
                day: row.try_get(3)?,
                times: row.try_get(4)?,
            })
        })
        .collect()
}
