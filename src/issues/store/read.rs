//! Reading issues: those in one's own hands, some by id, one by number.

use crate::issues::model::{
    Category, DueFrom, Issue, IssueId, Outcome, Source, State, Urgency, Verdict,
};
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::Role;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::YouthId;

/// The first of those in my hands (`Filter::MINE`) that are open, the most urgent and oldest first, and
/// how many they are.
pub async fn mine(db: &mut ScopedTx, limit: i64) -> Result<(Vec<Issue>, i64)> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let mine = Mine::of(db);
    let rows = sqlx::query!(
        r#"select i.id as "id: IssueId", count(*) over () as "total!"
         from issues i
         where ($1::int is null or i.tenant_id = $1)
             and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                 or i.sender_scope between $2 and $3)
             and i.closed_at is null and i.state not in ('void', 'merged')
             and (i.handler_cadre_id = any(array(
                     select $4::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $7 and d.deputy_id = $4 and d.from_on <= $8 and d.to_on >= $8
                         and (d.ended_on is null or d.ended_on > $8)))
                 or i.handler_cadre_id is null and i.handler_committee_id = $5)
         order by i.due_at nulls last, i.urgency, i.raised_on, i.id
         limit $6"#,
        tenant,
        lo,
        hi,
        mine.cadre,
        mine.committee,
        limit,
        mine.tenant,
        mine.today,
    )
    .fetch_all(db.conn())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let ids: Vec<IssueId> = rows.iter().map(|row| row.id).collect();
    Ok((in_order(db, &ids).await?, total))
}

/// As they are named, those out of sight left out.
pub(super) async fn in_order(db: &mut ScopedTx, ids: &[IssueId]) -> Result<Vec<Issue>> {
    let mut rows = some(db, ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// Those of the ids that are in sight, in the order in which they were received.
pub async fn some(db: &mut ScopedTx, ids: &[IssueId]) -> Result<Vec<Issue>> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let rows = sqlx::query_as!(
        Issue,
        r#"select i.id as "id: IssueId", i.tenant_id as "tenant_id: TenantId",
             i.committee_id as "committee_id: CommitteeId", i.scope, k.short_name as committee, i.no,
             i.detail, i.category as "category: Category", i.urgency as "urgency: Urgency",
             i.state as "state: State", i.state_reason, i.youth_id as "youth_id: YouthId",
             o.name as "village?", i.is_sensitive, i.raised_on, i.source as "source: Source",
             i.received_by as "received_by: CadreId", r.name as "receiver?", i.received_at,
             i.handler_committee_id as "handler_committee_id: CommitteeId", i.handler_scope,
             h.short_name as handler_committee, i.handler_cadre_id as "handler_cadre_id: CadreId",
             c.name as "handler_cadre?", y.name as "handler_deputy?", i.sender_scope, s.short_name as sender, i.step, i.points,
             i.accepted_at, i.handed_at, i.sign_by, i.due_at, i.due_from as "due_from: DueFrom",
             i.due_start_at, i.warn_at, i.extensions, i.resume_state as "resume_state: State",
             i.resume_on, i.pressed, i.pressed_at, i.outcome as "outcome: Outcome", i.closings,
             i.reopenings, i.closed_at, i.verdict as "verdict: Verdict",
             i.merged_into as "merged_into: IssueId", i.version
         from issues i
         join committees k on k.id = i.committee_id
         join committees h on h.id = i.handler_committee_id
         join committees s on s.code_lo = i.sender_scope
         left join cadres r on r.tenant_id = i.tenant_id and r.id = i.received_by
         left join cadres c on c.tenant_id = i.tenant_id and c.id = i.handler_cadre_id
         left join lateral (
             select e.name
             from deputies d
             join cadres e on e.tenant_id = d.tenant_id and e.id = d.deputy_id
             where d.tenant_id = i.tenant_id and d.cadre_id = i.handler_cadre_id and d.from_on <= $5
                 and d.to_on >= $5 and (d.ended_on is null or d.ended_on > $5)
             limit 1) y on true
         left join organisations o on o.tenant_id = i.tenant_id and o.id = i.village_id
         where ($1::int is null or i.tenant_id = $1)
             and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                 or i.sender_scope between $2 and $3)
             and i.id = any($4)
         order by i.received_at, i.no"#,
        tenant,
        lo,
        hi,
        ids as &[IssueId],
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows)
}

pub async fn get(db: &mut ScopedTx, id: IssueId) -> Result<Issue> {
    let found = some(db, &[id]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// The one with that number, as it is written, of the reader's tenant and in his sight.
pub async fn by_number(db: &mut ScopedTx, no: &str) -> Result<Option<IssueId>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_scalar!(
        r#"select id as "id: IssueId"
         from issues
         where ($1::int is null or tenant_id = $1) and no = $2 and state not in ('void', 'merged')
         limit 1"#,
        tenant,
        no,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// In whose hands: what names him or somebody for whom he stands in today, and for a 书记 also what was given to his committee and names
/// nobody. `home`: the code of his committee.
pub(super) struct Mine {
    pub cadre: Option<uuid::Uuid>,
    pub committee: Option<i32>,
    pub home: Option<i64>,
    /// Where and on which day somebody stands in for another.
    pub tenant: i32,
    pub today: chrono::NaiveDate,
}

impl Mine {
    pub fn of(db: &ScopedTx) -> Self {
        let actor = db.scope().actor();
        let home = actor.home.as_ref().map(|home| home.place);
        Self {
            cadre: actor.cadre.map(|id| id.0),
            committee: home
                .map(|home| home.committee.0)
                .filter(|_| actor.role == Role::Secretary),
            home: home.map(|home| home.scope),
            tenant: db.scope().tenant().0,
            today: db.scope().today(),
        }
    }
}
