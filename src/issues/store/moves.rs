//! Making a move: the row is locked, the version of whoever asks is compared, the table and the rules
//! are asked, and issue, move and what hangs on them are written together. Nothing else writes a
//! state.

use super::around::around;
use super::notices::{self, Tidings};
use super::{carry, deputies, get, write};
use crate::cadres;
use crate::committees::{self, Committee};
use crate::issues::effect::{after, bar};
use crate::issues::model::{Act, Bar, Hand, Issue, IssueId, MOVED, Move, NewMove, Side, Topic};
use crate::issues::moves::{Refusal, step};
use crate::issues::notices::told;
use crate::platform::daybook::Line;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is so now; also when the same id comes again.
    Done,
    /// Somebody changed it after it was read: as it stands.
    Meanwhile(Box<Issue>),
    /// The table has it, something stands in its way.
    Barred(Bar),
}

/// Makes a move as whoever acts, in the first of his capacities that may. `NotFound` out of sight,
/// `Forbidden` where somebody else may, `Stale` where nobody can in this state.
pub async fn make(db: &mut ScopedTx, id: IssueId, new: &NewMove) -> Result<Logged<Made>> {
    let made = apply(db, id, new).await?;
    Ok(db.unchanged(made))
}

/// The same in a capacity that no session gives: the clock, the young person by a link, a unit with a
/// part in it. Whoever calls has checked it.
pub async fn make_as(
    db: &mut ScopedTx,
    id: IssueId,
    new: &NewMove,
    side: Side,
) -> Result<Logged<Made>> {
    let made = apply_as(db, id, new, side).await?;
    Ok(db.unchanged(made))
}

/// As `make_as`, for a slice that writes rows of its own in the same transaction: it does so only where
/// this says `Done`. The line of the day book is written.
pub async fn apply_as(db: &mut ScopedTx, id: IssueId, new: &NewMove, side: Side) -> Result<Made> {
    let issue = lock(db, id).await?;
    make_locked(db, &issue, new, &[side]).await
}

/// As `apply_as`, in the capacities of whoever acts.
pub async fn apply(db: &mut ScopedTx, id: IssueId, new: &NewMove) -> Result<Made> {
    let issue = lock(db, id).await?;
    let sides = sides(db, &issue).await?;
    make_locked(db, &issue, new, &sides).await
}

async fn lock(db: &mut ScopedTx, id: IssueId) -> Result<Issue> {
    let tenant = db.tenant_filter();
    sqlx::query!(
        "select version from issues where ($1::int is null or tenant_id = $1) and id = $2 for update",
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    get(db, id).await
}

/// In which capacities whoever acts stands to an issue, the nearest first, his deputyships included.
pub async fn sides(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Side>> {
    let Some(me) = db.scope().actor().cadre else {
        return Ok(Vec::new());
    };
    let instead_of = deputies::instead_of(db, issue.tenant_id, me).await?;
    Ok(issue.sides(db.scope(), &instead_of))
}

async fn make_locked(
    db: &mut ScopedTx,
    issue: &Issue,
    new: &NewMove,
    sides: &[Side],
) -> Result<Made> {
    if is_made(db, issue, new).await? {
        return Ok(Made::Done);
    }
    if new.version.is_some_and(|version| version != issue.version) {
        return Ok(Made::Meanwhile(Box::new(issue.clone())));
    }
    let (to, side) = match step(issue.state, issue.resume_state, new.act.word(), sides) {
        Ok(stepped) => stepped,
        Err(Refusal::State) => return Err(Error::Stale("")),
        Err(Refusal::Side) => return Err(Error::Forbidden(Move::REFUSED)),
    };
    let around = around(db, issue).await?;
    let barred = match bar(issue, &around, new, side) {
        Some(bar) => Some(bar),
        None => bar_of_others(db, issue, new).await?,
    };
    if let Some(bar) = barred {
        return Ok(Made::Barred(bar));
    }
    let next = after(issue, &around, new, to);
    write::moved(db, issue, &next, new, side).await?;
    write::hanging(db, issue, &next, &around, new).await?;
    if sides_of(issue) != sides_of(&next) {
        carry::carry(db, &next).await?;
    }
    let news = Tidings {
        issue: Some(issue.id),
        topic: Topic::Moved(new.act.word()),
        cause: new.id.0,
    };
    let whom = told(issue, &next, &around, (new.act.word(), side));
    notices::tell(db, news, whom, &notices::near(&next)).await?;
    if let Some(me) = around.me {
        notices::read_of(db, issue.id, me).await?;
    }
    let line = Line::new(MOVED, Some(issue.id.0), issue.line_place(db.scope()));
    let facts = serde_json::json!({"move": new.act.word(), "to": next.state});
    db.note_line(line.detail(facts)).await?;
    Ok(Made::Done)
}

fn sides_of(issue: &Issue) -> (i64, i64) {
    (issue.handler_scope, issue.sender_scope)
}

/// The same move came before. An id that another record has is refused.
async fn is_made(db: &mut ScopedTx, issue: &Issue, new: &NewMove) -> Result<bool> {
    let found = sqlx::query!(
        r#"select issue_id as "issue_id: IssueId", move as "act: Move", cadre_id as "cadre_id: CadreId"
         from issue_moves
         where tenant_id = $1 and id = $2"#,
        issue.tenant_id.0,
        new.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let me = db.scope().actor().cadre;
    match found {
        None => Ok(false),
        Some(row) if (row.issue_id, row.act, row.cadre_id) == (issue.id, new.act.word(), me) => {
            Ok(true)
        }
        Some(_) => Err(Error::Stale("")),
    }
}

/// What other records say against it: the unit, the cadre, the issue that it names.
async fn bar_of_others(db: &mut ScopedTx, issue: &Issue, new: &NewMove) -> Result<Option<Bar>> {
    match &new.act {
        Act::Hand(act, hand) => bar_of_hand(db, issue, *act, hand).await,
        Act::Accept { cadre, .. } | Act::Name(_, cadre) => {
            is_missing(db, issue.handler_committee_id, *cadre).await
        }
        Act::Share(Move::Part | Move::Refer, share) => match share.to {
            Some(to) => bar_of_share(db, issue, to).await,
            None => Ok(None),
        },
        Act::Merge(into) => {
            let found = super::some(db, &[*into]).await?;
            let fits = |it: &Issue| it.tenant_id == issue.tenant_id && it.state.counts();
            let stands = found.first().is_some_and(fits);
            Ok((!stands).then_some(Bar::NoSuchIssue))
        }
        _ => Ok(None),
    }
}

async fn bar_of_hand(
    db: &mut ScopedTx,
    issue: &Issue,
    act: Move,
    hand: &Hand,
) -> Result<Option<Bar>> {
    let from = committees::store::get(db, issue.handler_committee_id).await?;
    let to = committees::store::get(db, hand.to.committee).await?;
    let today = db.scope().today();
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(Some(Bar::Foreign));
    };
    if to.id == from.id {
        return Ok(Some(Bar::SameUnit));
    }
    if to.tenant_id != issue.tenant_id || !to.is_open(today) {
        return Ok(Some(Bar::Foreign));
    }
    let holds = |a: &Committee, b: &Committee| a.ground().contains(b.place().scope);
    match act {
        Move::Assign if holds(&to, &from) => Ok(Some(Bar::Upwards)),
        Move::Report if holds(&from, &to) => Ok(Some(Bar::Downwards)),
        _ => is_missing(db, to.id, hand.cadre).await,
    }
}

/// A part goes to another unit of the same city.
async fn bar_of_share(db: &mut ScopedTx, issue: &Issue, to: CommitteeId) -> Result<Option<Bar>> {
    let today = db.scope().today();
    let to = committees::store::get(db, to).await?;
    let to = to.filter(|it| it.tenant_id == issue.tenant_id && it.is_open(today));
    let is_same = |it: Committee| (it.id == issue.handler_committee_id).then_some(Bar::SameUnit);
    Ok(to.map_or(Some(Bar::Foreign), is_same))
}

async fn is_missing(
    db: &mut ScopedTx,
    committee: CommitteeId,
    cadre: Option<CadreId>,
) -> Result<Option<Bar>> {
    let Some(cadre) = cadre else { return Ok(None) };
    let there = cadres::store::in_office(db, committee).await?;
    let is_there = there.iter().any(|it| it.cadre == cadre);
    Ok((!is_there).then_some(Bar::NotInOffice))
}
