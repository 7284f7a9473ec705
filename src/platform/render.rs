//! A page on its way out.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::Result;

/// 200.
pub fn show(page: &impl Template) -> Result<Response> {
    Ok(Html(page.render()?).into_response())
}

/// 422: the form as it was typed, with its faults.
pub fn refuse(page: &impl Template) -> Result<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// A page with another status: 409 for a form whose record was changed meanwhile.
pub fn show_as(status: StatusCode, page: &impl Template) -> Result<Response> {
    Ok((status, Html(page.render()?)).into_response())
}

/// 303 after a change to what was there: the page takes `?saved=` into its frame, and the phone lets go
/// the draft of that id. It is the form's own id, or looking at the record would take its draft away.
pub fn go_saved(to: &str, draft: &str) -> Response {
    match draft.parse::<uuid::Uuid>() {
        Ok(draft) => go(&format!("{to}?saved={draft}")),
        Err(_) => go(to),
    }
}

/// 303: after a post.
pub fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}
