//! Giving a part: to whom, what they are to do, and what of the matter they read.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::see::{Seen, see};
use super::units::units;
use super::verdict::without_person;
use crate::committees::Committee;
use crate::issues::form::{Person, ShareForm};
use crate::issues::lines::{HEAD, gist, met};
use crate::issues::model::{Handoff, Issue, IssueId, Move, Part};
use crate::issues::moves::{Refusal, step};
use crate::issues::parts;
use crate::issues::store::{Made, Moved};
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth;

const PAST: &str = "这件诉求现在不在办理，不能请协办。";

#[derive(Template)]
#[template(path = "issues/part_new.html")]
struct NewPage {
    chrome: Chrome,
    issue: Issue,
    gist: String,
    is_stale: bool,
    may_show: bool,
    form: ShareForm,
    faults: Faults,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
}

/// What a form of sharing is made of.
pub struct Room {
    pub seen: Seen,
    pub units: Vec<Committee>,
    pub person: Person,
    /// The text without the person; None: only few may read it.
    pub matter: Option<String>,
}

impl Room {
    /// `act` can be made by whoever reads.
    pub fn allows(&self, act: Move, past: &'static str) -> Result<()> {
        let issue = &self.seen.issue;
        match step(issue.state, issue.resume_state, act, &self.seen.sides) {
            Ok(_) => Ok(()),
            Err(Refusal::State) => Err(Error::Stale(past)),
            Err(Refusal::Side) => Err(Error::Forbidden(Move::REFUSED)),
        }
    }

    pub fn gist(&self) -> String {
        if self.seen.is_open() {
            gist(&self.seen.issue.detail, HEAD)
        } else {
            format!("{}诉求", self.seen.issue.category)
        }
    }
}

pub async fn room(db: &mut ScopedTx, id: IssueId) -> Result<Room> {
    let seen = see(db, id).await?;
    let mut units = units(db, &seen.issue, Move::Assign).await?;
    let others = super::units::units(db, &seen.issue, Move::Report).await?;
    for other in others {
        if units.iter().all(|it| it.id != other.id) {
            units.push(other);
        }
    }
    Ok(Room {
        units,
        person: person(db, &seen).await?,
        matter: without_person(db, &seen.issue).await?,
        seen,
    })
}

async fn person(db: &mut ScopedTx, seen: &Seen) -> Result<Person> {
    let Some(id) = seen.issue.youth_id else {
        return Ok(Person::default());
    };
    match youth::store::get(db, id).await {
        Ok(youth) => Ok(Person {
            name: Some(youth.name),
            may_show: met(seen.youth.as_ref()),
        }),
        Err(Error::NotFound) => Ok(Person::default()),
        Err(fault) => Err(fault),
    }
}

pub async fn new(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let room = scope.look(async |db| room(db, id).await).await?;
    room.allows(Move::Part, PAST)?;
    let form = ShareForm::fresh(&room.seen.issue, room.matter.clone(), scope.now());
    show(&page(&scope, room, form, Faults::default()))
}

pub async fn create(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let form = ShareForm::read(&fields);
    let room = scope.look(async |db| room(db, id).await).await?;
    let new = match form.check_part(&room.units, &room.person) {
        Ok(new) => new,
        Err(faults) => {
            room.allows(Move::Part, PAST)?;
            return refuse(&page(&scope, room, form, faults));
        }
    };
    match parts::give(&scope, id, &new).await? {
        Made::Done => Ok(go(&format!("/parts/{}", new.id))),
        Made::Barred(bar) => {
            let faults = Faults::one(form.field_of(bar), bar.label());
            refuse(&page(&scope, room, form, faults))
        }
        Made::Meanwhile(issue) => {
            let form = ShareForm {
                version: issue.version.to_string(),
                ..form
            };
            let page = NewPage {
                is_stale: true,
                issue: *issue,
                ..page(&scope, room, form, Faults::default())
            };
            show_as(StatusCode::CONFLICT, &page)
        }
    }
}

fn page(scope: &Scope, room: Room, form: ShareForm, faults: Faults) -> NewPage {
    let kinds = [("unit", "本市的团组织"), ("department", "没有账号的部门")];
    NewPage {
        chrome: scope.chrome(),
        gist: room.gist(),
        is_stale: false,
        may_show: room.person.may_show,
        kinds: Choice::one(kinds, &form.who),
        units: Choice::one(
            room.units.iter().map(|it| (it.id, &it.short_name)),
            &form.unit,
        ),
        issue: room.seen.issue,
        form,
        faults,
    }
}

impl NewPage {
    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}

/// The units and departments whose answer the whole waits for.
pub(super) fn waiting(issue: &Issue, parts: &[Part], handoffs: &[Handoff]) -> Vec<String> {
    let parts = parts.iter().filter(|it| it.state.is_open());
    let handoffs = handoffs.iter();
    let handoffs = handoffs.filter(|it| it.is_open() && !it.came_as(issue));
    let parts = parts.map(|it| it.unit.clone());
    parts.chain(handoffs.map(|it| it.unit.clone())).collect()
}

/// The move that gave it to who has it now.
pub(super) fn expected(issue: &Issue, moves: &[Moved]) -> Option<Moved> {
    let handed = |it: &&Moved| matches!(it.act, Move::Assign | Move::Report | Move::Climb);
    let last = moves.iter().find(handed);
    let is_here = issue.is_handed() && issue.state.is_open();
    last.filter(|_| is_here).cloned()
}
