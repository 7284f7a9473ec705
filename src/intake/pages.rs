//! The pages of the visitor, and the poster that leads there.

pub mod ask;
pub mod poster;
pub mod track;

use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::platform::scope::Scope;

/// How phones reach this site: as it is configured, else as this very page was reached.
fn origin(scope: &Scope, headers: &HeaderMap) -> String {
    if let Some(url) = &scope.site().settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}
