//! The table of attachments.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::issues::files::On;
use crate::issues::model::{ATTACHED, FileId, Issue, IssueId, MoveId};
use crate::platform::daybook::Line;
use crate::platform::ids::TenantId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Its content lies under `key` already.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub id: FileId,
    pub on: On,
    pub name: String,
    pub media_type: &'static str,
    pub size: i64,
    pub sha256: String,
    pub key: String,
    pub is_shown: bool,
}

/// A file as it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub issue_id: IssueId,
    pub move_id: Option<MoveId>,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub key: String,
    /// The young person may have it.
    pub is_shown: bool,
    pub cadre: Option<String>,
    pub added_at: DateTime<Utc>,
}

impl File {
    /// Of a picture, a document: for people.
    pub fn size_words(&self) -> String {
        let kilobytes = self.size.div_euclid(1024) + 1;
        if kilobytes < 1024 {
            format!("{kilobytes} KB")
        } else {
            format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
        }
    }
}

/// Writes the row; false when the same file is there already, `Stale` when its id is another's.
pub async fn add_file(db: &mut ScopedTx, issue: &Issue, new: &NewFile) -> Result<bool> {
    let (now, by) = (db.now(), db.scope().actor().cadre);
    let (move_id, part_id, part_scope) = match new.on {
        On::Move(id) => (Some(id.0), None, None),
        On::Part(id, scope) => (None, Some(id), scope),
    };
    let done = sqlx::query!(
        "insert into issue_files (tenant_id, id, issue_id, scope, handler_scope, sender_scope, part_scope,
             move_id, part_id, name, media_type, size, sha256, key, is_shown, cadre_id, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict (tenant_id, id) do nothing",
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        part_scope,
        move_id,
        part_id,
        new.name,
        new.media_type,
        new.size,
        new.sha256,
        new.key,
        new.is_shown,
        by.map(|id| id.0),
        now,
    )
    .execute(db.conn())
    .await?;
    if done.rows_affected() == 0 {
        return is_same(db, issue, new).await;
    }
    let line = Line::new(ATTACHED, Some(issue.id.0), issue.line_place(db.scope()));
    let facts = serde_json::json!({"file": new.id.0, "size": new.size, "type": new.media_type});
    db.note_line(line.detail(facts)).await?;
    Ok(true)
}

async fn is_same(db: &mut ScopedTx, issue: &Issue, new: &NewFile) -> Result<bool> {
    let same = sqlx::query_scalar!(
        r#"select exists (
             select from issue_files
             where tenant_id = $1 and id = $2 and issue_id = $3 and sha256 = $4) as "same!""#,
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        new.sha256,
    )
    .fetch_one(db.conn())
    .await?;
    if same {
        Ok(false)
    } else {
        Err(Error::Stale(""))
    }
}

/// Of one matter, the oldest first.
pub async fn files(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<File>> {
    let found = sqlx::query_as!(
        File,
        r#"select f.id as "id: FileId", f.issue_id as "issue_id: IssueId", f.move_id as "move_id: MoveId",
             f.name, f.media_type, f.size, f.key, f.is_shown, c.name as "cadre?", f.added_at
         from issue_files f
         left join cadres c on c.tenant_id = f.tenant_id and c.id = f.cadre_id
         where f.tenant_id = $1 and f.issue_id = $2 and f.removed_at is null
         order by f.added_at, f.id"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// One that is in sight.
pub async fn file(db: &mut ScopedTx, id: FileId) -> Result<File> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        File,
        r#"select f.id as "id: FileId", f.issue_id as "issue_id: IssueId", f.move_id as "move_id: MoveId",
             f.name, f.media_type, f.size, f.key, f.is_shown, c.name as "cadre?", f.added_at
         from issue_files f
         left join cadres c on c.tenant_id = f.tenant_id and c.id = f.cadre_id
         where ($1::int is null or f.tenant_id = $1) and f.id = $2 and f.removed_at is null"#,
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// Those of the keys that a row names.
pub async fn keys_of_files(
    db: &mut ScopedTx,
    tenant: TenantId,
    keys: &[String],
) -> Result<HashSet<String>> {
    let found = sqlx::query_scalar!(
        "select key from issue_files where tenant_id = $1 and key = any($2)",
        tenant.0,
        keys,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found.into_iter().collect())
}
