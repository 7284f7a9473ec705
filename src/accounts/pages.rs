//! Signing in, out, and what one sees and decides of oneself.

mod appointments;
mod login;
mod me;
mod password;

pub use appointments::{appointments, switch};
pub use login::{enter, leave, login, privacy};
pub use me::{display, end_device, end_others, me};
pub use password::{change, confirm, confirm_form, password};

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use askama::Template;

use super::again::{self, Caller, Name, Onward};
use super::form::next_or_home;
use crate::platform::page::Chrome;
use crate::platform::render::{show, show_as};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result, session};

/// What waits in this browser is not for whoever has signed in.
#[derive(Template)]
#[template(path = "accounts/held.html")]
struct HeldPage {
    chrome: Chrome,
    is_own: bool,
    next: String,
}

/// On to what waits in this browser, or to `next`; with the cookie of a new session.
async fn onward(caller: &Caller, name: Name<'_>, next: &str) -> Result<Response> {
    let next = next_or_home(next);
    match again::go_on(caller, name, next).await? {
        Onward::Answer(response) => Ok(response),
        Onward::Held { is_own } => show(&HeldPage {
            chrome: Chrome::plain(caller.site.filing, caller.request.id()),
            is_own,
            next: next.to_owned(),
        }),
    }
}

/// As `onward`, for a session that goes on.
async fn onward_in(caller: &Caller, scope: &Scope, next: &str) -> Result<Response> {
    let name = Name {
        account: scope.account(),
        appointment: scope.actor().appointment,
        token: caller.token().unwrap_or(""),
    };
    onward(caller, name, next).await
}

/// `/login?next=…` and the like; without `next` when it leads home.
fn with_next(path: &str, next: &str) -> String {
    match next_or_home(next) {
        "/" => path.to_owned(),
        next => {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{path}?next={next}")
        }
    }
}

fn add_cookie(response: &mut Response, cookie: &str) -> Result<()> {
    let value = HeaderValue::from_str(cookie).map_err(Error::bug)?;
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}

fn add_session_cookie(response: &mut Response, token: &str, own_phone: bool) -> Result<()> {
    add_cookie(response, &session::set_cookie(token, own_phone))
}

/// 429: the form as it was typed, with the sentence that says how long.
fn too_many(page: &impl Template, wait: chrono::TimeDelta) -> Result<Response> {
    let mut response = show_as(StatusCode::TOO_MANY_REQUESTS, page)?;
    let seconds = HeaderValue::from(wait.num_seconds().max(1));
    response.headers_mut().insert("retry-after", seconds);
    Ok(response)
}
