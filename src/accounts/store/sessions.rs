//! The sessions of an account. One that has ended keeps its row until it is swept, so that a form
//! which comes too late is kept for whoever wrote it.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::accounts::model::Device;
use crate::platform::Result;
use crate::platform::ids::{AccountId, AppointmentId, TenantId};
use crate::platform::session::IDLE;
use crate::platform::transaction::ScopedTx;

/// How long an ended session is remembered: as long as a parked form.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// One's own sessions that are going on, the newest first.
pub async fn devices(db: &mut ScopedTx) -> Result<Vec<Device>> {
    let (account, now) = (db.scope().account(), db.now());
    let found = sqlx::query_as!(
        Device,
        "select id, device as agent, created_at as since, own_phone
         from sessions
         where account_id = $1 and ends_at > $2 and (own_phone or seen_at >= $3)
         order by created_at desc, id",
        account.0,
        now,
        now - IDLE,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Whether it is one of one's own, over or not.
pub async fn has_device(db: &mut ScopedTx, id: Uuid) -> Result<bool> {
    let account = db.scope().account();
    let found = sqlx::query_scalar!(
        r#"select exists (select from sessions where account_id = $1 and id = $2) as "found!""#,
        account.0,
        id,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// Whether one's own session of this token is there.
pub async fn has_token(db: &mut ScopedTx, token_hash: &str) -> Result<bool> {
    let account = db.scope().account();
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from sessions where account_id = $1 and token_hash = $2) as "found!""#,
        account.0,
        token_hash,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// Ends one of one's own sessions. False when there is none such, or it is over.
pub async fn end_device(db: &mut ScopedTx, id: Uuid) -> Result<bool> {
    let (account, now) = (db.scope().account(), db.now());
    let outcome = sqlx::query!(
        "update sessions set ends_at = $3 where account_id = $1 and id = $2 and ends_at > $3",
        account.0,
        id,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(outcome.rows_affected() == 1)
}

/// Ends all of one's own sessions but this one; gives their ids.
pub async fn end_other_sessions(db: &mut ScopedTx) -> Result<Vec<Uuid>> {
    let (account, now) = (db.scope().account(), db.now());
    let this = db.scope().actor().session.unwrap_or_default();
    let ended = sqlx::query_scalar!(
        "update sessions
         set ends_at = $3
         where account_id = $1 and id <> $2 and ends_at > $3
         returning id",
        account.0,
        this,
        now,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(ended)
}

/// Ends the session of a cookie.
pub async fn end_token(db: &mut ScopedTx, token_hash: &str) -> Result<()> {
    db.open_session(token_hash).await?;
    let now = db.now();
    sqlx::query!(
        "update sessions set ends_at = $2 where token_hash = $1 and ends_at > $2",
        token_hash,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Signs the account out everywhere; gives how many sessions ended. The account stays open in `db`.
/// After the transaction the caller forgets them (`site.sessions.forget`).
pub async fn end_sessions_of(db: &mut ScopedTx, account: AccountId) -> Result<u64> {
    db.open_account(account).await?;
    let now = db.now();
    let outcome = sqlx::query!(
        "update sessions set ends_at = $2 where account_id = $1 and ends_at > $2",
        account.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(outcome.rows_affected())
}

/// This session goes on in the name of another of one's own appointments.
pub async fn switch(db: &mut ScopedTx, to: (TenantId, AppointmentId)) -> Result<()> {
    let (account, this) = (db.scope().account(), db.scope().actor().session);
    sqlx::query!(
        "update sessions
         set appointment_tenant_id = $3, appointment_id = $4
         where account_id = $1 and id = $2",
        account.0,
        this,
        to.0.0,
        to.1.0,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The password was given again in this session.
pub async fn confirm(db: &mut ScopedTx) -> Result<()> {
    let (account, this, now) = (db.scope().account(), db.scope().actor().session, db.now());
    sqlx::query!(
        "update sessions set confirmed_at = $3 where account_id = $1 and id = $2",
        account.0,
        this,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Deletes sessions that ended a day ago, and parked forms that nobody came for.
pub async fn sweep(db: &mut ScopedTx) -> Result<()> {
    let (now, long_ended) = (db.now(), db.now() - REMEMBERED);
    db.open_swept(long_ended).await?;
    sqlx::query!("delete from sessions where ends_at < $1", long_ended)
        .execute(db.conn())
        .await?;
    db.open_swept(now).await?;
    sqlx::query!("delete from parked_posts where expires_at < $1", now)
        .execute(db.conn())
        .await?;
    Ok(())
}
