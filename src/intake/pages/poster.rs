//! The poster of one's own committee, to be printed.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::origin;
use crate::committees;
use crate::kit::qr;
use crate::platform::page::Chrome;
use crate::platform::render::show as render;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "intake/poster.html")]
struct PosterPage {
    chrome: Chrome,
    committee: String,
    path: String,
    address: String,
    qr: String,
}

pub async fn show(scope: Scope, headers: HeaderMap) -> Result<Response> {
    let id = scope.committee();
    let committee = scope
        .look(async |db| committees::store::get(db, id).await)
        .await?;
    let committee = committee.ok_or(Error::NotFound)?;
    let path = format!("/p/{id}");
    let address = format!("{}{path}", origin(&scope, &headers));
    let label = "公开页的二维码";
    let qr = qr::svg(&address, label).ok_or_else(|| Error::bug("the address is too long"))?;
    render(&PosterPage {
        chrome: scope.chrome(),
        committee: committee.full_name,
        path,
        address,
        qr,
    })
}
