//! 协办 by a one-time link, for the contact person of a department, without account and without script.
//! It shows what was written for the department, and nothing else of the matter.

use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::verdict::Guest;
use crate::issues::form::AnswerForm;
use crate::issues::model::{Part, PartLink, PartState, PartStep};
use crate::issues::parts;
use crate::issues::store::Made;
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::pace::{Pace, network_of};
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "issues/department.html")]
struct DepartmentPage {
    chrome: Chrome,
    token: String,
    part: Part,
    choices: Vec<Choice>,
    form: AnswerForm,
    faults: Faults,
    today: NaiveDate,
}

#[derive(Template)]
#[template(path = "issues/department_end.html")]
struct EndPage {
    chrome: Chrome,
    heading: &'static str,
    sentence: &'static str,
    /// What was typed and is not kept.
    kept: String,
}

/// Posts and addresses that were guessed, from one network in a quarter of an hour.
const PACE: u32 = 60;

#[derive(Debug)]
struct Answers(Mutex<Pace<u128>>);

impl Default for Answers {
    fn default() -> Self {
        Self(Mutex::new(Pace::new(TimeDelta::minutes(15))))
    }
}

fn count(guest: &Guest) -> Result<()> {
    let answers = guest.nobody.site().shelf.get::<Answers>();
    let mut pace = answers.0.lock().unwrap_or_else(PoisonError::into_inner);
    let network = network_of(guest.nobody.request().address);
    if pace.count(network, guest.nobody.now()) > PACE {
        return Err(Error::TooMany(15 * 60));
    }
    Ok(())
}

/// A link that can be answered, or why not.
enum Opened {
    Open(Box<(Scope, Part)>),
    /// Its part, where it was answered over this or another link.
    Used(Box<Part>),
    Expired,
    None,
    Cadre,
}

async fn open(guest: &Guest, token: &str) -> Result<Opened> {
    let Some(link) = parts::open(&guest.nobody, token).await? else {
        count(guest)?;
        return Ok(Opened::None);
    };
    if guest.is_cadre {
        return Ok(Opened::Cadre);
    }
    let (scope, part) = parts::linked(&guest.nobody, &link).await?;
    if !part.state.is_open() || link.used_at.is_some() {
        return Ok(Opened::Used(Box::new(part)));
    }
    if is_over(&link, guest.nobody.now()) {
        return Ok(Opened::Expired);
    }
    Ok(Opened::Open(Box::new((scope, part))))
}

fn is_over(link: &PartLink, now: DateTime<Utc>) -> bool {
    link.expires_at.is_some_and(|at| at <= now)
}

/// Why it cannot be answered; `kept`: what was typed.
fn end(guest: &Guest, opened: &Opened, kept: String) -> Result<Response> {
    let (status, heading, sentence) = match opened {
        Opened::Used(part) if part.state == PartState::Withdrawn => (
            StatusCode::GONE,
            "这件协办撤回了",
            "请协办的团组织撤回了这件事，不用再答复。",
        ),
        Opened::Used(_) | Opened::Open(_) => (
            StatusCode::GONE,
            "这个链接用过了",
            "答复只能提交一次，已经收到。要补充，请和请协办的团组织联系。",
        ),
        Opened::Expired => (
            StatusCode::GONE,
            "这个链接过期了",
            "链接过了有效期，或者换了新的。请和请协办的团组织联系，再要一个。",
        ),
        Opened::None => (
            StatusCode::NOT_FOUND,
            "没有这个链接",
            "请从收到的消息里重新打开，或者请团组织再给一个。",
        ),
        Opened::Cadre => (
            StatusCode::FORBIDDEN,
            "这里不能答复",
            "答复要部门联系人自己填。这个浏览器登录过团干部的账号，请换部门的设备打开。",
        ),
    };
    let page = EndPage {
        chrome: guest.chrome(),
        heading,
        sentence,
        kept,
    };
    show_as(status, &page)
}

pub async fn form(
    guest: Guest,
    Path(token): Path<String>,
    Query(query): Query,
) -> Result<Response> {
    match open(&guest, &token).await? {
        Opened::Open(opened) => {
            let form = AnswerForm::fresh(guest.nobody.now());
            show(&page(&guest, token, opened.1, form, Faults::default()))
        }
        Opened::Used(part) if query.get("given") == "on" && part.said().is_some() => {
            let page = EndPage {
                chrome: guest.chrome(),
                heading: "收到了，谢谢",
                sentence: "答复已经送到请协办的团组织。",
                kept: String::new(),
            };
            show(&page)
        }
        other => end(&guest, &other, String::new()),
    }
}

pub async fn answer(
    guest: Guest,
    Path(token): Path<String>,
    Form(fields): Form,
) -> Result<Response> {
    count(&guest)?;
    let form = AnswerForm::read(&fields);
    let opened = match open(&guest, &token).await? {
        Opened::Open(opened) => opened,
        // The same post came before.
        Opened::Used(part) if is_said(&part, &form) => return Ok(given(&token)),
        other => return end(&guest, &other, form.words),
    };
    let (scope, part) = *opened;
    let new = match form.check() {
        Ok(new) => new,
        Err(faults) => return refuse(&page(&guest, token, part, form, faults)),
    };
    match parts::as_partner(&scope, &part, &new).await {
        Ok(Made::Done) => Ok(given(&token)),
        Ok(Made::Barred(_) | Made::Meanwhile(_)) | Err(Error::Stale(_)) => {
            let part = parts::find(&scope, part.id).await?;
            end(&guest, &Opened::Used(Box::new(part)), form.words)
        }
        Err(fault) => Err(fault),
    }
}

fn given(token: &str) -> Response {
    go(&format!("/d/{token}?given=on"))
}

fn is_said(part: &Part, form: &AnswerForm) -> bool {
    form.check()
        .is_ok_and(|new| part.state == new.step.leads_to() && part.said() == new.words.as_deref())
}

fn page(
    guest: &Guest,
    token: String,
    part: Part,
    form: AnswerForm,
    faults: Faults,
) -> DepartmentPage {
    let choices = [
        (PartStep::Answered.code(), "答复"),
        (PartStep::Returned.code(), "退回"),
    ];
    DepartmentPage {
        chrome: guest.chrome(),
        token,
        part,
        choices: Choice::one(choices, &form.step),
        form,
        faults,
        today: guest.nobody.today(),
    }
}

impl DepartmentPage {
    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}
