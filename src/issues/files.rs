//! 附件: files on notes, answers and parts. The content lies outside the database; its row is the only way
//! to it. It is written first and then its row, so a transaction that failed leaves a content without a
//! row, which a job takes away.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use chrono::{TimeDelta, Utc};

use super::model::{FileId, IssueId, MoveId};
use super::store::{self, File, NewFile};
use crate::kit::attachment::{self, Attachment, AttachmentFault};
use crate::platform::feature::{Job, Running};
use crate::platform::files::{Files, sha256};
use crate::platform::ids::TenantId;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

pub const JOB: Job = Job {
    name: "issues: contents without a row",
    every: Duration::from_hours(6),
    run,
};

/// A content without a row is left alone for so long: its transaction may be under way.
const LEFT: TimeDelta = TimeDelta::days(1);

/// One picture is decoded at a time: each may take two hundred megabytes.
static DECODING: Mutex<()> = Mutex::new(());

/// What a file is put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A note or an answer.
    Move(MoveId),
    /// A part, with the code of the committee that has it; it sees the file.
    Part(uuid::Uuid, Option<i64>),
}

/// What was chosen, as it comes from a form.
#[derive(Debug)]
pub struct Chosen {
    pub id: FileId,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Where contents lie; `Busy` where this process has none.
pub fn files(scope: &Scope) -> Result<&Files> {
    scope.site().settings.files.as_ref().ok_or(Error::Busy)
}

/// Checks a content and draws a picture anew, away from the threads that answer requests.
pub async fn check(bytes: Vec<u8>) -> Result<Result<Attachment, AttachmentFault>> {
    let task = tokio::task::spawn_blocking(move || {
        let _one_at_a_time = DECODING.lock().unwrap_or_else(PoisonError::into_inner);
        attachment::take(bytes)
    });
    task.await.map_err(Error::bug)
}

/// Puts a checked content on a matter, with its line of the day book: whoever calls has seen that the
/// scope may. The same id again with the same content changes nothing; `Stale` for another content.
pub async fn attach(
    scope: &Scope,
    (issue, on, is_shown): (IssueId, On, bool),
    id: FileId,
    (name, attachment): (String, Attachment),
) -> Result<()> {
    let files = files(scope)?;
    let tenant = scope
        .look(async |db| store::get(db, issue).await)
        .await?
        .tenant_id;
    let new = NewFile {
        id,
        on,
        name,
        media_type: attachment.format.media_type(),
        size: i64::try_from(attachment.bytes.len()).map_err(Error::bug)?,
        sha256: sha256(&attachment.bytes),
        key: files.put(tenant, attachment.bytes).await?,
        is_shown,
    };
    let written = scope
        .work(async |db| {
            let issue = store::get(db, issue).await?;
            let is_new = store::add_file(db, &issue, &new).await?;
            Ok(db.unchanged(is_new))
        })
        .await;
    if !matches!(written, Ok(true)) {
        files.remove(&new.key).await?;
    }
    written.map(|_| ())
}

/// The content, to be saved: never shown in our own origin.
pub async fn answer(scope: &Scope, file: &File) -> Result<Response> {
    let bytes = files(scope)?.get(&file.key).await?;
    let bytes = bytes.ok_or(Error::NotFound)?;
    let name: String = form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
    let name = name.replace('+', "%20");
    Response::builder()
        .header(CONTENT_TYPE, &file.media_type)
        .header(
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        )
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .body(Body::from(bytes))
        .map_err(Error::bug)
}

fn run(scope: Scope) -> Running {
    Box::pin(async move {
        let tenant = scope.tenant();
        sweep(&scope, tenant, LEFT).await.map(|_| ())
    })
}

/// Takes away what lies there of a tenant, has no row, and is older than that; how many there were. By the
/// clock of the machine, which says how old a file is.
pub async fn sweep(scope: &Scope, tenant: TenantId, left: TimeDelta) -> Result<usize> {
    let Ok(files) = files(scope) else {
        return Ok(0);
    };
    let before = now() - left;
    let lying = files.of_tenant(tenant).await?;
    let old: Vec<String> = lying
        .into_iter()
        .filter(|it| it.since <= before)
        .map(|it| it.key)
        .collect();
    let known = scope
        .look_long(async |db| store::keys_of_files(db, tenant, &old).await)
        .await?;
    let mut taken = 0;
    for key in old.iter().filter(|key| !known.contains(*key)) {
        files.remove(key).await?;
        taken += 1;
    }
    Ok(taken)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the file system's own clock is what this is compared with"
)]
fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
