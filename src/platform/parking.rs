//! A form that arrived after its session had ended waits here, for the browser that sent it and the
//! account that wrote it, until that account has signed in again. Not longer than a day.

use std::sync::Arc;

use axum::http::HeaderValue;
use chrono::TimeDelta;

use super::ids::AccountId;
use super::request::Request;
use super::scope::Scope;
use super::session::{hash, token};
use super::site::Site;
use super::{Error, Result};

/// The key lies in a cookie of the browser that sent the form: an address could be handed to
/// somebody else, who would then send a stranger's form in his own name.
pub const COOKIE_NAME: &str = "__Host-qingting-parked";

const KEPT: TimeDelta = TimeDelta::hours(24);

#[derive(Clone, Debug)]
pub struct Post {
    /// Whose session it was, where that is still known.
    pub account: Option<AccountId>,
    pub path: String,
    pub content_type: String,
    pub body: Vec<u8>,
}

/// Parks it and gives the cookie that finds it again.
pub(super) async fn park(
    site: &Arc<Site>,
    request: Arc<Request>,
    post: &Post,
) -> Result<HeaderValue> {
    let key = token()?;
    let key_hash = hash(&key);
    let nobody = Scope::nobody(site.clone(), request);
    nobody
        .work(async |db| {
            db.open_session(&key_hash).await?;
            sqlx::query!(
                "insert into parked_posts
                     (key_hash, account_id, path, content_type, body, parked_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                key_hash,
                post.account.map(|id| id.0),
                post.path,
                post.content_type,
                post.body,
                db.now(),
                db.now() + KEPT,
            )
            .execute(db.conn())
            .await?;
            Ok(db.unchanged(()))
        })
        .await?;
    let age = KEPT.num_seconds();
    let cookie = format!(
        "{COOKIE_NAME}={key}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}"
    );
    HeaderValue::from_str(&cookie).map_err(Error::bug)
}

/// Takes the post out again, for the account that has just signed in: once, and only its own.
pub async fn take(
    site: &Arc<Site>,
    request: Arc<Request>,
    key: &str,
    account: AccountId,
) -> Result<Option<Post>> {
    let key_hash = hash(key);
    let nobody = Scope::nobody(site.clone(), request);
    nobody
        .work(async |db| {
            db.open_session(&key_hash).await?;
            let now = db.now();
            let row = sqlx::query!(
                r#"delete from parked_posts
                 where key_hash = $1 and expires_at > $2
                     and (account_id is null or account_id = $3)
                 returning account_id as "account: AccountId", path, content_type, body"#,
                key_hash,
                now,
                account.0,
            )
            .fetch_optional(db.conn())
            .await?;
            let post = row.map(|row| Post {
                account: row.account,
                path: row.path,
                content_type: row.content_type,
                body: row.body,
            });
            Ok(db.unchanged(post))
        })
        .await
}

/// The `Set-Cookie` that takes the key away.
pub fn clear_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
