//! The table of 批示. A receiver signs all that he has not signed, and answers the one that is due first.

use chrono::NaiveDate;
use uuid::Uuid;

use super::read::Mine;
use crate::issues::model::{Instruction, Issue, IssueId, NewMove};
use crate::platform::Result;
use crate::platform::ids::CadreId;
use crate::platform::transaction::ScopedTx;

/// Those of a matter: open ones first, by their day.
pub async fn list(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Instruction>> {
    let me = db.scope().actor().cadre;
    let found = sqlx::query_as!(
        Instruction,
        r#"select x.cadre_id as "cadre_id: CadreId", x.cadre_id is not distinct from $3 as "is_own!", c.name as cadre, k.short_name as committee, x.words,
             x.due_on, x.given_at, s.name as "signer?", x.signed_at, x.answer, a.name as "answerer?",
             x.answered_at
         from issue_instructions x
         join cadres c on c.tenant_id = x.tenant_id and c.id = x.cadre_id
         join committees k on k.id = x.actor_committee_id
         left join cadres s on s.tenant_id = x.tenant_id and s.id = x.signed_by
         left join cadres a on a.tenant_id = x.tenant_id and a.id = x.answered_by
         where x.tenant_id = $1 and x.issue_id = $2
         order by x.answer is not null, x.due_on, x.given_at, x.id"#,
        issue.tenant_id.0,
        issue.id.0,
        me.map(|id| id.0),
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Who gave those that are open, and whether they are signed; the one that is answered next first.
pub(super) async fn open(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<(CadreId, bool)>> {
    let rows = sqlx::query!(
        r#"select cadre_id as "cadre: CadreId", signed_at is not null as "is_signed!"
         from issue_instructions
         where tenant_id = $1 and issue_id = $2 and answer is null
         order by due_on, given_at, id"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.cadre, row.is_signed))
        .collect())
}

pub(super) async fn give(
    db: &mut ScopedTx,
    issue: &Issue,
    due_on: NaiveDate,
    new: &NewMove,
) -> Result<()> {
    let (by, now, at) = (db.scope().cadre()?, db.now(), db.scope().committee());
    sqlx::query!(
        "insert into issue_instructions (tenant_id, id, issue_id, scope, handler_scope, sender_scope,
             cadre_id, actor_committee_id, words, due_on, given_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        by.0,
        at.0,
        new.words.clone().unwrap_or_default(),
        due_on,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

pub(super) async fn sign(db: &mut ScopedTx, issue: &Issue) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "update issue_instructions
         set signed_by = $3, signed_at = $4
         where tenant_id = $1 and issue_id = $2 and signed_at is null",
        issue.tenant_id.0,
        issue.id.0,
        by.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Who answers has read it: it is signed with the answer if it was not.
pub(super) async fn answer(db: &mut ScopedTx, issue: &Issue, new: &NewMove) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "update issue_instructions
         set signed_by = coalesce(signed_by, $3), signed_at = coalesce(signed_at, $4), answer = $5,
             answered_by = $3, answered_at = $4
         where tenant_id = $1 and id = (
             select id
             from issue_instructions
             where tenant_id = $1 and issue_id = $2 and answer is null
             order by due_on, given_at, id
             limit 1)",
        issue.tenant_id.0,
        issue.id.0,
        by.0,
        now,
        new.words.clone().unwrap_or_default(),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// One that waits for a report, of those that I have to answer or have given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    pub issue: IssueId,
    pub due_on: NaiveDate,
    pub is_signed: bool,
    /// I have given it.
    pub is_own: bool,
}

/// Those that wait for me, or that I wait for, the first due first.
pub async fn awaited(db: &mut ScopedTx, limit: i64) -> Result<Vec<Awaited>> {
    let (tenant, lo, hi, today) = (db.scope().tenant(), db.lo(), db.hi(), db.scope().today());
    let mine = Mine::of(db);
    let me: Option<Uuid> = mine.cadre;
    let rows = sqlx::query!(
        r#"select x.issue_id as "issue: IssueId", x.due_on, x.signed_at is not null as "is_signed!",
             x.cadre_id = $4 as "is_own!"
         from issue_instructions x
         join issues i on i.tenant_id = x.tenant_id and i.id = x.issue_id
         where x.tenant_id = $1 and x.answer is null
             and (x.scope between $2 and $3 or x.handler_scope between $2 and $3
                 or x.sender_scope between $2 and $3)
             and i.state not in ('void', 'merged', 'declined')
             and (x.cadre_id = $4
                 or i.handler_cadre_id = any(array(
                     select $4::uuid union all
                     select d.cadre_id from deputies d
                     where d.tenant_id = $1 and d.deputy_id = $4 and d.from_on <= $6 and d.to_on >= $6
                         and (d.ended_on is null or d.ended_on > $6)))
                 or i.handler_cadre_id is null and i.handler_committee_id = $5)
         order by x.due_on, x.given_at, x.id
         limit $7"#,
        tenant.0,
        lo,
        hi,
        me,
        mine.committee,
        today,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    let awaited = rows.into_iter().map(|row| Awaited {
        issue: row.issue,
        due_on: row.due_on,
        is_signed: row.is_signed,
        is_own: row.is_own,
    });
    Ok(awaited.collect())
}
