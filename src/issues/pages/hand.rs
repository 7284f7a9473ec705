//! Several issues handed over together: each is a move of its own, and one that cannot be handed over
//! does not hold up the others.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::units::units_of;
use crate::committees::Committee;
use crate::issues::form::{Asked, MoveForm, asked_of, read_filter};
use crate::issues::lines::{Line, lines};
use crate::issues::model::{Filter, IssueId, Move, MoveId, NewMove};
use crate::issues::store::{self, Made};
use crate::platform::extract::{Form, Query};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// At once, at most.
const MANY: usize = 50;

#[derive(Template)]
#[template(path = "issues/hand.html")]
struct HandPage {
    chrome: Chrome,
    lines: Vec<Line>,
    picked: HashMap<IssueId, i32>,
    /// Why one was not handed over.
    left: HashMap<IssueId, String>,
    /// How many were.
    done: usize,
    form: MoveForm,
    faults: Faults,
    below: Vec<Choice>,
    above: Vec<Choice>,
}

/// Those that can be handed over, and to whom.
struct Room {
    lines: Vec<Line>,
    below: Vec<Committee>,
    above: Vec<Committee>,
}

pub async fn form(scope: Scope, Query(query): Query) -> Result<Response> {
    let picked = picked(&query)?;
    let room = room(&scope, &picked, &read_filter(&query)?).await?;
    let form = MoveForm {
        id: MoveId::new_v7(scope.now()).to_string(),
        version: "0".into(),
        ..MoveForm::default()
    };
    render(&hand_page(&scope, room, picked, form, Faults::default()))
}

pub async fn hand(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = MoveForm::read(&fields, 0);
    let picked = picked(&fields)?;
    let room = room(&scope, &picked, &Filter::default()).await?;
    let asked = asked_to(&room, &form)?;
    let units: Vec<Committee> = room.below.iter().chain(&room.above).cloned().collect();
    let base = match (form.check(asked, &units, None), picked.is_empty()) {
        (Ok(base), false) => base,
        (checked, none) => {
            let mut faults = checked.err().unwrap_or_default();
            if none {
                faults.add("pick", "选要交办的诉求");
            }
            return refuse(&hand_page(&scope, room, picked, form, faults));
        }
    };
    let (mut left, mut done) = (HashMap::new(), 0);
    for (id, version) in &picked {
        match one(&scope, *id, *version, &base).await? {
            None => done += 1,
            Some(why) => {
                left.insert(*id, why);
            }
        }
    }
    if left.is_empty() {
        return Ok(go("/issues?queue=sign"));
    }
    not_all(&scope, left, done, form).await
}

/// Some were not handed over: they stay picked, over the version that there is now.
async fn not_all(
    scope: &Scope,
    left: HashMap<IssueId, String>,
    done: usize,
    form: MoveForm,
) -> Result<Response> {
    let ids: HashMap<IssueId, i32> = left.keys().map(|id| (*id, 0)).collect();
    let room = room(scope, &ids, &Filter::default()).await?;
    let picked = room
        .lines
        .iter()
        .map(|line| (line.id, line.version))
        .collect();
    let page = HandPage {
        left,
        done,
        ..hand_page(scope, room, picked, form, Faults::default())
    };
    show_as(StatusCode::CONFLICT, &page)
}

/// None: handed over, now or by the same post before; else why not.
async fn one(scope: &Scope, id: IssueId, version: i32, base: &NewMove) -> Result<Option<String>> {
    let new = NewMove {
        id: derived(base.id, id),
        version: Some(version),
        ..base.clone()
    };
    match scope.work(async |db| store::make(db, id, &new).await).await {
        Ok(Made::Done) => Ok(None),
        Ok(Made::Barred(bar)) => Ok(Some(bar.label().to_owned())),
        Ok(Made::Meanwhile(issue)) => Ok(Some(format!("刚才有人动过，现在{}", issue.state))),
        Err(Error::Forbidden(why)) => Ok(Some(why.to_owned())),
        Err(Error::Stale(_)) => Ok(Some("进度已经变了，不能再交办".to_owned())),
        Err(fault) => Err(fault),
    }
}

/// The same post makes the same moves: the id of each is made of the form's and the issue's.
fn derived(form: MoveId, issue: IssueId) -> MoveId {
    let mixed = form.0.as_u128() ^ issue.0.as_u128().rotate_left(64);
    MoveId(Uuid::from_u128(mixed))
}

/// 交办 to a unit below or beside, 上报 to one above: the unit says which.
fn asked_to(room: &Room, form: &MoveForm) -> Result<&'static Asked> {
    let is_above = room.above.iter().any(|it| it.id.to_string() == form.unit);
    let act = if is_above { Move::Report } else { Move::Assign };
    asked_of(act).ok_or(Error::NotFound)
}

/// `pick` of the form: the issue, and, once it was shown, its version after a point.
fn picked(fields: &Fields) -> Result<HashMap<IssueId, i32>> {
    let unknown = || Error::BadAddress("选的诉求里有一件认不出来，重新选。");
    let mut all = HashMap::new();
    for text in fields.all("pick").iter().filter(|text| !text.is_empty()) {
        let (id, version) = text.split_once('.').unwrap_or((text, "0"));
        let id = id.parse().map_err(|_| unknown())?;
        all.insert(id, version.parse().map_err(|_| unknown())?);
    }
    if all.len() > MANY {
        return Err(Error::BadAddress("一次最多交办 50 件。"));
    }
    Ok(all)
}

/// Those that were picked, or, where none is, the first that fit the filter and can be handed over.
async fn room(scope: &Scope, picked: &HashMap<IssueId, i32>, filter: &Filter) -> Result<Room> {
    scope
        .look(async |db| {
            let ids: Vec<IssueId> = picked.keys().copied().collect();
            let issues = if ids.is_empty() {
                store::list(db, filter, None).await?.rows
            } else {
                store::some(db, &ids).await?
            };
            let is_asked = !ids.is_empty();
            let mut lines = lines(db, issues).await?;
            lines.retain(|line| is_asked || line.may_hand);
            let (below, above) = offered(db).await?;
            Ok(Room {
                lines,
                below,
                above,
            })
        })
        .await
}

/// From one's own committee down and beside, and up.
async fn offered(db: &mut ScopedTx) -> Result<(Vec<Committee>, Vec<Committee>)> {
    let (own, tenant) = (db.scope().committee(), db.scope().tenant());
    let below = units_of(db, own, tenant, Move::Assign).await?;
    let mut above = units_of(db, own, tenant, Move::Report).await?;
    above.retain(|it| below.iter().all(|known| known.id != it.id));
    Ok((below, above))
}

fn hand_page(
    scope: &Scope,
    room: Room,
    picked: HashMap<IssueId, i32>,
    form: MoveForm,
    faults: Faults,
) -> HandPage {
    let choices = |units: &[Committee]| {
        Choice::one(units.iter().map(|it| (it.id, &it.short_name)), &form.unit)
    };
    HandPage {
        chrome: scope.chrome(),
        below: choices(&room.below),
        above: choices(&room.above),
        lines: room.lines,
        left: HashMap::new(),
        done: 0,
        picked,
        form,
        faults,
    }
}

impl HandPage {
    fn is_picked(&self, line: &Line) -> bool {
        self.picked.contains_key(&line.id)
    }

    /// Why it was not handed over, or nothing.
    fn why(&self, line: &Line) -> &str {
        self.left.get(&line.id).map_or("", String::as_str)
    }

    fn units(&self) -> Vec<Choice> {
        self.below.iter().chain(&self.above).cloned().collect()
    }

    fn fault(&self, name: &str) -> &str {
        self.faults.of(name).unwrap_or("")
    }
}
