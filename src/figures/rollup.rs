//! Roll-ups: `stats` holds each figure by day, month, quarter and year for every committee up to the
//! tenant, and for the same stretch of last year. A write marks its month as stale; here stale months
//! are counted again from the views. Counting replaces what stood there, so it may be run twice or be
//! killed in the middle, and a night's pass mends whatever was missed. A missing row is 0.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use super::dictionary::{self, Indicator};
use super::store::counted;
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

async fn with_ancestors(db: &mut ScopedTx, committees: &[i32]) -> Result<Vec<i32>> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        "select distinct a.id
         from committees c
         join committees a on a.tenant_id = $1 and c.code_lo between a.code_lo and a.code_hi
         where c.id = any($2)",
        tenant.0,
        committees,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

async fn whole_tenant(db: &mut ScopedTx) -> Result<Vec<i32>> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!("select id from committees where tenant_id = $1", tenant.0)
        .fetch_all(db.conn())
        .await?;
    Ok(found)
}

/// Committees as intervals: whole, and own rows alone down to the county. A province's whole is only
/// a `part.` (what its own tenant has) until its cities are added.
const INTERVALS: &str = "(
    select id, tenant_id, code_lo, code_lo as lo, code_hi as hi,
        case when id = tenant_id and level <= 2 then 'part.' else '' end as prefix
    from committees where id = any($2)
    union all
    select id, tenant_id, code_lo, code_lo, code_lo, 'own.'
    from committees where id = any($2) and level <= 4
) c";

async fn rebuild(
    db: &mut ScopedTx,
    committees: &[i32],
    kind: Kind,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    forget(db, committees, kind.code(), from, to).await?;
    let bucket = format!("date_trunc('{}', v.day::timestamp)::date", kind.code());
    write(db, committees, kind.code(), &bucket, from, to).await
}

/// The same stretch of last year, filed under the day on which this year's stretch begins.
async fn rebuild_last_year(db: &mut ScopedTx, committees: &[i32], today: NaiveDate) -> Result<()> {
    for kind in Kind::ALL {
        let start = kind.start(today);
        let Some(period) = Period::new(start, today) else {
            continue;
        };
        let before = period.same_last_year();
        forget(db, committees, kind.last_year(), start, start).await?;
        let bucket = format!("date '{start}'");
        let (from, to) = (before.from(), before.to());
        write(db, committees, kind.last_year(), &bucket, from, to).await?;
    }
    Ok(())
}

async fn forget(
    db: &mut ScopedTx,
    committees: &[i32],
    period: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    let tenant = db.scope().tenant();
    sqlx::query!(
        "delete from stats
         where tenant_id = $1 and committee_id = any($2) and period = $3
             and starts_on between $4 and $5",
        tenant.0,
        committees,
        period,
        from,
        to,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn write(
    db: &mut ScopedTx,
    committees: &[i32],
    period: &str,
    bucket: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    for metric in METRICS {
        let Some(indicator) = dictionary::get(metric) else {
            continue;
        };
        let sql = statement(indicator, bucket, "c.prefix || $3", "true", "");
        run(db, sql, committees, metric, period, from, to).await?;
    }
    if let Some(categories) = dictionary::get("D09") {
        let sql = statement(
            categories,
            bucket,
            "c.prefix || $3 || '.' || v.category",
            "c.prefix <> 'own.'",
            ", v.category",
        );
        run(db, sql, committees, "D09", period, from, to).await?;
    }
    Ok(())
}

/// From a closed list: views of the dictionary, buckets of `Kind`, a date we formatted.
fn statement(
    indicator: &Indicator,
    bucket: &str,
    metric: &str,
    condition: &str,
    grouping: &str,
) -> String {
    format!(
        "insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         select c.tenant_id, c.id, c.code_lo, $4, {bucket}, {metric}, {}, $5
         from {INTERVALS}
         join {} v on v.tenant_id = $1 and v.scope between c.lo and c.hi
             and v.day between $6 and $7
         where {condition}
         group by c.tenant_id, c.id, c.code_lo, c.prefix, {bucket}{grouping}",
        counted(indicator.rollup),
        indicator.view,
    )
}

async fn run(
    db: &mut ScopedTx,
    sql: String,
    committees: &[i32],
    metric: &str,
    period: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    let (tenant, now) = (db.scope().tenant(), db.now());
    sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(committees)
        .bind(metric)
        .bind(period)
        .bind(now)
        .bind(from)
        .bind(to)
        .execute(db.conn())
        .await?;
    Ok(())
}

async fn rebuild_days(
    db: &mut ScopedTx,
    committees: &[i32],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    forget(db, committees, "day", from, to).await?;
    if let Some(indicator) = dictionary::get(BY_DAY) {
        let sql = statement(
            indicator,
            "v.day",
            "c.prefix || $3",
            "c.prefix <> 'own.'",
            "",
        );
        run(db, sql, committees, BY_DAY, "day", from, to).await?;
    }
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

/// A province is the sum of its cities and its own part: what is counted once there (a young person,
/// a cadre, a visit, an organisation, a unit's evening) never belongs to two tenants.
async fn sum_up_if_newer(scope: &Scope) -> Result<()> {
    let newer = scope
        .look_long(async |db| {
            let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
            let level = db.scope().ground().level + 1;
            let newer = sqlx::query_scalar!(
                r#"select coalesce(max(s.computed_at) filter (where s.committee_id <> $1), '-infinity')
                     > coalesce(max(s.computed_at) filter (where s.committee_id = $1
                         and s.metric not like 'part.%' and s.metric not like 'own.%'
                         and s.metric <> $5), '-infinity') as "newer!"
                 from stats s
                 join committees k on k.id = s.committee_id
                 where s.scope between $2 and $3
                     and (k.id = k.tenant_id and k.level = $4 or k.id = $1)"#,
                tenant.0,
                lo,
                hi,
                level,
                MARK,
            )
            .fetch_one(db.conn())
            .await?;
            Ok(newer)
        })
        .await?;
    if newer { sum_up(scope).await } else { Ok(()) }
}

async fn sum_up(scope: &Scope) -> Result<()> {
    scope
        .work(async |db| {
            let (at, hi, now) = (db.scope().place(), db.hi(), db.now());
            let level = db.scope().ground().level + 1;
            sqlx::query!(
                "delete from stats
                 where tenant_id = $1 and committee_id = $1 and metric not like 'part.%'
                     and metric not like 'own.%' and metric <> $2",
                at.tenant.0,
                MARK,
            )
            .execute(db.conn())
            .await?;
            sqlx::query!(
                "insert into stats
                     (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
                 select $1, $1, $2, period, starts_on, metric, sum(n), $5
                 from (
                     select s.period, s.starts_on, s.metric, s.n
                     from stats s
                     join committees k on k.id = s.committee_id and k.id = k.tenant_id
                     where k.level = $4 and s.scope between $2 and $3 and s.metric not like 'own.%'
                         and s.metric not like 'part.%' and s.metric <> $6
                     union all
                     select period, starts_on, substr(metric, 6), n
                     from stats
                     where tenant_id = $1 and committee_id = $1 and metric like 'part.%'
                 ) p
                 group by period, starts_on, metric",
                at.tenant.0,
                at.scope,
                hi,
                level,
                now,
                MARK,
            )
            .execute(db.conn())
            .await?;
            Ok(db.unchanged(()))
        })
        .await
}

/// The metric of a category of 诉求.
pub fn of_category(category: Category) -> String {
    format!("D09.{}", category.code())
}

#[cfg(test)]
mod tests {
    use super::*;

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
