//! Counts stretches of a set of committees anew: what stood there goes, what the views say comes.

use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use super::{BY_DAY, Kind, METRICS};
use crate::figures::dictionary::{self, Indicator};
use crate::figures::store::counted;
use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

pub(super) async fn with_ancestors(db: &mut ScopedTx, committees: &[i32]) -> Result<Vec<i32>> {
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

pub(super) async fn whole_tenant(db: &mut ScopedTx) -> Result<Vec<i32>> {
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

pub(super) async fn rebuild(
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
pub(super) async fn rebuild_last_year(
    db: &mut ScopedTx,
    committees: &[i32],
    today: NaiveDate,
) -> Result<()> {
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

pub(super) async fn rebuild_days(
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
