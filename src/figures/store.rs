//! Counting: one SQL for each way of rolling up, over the view of any indicator.
//!
//! Statements are put together from a closed list: the views of the dictionary and the expressions
//! below. Nothing that was typed gets into a statement; it is bound.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Row};

use super::dictionary::{self, Indicator, Rollup};
use super::units::{self, Unit};
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
    /// One of the sixteen, for D09.
    pub category: Option<&'static str>,
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

/// A category can be asked only where there is one; `$3` is bound everywhere.
pub(super) fn sifted(indicator: &Indicator) -> &'static str {
    if indicator.view == "figure_d01" {
        "($3::text is null or v.category = $3)"
    } else {
        "$3::text is null"
    }
}

/// The figure itself.
pub async fn count(db: &mut ScopedTx, ask: &Ask) -> Result<Value> {
    match ask.indicator.rollup {
        Rollup::Ratio(n, d) => {
            let part = |code| dictionary::get(code).ok_or_else(|| Error::bug("an unknown figure"));
            let n = plain(
                db,
                &Ask {
                    indicator: part(n)?,
                    ..*ask
                },
            )
            .await?;
            let d = plain(
                db,
                &Ask {
                    indicator: part(d)?,
                    ..*ask
                },
            )
            .await?;
            Ok(Value::Rate { n, d })
        }
        Rollup::UnitMonths => unit_months(db, ask).await,
        _ => plain(db, ask).await.map(Value::Count),
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
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.category)
        .bind(tenant)
        .bind(ask.unit.lo)
        .bind(ask.unit.hi)
        .fetch_one(db.conn())
        .await?;
    Ok(row.try_get(0)?)
}

async fn unit_months(db: &mut ScopedTx, ask: &Ask) -> Result<Value> {
    let months = units::months(db, &ask.unit, ask.period).await?;
    let n = months.iter().filter(|month| month.is_met()).count();
    Ok(Value::Rate {
        n: i64::try_from(n).map_err(Error::bug)?,
        d: i64::try_from(months.len()).map_err(Error::bug)?,
    })
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
            let part = |code| dictionary::get(code).ok_or_else(|| Error::bug("an unknown figure"));
            let over = plain_by_unit(db, part(n)?, units, period).await?;
            let under = plain_by_unit(db, part(d)?, units, period).await?;
            let rate = |(key, n): (&(CommitteeId, bool), &i64)| {
                let d = under.get(key).copied().unwrap_or(0);
                (*key, Value::Rate { n: *n, d })
            };
            Ok(over.iter().map(rate).collect())
        }
        Rollup::UnitMonths => unit_months_by_unit(db, indicator, units, period).await,
        _ => {
            let found = plain_by_unit(db, indicator, units, period).await?;
            let value = |(key, n)| (key, Value::Count(n));
            Ok(found.into_iter().map(value).collect())
        }
    }
}

async fn unit_months_by_unit(
    db: &mut ScopedTx,
    indicator: &'static Indicator,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(CommitteeId, bool), Value>> {
    let mut found = HashMap::new();
    for unit in units {
        let ask = Ask {
            indicator,
            unit: *unit,
            period,
            category: None,
        };
        found.insert(unit.key(), unit_months(db, &ask).await?);
    }
    Ok(found)
}

/// 诉求 of each category by unit; what is not there is 0.
pub async fn by_category(
    db: &mut ScopedTx,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(String, CommitteeId, bool), i64>> {
    let tenant = db.tenant_filter();
    let los: Vec<i64> = units.iter().map(|unit| unit.lo).collect();
    let his: Vec<i64> = units.iter().map(|unit| unit.hi).collect();
    let rows = sqlx::query!(
        r#"select u.n as "unit!", v.category as "category!", count(*) as "n!"
         from unnest($1::bigint[], $2::bigint[]) with ordinality as u (lo, hi, n)
         join figure_d01 v on v.scope between u.lo and u.hi
         where v.day between $3 and $4 and ($5::int is null or v.tenant_id = $5)
         group by 1, 2"#,
        &los,
        &his,
        period.from(),
        period.to(),
        tenant,
    )
    .fetch_all(db.conn())
    .await?;
    let mut found = HashMap::new();
    for row in rows {
        let unit = units[usize::try_from(row.unit - 1).map_err(Error::bug)?];
        found.insert((row.category, unit.committee, unit.own), row.n);
    }
    Ok(found)
}

async fn plain_by_unit(
    db: &mut ScopedTx,
    indicator: &Indicator,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(CommitteeId, bool), i64>> {
    let sql = format!(
        "select u.n::int, {}
         from unnest($5::bigint[], $6::bigint[]) with ordinality as u (lo, hi, n)
         join {} v on v.scope between u.lo and u.hi
         where {} and {} and ($4::int is null or v.tenant_id = $4)
         group by u.n",
        counted(indicator.rollup),
        indicator.view,
        within(indicator.rollup),
        sifted(indicator),
    );
    let tenant = db.tenant_filter();
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(period.from())
        .bind(period.to())
        .bind(None::<String>)
        .bind(tenant)
        .bind(units.iter().map(|unit| unit.lo).collect::<Vec<_>>())
        .bind(units.iter().map(|unit| unit.hi).collect::<Vec<_>>())
        .fetch_all(db.conn())
        .await?;
    let mut found: HashMap<_, _> = units.iter().map(|unit| (unit.key(), 0)).collect();
    for row in rows {
        let number: i32 = row.try_get(0)?;
        let index = usize::try_from(number - 1).map_err(Error::bug)?;
        found.insert(units[index].key(), row.try_get(1)?);
    }
    Ok(found)
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
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(ask.period.from())
        .bind(ask.period.to())
        .bind(ask.category)
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
