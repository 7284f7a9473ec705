//! Figures of many units out of the roll-ups, where nothing has changed since they were counted; what is
//! not kept there is counted from the views. Either way it is the same number, only sooner: a year-end
//! table of a province would otherwise read every visit of it two dozen times.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::dictionary::{Indicator, Rollup};
use super::rollup::{Kind, METRICS, OWN, is_added_up};
use super::store;
use super::units::Unit;
use super::value::{Numbers, Value, counts, rates};
use crate::kit::clock::start_of;
use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::ids::CommitteeId;
use crate::platform::stale::is_merge;
use crate::platform::transaction::ScopedTx;

type ByUnit = HashMap<(CommitteeId, bool), Value>;

/// What the roll-ups hold of some units in a period.
#[derive(Debug)]
pub struct Kept(HashMap<(CommitteeId, String), i64>);

/// None when the period is no stretch that is kept, or something in it is still to be counted again.
pub async fn read(db: &mut ScopedTx, units: &[Unit], period: Period) -> Result<Option<Kept>> {
    let today = db.scope().today();
    let Some((stretch, start)) = stretch(period, today) else {
        return Ok(None);
    };
    // Below the counties own rows are not kept apart: they are few.
    if units.iter().any(|unit| unit.own && unit.level > 4) {
        return Ok(None);
    }
    if is_stale(db, period).await? || !is_added_up(db).await? {
        return Ok(None);
    }
    let ids: Vec<i32> = units.iter().map(|unit| unit.committee.0).collect();
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let rows = sqlx::query!(
        r#"select committee_id as "committee_id: CommitteeId", metric, n, computed_at
         from stats
         where committee_id = any($1) and period = $2 and starts_on = $3
             and ($4::int is null or tenant_id = $4) and scope between $5 and $6"#,
        &ids,
        stretch,
        start,
        tenant,
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    let oldest = rows.iter().map(|row| row.computed_at).min();
    if period.to() < start && !is_of_today(oldest, today) {
        return Ok(None);
    }
    let kept = rows
        .into_iter()
        .map(|row| ((row.committee_id, row.metric), row.n));
    Ok(Some(Kept(kept.collect())))
}

/// The same stretch of last year ends with today's date, so it is counted anew each night; without any row
/// nobody can say whether it was.
fn is_of_today(oldest: Option<DateTime<Utc>>, today: NaiveDate) -> bool {
    oldest.is_some_and(|at| at >= start_of(today))
}

/// Under which name and day the roll-ups keep a period: a month, quarter or year that is over, this one up
/// to today, or the same of last year.
fn stretch(period: Period, today: NaiveDate) -> Option<(&'static str, NaiveDate)> {
    Kind::ALL.into_iter().find_map(|kind| {
        let so_far = Period::new(kind.start(today), today)?;
        if period == so_far
            || kind.around(period.from()) == (period.from(), period.to()) && period.to() < today
        {
            Some((kind.code(), period.from()))
        } else if period == so_far.same_last_year() {
            Some((kind.last_year(), so_far.from()))
        } else {
            None
        }
    })
}

/// Whether a month of the period, or a merge, waits to be counted anywhere in the scope.
async fn is_stale(db: &mut ScopedTx, period: Period) -> Result<bool> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let months = sqlx::query_scalar!(
        "select distinct month
         from stale_months
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3 and month <= $4",
        tenant,
        lo,
        hi,
        period.to(),
    )
    .fetch_all(db.conn())
    .await?;
    let first = Kind::Month.start(period.from());
    Ok(months
        .into_iter()
        .any(|month| is_merge(month) || month >= first))
}

/// The figure of each unit at once; units without rows are given too.
pub async fn by_unit(
    db: &mut ScopedTx,
    kept: Option<&Kept>,
    indicator: &'static Indicator,
    units: &[Unit],
    period: Period,
) -> Result<ByUnit> {
    let Some(kept) = kept else {
        return store::by_unit(db, indicator, units, period).await;
    };
    match indicator.rollup {
        Rollup::Share(n, d) => {
            let over = kept.plain(db, n, units, period).await?;
            let under = kept.plain(db, d, units, period).await?;
            Ok(rates(&over, &under))
        }
        _ if METRICS.contains(&indicator.code) => {
            let n = kept.plain(db, indicator.code, units, period).await?;
            Ok(counts(n))
        }
        _ => store::by_unit(db, indicator, units, period).await,
    }
}

impl Kept {
    async fn plain(
        &self,
        db: &mut ScopedTx,
        code: &str,
        units: &[Unit],
        period: Period,
    ) -> Result<Numbers> {
        if METRICS.contains(&code) {
            let n = |unit: &Unit| (unit.key(), self.of(unit, code));
            return Ok(units.iter().map(n).collect());
        }
        store::plain_by_unit(db, store::named(code)?, units, period).await
    }

    fn of(&self, unit: &Unit, code: &str) -> i64 {
        let metric = if unit.own {
            format!("{OWN}{code}")
        } else {
            code.to_owned()
        };
        let n = self.0.get(&(unit.committee, metric));
        n.copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_stretch_is_kept_when_it_is_over_or_ends_today() {
        let today = date("2026-11-24");
        let of = |from, to| stretch(Period::new(date(from), date(to)).unwrap(), today);
        let jan = date("2026-01-01");
        assert_eq!(of("2026-01-01", "2026-11-24"), Some(("year", jan)));
        assert_eq!(of("2025-01-01", "2025-11-24"), Some(("year_ly", jan)));
        assert_eq!(
            of("2025-01-01", "2025-12-31"),
            Some(("year", date("2025-01-01")))
        );
        assert_eq!(
            of("2026-07-01", "2026-09-30"),
            Some(("quarter", date("2026-07-01")))
        );
        assert_eq!(
            of("2026-10-01", "2026-11-24"),
            Some(("quarter", date("2026-10-01")))
        );
        assert_eq!(
            of("2026-11-01", "2026-11-24"),
            Some(("month", date("2026-11-01")))
        );
        assert_eq!(
            of("2026-01-01", "2026-11-23"),
            None,
            "yesterday has other figures"
        );
        assert_eq!(of("2026-11-01", "2026-11-30"), None, "not over yet");
        assert_eq!(of("2026-02-02", "2026-02-28"), None);
    }
}
