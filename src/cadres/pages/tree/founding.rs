//! The 系统管理员 appoints the first 管理员 of a tree that he has planted. Afterwards the committee appoints
//! by itself; he sees no record and no list of cadres.

use askama::Template;
use axum::response::Response;

use crate::cadres::engage::{Engaged, engage};
use crate::cadres::form::{OfficeForm, PersonForm, new_cadre};
use crate::cadres::model::{Access, Nature};
use crate::cadres::pages::code;
use crate::cadres::pages::parts::{self, taken};
use crate::cadres::store as cadres;
use crate::committees::{Committee, store};
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::{AppointmentId, CadreId, CommitteeId};
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{refuse, show};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "committees/founding.html")]
struct FoundingPage {
    chrome: Chrome,
    committee: Committee,
    person: PersonForm,
    office: OfficeForm,
    posts: Vec<Choice>,
    natures: Vec<Choice>,
    faults: Faults,
    /// Somebody is there already: the rest is theirs.
    has_admin: bool,
}

pub async fn new(scope: Scope, Path(id): Path<CommitteeId>) -> Result<Response> {
    let (committee, founding) = planted(&scope, id).await?;
    let office = OfficeForm {
        id: AppointmentId::new_v7(scope.now()).to_string(),
        post: "干事".into(),
        nature: Nature::Full.code().into(),
        starts_on: scope.today().to_string(),
        ..OfficeForm::default()
    };
    let person = PersonForm::default();
    let page = page(&founding, committee, person, office, Faults::default());
    show(&page.await?)
}

pub async fn create(
    scope: Scope,
    Path(id): Path<CommitteeId>,
    Form(fields): Form,
) -> Result<Response> {
    let (committee, founding) = planted(&scope, id).await?;
    let typed = PersonForm::read(&fields);
    let office = OfficeForm {
        role: Access::Admin.code().into(),
        ..OfficeForm::read(&fields)
    };
    let mut faults = Faults::default();
    let person = typed.check(scope.today(), &mut faults);
    let checked = office.check(scope.today(), &mut faults);
    let (Some(person), Some((checked, _)), true) = (person, checked, faults.is_empty()) else {
        return refuse(&page(&founding, committee, typed, office, faults).await?);
    };
    let person = new_cadre(CadreId::new_v7(scope.now()), person);
    let at = committee.place();
    let outcome = founding
        .work(async |db| {
            let is_repeated = cadres::appointment(db, at.tenant, checked.id).await?;
            if is_repeated.is_none() && has_admin(db, id).await? {
                return Err(Error::Stale("这里已经有管理员，以后的团干部由他添。"));
            }
            engage(db, at, &person, &checked).await
        })
        .await?;
    match outcome {
        Engaged::Taken(_) | Engaged::Unfit | Engaged::Holds => {
            let faults = taken(&founding, &outcome).await?;
            refuse(&page(&founding, committee, typed, office, faults).await?)
        }
        Engaged::New { cadre, code } | Engaged::Again { cadre, code } => {
            code::after(&founding, cadre, &person, code, "/committees").await
        }
        Engaged::Before(cadre) => code::after(&founding, cadre, &person, None, "/committees").await,
    }
}

/// A committee that heads a tree, and the scope of it alone.
async fn planted(scope: &Scope, id: CommitteeId) -> Result<(Committee, Scope)> {
    let found = scope.look(async |db| store::get(db, id).await).await?;
    let committee = found.filter(Committee::is_tenant).ok_or(Error::NotFound)?;
    let founding = scope.founding(committee.ground())?;
    Ok((committee, founding))
}

async fn has_admin(
    db: &mut crate::platform::transaction::ScopedTx,
    id: CommitteeId,
) -> Result<bool> {
    let there = cadres::in_office(db, id).await?;
    Ok(there.iter().any(|it| it.role == Access::Admin))
}

async fn page(
    founding: &Scope,
    committee: Committee,
    person: PersonForm,
    office: OfficeForm,
    faults: Faults,
) -> Result<FoundingPage> {
    let id = committee.id;
    let has_admin = founding.look(async |db| has_admin(db, id).await).await?;
    Ok(FoundingPage {
        chrome: founding.chrome(),
        posts: parts::posts(&office.post),
        natures: parts::natures(&office.nature),
        committee,
        person,
        office,
        faults,
        has_admin,
    })
}
