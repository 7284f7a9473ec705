//! What is to be counted again, and what has been: marks of stale months, and lines of `stats` that
//! say how often a tenant was counted and which night's pass is done.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

/// Written with each night's pass, so that it is done once.
const NIGHT: &str = "night";
/// How often this tenant was counted: whoever adds up compares.
const PASS: &str = "pass";
/// How often what is added up here had been counted.
const SUM: &str = "sum";

/// At most so many in one transaction; the rest waits for the next pass.
pub(super) const AT_ONCE: i64 = 2000;

/// A roll-up may take longer than a page, and sorts more. One at a time in a tenant: of two servers, the
/// one that counted first could otherwise write last, over what the other has counted since.
pub(super) async fn take_time(db: &mut ScopedTx) -> Result<()> {
    const COUNTING: i32 = 0x5154;
    let settings = "set local statement_timeout = '5min'; set local work_mem = '32MB'";
    sqlx::raw_sql(settings).execute(db.conn()).await?;
    let tenant = db.scope().tenant();
    sqlx::query!("select pg_advisory_xact_lock($1, $2)", COUNTING, tenant.0)
        .execute(db.conn())
        .await?;
    Ok(())
}

#[derive(Clone, Debug)]
pub(super) struct Stale {
    pub committee: i32,
    pub month: NaiveDate,
    /// Changes whenever the mark is renewed, whatever a clock says: the transaction that wrote it.
    pub writer: String,
}

/// The oldest marks.
pub(super) async fn stale(db: &mut ScopedTx, limit: i64) -> Result<Vec<Stale>> {
    let tenant = db.scope().tenant();
    let stale = sqlx::query_as!(
        Stale,
        r#"select committee_id as committee, month, xmin::text as "writer!"
         from stale_months
         where tenant_id = $1
         order by marked_at
         limit $2"#,
        tenant.0,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(stale)
}

/// The months in which organisations that have been merged were visited, by whom: what `stale::mark_merge`
/// stands for, since whoever merges sees no visit of another committee.
pub(super) async fn of_merged(db: &mut ScopedTx) -> Result<Vec<(i32, NaiveDate)>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let rows = sqlx::query!(
        r#"select distinct v.committee_id, date_trunc('month', v.evening::timestamp)::date as "month!"
         from organisations o
         join visits v on v.tenant_id = o.tenant_id and (v.organisation_id = o.id or v.village_id = o.id)
         where o.tenant_id = $1 and o.successor_id is not null and v.scope between $2 and $3
             and v.state = 'submitted'"#,
        tenant.0,
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    let month = rows.into_iter().map(|row| (row.committee_id, row.month));
    Ok(month.collect())
}

/// Takes the marks away that nobody has renewed since they were read. A writer whose transaction is
/// still open holds his mark's row: then this waits for him, and finds it renewed.
pub(super) async fn unmark(db: &mut ScopedTx, stale: &[Stale]) -> Result<()> {
    let tenant = db.scope().tenant();
    let committees: Vec<i32> = stale.iter().map(|mark| mark.committee).collect();
    let months: Vec<NaiveDate> = stale.iter().map(|mark| mark.month).collect();
    let writers: Vec<String> = stale.iter().map(|mark| mark.writer.clone()).collect();
    sqlx::query!(
        "delete from stale_months s
         using unnest($2::int[], $3::date[], $4::text[]) as u (committee_id, month, writer)
         where s.tenant_id = $1 and s.committee_id = u.committee_id and s.month = u.month
             and s.xmin::text = u.writer",
        tenant.0,
        &committees,
        &months,
        &writers,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The committees and all above them, within the tenant.
pub(super) async fn with_ancestors(
    db: &mut ScopedTx,
    committees: &BTreeSet<i32>,
) -> Result<Vec<i32>> {
    let tenant = db.scope().tenant();
    let committees: Vec<i32> = committees.iter().copied().collect();
    let found = sqlx::query_scalar!(
        "select distinct a.id
         from committees c
         join committees a on a.tenant_id = $1 and c.code_lo between a.code_lo and a.code_hi
         where c.id = any($2)",
        tenant.0,
        &committees,
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

pub(super) async fn is_night_done(db: &mut ScopedTx, today: NaiveDate) -> Result<bool> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from stats
             where tenant_id = $1 and committee_id = $1 and period = 'day' and starts_on = $2
                 and metric = $3) as "found!""#,
        tenant.0,
        today,
        NIGHT,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

pub(super) async fn night_is_done(db: &mut ScopedTx, today: NaiveDate) -> Result<()> {
    line(db, NIGHT, today, 0).await
}

/// This tenant was counted once more.
pub(super) async fn passed(db: &mut ScopedTx) -> Result<()> {
    let (at, now) = (db.scope().place(), db.now());
    sqlx::query!(
        "insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         values ($1, $1, $2, 'day', $5, $3, 1, $4)
         on conflict (tenant_id, committee_id, period, starts_on, metric)
         do update set n = stats.n + 1, computed_at = excluded.computed_at",
        at.tenant.0,
        at.scope,
        PASS,
        now,
        epoch(),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Lines that belong to no day are filed here, before the first record.
fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

/// How often what is to be added up here has been counted, and how often it had been when it was
/// added up last. Both only grow, so no clock has to be believed.
pub(super) async fn passes(db: &mut ScopedTx) -> Result<(i64, i64)> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let level = db.scope().ground().level + 1;
    let row = sqlx::query!(
        r#"select
             coalesce(sum(s.n) filter (where k.id <> $1 or s.metric = $5), 0)::bigint as "now!",
             coalesce(sum(s.n) filter (where k.id = $1 and s.metric = $6), 0)::bigint as "then!"
         from committees k
         join stats s on s.tenant_id = k.id and s.committee_id = k.id and s.period = 'day'
             and s.starts_on = $7 and s.metric in ($5, $6)
         where k.code_lo between $2 and $3 and k.id = k.tenant_id
             and (k.level = $4 or k.id = $1)"#,
        tenant.0,
        lo,
        hi,
        level,
        PASS,
        SUM,
        epoch(),
    )
    .fetch_one(db.conn())
    .await?;
    Ok((row.now, row.then))
}

/// What was added up had been counted so often.
pub(super) async fn added(db: &mut ScopedTx, passes: i64) -> Result<()> {
    line(db, SUM, epoch(), passes).await
}

async fn line(db: &mut ScopedTx, metric: &str, day: NaiveDate, n: i64) -> Result<()> {
    let (at, now) = (db.scope().place(), db.now());
    sqlx::query!(
        "insert into stats
             (tenant_id, committee_id, scope, period, starts_on, metric, n, computed_at)
         values ($1, $1, $2, 'day', $3, $4, $5, $6)
         on conflict (tenant_id, committee_id, period, starts_on, metric)
         do update set n = excluded.n, computed_at = excluded.computed_at",
        at.tenant.0,
        at.scope,
        day,
        metric,
        n,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
