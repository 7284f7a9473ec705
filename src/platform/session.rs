//! Who is there. A session is an opaque token in a `__Host-` cookie, hashed in a table; what it
//! stands for is looked up once and kept for some seconds, and forgotten at once when it is ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::Result;
use super::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use super::request::Request;
use super::scope::{Actor, Ground, Place, Role, Scope};
use super::site::Site;
use super::transaction::ScopedTx;

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
    /// The cookie names a session that is over: of this account, where that is still known.
    Ended(Option<AccountId>),
    SignedIn(Arc<Actor>),
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
pub struct Sessions(Mutex<HashMap<String, (Instant, Arc<Actor>)>>);

impl Sessions {
    /// After a session ended, a password changed, an appointment ended.
    pub fn forget(&self, account: AccountId) {
        self.lock().retain(|_, (_, actor)| actor.account != account);
    }

    fn get(&self, token_hash: &str) -> Option<Arc<Actor>> {
        let kept = self.lock();
        let (at, actor) = kept.get(token_hash)?;
        (at.elapsed() < BELIEVED).then(|| actor.clone())
    }

    fn keep(&self, token_hash: String, actor: Arc<Actor>) {
        let mut kept = self.lock();
        if kept.len() >= KEPT_AT_MOST {
            kept.retain(|_, (at, _)| at.elapsed() < BELIEVED);
        }
        if kept.len() < KEPT_AT_MOST {
            kept.insert(token_hash, (Instant::now(), actor));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Arc<Actor>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    let nobody = Scope::nobody(site.clone(), request.clone());
    let found = nobody
        .look(async |db| look_up(db, &token_hash).await)
        .await?;
    let Some(found) = found else {
        return Ok(Visitor::Ended(None));
    };
    let now = site.clock.now();
    if found.is_over(now) {
        return Ok(Visitor::Ended(Some(found.actor.account)));
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
    site.sessions.keep(token_hash, actor.clone());
    Ok(Visitor::SignedIn(actor))
}

struct Found {
    actor: Actor,
    seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// The appointment of the session has ended.
    left: bool,
}

impl Found {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        let idle = !self.actor.own_phone && now - self.seen_at > IDLE;
        self.left || idle || now >= self.ends_at
    }
}

async fn look_up(db: &mut ScopedTx, token_hash: &str) -> Result<Option<Found>> {
    db.open_session(token_hash).await?;
    let session = sqlx::query!(
        r#"select id, account_id as "account_id: AccountId", appointment_tenant_id, appointment_id,
             own_phone, seen_at, confirmed_at, ends_at
         from sessions
         where token_hash = $1"#,
        token_hash,
    )
    .fetch_optional(db.conn())
    .await?;
    let Some(session) = session else {
        return Ok(None);
    };
    db.open_account(session.account_id).await?;
    let today = db.scope().today();
    let row = sqlx::query!(
        r#"select a.theme, a.large_text, a.must_change, a.system_name,
             p.id as "appointment_id?", p.role as "role?", p.post as "post?", p.ends_on,
             p.cadre_id as "cadre_id?: CadreId", c.name as "name?",
             k.id as "committee_id?: CommitteeId", k.tenant_id as "tenant_id?: TenantId",
             k.code_lo as "code_lo?", k.code_hi as "code_hi?", k.level as "level?",
             k.short_name as "short_name?", k.place_name as "place_name?"
         from accounts a
         left join appointments p on p.tenant_id = $2 and p.id = $3 and p.account_id = a.id
         left join cadres c on c.tenant_id = p.tenant_id and c.id = p.cadre_id
         left join committees k on k.id = p.committee_id
         where a.id = $1"#,
        session.account_id.0,
        session.appointment_tenant_id,
        session.appointment_id,
    )
    .fetch_one(db.conn())
    .await?;
    let home = match (
        row.committee_id,
        row.tenant_id,
        row.code_lo,
        row.code_hi,
        row.level,
    ) {
        (Some(committee), Some(tenant), Some(scope), Some(hi), Some(level)) => Some(Ground {
            place: Place {
                tenant,
                committee,
                scope,
            },
            hi,
            level,
            short_name: row.short_name.unwrap_or_default(),
            place_name: row.place_name.unwrap_or_default(),
        }),
        _ => None,
    };
    let role = row.role.as_deref().and_then(Role::from_code);
    let is_system = row.system_name.is_some();
    let left = !is_system && (role.is_none() || row.ends_on.is_some_and(|end| end <= today));
    let actor = Actor {
        account: session.account_id,
        cadre: row.cadre_id,
        appointment: row.appointment_id.map(AppointmentId),
        role: role.unwrap_or(Role::System),
        name: row.name.or(row.system_name).unwrap_or_default(),
        post: row.post.unwrap_or_default(),
        theme: row.theme,
        large_text: row.large_text,
        must_change: row.must_change,
        session: Some(session.id),
        own_phone: session.own_phone,
        confirmed_at: session.confirmed_at,
        home,
    };
    Ok(Some(Found {
        actor,
        seen_at: session.seen_at,
        ends_at: session.ends_at,
        left,
    }))
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
    let now = db.now();
    let device = db.scope().request().device.clone();
    let lasts = if new.own_phone { OWN_PHONE } else { DESK };
    sqlx::query!(
        "insert into sessions (token_hash, id, account_id, appointment_tenant_id, appointment_id,
             own_phone, device, created_at, seen_at, confirmed_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $9)",
        hash(&token),
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
    Ok(token)
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
