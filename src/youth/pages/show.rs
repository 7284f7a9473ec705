//! One young person: what this reader may see, why he looks, calling.

use askama::Template;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::{address, ask_password, is_sensitive};
use crate::kit::{clock, mask, phone};
use crate::organisations;
use crate::platform::daybook::{self, Line};
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::form::{PURPOSES, PurposeForm, month};
use crate::youth::history::{Event, What, history, unseen};
use crate::youth::model::{CALLED, Care, Consent, REVEALED, Shown, Source, YouthId, age_on};
use crate::youth::record::{Sight, Youth};
use crate::youth::store::{self, Friend};

/// Lines of the day book on the page.
const EVENTS: i64 = 100;
/// From so many days without a meeting the page reminds.
const LONG: i64 = 30;

#[derive(Template)]
#[template(path = "youth/show.html")]
struct ShowPage {
    chrome: Chrome,
    id: YouthId,
    shown: Shown,
    sight: Sight,
    youth: Youth,
    /// Until when, where a purpose was given.
    until: String,
    is_minor: bool,
    /// Under 18 today: how old, where the birth is known.
    age: Option<i32>,
    facts: Vec<(&'static str, String)>,
    note: String,
    unseen: String,
    is_long: bool,
    friends: Vec<Friend>,
    events: Vec<Event>,
    looks: Vec<Event>,
    may_edit: bool,
    ask: Ask,
    today: chrono::NaiveDate,
}

/// The form that asks for a purpose.
struct Ask {
    id: YouthId,
    name: String,
    purposes: Vec<Choice>,
    form: PurposeForm,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "youth/reveal.html")]
struct RevealPage {
    chrome: Chrome,
    ask: Ask,
}

/// For who has no script: the number as a link.
#[derive(Template)]
#[template(path = "youth/call.html")]
struct CallPage {
    chrome: Chrome,
    id: YouthId,
    name: String,
    number: String,
}

struct Seen {
    youth: Youth,
    sight: Sight,
    /// When this reader gave his purpose, if that still holds.
    revealed: Option<DateTime<Utc>>,
    village: String,
    friends: Vec<Friend>,
    entries: Vec<daybook::Entry>,
}

/// `?saved=` follows a change: the phone lets go the draft of that id.
pub async fn show(scope: Scope, Path(id): Path<YouthId>, Query(query): Query) -> Result<Response> {
    let seen = scope.look(async |db| see(db, id).await).await?;
    if seen.sight.is_open()
        && is_sensitive(&seen.youth, &scope)
        && let Some(password) = ask_password(&scope, &address(id))
    {
        return Ok(password);
    }
    let page = show_page(&scope, seen);
    match query.get("saved").parse::<uuid::Uuid>() {
        Ok(draft) => {
            let chrome = scope.chrome_after(draft);
            render(&ShowPage { chrome, ..page })
        }
        Err(_) => render(&page),
    }
}

/// The dialog's form as a page, and before a change.
pub async fn ask(scope: Scope, Path(id): Path<YouthId>, Query(query): Query) -> Result<Response> {
    let form = PurposeForm::read(&query);
    let seen = scope.look(async |db| see(db, id).await).await?;
    seen.sight.may_ask()?;
    if seen.sight == Sight::Whole {
        return Ok(go(&after(id, &form)));
    }
    if let Some(password) = ask_password(&scope, &format!("{}/reveal", address(id))) {
        return Ok(password);
    }
    render(&RevealPage {
        chrome: scope.chrome(),
        ask: asking(&scope, &seen, form, Faults::default()),
    })
}

/// Says why: one line of the day book, ten minutes.
pub async fn reveal(scope: Scope, Path(id): Path<YouthId>, Form(fields): Form) -> Result<Response> {
    let form = PurposeForm::read(&fields);
    let seen = scope.look(async |db| see(db, id).await).await?;
    seen.sight.may_ask()?;
    if seen.sight == Sight::Whole {
        return Ok(go(&after(id, &form)));
    }
    if let Some(password) = ask_password(&scope, &format!("{}/reveal", address(id))) {
        return Ok(password);
    }
    let words = match form.check() {
        Ok(words) => words,
        Err(faults) => {
            return refuse(&RevealPage {
                chrome: scope.chrome(),
                ask: asking(&scope, &seen, form, faults),
            });
        }
    };
    let at = seen.youth.place();
    scope
        .work(async |db| {
            let line = Line::new(REVEALED, Some(id.0), at).purpose(&words);
            db.log_line(line, ()).await
        })
        .await?;
    Ok(go(&after(id, &form)))
}

/// Only these: an address that comes with a form leads anywhere.
fn after(id: YouthId, form: &PurposeForm) -> String {
    match form.then.as_str() {
        "edit" => format!("{}/edit", address(id)),
        _ => address(id),
    }
}

/// Writes down that somebody is called and dials. The content policy lets a form lead nowhere but to
/// ourselves, so the script is told where to go; without it there is a link.
pub async fn call(scope: Scope, Path(id): Path<YouthId>) -> Result<Response> {
    let seen = scope.look(async |db| see(db, id).await).await?;
    match seen.sight {
        Sight::Whole => {}
        Sight::Closed => return Err(seen.sight.may_ask().err().unwrap_or(Error::NotFound)),
        Sight::Masked | Sight::Purpose => return Ok(go(&format!("{}/reveal", address(id)))),
    }
    if is_sensitive(&seen.youth, &scope) && ask_password(&scope, "").is_some() {
        return leave(&scope, &format!("/me/confirm?next={}", address(id)));
    }
    let number = seen.youth.phone.clone();
    let number = number.ok_or(Error::Stale("没有记手机号，不能拨打。"))?;
    let at = seen.youth.place();
    scope
        .work(async |db| db.log(CALLED, Some(id.0), at, ()).await)
        .await?;
    if scope.request().partial {
        return leave(&scope, &format!("tel:{number}"));
    }
    render(&CallPage {
        chrome: scope.chrome(),
        id,
        name: seen.youth.shown(seen.sight, scope.today()).name,
        number,
    })
}

/// The script goes there itself; a form is sent.
fn leave(scope: &Scope, to: &str) -> Result<Response> {
    if scope.request().partial {
        let to = HeaderValue::from_str(to).map_err(Error::bug)?;
        return Ok([("hx-redirect", to)].into_response());
    }
    Ok(go(to))
}

async fn see(db: &mut ScopedTx, id: YouthId) -> Result<Seen> {
    let youth = store::get(db, id).await?;
    let entries = daybook::of_object(db, id.0, EVENTS).await?;
    let (me, since) = (db.scope().actor().cadre, db.now() - daybook::REVEALED);
    let mine = entries
        .iter()
        .find(|it| it.verb == REVEALED.code && it.cadre_id == me && it.at >= since);
    let revealed = mine.map(|it| it.at);
    let sight = youth.sight(db.scope(), revealed.is_some());
    let villages: Vec<_> = youth.village_id.into_iter().collect();
    let village = organisations::store::names(db, &villages).await?;
    Ok(Seen {
        friends: store::known_by(db, &youth).await?,
        village: village.into_values().next().unwrap_or_default(),
        youth,
        sight,
        revealed,
        entries,
    })
}

fn asking(scope: &Scope, seen: &Seen, form: PurposeForm, faults: Faults) -> Ask {
    Ask {
        id: seen.youth.id,
        name: seen.youth.shown(seen.sight, scope.today()).name,
        purposes: Choice::one(PURPOSES, &form.purpose),
        form,
        faults,
    }
}

fn show_page(scope: &Scope, seen: Seen) -> ShowPage {
    let (today, now) = (scope.today(), scope.now());
    let ask = asking(scope, &seen, PurposeForm::default(), Faults::default());
    let Seen {
        youth,
        sight,
        revealed,
        village,
        friends,
        entries,
    } = seen;
    let shown = youth.shown(sight, today);
    let (events, looks) = if sight.is_open() {
        history(&youth, &entries, now)
    } else {
        (Vec::new(), Vec::new())
    };
    let age = youth.birth_on.map(|birth| age_on(birth, today));
    let ended = revealed.filter(|_| !youth.is_known);
    ShowPage {
        chrome: scope.chrome_after(youth.id.0),
        id: youth.id,
        until: ended.map_or_else(String::new, |at| clock::time(at + daybook::REVEALED)),
        is_minor: youth.is_minor(today),
        age: age.filter(|age| *age < 18),
        facts: facts(&youth, sight, &village, today),
        note: note(&youth, &shown),
        unseen: youth
            .last_met_on
            .map_or_else(String::new, |last| unseen(last, today)),
        is_long: youth
            .last_met_on
            .is_some_and(|last| (today - last).num_days() > LONG),
        may_edit: youth.may_edit(scope).is_ok(),
        friends: if sight.is_open() { friends } else { Vec::new() },
        events,
        looks,
        ask,
        shown,
        sight,
        youth,
        today,
    }
}

/// What is known besides name and number, as this sight may read it.
fn facts(
    youth: &Youth,
    sight: Sight,
    village: &str,
    today: chrono::NaiveDate,
) -> Vec<(&'static str, String)> {
    if !sight.is_open() {
        return Vec::new();
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let guarded = sight == Sight::Masked && youth.is_guarded(today);
    let unit = match &youth.work_unit {
        Some(_) if guarded => "已登记".into(),
        unit => text(unit),
    };
    let age = |birth| format!("{}，{} 岁", month(birth), age_on(birth, today));
    let groups: Vec<&str> = youth.groups.iter().map(|it| it.label()).collect();
    let all = [
        ("村（社区）", village.to_owned()),
        (
            "性别",
            youth.sex.map(|it| it.to_string()).unwrap_or_default(),
        ),
        ("出生年月", youth.birth_on.map(age).unwrap_or_default()),
        ("群体", groups.join("、")),
        ("单位、学校", unit),
        ("职业", text(&youth.occupation)),
        ("特长", text(&youth.skill)),
        (
            "政治面貌",
            youth.politics.map(|it| it.to_string()).unwrap_or_default(),
        ),
        (
            "学历",
            youth.education.map(|it| it.to_string()).unwrap_or_default(),
        ),
    ];
    all.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// What is masked once is masked in the note too.
fn note(youth: &Youth, shown: &Shown) -> String {
    let mut note = youth.note.clone().unwrap_or_default();
    if !shown.veiled {
        return note;
    }
    for number in [&youth.phone, &youth.guardian_phone].into_iter().flatten() {
        note = note.replace(number.as_str(), &phone::mask(number));
    }
    let guardian = youth.guardian_name.as_deref().unwrap_or_default();
    let names = [(youth.name.as_str(), shown.veil), (guardian, shown.veil)];
    mask::mask_in(&note, &names)
}

impl ShowPage {
    fn number(&self) -> String {
        number(self.youth.phone.as_deref(), self.sight)
    }

    fn guardian(&self) -> String {
        let Some(name) = &self.youth.guardian_name else {
            return String::new();
        };
        let number = number(self.youth.guardian_phone.as_deref(), self.sight);
        let name = match self.sight {
            Sight::Whole => name.clone(),
            _ => mask::name(name, self.shown.veil),
        };
        format!("{name} {number}")
    }

    fn consented(&self) -> String {
        let day = self.youth.consent_at.map(clock::today);
        day.map_or_else(String::new, |day| clock::short_date(day, self.today))
    }

    fn met(&self, friend: &Friend) -> String {
        let day = friend.last_met_on;
        day.map_or_else(String::new, |day| clock::short_date(day, self.today))
    }

    fn last_look(&self) -> Option<&Event> {
        self.looks.first()
    }
}

fn number(number: Option<&str>, sight: Sight) -> String {
    match (number, sight) {
        (Some(number), Sight::Whole) => number.to_owned(),
        (Some(number), _) => phone::mask(number),
        (None, _) => String::new(),
    }
}
