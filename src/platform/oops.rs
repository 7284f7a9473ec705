//! Faults become pages here and nowhere else: only here are the frame, the number and htmx known.
//! The cause is logged under the number; the reader never sees it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use tower_http::csrf::ProtectionError;

use super::chrome;
use super::error::{Carried, Error};
use super::guard::Unsent;
use super::page::{Chrome, ErrorPage};
use super::request::Request;
use super::session::Visitor;
use super::site::Site;
use crate::kit::clock;

pub(super) async fn render(
    State(site): State<Arc<Site>>,
    http: HttpRequest,
    next: Next,
) -> Response {
    let Some(request) = http.extensions().get::<Arc<Request>>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let is_get = http.method() == axum::http::Method::GET;
    let response = next.run(http).await;
    let Some(fault) = fault_of(&response) else {
        return response;
    };
    report(&fault, &request);
    let mut shown = if let Error::SignIn = *fault {
        to_sign_in(&request, is_get, response.extensions().get())
    } else {
        show(&site, &request, &response, &fault)
    };
    for name in ["set-cookie", "retry-after", "allow"] {
        if let Some(value) = response.headers().get(name) {
            shown.headers_mut().insert(name, value.clone());
        }
    }
    *shown.extensions_mut() = response.extensions().clone();
    shown
}

fn fault_of(response: &Response) -> Option<Arc<Error>> {
    let extensions = response.extensions();
    if let Some(Carried(fault)) = extensions.get::<Carried>() {
        return Some(fault.clone());
    }
    let foreign = extensions.get::<ProtectionError>().is_some();
    foreign.then(|| Arc::new(Error::ForeignOrigin))
}

/// A bug; what a user may cause himself only as a hint.
fn report(fault: &Error, request: &Request) {
    let (id, cause) = (request.id(), fault.cause());
    if let Error::Bug(_) = fault {
        tracing::error!(id, cause, "a request failed");
    } else {
        tracing::debug!(id, cause, "refused");
    }
}

/// Back to where one was; after a form to the page that the parked form leads to.
fn to_sign_in(request: &Request, is_get: bool, unsent: Option<&Unsent>) -> Response {
    let mut to = "/login".to_owned();
    if is_get && request.path() != "/" {
        let next: String = form_urlencoded::byte_serialize(request.path().as_bytes()).collect();
        to = format!("/login?next={next}");
    }
    if let Some(Unsent(form)) = unsent {
        let next: String = form_urlencoded::byte_serialize(form.as_bytes()).collect();
        to = format!("/login?unsent=1&next={next}");
    }
    if !request.partial {
        return Redirect::to(&to).into_response();
    }
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert("hx-redirect", to);
    }
    response
}

fn show(site: &Arc<Site>, request: &Request, response: &Response, fault: &Error) -> Response {
    let status = fault.status();
    let visitor = response.extensions().get::<Visitor>();
    let chrome = match visitor.and_then(Visitor::actor) {
        Some(actor) => chrome::of(site, actor, request),
        None => Chrome::plain(site.filing, request.id()),
    };
    let page = if request.partial {
        ErrorPage::Note {
            status: status.as_u16(),
            number: request.id().to_owned(),
        }
    } else {
        page_of(fault, chrome, site, request)
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "an error page did not render");
            status.into_response()
        }
    }
}

fn page_of(fault: &Error, chrome: Chrome, site: &Site, request: &Request) -> ErrorPage {
    let now = site.clock.now();
    let at = clock::stamp(now, now);
    let back = request.path().to_owned();
    match fault {
        Error::NotFound | Error::SignIn => ErrorPage::NotFound { chrome, at },
        Error::Forbidden(reason) => ErrorPage::Forbidden {
            chrome,
            at,
            reason: (*reason).to_owned(),
        },
        Error::Stale(reason) => {
            let (heading, reason, back) = stale(reason, request);
            ErrorPage::Stale {
                chrome,
                at,
                back,
                heading,
                reason,
            }
        }
        Error::BadAddress(reason) => ErrorPage::BadRequest {
            chrome,
            at,
            back: request.path_only().to_owned(),
            reason: (*reason).to_owned(),
        },
        Error::ForeignOrigin => ErrorPage::Foreign { chrome, at },
        Error::WrongMethod => ErrorPage::WrongMethod { chrome, at },
        Error::TooMany(_) => ErrorPage::TooMany { chrome, at, back },
        Error::TooLarge => ErrorPage::TooLarge { chrome, at, back },
        Error::Busy => ErrorPage::Busy { chrome, at, back },
        Error::Bug(_) => ErrorPage::Broken { chrome, at, back },
    }
}

/// What stands over the page, what below, and where the record as it is now is seen. A rule's first
/// sentence is the heading, and the way on leads to the record: the same step would be refused again.
fn stale(rule: &str, request: &Request) -> (String, String, String) {
    let path = request.path_only();
    if rule.is_empty() {
        let heading = "这条记录刚才有人改过".to_owned();
        let reason =
            "您填的内容没有存进去，别人改的也没有动。先看最新的，再把您的添上。".to_owned();
        return (heading, reason, request.path().to_owned());
    }
    let (heading, reason) = rule.split_once('。').unwrap_or((rule, ""));
    let record = match path.rsplit_once('/') {
        Some((record, _)) if record.matches('/').count() > 1 => record,
        _ => path,
    };
    (heading.to_owned(), reason.to_owned(), record.to_owned())
}
