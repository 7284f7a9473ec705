//! Correcting, voiding, merging. What stood before is kept; nothing is deleted but the rows of who went
//! and who was met, which the snapshot of the correction holds.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::add::{Row, Sheet, write_people};
use crate::issues::{self, IssueId};
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::scope::{Place, Scope};
use crate::platform::transaction::ScopedTx;
use crate::visits::model::{Mood, Snapshot, State, Unmet, Visit, VisitId};
use crate::youth::Lies;

/// A visit, locked, that whoever asks may change. Only `open_for_edit` makes one.
#[derive(Debug)]
pub struct Editable(Visit);

impl Editable {
    pub fn visit(&self) -> &Visit {
        &self.0
    }
}

/// Locks the row. `may` is the rule that the change stands under; its refusal is passed on.
pub async fn open_for_edit<T>(
    db: &mut ScopedTx,
    id: VisitId,
    may: fn(&Visit, &Scope) -> Result<T>,
) -> Result<(Editable, T)> {
    let tenant = db.tenant_filter();
    sqlx::query!(
        "select version from visits where ($1::int is null or tenant_id = $1) and id = $2 for update",
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let visit = super::get(db, id).await?;
    let rule = may(&visit, db.scope())?;
    Ok((Editable(visit), rule))
}

/// Keeps what stands, for both texts to be read later, with the fingerprint of the form that changes it.
pub async fn keep(
    db: &mut ScopedTx,
    was: &Editable,
    before: &Snapshot,
    reason: Option<&str>,
    fingerprint: Option<&str>,
) -> Result<()> {
    let (visit, by, now) = (was.visit(), db.scope().cadre()?, db.now());
    sqlx::query!(
        "insert into visit_corrections (tenant_id, visit_id, version, scope, at, cadre_id, reason, before,
             fingerprint)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        visit.tenant_id.0,
        visit.id.0,
        visit.version,
        visit.scope,
        now,
        by.0,
        reason,
        Json(before) as _,
        fingerprint,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Whether that version was corrected by the form of this fingerprint: a repeated post.
pub async fn is_kept(
    db: &mut ScopedTx,
    visit: &Visit,
    version: i32,
    fingerprint: &str,
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
             select
             from visit_corrections
             where tenant_id = $1 and visit_id = $2 and version = $3 and fingerprint = $4) as "it!""#,
        visit.tenant_id.0,
        visit.id.0,
        version,
        fingerprint,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// Writes the corrected visit over the one that was read; who went and who was met are written anew.
/// `issues` are those that were added. Gives the committees at which something is to be counted anew.
pub async fn correct(
    db: &mut ScopedTx,
    was: &Editable,
    row: &Row<'_>,
    met: &[Lies],
    issues: &[IssueId],
) -> Result<Vec<Place>> {
    update(db, was, row).await?;
    let (visit, new) = (was.visit(), row.new);
    if visit.evening != new.when.evening {
        let (_, heard) = super::parts(db, visit.id).await?;
        issues::store::heard_on(db, visit.tenant_id, &heard, new.when.evening).await?;
    }
    let mut places = clear(db, visit).await?;
    let went: Vec<Uuid> = new.people.cadres.iter().map(|id| id.0).collect();
    let sheet = Sheet {
        at: visit.place_of(),
        visit: visit.id,
        author: visit.author_id,
        started_at: new.when.started_at,
        evening: new.when.evening,
        is_night: new.when.is_night,
        counts: new.people.headcount() > 0,
        place: &row.place,
    };
    places.extend(write_people(db, &sheet, &went, met, issues).await?);
    places.sort_by_key(|place| place.committee);
    places.dedup();
    Ok(places)
}

async fn update(db: &mut ScopedTx, was: &Editable, row: &Row<'_>) -> Result<()> {
    let (visit, new, now) = (was.visit(), row.new, db.now());
    sqlx::query!(
        "update visits
         set mode = $3, started_at = $4, minutes = $5, is_night = $6, evening = $7, place_kind = $8,
             place = $9, village_id = $10, organisation_id = $11, place_text = $12, walkins = $13,
             headcount = $14, unmet_reason = $15, content = $16, mood = $17, companions = $18,
             late_reason = $19, updated_at = $20, version = version + 1
         where tenant_id = $1 and id = $2",
        visit.tenant_id.0,
        visit.id.0,
        new.site.mode.code(),
        new.when.started_at,
        new.minutes,
        new.when.is_night,
        new.when.evening,
        new.site.kind.code(),
        row.place,
        row.village_id.map(|id| id.0),
        row.organisation_id.map(|id| id.0),
        new.site.text,
        new.people.walkins,
        new.people.headcount(),
        new.people.unmet.map(Unmet::code),
        new.content,
        new.mood.map(Mood::code),
        new.companions,
        new.late_reason,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Takes out who went and who was met; gives the committees of those who went.
async fn clear(db: &mut ScopedTx, visit: &Visit) -> Result<Vec<Place>> {
    let rows = sqlx::query!(
        r#"with met as (
             delete from visit_youths where tenant_id = $1 and visit_id = $2 and scope = $3)
         delete from visit_cadres
         where tenant_id = $1 and visit_id = $2 and scope = $3
         returning cadre_committee_id as "committee: CommitteeId", cadre_scope"#,
        visit.tenant_id.0,
        visit.id.0,
        visit.scope,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Place {
            tenant: visit.tenant_id,
            committee: row.committee,
            scope: row.cadre_scope,
        })
        .collect())
}

/// Takes a visit out of every count: voided with a reason, or merged into another. The rows stay.
pub async fn withdraw(
    db: &mut ScopedTx,
    was: &Editable,
    state: State,
    reason: &str,
    into: Option<VisitId>,
) -> Result<Vec<Place>> {
    let (visit, now) = (was.visit(), db.now());
    let rows = sqlx::query!(
        r#"with gone as (
             update visits
             set state = $4, state_reason = $5, merged_into = $6, updated_at = $7, version = version + 1
             where tenant_id = $1 and id = $2),
         met as (
             update visit_youths
             set counts = false
             where tenant_id = $1 and visit_id = $2 and scope = $3),
         went as (
             update visit_cadres
             set counts = false
             where tenant_id = $1 and visit_id = $2 and scope = $3
             returning cadre_committee_id, cadre_scope)
         select distinct cadre_committee_id as "committee!: CommitteeId", cadre_scope as "scope!"
         from went
         order by 1"#,
        visit.tenant_id.0,
        visit.id.0,
        visit.scope,
        state.code(),
        reason,
        into.map(|id| id.0),
        now,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Place {
            tenant: visit.tenant_id,
            committee: row.committee,
            scope: row.scope,
        })
        .collect())
}

/// Brings who was met, who went and what was heard on one visit into another of the same committee,
/// each once. Gives the committees of all who went then: if nobody was met before, they count only now.
pub async fn take_over(db: &mut ScopedTx, into: &Editable, from: VisitId) -> Result<Vec<Place>> {
    let (visit, now) = (into.visit(), db.now());
    sqlx::query!(
        "with met as (
             insert into visit_youths
                 (tenant_id, visit_id, youth_id, scope, youth_scope, started_at, evening, counts)
             select tenant_id, $3, youth_id, scope, youth_scope, $5, $6, true
             from visit_youths
             where tenant_id = $1 and visit_id = $2 and scope = $4
             on conflict do nothing),
         went as (
             insert into visit_cadres (tenant_id, visit_id, cadre_id, scope, cadre_committee_id,
                 cadre_scope, is_lead, started_at, evening, is_night, counts, place)
             select tenant_id, $3, cadre_id, scope, cadre_committee_id, cadre_scope, false, $5, $6, $7,
                 true, $8
             from visit_cadres
             where tenant_id = $1 and visit_id = $2 and scope = $4
             on conflict do nothing)
         insert into visit_problems (tenant_id, visit_id, issue_id, scope)
         select tenant_id, $3, issue_id, scope
         from visit_problems
         where tenant_id = $1 and visit_id = $2 and scope = $4
         on conflict do nothing",
        visit.tenant_id.0,
        from.0,
        visit.id.0,
        visit.scope,
        visit.started_at,
        visit.evening,
        visit.is_night,
        visit.place,
    )
    .execute(db.conn())
    .await?;
    let rows = sqlx::query!(
        r#"with heads as (
             select count(*)::int + $4 as n
             from visit_youths
             where tenant_id = $1 and visit_id = $2 and scope = $3),
         went as (
             update visit_cadres
             set counts = heads.n > 0
             from heads
             where tenant_id = $1 and visit_id = $2 and scope = $3
             returning cadre_committee_id, cadre_scope),
         written as (
             update visits
             set headcount = heads.n, unmet_reason = case when heads.n = 0 then unmet_reason end,
                 updated_at = $5, version = version + 1
             from heads
             where tenant_id = $1 and id = $2)
         select distinct cadre_committee_id as "committee!: CommitteeId", cadre_scope as "scope!"
         from went
         order by 1"#,
        visit.tenant_id.0,
        visit.id.0,
        visit.scope,
        visit.walkins,
        now,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Place {
            tenant: visit.tenant_id,
            committee: row.committee,
            scope: row.scope,
        })
        .collect())
}

/// A correction, with what stood before it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub version: i32,
    pub at: DateTime<Utc>,
    pub cadre_id: CadreId,
    pub cadre: String,
    pub reason: Option<String>,
    pub before: Snapshot,
}

/// Newest first.
pub async fn corrections(db: &mut ScopedTx, id: VisitId) -> Result<Vec<Kept>> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select h.version, h.at, h.cadre_id as "cadre_id: CadreId", c.name as cadre, h.reason,
             h.before as "before: Json<Snapshot>"
         from visit_corrections h
         join cadres c on c.tenant_id = h.tenant_id and c.id = h.cadre_id
         where ($1::int is null or h.tenant_id = $1) and h.visit_id = $2
         order by h.version desc"#,
        tenant,
        id.0,
    )
    .fetch_all(db.conn())
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        version: row.version,
        at: row.at,
        cadre_id: row.cadre_id,
        cadre: row.cadre,
        reason: row.reason,
        before: row.before.0,
    });
    Ok(kept.collect())
}
