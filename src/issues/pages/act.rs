//! Making a move: its form, and what its post answers. Who had an older version before him sees what
//! happened meanwhile, and what he wrote stays.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use super::parts::waiting;
use super::see::{Seen, see, seen};
use super::units::units;
use crate::cadres::{self, InOffice};
use crate::committees::Committee;
use crate::issues::form::{Also, Asked, MoveForm, asked_of, field_of};
use crate::issues::history::{Event, What, moved_event};
use crate::issues::lines::{HEAD, gist};
use crate::issues::model::{
    DeclineReason, Instruction, Issue, IssueId, Move, MoveId, NewMove, Outcome, Side,
};
use crate::issues::moves::{Refusal, step};
use crate::issues::store::{self, Made};
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Said when nobody can make the move in this state.
const PAST: &str = "这件诉求的进度已经变了，这一步不用做了。";
/// Answers of a closing that are read at most.
const MANY: usize = 20;
/// What happened meanwhile, at most.
const SINCE: i64 = 20;

#[derive(Template)]
#[template(path = "issues/move.html")]
struct MovePage {
    chrome: Chrome,
    issue: Issue,
    asked: &'static Asked,
    gist: String,
    is_open: bool,
    /// The move is still possible.
    is_possible: bool,
    is_stale: bool,
    /// What happened since the form was opened.
    since: Vec<Event>,
    form: MoveForm,
    faults: Faults,
    units: Vec<Choice>,
    cadres: Vec<Choice>,
    reasons: Vec<Choice>,
    outcomes: Vec<Choice>,
    /// 批示 that are signed or answered by it.
    instructions: Vec<Instruction>,
    today: NaiveDate,
    /// Whose part is open, on a form that closes.
    waiting: Vec<String>,
}

/// What a form is made of.
struct Room {
    seen: Seen,
    asked: &'static Asked,
    units: Vec<Committee>,
    colleagues: Vec<InOffice>,
    into: Option<IssueId>,
    instructions: Vec<Instruction>,
    since: Vec<Event>,
    waiting: Vec<String>,
}

pub async fn form(
    scope: Scope,
    Path((id, act)): Path<(IssueId, Move)>,
    Query(query): Query,
) -> Result<Response> {
    let room = room(&scope, id, act, &MoveForm::default()).await?;
    match room.step() {
        Ok(_) => {}
        Err(Refusal::State) => return Err(Error::Stale(PAST)),
        Err(Refusal::Side) => return Err(Error::Forbidden(Move::REFUSED)),
    }
    let mut form = MoveForm::fresh(&room.seen.issue, MoveId::new_v7(scope.now()));
    if act == Move::Report {
        // The committee directly above stands first.
        form.unit = room
            .units
            .first()
            .map(|it| it.id.to_string())
            .unwrap_or_default();
    }
    if let Ok(into) = query.get("into").parse::<IssueId>() {
        // Offered as the same: its number need not be typed.
        let found = scope
            .look(async |db| store::some(db, &[into]).await)
            .await?;
        form.number = found.into_iter().next().map(|it| it.no).unwrap_or_default();
    }
    render(&move_page(&scope, room, form, Faults::default()))
}

pub async fn make(
    scope: Scope,
    Path((id, act)): Path<(IssueId, Move)>,
    Form(fields): Form,
) -> Result<Response> {
    let sent = |n: &usize| fields.has(&format!("answer-{n}"));
    let points = (1..=MANY).take_while(sent).count();
    let form = MoveForm::read(&fields, points);
    let room = room(&scope, id, act, &form).await?;
    let new = match form.check(room.asked, &room.units, room.into) {
        Ok(new) => new,
        Err(faults) => {
            room.step_or_refuse()?;
            return refuse(&move_page(&scope, room, form, faults));
        }
    };
    match scope
        .work(async |db| store::make(db, id, &new).await)
        .await?
    {
        Made::Done => Ok(go(&format!("/issues/{id}"))),
        Made::Barred(bar) => {
            let faults = Faults::one(field_of(bar, room.asked), bar.label());
            refuse(&move_page(&scope, room, form, faults))
        }
        Made::Meanwhile(issue) => meanwhile(&scope, *issue, room, form, &new).await,
    }
}

/// 409: what happened, and the form again as it was typed, over the version that there is now.
async fn meanwhile(
    scope: &Scope,
    issue: Issue,
    room: Room,
    form: MoveForm,
    new: &NewMove,
) -> Result<Response> {
    let (seen, since) = scope
        .look(async |db| {
            let moves = store::moved(db, &issue, SINCE).await?;
            let now = db.now();
            let late = moves
                .into_iter()
                .filter(|it| Some(it.version) > new.version);
            let since: Vec<Event> = late.map(|it| moved_event(it, now)).collect();
            Ok((seen(db, issue.clone()).await?, since))
        })
        .await?;
    let form = MoveForm {
        version: seen.issue.version.to_string(),
        ..form
    };
    let room = Room {
        seen,
        since,
        ..room
    };
    let page = MovePage {
        is_stale: true,
        ..move_page(scope, room, form, Faults::default())
    };
    show_as(StatusCode::CONFLICT, &page)
}

async fn room(scope: &Scope, id: IssueId, act: Move, form: &MoveForm) -> Result<Room> {
    let asked = asked_of(act).ok_or(Error::NotFound)?;
    scope
        .look(async |db| {
            let seen = see(db, id).await?;
            let issue = &seen.issue;
            Ok(Room {
                units: match asked.also {
                    Also::Unit => units(db, issue, act).await?,
                    _ => Vec::new(),
                },
                colleagues: match asked.also {
                    Also::Cadre | Also::Points => colleagues(db, issue).await?,
                    _ => Vec::new(),
                },
                into: match asked.also {
                    Also::Number => store::by_number(db, form.number.trim()).await?,
                    _ => None,
                },
                instructions: instructions(db, issue, act).await?,
                since: Vec::new(),
                waiting: match asked.also {
                    Also::Outcome | Also::Answers => waited_for(db, issue).await?,
                    _ => Vec::new(),
                },
                asked,
                seen,
            })
        })
        .await
}

async fn waited_for(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<String>> {
    let parts = store::parts(db, issue).await?;
    let handoffs = store::handoffs(db, issue).await?;
    Ok(waiting(issue, &parts, &handoffs))
}

/// Those that are to be signed, or the one that is answered.
async fn instructions(db: &mut ScopedTx, issue: &Issue, act: Move) -> Result<Vec<Instruction>> {
    let mut all = match act {
        Move::InstructSign | Move::InstructAnswer => store::instructions::list(db, issue).await?,
        _ => Vec::new(),
    };
    all.retain(|it| it.is_open() && (act == Move::InstructAnswer || it.signed_at.is_none()));
    if act == Move::InstructAnswer {
        all.truncate(1);
    }
    Ok(all)
}

/// Who is in office where it is handled, each once.
async fn colleagues(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<InOffice>> {
    let mut there = cadres::store::in_office(db, issue.handler_committee_id).await?;
    let mut known = std::collections::HashSet::new();
    there.retain(|it| known.insert(it.cadre));
    Ok(there)
}

impl Room {
    fn step(&self) -> Result<Side, Refusal> {
        let issue = &self.seen.issue;
        let stepped = step(
            issue.state,
            issue.resume_state,
            self.asked.act,
            &self.seen.sides,
        );
        stepped.map(|(_, side)| side)
    }

    /// A form that is badly filled is shown again only to whoever could send it well.
    fn step_or_refuse(&self) -> Result<()> {
        match self.step() {
            Ok(_) => Ok(()),
            Err(Refusal::State) => Err(Error::Stale(PAST)),
            Err(Refusal::Side) => Err(Error::Forbidden(Move::REFUSED)),
        }
    }
}

fn move_page(scope: &Scope, room: Room, mut form: MoveForm, faults: Faults) -> MovePage {
    let points = room.seen.issue.asked_points().max(form.answers.len());
    form.answers.resize(points, String::new());
    let is_possible = room.step().is_ok();
    let is_open = room.seen.is_open();
    let issue = room.seen.issue;
    let outcomes = Outcome::CHOSEN.iter().map(|it| (it.code(), it.label()));
    let reasons = DeclineReason::ALL.iter().map(|it| (it.code(), it.label()));
    let cadres = room.colleagues.iter().map(|it| {
        let name = format!("{}（{}）", it.name, it.post);
        (it.cadre, name)
    });
    MovePage {
        chrome: scope.chrome(),
        asked: room.asked,
        gist: gist(&issue.detail, HEAD),
        is_open,
        is_possible,
        is_stale: false,
        since: room.since,
        units: Choice::one(
            room.units.iter().map(|it| (it.id, &it.short_name)),
            &form.unit,
        ),
        cadres: Choice::one(cadres, &form.cadre),
        reasons: Choice::one(reasons, &form.reason),
        outcomes: Choice::one(outcomes, &form.outcome),
        instructions: room.instructions,
        today: scope.today(),
        waiting: room.waiting,
        form,
        faults,
        issue,
    }
}

impl MovePage {
    /// The point that an answer is to, as it was asked.
    fn label(&self, at: usize) -> String {
        match self.issue.points.get(at).filter(|_| self.is_open) {
            Some(point) => format!("{}．{point}", at + 1),
            None if self.issue.points.is_empty() => "怎样答复青年".to_owned(),
            None => format!("第 {} 点怎样答复", at + 1),
        }
    }

    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}
