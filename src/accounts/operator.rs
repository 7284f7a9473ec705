//! The 系统管理员, made at the terminal: he plants trees and appoints the first 管理员 of each, and sees
//! no record. Made again, he gets a new code.

use std::sync::Arc;

use super::model::{INVITED, RESET, RESET_CODE};
use super::password::{code_hash, new_code};
use super::store::{self, First};
use crate::committees::{PLANTED, planting};
use crate::platform::Result;
use crate::platform::ids::AccountId;
use crate::platform::request::Request;
use crate::platform::scope::{Role, Scope};
use crate::platform::session::actor_of;
use crate::platform::site::Site;

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// To be shown once.
    Code(String),
    /// The number belongs to a cadre: one account is not both.
    IsCadre,
}

/// Makes the 系统管理员 of a phone number (eleven digits), and the centre of the tree where there is
/// none; of one who is there already it takes password and sessions away. Gives a one-time code for a
/// day.
pub async fn create(site: &Arc<Site>, phone: &str, name: &str) -> Result<Operator> {
    let request = Arc::new(Request::internal());
    let code = new_code();
    let digest = code_hash(&code);
    let nobody = Scope::nobody(site.clone(), request.clone());
    let (account, is_new) = nobody
        .work(async |db| {
            let is_new = store::find(db, phone).await?.is_none();
            let first = First::Code(&digest, db.now() + RESET_CODE);
            let account = store::add(db, phone, &first, Some(name)).await?;
            Ok(db.unchanged((account, is_new)))
        })
        .await?;
    let scope = scope_of(site, request, account).await?;
    if scope.role() != Role::System {
        return Ok(Operator::IsCadre);
    }
    plant_centre(&scope).await?;
    scope
        .work(async |db| {
            if !is_new {
                let ends = db.now() + RESET_CODE;
                store::lock_with_code(db, account, &digest, ends).await?;
                store::end_sessions_of(db, account).await?;
            }
            let verb = if is_new { INVITED } else { RESET };
            store::log_self(db, verb, account.0, ()).await
        })
        .await?;
    site.sessions.forget(account);
    Ok(Operator::Code(code))
}

async fn scope_of(site: &Arc<Site>, request: Arc<Request>, account: AccountId) -> Result<Scope> {
    let nobody = Scope::nobody(site.clone(), request.clone());
    let (actor, _) = nobody
        .look(async |db| {
            db.open_account(account).await?;
            actor_of(db, account, None).await
        })
        .await?;
    Ok(Scope::of_session(site.clone(), Arc::new(actor), request))
}

async fn plant_centre(scope: &Scope) -> Result<()> {
    let today = scope.today();
    scope
        .work(async |db| {
            if store::centre(db).await?.is_some() {
                return Ok(db.unchanged(()));
            }
            crate::committees::store::plant(db, None, &[planting::centre()], today).await?;
            match store::centre(db).await? {
                Some(place) => db.log(PLANTED, None, place, ()).await,
                None => Ok(db.unchanged(())),
            }
        })
        .await
}
