//! Writing a visit down.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::issues::IssueId;
use crate::organisations::OrganisationId;
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::visits::model::{Mood, Source, TWIN, Unmet, VisitId};
use crate::visits::record::NewVisit;
use crate::youth::{Lies, YouthId};

/// What stands beside a visit that is about to be written, and how its place is called.
#[derive(Clone, Debug)]
pub struct Peers {
    /// 溪口镇上溪村，春晓茶厂; where neither was chosen, the own committee's: 溪口镇. What was typed is not
    /// in it, because lists, other committees and the day book repeat it.
    pub place: String,
    pub county: Option<String>,
    /// Of the visit that has this id and this author.
    pub fingerprint: Option<String>,
    /// Same committee, author, evening and place, begun within 90 minutes (domain.md §2.2). Two that
    /// name young people and have none in common are two households of one village.
    pub twin: Option<VisitId>,
}

/// The columns of a visit that are not in `NewVisit` itself.
#[derive(Debug)]
pub struct Row<'a> {
    pub no: String,
    pub place: String,
    pub village_id: Option<OrganisationId>,
    pub organisation_id: Option<OrganisationId>,
    pub new: &'a NewVisit,
}

pub async fn peers(db: &mut ScopedTx, new: &NewVisit) -> Result<Peers> {
    let (at, author) = (db.scope().place(), db.scope().cadre()?);
    let (from, to) = around(new.when.started_at);
    let own = &db.scope().ground().place_name.clone();
    let found = sqlx::query_as!(
        Peers,
        r#"with here as (
             select coalesce(nullif(concat_ws('，', (
                 select p.place_name || c.place_name
                 from committees c
                 join committees p on p.id = c.parent_id
                 where c.id = $4), $5::text), ''), $12) as place)
         select here.place as "place!",
             (select k.place_name
              from committees k
              where k.level = 4 and $6 between k.code_lo and k.code_hi) as county,
             (select fingerprint
              from visits
              where tenant_id = $1 and id = $2 and author_id = $3) as fingerprint,
             (select v.id
              from visits v
              where v.tenant_id = $1 and v.author_id = $3 and v.started_at between $7 and $8
                  and v.committee_id = $9 and v.evening = $10 and v.place = here.place
                  and ($5 is not null or v.place_text is not distinct from $13)
                  and v.state = 'submitted' and v.id <> $2
                  and (cardinality($11::uuid[]) = 0
                      or not exists (
                          select
                          from visit_youths y
                          where y.tenant_id = v.tenant_id and y.visit_id = v.id)
                      or exists (
                          select
                          from visit_youths y
                          where y.tenant_id = v.tenant_id and y.visit_id = v.id
                              and y.youth_id = any($11)))
              order by v.started_at
              limit 1) as "twin: VisitId"
         from here"#,
        at.tenant.0,
        new.id.0,
        author.0,
        new.site.village.map(|id| id.0),
        new.site.house(),
        at.scope,
        from,
        to,
        at.committee.0,
        new.when.evening,
        &new.people.youths as &[YouthId],
        own,
        new.site.text,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

fn around(at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    (at - TWIN, at + TWIN)
}

/// How many of these are cadres of the tenant who hold a post today.
pub async fn colleagues(db: &mut ScopedTx, ids: &[CadreId]) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let (tenant, today) = (db.scope().tenant(), db.scope().today());
    let found = sqlx::query_scalar!(
        r#"select count(distinct cadre_id) as "n!"
         from appointments
         where tenant_id = $1 and cadre_id = any($2) and starts_on <= $3
             and (ends_on is null or ends_on > $3)"#,
        tenant.0,
        ids as &[CadreId],
        today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(usize::try_from(found).unwrap_or(0))
}

/// The committee above, where it belongs to the same tenant, and how it is called: 团县委.
pub async fn above(db: &mut ScopedTx) -> Result<Option<(Place, String)>> {
    let at = db.scope().place();
    let found = sqlx::query!(
        r#"select p.id as "id: CommitteeId", p.code_lo, p.common_name
         from committees c
         join committees p on p.id = c.parent_id and p.tenant_id = c.tenant_id
         where c.id = $1"#,
        at.committee.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.map(|row| {
        let place = Place {
            committee: row.id,
            scope: row.code_lo,
            ..at
        };
        (place, row.common_name)
    }))
}

/// False when the id is there already: a repeated post.
pub async fn add(db: &mut ScopedTx, at: Place, row: &Row<'_>) -> Result<bool> {
    let (author, now, new) = (db.scope().cadre()?, db.now(), row.new);
    let source = Source::of_device(&db.scope().request().device);
    let outcome = sqlx::query!(
        "insert into visits (tenant_id, id, committee_id, scope, no, mode, started_at, minutes,
             is_night, evening, place_kind, place, village_id, organisation_id, place_text, walkins,
             headcount, unmet_reason, content, mood, companions, late_reason, author_id, source,
             fingerprint, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             $20, $21, $22, $23, $24, $25, $26, $26)
         on conflict do nothing",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        row.no,
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
        author.0,
        source.code(),
        new.fingerprint,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(outcome.rows_affected() == 1)
}

/// Who went, who was met and what was heard, in one message.
/// Gives the committees at which something is to be counted anew: the visit's and those of the cadres.
pub async fn add_people(
    db: &mut ScopedTx,
    at: Place,
    row: &Row<'_>,
    met: &[Lies],
    issues: &[IssueId],
) -> Result<Vec<Place>> {
    let new = row.new;
    let went: Vec<Uuid> = new.people.cadres.iter().map(|id| id.0).collect();
    let sheet = Sheet {
        at,
        visit: new.id,
        author: db.scope().cadre()?,
        started_at: new.when.started_at,
        evening: new.when.evening,
        is_night: new.when.is_night,
        counts: new.people.headcount() > 0,
        place: &row.place,
    };
    write_people(db, &sheet, &went, met, issues).await
}

/// What is copied into the rows of those who went and were met. A companion counts at the committee of
/// the post that he held on the evening (按团干部当时所在的单位计).
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub at: Place,
    pub visit: VisitId,
    pub author: CadreId,
    pub started_at: DateTime<Utc>,
    pub evening: NaiveDate,
    pub is_night: bool,
    pub counts: bool,
    pub place: &'a str,
}

pub(super) async fn write_people(
    db: &mut ScopedTx,
    sheet: &Sheet<'_>,
    went: &[Uuid],
    met: &[Lies],
    issues: &[IssueId],
) -> Result<Vec<Place>> {
    let (youths, scopes): (Vec<Uuid>, Vec<i64>) =
        met.iter().map(|one| (one.youth.0, one.place.scope)).unzip();
    let at = sheet.at;
    let places = sqlx::query!(
        r#"with went as (
             insert into visit_cadres (tenant_id, visit_id, cadre_id, scope, cadre_committee_id,
                 cadre_scope, is_lead, started_at, evening, is_night, counts, place)
             select $1, $2, c.id, $3, case when c.id = $4 then $5 else coalesce(o.committee_id, c.committee_id) end,
                 case when c.id = $4 then $3 else coalesce(o.scope, c.scope) end, c.id = $4, $6, $7, $8,
                 $9, $10
             from cadres c
             left join lateral (
                 select a.committee_id, a.scope
                 from appointments a
                 where a.tenant_id = $1 and a.cadre_id = c.id and a.starts_on <= $7
                     and (a.ends_on is null or a.ends_on > $7)
                 order by a.is_primary desc, a.starts_on desc, a.id
                 limit 1) o on true
             where c.tenant_id = $1 and (c.id = $4 or c.id = any($11))
             returning cadre_committee_id, cadre_scope),
         met as (
             insert into visit_youths
                 (tenant_id, visit_id, youth_id, scope, youth_scope, started_at, evening, counts)
             select $1, $2, y.id, $3, y.scope, $6, $7, $9
             from unnest($12::uuid[], $13::bigint[]) as y (id, scope)),
         heard as (
             insert into visit_problems (tenant_id, visit_id, issue_id, scope)
             select $1, $2, i.id, $3
             from unnest($14::uuid[]) as i (id))
         select distinct cadre_committee_id as "committee!: CommitteeId", cadre_scope as "scope!"
         from went
         order by 1"#,
        at.tenant.0,
        sheet.visit.0,
        at.scope,
        sheet.author.0,
        at.committee.0,
        sheet.started_at,
        sheet.evening,
        sheet.is_night,
        sheet.counts,
        sheet.place,
        went,
        &youths,
        &scopes,
        issues as &[IssueId],
    )
    .fetch_all(db.conn())
    .await?;
    Ok(places
        .into_iter()
        .map(|row| Place {
            tenant: at.tenant,
            committee: row.committee,
            scope: row.scope,
        })
        .collect())
}
