//! The way of a request: number and log line → headers → compression → error pages → a task that a
//! lost connection cannot cut short → who is there → the whole body → same origin → who may → the
//! handler.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request as HttpRequest, State};
use axum::http::header::{HOST, HeaderName, HeaderValue, USER_AGENT};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::task::AbortHandle;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;

use super::request::Request;
use super::routes::Routes;
use super::session::identify;
use super::site::Site;
use super::{Error, Result, assets, body, db, guard, oops};
use crate::kit::network::client_address;

/// The longest a page may take. One statement of a short page is cut sooner, after ten seconds (`db`).
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest a file may take until it begins; docs/operations.md has a proxy wait as long.
const FILE_PATIENCE: Duration = Duration::from_mins(5);

/// The whole application around these routes.
pub fn application(site: &Arc<Site>, routes: Routes) -> Result<Router> {
    let (table, handlers) = routes.into_parts();
    let pages = handlers
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::WrongMethod)
        .layer(from_fn_with_state(
            guard::Guard::new(site.clone(), &table),
            guard::admit,
        ))
        .layer(from_fn(has_origin))
        .layer(same_origin(site)?)
        .layer(DefaultBodyLimit::max(body::MOST_OF_FILE))
        .layer(from_fn_with_state(body::Uploads::of(&table), body::read))
        .layer(from_fn_with_state(site.clone(), introduce))
        .layer(from_fn(uncut))
        .layer(from_fn_with_state(site.clone(), oops::render));
    #[expect(
        clippy::disallowed_methods,
        reason = "files and health have no visitor and stand outside the route table"
    )]
    let rest = Router::new()
        .route("/static/{file}", get(assets::serve))
        .route("/sw.js", get(assets::serve))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready));
    let compressed = site.settings.compression;
    let whole = rest.merge(pages).layer(from_fn(harden));
    let whole = if compressed {
        whole.layer(CompressionLayer::new().quality(CompressionLevel::Precise(5)))
    } else {
        whole
    };
    Ok(whole
        .layer(from_fn_with_state(site.clone(), record))
        .with_state(site.clone()))
}

/// Numbers the request and writes its one line: never an address with a query, a name or a text.
async fn record(State(site): State<Arc<Site>>, mut http: HttpRequest, next: Next) -> Response {
    let begun = Instant::now();
    let request = Arc::new(describe(&site, &http));
    let method = http.method().clone();
    http.extensions_mut().insert(request.clone());
    let response = next.run(http).await;
    let facts = response.extensions().get::<Facts>().cloned();
    let facts = facts.unwrap_or_default();
    tracing::info!(
        target: "qingting::request",
        id = request.id(),
        %method,
        route = facts.route.as_deref().unwrap_or("-"),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        queries = request.queries(),
        account = %facts.account.unwrap_or_default(),
        committee = facts.committee.unwrap_or(0),
    );
    response
}

/// What the log line says besides the request itself.
#[derive(Clone, Debug, Default)]
struct Facts {
    route: Option<String>,
    account: Option<String>,
    committee: Option<i32>,
}

fn describe(site: &Site, http: &HttpRequest) -> Request {
    let headers = http.headers();
    let device = header(headers, &USER_AGENT).chars().take(200).collect();
    Request::new(address(site, http), device)
        .with_path(http.uri().path_and_query().map_or("/", |p| p.as_str()))
        .with_partial(headers.contains_key("hx-request"))
        .with_secure(is_secure(site, headers))
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("")
}

fn address(site: &Site, http: &HttpRequest) -> IpAddr {
    let peer = http.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    let forwarded = http.headers().get("x-forwarded-for");
    let forwarded = forwarded.and_then(|v| v.to_str().ok());
    client_address(peer, forwarded, &site.settings.trusted_proxies)
}

/// Whether a browser will keep our cookie: https, or this very machine.
fn is_secure(site: &Site, headers: &HeaderMap) -> bool {
    let proto = headers
        .get("x-forwarded-proto")
        .and_then(|v| v.to_str().ok());
    let by_url = site.settings.public_url.as_deref();
    let host = header(headers, &HOST);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    by_url.is_some_and(|url| url.starts_with("https://"))
        || !site.settings.trusted_proxies.is_empty() && proto == Some("https")
        || matches!(name, "localhost" | "[::1]" | "")
        || name.starts_with("127.")
}

/// Finds out who is there, for the handler and for the error page.
async fn introduce(State(site): State<Arc<Site>>, mut http: HttpRequest, next: Next) -> Response {
    let Some(request) = http.extensions().get::<Arc<Request>>().cloned() else {
        return Error::bug("a request without a number").into_response();
    };
    let visitor = match identify(&site, &request, http.headers()).await {
        Ok(visitor) => visitor,
        Err(fault) => return fault.into_response(),
    };
    let route = http.extensions().get::<MatchedPath>();
    let actor = visitor.actor();
    let facts = Facts {
        route: route.map(|path| path.as_str().to_owned()),
        account: actor.map(|a| a.account.to_string()),
        committee: actor
            .and_then(|a| a.home.as_ref())
            .map(|h| h.place.committee.0),
    };
    http.extensions_mut().insert(visitor.clone());
    let mut response = next.run(http).await;
    response.extensions_mut().insert(facts);
    response.extensions_mut().insert(visitor);
    response
}

fn same_origin(site: &Site) -> Result<CsrfLayer> {
    let layer = CsrfLayer::new();
    match &site.settings.public_url {
        Some(url) => layer
            .add_trusted_origin(url.trim_end_matches('/'))
            .map_err(Error::bug),
        None => Ok(layer),
    }
}

/// The layer above lets a post without any sign of its origin pass; no browser of ours sends such. No route
/// takes anything but these two methods (`Routes`), so that whatever else comes is refused as such.
async fn has_origin(http: HttpRequest, next: Next) -> Response {
    let is_post = *http.method() == Method::POST;
    let headers = http.headers();
    if !is_post || headers.contains_key("sec-fetch-site") || headers.contains_key("origin") {
        return next.run(http).await;
    }
    Error::ForeignOrigin.into_response()
}

/// Runs the rest as a task of its own: a phone that loses its network must not cut a transaction in
/// the middle. A panic is a fault like others; where it was stands in the log already.
///
/// A file is only read for the one who asked: it ends when he goes away, else each further press of the
/// button would hold one more of the few connections for long reads. So does a page that took too long.
async fn uncut(http: HttpRequest, next: Next) -> Response {
    let is_file = http
        .uri()
        .path()
        .rsplit_once('.')
        .is_some_and(|(_, kind)| kind == "xlsx");
    let is_read = matches!(*http.method(), Method::GET | Method::HEAD);
    let patience = if is_file { FILE_PATIENCE } else { PATIENCE };
    let task = tokio::spawn(next.run(http));
    let mut reading = Reading {
        task: task.abort_handle(),
        ends: is_file,
    };
    match tokio::time::timeout(patience, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => Error::bug("a handler panicked").into_response(),
        Err(_) => {
            reading.ends = is_read;
            Error::Busy.into_response()
        }
    }
}

/// A task that may end with whoever waits for it.
struct Reading {
    task: AbortHandle,
    ends: bool,
}

impl Drop for Reading {
    fn drop(&mut self) {
        if self.ends {
            self.task.abort();
        }
    }
}

/// No script or style but our own files, no frame, no referrer, nothing of a page kept by caches.
async fn harden(http: HttpRequest, next: Next) -> Response {
    const HEADERS: [(&str, &str); 7] = [
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "geolocation=(), microphone=(), camera=(self)",
        ),
        ("strict-transport-security", "max-age=31536000"),
    ];
    let mut response = next.run(http).await;
    let headers = response.headers_mut();
    // What is no page of ours says itself what it may do.
    let (policy, rest) = (HEADERS[0], &HEADERS[1..]);
    headers
        .entry(policy.0)
        .or_insert(HeaderValue::from_static(policy.1));
    for (name, value) in rest {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    headers
        .entry("cache-control")
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The database answers, the role is the right one, the walls stand.
async fn ready(State(site): State<Arc<Site>>) -> Response {
    match db::wall_faults(&site.pools).await {
        Ok(faults) if faults.is_empty() => "ready".into_response(),
        Ok(faults) => {
            tracing::error!(?faults, "the second wall does not stand");
            (StatusCode::SERVICE_UNAVAILABLE, "walls").into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database").into_response()
        }
    }
}
