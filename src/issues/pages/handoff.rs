//! 报省团委: the form by which the city puts a matter before the province.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::parts::{Room, room};
use crate::committees::Committee;
use crate::issues::form::ShareForm;
use crate::issues::handoffs;
use crate::issues::model::{Bar, Issue, IssueId, Move};
use crate::issues::store::Made;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

const PAST: &str = "这件诉求现在不在办理，不能报省团委。";

#[derive(Template)]
#[template(path = "issues/handoff.html")]
struct HandoffPage {
    chrome: Chrome,
    issue: Issue,
    gist: String,
    to: String,
    is_stale: bool,
    may_show: bool,
    form: ShareForm,
    faults: Faults,
}

async fn rooms(scope: &Scope, id: IssueId) -> Result<(Room, Committee)> {
    let (room, to) = scope
        .look(async |db| {
            let room = room(db, id).await?;
            let to = handoffs::province(db, &room.seen.issue).await?;
            Ok((room, to))
        })
        .await?;
    room.allows(Move::HandOut, PAST)?;
    let to = to.ok_or(Error::Stale(Bar::NoProvince.label()))?;
    Ok((room, to))
}

pub async fn form(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let (room, to) = rooms(&scope, id).await?;
    let form = ShareForm::fresh(&room.seen.issue, room.matter.clone(), scope.now());
    show(&page(&scope, (room, &to), form, Faults::default()))
}

pub async fn send(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let form = ShareForm::read(&fields);
    let (room, to) = rooms(&scope, id).await?;
    let new = match form.check_handoff(to.place(), &room.person) {
        Ok(new) => new,
        Err(faults) => return refuse(&page(&scope, (room, &to), form, faults)),
    };
    match handoffs::send(&scope, id, &new).await? {
        Made::Done => Ok(go(&format!("/issues/{id}"))),
        Made::Barred(bar) => {
            let faults = Faults::one(form.field_of(bar), bar.label());
            refuse(&page(&scope, (room, &to), form, faults))
        }
        Made::Meanwhile(issue) => {
            let form = ShareForm {
                version: issue.version.to_string(),
                ..form
            };
            let page = HandoffPage {
                is_stale: true,
                issue: *issue,
                ..page(&scope, (room, &to), form, Faults::default())
            };
            show_as(StatusCode::CONFLICT, &page)
        }
    }
}

fn page(
    scope: &Scope,
    (room, to): (Room, &Committee),
    form: ShareForm,
    faults: Faults,
) -> HandoffPage {
    HandoffPage {
        chrome: scope.chrome(),
        gist: room.gist(),
        to: to.short_name.clone(),
        is_stale: false,
        may_show: room.person.may_show,
        issue: room.seen.issue,
        form,
        faults,
    }
}

impl HandoffPage {
    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}
