//! Accounts, found only by the hash of their phone number or by themselves.

mod sessions;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(super) use sessions::{confirm, switch};
pub use sessions::{
    devices, end_device, end_other_sessions, end_sessions_of, end_token, has_device, has_token,
    sweep,
};

use super::model::{Account, CODE_TRIES, Code};
use crate::platform::daybook::Verb;
use crate::platform::error::{Error, Result, on_constraint};
use crate::platform::ids::{AccountId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::session::hash;
use crate::platform::transaction::{Logged, ScopedTx};

/// The key under which an account is found: the number itself is only in the cadre's particulars.
pub fn phone_hash(phone: &str) -> String {
    hash(&format!("qingting login {phone}"))
}

/// How a new account will sign in the first time.
#[derive(Clone, Debug)]
pub enum First<'a> {
    /// A PHC string; kept as it is (demo accounts).
    Password(&'a str),
    /// The hash of a one-time code and its end.
    Code(&'a str, DateTime<Utc>),
}

/// Makes the account of a phone number, or finds the one that is there: one number, one account.
/// `Stale` when another tenant makes it in the same moment.
pub async fn add(
    db: &mut ScopedTx,
    phone: &str,
    first: &First<'_>,
    system_name: Option<&str>,
) -> Result<AccountId> {
    if let Some(id) = find(db, phone).await? {
        return Ok(id);
    }
    let (now, key) = (db.now(), phone_hash(phone));
    let id = AccountId::new_v7(now);
    let (password, code, expires) = match first {
        First::Password(phc) => (Some(*phc), None, None),
        First::Code(hash, ends) => (None, Some(*hash), Some(*ends)),
    };
    let outcome = sqlx::query!(
        "insert into accounts (id, phone_hash, password, code_hash, code_expires_at, must_change,
             system_name, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        id.0,
        key,
        password,
        code,
        expires,
        password.is_none(),
        system_name,
        now,
    )
    .execute(db.conn())
    .await;
    on_constraint(outcome, "accounts_phone_hash_key", || Error::Stale(""))?;
    Ok(id)
}

/// The account of a phone number, if there is one. Its login is open in `db` from here on.
pub async fn find(db: &mut ScopedTx, phone: &str) -> Result<Option<AccountId>> {
    let found = by_login(db, &phone_hash(phone)).await?;
    Ok(found.map(|account| account.id))
}

/// As `find`, by the hash of the number.
pub async fn by_login(db: &mut ScopedTx, phone_hash: &str) -> Result<Option<Account>> {
    db.open_login(phone_hash).await?;
    let found = sqlx::query_as!(
        Account,
        r#"select id as "id: AccountId", password
         from accounts
         where phone_hash = $1"#,
        phone_hash,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The hash of one's own number, and the password.
pub async fn own(db: &mut ScopedTx) -> Result<(String, Option<String>)> {
    let id = db.scope().account();
    let row = sqlx::query!(
        "select phone_hash, password from accounts where id = $1",
        id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok((row.phone_hash, row.password))
}

/// Whether the account, which is open in `db`, is a 系统管理员's.
pub async fn is_operator(db: &mut ScopedTx, id: AccountId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select system_name is not null as "it!" from accounts where id = $1"#,
        id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// Spends one of the tries of a code before it is compared: however many try at once, no more than
/// `CODE_TRIES` are answered. None when there is no code, or none that could be tried any more.
pub async fn spend_try(db: &mut ScopedTx, id: AccountId) -> Result<Option<Code>> {
    let found = sqlx::query_as!(
        Code,
        r#"update accounts
         set code_tries = code_tries + 1
         where id = $1 and code_tries < $2 and code_hash is not null
         returning code_hash as "hash!", code_expires_at as "expires_at!""#,
        id.0,
        CODE_TRIES,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Takes the code away: it was used. False when somebody else was quicker.
pub async fn use_code(db: &mut ScopedTx, id: AccountId, code_hash: &str) -> Result<bool> {
    let now = db.now();
    let outcome = sqlx::query!(
        "update accounts
         set code_hash = null, code_expires_at = null, code_tries = 0, changed_at = $3
         where id = $1 and code_hash = $2",
        id.0,
        code_hash,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(outcome.rows_affected() == 1)
}

/// A one-time code in the place of whatever opened the account before.
pub async fn lock_with_code(
    db: &mut ScopedTx,
    id: AccountId,
    code_hash: &str,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "update accounts
         set password = null, code_hash = $2, code_expires_at = $3, code_tries = 0,
             must_change = true, changed_at = $4
         where id = $1",
        id.0,
        code_hash,
        expires_at,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Another number, for the account that is open in `db`.
pub async fn set_phone(db: &mut ScopedTx, id: AccountId, phone: &str) -> Result<()> {
    let (now, key) = (db.now(), phone_hash(phone));
    sqlx::query!(
        "update accounts set phone_hash = $2, changed_at = $3 where id = $1",
        id.0,
        key,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// One's own password, chosen by oneself.
pub async fn set_password(db: &mut ScopedTx, phc: &str) -> Result<()> {
    let (id, now) = (db.scope().account(), db.now());
    sqlx::query!(
        "update accounts
         set password = $2, code_hash = null, code_expires_at = null, must_change = false,
             changed_at = $3
         where id = $1",
        id.0,
        phc,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// How pages look for oneself.
pub async fn set_display(db: &mut ScopedTx, theme: &str, large_text: bool) -> Result<()> {
    let id = db.scope().account();
    sqlx::query!(
        "update accounts set theme = $2, large_text = $3 where id = $1",
        id.0,
        theme,
        large_text,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// A line at the actor's committee; the 系统管理员's stand at the centre. Nothing before there is one.
pub async fn note_self(db: &mut ScopedTx, verb: Verb, id: Uuid) -> Result<()> {
    let home = db.scope().actor().home.as_ref().map(|home| home.place);
    let at = match home {
        Some(place) => Some(place),
        None => centre(db).await?,
    };
    match at {
        Some(place) => db.note(verb, Some(id), place).await,
        None => Ok(()),
    }
}

/// As `note_self`; with it the value may be committed.
pub async fn log_self<T>(db: &mut ScopedTx, verb: Verb, id: Uuid, value: T) -> Result<Logged<T>> {
    note_self(db, verb, id).await?;
    Ok(db.unchanged(value))
}

/// The committee above all, if the tree is planted.
pub async fn centre(db: &mut ScopedTx) -> Result<Option<Place>> {
    let found = sqlx::query!(
        r#"select id as "id: CommitteeId", tenant_id as "tenant: TenantId", code_lo
         from committees
         where parent_id is null"#,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.map(|row| Place {
        tenant: row.tenant,
        committee: row.id,
        scope: row.code_lo,
    }))
}
