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
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/code.html")]
struct CodePage {
    chrome: Chrome,
    name: String,
    phone: String,
    /// None for whoever has an account already, or when the form was sent twice.
    code: Option<String>,
    /// Without a code: the lowest committee whose admin could give one.
    kept_by: String,
    /// An invitation is good for twenty days, a code after a reset for one.
    is_invitation: bool,
    back: String,
}

/// After somebody was appointed. Who has an account already may have posts elsewhere: then his new admin could
/// not reset him, and it is said whose admin could.
pub async fn after(
    scope: &Scope,
    cadre: CadreId,
    person: &NewCadre,
    code: Option<String>,
    back: &str,
) -> Result<Response> {
    let kept_by = if code.is_some() {
        None
    } else {
        scope.look(async |db| kept_by(db, cadre).await).await?
    };
    show(&CodePage {
        chrome: scope.chrome(),
        name: person.name.clone(),
        phone: person.phone.clone(),
        code,
        kept_by: kept_by.unwrap_or_default(),
        is_invitation: true,
        back: back.to_owned(),
    })
}

async fn kept_by(db: &mut ScopedTx, cadre: CadreId) -> Result<Option<String>> {
    let cadre = store::get(db, cadre).await?;
    match cadre.and_then(|it| it.account_id) {
        Some(account) => accounts::kept_by(db, account).await,
        None => Ok(None),
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
        kept_by: String::new(),
        is_invitation: false,
        back: format!("/cadres/{id}"),
    })
}
