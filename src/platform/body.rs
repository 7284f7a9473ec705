//! What was sent is read to its end before anybody answers. A browser reads no answer while it still
//! sends: if the server closed on it, a form that is too large would end in a page of the browser's
//! about a broken connection, and not in ours that says what to do.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::Error;
use super::routes::Route;
use super::session::Visitor;

/// The largest body in bytes: a list of some thousand pasted rows, percent-encoded.
pub const MOST: usize = 2 * 1024 * 1024;
/// The same of a form with a file (`Routes::upload`), from whoever is signed in.
pub const MOST_OF_FILE: usize = 11 * 1024 * 1024;
/// What is larger is read on up to here and thrown away; then the connection is cut.
const END: usize = 16 * 1024 * 1024;
/// The longest that reading on may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The routes whose forms carry a file.
#[derive(Clone, Debug)]
pub struct Uploads(Arc<HashSet<&'static str>>);

impl Uploads {
    pub fn of(table: &[Route]) -> Self {
        let uploads = table.iter().filter(|route| route.takes_file);
        Self(Arc::new(uploads.map(|route| route.path).collect()))
    }

    fn most(&self, http: &Request) -> usize {
        let path = http.extensions().get::<MatchedPath>();
        let is_upload = path.is_some_and(|path| self.0.contains(path.as_str()));
        let visitor = http.extensions().get::<Visitor>();
        if is_upload && matches!(visitor, Some(Visitor::SignedIn(_))) {
            MOST_OF_FILE
        } else {
            MOST
        }
    }
}

/// Hands the body on whole; one that is too large, or broke off, ends here.
pub async fn read(State(uploads): State<Uploads>, http: Request, next: Next) -> Response {
    let most = uploads.most(&http);
    if http.body().is_end_stream() {
        return next.run(http).await;
    }
    let (parts, mut body) = http.into_parts();
    if let Some(bytes) = kept(&mut body, most).await {
        return next.run(Request::from_parts(parts, bytes.into())).await;
    }
    let _whoever_sends_longer_is_cut = timeout(PATIENCE, drain(&mut body, most)).await;
    Error::TooLarge.into_response()
}

/// The whole body, unless it is too large or breaks off.
async fn kept(body: &mut Body, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunk(body).await {
        let chunk = chunk?;
        if bytes.len() + chunk.len() > most {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}

async fn drain(body: &mut Body, most: usize) {
    let mut read = most;
    while read < END {
        match chunk(body).await {
            Some(Some(chunk)) => read += chunk.len(),
            Some(None) | None => return,
        }
    }
}

/// The next bytes; inside, none for a body that broke off.
async fn chunk(body: &mut Body) -> Option<Option<axum::body::Bytes>> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.ok().map(|it| it.into_data().unwrap_or_default()))
}
