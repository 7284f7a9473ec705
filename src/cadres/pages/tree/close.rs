//! Closing a committee: only when nothing stands below it and nobody is in office.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::cadres::store as cadres;
use crate::committees::{CLOSED, CloseForm, Committee, Node, forget, store, within};
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "committees/close.html")]
struct ClosePage {
    chrome: Chrome,
    committee: Committee,
    form: CloseForm,
    faults: Faults,
    /// What has to be done first.
    hindrance: Hindrance,
    successors: Vec<Choice>,
}

/// What still hangs on a committee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hindrance {
    below: usize,
    cadres: i64,
}

impl Hindrance {
    fn is_none(self) -> bool {
        self == Self::default()
    }
}

pub async fn ask(scope: Scope, Path(id): Path<CommitteeId>) -> Result<Response> {
    let committee = within(&scope, id).await?;
    committee.may_change(&scope)?;
    let form = CloseForm {
        ends_on: scope.today().to_string(),
        version: committee.version.to_string(),
        ..CloseForm::default()
    };
    show(&page(&scope, committee, form, Faults::default()).await?)
}

pub async fn close(
    scope: Scope,
    Path(id): Path<CommitteeId>,
    Form(fields): Form,
) -> Result<Response> {
    let old = within(&scope, id).await?;
    let form = CloseForm::read(&fields);
    if old
        .ends_on
        .is_some_and(|day| day.to_string() == form.ends_on)
    {
        return Ok(go(&format!("/committees/{id}")));
    }
    old.may_change(&scope)?;
    let siblings = scope
        .look(async |db| store::siblings(db, &old).await)
        .await?;
    let siblings: Vec<CommitteeId> = siblings.iter().map(|it| it.id).collect();
    let (ends_on, successor) = match form.check(&old, &siblings, scope.today()) {
        Ok(checked) => checked,
        Err(faults) => return refuse(&page(&scope, old, form, faults).await?),
    };
    if form.version != old.version.to_string() {
        return Err(Error::Stale(""));
    }
    let hindrance = scope
        .work(async |db| {
            store::lock(db).await?;
            let hindrance = hindrance(db, id).await?;
            if !hindrance.is_none() {
                return Ok(db.unchanged(hindrance));
            }
            store::close(db, &old, ends_on, successor).await?;
            let line = Line::new(CLOSED, Some(old.object()), old.place());
            let detail = serde_json::json!({ "since": ends_on, "successor": successor });
            db.log_line(line.detail(detail), hindrance).await
        })
        .await?;
    forget(scope.site());
    if hindrance.is_none() {
        return Ok(go(&format!("/committees/{id}")));
    }
    let page = page(&scope, old, form, Faults::default()).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn hindrance(db: &mut ScopedTx, id: CommitteeId) -> Result<Hindrance> {
    let below = store::children(db, id).await?;
    Ok(Hindrance {
        below: below.iter().filter(|it| it.ends_on.is_none()).count(),
        cadres: cadres::count_in_office(db, id).await?,
    })
}

async fn page(
    scope: &Scope,
    committee: Committee,
    form: CloseForm,
    faults: Faults,
) -> Result<ClosePage> {
    let (hindrance, siblings) = scope
        .look(async |db| {
            let hindrance = hindrance(db, committee.id).await?;
            Ok((hindrance, store::siblings(db, &committee).await?))
        })
        .await?;
    let named = siblings.iter().map(|it: &Node| (it.id, &it.short_name));
    Ok(ClosePage {
        chrome: scope.chrome(),
        successors: Choice::one(named, &form.successor),
        committee,
        form,
        faults,
        hindrance,
    })
}
