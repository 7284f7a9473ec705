//! 跟团委说说: the form of one committee, and what is said after sending it.

use askama::Template;
use axum::response::Response;

use crate::committees::{self, Committee};
use crate::intake::form::AskForm;
use crate::intake::visitor::Visitor;
use crate::issues::{self, Category, Kind};
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{refuse, show};
use crate::platform::{Error, Result};

/// From the province to the grassroots.
const HIGHEST: i16 = 2;
/// Down to the town: below it there is seldom anybody to read what comes.
const LOWEST: i16 = 5;

#[derive(Template)]
#[template(path = "intake/ask.html")]
struct AskPage {
    chrome: Chrome,
    committee: Committee,
    kinds: Vec<Choice>,
    categories: Vec<Choice>,
    /// None to choose: it comes to this committee.
    places: Vec<Choice>,
    form: AskForm,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "intake/done.html")]
struct DonePage {
    chrome: Chrome,
    committee: String,
    code: String,
    shown: String,
    has_phone: bool,
}

/// A committee that has a public page, and those directly below it that may be chosen.
struct Door {
    committee: Committee,
    below: Vec<Committee>,
}

async fn door(visitor: &Visitor, id: CommitteeId) -> Result<Door> {
    let (found, below) = visitor
        .nobody
        .look(async |db| {
            let found = committees::store::get(db, id).await?;
            let below = committees::store::children(db, id).await?;
            Ok((found, below))
        })
        .await?;
    let today = visitor.nobody.today();
    let has_page = |it: &Committee| it.level >= HIGHEST && it.is_open(today) && !it.holds_lines();
    let committee = found.filter(has_page).ok_or(Error::NotFound)?;
    let is_offered =
        |it: &Committee| it.tenant_id == committee.tenant_id && it.level <= LOWEST && has_page(it);
    Ok(Door {
        below: below.into_iter().filter(is_offered).collect(),
        committee,
    })
}

pub async fn form(visitor: Visitor, Path(id): Path<CommitteeId>) -> Result<Response> {
    let door = door(&visitor, id).await?;
    let form = AskForm::fresh(visitor.nobody.now())?;
    show(&page(&visitor, door, form, Faults::default()))
}

pub async fn take(
    visitor: Visitor,
    Path(id): Path<CommitteeId>,
    Form(fields): Form,
) -> Result<Response> {
    let door = door(&visitor, id).await?;
    let (form, now) = (AskForm::read(&fields), visitor.nobody.now());
    let (new, at) = match checked(&form, &door, now) {
        Ok(checked) => checked,
        Err(faults) => return refuse(&page(&visitor, door, form.mended(now)?, faults)),
    };
    visitor.asks(id)?;
    let code = issues::public::code_of(&form.key);
    match issues::public::take(&visitor.nobody, at.place(), &new, &code).await {
        Ok(()) => {}
        Err(Error::Stale(_)) => return again(&visitor, door, form),
        Err(fault) => return Err(fault),
    }
    show(&DonePage {
        chrome: visitor.chrome(),
        committee: at.short_name,
        shown: issues::public::shown_code(&code),
        code,
        has_phone: new.phone.is_some(),
    })
}

/// Sent before, and changed since: it is another matter, under an id of its own.
fn again(visitor: &Visitor, door: Door, form: AskForm) -> Result<Response> {
    let fresh = AskForm::fresh(visitor.nobody.now())?;
    let form = AskForm {
        id: fresh.id,
        key: fresh.key,
        ..form
    };
    let faults = Faults::one(
        "detail",
        "这张表交过一次了。要把现在写的另交一件，就再点一次提交",
    );
    refuse(&page(visitor, door, form, faults))
}

fn checked(
    form: &AskForm,
    door: &Door,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(issues::NewPublic, Committee), Faults> {
    let mut faults = Faults::default();
    let chosen = match form.place.as_str() {
        "" => Some(&door.committee),
        id => door.below.iter().find(|it| it.id.to_string() == id),
    };
    let chosen = faults.take("place", chosen.ok_or("选一个地方"));
    if !form.has_key() {
        faults.add("detail", "这一页出了点问题，再点一次提交");
    }
    let new = match form.check(now) {
        Ok(new) => Some(new),
        Err(more) => {
            for fault in more.iter() {
                faults.add(&fault.field, fault.text.clone());
            }
            None
        }
    };
    faults.or(new.zip(chosen.cloned()))
}

fn page(visitor: &Visitor, door: Door, form: AskForm, faults: Faults) -> AskPage {
    let kinds = Kind::ALL.iter().map(|it| (it.code(), it.label()));
    let categories = Category::ALL.iter().map(|it| (it.code(), it.label()));
    let places = door.below.iter().map(|it| (it.id, it.place_name.clone()));
    AskPage {
        chrome: visitor.chrome(),
        kinds: Choice::one(kinds, &form.kind),
        categories: Choice::one(categories, &form.category),
        places: Choice::one(places, &form.place),
        committee: door.committee,
        form,
        faults,
    }
}
