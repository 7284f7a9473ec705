//! Roll-ups: `stats` holds each figure by day, month, quarter and year for every committee up to the
//! tenant, and for the same stretch of last year up to today's date. A write marks its month as stale;
//! here stale months are counted again from the views. Counting replaces what stood there, so it may be
//! run twice or be killed in the middle, and a night's pass mends whatever was missed. A missing row is 0.

mod count;
mod marks;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::issues::Category;
use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::scope::Scope;
use crate::platform::stale::is_merge;
use crate::platform::transaction::ScopedTx;
use marks::Stale;

/// What is rolled up. Rates and stocks are counted when they are asked.
pub const METRICS: [&str; 11] = [
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09", "D01", "D02", "D03",
];
/// The evening calendar shows this one by day.
pub const BY_DAY: &str = "C06";
/// Before a metric: a committee's own rows alone (市本级).
pub const OWN: &str = "own.";

/// Stretches by which figures are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Month,
    Quarter,
    Year,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    pub fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The same stretch of last year, up to today's date.
    pub fn last_year(self) -> &'static str {
        match self {
            Self::Month => "month_ly",
            Self::Quarter => "quarter_ly",
            Self::Year => "year_ly",
        }
    }

    /// The first day of the stretch that a day lies in.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let month = match self {
            Self::Month => day.month(),
            Self::Quarter => (day.month0() / 3) * 3 + 1,
            Self::Year => 1,
        };
        NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
    }

    /// The whole stretch that a day lies in.
    pub(super) fn around(self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let from = self.start(day);
        let months = match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        };
        let next = from.checked_add_months(Months::new(months));
        let to = next.and_then(|next| next.checked_sub_days(Days::new(1)));
        (from, to.unwrap_or(day))
    }
}

/// The metric of a category of 诉求.
pub fn of_category(category: Category) -> String {
    format!("D09.{}", category.code())
}

/// Counts what has been marked since the last pass, for one tenant; then, above the cities, adds up.
pub async fn catch_up(scope: &Scope) -> Result<()> {
    let stale = scope
        .look_long(async |db| marks::stale(db, marks::AT_ONCE).await)
        .await?;
    if !stale.is_empty() {
        scope
            .work(async |db| {
                marks::take_time(db).await?;
                let months = spread(db, &stale).await?;
                recount(db, &months).await?;
                marks::unmark(db, &stale).await?;
                marks::passed(db).await?;
                Ok(db.unchanged(()))
            })
            .await?;
    }
    if scope.ground().level <= 2 {
        sums::add_up(scope).await?;
    }
    Ok(())
}

/// Committees and months to be counted again; a merge stands for all those that it concerns.
async fn spread(db: &mut ScopedTx, stale: &[Stale]) -> Result<Vec<(i32, NaiveDate)>> {
    let (merges, months): (Vec<&Stale>, _) = stale.iter().partition(|mark| is_merge(mark.month));
    let mut months: Vec<_> = months.iter().map(|it| (it.committee, it.month)).collect();
    if !merges.is_empty() {
        months.extend(marks::of_merged(db).await?);
    }
    Ok(months)
}

/// The stretches that marked months lie in, each once, for the marked committees and all above them.
async fn recount(db: &mut ScopedTx, stale: &[(i32, NaiveDate)]) -> Result<()> {
    for kind in Kind::ALL {
        for (start, committees) in by_stretch(stale, kind) {
            let above = marks::with_ancestors(db, &committees).await?;
            let (from, to) = kind.around(start);
            count::rebuild(db, &above, kind, from, to).await?;
            if kind == Kind::Month {
                count::rebuild_days(db, &above, from, to).await?;
            }
        }
    }
    let today = db.scope().today();
    let before = Period::ytd(today).same_last_year();
    let committees: BTreeSet<i32> = stale
        .iter()
        .filter(|(_, month)| before.contains(*month))
        .map(|(committee, _)| *committee)
        .collect();
    if !committees.is_empty() {
        let above = marks::with_ancestors(db, &committees).await?;
        count::rebuild_last_year(db, &above, today).await?;
    }
    Ok(())
}

fn by_stretch(stale: &[(i32, NaiveDate)], kind: Kind) -> BTreeMap<NaiveDate, BTreeSet<i32>> {
    let mut stretches: BTreeMap<NaiveDate, BTreeSet<i32>> = BTreeMap::new();
    for (committee, month) in stale {
        let committees = stretches.entry(kind.start(*month)).or_default();
        committees.insert(*committee);
    }
    stretches
}

/// Whether a province has added up what its cities have counted; a city counts for itself.
pub(super) async fn is_added_up(db: &mut ScopedTx) -> Result<bool> {
    if db.scope().ground().level > 2 {
        return Ok(true);
    }
    let (now, then) = marks::passes(db).await?;
    Ok(now == then)
}

/// Once a day: last year's stretches move on by a day, and the last two months are counted anew.
pub async fn nightly(scope: &Scope) -> Result<()> {
    let today = scope.today();
    let done = scope
        .look_long(async |db| marks::is_night_done(db, today).await)
        .await?;
    if done {
        return Ok(());
    }
    let since = today.checked_sub_months(Months::new(1)).unwrap_or(today);
    refresh(scope, since, today).await
}

/// Counts everything of a tenant anew: after a bulk load, or when in doubt. Of a province, its cities
/// have to be counted before. The tables want to be analysed before.
pub async fn refresh_all(scope: &Scope) -> Result<()> {
    let stale = scope
        .look_long(async |db| marks::stale(db, i64::MAX).await)
        .await?;
    refresh(scope, year(2000), year(2101)).await?;
    scope
        .work(async |db| {
            marks::unmark(db, &stale).await?;
            Ok(db.unchanged(()))
        })
        .await?;
    if scope.ground().level <= 2 {
        sums::add_up(scope).await?;
    }
    Ok(())
}

/// The stretches of these days, and last year's up to today.
async fn refresh(scope: &Scope, since: NaiveDate, to: NaiveDate) -> Result<()> {
    let today = scope.today();
    scope
        .work(async |db| {
            marks::take_time(db).await?;
            let all = marks::whole_tenant(db).await?;
            for kind in Kind::ALL {
                count::rebuild(db, &all, kind, kind.start(since), kind.around(to).1).await?;
            }
            let month = Kind::Month;
            count::rebuild_days(db, &all, month.start(since), month.around(to).1).await?;
            count::rebuild_last_year(db, &all, today).await?;
            marks::night_is_done(db, today).await?;
            marks::passed(db).await?;
            Ok(db.unchanged(()))
        })
        .await
}

fn year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::dictionary;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn stretches_begin_and_end_where_they_should() {
        let day = date("2026-11-24");
        assert_eq!(
            Kind::Month.around(day),
            (date("2026-11-01"), date("2026-11-30"))
        );
        assert_eq!(
            Kind::Quarter.around(day),
            (date("2026-10-01"), date("2026-12-31"))
        );
        assert_eq!(
            Kind::Year.around(day),
            (date("2026-01-01"), date("2026-12-31"))
        );
        assert_eq!(Kind::Quarter.start(date("2026-03-31")), date("2026-01-01"));
    }

    #[test]
    fn many_marks_of_one_year_count_it_once() {
        let mark = |committee, month: &str| (committee, date(month));
        let stale = [
            mark(1, "2026-01-01"),
            mark(2, "2026-03-01"),
            mark(1, "2026-04-01"),
        ];
        let size = |kind| by_stretch(&stale, kind).len();
        assert_eq!(Kind::ALL.map(size), [3, 2, 1]);
        assert_eq!(
            by_stretch(&stale, Kind::Quarter)[&date("2026-01-01")].len(),
            2
        );
    }

    #[test]
    fn every_metric_is_an_indicator() {
        assert!(METRICS.iter().all(|code| dictionary::get(code).is_some()));
        assert!(METRICS.contains(&BY_DAY));
    }
}
