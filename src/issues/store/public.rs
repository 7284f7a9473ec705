//! What comes by the public page. It is written through the door of one committee, in a transaction
//! that sees nothing (migration 20), and read again by its owner, its handler or its query code.

use chrono::{DateTime, Utc};

use crate::issues::due;
use crate::issues::model::{
    ADDED, Issue, IssueId, Kind, NewPublic, Urgency, has_sensitive_words, number,
};
use crate::kit::workday::Calendar;
use crate::platform::error::on_constraint;
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result, counters, stale};

/// Within how many working days somebody takes it on, as the page says.
const ANSWERED: u32 = 3;

/// Writes one matter down at a committee, with its reporter and the hash of its query code. `Stale` when
/// the id is there already.
pub async fn take_in(
    db: &mut ScopedTx,
    at: Place,
    new: &NewPublic,
    (code_hash, calendar): (&str, &Calendar),
) -> Result<()> {
    db.open_door(at).await?;
    db.open_session(code_hash).await?;
    let today = db.scope().today();
    let year = chrono::Datelike::year(&today);
    let short = super::short_of(db, at.committee).await?;
    let no = number(&short, year, counters::next(db, at, "issue", year).await?);
    let due = calendar.end_of(db.now(), ANSWERED);
    insert(db, at, new, &no, due).await?;
    hang(db, at, new, code_hash).await?;
    stale::mark(db, at, today).await?;
    db.note(ADDED, Some(new.id.0), at).await
}

async fn insert(
    db: &mut ScopedTx,
    at: Place,
    new: &NewPublic,
    no: &str,
    due: DateTime<Utc>,
) -> Result<()> {
    let (now, today) = (db.now(), db.scope().today());
    let outcome = sqlx::query!(
        "insert into issues (tenant_id, id, committee_id, scope, handler_committee_id, handler_scope,
             sender_scope, no, detail, category, urgency, source, kind, is_sensitive, raised_on,
             received_at, updated_at, due_at, due_from, due_start_at, warn_at)
         values ($1, $2, $3, $4, $3, $4, $4, $5, $6, $7, $8, 'online', $9, $10, $11, $12, $12, $13, 'rule',
             $12, $14)",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        no,
        new.detail,
        new.category.code(),
        Urgency::Usual.code(),
        new.kind.code(),
        has_sensitive_words(&new.detail),
        today,
        now,
        due,
        due::warn_at(&due::Limits::default(), now, due),
    )
    .execute(db.conn())
    .await;
    on_constraint(outcome, "issues_pkey", || Error::Stale(""))?;
    Ok(())
}

async fn hang(db: &mut ScopedTx, at: Place, new: &NewPublic, code_hash: &str) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "insert into issue_reporters (tenant_id, issue_id, scope, handler_scope, sender_scope, name, phone,
             consent_at)
         values ($1, $2, $3, $3, $3, $4, $5, $6)",
        at.tenant.0,
        new.id.0,
        at.scope,
        new.name,
        new.phone,
        now,
    )
    .execute(db.conn())
    .await?;
    let outcome = sqlx::query!(
        "insert into issue_links (tenant_id, token_hash, issue_id, scope, handler_scope, sender_scope, kind,
             made_at)
         values ($1, $2, $3, $4, $4, $4, 'track', $5)",
        at.tenant.0,
        code_hash,
        new.id.0,
        at.scope,
        now,
    )
    .execute(db.conn())
    .await;
    on_constraint(outcome, "issue_links_pkey", || Error::Stale(""))?;
    Ok(())
}

/// Who came by the public page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporter {
    pub kind: Kind,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// None: it came another way.
pub async fn reporter(db: &mut ScopedTx, issue: &Issue) -> Result<Option<Reporter>> {
    let found = sqlx::query_as!(
        Reporter,
        r#"select i.kind as "kind: Kind", r.name, r.phone, r.withdrawn_at
         from issue_reporters r
         join issues i on i.tenant_id = r.tenant_id and i.id = r.issue_id
         where r.tenant_id = $1 and r.issue_id = $2"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Takes name and telephone away; false when they were taken away before.
pub async fn withdraw(db: &mut ScopedTx, id: IssueId, at: Place) -> Result<bool> {
    let now = db.now();
    let done = sqlx::query!(
        "update issue_reporters
         set name = null, phone = null, withdrawn_at = $3
         where tenant_id = $1 and issue_id = $2 and withdrawn_at is null",
        at.tenant.0,
        id.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}
