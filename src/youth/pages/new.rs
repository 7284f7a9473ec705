//! 登记青年: the form, doubtful doubles beside what was typed, saving.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use super::address;
use super::offers::{Offers, offers, placed};
use crate::cadres::{Education, Politics, Sex};
use crate::kit::clock;
use crate::platform::extract::Form;
use crate::platform::form::{FORM, Faults};
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::form::{Draft, TAKEN, YouthForm};
use crate::youth::model::{Care, Consent, Group, YouthId};
use crate::youth::record::{Likeness, Twin};
use crate::youth::store;

#[derive(Template)]
#[template(path = "youth/form.html", blocks = ["villages"])]
pub struct FormPage {
    chrome: Chrome,
    form: YouthForm,
    faults: Faults,
    offers: Offers,
    twins: Vec<Twin>,
    /// What is changed, where it is not new.
    old: Option<Old>,
    picks: Picks,
    today: NaiveDate,
}

/// The record that the form changes.
pub struct Old {
    pub id: YouthId,
    /// As this reader may see it.
    pub name: String,
    /// What differs from what somebody else saved meanwhile: field, theirs, typed.
    pub meanwhile: Vec<(&'static str, String, String)>,
}

/// Choices of one value.
struct Picks {
    sexes: Vec<Choice>,
    groups: Vec<Choice>,
    politics: Vec<Choice>,
    education: Vec<Choice>,
    cares: Vec<Choice>,
    consents: Vec<Choice>,
}

impl Picks {
    fn of(form: &YouthForm) -> Self {
        let consent = match form.consent.as_str() {
            "" => Consent::Missing.code(),
            other => other,
        };
        let care = match form.care.as_str() {
            "" => Care::Usual.code(),
            other => other,
        };
        Self {
            sexes: Choice::one(Sex::ALL.iter().map(|it| (it.code(), it)), &form.sex),
            groups: Choice::many(Group::ALL.iter().map(|it| (it.code(), it)), &form.groups),
            politics: Choice::one(
                Politics::ALL.iter().map(|it| (it.code(), it)),
                &form.politics,
            ),
            education: Choice::one(
                Education::ALL.iter().map(|it| (it.code(), it)),
                &form.education,
            ),
            cares: Choice::one(Care::ALL.iter().map(|it| (it.code(), it)), care),
            consents: Choice::one(Consent::ALL.iter().map(|it| (it.code(), it)), consent),
        }
    }
}

impl FormPage {
    pub fn new(scope: &Scope, form: YouthForm, offers: Offers, faults: Faults) -> Self {
        Self {
            chrome: scope.chrome(),
            picks: Picks::of(&form),
            form,
            faults,
            offers,
            twins: Vec::new(),
            old: None,
            today: scope.today(),
        }
    }

    /// The same, for a record that is there.
    #[must_use]
    pub fn changing(self, old: Old) -> Self {
        Self {
            old: Some(old),
            ..self
        }
    }

    fn err(&self, field: &str) -> &str {
        self.faults.of(field).unwrap_or("")
    }

    fn has(&self, fields: &str) -> bool {
        fields.split(' ').any(|field| !self.err(field).is_empty())
    }

    fn title(&self) -> &'static str {
        match self.old {
            Some(_) => "改青年的档案",
            None => "登记青年",
        }
    }

    fn action(&self) -> String {
        match &self.old {
            Some(old) => address(old.id),
            None => "/youth".into(),
        }
    }

    /// Where a draft is opened again.
    fn home(&self) -> String {
        match &self.old {
            Some(old) => format!("{}/edit", address(old.id)),
            None => "/youth/new".into(),
        }
    }

    /// The form comes back: the phone goes on under the id that it has.
    fn keeps_id(&self) -> bool {
        let is_asked = self
            .old
            .as_ref()
            .is_some_and(|old| !old.meanwhile.is_empty());
        is_asked || !self.twins.is_empty()
    }

    /// More than name and number is filled in already.
    fn is_long(&self) -> bool {
        let form = &self.form;
        let texts = [
            &form.politics,
            &form.education,
            &form.work_unit,
            &form.occupation,
            &form.skill,
            &form.talent,
            &form.note,
        ];
        texts.iter().any(|text| !text.is_empty())
            || self.has("politics education work_unit occupation skill note")
    }

    fn met(&self, twin: &Twin) -> String {
        twin.last_met_on
            .map_or_else(String::new, |day| clock::short_date(day, self.today))
    }
}

pub async fn new(scope: Scope) -> Result<Response> {
    let form = YouthForm {
        id: YouthId::new_v7(scope.now()).to_string(),
        ..YouthForm::default()
    };
    let offers = scope.look(async |db| offers(db, &form).await).await?;
    render(&FormPage::new(&scope, form, offers, Faults::default()))
}

pub async fn create(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = YouthForm::read(&fields);
    if fields.get("find") == "villages" {
        return villages(&scope, form, None).await;
    }
    let checked = form.check(scope.today(), None);
    let (checked, offers) = scope
        .look(async |db| {
            let checked = placed(db, checked.clone()).await?;
            Ok((checked, offers(db, &form).await?))
        })
        .await?;
    let draft = match checked {
        Ok(draft) => draft,
        Err(faults) => {
            return refuse(&FormPage::new(
                &scope,
                renewed(&scope, form),
                offers,
                faults,
            ));
        }
    };
    let mut likeness = Likeness::from(&draft.youth);
    likeness.village = offers.organisation(draft.village);
    let likeness = [likeness];
    let twins = scope
        .look(async |db| store::twins(db, &likeness).await)
        .await?;
    if let Some(twin) = twins.iter().find(|it| it.id.to_string() == form.twin) {
        return Ok(go(&address(twin.id)));
    }
    if !twins.is_empty() && form.twin != "new" {
        let faults = Faults::one("twin", "可能已经登记过了，看一看再决定");
        let page = FormPage::new(&scope, form, offers, faults);
        return refuse(&FormPage { twins, ..page });
    }
    match add(&scope, &draft).await {
        Ok(()) => Ok(go(&address(draft.youth.id))),
        Err(Error::Stale(_)) => taken(&scope, form, offers, draft.youth.id),
        Err(other) => Err(other),
    }
}

/// 409: as it was typed, to be sent as another one. The phone keeps it under its new id alone.
fn taken(scope: &Scope, mut form: YouthForm, offers: Offers, by: YouthId) -> Result<Response> {
    form.id = YouthId::new_v7(scope.now()).to_string();
    let page = FormPage::new(scope, form, offers, Faults::one(FORM, TAKEN));
    let chrome = scope.chrome_after(by.0);
    show_as(StatusCode::CONFLICT, &FormPage { chrome, ..page })
}

/// With an id that can be sent again, where there was none.
fn renewed(scope: &Scope, mut form: YouthForm) -> YouthForm {
    if form.id.parse::<YouthId>().is_err() {
        form.id = YouthId::new_v7(scope.now()).to_string();
    }
    form
}

async fn add(scope: &Scope, draft: &Draft) -> Result<()> {
    scope
        .work(async |db| {
            let at = db.scope().place();
            let mut youth = draft.youth.clone();
            youth.village = organisation(db, draft).await?;
            store::add(db, at, &youth).await?;
            // Its line of the day book is written with it.
            Ok(db.unchanged(()))
        })
        .await
}

/// The village's organisation, made where nobody has been yet.
pub(super) async fn organisation(
    db: &mut ScopedTx,
    draft: &Draft,
) -> Result<Option<crate::organisations::OrganisationId>> {
    match draft.village {
        Some(village) => {
            let id = crate::organisations::store::ensure_village(db, village).await?;
            Ok(Some(id))
        }
        None => Ok(None),
    }
}

/// The villages of a town that was chosen: for htmx their field, else the page with them.
pub(super) async fn villages(scope: &Scope, form: YouthForm, old: Option<Old>) -> Result<Response> {
    let offers = scope.look(async |db| offers(db, &form).await).await?;
    let page = FormPage::new(scope, form, offers, Faults::default());
    let page = FormPage { old, ..page };
    if scope.request().partial {
        render(&page.as_villages())
    } else {
        render(&page)
    }
}
