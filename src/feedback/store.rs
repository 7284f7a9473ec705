//! The table of complaints and suggestions.

use super::model::{Feedback, FeedbackId, NewFeedback};
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Newest first: all within the scope, or only those of one author.
pub async fn list(
    db: &mut ScopedTx,
    author: Option<CadreId>,
    after: Option<Mark>,
) -> Result<Page<Feedback>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let rows = sqlx::query_as!(
        Feedback,
        r#"select f.id as "id: FeedbackId", f.tenant_id as "tenant_id: TenantId",
             f.committee_id as "committee_id: CommitteeId", f.scope, f.text, f.page,
             f.author_id as "author_id: CadreId", c.name as author, k.short_name as committee,
             f.created_at, f.answer, f.answered_at, f.version
         from feedback f
         join cadres c on c.tenant_id = f.tenant_id and c.id = f.author_id
         join committees k on k.id = f.committee_id
         where ($1::int is null or f.tenant_id = $1) and f.scope between $2 and $3
             and ($4::uuid is null or f.author_id = $4)
             and ($5::timestamptz is null or (f.created_at, f.id) < ($5, $6))
         order by f.created_at desc, f.id desc
         limit $7"#,
        tenant,
        lo,
        hi,
        author.map(|id| id.0),
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from feedback
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3
             and ($4::uuid is null or author_id = $4)"#,
        tenant,
        lo,
        hi,
        author.map(|id| id.0),
    )
    .fetch_one(db.conn())
    .await?;
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.created_at,
        id: row.id.0,
    }))
}

/// The nearest committee with an admin in office, from the acting one's own up: who answers.
pub async fn answered_by(db: &mut ScopedTx) -> Result<Option<String>> {
    let (at, today) = (db.scope().place(), db.scope().today());
    let name = sqlx::query_scalar!(
        "select k.short_name
         from committees k
         where k.tenant_id = $1 and $2 between k.code_lo and k.code_hi
             and exists (
                 select from appointments p
                 where p.tenant_id = k.tenant_id and p.committee_id = k.id and p.role = 'admin'
                     and p.starts_on <= $3 and (p.ends_on is null or p.ends_on > $3))
         order by k.level desc
         limit 1",
        at.tenant.0,
        at.scope,
        today,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(name)
}

pub async fn get(db: &mut ScopedTx, id: FeedbackId) -> Result<Feedback> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let found = sqlx::query_as!(
        Feedback,
        r#"select f.id as "id: FeedbackId", f.tenant_id as "tenant_id: TenantId",
             f.committee_id as "committee_id: CommitteeId", f.scope, f.text, f.page,
             f.author_id as "author_id: CadreId", c.name as author, k.short_name as committee,
             f.created_at, f.answer, f.answered_at, f.version
         from feedback f
         join cadres c on c.tenant_id = f.tenant_id and c.id = f.author_id
         join committees k on k.id = f.committee_id
         where ($1::int is null or f.tenant_id = $1) and f.scope between $2 and $3 and f.id = $4"#,
        tenant,
        lo,
        hi,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// False when the id is there already: a repeated post.
pub async fn add(db: &mut ScopedTx, new: &NewFeedback) -> Result<bool> {
    let (at, author, now) = (db.scope().place(), db.scope().cadre()?, db.now());
    let outcome = sqlx::query!(
        "insert into feedback
             (tenant_id, id, committee_id, scope, text, page, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict do nothing",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.text,
        new.page,
        author.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(outcome.rows_affected() == 1)
}

/// Answers it, if nobody has meanwhile.
pub async fn answer(db: &mut ScopedTx, feedback: &Feedback, text: &str) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    let outcome = sqlx::query!(
        "update feedback
         set answer = $3, answered_by = $4, answered_at = $5, version = version + 1
         where tenant_id = $1 and id = $2 and answer is null",
        feedback.tenant_id.0,
        feedback.id.0,
        text,
        by.0,
        now,
    )
    .execute(db.conn())
    .await?;
    if outcome.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::Stale(""))
    }
}
