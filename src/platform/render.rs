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

/// 303: after a post.
pub fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}
