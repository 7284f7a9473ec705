//! Who may use a route. A route that is not in the table is refused; a form whose session has ended
//! is parked and goes on after signing in again.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, MatchedPath, Request as HttpRequest, State};
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request::Request;
use super::routes::{Route, Who};
use super::session::Visitor;
use super::site::Site;
use super::{Error, parking};

#[derive(Clone, Debug)]
pub(super) struct Guard {
    site: Arc<Site>,
    who: Arc<HashMap<(Method, &'static str), Who>>,
}

impl Guard {
    pub fn new(site: Arc<Site>, table: &[Route]) -> Self {
        let who = table
            .iter()
            .map(|route| ((route.method.clone(), route.path), route.who));
        Self {
            site,
            who: Arc::new(who.collect()),
        }
    }

    /// Where the form stands that was posted here: `/visits` is filled in at `/visits/new`; what is
    /// nowhere shown by itself leads home.
    fn form_of(&self, http: &HttpRequest) -> String {
        let matched = http.extensions().get::<MatchedPath>();
        let matched = matched.map_or("/", MatchedPath::as_str);
        let shows = |path: &str| {
            let mut routes = self.who.keys();
            routes.any(|(method, known)| *method == Method::GET && *known == path)
        };
        let path = http.uri().path();
        if shows(&format!("{matched}/new")) {
            format!("{path}/new")
        } else if shows(matched) {
            path.to_owned()
        } else {
            "/".to_owned()
        }
    }

    /// Of a matched route; None is for the fallback, which answers 404 by itself.
    fn who(&self, http: &HttpRequest) -> Option<Who> {
        let path = http.extensions().get::<MatchedPath>()?.as_str();
        let method = match *http.method() {
            Method::HEAD => Method::GET,
            ref other => other.clone(),
        };
        let mut routes = self.who.iter();
        routes
            .find(|((m, p), _)| *m == method && *p == path)
            .map(|(_, who)| *who)
    }
}

/// Pages that a visitor with a one-time code may use before choosing a password.
const BEFORE_PASSWORD: [&str; 2] = ["/me/password", "/logout"];

pub(super) async fn admit(State(guard): State<Guard>, http: HttpRequest, next: Next) -> Response {
    let Some(who) = guard.who(&http) else {
        return next.run(http).await;
    };
    if who == Who::Anyone {
        return next.run(http).await;
    }
    let visitor = http.extensions().get::<Visitor>().cloned();
    let Some(Visitor::SignedIn(actor)) = visitor else {
        return send_to_sign_in(&guard, visitor, http).await;
    };
    if actor.must_change && !BEFORE_PASSWORD.contains(&http.uri().path()) {
        return axum::response::Redirect::to(BEFORE_PASSWORD[0]).into_response();
    }
    if who.allows(Some(actor.role)) {
        return next.run(http).await;
    }
    Error::Forbidden("").into_response()
}

/// Only where the cookie names a session that has ended: what anybody else sends is stored nowhere, else
/// anybody could fill the table. Forms about oneself go on after signing in by being filled in again: a password is stored nowhere,
/// and who has just signed in need not end a session.
const NOT_PARKED: [&str; 2] = ["/me", "/appointments"];

fn is_parked(http: &HttpRequest) -> bool {
    let path = http.uri().path();
    let below = |of: &&str| {
        path.strip_prefix(*of)
            .is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    let kind = http.headers().get(CONTENT_TYPE);
    // A file is chosen again more quickly than it is kept.
    let has_file = kind.is_some_and(|it| it.as_bytes().starts_with(b"multipart/"));
    *http.method() == Method::POST && !has_file && !NOT_PARKED.iter().any(below)
}

/// Of a form that is not parked: the address where it is filled in, to go on there after signing in.
#[derive(Clone, Debug)]
pub(super) struct Unsent(pub String);

fn to_form(guard: &Guard, http: &HttpRequest) -> Response {
    let mut response = Error::SignIn.into_response();
    if is_parked(http) {
        response
            .extensions_mut()
            .insert(Unsent(guard.form_of(http)));
    }
    response
}

async fn send_to_sign_in(guard: &Guard, visitor: Option<Visitor>, http: HttpRequest) -> Response {
    let request = http.extensions().get::<Arc<Request>>().cloned();
    let (Some(request), Some(Visitor::Ended(Some(former))), true) =
        (request, visitor, is_parked(&http))
    else {
        return to_form(guard, &http);
    };
    let path = http.uri().path_and_query().map_or("/", |it| it.as_str());
    let (path, headers) = (path.to_owned(), http.headers().clone());
    let content_type = http.headers().get(CONTENT_TYPE).cloned();
    let Ok(body) = Bytes::from_request(http, &()).await else {
        return Error::TooLarge.into_response();
    };
    let post = parking::Post {
        former,
        path,
        content_type: content_type
            .and_then(|v| v.to_str().map(str::to_owned).ok())
            .unwrap_or_default(),
        body: body.to_vec(),
    };
    match parking::park(&guard.site, request, &headers, &post).await {
        Ok(cookie) => {
            let mut response = Error::SignIn.into_response();
            response.headers_mut().insert(SET_COOKIE, cookie);
            response
        }
        Err(fault) => fault.into_response(),
    }
}
