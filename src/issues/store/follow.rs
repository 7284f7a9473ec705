//! Rows of 回访: drawn by the clock, waiting, done.

use chrono::{Days, NaiveDate};

use crate::issues::due::Limits;
use crate::issues::model::{
    Bar, FollowUp, FollowUpId, FollowedUp, Issue, IssueId, Means, NewFollowUp, Satisfaction, Truth,
    Why,
};
use crate::platform::ids::CadreId;
use crate::platform::paging::{Mark, ROWS};
use crate::platform::scope::Role;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// How long after a closing can no more be reopened by the young person it is still drawn.
const LATE: u64 = 30;

/// Draws closings of the tenant that are settled and were not drawn yet; how many. `due`: the last day of
/// those that come first, and of the others.
pub async fn draw(db: &mut ScopedTx, limits: &Limits, due: [NaiveDate; 2]) -> Result<u64> {
    let (tenant, lo, hi, today) = (db.scope().tenant(), db.lo(), db.hi(), db.scope().today());
    let days = u64::try_from(limits.reopen_days).unwrap_or(0) + LATE;
    let since = today - Days::new(days);
    let drawn = sqlx::query!(
        "insert into issue_followups (tenant_id, id, issue_id, n, scope, handler_scope, sender_scope, why,
             drawn_on, due_on, closed_by)
         select x.tenant_id, md5('follow ' || x.issue_id::text || x.n::text)::uuid, x.issue_id, x.n, i.scope,
             i.handler_scope, i.sender_scope,
             case when coalesce(v.is_on_the_spot or v.is_near, false) then 'on_the_spot' else 'sample' end,
             $5, case when coalesce(v.is_on_the_spot or v.is_near, false) then $6::date else $7::date end,
             x.cadre_id
         from issue_closings x
         join issues i on i.tenant_id = x.tenant_id and i.id = x.issue_id
         left join issue_verdicts v on v.tenant_id = x.tenant_id and v.issue_id = x.issue_id and v.n = x.n
         where x.tenant_id = $1 and x.scope between $2 and $3 and x.closed_on >= $4 and x.stands
             and x.counts
             and i.state = 'closed' and $8::int > 0
             and (v.is_on_the_spot or v.is_near
                 or ('x' || left(md5(x.issue_id::text || x.n::text), 8))::bit(32)::bigint % 100 < $8)
             and not exists (
                 select from issue_followups f
                 where f.tenant_id = x.tenant_id and f.issue_id = x.issue_id and f.n = x.n)
         on conflict do nothing",
        tenant.0,
        lo,
        hi,
        since,
        today,
        due[0],
        due[1],
        limits.follow_up_percent,
    )
    .execute(db.conn())
    .await?;
    Ok(drawn.rows_affected())
}

/// Whom whoever asks may follow up: as `moves::TABLE` has it, and never his own closings.
struct May {
    me: Option<uuid::Uuid>,
    /// The code of his committee, where he works there.
    home: Option<i64>,
    leads: bool,
}

impl May {
    fn of(db: &ScopedTx) -> Self {
        let actor = db.scope().actor();
        let works = matches!(actor.role, Role::Cadre | Role::Secretary);
        let home = actor.home.as_ref().filter(|_| works);
        Self {
            me: actor.cadre.map(|id| id.0),
            home: home.map(|home| home.place.scope),
            leads: actor.role == Role::Secretary,
        }
    }
}

/// Those that wait for whoever asks, the soonest due first.
pub async fn to_follow_up(db: &mut ScopedTx, after: Option<Mark>) -> Result<Vec<FollowUp>> {
    let (tenant, lo, hi, may) = (db.tenant_filter(), db.lo(), db.hi(), May::of(db));
    let found = sqlx::query_as!(
        FollowUp,
        r#"select f.id as "id: FollowUpId", f.issue_id as "issue: IssueId", f.why as "why: Why", f.due_on
         from issue_followups f
         join issue_closings x on x.tenant_id = f.tenant_id and x.issue_id = f.issue_id and x.n = f.n
         join issues i on i.tenant_id = f.tenant_id and i.id = f.issue_id
         where ($1::int is null or f.tenant_id = $1) and f.done_at is null and x.stands
             and f.closed_by <> $4
             and (i.received_by = $4
                 or i.handed_at is not null and i.sender_scope <> i.handler_scope and i.sender_scope = $5
                 or $6 and (i.scope between $2 and $3
                     or i.handler_scope between $2 and $3 and i.handler_scope <> $5))
             and ($7::date is null or (f.due_on, f.id) > ($7, $8))
         order by f.due_on, f.id
         limit $9"#,
        tenant,
        lo,
        hi,
        may.me,
        may.home,
        may.leads,
        after.map(|mark| crate::kit::clock::today(mark.at)),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// How many `to_follow_up` has in all.
pub async fn count_to_follow_up(db: &mut ScopedTx) -> Result<i64> {
    let (tenant, lo, hi, may) = (db.tenant_filter(), db.lo(), db.hi(), May::of(db));
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from issue_followups f
         join issue_closings x on x.tenant_id = f.tenant_id and x.issue_id = f.issue_id and x.n = f.n
         join issues i on i.tenant_id = f.tenant_id and i.id = f.issue_id
         where ($1::int is null or f.tenant_id = $1) and f.done_at is null and x.stands
             and f.closed_by <> $4
             and (i.received_by = $4
                 or i.handed_at is not null and i.sender_scope <> i.handler_scope and i.sender_scope = $5
                 or $6 and (i.scope between $2 and $3
                     or i.handler_scope between $2 and $3 and i.handler_scope <> $5))"#,
        tenant,
        lo,
        hi,
        may.me,
        may.home,
        may.leads,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// The closing that stands: who made it, and whether it was followed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub n: i16,
    pub closed_by: CadreId,
    pub is_followed: bool,
    /// Why it was drawn, if it waits.
    pub why: Option<Why>,
}

pub async fn standing(db: &mut ScopedTx, issue: &Issue) -> Result<Option<Standing>> {
    let found = sqlx::query_as!(
        Standing,
        r#"select x.n, x.cadre_id as "closed_by: CadreId",
             exists (
                 select from issue_followups f
                 where f.tenant_id = x.tenant_id and f.issue_id = x.issue_id and f.n = x.n
                     and f.done_at is not null) as "is_followed!",
             (select f.why from issue_followups f
              where f.tenant_id = x.tenant_id and f.issue_id = x.issue_id and f.n = x.n
                  and f.done_at is null limit 1) as "why: Why"
         from issue_closings x
         where x.tenant_id = $1 and x.issue_id = $2 and x.stands"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Writes the result: into the row that was drawn, else into a new one. The same move again changes
/// nothing; a closing is followed up once.
pub(in crate::issues) async fn follow_up(
    db: &mut ScopedTx,
    issue: &Issue,
    new: &NewFollowUp,
) -> Result<()> {
    let (by, now, today) = (db.scope().cadre()?, db.now(), db.scope().today());
    let known = sqlx::query_scalar!(
        r#"select exists (
             select from issue_followups where tenant_id = $1 and issue_id = $2 and move_id = $3) as "known!""#,
        issue.tenant_id.0,
        issue.id.0,
        new.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    if known {
        return Ok(());
    }
    let standing = standing(db, issue).await?;
    let standing = standing.filter(|it| !it.is_followed);
    let standing = standing.ok_or(Error::Stale(Bar::FollowedUp.label()))?;
    sqlx::query!(
        "insert into issue_followups (tenant_id, id, issue_id, n, scope, handler_scope, sender_scope, why,
             drawn_on, due_on, closed_by)
         select $1, $2, $3, $4, $5, $6, $7, 'asked', $8, $8, $9
         where not exists (
             select from issue_followups where tenant_id = $1 and issue_id = $3 and n = $4)",
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        standing.n,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        today,
        standing.closed_by.0,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "update issue_followups
         set cadre_id = $4, way = $5, is_true = $6, satisfaction = $7, words = $8, done_at = $9, done_on = $10,
             move_id = $11, version = version + 1
         where tenant_id = $1 and issue_id = $2 and n = $3 and done_at is null",
        issue.tenant_id.0,
        issue.id.0,
        standing.n,
        by.0,
        new.means.code(),
        new.truth == Truth::So,
        new.satisfaction.steps(),
        new.words,
        now,
        today,
        new.id.0,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Those that were done, the newest first.
pub async fn followed_up(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<FollowedUp>> {
    let rows = sqlx::query!(
        r#"select f.n, f.why as "why: Why", f.way as "means!: Means", f.is_true as "is_true!",
             f.satisfaction as "satisfaction!", f.words, f.done_at as "done_at!", c.name as cadre
         from issue_followups f
         join cadres c on c.tenant_id = f.tenant_id and c.id = f.cadre_id
         where f.tenant_id = $1 and f.issue_id = $2 and f.done_at is not null
         order by f.n desc, f.done_at desc"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    let rows = rows.into_iter().map(|row| FollowedUp {
        n: row.n,
        why: row.why,
        means: row.means,
        is_true: row.is_true,
        satisfaction: Satisfaction::of_steps(row.satisfaction),
        words: row.words,
        done_at: row.done_at,
        cadre: row.cadre,
    });
    Ok(rows.collect())
}
