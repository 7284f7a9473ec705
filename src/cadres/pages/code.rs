//! A one-time code is shown once, on the page that follows the form, to be handed over.

use askama::Template;
use axum::response::Response;

use crate::accounts;
use crate::cadres::model::{CODE_GIVEN, NewCadre};
use crate::cadres::store;
use crate::platform::extract::Path;
use crate::platform::ids::CadreId;
use crate::platform::page::Chrome;
use crate::platform::render::show;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/code.html")]
pub struct CodePage {
    chrome: Chrome,
    name: String,
    phone: String,
    /// None for whoever has an account already, or when the form was sent twice.
    code: Option<String>,
    /// An invitation is good for twenty days, a code after a reset for one.
    is_invitation: bool,
    back: String,
}

impl CodePage {
    pub fn of(scope: &Scope, person: &NewCadre, code: Option<String>, back: &str) -> Self {
        Self {
            chrome: scope.chrome(),
            name: person.name.clone(),
            phone: person.phone.clone(),
            code,
            is_invitation: true,
            back: back.to_owned(),
        }
    }
}

/// Takes the password away and gives a code: when it was forgotten, or the phone was lost.
pub async fn give(scope: Scope, Path(id): Path<CadreId>) -> Result<Response> {
    let (cadre, known) = scope
        .look(async |db| {
            let cadre = store::get(db, id).await?.ok_or(Error::NotFound)?;
            cadre.may_change(db.scope())?;
            let known = store::particulars(db, &cadre).await?;
            Ok((cadre, known.ok_or(Error::NotFound)?))
        })
        .await?;
    let account = cadre.account_id.ok_or(Error::NotFound)?;
    let code = scope
        .work(async |db| {
            let code = accounts::reset(db, account).await?;
            db.log(CODE_GIVEN, Some(id.0), cadre.place(), code).await
        })
        .await?;
    scope.site().sessions.forget(account);
    show(&CodePage {
        chrome: scope.chrome(),
        name: cadre.name,
        phone: known.phone,
        code: Some(code),
        is_invitation: false,
        back: format!("/cadres/{id}"),
    })
}
