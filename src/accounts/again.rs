//! What waits in a browser since its session ended, and how it goes on: the form is sent again, inside,
//! under the new session, and its answer is the answer to signing in. Nobody's form is ever sent in
//! another's name, or in the name of another post.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Request as HttpRequest};
use axum::response::Response;
use tower::ServiceExt;

use crate::platform::ids::{AccountId, AppointmentId};
use crate::platform::parking::{self, Post};
use crate::platform::render::go;
use crate::platform::request::Request;
use crate::platform::session::{self, Visitor, cookie};
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Whoever sends a request that needs no session: with what a request inside must say as well.
#[derive(Debug)]
pub struct Caller {
    pub site: Arc<Site>,
    pub request: Arc<Request>,
    pub visitor: Visitor,
    headers: HeaderMap,
    peer: Option<SocketAddr>,
}

impl FromRequestParts<Arc<Site>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self> {
        let request = parts.extensions.get::<Arc<Request>>().cloned();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self {
            site: site.clone(),
            request: request.ok_or_else(|| Error::bug("a request without a number"))?,
            peer: peer.map(|info| info.0),
            headers: parts.headers.clone(),
            visitor: Visitor::from_request_parts(parts, site).await?,
        })
    }
}

impl Caller {
    /// The token of the session that the browser has, over or not.
    pub fn token(&self) -> Option<&str> {
        cookie(&self.headers, session::COOKIE_NAME)
    }

    /// Whether the browser has the key of a parked form.
    pub fn has_parked(&self) -> bool {
        !parking::keys(&self.headers).is_empty()
    }

    /// What this browser has parked and is still there, with its keys.
    async fn parked(&self) -> Result<Vec<(String, Post)>> {
        let mut found = Vec::new();
        for key in parking::keys(&self.headers) {
            if let Some(post) = parking::get(&self.site, &self.request, &key).await? {
                found.push((key, post));
            }
        }
        Ok(found)
    }
}

/// In whose name forms go on.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    pub account: AccountId,
    pub appointment: Option<AppointmentId>,
    pub token: &'a str,
}

/// How it went on.
#[derive(Debug)]
pub enum Onward {
    /// The answer of the form that waited, or the way to where one wanted to go.
    Answer(Response),
    /// What waits is another account's, or was written under another appointment.
    Held { is_own: bool },
}

/// The appointment under which this account's parked form was written.
pub async fn wanted(caller: &Caller, account: AccountId) -> Result<Option<AppointmentId>> {
    let parked = caller.parked().await?;
    let formers = parked.into_iter().map(|(_, post)| post.former);
    let mut own = formers.filter(|former| former.account == account);
    Ok(own.find_map(|former| former.appointment))
}

/// Sends what waits for this name, and gives the answer; without anything, the way to `next`.
///
/// A form that fails inside stays parked. One that wants to be mended is shown; where several do, the
/// others stay.
pub async fn go_on(caller: &Caller, name: Name<'_>, next: &str) -> Result<Onward> {
    let (ours, held): (Vec<_>, Vec<_>) =
        caller.parked().await?.into_iter().partition(|(_, post)| {
            post.former.account == name.account && post.former.appointment == name.appointment
        });
    let is_own = |(_, post): &(String, Post)| post.former.account == name.account;
    if ours.is_empty() && !held.is_empty() {
        let is_own = held.iter().any(is_own);
        return Ok(Onward::Held { is_own });
    }
    let mut left: Vec<String> = held.into_iter().map(|(key, _)| key).collect();
    let mut answer = None;
    for (key, post) in ours {
        let response = send(caller, name, post).await?;
        let is_done = response.status().is_redirection();
        let is_shown = answer
            .as_ref()
            .is_none_or(|it: &Response| it.status().is_redirection());
        if is_done || is_shown && !response.status().is_server_error() {
            parking::remove(&caller.site, &caller.request, &key).await?;
        } else {
            left.push(key);
        }
        if is_shown {
            answer = Some(response);
        }
    }
    let mut answer = answer.unwrap_or_else(|| go(next));
    if caller.has_parked() {
        answer
            .headers_mut()
            .append(SET_COOKIE, parking::set_cookie(&left)?);
    }
    Ok(Onward::Answer(answer))
}

/// Through the whole application, as if the browser had sent it just now.
async fn send(caller: &Caller, name: Name<'_>, post: Post) -> Result<Response> {
    const SAME: [HeaderName; 4] = [
        HOST,
        USER_AGENT,
        HeaderName::from_static("x-forwarded-for"),
        HeaderName::from_static("x-forwarded-proto"),
    ];
    let mut request = HttpRequest::post(post.path)
        .header(CONTENT_TYPE, post.content_type)
        .header(COOKIE, format!("{}={}", session::COOKIE_NAME, name.token))
        .header("sec-fetch-site", "same-origin");
    for header in SAME {
        if let Some(value) = caller.headers.get(&header) {
            request = request.header(header, value);
        }
    }
    if let Some(peer) = caller.peer {
        request = request.extension(ConnectInfo(peer));
    }
    let request = request.body(Body::from(post.body)).map_err(Error::bug)?;
    let again = caller.site.again.get();
    let again = again.ok_or_else(|| Error::bug("no application"))?.clone();
    let mut response = again.oneshot(request).await.map_err(Error::bug)?;
    // A fault has become its page inside; it is not to become another one outside.
    response.extensions_mut().clear();
    Ok(response)
}
