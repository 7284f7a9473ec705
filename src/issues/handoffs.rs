//! 报省团委: a matter of a city put before the province's own tenant. The city's own stays where it is, with
//! the cadre who heard it; a linked one is made in the province, without the person, and what came of it
//! there is brought back. Each side is written by the ticker under that side's scope, and each step is one
//! transaction that finds it done when it comes again. The linked matter counts nowhere (`figure_d01` …):
//! the province is the sum of its cities.

use std::time::Duration;

use super::model::{
    Act, BACK, Bar, Handoff, HandoffId, Issue, IssueId, Move, MoveId, NewHandoff, NewMove, Outcome,
    PartStep, Share, Side, State,
};
use super::store::{self, Linked, Made};
use crate::committees::{self, Committee};
use crate::platform::feature::{Job, Running};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

pub const JOB: Job = Job {
    name: "issues: up to the province and back",
    every: Duration::from_mins(1),
    run,
};

/// How many are looked at in one pass; the rest waits for the next.
const PASS: i64 = 200;
const PROVINCE: i16 = 2;

fn run(scope: Scope) -> Running {
    Box::pin(async move { pass(&scope).await.map(|_| ()) })
}

/// The province's own tenant above who handles it; None: there is none, or it is not in the city's hands.
pub async fn province(db: &mut ScopedTx, issue: &Issue) -> Result<Option<Committee>> {
    if issue.handler_committee_id.0 != issue.tenant_id.0 {
        return Ok(None);
    }
    let day = db.scope().today();
    let line = committees::store::path(db, issue.handler_committee_id).await?;
    let fits = |it: &Committee| {
        let is_root = it.tenant_id.0 == it.id.0 && it.tenant_id != issue.tenant_id;
        it.level == PROVINCE && is_root && it.is_open(day)
    };
    Ok(line.into_iter().find(fits))
}

/// Hands it out. The committee that it goes to is `province`.
pub async fn send(scope: &Scope, id: IssueId, new: &NewHandoff) -> Result<Made> {
    scope
        .work(async |db| {
            let issue = store::get(db, id).await?;
            let to = province(db, &issue).await?;
            if to.is_none_or(|to| to.place() != new.to) {
                return Ok(db.unchanged(Made::Barred(Bar::NoProvince)));
            }
            let all = store::handoffs(db, &issue).await?;
            if all.iter().any(|it| it.is_open() && it.id != new.id) {
                return Ok(db.unchanged(Made::Barred(Bar::HandedOut)));
            }
            let share = Share {
                to: Some(new.to.committee),
                until: new.due_on,
                ..Share::default()
            };
            let act = NewMove {
                id: MoveId(new.id.0),
                version: Some(new.version),
                act: Act::Share(Move::HandOut, share),
                words: Some(new.task.clone()),
                is_shown: false,
            };
            let made = store::apply(db, id, &act).await?;
            if made == Made::Done {
                store::add_handoff(db, &issue, new).await?;
            }
            Ok(db.unchanged(made))
        })
        .await
}

/// One pass over a tenant, as receiver and as sender; how many steps were made.
pub async fn pass(scope: &Scope) -> Result<usize> {
    let mut made = 0;
    let unlinked = scope.look(async |db| store::unlinked(db, PASS).await);
    for id in unlinked.await? {
        made += usize::from(link(scope, id).await?);
    }
    let settled = scope.look(async |db| store::settled(db, PASS).await);
    for linked in settled.await? {
        made += usize::from(answer(scope, &linked).await?);
    }
    scope
        .work(async |db| {
            store::mirror_linked(db).await?;
            Ok(db.unchanged(()))
        })
        .await?;
    let answered = scope.look(async |db| store::answered(db, PASS).await);
    for id in answered.await? {
        made += usize::from(bring(scope, id).await?);
    }
    Ok(made)
}

/// The receiver's side: the linked matter.
async fn link(scope: &Scope, id: HandoffId) -> Result<bool> {
    scope
        .work(async |db| {
            let handoff = store::handoff(db, id).await?.ok_or(Error::NotFound)?;
            let is_new = store::link_handoff(db, &handoff).await?;
            if is_new {
                store::make_linked(db, &handoff).await?;
            }
            Ok(db.unchanged(is_new))
        })
        .await
}

/// The receiver's side: how the linked matter ended, into the row that both see. No young person judges
/// it here.
async fn answer(scope: &Scope, linked: &Linked) -> Result<bool> {
    scope
        .work(async |db| {
            let handoff = store::handoff(db, linked.handoff).await?;
            let handoff = handoff.ok_or(Error::NotFound)?;
            let issue = store::get(db, linked.issue).await?;
            let words = words(db, &issue).await?;
            let is_new = store::answer_handoff(db, &handoff, issue.outcome, &words).await?;
            if is_new && matches!(issue.state, State::Done | State::Explained) {
                let end = NewMove {
                    id: MoveId::new_v7(db.now()),
                    version: Some(issue.version),
                    act: Act::Plain(Move::Lapse),
                    words: Some(BACK.to_owned()),
                    is_shown: false,
                };
                store::apply_as(db, issue.id, &end, Side::System).await?;
            }
            Ok(db.unchanged(is_new))
        })
        .await
}

/// Its answers, point by point, and what was said on closing; of one that was voided the reason.
async fn words(db: &mut ScopedTx, issue: &Issue) -> Result<String> {
    let closings = store::closings(db, issue).await?;
    let Some(last) = closings.into_iter().find(|it| it.stands) else {
        return Ok(issue.state_reason.clone().unwrap_or_default());
    };
    let mut all = last.answers;
    all.push(last.words);
    all.retain(|it| !it.is_empty());
    Ok(all.join("\n"))
}

/// The sender's side: the answer becomes a move of the matter. Where nothing else is waited for it brings
/// it on; else it is one answer of several, or comes to one that went on without it.
async fn bring(scope: &Scope, id: HandoffId) -> Result<bool> {
    scope
        .work(async |db| {
            let handoff = store::handoff(db, id).await?.ok_or(Error::NotFound)?;
            let issue = store::get(db, handoff.issue).await?;
            let is_waited_for =
                issue.state == State::Coordinating && store::parts_open(db, &issue).await? == 0;
            let (act, side) = if is_waited_for {
                (Act::Plain(Move::HandIn), Side::System)
            } else {
                (Act::Share(Move::PartAnswer, came(&handoff)), Side::Partner)
            };
            let new = NewMove {
                id: handoff.hand_in(),
                version: None,
                act,
                words: handoff.answer.clone().or(handoff.returned_reason.clone()),
                is_shown: false,
            };
            let made = store::apply_as(db, issue.id, &new, side).await;
            // What was closed meanwhile keeps the answer in its row.
            let is_made = match made {
                Ok(made) => made == Made::Done,
                Err(Error::Stale(_)) => false,
                Err(fault) => return Err(fault),
            };
            let is_new = store::handed_in(db, &handoff).await?;
            Ok(db.unchanged(is_made && is_new))
        })
        .await
}

fn came(handoff: &Handoff) -> Share {
    let step = match handoff.outcome {
        Some(Outcome::Declined) | None => PartStep::Returned,
        Some(_) => PartStep::Answered,
    };
    Share {
        step: Some(step),
        department: Some(handoff.unit.clone()),
        ..Share::default()
    }
}
