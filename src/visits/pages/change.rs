//! 更正, 作废, 合并.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::create::{typed, village_committee};
use super::doubles::doubles;
use super::offers;
use super::sheet::{Correction, SheetPage};
use crate::kit::clock;
use crate::organisations;
use crate::platform::Result;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::visits::correct::{self, Corrected};
use crate::visits::form::{Checked, VisitForm, check_reason};
use crate::visits::model::{self, PlaceKind, Visit, VisitId, When};
use crate::visits::store::{self, Twin};

pub async fn edit(scope: Scope, Path(id): Path<VisitId>) -> Result<Response> {
    let (visit, form, issues, offers) = scope
        .look(async |db| {
            let visit = store::get(db, id).await?;
            visit.may_correct(db.scope())?;
            let (form, issues) = filled(db, &visit).await?;
            let offers = offers::again(db, &form).await?;
            Ok((visit, form, issues, offers))
        })
        .await?;
    let page = SheetPage::new(&scope, form, offers, Faults::default());
    render(&correction(&scope, page, &visit, issues)?)
}

fn correction(scope: &Scope, page: SheetPage, visit: &Visit, issues: usize) -> Result<SheetPage> {
    let rule = visit.may_correct(scope)?;
    Ok(SheetPage {
        correction: Some(Correction::of(
            visit,
            rule == model::Correction::WithReason,
            issues,
        )),
        keeps_id: true,
        ..page
    })
}

/// The form as the visit stands.
async fn filled(db: &mut ScopedTx, visit: &Visit) -> Result<(VisitForm, usize)> {
    let went = store::went(db, visit.id).await?;
    let (youths, issues) = store::parts(db, visit.id).await?;
    let village = match visit.village_id {
        Some(id) => village_committee(db, id).await?,
        None => String::new(),
    };
    let organisation = match visit
        .organisation_id
        .filter(|id| Some(*id) != visit.village_id)
    {
        Some(id) => organisations::store::names(db, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default(),
        None => String::new(),
    };
    let others = went.iter().filter(|one| !one.is_lead);
    let form = VisitForm {
        youths: youths.iter().map(ToString::to_string).collect(),
        village,
        organisation,
        cadres: others.map(|one| one.cadre.to_string()).collect(),
        ..as_typed(visit, db.scope().site().settings.night_start)
    };
    Ok((form, issues.len()))
}

/// What stands in the row, as it would have been typed: the time as a date.
fn as_typed(visit: &Visit, night_start: u8) -> VisitForm {
    let by_hour = When::of(visit.started_at, night_start);
    let kind = match visit.place_kind {
        PlaceKind::Online => PlaceKind::Other,
        kind => kind,
    };
    let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
    let mode = Some(visit.mode).filter(|mode| *mode != kind.mode());
    let night = Some(visit.is_night).filter(|is_night| *is_night != by_hour.is_night);
    VisitForm {
        id: visit.id.to_string(),
        version: visit.version.to_string(),
        walkins: number(Some(visit.walkins).filter(|n| *n > 0)),
        unmet: visit.unmet_reason.map_or("", model::Unmet::code).into(),
        day: "other".into(),
        date: clock::iso_date(clock::local(visit.started_at).date()),
        at: clock::time(visit.started_at),
        late: visit.late_reason.clone().unwrap_or_default(),
        minutes: number(visit.minutes),
        kind: kind.code().into(),
        place_text: visit.place_text.clone().unwrap_or_default(),
        mode: mode.map_or("", model::Mode::code).into(),
        night: night
            .map_or("", |is_night| if is_night { "yes" } else { "no" })
            .into(),
        companions: visit.companions.clone().unwrap_or_default(),
        mood: visit.mood.map_or("", model::Mood::code).into(),
        content: visit.content.clone(),
        ..VisitForm::default()
    }
}

pub async fn update(scope: Scope, Path(id): Path<VisitId>, Form(fields): Form) -> Result<Response> {
    let mut form = VisitForm::read(&fields).settled();
    form.id = id.to_string();
    let (visit, issues) = scope
        .look(async |db| {
            let visit = store::get(db, id).await?;
            let (_, issues) = store::parts(db, id).await?;
            Ok((visit, issues.len()))
        })
        .await?;
    visit.may_correct(&scope)?;
    if fields.has("find") || fields.has("more") || fields.has("drop") {
        let page = super::create::one_more(&scope, form, &fields).await?;
        return render(&correction(&scope, page, &visit, issues)?);
    }
    let (outcome, reason) = match checked(&scope, &form, &visit) {
        Ok(new) => new,
        Err(faults) => {
            let page = typed(&scope, form, faults).await?;
            return refuse(&correction(&scope, page, &visit, issues)?);
        }
    };
    let (asked, faults) = doubles(&scope, &form, &outcome).await?;
    if !asked.is_empty() {
        let page = typed(&scope, form, faults).await?.asking(asked);
        return refuse(&correction(&scope, page, &visit, issues)?);
    }
    let version = form.version.parse::<i32>().unwrap_or(0);
    let outcome = scope
        .work(async |db| correct::correct(db, id, version, &outcome, reason.as_deref()).await)
        .await?;
    match outcome {
        Corrected::Saved => Ok(go(&format!("/visits/{id}?saved=1"))),
        Corrected::Refused(faults) => {
            let page = typed(&scope, form, faults).await?;
            refuse(&correction(&scope, page, &visit, issues)?)
        }
        Corrected::Meanwhile(now) => meanwhile(&scope, form, &now, issues).await,
    }
}

/// 409: what was typed, and beside it what somebody has saved meanwhile.
async fn meanwhile(
    scope: &Scope,
    mut form: VisitForm,
    now: &Visit,
    issues: usize,
) -> Result<Response> {
    form.version = now.version.to_string();
    let page = typed(scope, form, Faults::default()).await?;
    let mut page = correction(scope, page, now, issues)?;
    if let Some(correction) = &mut page.correction {
        correction.meanwhile = Some(now.content.clone());
    }
    show_as(StatusCode::CONFLICT, &page)
}

type Checkable = (crate::visits::record::NewVisit, Option<String>);

fn checked(scope: &Scope, form: &VisitForm, visit: &Visit) -> Result<Checkable, Faults> {
    // What a correction adds needs ids of its own: a further problem is not the first one of the visit.
    let version = form.version.parse::<usize>().unwrap_or(0);
    let ids = VisitId(visit.id.part("version", version));
    let form = VisitForm {
        id: ids.to_string(),
        ..form.clone()
    };
    let checked = form.check(Checked {
        now: scope.now(),
        written_at: visit.created_at,
        night_start: scope.site().settings.night_start,
    });
    let reason = form.reason.trim();
    let reason = match reason {
        "" => Ok(None),
        some => check_reason(some, "更正原因", "").map(Some),
    };
    match (checked, reason) {
        (Ok(new), Ok(reason)) => Ok((new, reason)),
        (Err(faults), Ok(_)) => Err(faults),
        (Ok(_), Err(text)) => Err(Faults::one("reason", text)),
        (Err(mut faults), Err(text)) => {
            faults.add("reason", text);
            Err(faults)
        }
    }
}

#[derive(Template)]
#[template(path = "visits/void.html")]
struct VoidPage {
    chrome: Chrome,
    visit: Visit,
    began: String,
    reason: String,
    faults: Faults,
}

pub async fn void_form(scope: Scope, Path(id): Path<VisitId>) -> Result<Response> {
    let visit = voidable(&scope, id).await?;
    render(&void_page(&scope, visit, String::new(), Faults::default()))
}

fn void_page(scope: &Scope, visit: Visit, reason: String, faults: Faults) -> VoidPage {
    VoidPage {
        chrome: scope.chrome(),
        began: clock::stamp(visit.started_at, scope.now()),
        visit,
        reason,
        faults,
    }
}

async fn voidable(scope: &Scope, id: VisitId) -> Result<Visit> {
    let visit = scope.look(async |db| store::get(db, id).await).await?;
    visit.may_void(scope)?;
    Ok(visit)
}

pub async fn void(scope: Scope, Path(id): Path<VisitId>, Form(fields): Form) -> Result<Response> {
    let raw = fields.text("reason");
    let reason = match check_reason(&raw, "作废原因", "写下为什么作废") {
        Ok(reason) => reason,
        Err(text) => {
            let visit = voidable(&scope, id).await?;
            let faults = Faults::one("reason", text);
            return refuse(&void_page(&scope, visit, raw, faults));
        }
    };
    scope
        .work(async |db| correct::void(db, id, &reason).await)
        .await?;
    Ok(go(&format!("/visits/{id}")))
}

#[derive(Template)]
#[template(path = "visits/merge.html")]
struct MergePage {
    chrome: Chrome,
    visit: Visit,
    began: String,
    twins: Vec<Twin>,
    chosen: String,
    faults: Faults,
    now: chrono::DateTime<chrono::Utc>,
}

pub async fn merge_form(scope: Scope, Path(id): Path<VisitId>) -> Result<Response> {
    render(&merge_page(&scope, id, String::new(), Faults::default()).await?)
}

async fn merge_page(
    scope: &Scope,
    id: VisitId,
    chosen: String,
    faults: Faults,
) -> Result<MergePage> {
    let (visit, twins) = scope
        .look(async |db| {
            let visit = store::get(db, id).await?;
            visit.may_void(db.scope())?;
            let twins = store::twins_of(db, &visit).await?;
            Ok((visit, twins))
        })
        .await?;
    Ok(MergePage {
        chrome: scope.chrome(),
        began: clock::stamp(visit.started_at, scope.now()),
        visit,
        twins,
        chosen,
        faults,
        now: scope.now(),
    })
}

pub async fn merge(scope: Scope, Path(id): Path<VisitId>, Form(fields): Form) -> Result<Response> {
    let chosen = fields.text("into");
    let into = chosen.parse::<VisitId>().ok().filter(|into| *into != id);
    let Some(into) = into else {
        let faults = Faults::one("into", "选一次走访，把这次并进去");
        return refuse(&merge_page(&scope, id, chosen, faults).await?);
    };
    let reason = "同一次走访记了两遍";
    scope
        .work(async |db| correct::merge(db, id, into, reason).await)
        .await?;
    Ok(go(&format!("/visits/{into}")))
}
