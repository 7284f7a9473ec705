//! Links for a verdict: only the hash of the secret is kept. Whoever holds the secret sees the one row,
//! which says where the matter lies.

use chrono::{DateTime, Utc};

use crate::issues::Origin;
use crate::issues::model::{Issue, IssueId, Link, NewVerdict, Verdict, Way};
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;

/// A link for the closing that stands. Those made before for it are good no more.
pub async fn make_link(
    db: &mut ScopedTx,
    issue: &Issue,
    token_hash: &str,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let from = Origin::of(db.scope().request(), issue.id);
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "update issue_links set expires_at = $4
         where tenant_id = $1 and issue_id = $2 and kind = 'verdict' and closing = $3 and used_at is null",
        issue.tenant_id.0,
        issue.id.0,
        issue.closings,
        now,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "insert into issue_links (tenant_id, token_hash, issue_id, scope, handler_scope, sender_scope, kind,
             closing, made_by, made_at, expires_at, device_hash, network_hash)
         values ($1, $2, $3, $4, $5, $6, 'verdict', $7, $8, $9, $10, $11, $12)",
        issue.tenant_id.0,
        token_hash,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        issue.closings,
        by.0,
        now,
        expires_at,
        from.device,
        from.network,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The link for a verdict of that secret's hash, which the transaction opens. None: nobody has made it.
pub async fn linked(db: &mut ScopedTx, token_hash: &str) -> Result<Option<Link>> {
    by_secret(db, token_hash, "verdict").await
}

/// The same of a query code of the public page.
pub async fn tracked(db: &mut ScopedTx, token_hash: &str) -> Result<Option<Link>> {
    by_secret(db, token_hash, "track").await
}

async fn by_secret(db: &mut ScopedTx, token_hash: &str, kind: &str) -> Result<Option<Link>> {
    db.open_session(token_hash).await?;
    let found = sqlx::query!(
        r#"select l.issue_id as "issue: IssueId", l.tenant_id as "tenant: TenantId",
             c.id as "committee: CommitteeId", l.scope, c.level, l.closing,
             l.made_by as "made_by: CadreId", l.expires_at, l.used_at
         from issue_links l
         join committees c on c.code_lo = l.scope
         where l.token_hash = $1 and l.kind = $2"#,
        token_hash,
        kind,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.map(|row| Link {
        issue: row.issue,
        place: Place {
            tenant: row.tenant,
            committee: row.committee,
            scope: row.scope,
        },
        level: row.level,
        closing: row.closing.unwrap_or(0),
        made_by: row.made_by,
        expires_at: row.expires_at,
        used_at: row.used_at,
    }))
}

/// How near to who handles it a verdict came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    No,
    /// The network on which it was closed, or its link was made.
    Network,
    /// The device too.
    Device,
}

/// Whether a verdict on the closing of a link comes from where that closing, or a link for it, was made.
pub async fn near(db: &mut ScopedTx, link: &Link, from: &Origin) -> Result<Near> {
    let row = sqlx::query!(
        r#"select coalesce(bool_or(device_hash = $4), false) as "device!",
             coalesce(bool_or(network_hash = $5), false) as "network!"
         from (
             select device_hash, network_hash
             from issue_closings
             where tenant_id = $1 and issue_id = $2 and n = $3
             union all
             select device_hash, network_hash
             from issue_links
             where tenant_id = $1 and issue_id = $2 and kind = 'verdict' and closing = $3) f"#,
        link.place.tenant.0,
        link.issue.0,
        link.closing,
        from.device,
        from.network,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(match (row.device, row.network) {
        (true, _) => Near::Device,
        (false, true) => Near::Network,
        _ => Near::No,
    })
}

/// The verdict on the closing of a link, and the link is used. After its move, under the lock that the
/// move holds: there is one for each closing.
pub async fn add_verdict(
    db: &mut ScopedTx,
    issue: &Issue,
    link: &Link,
    (new, near): (&NewVerdict, Near),
) -> Result<()> {
    let is_near = near != Near::No;
    let (now, today) = (db.now(), db.scope().today());
    sqlx::query!(
        "insert into issue_verdicts (tenant_id, issue_id, n, scope, handler_scope, sender_scope, verdict,
             words, given_at, given_on, passed_by, is_on_the_spot, device_hash, is_near)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        issue.tenant_id.0,
        issue.id.0,
        link.closing,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        new.verdict.code(),
        new.words,
        now,
        today,
        link.made_by.map(|id| id.0),
        new.way == Way::Spot,
        new.device_hash,
        is_near,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "update issue_links set used_at = $4
         where tenant_id = $1 and issue_id = $2 and kind = 'verdict' and closing = $3",
        issue.tenant_id.0,
        issue.id.0,
        link.closing,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// A verdict as it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Of which closing.
    pub n: i16,
    pub verdict: Verdict,
    pub words: Option<String>,
    pub given_at: DateTime<Utc>,
    pub passed_by: Option<String>,
    pub is_on_the_spot: bool,
}

/// Of all its closings, the newest first.
pub async fn verdicts(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Given>> {
    let found = sqlx::query_as!(
        Given,
        r#"select v.n, v.verdict as "verdict: Verdict", v.words, v.given_at, c.name as "passed_by?",
             v.is_on_the_spot
         from issue_verdicts v
         left join cadres c on c.tenant_id = v.tenant_id and c.id = v.passed_by
         where v.tenant_id = $1 and v.issue_id = $2
         order by v.n desc"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}
