//! Units: a committee with its subtree, or its own rows alone (市本级); and the months in which a
//! county-level unit set its evenings.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::dictionary::EVENINGS;
use crate::committees::Committee;
use crate::kit::period::{MonthShare, Period};
use crate::platform::ids::CommitteeId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// What a row of a county table stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub committee: CommitteeId,
    /// Its own rows alone: 市本级.
    pub own: bool,
    pub level: i16,
    pub lo: i64,
    pub hi: i64,
}

impl Unit {
    pub fn whole(committee: &Committee) -> Self {
        Self {
            committee: committee.id,
            own: false,
            level: committee.level,
            lo: committee.code_lo,
            hi: committee.code_hi,
        }
    }

    pub fn own(committee: &Committee) -> Self {
        Self {
            own: true,
            hi: committee.code_lo,
            ..Self::whole(committee)
        }
    }

    pub fn key(&self) -> (CommitteeId, bool) {
        (self.committee, self.own)
    }
}

/// The rows of a committee's table: its own, then each committee directly below, in administrative
/// order (直属系统 has the highest code and so stands last).
pub fn units_of(committee: &Committee, below: &[Committee]) -> Vec<Unit> {
    let own = std::iter::once(Unit::own(committee));
    own.chain(below.iter().map(Unit::whole)).collect()
}

/// A county-level unit in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitMonth {
    /// The first six of the code's fourteen digits.
    pub unit: i64,
    pub month: MonthShare,
    pub evenings: u32,
}

impl UnitMonth {
    /// Four evenings, or the share of them for a month that the period covers in part.
    pub fn is_met(&self) -> bool {
        self.evenings >= self.month.pro_rata(EVENINGS).max(1)
    }
}

/// Every unit-month that a unit answers for in a period, with its evenings; those of the future are
/// left out. Below a county the committee is its own unit.
pub async fn months(db: &mut ScopedTx, unit: &Unit, period: Period) -> Result<Vec<UnitMonth>> {
    let today = db.scope().today();
    let evenings = evenings(db, unit, period).await?;
    let numbers = county_units(db, unit, period).await?;
    let mut found = Vec::new();
    for month in period.months() {
        if month.month > today {
            break;
        }
        for (number, starts_on, ends_on) in &numbers {
            let last = last_of(month.month);
            if *starts_on > last || ends_on.is_some_and(|end| end <= month.month) {
                continue;
            }
            let held = evenings.get(&(*number, month.month)).copied();
            found.push(UnitMonth {
                unit: *number,
                month,
                evenings: held.unwrap_or(0),
            });
        }
    }
    Ok(found)
}

fn last_of(month: NaiveDate) -> NaiveDate {
    Period::month_of(month).to()
}

async fn evenings(
    db: &mut ScopedTx,
    unit: &Unit,
    period: Period,
) -> Result<HashMap<(i64, NaiveDate), u32>> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select key / 100000 as "unit!", date_trunc('month', day::timestamp)::date as "month!",
             count(distinct key) as "n!"
         from figure_c07
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3
             and day between $4 and $5
         group by 1, 2"#,
        tenant,
        unit.lo,
        unit.hi,
        period.from(),
        period.to(),
    )
    .fetch_all(db.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let n = u32::try_from(row.n).map_err(Error::bug)?;
            Ok(((row.unit, row.month), n))
        })
        .collect()
}

type Number = (i64, NaiveDate, Option<NaiveDate>);

async fn county_units(db: &mut ScopedTx, unit: &Unit, period: Period) -> Result<Vec<Number>> {
    // A county, a town, or 市本级 alone is one unit; above, the counties and each level's own.
    if unit.own || unit.level >= 4 {
        return Ok(vec![(unit.lo / 100_000_000, period.from(), None)]);
    }
    let rows = sqlx::query!(
        r#"select code_lo / 100000000 as "unit!", starts_on, ends_on
         from committees
         where code_lo between $1 and $2
             and (level = 4 and kind in ('area', 'line') or level = 3)
         order by code_lo"#,
        unit.lo,
        unit.hi,
    )
    .fetch_all(db.conn())
    .await?;
    let numbers = rows
        .into_iter()
        .map(|row| (row.unit, row.starts_on, row.ends_on));
    Ok(numbers.collect())
}

/// The date of a `figure_c07` key.
pub fn evening_of_key(key: i64) -> Option<NaiveDate> {
    let days = u64::try_from(key % 100_000).ok()?;
    NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_days(chrono::Days::new(days))
}

/// First and last day of a month, for links.
pub fn month_period(month: NaiveDate) -> Period {
    Period::month_of(month.with_day(1).unwrap_or(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(days: u32, evenings: u32) -> UnitMonth {
        UnitMonth {
            unit: 991_221,
            month: MonthShare {
                month: "2026-11-01".parse().unwrap(),
                days,
                of: 30,
            },
            evenings,
        }
    }

    #[test]
    fn four_evenings_or_their_share() {
        assert!(month(30, 4).is_met());
        assert!(!month(30, 3).is_met());
        assert!(month(23, 3).is_met());
        assert!(!month(23, 2).is_met());
        assert!(
            !month(1, 0).is_met(),
            "a day alone still asks for an evening"
        );
    }

    #[test]
    fn a_key_is_a_unit_and_an_evening() {
        let day: NaiveDate = "2026-11-24".parse().unwrap();
        let key = 991_221 * 100_000 + (day - "2000-01-01".parse::<NaiveDate>().unwrap()).num_days();
        assert_eq!(key / 100_000, 991_221);
        assert_eq!(evening_of_key(key), Some(day));
    }
}
