//! Accounts, found only by the hash of their phone number or by themselves.

use chrono::{DateTime, Utc};

use crate::platform::ids::AccountId;
use crate::platform::session::hash;
use crate::platform::transaction::ScopedTx;
use crate::platform::Result;

/// The key under which an account is found: the number itself is only in the cadre's particulars.
pub fn phone_hash(phone: &str) -> String {
    hash(&format!("qingting login {phone}"))
}

/// How a new account will sign in the first time.
#[derive(Clone, Debug)]
pub enum First<'a> {
    /// A PHC string; kept as it is (demo accounts, and `create-admin`).
    Password(&'a str),
    /// The hash of a one-time code and its end.
    Code(&'a str, DateTime<Utc>),
}

/// Makes the account of a phone number, or finds the one that is there: one number, one account.
/// The login must be open in `db`.
pub async fn add(
    db: &mut ScopedTx,
    phone: &str,
    first: &First<'_>,
    system_name: Option<&str>,
) -> Result<AccountId> {
    let key = phone_hash(phone);
    db.open_login(&key).await?;
    let found = sqlx::query_scalar!(
        r#"select id as "id: AccountId" from accounts where phone_hash = $1"#,
        key,
    )
    .fetch_optional(db.conn())
    .await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let now = db.now();
    let id = AccountId::new_v7(now);
    let (password, code, expires) = match first {
        First::Password(phc) => (Some(*phc), None, None),
        First::Code(hash, ends) => (None, Some(*hash), Some(*ends)),
    };
    sqlx::query!(
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
    .await?;
    Ok(id)
}
