//! Name and particulars of a cadre, and the number he signs in with.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::parts::PersonChoices;
use crate::accounts;
use crate::cadres::form::{NUMBER_IN_USE, PersonForm};
use crate::cadres::model::{CHANGED, Cadre, Particulars};
use crate::cadres::store;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/edit.html")]
struct EditPage {
    chrome: Chrome,
    cadre: Cadre,
    form: PersonForm,
    who: PersonChoices,
    faults: Faults,
    /// What somebody else has saved meanwhile: both are shown, and sending it again overwrites knowingly.
    now: Option<Particulars>,
}

pub async fn edit(scope: Scope, Path(id): Path<CadreId>) -> Result<Response> {
    let (cadre, known) = scope.look(async |db| editable(db, id).await).await?;
    let form = PersonForm::of(&cadre, &known);
    show(&page(&scope, cadre, form, Faults::default()))
}

pub async fn update(scope: Scope, Path(id): Path<CadreId>, Form(fields): Form) -> Result<Response> {
    let (old, known) = scope.look(async |db| editable(db, id).await).await?;
    let form = PersonForm::read(&fields);
    let mut faults = Faults::default();
    let checked = form.check(scope.today(), &mut faults);
    let (Some((name, new)), true) = (checked, faults.is_empty()) else {
        return refuse(&page(&scope, old, form, faults));
    };
    if (&name, &new) == (&old.name, &known) {
        return Ok(go(&format!("/cadres/{id}")));
    }
    if form.version != old.version.to_string() {
        let page = page(&scope, old, form, Faults::default());
        let page = EditPage {
            now: Some(known),
            ..page
        };
        return show_as(StatusCode::CONFLICT, &page);
    }
    let is_saved = scope
        .work(async |db| {
            if new.phone != known.phone && !moves(db, &old, &new.phone).await? {
                return Ok(db.unchanged(false));
            }
            store::save(db, &old, &name, &new).await?;
            db.log(CHANGED, Some(id.0), old.place(), true).await
        })
        .await?;
    if !is_saved {
        let faults = Faults::one("phone", NUMBER_IN_USE);
        return refuse(&page(&scope, old, form, faults));
    }
    if let Some(account) = old.account_id {
        scope.site().sessions.forget(account);
    }
    Ok(go(&format!("/cadres/{id}")))
}

/// Lets him sign in with another number, where he is ours alone. False when it is somebody's.
async fn moves(db: &mut ScopedTx, of: &Cadre, phone: &str) -> Result<bool> {
    let other = store::by_number(db, of.tenant_id, phone).await?;
    if other.is_some_and(|other| other.id != of.id) {
        return Ok(false);
    }
    let Some(account) = of.account_id else {
        return Ok(true);
    };
    db.open_account(account).await?;
    if store::reaches_beyond(db, account).await? {
        return Err(Error::Forbidden(
            "他在别的单位也有任职，手机号由两边共同的上级管理员来改。",
        ));
    }
    accounts::change_phone(db, account, phone).await
}

async fn editable(db: &mut ScopedTx, id: CadreId) -> Result<(Cadre, Particulars)> {
    let cadre = store::get(db, id).await?.ok_or(Error::NotFound)?;
    cadre.may_change(db.scope())?;
    let known = store::particulars(db, &cadre).await?;
    Ok((cadre, known.ok_or(Error::NotFound)?))
}

fn page(scope: &Scope, cadre: Cadre, form: PersonForm, faults: Faults) -> EditPage {
    EditPage {
        chrome: scope.chrome(),
        who: PersonChoices::of(&form),
        form: PersonForm {
            version: cadre.version.to_string(),
            ..form
        },
        cadre,
        faults,
        now: None,
    }
}
