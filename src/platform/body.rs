//! What was sent is read to its end before anybody answers. A browser reads no answer while it still
//! sends: if the server closed on it, a form that is too large would end in a page of the browser's
//! about a broken connection, and not in ours that says what to do.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::Error;

/// The largest body in bytes: a list of some thousand pasted rows, percent-encoded.
pub const MOST: usize = 2 * 1024 * 1024;
/// What is larger is read on up to here and thrown away; then the connection is cut.
const END: usize = 16 * 1024 * 1024;
/// The longest that reading on may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands the body on whole; one that is too large, or broke off, ends here.
pub async fn read(http: Request, next: Next) -> Response {
    if http.body().is_end_stream() {
        return next.run(http).await;
    }
    let (parts, mut body) = http.into_parts();
    if let Some(bytes) = kept(&mut body).await {
        return next.run(Request::from_parts(parts, bytes.into())).await;
    }
    let _whoever_sends_longer_is_cut = timeout(PATIENCE, drain(&mut body)).await;
    Error::TooLarge.into_response()
}

/// The whole body, unless it is too large or breaks off.
async fn kept(body: &mut Body) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunk(body).await {
        let chunk = chunk?;
        if bytes.len() + chunk.len() > MOST {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}

async fn drain(body: &mut Body) {
    let mut read = MOST;
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
