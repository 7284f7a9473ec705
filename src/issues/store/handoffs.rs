//! Handoffs to the province's own tenant, seen from both sides; and the linked matter there.

use chrono::Datelike;

use super::short_of;
use crate::issues::due;
use crate::issues::model::{
    ADDED, Category, DueFrom, Handoff, HandoffId, Issue, IssueId, NewHandoff, Outcome, State,
    Urgency, has_sensitive_words, number,
};
use crate::kit::workday::end_of_day;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Result, counters};

/// Under the lock of its matter, after the move that hands it out.
pub async fn add_handoff(db: &mut ScopedTx, issue: &Issue, new: &NewHandoff) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "insert into issue_handoffs (tenant_id, id, issue_id, scope, handler_scope, sender_scope,
             to_tenant_id, to_committee_id, to_scope, matter, task, category, urgency, due_at, cadre_id,
             sent_at, shown_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict (tenant_id, id) do nothing",
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        new.to.tenant.0,
        new.to.committee.0,
        new.to.scope,
        new.matter,
        new.task,
        issue.category.code(),
        issue.urgency.code(),
        new.due_on.map(end_of_day),
        by.0,
        now,
        new.shown_name,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Those of a matter, and those that it came from, in the order in which they were sent.
pub async fn handoffs(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Handoff>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: HandoffId"
         from issue_handoffs
         where tenant_id = $1 and issue_id = $2 or to_tenant_id = $1 and linked_issue_id = $2"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    some(db, &ids).await
}

pub async fn handoff(db: &mut ScopedTx, id: HandoffId) -> Result<Option<Handoff>> {
    Ok(some(db, &[id]).await?.pop())
}

async fn some(db: &mut ScopedTx, ids: &[HandoffId]) -> Result<Vec<Handoff>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select x.id as "id: HandoffId", x.tenant_id as "tenant: TenantId", x.issue_id as "issue: IssueId",
             i.no as "no?", h.short_name as "from", k.short_name as unit, x.to_tenant_id as "to_tenant: TenantId",
             x.to_committee_id as "to_committee: CommitteeId", x.to_scope, x.matter, x.task,
             x.category as "category: Category", x.urgency as "urgency: Urgency", x.due_at, x.sent_at,
             g.name as "sent_by?", x.linked_issue_id as "linked: IssueId", x.linked_no,
             x.linked_state as "linked_state: State", x.linked_due_at, x.holder,
             x.outcome as "outcome: Outcome", x.answer, x.answered_at, x.returned_at, x.returned_reason,
             x.shown_name
         from issue_handoffs x
         join committees h on h.code_lo = x.handler_scope
         join committees k on k.id = x.to_committee_id
         left join issues i on i.tenant_id = x.tenant_id and i.id = x.issue_id
         left join cadres g on g.tenant_id = x.tenant_id and g.id = x.cadre_id
         where x.id = any($1)
         order by x.sent_at, x.id"#,
        ids as &[HandoffId],
    )
    .fetch_all(db.conn())
    .await?;
    let handoff = rows.into_iter().map(|row| Handoff {
        id: row.id,
        tenant: row.tenant,
        issue: row.issue,
        no: row.no,
        from: row.from,
        unit: row.unit,
        to: Place {
            tenant: row.to_tenant,
            committee: row.to_committee,
            scope: row.to_scope,
        },
        matter: row.matter,
        task: row.task,
        category: row.category,
        urgency: row.urgency,
        due_at: row.due_at,
        sent_at: row.sent_at,
        sent_by: row.sent_by,
        linked: row.linked,
        linked_no: row.linked_no,
        linked_state: row.linked_state,
        linked_due_at: row.linked_due_at,
        holder: row.holder,
        outcome: row.outcome,
        answer: row.answer,
        answered_at: row.answered_at,
        returned_at: row.returned_at,
        returned_reason: row.returned_reason,
        shown_name: row.shown_name,
    });
    Ok(handoff.collect())
}

/// Sent to the own committee, and no matter made of it yet.
pub async fn unlinked(db: &mut ScopedTx, limit: i64) -> Result<Vec<HandoffId>> {
    let to = db.lo();
    let found = sqlx::query_scalar!(
        r#"select id as "id: HandoffId"
         from issue_handoffs
         where to_scope = $1 and answered_at is null and returned_at is null and linked_issue_id is null
         order by sent_at, id
         limit $2"#,
        to,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// The handoff takes its matter, once: false when it has one.
pub async fn link_handoff(db: &mut ScopedTx, handoff: &Handoff) -> Result<bool> {
    let now = db.now();
    let done = sqlx::query!(
        "update issue_handoffs
         set linked_issue_id = $3, linked_at = $4
         where tenant_id = $1 and id = $2 and linked_issue_id is null",
        handoff.tenant.0,
        handoff.id.0,
        handoff.linked_id().0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The linked matter, 待受理 at the committee that it was sent to, with its number there. Nobody heard it
/// here, so it names no cadre and no young person.
pub async fn make_linked(db: &mut ScopedTx, handoff: &Handoff) -> Result<()> {
    let (at, now, day) = (handoff.to, db.now(), db.scope().today());
    let short = short_of(db, at.committee).await?;
    let no = number(
        &short,
        day.year(),
        counters::next(db, at, "issue", day.year()).await?,
    );
    let limits = super::limits(db, at.tenant).await?;
    let due = handoff.due_at.filter(|due| *due > now);
    let detail = format!("{}\n\n{}", handoff.matter, handoff.task);
    sqlx::query!(
        "insert into issues (tenant_id, id, committee_id, scope, handler_committee_id, handler_scope,
             sender_scope, no, detail, category, urgency, source, is_sensitive, raised_on, received_at,
             updated_at, due_at, due_from, due_start_at, warn_at)
         values ($1, $2, $3, $4, $3, $4, $4, $5, $6, $7, $8, 'handoff', $9, $10, $11, $11, $12, $13, $14, $15)",
        at.tenant.0,
        handoff.linked_id().0,
        at.committee.0,
        at.scope,
        no,
        detail,
        handoff.category.code(),
        handoff.urgency.code(),
        has_sensitive_words(&detail),
        day,
        now,
        due,
        due.map(|_| DueFrom::Sender.code()),
        due.map(|_| now),
        due.map(|due| due::warn_at(&limits, now, due)),
    )
    .execute(db.conn())
    .await?;
    db.note(ADDED, Some(handoff.linked_id().0), at).await
}

/// Writes into the row that both see who holds the linked matters, how they stand and until when. One that
/// was merged into another goes on as that.
pub async fn mirror_linked(db: &mut ScopedTx) -> Result<()> {
    let to = db.lo();
    sqlx::query!(
        "update issue_handoffs x
         set linked_issue_id = i.merged_into
         from issues i
         where x.to_scope = $1 and x.answered_at is null and x.returned_at is null
             and i.tenant_id = x.to_tenant_id and i.id = x.linked_issue_id and i.state = 'merged'",
        to,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "update issue_handoffs x
         set linked_no = s.no, linked_state = s.state, linked_due_at = s.due_at, holder = s.holder
         from (
             select i.tenant_id, i.id, i.no, i.state, i.due_at, concat_ws(' ', h.short_name, c.name) as holder
             from issues i
             join committees h on h.id = i.handler_committee_id
             left join cadres c on c.tenant_id = i.tenant_id and c.id = i.handler_cadre_id) s
         where x.to_scope = $1 and x.answered_at is null and x.returned_at is null
             and s.tenant_id = x.to_tenant_id and s.id = x.linked_issue_id
             and (x.linked_no, x.linked_state, x.linked_due_at, x.holder)
                 is distinct from (s.no, s.state, s.due_at, s.holder)",
        to,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The linked matter of a handoff that nobody has answered, as it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    pub handoff: HandoffId,
    pub issue: IssueId,
}

/// Those whose linked matter is closed, declined or void.
pub async fn settled(db: &mut ScopedTx, limit: i64) -> Result<Vec<Linked>> {
    let to = db.lo();
    let found = sqlx::query_as!(
        Linked,
        r#"select x.id as "handoff: HandoffId", i.id as "issue: IssueId"
         from issue_handoffs x
         join issues i on i.tenant_id = x.to_tenant_id and i.id = x.linked_issue_id
         where x.to_scope = $1 and x.answered_at is null and x.returned_at is null
             and i.state in ('done', 'explained', 'closed', 'declined', 'void')
         order by x.sent_at, x.id
         limit $2"#,
        to,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// What came of it there, once: false when it is there already. Without an outcome it comes back.
pub async fn answer_handoff(
    db: &mut ScopedTx,
    handoff: &Handoff,
    outcome: Option<Outcome>,
    words: &str,
) -> Result<bool> {
    let now = db.now();
    let done = sqlx::query!(
        "update issue_handoffs
         set outcome = $3,
             answer = case when $3::text is not null then $4 end,
             answered_at = case when $3::text is not null then $5::timestamptz end,
             returned_reason = case when $3::text is null then $4 end,
             returned_at = case when $3::text is null then $5::timestamptz end
         where tenant_id = $1 and id = $2 and answered_at is null and returned_at is null",
        handoff.tenant.0,
        handoff.id.0,
        outcome.map(Outcome::code),
        words,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Answered or sent back, and not yet in the matter that they are of.
pub async fn answered(db: &mut ScopedTx, limit: i64) -> Result<Vec<HandoffId>> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        r#"select id as "id: HandoffId"
         from issue_handoffs
         where tenant_id = $1 and handed_in_at is null
             and (answered_at is not null or returned_at is not null)
         order by sent_at, id
         limit $2"#,
        tenant.0,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// It is in its matter now, once: false when it was before.
pub async fn handed_in(db: &mut ScopedTx, handoff: &Handoff) -> Result<bool> {
    let now = db.now();
    let done = sqlx::query!(
        "update issue_handoffs set handed_in_at = $3
         where tenant_id = $1 and id = $2 and handed_in_at is null",
        handoff.tenant.0,
        handoff.id.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
