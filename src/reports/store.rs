//! The figures of a report, the typed ones, and visits for a file.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::{Stream, TryStreamExt};

use super::model::{Entry, NewTyped, Parts, Report, Typed, TypedId};
use crate::cadres::Nature;
use crate::committees;
use crate::figures::kept::{self, Kept};
use crate::figures::{Indicator, Part, Unit, Value, below, dictionary, store as figures, units_of};
use crate::issues::Category;
use crate::kit::clock::start_of;
use crate::kit::period::Period;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Every indicator of the level itself and of what is below it.
pub async fn report(db: &mut ScopedTx, id: CommitteeId, period: Period) -> Result<Report> {
    let mut report = begin(db, id, period).await?;
    let counted = report.counted();
    let kept = Both {
        now: kept::read(db, &counted, period).await?,
        before: kept::read(db, &counted, period.same_last_year()).await?,
    };
    let mut typed = typed(db, report.committee.place(), period.same_last_year()).await?;
    for indicator in dictionary::ALL.iter().filter(|it| it.code != "D09") {
        let mine = typed.iter().position(|it| it.indicator == indicator.code);
        let mine = mine.map(|index| typed.swap_remove(index));
        let entry = entry(db, &kept, indicator, &counted, period, mine).await?;
        report.entries.push(entry);
    }
    let categories = Category::ALL.iter().map(|it| Part::Category(*it));
    let natures = Nature::ALL.iter().map(|it| Part::Nature(*it));
    report
        .parts
        .push(parts(db, "A07", natures.collect(), &counted, period).await?);
    report
        .parts
        .push(parts(db, "D09", categories.collect(), &counted, period).await?);
    Ok(report)
}

/// One indicator of the level itself alone, for its sentence.
pub async fn one(
    db: &mut ScopedTx,
    id: CommitteeId,
    period: Period,
    indicator: &'static Indicator,
) -> Result<Report> {
    let mut report = begin(db, id, period).await?;
    let place = report.committee.place();
    let typed = typed_one(db, place, indicator.code, period.same_last_year()).await?;
    let whole = [report.whole()];
    let entry = entry(db, &Both::default(), indicator, &whole, period, typed).await?;
    report.entries.push(entry);
    Ok(report)
}

async fn begin(db: &mut ScopedTx, id: CommitteeId, period: Period) -> Result<Report> {
    let committee = committees::store::get(db, id).await?;
    let committee = committee.ok_or(Error::NotFound)?;
    let below = below(db, &committee, period).await?;
    let was_kept = was_kept(db, period.same_last_year().to()).await?;
    // Nothing yet of what still goes on is nought.
    let goes_on = period.to() >= db.scope().today();
    Ok(Report {
        is_kept: was_kept || goes_on || self::was_kept(db, period.to()).await?,
        was_kept,
        units: units_of(&committee, &below),
        committee,
        below,
        period,
        entries: Vec::new(),
        parts: Vec::new(),
    })
}

/// Whether there is any record of that day or an earlier one within the scope.
async fn was_kept(db: &mut ScopedTx, day: NaiveDate) -> Result<bool> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let kept = sqlx::query_scalar!(
        r#"select exists (
             select
             from visits
             where ($1::int is null or tenant_id = $1) and scope between $2 and $3
                 and state = 'submitted' and evening <= $4)
         or exists (
             select
             from issues
             where ($1::int is null or tenant_id = $1) and scope between $2 and $3
                 and raised_on <= $4) as "it!""#,
        tenant,
        lo,
        hi,
        day,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(kept)
}

/// What the roll-ups hold of both periods.
#[derive(Default)]
struct Both {
    now: Option<Kept>,
    before: Option<Kept>,
}

async fn entry(
    db: &mut ScopedTx,
    kept: &Both,
    indicator: &'static Indicator,
    units: &[Unit],
    period: Period,
    typed: Option<Typed>,
) -> Result<Entry> {
    let before = period.same_last_year();
    Ok(Entry {
        indicator,
        now: kept::by_unit(db, kept.now.as_ref(), indicator, units, period).await?,
        before: kept::by_unit(db, kept.before.as_ref(), indicator, units, before).await?,
        typed,
    })
}

async fn parts(
    db: &mut ScopedTx,
    code: &str,
    parts: Vec<Part>,
    units: &[Unit],
    period: Period,
) -> Result<Parts> {
    let indicator = dictionary::get(code).ok_or_else(|| Error::bug("an unknown figure"))?;
    let found = figures::by_part(db, indicator, units, period).await?;
    let by_unit = |part: Part| {
        let n = |unit: &Unit| {
            let code = part.code().unwrap_or_default().to_owned();
            let n = found.get(&(code, unit.committee, unit.own)).copied();
            (unit.key(), Value::Count(n.unwrap_or(0)))
        };
        (part, units.iter().map(n).collect())
    };
    Ok(Parts {
        indicator,
        rows: parts.into_iter().map(by_unit).collect(),
    })
}

async fn typed(db: &mut ScopedTx, at: Place, period: Period) -> Result<Vec<Typed>> {
    let found = sqlx::query_as!(
        Typed,
        r#"select id as "id: TypedId", indicator, n, definition, source, version
         from typed_figures
         where tenant_id = $1 and committee_id = $2 and from_on = $3 and to_on = $4"#,
        at.tenant.0,
        at.committee.0,
        period.from(),
        period.to(),
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The figure typed for an indicator and a period, if there is one.
pub async fn typed_one(
    db: &mut ScopedTx,
    at: Place,
    indicator: &str,
    period: Period,
) -> Result<Option<Typed>> {
    let all = typed(db, at, period).await?;
    Ok(all.into_iter().find(|it| it.indicator == indicator))
}

/// Writes it, or changes the one of that version; false when another stands there.
pub async fn save_typed(
    db: &mut ScopedTx,
    at: Place,
    new: &NewTyped,
    version: Option<i32>,
) -> Result<bool> {
    let (cadre, now) = (db.scope().cadre()?, db.now());
    let outcome = if let Some(version) = version {
        sqlx::query!(
            "update typed_figures
             set n = $4, definition = $5, source = $6, cadre_id = $7, typed_at = $8,
                 version = version + 1
             where tenant_id = $1 and id = $2 and version = $3 and committee_id = $9
                 and indicator = $10 and from_on = $11 and to_on = $12",
            at.tenant.0,
            new.id.0,
            version,
            new.n,
            new.definition,
            new.source,
            cadre.0,
            now,
            at.committee.0,
            new.indicator,
            new.from_on,
            new.to_on,
        )
        .execute(db.conn())
        .await?
    } else {
        sqlx::query!(
            "insert into typed_figures (tenant_id, id, committee_id, scope, indicator, from_on,
                 to_on, n, definition, source, cadre_id, typed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict do nothing",
            at.tenant.0,
            new.id.0,
            at.committee.0,
            at.scope,
            new.indicator,
            new.from_on,
            new.to_on,
            new.n,
            new.definition,
            new.source,
            cadre.0,
            now,
        )
        .execute(db.conn())
        .await?
    };
    Ok(outcome.rows_affected() == 1)
}

/// Takes the one of that version away and says what it was; None when there is none such.
pub async fn remove_typed(
    db: &mut ScopedTx,
    at: Place,
    id: TypedId,
    version: i32,
) -> Result<Option<i64>> {
    let n = sqlx::query_scalar!(
        "delete from typed_figures
         where tenant_id = $1 and id = $2 and version = $3 and committee_id = $4
         returning n",
        at.tenant.0,
        id.0,
        version,
        at.committee.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(n)
}

/// A visit as the file lists it: no text, no name of a young person.
#[derive(Clone, Debug)]
pub struct VisitRow {
    pub no: String,
    pub committee: String,
    pub started_at: DateTime<Utc>,
    pub evening: NaiveDate,
    pub is_night: bool,
    pub mode: String,
    pub place: String,
    pub lead: String,
    pub headcount: i32,
    pub walkins: i32,
}

/// The tenants whose visits a file of this scope holds, in administrative order: several for a province.
pub async fn tenants(db: &mut ScopedTx) -> Result<Vec<TenantId>> {
    if let Some(tenant) = db.tenant_filter() {
        return Ok(vec![TenantId(tenant)]);
    }
    let (lo, hi) = (db.lo(), db.hi());
    let found = sqlx::query_scalar!(
        r#"select id as "id: TenantId"
         from committees
         where id = tenant_id and code_lo between $1 and $2
         order by code_lo"#,
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// A tenant's rows as they come, oldest first, so that memory stays flat. The evening says whether a visit
/// belongs to the period; the time of its beginning, by which the index leads to it, is bounded beside it (an
/// evening is over by the next noon).
pub fn visits(
    db: &mut ScopedTx,
    tenant: TenantId,
    period: Period,
) -> impl Stream<Item = Result<VisitRow>> {
    let (lo, hi) = (db.lo(), db.hi());
    let begin = start_of(period.from());
    let end = start_of(period.to()) + TimeDelta::hours(36);
    sqlx::query_as!(
        VisitRow,
        r#"select v.no, k.short_name as committee, v.started_at, v.evening, v.is_night, v.mode,
             coalesce(o.name, w.name, k.place_name) as "place!", coalesce(c.name, '') as "lead!",
             v.headcount, v.walkins
         from visits v
         join committees k on k.id = v.committee_id
         left join organisations o on o.tenant_id = v.tenant_id and o.id = v.organisation_id
         left join organisations w on w.tenant_id = v.tenant_id and w.id = v.village_id
         left join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         where v.tenant_id = $1 and v.scope between $2 and $3
             and v.evening between $4 and $5 and v.state = 'submitted'
             and v.started_at >= $6 and v.started_at < $7
         order by v.started_at, v.id"#,
        tenant.0,
        lo,
        hi,
        period.from(),
        period.to(),
        begin,
        end,
    )
    .fetch(db.conn())
    .err_into()
}
