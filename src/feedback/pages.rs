//! The list with its short form, one entry with its answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::{FeedbackForm, TAKEN, check_answer};
use super::model::{ADDED, ANSWERED, Feedback, FeedbackId};
use super::store;
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::{FORM, Faults};
use crate::platform::page::Chrome;
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "feedback/list.html")]
struct ListPage {
    chrome: Chrome,
    form: FeedbackForm,
    faults: Faults,
    page: Page<Feedback>,
    /// Whose admin answers; empty when nobody is in office.
    answered_by: String,
    is_admin: bool,
    now: chrono::DateTime<chrono::Utc>,
}

#[derive(Template)]
#[template(path = "feedback/show.html")]
struct ShowPage {
    chrome: Chrome,
    feedback: Feedback,
    asked: String,
    answered: String,
    may_answer: bool,
    answer: String,
    faults: Faults,
}

/// For the 系统管理员: whom to turn to.
#[derive(Template)]
#[template(path = "feedback/operator.html")]
struct OperatorPage {
    chrome: Chrome,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    if scope.role() == Role::System {
        let chrome = scope.chrome();
        return render(&OperatorPage { chrome });
    }
    let mut form = FeedbackForm {
        page: query.text("from"),
        ..FeedbackForm::default()
    };
    form.renew(scope.now());
    let after = Mark::read(query.get("after"), "feedback")?;
    render(&list_page(&scope, form, Faults::default(), after).await?)
}

pub async fn create(scope: Scope, Form(fields): Form) -> Result<Response> {
    let mut form = FeedbackForm::read(&fields);
    let new = match form.check() {
        Ok(new) => new,
        Err(faults) => {
            form.renew(scope.now());
            return refuse(&list_page(&scope, form, faults, None).await?);
        }
    };
    let is_there = scope
        .work(async |db| {
            if !store::add(db, &new).await? {
                let mine = store::get(db, new.id).await.ok();
                let is_same = mine.is_some_and(|it| it.text == new.text);
                return Ok(db.unchanged(is_same));
            }
            let at = db.scope().place();
            db.log(ADDED, Some(new.id.0), at, true).await
        })
        .await?;
    if !is_there {
        return taken(&scope, form, new.id).await;
    }
    Ok(go(&format!("/feedback/{}", new.id)))
}

/// 409: as it was typed, to be sent as another one. The phone keeps it under its new id alone.
async fn taken(scope: &Scope, mut form: FeedbackForm, by: FeedbackId) -> Result<Response> {
    form.id.clear();
    form.renew(scope.now());
    let page = list_page(scope, form, Faults::one(FORM, TAKEN), None).await?;
    let chrome = scope.chrome_after(by.0);
    show_as(StatusCode::CONFLICT, &ListPage { chrome, ..page })
}

pub async fn show(scope: Scope, Path(id): Path<FeedbackId>) -> Result<Response> {
    let feedback = readable(&scope, id).await?;
    render(&show_page(
        &scope,
        feedback,
        String::new(),
        Faults::default(),
    ))
}

pub async fn answer(
    scope: Scope,
    Path(id): Path<FeedbackId>,
    Form(fields): Form,
) -> Result<Response> {
    let feedback = readable(&scope, id).await?;
    if !feedback.may_answer(&scope) {
        return Err(Error::Stale(""));
    }
    let raw = fields.text("answer");
    let text = match check_answer(&raw) {
        Ok(text) => text,
        Err(faults) => return refuse(&show_page(&scope, feedback, raw, faults)),
    };
    scope
        .work(async |db| {
            store::answer(db, &feedback, &text).await?;
            db.log(ANSWERED, Some(id.0), feedback.place(), ()).await
        })
        .await?;
    Ok(go(&format!("/feedback/{id}")))
}

async fn readable(scope: &Scope, id: FeedbackId) -> Result<Feedback> {
    let feedback = scope.look(async |db| store::get(db, id).await).await?;
    if feedback.may_read(scope) {
        Ok(feedback)
    } else {
        Err(Error::NotFound)
    }
}

async fn list_page(
    scope: &Scope,
    form: FeedbackForm,
    faults: Faults,
    after: Option<Mark>,
) -> Result<ListPage> {
    let is_admin = scope.role() == Role::Admin;
    let author = if is_admin { None } else { Some(scope.cadre()?) };
    let (page, answered_by) = scope
        .look(async |db| {
            let page = store::list(db, author, after).await?;
            Ok((page, store::answered_by(db).await?))
        })
        .await?;
    Ok(ListPage {
        chrome: scope.chrome(),
        form,
        faults,
        page,
        answered_by: answered_by.unwrap_or_default(),
        is_admin,
        now: scope.now(),
    })
}

fn show_page(scope: &Scope, feedback: Feedback, answer: String, faults: Faults) -> ShowPage {
    let stamp = |at| clock::stamp(at, scope.now());
    ShowPage {
        asked: stamp(feedback.created_at),
        answered: feedback.answered_at.map(stamp).unwrap_or_default(),
        chrome: scope.chrome_after(feedback.id.0),
        may_answer: feedback.may_answer(scope),
        feedback,
        answer,
        faults,
    }
}
