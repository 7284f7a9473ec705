//! What happened to an issue: its moves, its closings.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::issues::model::{Issue, IssueId, Move, MoveId, Outcome, Side, State};
use crate::platform::Result;
use crate::platform::ids::CadreId;
use crate::platform::transaction::ScopedTx;

/// A move as it is read again, with the names of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub id: MoveId,
    pub act: Move,
    pub from: State,
    pub to: State,
    pub side: Side,
    /// Of the issue, after it.
    pub version: i32,
    pub at: DateTime<Utc>,
    pub cadre_id: Option<CadreId>,
    pub cadre: Option<String>,
    pub committee: Option<String>,
    /// A code: why declined, how closed.
    pub reason: Option<String>,
    pub words: Option<String>,
    pub is_shown: bool,
    pub to_committee: Option<String>,
    pub to_cadre: Option<String>,
    pub until_at: Option<DateTime<Utc>>,
    /// The department without account to which it was given.
    pub department: Option<String>,
}

/// Newest first, at most `limit`.
pub async fn moved(db: &mut ScopedTx, issue: &Issue, limit: i64) -> Result<Vec<Moved>> {
    let found = sqlx::query_as!(
        Moved,
        r#"select m.id as "id: MoveId", m.move as "act: Move", m.from_state as "from: State",
             m.to_state as "to: State", m.side as "side: Side", m.version, m.at,
             m.cadre_id as "cadre_id: CadreId", c.name as "cadre?", k.short_name as "committee?", m.reason,
             m.words, m.is_shown, t.short_name as "to_committee?", p.name as "to_cadre?", m.until_at,
             m.detail ->> 'department' as department
         from issue_moves m
         left join cadres c on c.tenant_id = m.tenant_id and c.id = m.cadre_id
         left join cadres p on p.tenant_id = m.tenant_id and p.id = m.to_cadre_id
         left join committees k on k.id = m.actor_committee_id
         left join committees t on t.id = m.to_committee_id
         where m.tenant_id = $1 and m.issue_id = $2
         order by m.n desc
         limit $3"#,
        issue.tenant_id.0,
        issue.id.0,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// One closing with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub n: i16,
    pub outcome: Outcome,
    pub words: String,
    pub points: Vec<String>,
    pub answers: Vec<String>,
    pub closed_at: DateTime<Utc>,
    pub is_on_time: bool,
    pub working_days: i32,
    pub stands: bool,
    pub cadre: String,
}

/// Newest first.
pub async fn closings(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Closed>> {
    let found = sqlx::query_as!(
        Closed,
        r#"select x.n, x.outcome as "outcome: Outcome", x.words, x.points, x.answers, x.closed_at,
             x.is_on_time, x.working_days, x.stands, c.name as cadre
         from issue_closings x
         join cadres c on c.tenant_id = x.tenant_id and c.id = x.cadre_id
         where x.tenant_id = $1 and x.issue_id = $2
         order by x.n desc"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// An extension that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    pub wanted_on: NaiveDate,
    pub reason: String,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
}

pub async fn asking(db: &mut ScopedTx, issue: &Issue) -> Result<Option<Asking>> {
    let found = sqlx::query_as!(
        Asking,
        "select x.wanted_on, x.reason, x.asked_at, c.name as asked_by
         from issue_extensions x
         join cadres c on c.tenant_id = x.tenant_id and c.id = x.asked_by
         where x.tenant_id = $1 and x.issue_id = $2 and x.state = 'asked'",
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Those that were merged into it and are in sight: id and number.
pub async fn merged(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<(IssueId, String)>> {
    let rows = sqlx::query!(
        r#"select id as "id: IssueId", no
         from issues
         where tenant_id = $1 and merged_into = $2
         order by received_at"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.no)).collect())
}

/// The last move of each, with its time.
pub async fn latest(
    db: &mut ScopedTx,
    ids: &[IssueId],
) -> Result<HashMap<IssueId, (Move, DateTime<Utc>)>> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select m.issue_id as "issue_id: IssueId", m.move as "act: Move", m.at
         from issues i
         join issue_moves m on m.tenant_id = i.tenant_id and m.issue_id = i.id and m.n = i.step
         where ($1::int is null or i.tenant_id = $1) and i.id = any($2)"#,
        tenant,
        ids as &[IssueId],
    )
    .fetch_all(db.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.issue_id, (row.act, row.at))).collect())
}
