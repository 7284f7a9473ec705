//! The form: fresh, on its way (searches and further blocks, for whoever has no script), and sent.

use askama::Template;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::doubles::doubles;
use super::offers::{self, Offers};
use super::sheet::{SheetPage, settle_day};
use crate::kit::clock;
use crate::organisations::{self, OrganisationId};
use crate::platform::extract::{Form, Query};
use crate::platform::fields::Fields;
use crate::platform::form::{FORM, Faults};
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::visits::form::{Checked, NewcomerForm, ProblemForm, TAKEN, VisitForm};
use crate::visits::model::{PlaceKind, Visit, VisitId, tonight};
use crate::visits::record::{NewVisit, Outcome, record};
use crate::visits::{store, youths};

/// `?youth=` a young person who is met, `?after=` the visit before on the same round.
pub async fn new(scope: Scope, Query(query): Query) -> Result<Response> {
    let start = start(&scope, &query)?;
    let after = query.opt("after").map(str::parse::<VisitId>).transpose();
    let after = after.map_err(|_| Error::NotFound)?;
    let (form, offers) = scope
        .look(async |db| {
            let mut form = start.clone();
            if let Some(after) = after {
                follow(db, &mut form, after).await?;
            }
            let offers = offers::fresh(db, &mut form, tonight(db.now())).await?;
            Ok((form, offers))
        })
        .await?;
    if offers.chosen.len() < form.youths.len() {
        return Err(Error::NotFound);
    }
    render(&SheetPage::new(&scope, form, offers, Faults::default()))
}

fn start(scope: &Scope, query: &Fields) -> Result<VisitForm> {
    let youth = query
        .opt("youth")
        .map(str::parse::<crate::youth::YouthId>)
        .transpose();
    let youth = youth.map_err(|_| Error::NotFound)?;
    Ok(VisitForm {
        id: VisitId::new_v7(scope.now()).to_string(),
        youths: youth.map(|id| id.to_string()).into_iter().collect(),
        day: clock::iso_date(tonight(scope.now())),
        at: clock::time(scope.now()),
        ..VisitForm::default()
    })
}

/// 再记一户: the same evening, village and companions, and by that word another visit.
async fn follow(db: &mut ScopedTx, form: &mut VisitForm, after: VisitId) -> Result<()> {
    let before = store::get(db, after).await?;
    if !before.is_author(db.scope()) {
        return Err(Error::NotFound);
    }
    let went = store::went(db, after).await?;
    let others = went.iter().filter(|one| !one.is_lead);
    form.cadres = others.map(|one| one.cadre.to_string()).collect();
    form.companions = before.companions.clone().unwrap_or_default();
    form.kind = PlaceKind::Home.code().into();
    form.confirm = "other".into();
    form.day = clock::iso_date(before.evening);
    if before.evening != tonight(db.now()) {
        form.at = clock::time(before.started_at);
    }
    settle_day(form, db.now());
    if let Some(village) = before.village_id {
        form.village = village_committee(db, village).await?;
    }
    Ok(())
}

pub(super) async fn village_committee(
    db: &mut ScopedTx,
    village: OrganisationId,
) -> Result<String> {
    let found = organisations::store::get(db, village).await?;
    Ok(found
        .map(|one| one.committee_id.to_string())
        .unwrap_or_default())
}

/// The form as it stands, with what a search finds, one block more or one less. htmx asks for the part
/// alone; without script the whole page comes back.
pub async fn retype(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = VisitForm::read(&fields);
    let find = fields.get("find");
    if scope.request().partial {
        return part(&scope, &form, find).await;
    }
    render(&one_more(&scope, form, &fields).await?)
}

/// The form with one block more or one less, as a button without script asks for it.
pub(super) async fn one_more(
    scope: &Scope,
    mut form: VisitForm,
    fields: &Fields,
) -> Result<SheetPage> {
    match fields.get("more") {
        "newcomer" => form.newcomers.push(NewcomerForm::default()),
        "problem" => form.problems.push(ProblemForm::default()),
        _ => {}
    }
    drop_block(&mut form, fields.get("drop"));
    typed(scope, form, Faults::default()).await
}

fn drop_block(form: &mut VisitForm, block: &str) {
    let index = |prefix| {
        let number = block.strip_prefix(prefix)?.parse::<usize>().ok()?;
        number.checked_sub(1)
    };
    if let Some(index) = index("n").filter(|index| *index < form.newcomers.len()) {
        form.newcomers.remove(index);
    }
    if let Some(index) = index("p").filter(|index| *index < form.problems.len()) {
        form.problems.remove(index);
    }
}

async fn part(scope: &Scope, form: &VisitForm, find: &str) -> Result<Response> {
    let kind = PlaceKind::from_code(&form.kind).and_then(PlaceKind::organisation);
    let (offers, names) = scope
        .look(async |db| {
            let mut offers = Offers::default();
            let mut names = Vec::new();
            match (find, kind) {
                ("youths", _) => {
                    (offers.found, offers.below) = offers::found_youths(db, form).await?;
                }
                ("colleagues", _) => {
                    offers.found_colleagues = offers::found_colleagues(db, form).await?;
                }
                ("villages", _) => offers = offers::of_town(db, form).await?,
                ("organisations", Some(kind)) if !form.organisation.trim().is_empty() => {
                    names =
                        organisations::store::suggest(db, kind, form.organisation.trim()).await?;
                }
                _ => {}
            }
            Ok((offers, names))
        })
        .await?;
    youths::noted(scope, &offers.below).await?;
    let mut page = SheetPage::new(scope, form.clone(), offers, Faults::default());
    page.organisations = names.into_iter().map(|one| one.name).collect();
    let html = match find {
        "youths" => page.as_youths().render()?,
        "colleagues" => page.as_colleagues().render()?,
        "villages" => page.as_villages().render()?,
        _ => page.as_organisations().render()?,
    };
    let mut response = Html(html).into_response();
    response
        .headers_mut()
        .insert("vary", HeaderValue::from_static("HX-Request"));
    Ok(response)
}

/// The form as typed, with what its searches find and its faults.
pub(super) async fn typed(scope: &Scope, mut form: VisitForm, faults: Faults) -> Result<SheetPage> {
    settle_day(&mut form, scope.now());
    let offers = scope
        .look(async |db| offers::again(db, &form).await)
        .await?;
    youths::noted(scope, &offers.below).await?;
    let mut page = SheetPage::new(scope, form, offers, faults);
    page.keeps_id = true;
    Ok(page)
}

pub async fn create(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = VisitForm {
        night: String::new(), // follows from the hour; only a correction says otherwise
        ..VisitForm::read(&fields).settled()
    };
    let new = match checked(&scope, &form) {
        Ok(new) => new,
        Err(faults) => return refuse(&typed(&scope, renewed(&scope, form), faults).await?),
    };
    let (doubles, faults) = doubles(&scope, &form, &new).await?;
    if !doubles.is_empty() {
        return refuse(&typed(&scope, form, faults).await?.asking(doubles));
    }
    match scope.work(async |db| record(db, &new).await).await? {
        Outcome::Added | Outcome::Repeated => Ok(go(&format!("/visits/{}/saved", new.id))),
        Outcome::Taken => taken(&scope, form, new.id).await,
        Outcome::Refused(faults) => refuse(&typed(&scope, form, faults).await?),
        Outcome::Twin(twin) => ask(&scope, &fields, &new, twin).await,
    }
}

/// 409: as it was typed, to be sent as another visit. The phone keeps it under its new id alone.
async fn taken(scope: &Scope, mut form: VisitForm, by: VisitId) -> Result<Response> {
    form.id = VisitId::new_v7(scope.now()).to_string();
    let page = typed(scope, form, Faults::one(FORM, TAKEN)).await?;
    let chrome = scope.chrome_after(by.0);
    show_as(StatusCode::CONFLICT, &SheetPage { chrome, ..page })
}

/// With an id that can be sent again, where there was none.
fn renewed(scope: &Scope, mut form: VisitForm) -> VisitForm {
    if form.id.parse::<VisitId>().is_err() {
        form.id = VisitId::new_v7(scope.now()).to_string();
    }
    form
}

/// The rules of the form, for a visit that is written down now.
fn checked(scope: &Scope, form: &VisitForm) -> Result<NewVisit, Faults> {
    let now = scope.now();
    form.check(Checked {
        now,
        written_at: now,
        night_start: scope.site().settings.night_start,
    })
}

/// 是不是同一次: both are shown; nothing is written until it is said.
#[derive(Template)]
#[template(path = "visits/twin.html")]
struct TwinPage {
    chrome: Chrome,
    id: VisitId,
    twin: Visit,
    twin_began: String,
    began: String,
    headcount: i32,
    content: String,
    fields: Vec<(String, String)>,
}

async fn ask(scope: &Scope, fields: &Fields, new: &NewVisit, twin: VisitId) -> Result<Response> {
    let twin = scope.look(async |db| store::get(db, twin).await).await?;
    let stamp = |at| clock::stamp(at, scope.now());
    let page = TwinPage {
        chrome: scope.chrome(),
        id: new.id,
        twin_began: stamp(twin.started_at),
        began: stamp(new.when.started_at),
        headcount: new.people.headcount(),
        content: new.content.clone(),
        fields: VisitForm::pairs(fields),
        twin,
    };
    show_as(StatusCode::CONFLICT, &page)
}
