//! The day book: who did what to which record, why. One line per record made, changed, revealed or
//! exported, in the same transaction. It feeds each record's timeline, "谁看过" on a young person's
//! page, and the audit pages.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use super::ids::{AccountId, CadreId};
use super::scope::Place;
use super::transaction::ScopedTx;

/// How long a reveal lasts: then a purpose has to be given again.
pub const REVEALED: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// What can be done to a record: a constant in the `model.rs` of its slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// Stored; unique over all slices.
    pub code: &'static str,
    /// The record kind: `visit`, `youth` …
    pub kind: &'static str,
    /// How the timeline says it.
    pub label: &'static str,
}

impl Verb {
    pub const fn new(code: &'static str, kind: &'static str, label: &'static str) -> Self {
        Self { code, kind, label }
    }
}

#[derive(Debug)]
pub struct Line<'a> {
    pub(super) verb: Verb,
    pub(super) id: Option<Uuid>,
    pub(super) at: Place,
    pub(super) purpose: Option<&'a str>,
    pub(super) detail: Option<serde_json::Value>,
}

impl<'a> Line<'a> {
    pub fn new(verb: Verb, id: Option<Uuid>, at: Place) -> Self {
        Self {
            verb,
            id,
            at,
            purpose: None,
            detail: None,
        }
    }

    /// Why a young person's data was looked at, as its reader gave it.
    #[must_use]
    pub fn purpose(self, purpose: &'a str) -> Self {
        Self {
            purpose: Some(purpose),
            ..self
        }
    }

    /// Facts for the auditor: ids, counts, states; no personal data.
    #[must_use]
    pub fn detail(self, detail: serde_json::Value) -> Self {
        Self {
            detail: Some(detail),
            ..self
        }
    }
}

/// A line as it is read again.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: DateTime<Utc>,
    pub verb: String,
    pub cadre_id: Option<CadreId>,
    /// The actor's name and committee, from the directory.
    pub cadre: Option<String>,
    pub committee: Option<String>,
    pub purpose: Option<String>,
    pub detail: Option<serde_json::Value>,
}

pub(super) async fn write(db: &mut ScopedTx, line: Line<'_>) -> Result<()> {
    let scope = db.scope().clone();
    let now = scope.now();
    let actor = scope.actor();
    sqlx::query!(
        "insert into day_book (tenant_id, id, committee_id, scope, at, verb, object_kind, object_id,
             account_id, cadre_id, actor_committee_id, purpose, detail, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        line.at.tenant.0,
        crate::kit::ids::uuid_v7(now),
        line.at.committee.0,
        line.at.scope,
        now,
        line.verb.code,
        line.verb.kind,
        line.id,
        actor.account.0,
        actor.cadre.map(|id| id.0),
        actor.home.as_ref().map(|home| home.place.committee.0),
        line.purpose,
        line.detail,
        scope.request().id(),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The lines of one record, newest first, at most `limit`.
pub async fn of_object(db: &mut ScopedTx, id: Uuid, limit: i64) -> Result<Vec<Entry>> {
    let tenant = db.tenant_filter();
    let entries = sqlx::query_as!(
        Entry,
        r#"select b.at, b.verb, b.cadre_id as "cadre_id: CadreId", c.name as "cadre?",
             k.short_name as "committee?", b.purpose, b.detail
         from day_book b
         left join cadres c on c.tenant_id = b.tenant_id and c.id = b.cadre_id
         left join committees k on k.id = b.actor_committee_id
         where ($1::int is null or b.tenant_id = $1) and b.object_id = $2
         order by b.at desc, b.id desc
         limit $3"#,
        tenant,
        id,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(entries)
}

/// Whether this account wrote such a line about the record since then (a reveal lasts ten minutes).
pub async fn has_line(
    db: &mut ScopedTx,
    account: AccountId,
    verb: Verb,
    id: Uuid,
    since: DateTime<Utc>,
) -> Result<bool> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from day_book
             where ($1::int is null or tenant_id = $1) and object_id = $2 and verb = $3
                 and account_id = $4 and at >= $5) as "found!""#,
        tenant,
        id,
        verb.code,
        account.0,
        since,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}
