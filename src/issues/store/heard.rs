//! The evening on which problems were heard, when the visit turns out to have been on another one.

use chrono::NaiveDate;

use crate::issues::model::IssueId;
use crate::platform::Result;
use crate::platform::ids::TenantId;
use crate::platform::transaction::ScopedTx;

/// Moves them to another evening. The months are for the caller to mark.
pub async fn heard_on(
    db: &mut ScopedTx,
    tenant: TenantId,
    issues: &[IssueId],
    evening: NaiveDate,
) -> Result<()> {
    sqlx::query!(
        "update issues set raised_on = $3 where tenant_id = $1 and id = any($2)",
        tenant.0,
        issues as &[IssueId],
        evening,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
