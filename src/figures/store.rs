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
use crate::kit::period::Period;
use crate::kit::table::Cell;
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Count(i64),
    Rate { n: i64, d: i64 },
}

impl Value {
    pub fn cell(self) -> Cell {
        match self {
            Self::Count(n) => Cell::int(n),
            Self::Rate { n, d } => Cell::rate(n, d),
        }
    }

    /// How many rows the number opens: those of the numerator, for a rate.
    pub fn rows(self) -> i64 {
        match self {
            Self::Count(n) | Self::Rate { n, .. } => n,
        }
    }
}

/// What is counted of a view.
pub(super) fn counted(rollup: Rollup) -> &'static str {
    match rollup {
        Rollup::Sum => "count(*)",
        Rollup::Distinct | Rollup::Stock | Rollup::Ratio(..) | Rollup::UnitMonths => {
            "count(distinct v.key)"
        }
    }
}

/// Which rows belong to the days `$1` to `$2`.
pub(super) fn within(rollup: Rollup) -> &'static str {
    match rollup {
        Rollup::Stock => "v.day <= $2 and (v.ends_on is null or v.ends_on > $2) and $1 <= $2",
        _ => "v.day between $1 and $2",
    }
}

/// A part can be asked only where there is a column for it; `$3` is bound everywhere.
pub(super) fn sifted(indicator: &Indicator) -> String {
    match part::column(indicator) {
        Some(column) => format!("($3::text is null or {column} = $3)"),
        None => "$3::text is null".to_owned(),
    }
}

/// A statement put together from a closed list (see above): what was typed is bound.
pub(super) fn closed(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

fn named(code: &str) -> Result<&'static Indicator> {
    dictionary::get(code).ok_or_else(|| Error::bug("an unknown figure"))
}

/// The figure itself.
pub async fn count(db: &mut ScopedTx, ask: &Ask) -> Result<Value> {
    match ask.indicator.rollup {
        Rollup::Ratio(n, d) => {
            let of = |indicator| Ask { indicator, ..*ask };
            let n = plain(db, &of(named(n)?)).await?;
            let d = plain(db, &of(named(d)?)).await?;
            Ok(Value::Rate { n, d })
        }
        Rollup::UnitMonths => {
            let months = units::months(db, &ask.unit, ask.period).await?;
            Ok(unit_months(&months, ask.part))
        }
        _ => plain(db, ask).await.map(Value::Count),
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
    let sql = format!(
        "select {}
         from {} v
         where {} and {}
             and ($4::int is null or v.tenant_id = $4) and v.scope between $5 and $6",
        counted(ask.indicator.rollup),
        ask.indicator.view,
        within(ask.indicator.rollup),
        sifted(ask.indicator),
    );
    let tenant = db.tenant_filter();
    let row = sqlx::query(closed(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.part.and_then(Part::code))
        .bind(tenant)
        .bind(ask.unit.lo)
        .bind(ask.unit.hi)
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
        Rollup::Ratio(n, d) => {
            let over = plain_by_unit(db, named(n)?, units, period).await?;
            let under = plain_by_unit(db, named(d)?, units, period).await?;
            let rate = |(key, n): (&(CommitteeId, bool), &i64)| {
                let d = under.get(key).copied().unwrap_or(0);
                (*key, Value::Rate { n: *n, d })
            };
            Ok(over.iter().map(rate).collect())
        }
        Rollup::UnitMonths => {
            let months = units::months_by_unit(db, units, period).await?;
            let value = |(unit, months): (&Unit, &Vec<_>)| (unit.key(), unit_months(months, None));
            Ok(units.iter().zip(&months).map(value).collect())
        }
        _ => {
            let found = plain_by_unit(db, indicator, units, period).await?;
            let value = |(key, n)| (key, Value::Count(n));
            Ok(found.into_iter().map(value).collect())
        }
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

async fn plain_by_unit(
    db: &mut ScopedTx,
    indicator: &Indicator,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(CommitteeId, bool), i64>> {
    let rows = fetch_by_unit(db, indicator, units, period, None).await?;
    let mut found: HashMap<_, _> = units.iter().map(|unit| (unit.key(), 0)).collect();
    for row in rows {
        let unit = unit_at(units, row.try_get(0)?)?;
        found.insert(unit.key(), row.try_get(1)?);
    }
    Ok(found)
}

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
         from unnest($5::bigint[], $6::bigint[]) with ordinality as u (lo, hi, n)
         join {} v on v.scope between u.lo and u.hi
         where {} and {} and ($4::int is null or v.tenant_id = $4) and v.scope between $7 and $8
         group by u.n{column}",
        counted(indicator.rollup),
        indicator.view,
        within(indicator.rollup),
        sifted(indicator),
    );
    let tenant = db.tenant_filter();
    let (los, his) = units::bounds(units);
    // All units together as one stretch: without it the planner would count the whole tenant for each.
    let (lo, hi) = (los.iter().min().copied(), his.iter().max().copied());
    let rows = sqlx::query(closed(sql))
        .bind(period.from())
        .bind(period.to())
        .bind(None::<String>)
        .bind(tenant)
        .bind(los)
        .bind(his)
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

/// The things behind a number, the latest first, after `(day, ident)`; `limit` of them.
pub async fn behind(
    db: &mut ScopedTx,
    ask: &Ask,
    after: Option<&(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<Counting>> {
    let ident = match ask.indicator.rollup {
        Rollup::Sum => "v.row_id::text || '/' || v.key::text",
        _ => "v.key::text",
    };
    let sql = format!(
        "select ident, key, row_id, day, times
         from (
             select {ident} as ident, min(v.key::text) as key, max(v.row_id::text)::uuid as row_id,
                 max(v.day) as day, count(*) as times
             from {} v
             where {} and {}
                 and ($4::int is null or v.tenant_id = $4) and v.scope between $5 and $6
             group by 1
         ) f
         where $7::date is null or (day, ident) < ($7, $8)
         order by day desc, ident desc
         limit $9",
        ask.indicator.view,
        within(ask.indicator.rollup),
        sifted(ask.indicator),
    );
    let tenant = db.tenant_filter();
    let rows = sqlx::query(closed(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.part.and_then(Part::code))
        .bind(tenant)
        .bind(ask.unit.lo)
        .bind(ask.unit.hi)
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
