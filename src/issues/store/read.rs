//! Reading issues: the list with its total, those in one's own hands, one.

use crate::issues::model::{Category, Filter, Issue, IssueId, State, Urgency};
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::scope::Role;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::YouthId;

/// Those within the scope that fit, as owner, handler or last sender; newest first. Without a state
/// in the filter: all that count (not void, not merged). The page is cut before it is joined.
pub async fn list(db: &mut ScopedTx, filter: &Filter, after: Option<Mark>) -> Result<Page<Issue>> {
    let tenant = db.tenant_filter();
    let (lo, hi) = filter.within.unwrap_or((db.lo(), db.hi()));
    let mine = Mine::of(db);
    let rows = sqlx::query_as!(
        Issue,
        r#"with page as materialized (
             select i.tenant_id, i.id
             from issues i
             where ($1::int is null or i.tenant_id = $1)
                 and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                     or i.sender_scope between $2 and $3)
                 and ($4::text is null or i.category = $4)
                 and ($5::text is null or i.urgency = $5)
                 and (i.state = $6 or $6 is null and i.state not in ('void', 'merged'))
                 and ($7::int is null or i.handler_committee_id = $7)
                 and ($8::date is null or i.raised_on >= $8)
                 and ($9::date is null or i.raised_on <= $9)
                 and (not $10 or i.handler_cadre_id = $11
                     or i.handler_cadre_id is null and i.handler_committee_id = $12)
                 and ($13::timestamptz is null or (i.received_at, i.id) < ($13, $14))
             order by i.received_at desc, i.id desc
             limit $15)
         select i.id as "id: IssueId", i.tenant_id as "tenant_id: TenantId",
             i.committee_id as "committee_id: CommitteeId", i.scope, k.short_name as committee, i.no,
             i.detail, i.category as "category: Category", i.urgency as "urgency: Urgency",
             i.state as "state: State", i.state_reason, i.youth_id as "youth_id: YouthId",
             o.name as "village?", i.is_sensitive, i.raised_on, i.received_by as "received_by: CadreId",
             r.name as receiver, i.received_at,
             i.handler_committee_id as "handler_committee_id: CommitteeId", i.handler_scope,
             h.short_name as handler_committee, i.handler_cadre_id as "handler_cadre_id: CadreId",
             c.name as "handler_cadre?", i.version
         from page
         join issues i on i.tenant_id = page.tenant_id and i.id = page.id
         join committees k on k.id = i.committee_id
         join committees h on h.id = i.handler_committee_id
         join cadres r on r.tenant_id = i.tenant_id and r.id = i.received_by
         left join cadres c on c.tenant_id = i.tenant_id and c.id = i.handler_cadre_id
         left join organisations o on o.tenant_id = i.tenant_id and o.id = i.village_id
         order by i.received_at desc, i.id desc"#,
        tenant,
        lo,
        hi,
        filter.category.map(Category::code),
        filter.urgency.map(Urgency::code),
        filter.state.map(State::code),
        filter.handler.map(|id| id.0),
        filter.from,
        filter.to,
        filter.mine,
        mine.cadre,
        mine.committee,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let total = count(db, filter).await?;
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.received_at,
        id: row.id.0,
    }))
}

/// How many fit.
pub async fn count(db: &mut ScopedTx, filter: &Filter) -> Result<i64> {
    let tenant = db.tenant_filter();
    let (lo, hi) = filter.within.unwrap_or((db.lo(), db.hi()));
    let mine = Mine::of(db);
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from issues i
         where ($1::int is null or i.tenant_id = $1)
             and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                 or i.sender_scope between $2 and $3)
             and ($4::text is null or i.category = $4)
             and ($5::text is null or i.urgency = $5)
             and (i.state = $6 or $6 is null and i.state not in ('void', 'merged'))
             and ($7::int is null or i.handler_committee_id = $7)
             and ($8::date is null or i.raised_on >= $8)
             and ($9::date is null or i.raised_on <= $9)
             and (not $10 or i.handler_cadre_id = $11
                 or i.handler_cadre_id is null and i.handler_committee_id = $12)"#,
        tenant,
        lo,
        hi,
        filter.category.map(Category::code),
        filter.urgency.map(Urgency::code),
        filter.state.map(State::code),
        filter.handler.map(|id| id.0),
        filter.from,
        filter.to,
        filter.mine,
        mine.cadre,
        mine.committee,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// The first of those in my hands (`Filter::MINE`), the most urgent and oldest first, and how many
/// they are.
pub async fn mine(db: &mut ScopedTx, limit: i64) -> Result<(Vec<Issue>, i64)> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let mine = Mine::of(db);
    let rows = sqlx::query!(
        r#"select i.id as "id: IssueId", i.tenant_id as "tenant_id: TenantId",
             i.committee_id as "committee_id: CommitteeId", i.scope, k.short_name as committee, i.no,
             i.detail, i.category as "category: Category", i.urgency as "urgency: Urgency",
             i.state as "state: State", i.state_reason, i.youth_id as "youth_id: YouthId",
             o.name as "village?", i.is_sensitive, i.raised_on, i.received_by as "received_by: CadreId",
             r.name as receiver, i.received_at,
             i.handler_committee_id as "handler_committee_id: CommitteeId", i.handler_scope,
             h.short_name as handler_committee, i.handler_cadre_id as "handler_cadre_id: CadreId",
             c.name as "handler_cadre?", i.version,
             count(*) over () as "total!"
         from issues i
         join committees k on k.id = i.committee_id
         join committees h on h.id = i.handler_committee_id
         join cadres r on r.tenant_id = i.tenant_id and r.id = i.received_by
         left join cadres c on c.tenant_id = i.tenant_id and c.id = i.handler_cadre_id
         left join organisations o on o.tenant_id = i.tenant_id and o.id = i.village_id
         where ($1::int is null or i.tenant_id = $1)
             and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                 or i.sender_scope between $2 and $3)
             and i.state not in ('void', 'merged')
             and (i.handler_cadre_id = $4
                 or i.handler_cadre_id is null and i.handler_committee_id = $5)
         order by i.urgency, i.raised_on, i.id
         limit $6"#,
        tenant,
        lo,
        hi,
        mine.cadre,
        mine.committee,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let issues = rows.into_iter().map(|row| Issue {
        id: row.id,
        tenant_id: row.tenant_id,
        committee_id: row.committee_id,
        scope: row.scope,
        committee: row.committee,
        no: row.no,
        detail: row.detail,
        category: row.category,
        urgency: row.urgency,
        state: row.state,
        state_reason: row.state_reason,
        youth_id: row.youth_id,
        village: row.village,
        is_sensitive: row.is_sensitive,
        raised_on: row.raised_on,
        received_by: row.received_by,
        receiver: row.receiver,
        received_at: row.received_at,
        handler_committee_id: row.handler_committee_id,
        handler_scope: row.handler_scope,
        handler_committee: row.handler_committee,
        handler_cadre_id: row.handler_cadre_id,
        handler_cadre: row.handler_cadre,
        version: row.version,
    });
    Ok((issues.collect(), total))
}

/// Those of the ids that are in sight, in the order in which they were received.
pub async fn some(db: &mut ScopedTx, ids: &[IssueId]) -> Result<Vec<Issue>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let rows = sqlx::query_as!(
        Issue,
        r#"select i.id as "id: IssueId", i.tenant_id as "tenant_id: TenantId",
             i.committee_id as "committee_id: CommitteeId", i.scope, k.short_name as committee, i.no,
             i.detail, i.category as "category: Category", i.urgency as "urgency: Urgency",
             i.state as "state: State", i.state_reason, i.youth_id as "youth_id: YouthId",
             o.name as "village?", i.is_sensitive, i.raised_on, i.received_by as "received_by: CadreId",
             r.name as receiver, i.received_at,
             i.handler_committee_id as "handler_committee_id: CommitteeId", i.handler_scope,
             h.short_name as handler_committee, i.handler_cadre_id as "handler_cadre_id: CadreId",
             c.name as "handler_cadre?", i.version
         from issues i
         join committees k on k.id = i.committee_id
         join committees h on h.id = i.handler_committee_id
         join cadres r on r.tenant_id = i.tenant_id and r.id = i.received_by
         left join cadres c on c.tenant_id = i.tenant_id and c.id = i.handler_cadre_id
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
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows)
}

pub async fn get(db: &mut ScopedTx, id: IssueId) -> Result<Issue> {
    let found = some(db, &[id]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// In whose hands: what names him, and for a 书记 also what was given to his committee and names
/// nobody.
struct Mine {
    cadre: Option<uuid::Uuid>,
    committee: Option<i32>,
}

impl Mine {
    fn of(db: &ScopedTx) -> Self {
        let actor = db.scope().actor();
        let home = actor.home.as_ref().map(|home| home.place.committee.0);
        Self {
            cadre: actor.cadre.map(|id| id.0),
            committee: home.filter(|_| actor.role == Role::Secretary),
        }
    }
}
