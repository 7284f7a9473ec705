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

/// Lines of one transaction that wait for its end, by column: they are written in one message.
#[derive(Debug, Default)]
pub(super) struct Pending {
    tenants: Vec<i32>,
    ids: Vec<Uuid>,
    committees: Vec<i32>,
    scopes: Vec<i64>,
    times: Vec<DateTime<Utc>>,
    verbs: Vec<&'static str>,
    kinds: Vec<&'static str>,
    objects: Vec<Option<Uuid>>,
    purposes: Vec<Option<String>>,
    details: Vec<Option<serde_json::Value>>,
}

impl Pending {
    pub fn add(&mut self, line: Line<'_>, now: DateTime<Utc>) {
        self.tenants.push(line.at.tenant.0);
        self.ids.push(crate::kit::ids::uuid_v7(now));
        self.committees.push(line.at.committee.0);
        self.scopes.push(line.at.scope);
        self.times.push(now);
        self.verbs.push(line.verb.code);
        self.kinds.push(line.verb.kind);
        self.objects.push(line.id);
        self.purposes.push(line.purpose.map(str::to_owned));
        self.details.push(line.detail);
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }
}

/// Writes the lines that wait.
pub(super) async fn write(db: &mut ScopedTx, lines: Pending) -> Result<()> {
    if lines.len() == 0 {
        return Ok(());
    }
    let scope = db.scope().clone();
    let actor = scope.actor();
    sqlx::query!(
        "insert into day_book (tenant_id, id, committee_id, scope, at, verb, object_kind, object_id,
             account_id, cadre_id, actor_committee_id, purpose, detail, request_id)
         select t.tenant_id, t.id, t.committee_id, t.scope, t.at, t.verb, t.kind, t.object_id, $11, $12,
             $13, t.purpose, t.detail, $14
         from unnest($1::int[], $2::uuid[], $3::int[], $4::bigint[], $5::timestamptz[], $6::text[],
             $7::text[], $8::uuid[], $9::text[], $10::jsonb[])
             as t (tenant_id, id, committee_id, scope, at, verb, kind, object_id, purpose, detail)",
        &lines.tenants,
        &lines.ids,
        &lines.committees,
        &lines.scopes,
        &lines.times,
        &lines.verbs as &[&str],
        &lines.kinds as &[&str],
        &lines.objects as &[Option<Uuid>],
        &lines.purposes as &[Option<String>],
        &lines.details as &[Option<serde_json::Value>],
        actor.account.0,
        actor.cadre.map(|id| id.0),
        actor.home.as_ref().map(|home| home.place.committee.0),
        scope.request().id(),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The lines of one record, newest first, at most `limit`.
pub async fn of_object(db: &mut ScopedTx, id: Uuid, limit: i64) -> Result<Vec<Entry>> {
    db.write_lines().await?;
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
    db.write_lines().await?;
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
