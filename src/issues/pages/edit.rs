//! Correcting an issue. Who had an older version before him sees both texts and decides.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::issues::form::EditForm;
use crate::issues::model::{Category, Issue, IssueId, Urgency};
use crate::issues::store;
use crate::kit::ids::uuid_v7;
use crate::platform::Result;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go_saved, refuse, show as render, show_as};
use crate::platform::scope::Scope;

#[derive(Template)]
#[template(path = "issues/edit.html")]
struct EditPage {
    chrome: Chrome,
    issue: Issue,
    form: EditForm,
    /// What the form holds was written over an older version.
    is_stale: bool,
    categories: Vec<Choice>,
    urgencies: Vec<Choice>,
    faults: Faults,
}

pub async fn edit(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let issue = correctable(&scope, id).await?;
    let form = EditForm {
        id: uuid_v7(scope.now()).to_string(),
        detail: issue.detail.clone(),
        category: issue.category.code().to_owned(),
        urgency: issue.urgency.code().to_owned(),
        version: issue.version.to_string(),
    };
    render(&edit_page(&scope, issue, form, Faults::default()))
}

pub async fn correct(
    scope: Scope,
    Path(id): Path<IssueId>,
    Form(fields): Form,
) -> Result<Response> {
    let form = EditForm::read(&fields);
    let issue = correctable(&scope, id).await?;
    let (change, version) = match form.check() {
        Ok(checked) => checked,
        Err(faults) => return refuse(&edit_page(&scope, issue, form, faults)),
    };
    let stale = scope
        .work(async |db| {
            let editable = store::open_for_edit(db, id, Issue::may_correct).await?;
            let issue = editable.issue();
            if change.is_in(issue) {
                return Ok(db.unchanged(None));
            }
            if issue.version != version {
                return Ok(db.unchanged(Some(issue.clone())));
            }
            store::save(db, &editable, &change).await
        })
        .await?;
    match stale {
        None => Ok(go_saved(&format!("/issues/{id}"), &form.id)),
        Some(issue) => {
            let form = EditForm {
                version: issue.version.to_string(),
                ..form
            };
            let page = EditPage {
                is_stale: true,
                ..edit_page(&scope, issue, form, Faults::default())
            };
            show_as(StatusCode::CONFLICT, &page)
        }
    }
}

async fn correctable(scope: &Scope, id: IssueId) -> Result<Issue> {
    let issue = scope.look(async |db| store::get(db, id).await).await?;
    issue.may_correct(scope)?;
    Ok(issue)
}

fn edit_page(scope: &Scope, issue: Issue, form: EditForm, faults: Faults) -> EditPage {
    EditPage {
        chrome: scope.chrome(),
        categories: Choice::one(
            Category::ALL.iter().map(|it| (it.code(), it.label())),
            &form.category,
        ),
        urgencies: Choice::one(
            Urgency::ALL.iter().map(|it| (it.code(), it.label())),
            &form.urgency,
        ),
        is_stale: false,
        issue,
        form,
        faults,
    }
}
