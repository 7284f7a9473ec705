//! Taking somebody into office: a new cadre, or a further appointment of one who is known.

use askama::Template;
use axum::response::Response;

use super::code;
use super::parts::{OfficeChoices, PersonChoices, taken};
use crate::cadres::engage::{Engaged, appoint_known, engage, with_end};
use crate::cadres::form::{COMMITTEE_ELSEWHERE, HOLDS, OfficeForm, PersonForm, new_cadre};
use crate::cadres::model::{Access, Cadre, Nature};
use crate::cadres::store;
use crate::committees::{Committee, within};
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::ids::{AppointmentId, CadreId};
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::{Place, Scope};
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/new.html")]
struct NewPage {
    chrome: Chrome,
    person: PersonForm,
    office: OfficeForm,
    who: PersonChoices,
    what: OfficeChoices,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "cadres/appoint.html")]
struct AppointPage {
    chrome: Chrome,
    cadre: Cadre,
    office: OfficeForm,
    what: OfficeChoices,
    faults: Faults,
}

pub async fn new(scope: Scope, Query(query): Query) -> Result<Response> {
    let office = fresh(&scope, query.get("committee"));
    at(&scope, &office).await?;
    let person = PersonForm::default();
    show(&new_page(&scope, person, office, Faults::default()).await?)
}

pub async fn create(scope: Scope, Form(fields): Form) -> Result<Response> {
    let (typed, office) = (PersonForm::read(&fields), OfficeForm::read(&fields));
    let mut faults = Faults::default();
    let place = chosen(&scope, &office, &mut faults).await?;
    let person = typed.check(scope.today(), &mut faults);
    let checked = office.check(scope.today(), &mut faults);
    let (Some(place), Some(person), Some((checked, ends_on)), true) =
        (place, person, checked, faults.is_empty())
    else {
        return refuse(&new_page(&scope, typed, office, faults).await?);
    };
    let person = new_cadre(CadreId::new_v7(scope.now()), person);
    let outcome = scope
        .work(async |db| {
            let outcome = engage(db, place, &person, &checked).await?;
            with_end(db, place, checked.id, ends_on).await?;
            Ok(outcome)
        })
        .await?;
    match outcome {
        Engaged::Taken(_) | Engaged::Unfit | Engaged::Holds => {
            let faults = taken(&scope, &outcome).await?;
            refuse(&new_page(&scope, typed, office, faults).await?)
        }
        Engaged::New { cadre, code } | Engaged::Again { cadre, code } => {
            let back = format!("/cadres/{cadre}");
            code::after(&scope, cadre, &person, code, &back).await
        }
        Engaged::Before(cadre) => {
            let back = format!("/cadres/{cadre}");
            code::after(&scope, cadre, &person, None, &back).await
        }
    }
}

pub async fn new_office(
    scope: Scope,
    Path(id): Path<CadreId>,
    Query(query): Query,
) -> Result<Response> {
    let cadre = known(&scope, id).await?;
    let office = fresh(&scope, query.get("committee"));
    at(&scope, &office).await?;
    show(&appoint_page(&scope, cadre, office, Faults::default()).await?)
}

pub async fn create_office(
    scope: Scope,
    Path(id): Path<CadreId>,
    Form(fields): Form,
) -> Result<Response> {
    let cadre = known(&scope, id).await?;
    let office = OfficeForm::read(&fields);
    let mut faults = Faults::default();
    let place = chosen(&scope, &office, &mut faults).await?;
    if place.is_none() && !scope.ground().contains(cadre.scope) {
        return Err(Error::NotFound); // somebody of others at a committee of others: not ours to mend
    }
    let checked = office.check(scope.today(), &mut faults);
    let (Some(place), Some((checked, ends_on)), true) = (place, checked, faults.is_empty()) else {
        return refuse(&appoint_page(&scope, cadre, office, faults).await?);
    };
    let outcome = scope
        .work(async |db| {
            let outcome = appoint_known(db, place, &cadre, &checked).await?;
            with_end(db, place, checked.id, ends_on).await?;
            Ok(outcome)
        })
        .await?;
    if let Engaged::Holds = outcome {
        let faults = Faults::one("post", HOLDS);
        return refuse(&appoint_page(&scope, cadre, office, faults).await?);
    }
    Ok(go(&format!("/cadres/{id}")))
}

/// The committee of the form, which must lie in the scope and be open.
async fn at(scope: &Scope, office: &OfficeForm) -> Result<Committee> {
    let id = office.committee.parse().map_err(|_| Error::NotFound)?;
    let committee = within(scope, id).await?;
    committee.may_grow()?;
    Ok(committee)
}

/// The same, where it was chosen in a form: what cannot be is a fault beside it.
async fn chosen(scope: &Scope, office: &OfficeForm, faults: &mut Faults) -> Result<Option<Place>> {
    match at(scope, office).await {
        Ok(committee) => Ok(Some(committee.place())),
        Err(Error::NotFound | Error::Stale(_)) => {
            faults.add("committee", COMMITTEE_ELSEWHERE);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// A cadre of the tenant, who may be of another committee: he is then appointed here as well.
async fn known(scope: &Scope, id: CadreId) -> Result<Cadre> {
    let found = scope.look(async |db| store::get(db, id).await).await?;
    found.ok_or(Error::NotFound)
}

fn fresh(scope: &Scope, committee: &str) -> OfficeForm {
    let committee = match committee {
        "" => scope.committee().to_string(),
        text => text.to_owned(),
    };
    OfficeForm {
        id: AppointmentId::new_v7(scope.now()).to_string(),
        committee,
        nature: Nature::Full.code().into(),
        role: Access::Cadre.code().into(),
        starts_on: scope.today().to_string(),
        ..OfficeForm::default()
    }
}

async fn new_page(
    scope: &Scope,
    person: PersonForm,
    office: OfficeForm,
    faults: Faults,
) -> Result<NewPage> {
    Ok(NewPage {
        chrome: scope.chrome(),
        who: PersonChoices::of(&person),
        what: OfficeChoices::read(scope, &office).await?,
        person,
        office,
        faults,
    })
}

async fn appoint_page(
    scope: &Scope,
    cadre: Cadre,
    office: OfficeForm,
    faults: Faults,
) -> Result<AppointPage> {
    Ok(AppointPage {
        chrome: scope.chrome(),
        what: OfficeChoices::read(scope, &office).await?,
        cadre,
        office,
        faults,
    })
}
