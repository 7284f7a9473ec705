//! A new password, and the password once more before sensitive data.

use askama::Template;
use axum::response::Response;

use super::{onward_in, too_many};
use crate::accounts::again::Caller;
use crate::accounts::form::{
    PasswordForm, WRONG_PASSWORD, given, next_or_home, numbers_in, too_many as too_many_words,
};
use crate::accounts::hasher;
use crate::accounts::model::{
    CONFIRM_FAILED, CONFIRMED, PASSWORD_CHANGED, SESSION_ENDED, confirmed,
};
use crate::accounts::sign_in::is_own_password;
use crate::accounts::store;
use crate::accounts::throttle::Closed;
use crate::platform::Result;
use crate::platform::extract::{Form, Query};
use crate::platform::form::Faults;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::Scope;

#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordPage {
    chrome: Chrome,
    /// After a one-time code: there is no old one.
    first: bool,
    next: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "accounts/confirm.html")]
struct ConfirmPage {
    chrome: Chrome,
    next: String,
    faults: Faults,
}

pub async fn password(scope: Scope, Query(query): Query) -> Result<Response> {
    show(&password_page(
        &scope,
        query.text("next"),
        Faults::default(),
    ))
}

pub async fn change(scope: Scope, caller: Caller, Form(fields): Form) -> Result<Response> {
    let form = PasswordForm::read(&fields);
    let first = scope.actor().must_change;
    // The old one first: what the new one is like is nobody's business who does not know it.
    if !first && given(&form.old).is_ok() {
        match is_own_password(&scope, &form.old, CONFIRM_FAILED).await? {
            Ok(true) => {}
            Ok(false) => {
                let faults = Faults::one("old", WRONG_PASSWORD);
                return refuse(&password_page(&scope, form.next, faults));
            }
            Err(Closed(wait)) => {
                let faults = Faults::one("old", too_many_words(wait));
                return too_many(&password_page(&scope, form.next, faults), wait);
            }
        }
    }
    let phone = own_phone_in(&scope, &form.new).await?;
    if let Err(faults) = form.check(first, phone.as_deref()) {
        return refuse(&password_page(&scope, form.next, faults));
    }
    set(&scope, &form.new).await?;
    if first {
        return onward_in(&caller, &scope, &form.next).await;
    }
    Ok(go("/me?done=password"))
}

/// Whoever else has signed in with the old one is out.
async fn set(scope: &Scope, new: &str) -> Result<()> {
    let phc = hasher::shared().hash(new).await?;
    let account = scope.account();
    scope
        .work(async |db| {
            store::set_password(db, &phc).await?;
            for session in store::end_other_sessions(db).await? {
                store::note_self(db, SESSION_ENDED, session).await?;
            }
            store::log_self(db, PASSWORD_CHANGED, account.0, ()).await
        })
        .await?;
    scope.site().sessions.forget(account);
    Ok(())
}

/// One's own number, where the password holds it: the account knows only its hash.
async fn own_phone_in(scope: &Scope, password: &str) -> Result<Option<String>> {
    let mut numbers = numbers_in(password).peekable();
    if numbers.peek().is_none() {
        return Ok(None);
    }
    let (key, _) = scope.look(async |db| store::own(db).await).await?;
    Ok(numbers.find(|number| store::phone_hash(number) == key))
}

pub async fn confirm_form(scope: Scope, Query(query): Query) -> Result<Response> {
    let next = query.text("next");
    if confirmed(&scope) {
        return Ok(go(next_or_home(&next)));
    }
    show(&confirm_page(&scope, next, Faults::default()))
}

pub async fn confirm(scope: Scope, Form(fields): Form) -> Result<Response> {
    let next = fields.text("next");
    let secret = match given(fields.get("password")) {
        Ok(secret) => secret,
        Err(sentence) => {
            let faults = Faults::one("password", sentence);
            return refuse(&confirm_page(&scope, next, faults));
        }
    };
    match is_own_password(&scope, secret, CONFIRM_FAILED).await? {
        Ok(true) => {}
        Ok(false) => {
            let faults = Faults::one("password", WRONG_PASSWORD);
            return refuse(&confirm_page(&scope, next, faults));
        }
        Err(Closed(wait)) => {
            let faults = Faults::one("password", too_many_words(wait));
            return too_many(&confirm_page(&scope, next, faults), wait);
        }
    }
    let account = scope.account();
    scope
        .work(async |db| {
            store::confirm(db).await?;
            store::log_self(db, CONFIRMED, account.0, ()).await
        })
        .await?;
    scope.site().sessions.forget(account);
    Ok(go(next_or_home(&next)))
}

fn password_page(scope: &Scope, next: String, faults: Faults) -> PasswordPage {
    PasswordPage {
        chrome: scope.chrome(),
        first: scope.actor().must_change,
        next,
        faults,
    }
}

fn confirm_page(scope: &Scope, next: String, faults: Faults) -> ConfirmPage {
    ConfirmPage {
        chrome: scope.chrome(),
        next,
        faults,
    }
}
