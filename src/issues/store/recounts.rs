//! What is to be counted again, how far that is, and the rows that it reads and writes.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::issues::model::{Category, IssueId, Urgency};
use crate::issues::recount::{Counted, Timed};
use crate::platform::Result;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;

/// Asks for it, from the beginning, at the city. `calendar_at`: the state of the calendar that is
/// counted by then.
pub async fn ask(db: &mut ScopedTx, calendar_at: Option<DateTime<Utc>>) -> Result<()> {
    let (at, now) = (db.scope().place(), db.now());
    sqlx::query!(
        "insert into issue_recounts as r (tenant_id, committee_id, scope, asked_at, calendar_at)
         values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, committee_id) do update
         set asked_at = excluded.asked_at, after_id = null, done_at = null, changed = 0,
             calendar_at = coalesce(excluded.calendar_at, r.calendar_at)",
        at.tenant.0,
        at.committee.0,
        at.scope,
        now,
        calendar_at,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The calendar by which this tenant's matters were counted.
pub async fn calendar_at(db: &mut ScopedTx) -> Result<Option<DateTime<Utc>>> {
    let tenant = db.scope().tenant();
    let at = sqlx::query_scalar!(
        "select calendar_at from issue_recounts where tenant_id = $1 and committee_id = $1",
        tenant.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(at.flatten())
}

/// One that was asked for and is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub at: DateTime<Utc>,
    /// Of the last one that was done: how many changed, and when that was.
    pub changed: i32,
    pub done_at: Option<DateTime<Utc>>,
}

/// How the last one stands.
pub async fn last(db: &mut ScopedTx) -> Result<Option<Asked>> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_as!(
        Asked,
        "select asked_at as at, changed, done_at
         from issue_recounts
         where tenant_id = $1 and committee_id = $1",
        tenant.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Locks it; after which matter it goes on (None inside: with the first). None: nothing is asked for.
pub async fn open(db: &mut ScopedTx) -> Result<Option<Option<IssueId>>> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        r#"select after_id as "after: IssueId"
         from issue_recounts
         where tenant_id = $1 and committee_id = $1 and done_at is null
         for update"#,
        tenant.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// After that matter, or with none: it is done.
pub async fn go_on(db: &mut ScopedTx, after: Option<IssueId>, changed: usize) -> Result<()> {
    let (tenant, now) = (db.scope().tenant(), db.now());
    sqlx::query!(
        "update issue_recounts
         set after_id = $2, changed = changed + $3, done_at = case when $2::uuid is null then $4::timestamptz end
         where tenant_id = $1 and committee_id = $1",
        tenant.0,
        after.map(|id| id.0),
        i32::try_from(changed).unwrap_or(i32::MAX),
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Open matters that have their time by the rules, locked where the transaction writes, in the order of
/// their ids.
pub async fn timed(db: &mut ScopedTx, after: Option<IssueId>, limit: i64) -> Result<Vec<Timed>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    sqlx::query!(
        "select count(*)
         from (
             select id
             from issues
             where tenant_id = $1 and scope between $2 and $3 and closed_at is null and due_from = 'rule'
                 and accepted_at is not null
                 and ($4::uuid is null or id > $4)
             order by id
             limit $5
             for update) locked",
        tenant.0,
        lo,
        hi,
        after.map(|id| id.0),
        limit,
    )
    .fetch_one(db.conn())
    .await?;
    read(db, after, limit).await
}

/// The same without a lock.
pub async fn read(db: &mut ScopedTx, after: Option<IssueId>, limit: i64) -> Result<Vec<Timed>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let rows = sqlx::query!(
        r#"select i.id as "id: IssueId", i.committee_id as "committee: CommitteeId", i.scope,
             i.category as "category: Category", i.urgency as "urgency: Urgency",
             i.due_start_at as "start!", i.due_at as "due!", i.warn_at, i.pressed,
             p.began as "began!: Vec<DateTime<Utc>>", p.ended as "ended!: Vec<DateTime<Utc>>"
         from issues i
         cross join lateral (
             select coalesce(array_agg(x.began_at order by x.n), '{}') as began,
                 coalesce(array_agg(x.ended_at order by x.n), '{}') as ended
             from issue_pauses x
             where x.tenant_id = i.tenant_id and x.issue_id = i.id and x.ended_at is not null) p
         where i.tenant_id = $1 and i.scope between $2 and $3 and i.closed_at is null and i.due_from = 'rule'
             and i.accepted_at is not null
             and i.state not in ('void', 'merged') and i.due_start_at is not null
             and ($4::uuid is null or i.id > $4)
         order by i.id
         limit $5"#,
        tenant.0,
        lo,
        hi,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    let timed = rows.into_iter().map(|row| Timed {
        id: row.id,
        place: Place {
            tenant: TenantId(tenant.0),
            committee: row.committee,
            scope: row.scope,
        },
        category: row.category,
        urgency: row.urgency,
        start: row.start,
        due: row.due,
        warn: row.warn_at,
        pressed: row.pressed,
        pauses: row.began.into_iter().zip(row.ended).collect(),
    });
    Ok(timed.collect())
}

/// Writes what was counted. Whoever has the matter before him in a form keeps his version: nothing that
/// he decides on was changed by somebody.
pub async fn write(db: &mut ScopedTx, counted: &[(&Timed, Counted)]) -> Result<()> {
    let tenant = db.scope().tenant();
    let ids: Vec<Uuid> = counted.iter().map(|(one, _)| one.id.0).collect();
    let dues: Vec<DateTime<Utc>> = counted.iter().map(|(_, it)| it.due).collect();
    let warns: Vec<DateTime<Utc>> = counted.iter().map(|(_, it)| it.warn).collect();
    let fresh: Vec<bool> = counted.iter().map(|(_, it)| it.is_fresh).collect();
    sqlx::query!(
        "update issues i
         set due_at = u.due, warn_at = u.warn, pressed = case when u.fresh then 0 else i.pressed end,
             pressed_at = case when u.fresh then null else i.pressed_at end
         from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::boolean[]) u (id, due, warn, fresh)
         where i.tenant_id = $1 and i.id = u.id",
        tenant.0,
        &ids,
        &dues,
        &warns,
        &fresh,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
