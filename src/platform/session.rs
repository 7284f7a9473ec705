//! Who is there. A session is an opaque token in a `__Host-` cookie, hashed in a table; what it
//! stands for is looked up once and kept for some seconds, and forgotten at once when it is ended.

mod actor;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::Result;
use super::ids::{AccountId, AppointmentId, TenantId};
use super::request::Request;
use super::scope::{Actor, Scope};
use super::site::Site;
use super::transaction::ScopedTx;

use actor::{Found, look_up};
pub use actor::{Office, actor_of, offices};

pub const COOKIE_NAME: &str = "__Host-qingting";

/// A desk is left after half an hour without a click (GB/T 22239: 会话超时).
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// The longest a session at a desk lasts.
pub const DESK: TimeDelta = TimeDelta::hours(12);
/// One's own phone, ticked at sign-in.
pub const OWN_PHONE: TimeDelta = TimeDelta::days(30);

/// How long a looked-up session is believed. Ending one on this server forgets it at once.
const BELIEVED: Duration = Duration::from_secs(5);
/// How often "last used" is written.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
const KEPT_AT_MOST: usize = 10_000;

/// Whoever a request comes from.
#[derive(Clone, Debug)]
pub enum Visitor {
    Nobody,
    /// The cookie names a session that is over: whose it was, where that is still known.
    Ended(Option<Former>),
    SignedIn(Arc<Actor>),
}

/// In whose name a session was that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    pub account: AccountId,
    pub appointment: Option<AppointmentId>,
}

impl Visitor {
    pub fn actor(&self) -> Option<&Arc<Actor>> {
        match self {
            Self::SignedIn(actor) => Some(actor),
            _ => None,
        }
    }
}

/// The sessions that were looked up lately.
#[derive(Debug, Default)]
pub struct Sessions {
    kept: Mutex<HashMap<String, (Instant, Arc<Actor>)>>,
    /// How often something was forgotten: what was read before is not kept after.
    forgotten: AtomicU64,
}

impl Sessions {
    /// After a session ended, a password changed, an appointment ended; when the transaction is done.
    pub fn forget(&self, account: AccountId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.lock().retain(|_, (_, actor)| actor.account != account);
    }

    /// One session alone.
    pub fn forget_token(&self, token_hash: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.lock().remove(token_hash);
    }

    fn age(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    fn get(&self, token_hash: &str) -> Option<Arc<Actor>> {
        let kept = self.lock();
        let (at, actor) = kept.get(token_hash)?;
        (at.elapsed() < BELIEVED).then(|| actor.clone())
    }

    /// `age` is of before the look-up: a session that ended meanwhile is not kept.
    fn keep(&self, token_hash: String, actor: Arc<Actor>, age: u64) {
        let mut kept = self.lock();
        if age != self.age() {
            return;
        }
        if kept.len() >= KEPT_AT_MOST {
            kept.retain(|_, (at, _)| at.elapsed() < BELIEVED);
        }
        if kept.len() < KEPT_AT_MOST {
            kept.insert(token_hash, (Instant::now(), actor));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Arc<Actor>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hexadecimal SHA-256: what is stored of a token, a one-time code, a phone number's key.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _infallible = write!(out, "{byte:02x}");
            out
        })
}

/// The value of one cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter();
    let pairs = lines
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('='));
    named.find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// The visitor behind the cookies of a request.
pub async fn identify(
    site: &Arc<Site>,
    request: &Arc<Request>,
    headers: &HeaderMap,
) -> Result<Visitor> {
    let Some(token) = cookie(headers, COOKIE_NAME).filter(|token| token.len() >= 32) else {
        return Ok(Visitor::Nobody);
    };
    let token_hash = hash(token);
    if let Some(actor) = site.sessions.get(&token_hash) {
        return Ok(Visitor::SignedIn(actor));
    }
    let age = site.sessions.age();
    let nobody = Scope::nobody(site.clone(), request.clone());
    let found = nobody
        .look(async |db| look_up(db, &token_hash).await)
        .await?;
    let Some(found) = found else {
        return Ok(Visitor::Ended(None));
    };
    let now = site.clock.now();
    if found.is_over(now) {
        return Ok(Visitor::Ended(Some(found.former)));
    }
    if now - found.seen_at > SEEN_EVERY {
        nobody
            .work(async |db| {
                touch(db, &token_hash, now).await?;
                Ok(db.unchanged(()))
            })
            .await?;
    }
    let actor = Arc::new(found.actor);
    site.sessions.keep(token_hash, actor.clone(), age);
    Ok(Visitor::SignedIn(actor))
}

impl Found {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        let idle = !self.actor.own_phone && now - self.seen_at > IDLE;
        self.left || idle || now >= self.ends_at
    }
}

async fn touch(db: &mut ScopedTx, token_hash: &str, now: DateTime<Utc>) -> Result<()> {
    db.open_session(token_hash).await?;
    sqlx::query!(
        "update sessions set seen_at = $2 where token_hash = $1",
        token_hash,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// What a new session is made of. The token goes into the cookie and is stored nowhere.
#[derive(Debug)]
pub struct NewSession {
    pub account: AccountId,
    pub appointment: Option<(TenantId, AppointmentId)>,
    pub own_phone: bool,
}

/// Makes a session in a transaction that has the account open, and gives its token.
pub async fn add(db: &mut ScopedTx, new: &NewSession) -> Result<String> {
    let token = token()?;
    add_as(db, new, &token).await?;
    Ok(token)
}

/// As `add`, with a token that was made before, so that a transaction may run again.
pub async fn add_as(db: &mut ScopedTx, new: &NewSession, token: &str) -> Result<()> {
    let now = db.now();
    let device = db.scope().request().device.clone();
    let lasts = if new.own_phone { OWN_PHONE } else { DESK };
    sqlx::query!(
        "insert into sessions (token_hash, id, account_id, appointment_tenant_id, appointment_id,
             own_phone, device, created_at, seen_at, confirmed_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $9)",
        hash(token),
        crate::kit::ids::uuid_v7(now),
        new.account.0,
        new.appointment.map(|(tenant, _)| tenant.0),
        new.appointment.map(|(_, id)| id.0),
        new.own_phone,
        device,
        now,
        now + lasts,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// 32 random bytes, in hexadecimal.
pub fn token() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(super::Error::bug)?;
    Ok(hex(&bytes))
}

/// The `Set-Cookie` of a session; it outlives the browser only on one's own phone.
pub fn set_cookie(token: &str, own_phone: bool) -> String {
    let age = if own_phone {
        format!("; Max-Age={}", OWN_PHONE.num_seconds())
    } else {
        String::new()
    };
    format!("{COOKIE_NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")
}

/// The `Set-Cookie` that takes it away.
pub fn clear_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, "a=1; __Host-qingting=abc; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, COOKIE_NAME), Some("abc"));
        assert_eq!(cookie(&headers, "__Host-other"), None);
    }

    #[test]
    fn a_hash_is_sha_256() {
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let one = token().unwrap();
        assert_eq!(one.len(), 64);
        assert_ne!(one, token().unwrap());
    }
}
