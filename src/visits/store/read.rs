//! Reading one visit and what belongs to it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::issues::IssueId;
use crate::organisations::OrganisationId;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::visits::model::{Mode, Mood, PlaceKind, Source, State, Unmet, Visit, VisitId};
use crate::youth::{Acquaintance, YouthId};

pub async fn get(db: &mut ScopedTx, id: VisitId) -> Result<Visit> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let found = sqlx::query_as!(
        Visit,
        r#"select v.id as "id: VisitId", v.tenant_id as "tenant_id: TenantId",
             v.committee_id as "committee_id: CommitteeId", v.scope, k.short_name as committee, v.no,
             v.mode as "mode: Mode", v.started_at, v.minutes, v.is_night, v.evening,
             v.place_kind as "place_kind: PlaceKind", v.place,
             v.village_id as "village_id: OrganisationId",
             v.organisation_id as "organisation_id: OrganisationId", v.place_text, v.walkins,
             v.headcount, v.unmet_reason as "unmet_reason: Unmet", v.content, v.mood as "mood: Mood",
             v.companions, v.late_reason, v.state as "state: State", v.state_reason,
             v.merged_into as "merged_into: VisitId", v.author_id as "author_id: CadreId",
             c.name as author, v.source as "source: Source", v.created_at, v.version
         from visits v
         join committees k on k.id = v.committee_id
         join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         where ($1::int is null or v.tenant_id = $1) and v.scope between $2 and $3 and v.id = $4"#,
        tenant,
        lo,
        hi,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// A cadre on a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Went {
    pub cadre: CadreId,
    pub name: String,
    /// Short name of his committee then.
    pub committee: String,
    pub committee_id: CommitteeId,
    pub is_lead: bool,
}

/// Who went, the 主访人 first.
pub async fn went(db: &mut ScopedTx, id: VisitId) -> Result<Vec<Went>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        Went,
        r#"select w.cadre_id as "cadre: CadreId", c.name, k.short_name as committee,
             w.cadre_committee_id as "committee_id: CommitteeId", w.is_lead
         from visit_cadres w
         join cadres c on c.tenant_id = w.tenant_id and c.id = w.cadre_id
         join committees k on k.id = w.cadre_committee_id
         where ($1::int is null or w.tenant_id = $1) and w.visit_id = $2
         order by w.is_lead desc, w.cadre_scope, c.name"#,
        tenant,
        id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Who was met, and the problems heard.
pub async fn parts(db: &mut ScopedTx, id: VisitId) -> Result<(Vec<YouthId>, Vec<IssueId>)> {
    let tenant = db.tenant_filter();
    let row = sqlx::query!(
        r#"select array(
                 select youth_id
                 from visit_youths
                 where ($1::int is null or tenant_id = $1) and visit_id = $2
                 order by youth_id) as "youths!: Vec<YouthId>",
             array(
                 select issue_id
                 from visit_problems
                 where ($1::int is null or tenant_id = $1) and visit_id = $2
                 order by issue_id) as "issues!: Vec<IssueId>""#,
        tenant,
        id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok((row.youths, row.issues))
}

/// Who was met on a visit, and when each was met last on another one that counts.
pub async fn met_before(
    db: &mut ScopedTx,
    id: VisitId,
) -> Result<Vec<(YouthId, Option<NaiveDate>)>> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select y.youth_id as "id: YouthId", max(o.evening) as last
         from visit_youths y
         left join visit_youths o on o.tenant_id = y.tenant_id and o.youth_id = y.youth_id
             and o.visit_id <> y.visit_id and o.counts
         where ($1::int is null or y.tenant_id = $1) and y.visit_id = $2
         group by y.youth_id
         order by y.youth_id"#,
        tenant,
        id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.last)).collect())
}

/// Of each young person and cadre: the last evening on which they met, by the visits that count.
pub async fn acquaintances(
    db: &mut ScopedTx,
    tenant: TenantId,
    youths: &[YouthId],
    cadres: &[CadreId],
) -> Result<Vec<Acquaintance>> {
    let found = sqlx::query_as!(
        Acquaintance,
        r#"select y.id as "youth!: YouthId", c.id as "cadre!: CadreId", (
                 select max(m.evening)
                 from visit_youths m
                 join visit_cadres w on w.tenant_id = m.tenant_id and w.visit_id = m.visit_id
                     and w.cadre_id = c.id
                 where m.tenant_id = $1 and m.youth_id = y.id and m.counts) as last_met_on,
             exists (
                 select
                 from visit_youths m
                 where m.tenant_id = $1 and m.youth_id = y.id and m.counts
                     and not exists (
                         select
                         from visit_cadres w
                         where w.tenant_id = m.tenant_id and w.visit_id = m.visit_id and w.is_lead))
                 as "is_partly_hidden!"
         from unnest($2::uuid[]) as y (id)
         cross join unnest($3::uuid[]) as c (id)"#,
        tenant.0,
        youths as &[YouthId],
        cadres as &[CadreId],
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// What a committee sees of a visit of another one that its cadre went along on: that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    pub started_at: DateTime<Utc>,
    pub evening: NaiveDate,
    pub is_night: bool,
    pub counts: bool,
    pub place: String,
}

pub async fn glimpse(db: &mut ScopedTx, id: VisitId) -> Result<Glimpse> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        Glimpse,
        "select started_at, evening, is_night, counts, place
         from visit_cadres
         where ($1::int is null or tenant_id = $1) and visit_id = $2
         limit 1",
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// A cadre's young people of one evening, and those of them whom he had not met before in that year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evening {
    pub met: i64,
    pub first: i64,
}

pub async fn evening_of(db: &mut ScopedTx, cadre: CadreId, evening: NaiveDate) -> Result<Evening> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_as!(
        Evening,
        r#"select count(*) as "met!", count(*) filter (where not t.before) as "first!"
         from (
             select y.youth_id, exists (
                 select
                 from visit_youths b
                 join visit_cadres bw on bw.tenant_id = b.tenant_id and bw.visit_id = b.visit_id
                     and bw.cadre_id = $2
                 where b.tenant_id = $1 and b.youth_id = y.youth_id and b.counts
                     and b.evening >= date_trunc('year', $3::date)::date and b.evening < $3) as before
             from visit_cadres w
             join visit_youths y on y.tenant_id = w.tenant_id and y.visit_id = w.visit_id and y.counts
             where w.tenant_id = $1 and w.cadre_id = $2 and w.evening = $3 and w.counts
             group by y.youth_id) t"#,
        tenant.0,
        cadre.0,
        evening,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// Visits of the same committee and evening that could be the same one: candidates for merging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    pub id: VisitId,
    pub no: String,
    pub started_at: DateTime<Utc>,
    pub place: String,
    pub author: String,
    pub headcount: i32,
}

pub async fn twins_of(db: &mut ScopedTx, visit: &Visit) -> Result<Vec<Twin>> {
    let found = sqlx::query_as!(
        Twin,
        r#"select v.id as "id: VisitId", v.no, v.started_at, v.place, c.name as author, v.headcount
         from visits v
         join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         where v.tenant_id = $1 and v.scope = $2 and v.evening = $3 and v.state = 'submitted'
             and v.id <> $4
         order by v.place = $5 desc, v.started_at, v.id
         limit 20"#,
        visit.tenant_id.0,
        visit.scope,
        visit.evening,
        visit.id.0,
        visit.place,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// What a fresh form begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Where this cadre was last.
    pub village_id: Option<OrganisationId>,
    pub place_kind: Option<PlaceKind>,
    /// How the committee above is called, where it is of the same tenant.
    pub above: Option<String>,
    /// Whom he has met in that village, those met longest ago first; nobody met this evening already.
    pub near: Vec<YouthId>,
}

/// Last place, committee above and 今晚顺路 in one message.
pub async fn start(db: &mut ScopedTx, evening: NaiveDate) -> Result<Start> {
    let (at, me) = (db.scope().place(), db.scope().cadre()?);
    let row = sqlx::query!(
        r#"with last as materialized (
             select village_id, place_kind
             from visits
             where tenant_id = $1 and author_id = $2 and state = 'submitted'
             order by started_at desc
             limit 1)
         select (select village_id from last) as "village_id: OrganisationId",
             (select place_kind from last) as "place_kind: PlaceKind",
             (select p.common_name
              from committees c
              join committees p on p.id = c.parent_id and p.tenant_id = c.tenant_id
              where c.id = $3) as above,
             array(
                 select y.youth_id
                 from visit_cadres w
                 join visits v on v.tenant_id = w.tenant_id and v.id = w.visit_id
                 join visit_youths y on y.tenant_id = w.tenant_id and y.visit_id = w.visit_id
                 where w.tenant_id = $1 and w.cadre_id = $2 and w.counts
                     and v.village_id = (select village_id from last)
                 group by y.youth_id
                 having max(y.evening) < $4
                 order by max(y.evening), y.youth_id
                 limit 4) as "near!: Vec<YouthId>""#,
        at.tenant.0,
        me.0,
        at.committee.0,
        evening,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(Start {
        village_id: row.village_id,
        place_kind: row.place_kind,
        above: row.above,
        near: row.near,
    })
}
