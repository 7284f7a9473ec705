//! What hangs on an issue is seen by the same three sides: who hands it over writes them into every
//! row of these tables. A key checks at the end of the transaction that none was forgotten.

use crate::issues::model::Issue;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;

/// Brings every row that hangs on it along.
pub(super) async fn carry(db: &mut ScopedTx, issue: &Issue) -> Result<()> {
    sqlx::query!(
        "with
             moves as (
                 update issue_moves set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             closings as (
                 update issue_closings set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             verdicts as (
                 update issue_verdicts set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             followups as (
                 update issue_followups set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             pauses as (
                 update issue_pauses set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             extensions as (
                 update issue_extensions set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             parts as (
                 update issue_parts set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             instructions as (
                 update issue_instructions set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             files as (
                 update issue_files set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             reporters as (
                 update issue_reporters set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2),
             links as (
                 update issue_links set handler_scope = $3, sender_scope = $4
                 where tenant_id = $1 and issue_id = $2)
         update issue_handoffs set handler_scope = $3, sender_scope = $4
         where tenant_id = $1 and issue_id = $2",
        issue.tenant_id.0,
        issue.id.0,
        issue.handler_scope,
        issue.sender_scope,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
