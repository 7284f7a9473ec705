//! 评价: the page behind a one-time link, for the young person, without account and without script. It
//! shows the matter without the person, and the answer; nothing else of it, and nothing of others.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::TimeDelta;

use crate::issues::Origin;
use crate::issues::form::VerdictForm;
use crate::issues::model::{Issue, Link, NewVerdict, Verdict, Way};
use crate::issues::store::{self, Closed};
use crate::issues::verdict::{self, Outcome};
use crate::kit::clock;
use crate::kit::mask::{self, Veil};
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::pace::{Pace, network_of};
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::request::Request;
use crate::platform::scope::Scope;
use crate::platform::session::{Visitor, hash};
use crate::platform::site::Site;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth;

/// Posts and addresses that were guessed, from one network in a quarter of an hour.
const PACE: u32 = 60;
/// Digits in a row that may be a telephone or a card.
const DIGITS: usize = 7;

#[derive(Debug)]
struct Answers(Mutex<Pace<u128>>);

impl Default for Answers {
    fn default() -> Self {
        Self(Mutex::new(Pace::new(TimeDelta::minutes(15))))
    }
}

#[derive(Template)]
#[template(path = "issues/verdict.html")]
struct VerdictPage {
    chrome: Chrome,
    token: String,
    category: &'static str,
    raised: String,
    committee: String,
    /// None: only few may read it.
    detail: Option<String>,
    closing: Closed,
    choices: Vec<Choice>,
    form: VerdictForm,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "issues/verdict_end.html")]
struct EndPage {
    chrome: Chrome,
    heading: &'static str,
    sentence: &'static str,
}

/// Whoever opens a link.
pub struct Guest {
    pub(super) nobody: Scope,
    /// A cadre is, or was, signed in on this browser.
    pub(super) is_cadre: bool,
}

impl FromRequestParts<Arc<Site>> for Guest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self> {
        let visitor = Visitor::from_request_parts(parts, site).await?;
        let request = parts.extensions.get::<Arc<Request>>().cloned();
        let request = request.ok_or_else(|| Error::bug("a request without a number"))?;
        Ok(Self {
            nobody: Scope::nobody(site.clone(), request),
            is_cadre: !matches!(visitor, Visitor::Nobody),
        })
    }
}

/// A link that can be answered, or the page that says why not.
enum Opened {
    Open(Link),
    End(Response),
}

impl Guest {
    pub(super) fn chrome(&self) -> Chrome {
        let site = self.nobody.site();
        Chrome::plain(site.filing, self.nobody.request().id())
    }

    fn end(
        &self,
        status: StatusCode,
        heading: &'static str,
        sentence: &'static str,
    ) -> Result<Response> {
        let page = EndPage {
            chrome: self.chrome(),
            heading,
            sentence,
        };
        show_as(status, &page)
    }

    fn used(&self) -> Result<Response> {
        let sentence = "一次办结只评一次。这次的评价已经收到，或者这件事又在办了，办好会再请您评。";
        self.end(StatusCode::GONE, "这个链接用过了", sentence)
    }

    fn expired(&self) -> Result<Response> {
        let sentence =
            "评价的时间过了，或者换了新的链接。事情还没办成，请告诉来找过您的团干部，能再记一件。";
        self.end(StatusCode::GONE, "这个链接过期了", sentence)
    }

    fn handler(&self) -> Result<Response> {
        let sentence = "这台手机和网络像是办理人用的。请青年用自己的手机、自己的流量打开再评。";
        self.end(StatusCode::FORBIDDEN, "这里不能评价", sentence)
    }

    /// Counts what could be guessing.
    fn count(&self) -> Result<()> {
        let site = self.nobody.site();
        let answers = site.shelf.get::<Answers>();
        let mut pace = answers.0.lock().unwrap_or_else(PoisonError::into_inner);
        let network = network_of(self.nobody.request().address);
        if pace.count(network, self.nobody.now()) > PACE {
            return Err(Error::TooMany(15 * 60));
        }
        Ok(())
    }

    async fn open(&self, token: &str) -> Result<Opened> {
        let Some(link) = verdict::open(&self.nobody, token).await? else {
            self.count()?;
            let sentence = "请从收到的消息里重新打开，或者请团干部再给一个。";
            let end = self.end(StatusCode::NOT_FOUND, "没有这个链接", sentence)?;
            return Ok(Opened::End(end));
        };
        if self.is_cadre {
            let sentence =
                "评价要青年自己填。请用青年自己的手机打开；这个浏览器登录过团干部的账号。";
            let end = self.end(StatusCode::FORBIDDEN, "这里不能评价", sentence)?;
            return Ok(Opened::End(end));
        }
        if link.used_at.is_some() {
            return Ok(Opened::End(self.used()?));
        }
        if link.expires_at.is_some_and(|at| at <= self.nobody.now()) {
            return Ok(Opened::End(self.expired()?));
        }
        Ok(Opened::Open(link))
    }
}

pub async fn form(
    guest: Guest,
    Path(token): Path<String>,
    Query(query): Query,
) -> Result<Response> {
    if query.get("given") == "on" && is_given(&guest, &token).await? {
        let sentence = "评价收到了。没办成的，会退回去重办；谢谢您说实话。";
        return guest.end(StatusCode::OK, "谢谢", sentence);
    }
    let link = match guest.open(&token).await? {
        Opened::Open(link) => link,
        Opened::End(end) => return Ok(end),
    };
    match page(
        &guest,
        &link,
        &token,
        VerdictForm::default(),
        Faults::default(),
    )
    .await?
    {
        Some(page) => show(&page),
        None => guest.used(),
    }
}

async fn is_given(guest: &Guest, token: &str) -> Result<bool> {
    let link = verdict::open(&guest.nobody, token).await?;
    Ok(link.is_some_and(|link| link.used_at.is_some()))
}

pub async fn give(guest: Guest, Path(token): Path<String>, Form(fields): Form) -> Result<Response> {
    guest.count()?;
    let link = match guest.open(&token).await? {
        Opened::Open(link) => link,
        Opened::End(end) => return Ok(end),
    };
    let form = VerdictForm::read(&fields);
    let (given, words) = match form.check() {
        Ok(checked) => checked,
        Err(faults) => {
            return match page(&guest, &link, &token, form, faults).await? {
                Some(page) => refuse(&page),
                None => guest.used(),
            };
        }
    };
    let request = guest.nobody.request();
    let device = format!("{}|{}", request.device, network_of(request.address));
    let new = NewVerdict {
        verdict: given,
        words,
        way: Way::of_token(&token),
        device_hash: hash(&device),
        from: Origin::of(request, link.issue),
    };
    let scope = verdict::scope_of(&guest.nobody, &link);
    match verdict::give(&scope, &link, &new).await? {
        Outcome::Given => Ok(go(&format!("/v/{token}?given=on"))),
        Outcome::Over => guest.used(),
        Outcome::Late => guest.expired(),
        Outcome::Handler => guest.handler(),
    }
}

/// None: the closing that the link is of does not stand any more.
async fn page(
    guest: &Guest,
    link: &Link,
    token: &str,
    form: VerdictForm,
    faults: Faults,
) -> Result<Option<VerdictPage>> {
    let scope = verdict::scope_of(&guest.nobody, link);
    let (issue, closing, detail) = scope
        .look(async |db| {
            let issue = store::get(db, link.issue).await?;
            let closing = store::closings(db, &issue).await?;
            let closing = closing.into_iter().find(|it| it.n == link.closing);
            let detail = without_person(db, &issue).await?;
            Ok((issue, closing, detail))
        })
        .await?;
    let Some(closing) = closing.filter(|it| it.stands && issue.awaits_verdict()) else {
        return Ok(None);
    };
    let verdicts = Verdict::ALL.iter().map(|it| (it.code(), it.label()));
    Ok(Some(VerdictPage {
        chrome: guest.chrome(),
        token: token.to_owned(),
        category: issue.category.label(),
        raised: clock::long_date(issue.raised_on, scope.today()),
        committee: issue.handler_committee,
        detail,
        closing,
        choices: Choice::one(verdicts, &form.verdict),
        form,
        faults,
    }))
}

/// The text without name and numbers: a link can be passed on. What is sensitive, or of somebody whose
/// name is not known where the matter lies, is not shown.
pub(super) async fn without_person(db: &mut ScopedTx, issue: &Issue) -> Result<Option<String>> {
    if issue.is_sensitive {
        return Ok(None);
    }
    let Some(id) = issue.youth_id else {
        return Ok(Some(without_numbers(&issue.detail)));
    };
    match youth::store::get(db, id).await {
        Ok(youth) => {
            let names = [(youth.name.as_str(), Veil::Usual)];
            let text = mask::mask_in(&issue.detail, &names);
            Ok(Some(without_numbers(&text)))
        }
        Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        let is_long = run.len() >= DIGITS;
        out.push_str(if is_long { "***" } else { &run });
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_are_left_out_and_others_stay() {
        let text = "电话19900001234，3 路车 2026 年停了";
        assert_eq!(without_numbers(text), "电话***，3 路车 2026 年停了");
        assert_eq!(without_numbers("卡号6222000011112222"), "卡号***");
        assert_eq!(without_numbers(""), "");
    }
}
