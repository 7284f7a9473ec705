//! What a move changes in an issue, as plain functions: what stands in its way (`bar`), and how the
//! issue stands after it (`after`). The store asks both under the lock and writes what comes out.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::due::{self, Limits, Rules};
use super::model::{Act, Bar, DueFrom, Issue, Move, NewMove, Outcome, Side, State, Verdict};
use crate::kit::clock::today;
use crate::kit::workday::{Calendar, end_of_day};
use crate::platform::ids::{CadreId, CommitteeId};

/// How often its time may be extended.
pub const EXTENSIONS: i16 = 2;

/// What the rules ask of the world around an issue.
#[derive(Clone, Debug)]
pub struct Around {
    pub now: DateTime<Utc>,
    pub calendar: Arc<Calendar>,
    pub rules: Rules,
    pub limits: Limits,
    /// Who acts; None: the clock, or the young person.
    pub me: Option<CadreId>,
    /// The committee that handed it over last, and the cadre who did.
    pub sender: Option<(CommitteeId, i64)>,
    pub handed_by: Option<CadreId>,
    /// When the pause began that is open.
    pub paused_at: Option<DateTime<Utc>>,
    /// The extension that waits for an answer: the day wanted, who asked.
    pub asked: Option<(NaiveDate, CadreId)>,
    /// Parts and handoffs without an answer.
    pub parts_open: i64,
    /// Who closed it last.
    pub closed_by: Option<CadreId>,
    /// 批示 without a report: who gave it, whether it is signed; the one that is answered next first.
    pub instructions: Vec<(CadreId, bool)>,
}

/// Why the table's move cannot be made now; None: it can. Whether units and cadres fit is asked by the
/// store beside it.
pub fn bar(issue: &Issue, around: &Around, new: &NewMove, side: Side) -> Option<Bar> {
    match &new.act {
        Act::Close(_, closing) => {
            let unanswered = closing.answers.len() != issue.asked_points();
            barred(&[
                (around.parts_open > 0, Bar::PartsOpen),
                (unanswered, Bar::Unanswered),
            ])
        }
        Act::Suspend(until) => {
            let last = today(around.now) + TimeDelta::days(i64::from(around.limits.suspend_days));
            barred(&[
                (*until <= today(around.now), Bar::DueBefore),
                (*until > last, Bar::TooLong),
            ])
        }
        Act::Hand(_, hand) => {
            let is_past = hand.due_on.is_some_and(|day| day < today(around.now));
            barred(&[(is_past, Bar::DueBefore)])
        }
        Act::Instruct(day) => barred(&[(*day < today(around.now), Bar::DueBefore)]),
        Act::Plain(Move::InstructSign) => {
            let is_signed = around.instructions.iter().all(|(_, is_signed)| *is_signed);
            barred(&[(is_signed, Bar::NoInstruction)])
        }
        Act::Plain(Move::InstructAnswer) => {
            barred(&[(around.instructions.is_empty(), Bar::NoInstruction)])
        }
        Act::AskExtension(wanted) => bar_of_asking(issue, around, *wanted),
        Act::Merge(into) => barred(&[
            (*into == issue.id, Bar::Itself),
            (around.parts_open > 0, Bar::PartsOpen),
        ]),
        Act::Decline(_) => barred(&[(around.parts_open > 0, Bar::PartsOpen)]),
        Act::Share(_, share) => {
            let is_past = share.until.is_some_and(|day| day < today(around.now));
            barred(&[(is_past, Bar::DueBefore)])
        }
        Act::Plain(Move::Grant | Move::Refuse) => bar_of_answering(issue, around, side),
        Act::Plain(Move::Reopen | Move::VerdictNot) => bar_of_reopening(issue, around, side),
        Act::Plain(Move::FollowUp) => barred(&[(
            around.me.is_some() && around.me == around.closed_by,
            Bar::OwnClosing,
        )]),
        _ => None,
    }
}

fn barred(bars: &[(bool, Bar)]) -> Option<Bar> {
    bars.iter().find(|(is_so, _)| *is_so).map(|(_, bar)| *bar)
}

fn bar_of_asking(issue: &Issue, around: &Around, wanted: NaiveDate) -> Option<Bar> {
    let Some(due) = issue.due_at else {
        return Some(Bar::NotTime);
    };
    barred(&[
        (around.asked.is_some(), Bar::AskedAlready),
        (issue.extensions >= EXTENSIONS, Bar::TwiceExtended),
        (due < around.now, Bar::PastDue),
        (wanted <= today(due), Bar::NotLater),
    ])
}

/// Who set the end of its time answers: the sender, or, where it was never handed over, the 书记 of
/// the committee that handles it, or a superior.
fn bar_of_answering(issue: &Issue, around: &Around, side: Side) -> Option<Bar> {
    let Some((_, asked_by)) = around.asked else {
        return Some(Bar::NotAsked);
    };
    barred(&[
        (around.me == Some(asked_by), Bar::OwnRequest),
        (issue.is_handed() && side == Side::Lead, Bar::SetByOther),
    ])
}

fn bar_of_reopening(issue: &Issue, around: &Around, side: Side) -> Option<Bar> {
    let days = match side {
        Side::Youth => around.limits.reopen_days,
        _ => around.limits.reopen_by_committee_days,
    };
    let last = issue.closed_at? + TimeDelta::days(i64::from(days));
    barred(&[(around.now > last, Bar::TooLate)])
}

/// How it stands after the move, in state `to`.
pub fn after(issue: &Issue, around: &Around, new: &NewMove, to: State) -> Issue {
    let mut next = issue.clone();
    next.state = to;
    next.step = Some(issue.step.unwrap_or(0) + 1);
    next.version += 1;
    let act = new.act.word();
    match &new.act {
        Act::Accept { points, cadre } => {
            next.points.clone_from(points);
            next.handler_cadre_id = cadre.or(around.me);
            begin(&mut next, around);
        }
        Act::Hand(act, hand) => {
            hand_over(issue, &mut next, around, hand);
            // Late, it climbs a level at a time; after a third 没办成 it has its time before it.
            if *act == Move::Climb && issue.is_overdue(around.now) {
                press(&mut next, around, issue.pressed.max(3) + 1);
            }
        }
        Act::Name(_, cadre) => {
            next.handler_cadre_id = cadre.or(around.me);
            next.sign_by = next.sign_by.filter(|_| act != Move::Sign);
        }
        Act::Suspend(until) => {
            next.resume_state = Some(issue.state);
            next.resume_on = Some(*until);
        }
        Act::Close(_, closing) => close(&mut next, around, closing.outcome),
        Act::Decline(_) => close(&mut next, around, Outcome::Declined),
        Act::Merge(into) => next.merged_into = Some(*into),
        Act::Plain(_) | Act::AskExtension(_) | Act::Share(..) | Act::Instruct(_) => {
            plain(issue, &mut next, around, act);
        }
    }
    if act == Move::Void {
        next.state_reason.clone_from(&new.words);
    }
    if issue.state.is_paused() && !to.is_paused() {
        go_on(issue, &mut next, around);
    }
    next
}

fn plain(issue: &Issue, next: &mut Issue, around: &Around, act: Move) {
    match act {
        Move::Ask => next.resume_state = Some(issue.state),
        Move::Sign => {
            next.handler_cadre_id = next.handler_cadre_id.or(around.me);
            next.sign_by = None;
        }
        Move::SendBack => back_to(next, around, issue.handler_scope),
        Move::Recall => back_to(next, around, issue.sender_scope),
        Move::Grant => extend(next, around),
        Move::Reopen | Move::VerdictNot => reopen(issue, next, around),
        Move::VerdictDone => next.verdict = Some(Verdict::Done),
        Move::VerdictHalf => next.verdict = Some(Verdict::Half),
        Move::Urge => press(next, around, 1),
        Move::Supervise => press(next, around, 2),
        Move::Raise => press(next, around, 3),
        _ => {}
    }
    if act == Move::VerdictNot {
        next.verdict = Some(Verdict::Not);
    }
}

/// Its time begins: taken on for the first time.
fn begin(next: &mut Issue, around: &Around) {
    let is_first = next.accepted_at.is_none();
    if is_first {
        next.accepted_at = Some(around.now);
    }
    // Before it is taken on, what came by the public page has the days within which it is answered; what the
    // province got from a city has the day that the city set.
    if next.due_at.is_none() || is_first && next.due_from == Some(DueFrom::Rule) {
        let kind = (next.category, next.urgency);
        let due = due::of(&around.calendar, &around.rules, kind, around.now);
        set_due(next, around, around.now, due, DueFrom::Rule);
    }
}

/// A new end of its time, counted from `start`; nothing has pressed it yet.
fn set_due(
    next: &mut Issue,
    around: &Around,
    start: DateTime<Utc>,
    due: DateTime<Utc>,
    from: DueFrom,
) {
    next.due_start_at = Some(start);
    next.due_at = Some(due);
    next.due_from = Some(from);
    next.warn_at = Some(due::warn_at(&around.limits, start, due));
    next.pressed = 0;
    next.pressed_at = None;
}

fn hand_over(issue: &Issue, next: &mut Issue, around: &Around, hand: &super::model::Hand) {
    begin(next, around);
    if let Some(day) = hand.due_on {
        set_due(next, around, around.now, end_of_day(day), DueFrom::Sender);
    }
    next.handler_committee_id = hand.to.committee;
    next.handler_scope = hand.to.scope;
    next.handler_cadre_id = hand.cadre;
    next.sender_scope = issue.handler_scope;
    next.handed_at = Some(around.now);
    let by = due::sign_by(&around.calendar, &around.limits, issue.urgency, around.now);
    next.sign_by = Some(by);
}

/// Sent back: whoever had it now has sent it last, so that he still sees it. Recalled: it never left.
fn back_to(next: &mut Issue, around: &Around, sent_from: i64) {
    let Some((committee, scope)) = around.sender else {
        return;
    };
    next.handler_committee_id = committee;
    next.handler_scope = scope;
    next.handler_cadre_id = around.handed_by;
    next.sender_scope = sent_from;
    next.handed_at = None;
    next.sign_by = None;
}

fn extend(next: &mut Issue, around: &Around) {
    if let Some((wanted, _)) = around.asked {
        let start = next.due_start_at.unwrap_or(around.now);
        set_due(next, around, start, end_of_day(wanted), DueFrom::Extension);
        next.extensions += 1;
    }
}

fn press(next: &mut Issue, around: &Around, step: i16) {
    next.pressed = next.pressed.max(step);
    next.pressed_at = Some(around.now);
}

fn close(next: &mut Issue, around: &Around, outcome: Outcome) {
    next.outcome = Some(outcome);
    next.closed_at = Some(around.now);
    next.closings += 1;
    next.verdict = None;
    next.sign_by = None;
}

/// Its time begins anew; declined, it waits to be taken on.
fn reopen(issue: &Issue, next: &mut Issue, around: &Around) {
    next.closed_at = None;
    next.outcome = None;
    next.verdict = None;
    next.due_at = None;
    next.due_start_at = None;
    next.due_from = None;
    next.warn_at = None;
    next.extensions = 0;
    next.pressed = 0;
    next.pressed_at = None;
    if issue.state == State::Declined {
        next.accepted_at = None;
    } else {
        next.reopenings += 1;
        begin(next, around);
    }
}

/// The pause is over: its time goes on where it stood.
fn go_on(issue: &Issue, next: &mut Issue, around: &Around) {
    next.resume_state = None;
    next.resume_on = None;
    if let (Some(due), Some(began), true) = (issue.due_at, around.paused_at, next.state.is_open()) {
        let pause = (began, around.now);
        next.due_at = Some(due::shifted(&around.calendar, due, pause));
        let warn = issue.warn_at;
        next.warn_at = warn.map(|warn| due::shifted(&around.calendar, warn, pause));
    }
}

/// Working days from its acceptance (or its coming, where it was never accepted) to now, without those
/// of its pauses.
pub fn working_days(issue: &Issue, around: &Around, paused: i32) -> i32 {
    let from = issue.accepted_at.unwrap_or(issue.received_at);
    let days = around.calendar.between(today(from), today(around.now));
    (i32::try_from(days).unwrap_or(i32::MAX) - paused).max(0)
}
