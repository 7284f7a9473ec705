//! Forms without anybody in them: the one the phone keeps, and the one on paper.

use askama::Template;
use axum::response::Response;

use super::offers;
use super::sheet::SheetPage;
use crate::platform::Result;
use crate::platform::form::Faults;
use crate::platform::page::Chrome;
use crate::platform::render::show as render;
use crate::platform::scope::Scope;
use crate::visits::form::VisitForm;
use crate::visits::model::PlaceKind;

/// The empty form for the service worker: no name, no account, no time; the phone fills in the day.
pub async fn blank(scope: Scope) -> Result<Response> {
    let offers = scope.look(async |db| offers::nobodys(db).await).await?;
    let form = VisitForm {
        kind: PlaceKind::Home.code().to_owned(),
        ..VisitForm::default()
    };
    let mut page = SheetPage::new(&scope, form, offers, Faults::default());
    page.chrome = Chrome::nobody(scope.site().filing);
    page.is_blank = true;
    render(&page)
}

/// 走访记录表: one A4 page to fill in by hand.
#[derive(Template)]
#[template(path = "visits/paper.html")]
struct PaperPage {
    chrome: Chrome,
    committee: String,
}

pub async fn paper(scope: Scope) -> Result<Response> {
    let page = PaperPage {
        committee: scope.ground().short_name.clone(),
        chrome: scope.chrome(),
    };
    render(&page)
}
