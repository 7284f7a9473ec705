//! The door: in, out, and what is said of privacy before one goes in.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::{add_cookie, add_session_cookie, onward, too_many, with_next};
use crate::accounts::again::{Caller, Name};
use crate::accounts::form::{
    CODE_OVER, LoginForm, NO_OFFICE, NOT_SECURE, WRONG, next_or_home, too_many as too_many_words,
};
use crate::accounts::model::SIGNED_OUT;
use crate::accounts::sign_in::{self, Entered, Outcome};
use crate::accounts::store;
use crate::platform::Result;
use crate::platform::extract::{Form, Query};
use crate::platform::form::Faults;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::{Actor, Scope};
use crate::platform::session::{Visitor, clear_cookie, hash};

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    chrome: Chrome,
    form: LoginForm,
    faults: Faults,
    secure: bool,
    /// A form of this browser waits.
    parked: bool,
    /// One came without a session and was not kept here.
    unsent: bool,
}

#[derive(Template)]
#[template(path = "accounts/privacy.html")]
struct PrivacyPage {
    chrome: Chrome,
}

pub async fn login(caller: Caller, Query(query): Query) -> Result<Response> {
    let next = query.text("next");
    if caller.visitor.actor().is_some() {
        return Ok(go(next_or_home(&next)));
    }
    let form = LoginForm {
        next,
        ..LoginForm::default()
    };
    show(&LoginPage {
        unsent: query.has("unsent"),
        ..login_page(&caller, form, Faults::default())
    })
}

pub async fn enter(caller: Caller, Form(fields): Form) -> Result<Response> {
    let form = LoginForm::read(&fields);
    if !caller.request.secure {
        return refuse(&login_page(&caller, form, Faults::one("phone", NOT_SECURE)));
    }
    let claim = match form.check() {
        Ok(claim) => claim,
        Err(faults) => return refuse(&login_page(&caller, form, faults)),
    };
    let sentence = match sign_in::enter(&caller, &claim).await? {
        Outcome::In(entered) => return welcome(&caller, &form, entered).await,
        Outcome::TooMany(wait) => {
            let faults = Faults::one("password", too_many_words(wait));
            return too_many(&login_page(&caller, form, faults), wait);
        }
        Outcome::Wrong => WRONG,
        Outcome::CodeOver => CODE_OVER,
        Outcome::NoOffice => NO_OFFICE,
    };
    let faults = Faults::one("password", sentence);
    refuse(&login_page(&caller, form, faults))
}

/// First a password of one's own, then the choice of an appointment, then what waits or was wanted.
async fn welcome(caller: &Caller, form: &LoginForm, entered: Entered) -> Result<Response> {
    let mut response = if entered.must_change {
        go(&with_next("/me/password", &form.next))
    } else if entered.must_choose {
        go(&with_next("/appointments", &form.next))
    } else {
        let name = Name {
            account: entered.account,
            appointment: entered.appointment,
            token: &entered.token,
        };
        onward(caller, name, &form.next).await?
    };
    add_session_cookie(&mut response, &entered.token, form.own_phone)?;
    Ok(response)
}

pub async fn leave(caller: Caller) -> Result<Response> {
    if let Visitor::SignedIn(actor) = &caller.visitor {
        end(&caller, actor).await?;
    }
    let mut response = go("/login");
    add_cookie(&mut response, &clear_cookie())?;
    Ok(response)
}

async fn end(caller: &Caller, actor: &Arc<Actor>) -> Result<()> {
    let Some(session) = actor.session else {
        return Ok(());
    };
    let scope = Scope::of_session(caller.site.clone(), actor.clone(), caller.request.clone());
    scope
        .work(async |db| {
            store::end_device(db, session).await?;
            store::log_self(db, SIGNED_OUT, session, ()).await
        })
        .await?;
    if let Some(token) = caller.token() {
        caller.site.sessions.forget_token(&hash(token));
    }
    Ok(())
}

pub async fn privacy(caller: Caller) -> Result<Response> {
    show(&PrivacyPage {
        chrome: Chrome::plain(caller.site.filing, caller.request.id()),
    })
}

/// What is to prove the phone's owner is never written into a page.
fn login_page(caller: &Caller, form: LoginForm, faults: Faults) -> LoginPage {
    LoginPage {
        chrome: Chrome::plain(caller.site.filing, caller.request.id()),
        form: LoginForm {
            password: String::new(),
            ..form
        },
        faults,
        secure: caller.request.secure,
        parked: caller.has_parked(),
        unsent: false,
    }
}
