//! The list of issues with its total, and how many wait in each queue.

use super::read::{Mine, in_order};
use crate::issues::model::{Category, Filter, Issue, IssueId, Queue, State, Urgency};
use crate::platform::Result;
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;

/// Those within the scope that fit, as owner, handler or last sender; newest first, those past their time by its end.
/// Without a state
/// in the filter: all that count (not void, not merged). The page is cut before it is joined.
pub async fn list(db: &mut ScopedTx, filter: &Filter, after: Option<Mark>) -> Result<Page<Issue>> {
    let tenant = db.tenant_filter();
    let (lo, hi) = filter.within.unwrap_or((db.lo(), db.hi()));
    let (mine, now) = (Mine::of(db), db.now());
    let ids = sqlx::query_scalar!(
        r#"select i.id as "id: IssueId"
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
             and (not $10 or i.closed_at is null and (i.handler_cadre_id = any(array(
                     select $11::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $19 and d.deputy_id = $11 and d.from_on <= $20 and d.to_on >= $20
                         and (d.ended_on is null or d.ended_on > $20)))
                 or i.handler_cadre_id is null and i.handler_committee_id = $12))
             and ($13::text is null
                 or $13 = 'pending' and i.state = 'pending' and i.handler_scope = $15
                 or $13 = 'sign' and i.state in ('assigned', 'reported') and $15 in (i.handler_scope, i.sender_scope)
                 or $13 = 'handling' and i.state in ('accepted', 'handling', 'coordinating', 'suspended')
                     and (i.handler_cadre_id = any(array(
                     select $11::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $19 and d.deputy_id = $11 and d.from_on <= $20 and d.to_on >= $20
                         and (d.ended_on is null or d.ended_on > $20))) or i.handler_cadre_id is null and i.handler_scope = $15)
                 or $13 = 'waiting' and i.state = 'waiting' and (i.handler_scope = $15 or i.received_by = $11)
                 or $13 = 'overdue' and i.closed_at is null and i.due_at < $14 and i.state in ('pending', 'accepted', 'assigned',
                     'reported', 'handling', 'coordinating', 'reopened')
                 or $13 = 'verdict' and i.state in ('done', 'explained')
                 or $13 = 'failed' and i.state = 'reopened'
                 or $13 = 'instructed' and exists (
                     select
                     from issue_instructions x
                     where x.tenant_id = i.tenant_id and x.issue_id = i.id and x.answer is null))
             and ($16::timestamptz is null
                 or $13 = 'overdue' and (i.due_at, i.id) > ($16, $17)
                 or $13 is distinct from 'overdue' and (i.received_at, i.id) < ($16, $17))
         order by case when $13 = 'overdue' then i.due_at end,
             case when $13 = 'overdue' then i.id end, i.received_at desc, i.id desc
         limit $18"#,
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
        filter.queue.map(Queue::code),
        now,
        mine.home,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
        mine.tenant,
        mine.today,
    )
    .fetch_all(db.conn())
    .await?;
    let rows = in_order(db, &ids).await?;
    let total = count(db, filter).await?;
    let is_by_due = filter.queue == Some(Queue::Overdue);
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.due_at.filter(|_| is_by_due).unwrap_or(row.received_at),
        id: row.id.0,
    }))
}

/// How many fit.
pub async fn count(db: &mut ScopedTx, filter: &Filter) -> Result<i64> {
    let tenant = db.tenant_filter();
    let (lo, hi) = filter.within.unwrap_or((db.lo(), db.hi()));
    let (mine, now) = (Mine::of(db), db.now());
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
             and (not $10 or i.closed_at is null and (i.handler_cadre_id = any(array(
                     select $11::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $16 and d.deputy_id = $11 and d.from_on <= $17 and d.to_on >= $17
                         and (d.ended_on is null or d.ended_on > $17)))
                 or i.handler_cadre_id is null and i.handler_committee_id = $12))
             and ($13::text is null
                 or $13 = 'pending' and i.state = 'pending' and i.handler_scope = $15
                 or $13 = 'sign' and i.state in ('assigned', 'reported') and $15 in (i.handler_scope, i.sender_scope)
                 or $13 = 'handling' and i.state in ('accepted', 'handling', 'coordinating', 'suspended')
                     and (i.handler_cadre_id = any(array(
                     select $11::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $16 and d.deputy_id = $11 and d.from_on <= $17 and d.to_on >= $17
                         and (d.ended_on is null or d.ended_on > $17))) or i.handler_cadre_id is null and i.handler_scope = $15)
                 or $13 = 'waiting' and i.state = 'waiting' and (i.handler_scope = $15 or i.received_by = $11)
                 or $13 = 'overdue' and i.closed_at is null and i.due_at < $14 and i.state in ('pending', 'accepted', 'assigned',
                     'reported', 'handling', 'coordinating', 'reopened')
                 or $13 = 'verdict' and i.state in ('done', 'explained')
                 or $13 = 'failed' and i.state = 'reopened'
                 or $13 = 'instructed' and exists (
                     select
                     from issue_instructions x
                     where x.tenant_id = i.tenant_id and x.issue_id = i.id and x.answer is null))"#,
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
        filter.queue.map(Queue::code),
        now,
        mine.home,
        mine.tenant,
        mine.today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// How many wait in each queue; by the same words as the filter of `list`. The first four are those of
/// whoever asks and his committee, the others those of his whole scope.
pub async fn queues(db: &mut ScopedTx) -> Result<Vec<(Queue, i64)>> {
    let (tenant, lo, hi, now) = (db.tenant_filter(), db.lo(), db.hi(), db.now());
    let mine = Mine::of(db);
    let row = sqlx::query!(
        r#"select
             count(*) filter (where i.state = 'pending' and i.handler_scope = $6) as "pending!",
             count(*) filter (where i.state in ('assigned', 'reported')
                 and $6 in (i.handler_scope, i.sender_scope)) as "sign!",
             count(*) filter (where i.state in ('accepted', 'handling', 'coordinating', 'suspended')
                 and (i.handler_cadre_id = any(array(
                     select $5::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $7 and d.deputy_id = $5 and d.from_on <= $8 and d.to_on >= $8
                         and (d.ended_on is null or d.ended_on > $8))) or i.handler_cadre_id is null and i.handler_scope = $6)) as "handling!",
             count(*) filter (where i.state = 'waiting' and (i.handler_scope = $6 or i.received_by = $5)) as "waiting!",
             count(*) filter (where i.due_at < $4 and i.state not in ('waiting', 'suspended', 'done', 'explained')) as "overdue!",
             count(*) filter (where i.state in ('done', 'explained')) as "verdict!",
             count(*) filter (where i.state = 'reopened') as "failed!",
             (select count(distinct x.issue_id)
              from issue_instructions x
              join issues j on j.tenant_id = x.tenant_id and j.id = x.issue_id and j.state not in ('void', 'merged')
              where ($1::int is null or x.tenant_id = $1) and x.answer is null
                  and (x.scope between $2 and $3 or x.handler_scope between $2 and $3
                      or x.sender_scope between $2 and $3)) as "instructed!"
         from issues i
         where ($1::int is null or i.tenant_id = $1)
             and (i.scope between $2 and $3 or i.handler_scope between $2 and $3
                 or i.sender_scope between $2 and $3)
             and i.state not in ('void', 'merged', 'closed', 'declined')"#,
        tenant,
        lo,
        hi,
        now,
        mine.cadre,
        mine.home,
        mine.tenant,
        mine.today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(vec![
        (Queue::Pending, row.pending),
        (Queue::Sign, row.sign),
        (Queue::Handling, row.handling),
        (Queue::Waiting, row.waiting),
        (Queue::Overdue, row.overdue),
        (Queue::Verdict, row.verdict),
        (Queue::Failed, row.failed),
        (Queue::Instructed, row.instructed),
    ])
}
