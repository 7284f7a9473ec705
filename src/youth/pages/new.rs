//! 登记青年: the form, doubtful doubles beside what was typed, saving.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::address;
use super::offers::{Offers, offers};
use crate::cadres::{Education, Politics, Sex};
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::extract::Form;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::youth::form::{Draft, YouthForm};
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
    let draft = match form.check(scope.today(), None) {
        Ok(draft) => draft,
        Err(faults) => {
            let offers = scope.look(async |db| offers(db, &form).await).await?;
            return refuse(&FormPage::new(&scope, form, offers, faults));
        }
    };
    let (offers, twins) = scope
        .look(async |db| {
            let offers = offers(db, &form).await?;
            let mut likeness = Likeness::from(&draft.youth);
            likeness.village = offers.organisation(draft.village);
            Ok((offers, store::twins(db, &[likeness]).await?))
        })
        .await?;
    if let Some(twin) = twins.iter().find(|it| it.id.to_string() == form.twin) {
        return Ok(go(&address(twin.id)));
    }
    if !twins.is_empty() && form.twin != "new" {
        let faults = Faults::one("twin", "可能已经登记过了，看一看再决定");
        let page = FormPage::new(&scope, form, offers, faults);
        return refuse(&FormPage { twins, ..page });
    }
    add(&scope, &draft).await?;
    Ok(go(&address(draft.youth.id)))
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
