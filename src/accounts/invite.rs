//! What an admin does with another's account: opens it with a one-time code, opens it again, ends its
//! sessions. After the transaction the caller forgets the sessions of this server
//! (`site.sessions.forget`).

use chrono::TimeDelta;

use super::password::new_code;
use super::store::phone_hash;
use crate::platform::Result;
use crate::platform::ids::AccountId;
use crate::platform::session::hash;
use crate::platform::transaction::ScopedTx;

/// How long a one-time code is good (domain.md §1.5).
const VALID: TimeDelta = TimeDelta::days(20);

/// The account of somebody who was just appointed.
#[derive(Clone, Debug)]
pub struct Invited {
    pub account: AccountId,
    /// To be handed over; None for whoever has an account already.
    pub code: Option<String>,
}

/// The account of a phone number, if there is one.
pub async fn find(db: &mut ScopedTx, phone: &str) -> Result<Option<AccountId>> {
    let key = phone_hash(phone);
    db.open_login(&key).await?;
    let found = sqlx::query_scalar!(
        r#"select id as "id: AccountId" from accounts where phone_hash = $1"#,
        key,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Opens an account for a phone number. One that is there keeps its password, or the code that its own
/// committee has handed over: otherwise whoever knows a number could take over what another committee
/// has entrusted to it.
pub async fn invite(db: &mut ScopedTx, phone: &str) -> Result<Invited> {
    if let Some(account) = find(db, phone).await? {
        return Ok(Invited {
            account,
            code: None,
        });
    }
    let code = new_code();
    let ends = db.now() + VALID;
    let first = super::store::First::Code(&hash(&code), ends);
    let account = super::store::add(db, phone, &first, None).await?;
    Ok(Invited {
        account,
        code: Some(code),
    })
}

/// Takes the password away and gives a one-time code in its place; ends every session. Only for whom
/// the caller governs in all that the account opens.
pub async fn reset(db: &mut ScopedTx, account: AccountId) -> Result<String> {
    end_sessions_of(db, account).await?;
    let code = new_code();
    let (now, digest) = (db.now(), hash(&code));
    sqlx::query!(
        "update accounts
         set password = null, code_hash = $2, code_expires_at = $3, must_change = true, changed_at = $4
         where id = $1",
        account.0,
        digest,
        now + VALID,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(code)
}

/// Signs the account out everywhere. It stays open in `db`.
pub async fn end_sessions_of(db: &mut ScopedTx, account: AccountId) -> Result<()> {
    db.open_account(account).await?;
    sqlx::query!("delete from sessions where account_id = $1", account.0)
        .execute(db.conn())
        .await?;
    Ok(())
}
