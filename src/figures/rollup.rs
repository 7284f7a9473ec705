//! Roll-ups: `stats` holds each figure by day, month, quarter and year for every committee up to the
//! tenant, and for the same stretch of last year. A write marks its month as stale; here stale months
//! are counted again from the views. Counting replaces what stood there, so it may be run twice or be
//! killed in the middle, and a night's pass mends whatever was missed. A missing row is 0.

mod count;
mod province;

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use self::count::{rebuild, rebuild_days, rebuild_last_year, whole_tenant, with_ancestors};
use self::province::{sum_up, sum_up_if_newer};
use crate::issues::Category;
use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;

/// What is rolled up. Rates and stocks are counted when they are asked.
pub const METRICS: [&str; 9] = [
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09", "D01",
];
/// The evening calendar shows this one by day.
pub const BY_DAY: &str = "C06";
/// Before a metric: a committee's own rows alone (市本级).
pub const OWN: &str = "own.";
/// Written with each night's pass, so that it is done once.
const MARK: &str = "night";

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
    fn around(self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
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

struct Stale {
    committee: i32,
    month: NaiveDate,
    marked_at: DateTime<Utc>,
}

/// Counts what has been marked since the last pass, for one tenant; then, above the cities, adds up.
pub async fn catch_up(scope: &Scope) -> Result<()> {
    let stale = scope.look_long(async |db| stale(db).await).await?;
    let mut months: HashMap<NaiveDate, Vec<Stale>> = HashMap::new();
    for mark in stale {
        months.entry(mark.month).or_default().push(mark);
    }
    for (month, marks) in months {
        scope
            .work(async |db| {
                db.take_time().await?;
                recount(db, month, &marks).await?;
                Ok(db.unchanged(()))
            })
            .await?;
    }
    if scope.ground().level <= 2 {
        sum_up_if_newer(scope).await?;
    }
    Ok(())
}

async fn stale(db: &mut ScopedTx) -> Result<Vec<Stale>> {
    let tenant = db.scope().tenant();
    let rows = sqlx::query!(
        "select committee_id, month, marked_at
         from stale_months
         where tenant_id = $1
         order by marked_at
         limit 2000",
        tenant.0,
    )
    .fetch_all(db.conn())
    .await?;
    let stale = rows.into_iter().map(|row| Stale {
        committee: row.committee_id,
        month: row.month,
        marked_at: row.marked_at,
    });
    Ok(stale.collect())
}

/// One month of the marked committees and of all above them; then takes away the marks that nobody
/// has renewed meanwhile.
async fn recount(db: &mut ScopedTx, month: NaiveDate, marks: &[Stale]) -> Result<()> {
    let marked: Vec<i32> = marks.iter().map(|mark| mark.committee).collect();
    let committees = with_ancestors(db, &marked).await?;
    for kind in Kind::ALL {
        let (from, to) = kind.around(month);
        rebuild(db, &committees, kind, from, to).await?;
    }
    rebuild_days(db, &committees, month, Kind::Month.around(month).1).await?;
    let today = db.scope().today();
    if Period::ytd(today).same_last_year().contains(month) {
        rebuild_last_year(db, &committees, today).await?;
    }
    for mark in marks {
        unmark(db, mark).await?;
    }
    Ok(())
}

async fn unmark(db: &mut ScopedTx, mark: &Stale) -> Result<()> {
    let tenant = db.scope().tenant();
    sqlx::query!(
        "delete from stale_months
         where tenant_id = $1 and committee_id = $2 and month = $3 and marked_at = $4",
        tenant.0,
        mark.committee,
        mark.month,
        mark.marked_at,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Once a day: last year's stretches move on by a day, and the last two months are counted anew.
pub async fn nightly(scope: &Scope) -> Result<()> {
    let today = scope.today();
    let done = scope
        .look_long(async |db| is_marked(db, today).await)
        .await?;
    if done {
        return Ok(());
    }
    scope
        .work(async |db| {
            db.take_time().await?;
            let all = whole_tenant(db).await?;
            let since = today.checked_sub_months(Months::new(1)).unwrap_or(today);
            for kind in Kind::ALL {
                let (from, to) = (kind.start(since), kind.around(today).1);
                rebuild(db, &all, kind, from, to).await?;
            }
            rebuild_days(db, &all, Kind::Month.start(since), today).await?;
            rebuild_last_year(db, &all, today).await?;
            mark(db, today).await?;
            Ok(db.unchanged(()))
        })
        .await
}

/// Counts everything of a tenant anew: after a bulk load, or when in doubt.
pub async fn refresh_all(scope: &Scope) -> Result<()> {
    let today = scope.today();
    scope
        .work(async |db| {
            db.take_time().await?;
            let all = whole_tenant(db).await?;
            let (from, to) = (NaiveDate::MIN.max(year(2000)), year(2101));
            for kind in Kind::ALL {
                rebuild(db, &all, kind, from, to).await?;
            }
            rebuild_days(db, &all, from, to).await?;
            rebuild_last_year(db, &all, today).await?;
            mark(db, today).await?;
            Ok(db.unchanged(()))
        })
        .await?;
    if scope.ground().level <= 2 {
        sum_up(scope).await?;
    }
    Ok(())
}

fn year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

async fn is_marked(db: &mut ScopedTx, today: NaiveDate) -> Result<bool> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from stats
             where tenant_id = $1 and committee_id = $1 and period = 'day' and starts_on = $2
                 and metric = $3) as "found!""#,
        tenant.0,
        today,
        MARK,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

async fn mark(db: &mut ScopedTx, today: NaiveDate) -> Result<()> {
    let (at, now) = (db.scope().place(), db.now());
    sqlx::query!(
        "insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         values ($1, $1, $2, 'day', $3, $4, 0, $5)
         on conflict (tenant_id, committee_id, period, starts_on, metric)
         do update set computed_at = excluded.computed_at",
        at.tenant.0,
        at.scope,
        today,
        MARK,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The metric of a category of 诉求.
pub fn of_category(category: Category) -> String {
    format!("D09.{}", category.code())
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
    fn every_metric_is_an_indicator() {
        assert!(METRICS.iter().all(|code| dictionary::get(code).is_some()));
        assert!(METRICS.contains(&BY_DAY));
    }
}
