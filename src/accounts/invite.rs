//! What an admin does with another's account: opens it with a one-time code, opens it again, ends its
//! sessions. After the transaction the caller forgets the sessions of this server
//! (`scope.site().sessions.forget(account)`).

use super::model::{INVITATION, INVITED, RESET, RESET_CODE, may_reset};
use super::password::{code_hash, new_code};
use super::store::{self, First, end_sessions_of, find};
use crate::committees;
use crate::platform::ids::AccountId;
use crate::platform::session::offices;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// The account of somebody who was just appointed.
#[derive(Clone, Debug)]
pub struct Invited {
    pub account: AccountId,
    /// To be shown once and handed over; None for whoever has an account already.
    pub code: Option<String>,
}

/// Opens an account for a phone number (eleven digits), with a code for twenty days. One that is there
/// keeps its password, or the code that its own committee has handed over: otherwise whoever knows a
/// number could take over what another committee has entrusted to it. None for the number of a
/// 系统管理员: he is no cadre, or his account would see records.
pub async fn invite(db: &mut ScopedTx, phone: &str) -> Result<Option<Invited>> {
    if let Some(account) = find(db, phone).await? {
        let is_operator = store::is_operator(db, account).await?;
        let known = Invited {
            account,
            code: None,
        };
        return Ok((!is_operator).then_some(known));
    }
    let code = new_code();
    let ends = db.now() + INVITATION;
    let first = First::Code(&code_hash(&code), ends);
    let account = store::add(db, phone, &first, None).await?;
    store::note_self(db, INVITED, account.0).await?;
    Ok(Some(Invited {
        account,
        code: Some(code),
    }))
}

/// Takes the password away and gives a one-time code for a day in its place; ends every session. Writes
/// its line. `Forbidden` unless all that the account opens lies within the scope: who resets a password
/// could take it over. The account stays open in `db`.
pub async fn reset(db: &mut ScopedTx, account: AccountId) -> Result<String> {
    db.open_account(account).await?;
    let offices = offices(db, account).await?;
    let is_operator = store::is_operator(db, account).await?;
    may_reset(db.scope(), is_operator, &offices).map_err(Error::Forbidden)?;
    let code = new_code();
    let ends = db.now() + RESET_CODE;
    store::lock_with_code(db, account, &code_hash(&code), ends).await?;
    end_sessions_of(db, account).await?;
    store::note_self(db, RESET, account.0).await?;
    Ok(code)
}

/// The lowest committee that holds every open post of an account: its admin may reset it, or one above.
pub async fn kept_by(db: &mut ScopedTx, account: AccountId) -> Result<Option<String>> {
    db.open_account(account).await?;
    let offices = offices(db, account).await?;
    let open = offices.iter().filter(|office| office.is_open);
    let scopes: Vec<i64> = open.map(|office| office.place.scope).collect();
    committees::store::common(db, &scopes).await
}

/// Another number to sign in with. False when that number has an account already. The account stays
/// open in `db`.
pub async fn change_phone(db: &mut ScopedTx, account: AccountId, phone: &str) -> Result<bool> {
    if let Some(other) = find(db, phone).await? {
        return Ok(other == account);
    }
    db.open_account(account).await?;
    store::set_phone(db, account, phone).await?;
    Ok(true)
}
