//! What is possible: state × move × who → state, in one table. The store asks it under the lock of the
//! row, the page asks it for what to offer, docs/permissions.md is made from it, and the check
//! `issue_moves_possible` of the database says the same of states. Domain.md §2.5.

use super::model::{Move, Side, State};

/// Where a move leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    State(State),
    /// It stays where it is: something is said or set.
    Same,
    /// Back to where it was when it began to wait, or was suspended.
    Back,
}

#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub act: Move,
    pub from: &'static [State],
    pub to: To,
    pub by: &'static [Side],
}

use Side::{Handler, Lead, Owner, Partner, Receiver, Sender, Superior, System, Youth};
use State::{
    Accepted, Assigned, Closed, Coordinating, Declined, Done, Explained, Handling, Merged, Pending,
    Reopened, Reported, Suspended, Void, Waiting,
};

/// Whoever handles it.
const HANDLES: &[Side] = &[Handler, Lead];
/// Open, and its time runs.
const RUNNING: &[State] = &[
    Pending,
    Accepted,
    Assigned,
    Reported,
    Handling,
    Coordinating,
    Reopened,
];
/// In the hands of its handler.
const IN_HAND: &[State] = &[Accepted, Handling, Coordinating, Reopened];
const OPEN: &[State] = &[
    Pending,
    Waiting,
    Accepted,
    Assigned,
    Reported,
    Handling,
    Coordinating,
    Suspended,
    Reopened,
];
/// Open or closed, not void, merged or declined.
const ALIVE: &[State] = &[
    Pending,
    Waiting,
    Accepted,
    Assigned,
    Reported,
    Handling,
    Coordinating,
    Suspended,
    Reopened,
    Done,
    Explained,
    Closed,
];

const fn rule(act: Move, from: &'static [State], to: To, by: &'static [Side]) -> Rule {
    Rule { act, from, to, by }
}

#[rustfmt::skip]
pub const TABLE: &[Rule] = &[
    rule(Move::Accept, &[Pending], To::State(Accepted), HANDLES),
    rule(Move::Ask, &[Pending, Accepted, Handling, Coordinating], To::State(Waiting), HANDLES),
    rule(Move::Supplement, &[Waiting], To::Back, &[Receiver, Owner, Handler, Lead, Youth]),
    rule(Move::Decline, &[Pending, Waiting], To::State(Declined), HANDLES),
    rule(Move::Assign, &[Pending, Accepted, Handling, Coordinating, Reopened], To::State(Assigned), HANDLES),
    rule(Move::Report, &[Pending, Accepted, Handling, Coordinating, Reopened], To::State(Reported), HANDLES),
    rule(Move::Sign, &[Assigned, Reported], To::State(Handling), HANDLES),
    rule(Move::SendBack, &[Assigned, Reported], To::State(Accepted), HANDLES),
    rule(Move::Recall, &[Assigned, Reported], To::State(Accepted), &[Sender]),
    rule(Move::Take, &[Accepted, Reopened], To::State(Handling), HANDLES),
    rule(Move::Appoint, OPEN, To::Same, HANDLES),
    rule(Move::Progress, &[Waiting, Accepted, Handling, Coordinating, Suspended, Reopened], To::Same, &[Handler, Lead, Receiver]),
    rule(Move::Suspend, &[Accepted, Handling, Coordinating], To::State(Suspended), HANDLES),
    rule(Move::Resume, &[Suspended], To::Back, &[Handler, Lead, System]),
    rule(Move::AskExtension, IN_HAND, To::Same, HANDLES),
    rule(Move::Grant, &[Waiting, Accepted, Handling, Coordinating, Suspended, Reopened], To::Same, &[Sender, Lead, Superior]),
    rule(Move::Refuse, &[Waiting, Accepted, Handling, Coordinating, Suspended, Reopened], To::Same, &[Sender, Lead, Superior]),
    rule(Move::Part, IN_HAND, To::Same, HANDLES),
    rule(Move::PartAnswer, &[Waiting, Accepted, Assigned, Reported, Handling, Coordinating, Suspended, Reopened], To::Same, &[Partner]),
    rule(Move::Refer, &[Handling, Coordinating], To::State(Coordinating), HANDLES),
    rule(Move::Gather, &[Coordinating], To::State(Handling), &[Handler, Lead, System]),
    rule(Move::HandOut, &[Accepted, Handling, Coordinating], To::State(Coordinating), HANDLES),
    rule(Move::HandIn, &[Coordinating], To::State(Handling), &[System]),
    rule(Move::Close, &[Handling, Coordinating], To::State(Done), HANDLES),
    rule(Move::Explain, &[Accepted], To::State(Explained), HANDLES),
    rule(Move::VerdictDone, &[Done, Explained], To::State(Closed), &[Youth]),
    rule(Move::VerdictHalf, &[Done, Explained], To::State(Closed), &[Youth]),
    rule(Move::VerdictNot, &[Done, Explained], To::State(Reopened), &[Youth]),
    rule(Move::Lapse, &[Done, Explained], To::State(Closed), &[System]),
    rule(Move::Reopen, &[Done, Explained, Closed], To::State(Reopened), &[Receiver, Owner, Superior]),
    rule(Move::Reopen, &[Declined], To::State(Pending), &[Receiver, Owner, Superior]),
    rule(Move::FollowUp, &[Done, Explained, Closed], To::Same, &[Receiver, Sender, Owner, Superior]),
    rule(Move::Urge, RUNNING, To::Same, &[Receiver, Sender, Owner, Superior, System]),
    rule(Move::Supervise, RUNNING, To::Same, &[Sender, Superior, System]),
    rule(Move::Raise, RUNNING, To::Same, &[Handler, Sender, Owner, System]),
    rule(Move::Climb, RUNNING, To::State(Reported), &[System]),
    rule(Move::Instruct, ALIVE, To::Same, &[Lead, Owner, Superior]),
    rule(Move::InstructSign, ALIVE, To::Same, HANDLES),
    rule(Move::InstructAnswer, ALIVE, To::Same, HANDLES),
    rule(Move::Void, &[Pending], To::State(Void), &[Receiver, Owner, Youth]),
    rule(Move::Merge, OPEN, To::State(Merged), &[Handler, Lead, Owner]),
];

/// Why a move is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody can do that in this state.
    State,
    /// Somebody else can.
    Side,
}

/// Where the move leads and in which capacity: the first of `sides` that may. `back` is the state a
/// paused issue goes on with.
pub fn step(
    state: State,
    back: Option<State>,
    act: Move,
    sides: &[Side],
) -> Result<(State, Side), Refusal> {
    let fits = |rule: &&Rule| rule.act == act && rule.from.contains(&state);
    let rule = TABLE.iter().find(fits).ok_or(Refusal::State)?;
    let side = sides.iter().find(|side| rule.by.contains(side));
    let side = *side.ok_or(Refusal::Side)?;
    let to = match rule.to {
        To::State(to) => to,
        To::Same => state,
        To::Back => back.ok_or(Refusal::State)?,
    };
    Ok((to, side))
}

/// The states a paused issue can go on with.
pub const BACK: &[State] = &[Pending, Accepted, Handling, Coordinating];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_move_is_in_the_table_and_each_state_can_be_reached() {
        for act in Move::ALL {
            assert!(TABLE.iter().any(|rule| rule.act == *act), "{act}");
        }
        for state in State::ALL.iter().filter(|state| **state != Pending) {
            let leads = TABLE.iter().any(|rule| rule.to == To::State(*state));
            assert!(leads, "{state}");
        }
        for (at, rule) in TABLE.iter().enumerate() {
            for twin in &TABLE[at + 1..] {
                let both = rule.from.iter().any(|state| twin.from.contains(state));
                assert!(rule.act != twin.act || !both, "{} twice", rule.act);
            }
        }
    }

    #[test]
    fn an_end_is_an_end_and_nothing_open_is_stuck() {
        for state in State::ALL {
            let leaves = |rule: &&Rule| rule.from.contains(state) && rule.to != To::Same;
            let n = TABLE.iter().filter(leaves).count();
            match state {
                Void | Merged => assert_eq!(n, 0, "{state}"),
                _ => assert!(n > 0, "{state}"),
            }
            let touched = TABLE.iter().any(|rule| rule.from.contains(state));
            assert_eq!(touched, state.counts(), "{state}");
        }
    }

    #[test]
    fn the_first_capacity_that_may_acts() {
        let both = [Side::Receiver, Side::Handler];
        assert_eq!(
            step(Pending, None, Move::Accept, &both),
            Ok((Accepted, Side::Handler))
        );
        assert_eq!(
            step(Pending, None, Move::Accept, &[Side::Owner]),
            Err(Refusal::Side)
        );
        assert_eq!(step(Void, None, Move::Accept, &both), Err(Refusal::State));
        let back = step(Waiting, Some(Handling), Move::Supplement, &both);
        assert_eq!(back, Ok((Handling, Side::Receiver)));
    }
}
