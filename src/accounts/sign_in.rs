//! From a phone number and a password, or a one-time code, to a session. What is not known takes as
//! long and answers the same as what is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::again::{self, Caller};
use super::form::Claim;
use super::hasher;
use super::model::{CODE_USED, Code, SIGN_IN_FAILED, SIGNED_IN};
use super::password::code_matches;
use super::store;
use super::throttle::{Closed, Throttle};
use crate::platform::daybook::Verb;
use crate::platform::ids::{AccountId, AppointmentId, TenantId};
use crate::platform::request::Request;
use crate::platform::scope::{Actor, Ground, Scope};
use crate::platform::session::{self, NewSession, actor_of, offices};
use crate::platform::site::Site;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result};

/// How long a failed attempt takes at least, so that the time tells nothing: a known account's writes a
/// line, an unknown one's does not.
const FAILURE_TAKES: Duration = Duration::from_millis(200);

/// How an attempt went.
#[derive(Debug)]
pub enum Outcome {
    In(Entered),
    /// Too many attempts: closed for so long.
    TooMany(TimeDelta),
    Wrong,
    /// The code was right and is too old.
    CodeOver,
    /// Rightly proved, and no appointment lets in.
    NoOffice,
}

#[derive(Debug)]
pub struct Entered {
    pub account: AccountId,
    pub appointment: Option<AppointmentId>,
    pub token: String,
    pub must_change: bool,
    /// Several appointments, and nothing says which one is meant.
    pub must_choose: bool,
}

enum Proof {
    /// With the code that is to be used up, if it was one.
    Right(AccountId, Option<String>),
    CodeOver(AccountId),
    Wrong(Option<AccountId>),
}

pub async fn enter(caller: &Caller, claim: &Claim) -> Result<Outcome> {
    let (site, request) = (&caller.site, &caller.request);
    let key = store::phone_hash(&claim.phone);
    let throttle = site.shelf.get::<Throttle>();
    let begin = throttle
        .begin(site.clock.now(), &key, request.address)
        .await?;
    if let Err(Closed(wait)) = begin {
        return Ok(Outcome::TooMany(wait));
    }
    let since = Instant::now();
    let proof = match prove(site, request, &key, &claim.secret).await {
        Ok(proof) => proof,
        Err(fault) => {
            throttle.unanswered(&key, request.address);
            return Err(fault);
        }
    };
    let outcome = match proof {
        Proof::Right(account, code) => {
            throttle.succeeded(&key, request.address);
            admit(caller, claim, account, code).await?
        }
        Proof::CodeOver(account) => {
            note_failure(site, request, account).await?;
            Outcome::CodeOver
        }
        Proof::Wrong(Some(account)) => {
            note_failure(site, request, account).await?;
            Outcome::Wrong
        }
        Proof::Wrong(None) => Outcome::Wrong,
    };
    if let Outcome::Wrong = outcome {
        tokio::time::sleep(FAILURE_TAKES.saturating_sub(since.elapsed())).await;
    }
    Ok(outcome)
}

async fn prove(site: &Arc<Site>, request: &Arc<Request>, key: &str, secret: &str) -> Result<Proof> {
    let nobody = Scope::nobody(site.clone(), request.clone());
    let hasher = hasher::shared();
    let account = nobody
        .look(async |db| store::by_login(db, key).await)
        .await?;
    let Some(account) = account else {
        hasher.verify_nobody(secret).await?;
        return Ok(Proof::Wrong(None));
    };
    if let Some(phc) = &account.password {
        return Ok(if hasher.verify(secret, phc).await? {
            Proof::Right(account.id, None)
        } else {
            Proof::Wrong(Some(account.id))
        });
    }
    hasher.verify_nobody(secret).await?;
    let code = nobody
        .work(async |db| {
            db.open_login(key).await?;
            let code = store::spend_try(db, account.id).await?;
            Ok(db.unchanged(code))
        })
        .await?;
    Ok(match code {
        Some(Code { hash, expires_at }) if code_matches(secret, &hash) => {
            if site.clock.now() < expires_at {
                Proof::Right(account.id, Some(hash))
            } else {
                Proof::CodeOver(account.id)
            }
        }
        _ => Proof::Wrong(Some(account.id)),
    })
}

/// Makes the session, under the appointment in whose name a form waits, or the first that is open.
async fn admit(
    caller: &Caller,
    claim: &Claim,
    account: AccountId,
    code: Option<String>,
) -> Result<Outcome> {
    let (site, request) = (&caller.site, &caller.request);
    let wanted = again::wanted(caller, account).await?;
    let nobody = Scope::nobody(site.clone(), request.clone());
    let (office, must_choose) = nobody
        .look(async |db| {
            db.open_account(account).await?;
            let all = offices(db, account).await?;
            let open: Vec<_> = all.iter().filter(|it| it.is_open).collect();
            let meant = open.iter().find(|it| Some(it.id) == wanted);
            let office = meant.or(open.first()).map(|it| it.key());
            Ok((office, meant.is_none() && open.len() > 1))
        })
        .await?;
    let (actor, left) = person(site, request, account, office).await?;
    if left {
        note_failure(site, request, account).await?;
        return Ok(Outcome::NoOffice);
    }
    let must_change = actor.must_change;
    let scope = Scope::of_session(site.clone(), Arc::new(actor), request.clone());
    let new = NewSession {
        account,
        appointment: office,
        own_phone: claim.own_phone,
    };
    let token = begin_session(&scope, caller.token(), &new, code.as_deref()).await?;
    let entered = token.map(|token| Entered {
        account,
        appointment: office.map(|(_, id)| id),
        token,
        must_change,
        must_choose,
    });
    Ok(entered.map_or(Outcome::Wrong, Outcome::In))
}

/// A new token each time; the session that the browser had before ends. None when the code was used
/// meanwhile.
async fn begin_session(
    scope: &Scope,
    old_token: Option<&str>,
    new: &NewSession,
    code: Option<&str>,
) -> Result<Option<String>> {
    let old = old_token.map(session::hash);
    let token = session::token()?;
    let entered = scope
        .work(async |db| {
            if let Some(old) = &old {
                store::end_token(db, old).await?;
            }
            enter_once(db, &token, new, code).await
        })
        .await?;
    if let Some(old) = &old {
        scope.site().sessions.forget_token(old);
    }
    Ok(entered.then_some(token))
}

/// The session of this token, made from outside: when the answer to the commit was lost the transaction
/// runs again, and finds the code used by itself. False when somebody else has used it.
pub async fn enter_once(
    db: &mut ScopedTx,
    token: &str,
    new: &NewSession,
    code: Option<&str>,
) -> Result<Logged<bool>> {
    if store::has_token(db, &session::hash(token)).await? {
        return Ok(db.unchanged(true));
    }
    if let Some(code) = code
        && !store::use_code(db, new.account, code).await?
    {
        return Ok(db.unchanged(false));
    }
    session::add_as(db, new, token).await?;
    let verb = if code.is_some() { CODE_USED } else { SIGNED_IN };
    store::log_self(db, verb, new.account.0, true).await
}

/// A line at the committee of the account's first appointment, open or not; an account that never had
/// one leaves none.
async fn note_failure(site: &Arc<Site>, request: &Arc<Request>, account: AccountId) -> Result<()> {
    let nobody = Scope::nobody(site.clone(), request.clone());
    let (office, is_operator) = nobody
        .look(async |db| {
            db.open_account(account).await?;
            let all = offices(db, account).await?;
            let is_operator = store::is_operator(db, account).await?;
            Ok((all.first().map(session::Office::key), is_operator))
        })
        .await?;
    if office.is_none() && !is_operator {
        return Ok(());
    }
    let (actor, _) = person(site, request, account, office).await?;
    note_at_the_door(site, request, actor, SIGN_IN_FAILED).await
}

/// Whoever has proved nothing may leave a line at one committee, and see nothing.
async fn note_at_the_door(
    site: &Arc<Site>,
    request: &Arc<Request>,
    actor: Actor,
    verb: Verb,
) -> Result<()> {
    let account = actor.account.0;
    let actor = Actor {
        home: actor.home.map(|home| Ground {
            hi: home.place.scope,
            ..home
        }),
        ..actor
    };
    let scope = Scope::of_session(site.clone(), Arc::new(actor), request.clone());
    scope
        .work(async |db| store::log_self(db, verb, account, ()).await)
        .await
}

async fn person(
    site: &Arc<Site>,
    request: &Arc<Request>,
    account: AccountId,
    office: Option<(TenantId, AppointmentId)>,
) -> Result<(Actor, bool)> {
    let nobody = Scope::nobody(site.clone(), request.clone());
    nobody
        .look(async |db| {
            db.open_account(account).await?;
            actor_of(db, account, office).await
        })
        .await
}

/// Whether this is the password of whoever is signed in; a wrong one counts and leaves a line. None:
/// closed for so long.
pub async fn is_own_password(
    scope: &Scope,
    secret: &str,
    failed: Verb,
) -> Result<Result<bool, Closed>> {
    let (key, phc) = scope.look(async |db| store::own(db).await).await?;
    let throttle = scope.site().shelf.get::<Throttle>();
    let address = scope.request().address;
    if let Err(closed) = throttle.begin(scope.now(), &key, address).await? {
        return Ok(Err(closed));
    }
    let right = match hasher::shared()
        .verify(secret, &phc.unwrap_or_default())
        .await
    {
        Ok(right) => right,
        Err(busy) => {
            throttle.unanswered(&key, address);
            return Err(Error::from(busy));
        }
    };
    if right {
        throttle.succeeded(&key, address);
    } else {
        let id = scope.account().0;
        scope
            .work(async |db| store::log_self(db, failed, id, ()).await)
            .await?;
    }
    Ok(Ok(right))
}
