//! One part, for who gave it and for the unit that has it; and the parts of one's own committee.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::link::origin;
use super::see::{Seen, see};
use crate::issues::form::AnswerForm;
use crate::issues::model::{Move, MoveId, PART_LINKED, Part, PartId, PartStep, Side};
use crate::issues::moves::step;
use crate::issues::parts::{self, NewStep, REFUSED};
use crate::issues::store::{self, Made, Which};
use crate::kit::{clock, qr};
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result, session};

/// How long a link is good after the day until which it is asked, or from now.
const LINK: TimeDelta = TimeDelta::days(30);
const LINK_REFUSED: &str = "协办链接由办理这件事的人生成。";
const LINK_PAST: &str = "这件协办不用链接，或者已经不等答复。";

#[derive(Template)]
#[template(path = "issues/part.html")]
struct PartPage {
    chrome: Chrome,
    part: Part,
    /// The matter is in the reader's sight.
    sees_whole: bool,
    may: May,
    /// Until when its link is good.
    link_until: Option<DateTime<Utc>>,
    is_open: bool,
    is_stale: bool,
    made: Option<MadeLink>,
    choices: Vec<Choice>,
    form: AnswerForm,
    faults: Faults,
    today: NaiveDate,
    now: DateTime<Utc>,
}

/// What the reader may do with it now.
struct May {
    /// His unit has it and may still answer.
    answer: bool,
    withdraw: bool,
    link: bool,
}

/// Shown this once: only its hash is kept.
struct MadeLink {
    address: String,
    qr: Option<String>,
    until: String,
}

struct Room {
    part: Part,
    seen: Option<Seen>,
    link_until: Option<DateTime<Utc>>,
}

/// Whoever sees the matter, or belongs to the unit that has the part.
async fn room(scope: &Scope, id: PartId) -> Result<Room> {
    scope
        .look(async |db| {
            let part = store::part(db, id).await?.ok_or(Error::NotFound)?;
            let seen = match see(db, part.issue).await {
                Ok(seen) => Some(seen),
                Err(Error::NotFound) => None,
                Err(fault) => return Err(fault),
            };
            if seen.is_none() && !part.committee.is_some_and(|it| scope.is_home(it)) {
                return Err(Error::NotFound);
            }
            Ok(Room {
                link_until: store::part_link_until(db, &part).await?,
                part,
                seen,
            })
        })
        .await
}

impl Room {
    fn handles(&self) -> bool {
        let sides = self.seen.as_ref().map(|seen| seen.sides.as_slice());
        let handles = |side: &Side| matches!(side, Side::Handler | Side::Lead);
        sides.is_some_and(|sides| sides.iter().any(handles))
    }

    fn may_withdraw(&self) -> bool {
        self.part.state.is_open()
            && self
                .seen
                .as_ref()
                .is_some_and(|seen| step(seen.issue.state, None, Move::Part, &seen.sides).is_ok())
    }

    fn may_link(&self) -> bool {
        self.part.state.is_open() && self.part.committee.is_none() && self.handles()
    }
}

fn page(scope: &Scope, room: Room, form: AnswerForm, faults: Faults) -> PartPage {
    let home = room.part.committee.is_some_and(|it| scope.is_home(it));
    let choices = [
        (PartStep::Answered.code(), "答复"),
        (PartStep::Returned.code(), "退回"),
    ];
    PartPage {
        chrome: scope.chrome(),
        sees_whole: room.seen.is_some(),
        may: May {
            answer: room.part.is_mine(scope) && room.part.state.is_open(),
            withdraw: room.may_withdraw(),
            link: room.may_link(),
        },
        link_until: room.link_until,
        is_open: home || room.seen.as_ref().is_some_and(Seen::is_open),
        is_stale: false,
        made: None,
        choices: Choice::one(choices, &form.step),
        form,
        faults,
        today: scope.today(),
        now: scope.now(),
        part: room.part,
    }
}

impl PartPage {
    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}

pub async fn show(scope: Scope, Path(id): Path<PartId>) -> Result<Response> {
    let room = room(&scope, id).await?;
    let form = AnswerForm::fresh(scope.now());
    render(&page(&scope, room, form, Faults::default()))
}

pub async fn sign(scope: Scope, Path(id): Path<PartId>) -> Result<Response> {
    let room = room(&scope, id).await?;
    let new = NewStep {
        id: MoveId::new_v7(scope.now()),
        step: PartStep::Signed,
        words: None,
    };
    parts::partake(&scope, &room.part, &new).await?;
    Ok(go(&format!("/parts/{id}")))
}

pub async fn answer(scope: Scope, Path(id): Path<PartId>, Form(fields): Form) -> Result<Response> {
    let room = room(&scope, id).await?;
    if !room.part.is_mine(&scope) {
        return Err(Error::Forbidden(REFUSED));
    }
    let form = AnswerForm::read(&fields);
    match form.check() {
        Ok(new) => {
            let made = parts::partake(&scope, &room.part, &new).await;
            done(&scope, id, made, form).await
        }
        Err(_) if !room.part.state.is_open() => done(&scope, id, Err(Error::Stale("")), form).await,
        Err(faults) => refuse(&page(&scope, room, form, faults)),
    }
}

pub async fn withdraw(
    scope: Scope,
    Path(id): Path<PartId>,
    Form(fields): Form,
) -> Result<Response> {
    let room = room(&scope, id).await?;
    if !room.handles() {
        return Err(Error::Forbidden(Move::REFUSED));
    }
    let form = AnswerForm::read(&fields);
    match form.check_withdrawal() {
        Ok(new) => {
            let made = parts::withdraw(&scope, &room.part, &new).await;
            done(&scope, id, made, form).await
        }
        Err(_) if !room.may_withdraw() => done(&scope, id, Err(Error::Stale("")), form).await,
        Err(faults) => refuse(&page(&scope, room, form, faults)),
    }
}

/// Who came too late sees how it stands, and what he wrote stays.
async fn done(scope: &Scope, id: PartId, made: Result<Made>, form: AnswerForm) -> Result<Response> {
    match made {
        Ok(Made::Done) => Ok(go(&format!("/parts/{id}"))),
        Ok(Made::Barred(_) | Made::Meanwhile(_)) | Err(Error::Stale(_)) => {
            let page = PartPage {
                is_stale: true,
                ..page(scope, room(scope, id).await?, form, Faults::default())
            };
            show_as(StatusCode::CONFLICT, &page)
        }
        Err(fault) => Err(fault),
    }
}

pub async fn link(scope: Scope, Path(id): Path<PartId>, headers: HeaderMap) -> Result<Response> {
    let room = room(&scope, id).await?;
    if !room.handles() {
        return Err(Error::Forbidden(LINK_REFUSED));
    }
    let Some(seen) = room.seen.as_ref().filter(|_| room.may_link()) else {
        return Err(Error::Stale(LINK_PAST));
    };
    let token = session::token()?;
    let hash = session::hash(&token);
    let until = room
        .part
        .due_at
        .map_or(scope.now(), |due| due.max(scope.now()))
        + LINK;
    let (issue, at) = (&seen.issue, seen.issue.line_place(&scope));
    scope
        .work(async |db| {
            store::make_part_link(db, issue, id, &hash, until).await?;
            let line = Line::new(PART_LINKED, Some(issue.id.0), at);
            let facts = serde_json::json!({"part": id});
            db.log_line(line.detail(facts), ()).await
        })
        .await?;
    let address = format!("{}/d/{token}", origin(&scope, &headers));
    let made = MadeLink {
        qr: qr::svg(&address, "协办链接的二维码"),
        until: clock::long_date(clock::today(until), scope.today()),
        address,
    };
    let form = AnswerForm::fresh(scope.now());
    render(&PartPage {
        made: Some(made),
        link_until: Some(until),
        ..page(&scope, room, form, Faults::default())
    })
}

#[derive(Template)]
#[template(path = "issues/parts.html")]
struct ListPage {
    chrome: Chrome,
    all: bool,
    waiting: i64,
    page: Page<Part>,
    first: String,
    next: String,
    today: NaiveDate,
    now: DateTime<Utc>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let which = match query.get("all") {
        "" => Which::Open,
        "on" => Which::All,
        _ => return Err(Error::BadAddress("看哪些协办认不出来，重新选。")),
    };
    let after = Mark::read(query.get("after"), "parts")?;
    let (page, waiting) = scope
        .look(async |db| {
            let page = store::parts_here(db, which, after).await?;
            Ok((page, store::parts_waiting(db).await?))
        })
        .await?;
    let address = match which {
        Which::Open => "/parts?",
        Which::All => "/parts?all=on&",
    };
    let next = page.next.as_ref().map(|mark| mark.write("parts"));
    render(&ListPage {
        chrome: scope.chrome(),
        all: which == Which::All,
        waiting,
        first: after
            .map(|_| address.trim_end_matches(['?', '&']).to_owned())
            .unwrap_or_default(),
        next: next
            .map(|mark| format!("{address}after={mark}"))
            .unwrap_or_default(),
        page,
        today: scope.today(),
        now: scope.now(),
    })
}
