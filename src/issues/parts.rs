//! 协办: giving a part, taking it back, signing for it, answering it. Each is a move of the whole, made
//! under its lock together with the row of the part. A unit of the tenant sees its part and not the
//! matter, so it acts on the one committee where that lies (`Scope::by_part`); a department without
//! account comes by a link.

use super::model::{
    Act, Issue, IssueId, Move, MoveId, NewMove, NewPart, Part, PartId, PartLink, PartStep, Partner,
    Share, Side, State,
};
use super::moves::step;
use super::store::{self, Made};
use crate::platform::scope::Scope;
use crate::platform::session;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Gives a part. In hand with others, a department's answer is waited for (转部门).
pub async fn give(scope: &Scope, id: IssueId, new: &NewPart) -> Result<Made> {
    scope
        .work(async |db| {
            let issue = store::get(db, id).await?;
            let (to, department) = match &new.to {
                Partner::Unit(place) => (Some(place.committee), None),
                Partner::Department { name, .. } => (None, Some(name.clone())),
            };
            let share = Share {
                step: Some(PartStep::Given),
                until: new.due_on,
                to,
                department,
            };
            let act = NewMove {
                id: MoveId(new.id.0),
                version: Some(new.version),
                act: Act::Share(act_of(&issue, &new.to), share),
                words: Some(new.task.clone()),
                is_shown: false,
            };
            let made = store::apply(db, id, &act).await?;
            if made == Made::Done {
                store::add_part(db, &issue, new).await?;
            }
            Ok(db.unchanged(made))
        })
        .await
}

/// By the matter as it stood when the form was opened: a change of it makes the version differ.
fn act_of(issue: &Issue, to: &Partner) -> Move {
    let can = |act: Move| step(issue.state, None, act, &[Side::Handler]).is_ok();
    match to {
        Partner::Department { .. } if can(Move::Refer) => Move::Refer,
        _ => Move::Part,
    }
}

/// What is done with a part, by whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStep {
    pub id: MoveId,
    pub step: PartStep,
    pub words: Option<String>,
}

/// Takes a part back, as whoever handles the matter.
pub async fn withdraw(scope: &Scope, part: &Part, new: &NewStep) -> Result<Made> {
    scope
        .work(async |db| {
            if is_so(db, part, new).await? {
                return Ok(db.unchanged(Made::Done));
            }
            let made = store::apply(db, part.issue, &act(new)).await?;
            let made = settle(db, part, new, made).await?;
            Ok(db.unchanged(made))
        })
        .await
}

/// Signs for a part, answers it or gives it back, as the unit that has it.
pub async fn partake(scope: &Scope, part: &Part, new: &NewStep) -> Result<Made> {
    if !part.is_mine(scope) {
        return Err(Error::Forbidden(REFUSED));
    }
    as_partner(&scope.by_part(part.place, part.level)?, part, new).await
}

pub const REFUSED: &str = "协办的事由协办单位的团干部签收、答复。";

/// The link behind a token; None: nobody has made it.
pub async fn open(nobody: &Scope, token: &str) -> Result<Option<PartLink>> {
    let hash = session::hash(token);
    nobody
        .look(async |db| store::linked_part(db, &hash).await)
        .await
}

/// Of whoever holds the link, and the part.
pub async fn linked(nobody: &Scope, link: &PartLink) -> Result<(Scope, Part)> {
    let scope = nobody.by_link(link.place, link.level);
    let part = find(&scope, link.part).await?;
    Ok((scope, part))
}

pub async fn find(scope: &Scope, id: PartId) -> Result<Part> {
    let found = scope.look(async |db| store::part(db, id).await).await?;
    found.ok_or(Error::NotFound)
}

/// Answers or gives back, under the scope of the place where the matter lies.
pub async fn as_partner(scope: &Scope, part: &Part, new: &NewStep) -> Result<Made> {
    scope
        .work(async |db| {
            if is_so(db, part, new).await? {
                return Ok(db.unchanged(Made::Done));
            }
            let made = store::apply_as(db, part.issue, &act(new), Side::Partner).await?;
            let made = settle(db, part, new, made).await?;
            if made == Made::Done && !new.step.leads_to().is_open() {
                gather(db, part.issue).await?;
            }
            Ok(db.unchanged(made))
        })
        .await
}

fn act(new: &NewStep) -> NewMove {
    let share = Share {
        step: Some(new.step),
        ..Share::default()
    };
    NewMove {
        id: new.id,
        version: None,
        act: Act::Share(new.step.act(), share),
        words: new.words.clone(),
        is_shown: false,
    }
}

/// The row of the part, under the lock that the move holds. What was at its end before is refused, unless
/// the same came before.
async fn settle(db: &mut ScopedTx, part: &Part, new: &NewStep, made: Made) -> Result<Made> {
    let to = new.step.leads_to();
    if made != Made::Done || store::step_part(db, part, to, new.words.as_deref()).await? {
        return Ok(made);
    }
    if is_so(db, part, new).await? {
        Ok(Made::Done)
    } else {
        Err(Error::Stale(OVER))
    }
}

/// It stands so already: a repeated post, or two who sign.
async fn is_so(db: &mut ScopedTx, part: &Part, new: &NewStep) -> Result<bool> {
    let now = store::part(db, part.id).await?.ok_or(Error::NotFound)?;
    let to = new.step.leads_to();
    Ok(now.state == to && (to.is_open() || now.said() == new.words.as_deref()))
}

const OVER: &str = "这件协办已经答复、退回或者撤回了。";

/// The last answer that was waited for came: it goes on by itself.
pub(super) async fn gather(db: &mut ScopedTx, id: IssueId) -> Result<()> {
    let issue = store::get(db, id).await?;
    if issue.state != State::Coordinating || store::parts_open(db, &issue).await? > 0 {
        return Ok(());
    }
    let new = NewMove {
        id: MoveId::new_v7(db.now()),
        version: None,
        act: Act::Plain(Move::Gather),
        words: None,
        is_shown: false,
    };
    store::apply_as(db, id, &new, Side::System).await?;
    Ok(())
}
