//! Units: a committee with its subtree, or its own rows alone (市本级); and the months in which a
//! county-level unit set its evenings.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::dictionary::EVENINGS;
use crate::committees::{self, Committee};
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

    /// One unit by itself: a county, a town or village, own rows alone. Above, there are many.
    pub fn is_one(&self) -> bool {
        self.own || self.level >= 4
    }
}

/// The rows of a committee's table: its own, then each committee directly below, in administrative
/// order (直属系统 has the highest code and so stands last).
pub fn units_of(committee: &Committee, below: &[Committee]) -> Vec<Unit> {
    let own = std::iter::once(Unit::own(committee));
    own.chain(below.iter().map(Unit::whole)).collect()
}

/// The committees whose rows stand in a committee's table: those that are there today, and those that were
/// at some time of the period or of the same one last year, since what they did then is in the figures.
pub async fn below(
    db: &mut ScopedTx,
    committee: &Committee,
    period: Period,
) -> Result<Vec<Committee>> {
    // Below a town nobody keeps records of his own.
    if committee.level >= 5 {
        return Ok(Vec::new());
    }
    let today = db.scope().today();
    let mut all = committees::store::children(db, committee.id).await?;
    let before = period.same_last_year();
    all.retain(|it| it.is_open(today) || stood_in(it, period) || stood_in(it, before));
    Ok(all)
}

fn stood_in(committee: &Committee, period: Period) -> bool {
    let from = committee.ends_on.is_none_or(|end| end > period.from());
    from && committee.starts_on <= period.to()
}

/// A county-level unit in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitMonth {
    /// The first six of the code's fourteen digits; 0 for a unit that was asked alone.
    pub unit: i64,
    pub month: MonthShare,
    /// The days of the month that were asked for.
    pub period: Period,
    pub evenings: u32,
}

impl UnitMonth {
    /// Four evenings, or the share of them for a month that the period covers in part.
    pub fn is_met(&self) -> bool {
        self.evenings >= asked(self.month)
    }
}

/// How many evenings a month, or what of it was asked for, should have.
pub fn asked(month: MonthShare) -> u32 {
    month.pro_rata(EVENINGS).max(1)
}

/// The months that a period covers in part and what they should have: 11 月按 24 天应到 3 晚.
pub fn in_part(period: Period) -> Vec<String> {
    let months = period.months().into_iter();
    let months = months.filter(|share| share.days < share.of);
    let said = |share: MonthShare| {
        let (month, days) = (share.month.month(), share.days);
        format!("{month} 月按 {days} 天应到 {} 晚", asked(share))
    };
    months.map(said).collect()
}

/// Every unit-month that a unit answers for in a period, with its evenings; those of the future are
/// left out. A county, and below it each committee, is its own unit.
pub async fn months(db: &mut ScopedTx, unit: &Unit, period: Period) -> Result<Vec<UnitMonth>> {
    let all = months_by_unit(db, std::slice::from_ref(unit), period).await?;
    Ok(all.into_iter().flatten().collect())
}

/// As `months`, for each of these, in their order.
pub async fn months_by_unit(
    db: &mut ScopedTx,
    units: &[Unit],
    period: Period,
) -> Result<Vec<Vec<UnitMonth>>> {
    let today = db.scope().today();
    let evenings = evenings(db, units, period).await?;
    let answering = answering(db, units).await?;
    let mut found = vec![Vec::new(); units.len()];
    for share in period.months() {
        let whole = Period::month_of(share.month);
        if share.month > today {
            break;
        }
        let from = whole.from().max(period.from());
        let Some(inside) = Period::new(from, whole.to().min(period.to())) else {
            continue;
        };
        for one in answering.iter().filter(|one| one.is_there(whole)) {
            let held = evenings.get(&(one.index, one.number, share.month));
            found[one.index].push(UnitMonth {
                unit: one.number,
                month: share,
                period: inside,
                evenings: held.copied().unwrap_or(0),
            });
        }
    }
    Ok(found)
}

/// Evenings by the index of who asks, unit and month.
async fn evenings(
    db: &mut ScopedTx,
    units: &[Unit],
    period: Period,
) -> Result<HashMap<(usize, i64, NaiveDate), u32>> {
    let tenant = db.tenant_filter();
    let (los, his) = bounds(units);
    let ones: Vec<bool> = units.iter().map(Unit::is_one).collect();
    let rows = sqlx::query!(
        r#"select u.n as "index!", case when u.is_one then 0 else v.key / 100000 end as "unit!",
             date_trunc('month', v.day::timestamp)::date as "month!", count(distinct v.key) as "n!"
         from unnest($1::bigint[], $2::bigint[], $6::boolean[]) with ordinality
             as u (lo, hi, is_one, n)
         join figure_c07 v on v.scope between u.lo and u.hi
         where ($3::int is null or v.tenant_id = $3) and v.day between $4 and $5
         group by 1, 2, 3"#,
        &los,
        &his,
        tenant,
        period.from(),
        period.to(),
        &ones,
    )
    .fetch_all(db.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let index = usize::try_from(row.index - 1).map_err(Error::bug)?;
            let n = u32::try_from(row.n).map_err(Error::bug)?;
            Ok(((index, row.unit, row.month), n))
        })
        .collect()
}

/// The intervals of units, for `unnest`.
pub(super) fn bounds(units: &[Unit]) -> (Vec<i64>, Vec<i64>) {
    units.iter().map(|unit| (unit.lo, unit.hi)).unzip()
}

/// A county-level unit that one of those asked answers for.
struct Answering {
    index: usize,
    number: i64,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

impl Answering {
    fn is_there(&self, month: Period) -> bool {
        self.starts_on <= month.to() && self.ends_on.is_none_or(|end| end > month.from())
    }
}

/// Above a county these are the counties and each city's own; lines (直属系统), zones and a province's own
/// rows are no unit, so a city of five counties has 72 unit-months a year (domain.md §3.6). Whoever asks
/// for one alone gets that one, under number 0. `dashboard::store` counts the same for its sentence; a
/// test compares the two.
async fn answering(db: &mut ScopedTx, units: &[Unit]) -> Result<Vec<Answering>> {
    let (los, his) = bounds(units);
    let ones: Vec<bool> = units.iter().map(Unit::is_one).collect();
    let rows = sqlx::query!(
        r#"select u.n as "index!", case when u.is_one then 0 else k.code_lo / 100000000 end as "number!",
             k.starts_on, k.ends_on
         from unnest($1::bigint[], $2::bigint[], $3::boolean[]) with ordinality
             as u (lo, hi, is_one, n)
         join committees k on k.code_lo between u.lo and u.hi
         where (k.code_lo = u.lo or not u.is_one)
             and (k.level = 3 or k.level = 4 and k.kind = 'area' or u.is_one and k.level >= 5)
         order by u.n, k.code_lo"#,
        &los,
        &his,
        &ones,
    )
    .fetch_all(db.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Answering {
                index: usize::try_from(row.index - 1).map_err(Error::bug)?,
                number: row.number,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
            })
        })
        .collect()
}

/// The date of a `figure_c07` key.
pub fn evening_of_key(key: i64) -> Option<NaiveDate> {
    let days = u64::try_from(key % 100_000).ok()?;
    NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_days(chrono::Days::new(days))
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
            period: Period::month_of("2026-11-01".parse().unwrap()),
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
        let day = |text: &str| text.parse().unwrap();
        let period = Period::new(day("2026-10-01"), day("2026-11-24")).unwrap();
        assert_eq!(in_part(period), ["11 月按 24 天应到 3 晚"]);
    }

    #[test]
    fn a_key_is_a_unit_and_an_evening() {
        let day: NaiveDate = "2026-11-24".parse().unwrap();
        let key = 991_221 * 100_000 + (day - "2000-01-01".parse::<NaiveDate>().unwrap()).num_days();
        assert_eq!(key / 100_000, 991_221);
        assert_eq!(evening_of_key(key), Some(day));
    }
}
