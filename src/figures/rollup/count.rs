//! Counting into `stats`: one statement a metric and stretch for all committees at once. The view is
//! read once; what it has of each committee and stretch goes to the committee and to all above it, where
//! sums are added and distinct keys counted anew.

use chrono::NaiveDate;

use super::{BY_DAY, Kind, METRICS};
use crate::figures::dictionary::{self, Indicator, Rollup};
use crate::figures::store::closed;
use crate::kit::period::Period;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// The figures of a kind of stretch whose first days lie between two days.
pub(super) async fn rebuild(
    db: &mut ScopedTx,
    committees: &[i32],
    kind: Kind,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    forget(db, committees, kind.code(), from, to).await?;
    let bucket = format!("date_trunc('{}', v.day::timestamp)::date", kind.code());
    let stretch = Stretch {
        period: kind.code(),
        bucket: &bucket,
        from,
        to,
    };
    write(db, committees, &stretch).await
}

/// The same stretches of last year up to today's date, filed under the day on which this year's begin.
pub(super) async fn rebuild_last_year(
    db: &mut ScopedTx,
    committees: &[i32],
    today: NaiveDate,
) -> Result<()> {
    for kind in Kind::ALL {
        let start = kind.start(today);
        let period =
            Period::new(start, today).ok_or_else(|| Error::bug("it began before today"))?;
        let before = period.same_last_year();
        forget(db, committees, kind.last_year(), start, start).await?;
        let bucket = format!("date '{start}'");
        let stretch = Stretch {
            period: kind.last_year(),
            bucket: &bucket,
            from: before.from(),
            to: before.to(),
        };
        write(db, committees, &stretch).await?;
    }
    Ok(())
}

/// The evenings between two days, of `BY_DAY` alone.
pub(super) async fn rebuild_days(
    db: &mut ScopedTx,
    committees: &[i32],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    forget_days(db, committees, from, to).await?;
    let stretch = Stretch {
        period: "day",
        bucket: "v.day",
        from,
        to,
    };
    run(db, committees, &stretch, BY_DAY, WHOLE).await
}

/// Under which name figures are filed and which days they are counted of.
struct Stretch<'a> {
    period: &'static str,
    bucket: &'a str,
    from: NaiveDate,
    to: NaiveDate,
}

async fn write(db: &mut ScopedTx, committees: &[i32], stretch: &Stretch<'_>) -> Result<()> {
    for metric in METRICS {
        run(db, committees, stretch, metric, WHOLE_AND_OWN).await?;
    }
    run(db, committees, stretch, "D09", WHOLE).await
}

/// A committee takes in what lies in its interval. A province's whole is only a `part.` (what its own
/// tenant has) until its cities are added. `$2` are the committees to be counted; is_one as `Unit::is_one`.
const WHOLE: &str = "
    select o.code_lo as scope, a.id, a.code_lo,
        case when a.id = a.tenant_id and a.level <= 2 then 'part.' else '' end as prefix,
        a.level >= 4 as is_one
    from committees a
    join committees o on o.tenant_id = $1 and o.code_lo between a.code_lo and a.code_hi
    where a.tenant_id = $1 and a.id = any($2)";

/// And down to the county, its own rows alone.
const WHOLE_AND_OWN: &str = "
    select o.code_lo as scope, a.id, a.code_lo,
        case when a.id = a.tenant_id and a.level <= 2 then 'part.' else '' end as prefix,
        a.level >= 4 as is_one
    from committees a
    join committees o on o.tenant_id = $1 and o.code_lo between a.code_lo and a.code_hi
    where a.tenant_id = $1 and a.id = any($2)
    union all
    select code_lo, id, code_lo, 'own.', true
    from committees
    where tenant_id = $1 and id = any($2) and level <= 4";

async fn run(
    db: &mut ScopedTx,
    committees: &[i32],
    stretch: &Stretch<'_>,
    metric: &str,
    takers: &str,
) -> Result<()> {
    let indicator = dictionary::get(metric).ok_or_else(|| Error::bug("an unknown metric"))?;
    let sql = statement(indicator, stretch.bucket, takers);
    let (tenant, lo, hi, now) = (db.scope().tenant(), db.lo(), db.hi(), db.now());
    sqlx::query(closed(sql))
        .bind(tenant.0)
        .bind(committees)
        .bind(metric)
        .bind(stretch.period)
        .bind(now)
        .bind(stretch.from)
        .bind(stretch.to)
        .bind(lo)
        .bind(hi)
        .execute(db.conn())
        .await?;
    Ok(())
}

fn statement(indicator: &Indicator, bucket: &str, takers: &str) -> String {
    // What the view is condensed to before it is taken in by four levels.
    let (kept, figure, taken) = match indicator.rollup {
        Rollup::Sum => ("", "sum(f.n)::bigint", ""),
        _ if indicator.is_of_units() => (
            ", v.key, v.is_unit",
            "count(distinct f.key)",
            " and (c.is_one or f.is_unit)",
        ),
        _ => (", v.key", "count(distinct f.key)", ""),
    };
    let (category, suffix, by) = if indicator.code == "D09" {
        (", v.category", " || '.' || f.category", ", f.category")
    } else {
        ("", "", "")
    };
    format!(
        "with f as materialized (
             select v.scope, {bucket} as starts_on{kept}{category}, count(*) as n
             from {view} v
             where v.tenant_id = $1 and v.scope between $8 and $9 and v.day between $6 and $7
             group by v.scope, {bucket}{kept}{category}
         ), c as materialized ({takers}
         )
         insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         select $1, c.id, c.code_lo, $4, f.starts_on, c.prefix || $3{suffix}, {figure}, $5
         from f
         join c on c.scope = f.scope{taken}
         group by c.id, c.code_lo, c.prefix, f.starts_on{by}
         on conflict (tenant_id, committee_id, period, starts_on, metric)
         do update set n = excluded.n, computed_at = excluded.computed_at",
        view = indicator.view,
    )
}

/// The root of a tenant above the cities. Its figures are sums, which `sums` replaces as a whole: here only its own
/// part is counted, and until the sums are made again the last ones stand.
fn summed(db: &ScopedTx) -> Option<i32> {
    let scope = db.scope();
    (scope.ground().level <= 2).then_some(scope.tenant().0)
}

async fn forget(
    db: &mut ScopedTx,
    committees: &[i32],
    period: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    let (tenant, summed) = (db.scope().tenant(), summed(db));
    sqlx::query!(
        "delete from stats
         where tenant_id = $1 and committee_id = any($2) and period = $3
             and starts_on between $4 and $5
             and (committee_id is distinct from $6 or metric like 'part.%' or metric like 'own.%')",
        tenant.0,
        committees,
        period,
        from,
        to,
        summed,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn forget_days(
    db: &mut ScopedTx,
    committees: &[i32],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<()> {
    let (tenant, summed) = (db.scope().tenant(), summed(db));
    sqlx::query!(
        "delete from stats
         where tenant_id = $1 and committee_id = any($2) and period = 'day'
             and metric in ($3, 'part.' || $3) and starts_on between $4 and $5
             and (committee_id is distinct from $6 or metric like 'part.%')",
        tenant.0,
        committees,
        BY_DAY,
        from,
        to,
        summed,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
