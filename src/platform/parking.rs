//! A form that arrived after its session had ended waits here, for the browser that sent it and the
//! account that wrote it, until that account has signed in again. Not longer than a day.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue};
use chrono::TimeDelta;

use super::ids::{AccountId, AppointmentId};
use super::pace::{Pace, network_of};
use super::request::Request;
use super::scope::Scope;
use super::session::{Former, cookie, hash, token};
use super::site::Site;
use super::{Error, Result};

/// The keys lie in a cookie of the browser that sent the forms: an address could be handed to
/// somebody else, who would then send a stranger's form in his own name.
pub const COOKIE_NAME: &str = "__Host-qingting-parked";

const KEPT: TimeDelta = TimeDelta::hours(24);
/// Several tabs may have had a form open. The oldest key gives way.
const KEYS: usize = 5;
/// Forms from one address in a quarter of an hour; a county may sit behind it.
const PACE: u32 = 60;

#[derive(Clone, Debug)]
pub struct Post {
    /// Whose session it was.
    pub former: Former,
    pub path: String,
    pub content_type: String,
    pub body: Vec<u8>,
}

/// Counts the forms that are parked, by address; on the site's shelf.
#[derive(Debug)]
struct Parked(Mutex<Pace<u128>>);

impl Default for Parked {
    fn default() -> Self {
        Self(Mutex::new(Pace::new(TimeDelta::minutes(15))))
    }
}

/// Parks it and gives the cookie that finds it again, and those which that browser had parked before.
/// `TooMany` for whoever would fill the table.
pub(super) async fn park(
    site: &Arc<Site>,
    request: Arc<Request>,
    headers: &HeaderMap,
    post: &Post,
) -> Result<HeaderValue> {
    admit(site, request.address)?;
    let key = token()?;
    let key_hash = hash(&key);
    let nobody = Scope::nobody(site.clone(), request);
    nobody
        .work(async |db| {
            db.open_session(&key_hash).await?;
            let now = db.now();
            sqlx::query!(
                "insert into parked_posts (key_hash, account_id, appointment_id, path, content_type,
                     body, parked_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                key_hash,
                post.former.account.0,
                post.former.appointment.map(|id| id.0),
                post.path,
                post.content_type,
                post.body,
                now,
                now + KEPT,
            )
            .execute(db.conn())
            .await?;
            Ok(db.unchanged(()))
        })
        .await?;
    let mut all = keys(headers);
    all.push(key);
    let newest = all.len().saturating_sub(KEYS);
    set_cookie(&all[newest..])
}

fn admit(site: &Site, address: IpAddr) -> Result<()> {
    let parked = site.shelf.get::<Parked>();
    let mut pace = parked.0.lock().unwrap_or_else(PoisonError::into_inner);
    if pace.count(network_of(address), site.clock.now()) > PACE {
        return Err(Error::TooMany(15 * 60));
    }
    Ok(())
}

/// What this browser has parked, the oldest first.
pub fn keys(headers: &HeaderMap) -> Vec<String> {
    let value = cookie(headers, COOKIE_NAME).unwrap_or("");
    let is_key = |key: &&str| key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit());
    let keys = value.split('.').filter(is_key).take(KEYS);
    keys.map(str::to_owned).collect()
}

/// The post under a key, if it is still there. It stays until `remove`.
pub async fn get(site: &Arc<Site>, request: &Arc<Request>, key: &str) -> Result<Option<Post>> {
    let key_hash = hash(key);
    let nobody = Scope::nobody(site.clone(), request.clone());
    nobody
        .look(async |db| {
            db.open_session(&key_hash).await?;
            let now = db.now();
            let row = sqlx::query!(
                r#"select account_id as "account: AccountId",
                     appointment_id as "appointment: AppointmentId", path, content_type, body
                 from parked_posts
                 where key_hash = $1 and expires_at > $2"#,
                key_hash,
                now,
            )
            .fetch_optional(db.conn())
            .await?;
            Ok(row.and_then(|row| {
                Some(Post {
                    former: Former {
                        account: row.account?,
                        appointment: row.appointment,
                    },
                    path: row.path,
                    content_type: row.content_type,
                    body: row.body,
                })
            }))
        })
        .await
}

/// It went through, or was thrown away.
pub async fn remove(site: &Arc<Site>, request: &Arc<Request>, key: &str) -> Result<()> {
    let key_hash = hash(key);
    let nobody = Scope::nobody(site.clone(), request.clone());
    nobody
        .work(async |db| {
            db.open_session(&key_hash).await?;
            sqlx::query!("delete from parked_posts where key_hash = $1", key_hash)
                .execute(db.conn())
                .await?;
            Ok(db.unchanged(()))
        })
        .await
}

/// The `Set-Cookie` for the keys that are left; without any it takes the cookie away.
pub fn set_cookie(keys: &[String]) -> Result<HeaderValue> {
    let age = if keys.is_empty() {
        0
    } else {
        KEPT.num_seconds()
    };
    let value = keys.join(".");
    let cookie =
        format!("{COOKIE_NAME}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}");
    HeaderValue::from_str(&cookie).map_err(Error::bug)
}
