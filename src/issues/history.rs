//! What happened to an issue: its moves, and from its day book who corrected and who read it. The first
//! line is made of the record itself, so it is there for a handler too, whose committee does not read
//! the owner's day book.

use chrono::{DateTime, Utc};

use super::model::{
    CORRECTED, Category, DeclineReason, Issue, Move, Outcome, PartStep, RECOUNTED, REVEALED, Side,
    Urgency,
};
use super::store::Moved;
use crate::kit::clock::stamp;
use crate::platform::daybook::Entry;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: String,
    /// Who did it, with his committee.
    pub who: String,
    pub committee: String,
    pub what: What,
}

/// The words for it stand in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Heard,
    Corrected {
        detail: bool,
        category: Option<(Category, Category)>,
        urgency: Option<(Urgency, Urgency)>,
    },
    Revealed {
        purpose: String,
    },
    /// The end of its time was counted again: from, to.
    Recounted(Option<(DateTime<Utc>, DateTime<Utc>)>),
    Moved(Box<Moved>),
}

impl Moved {
    /// What stands in its circle: an icon with its tone.
    pub fn pin(&self) -> (&'static str, &'static str) {
        match self.act {
            Move::Accept | Move::Sign | Move::Take | Move::Appoint => ("handshake", "qing"),
            Move::Progress | Move::PartAnswer | Move::Gather | Move::HandIn | Move::Supplement => {
                ("message-square-text", "")
            }
            Move::Close | Move::Explain | Move::VerdictDone | Move::VerdictHalf | Move::Lapse => {
                ("circle-check", "ok")
            }
            Move::VerdictNot | Move::Reopen | Move::SendBack => ("rotate-ccw", "red"),
            Move::Assign
            | Move::Report
            | Move::Recall
            | Move::Climb
            | Move::Part
            | Move::Refer
            | Move::HandOut => ("arrow-right-left", ""),
            Move::Suspend
            | Move::Resume
            | Move::AskExtension
            | Move::Grant
            | Move::Refuse
            | Move::Ask => ("clock", ""),
            Move::Urge | Move::Supervise | Move::Raise => ("bell", "lamp"),
            Move::Instruct | Move::InstructSign | Move::InstructAnswer | Move::FollowUp => {
                ("pen-line", "")
            }
            Move::Void | Move::Decline | Move::Merge => ("x", ""),
        }
    }

    /// What was done, in words: of a part, which step it is.
    pub fn title(&self) -> &'static str {
        let code = self.reason.as_deref().unwrap_or_default();
        match self.act {
            Move::Part | Move::PartAnswer => {
                PartStep::from_code(code).map_or(self.act.label(), PartStep::label)
            }
            _ => self.act.label(),
        }
    }

    /// Why it was declined, or how it was closed, in words; else nothing.
    pub fn reason(&self) -> &'static str {
        let code = self.reason.as_deref().unwrap_or_default();
        match self.act {
            Move::Decline => DeclineReason::from_code(code).map_or("", DeclineReason::label),
            Move::Close | Move::Explain => Outcome::from_code(code).map_or("", Outcome::label),
            _ => "",
        }
    }
}

/// Newest first.
pub fn events(
    issue: &Issue,
    entries: Vec<Entry>,
    moves: Vec<Moved>,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let event = |entry: Entry| {
        let event = Event {
            what: what(&entry)?,
            at: stamp(entry.at, now),
            who: entry.cadre.unwrap_or_default(),
            committee: entry.committee.unwrap_or_default(),
        };
        Some((entry.at, event))
    };
    let mut all: Vec<(DateTime<Utc>, Event)> = entries.into_iter().filter_map(event).collect();
    all.extend(
        moves
            .into_iter()
            .map(|moved| (moved.at, moved_event(moved, now))),
    );
    // Stable: moves of one moment stay in their order.
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut events: Vec<Event> = all.into_iter().map(|(_, event)| event).collect();
    events.push(Event {
        at: stamp(issue.received_at, now),
        who: issue.receiver.clone().unwrap_or_default(),
        committee: issue.committee.clone(),
        what: What::Heard,
    });
    events
}

pub fn moved_event(moved: Moved, now: DateTime<Utc>) -> Event {
    let who = match moved.side {
        // The answer of others brings it on, not the time.
        Side::System if matches!(moved.act, Move::Gather | Move::HandIn) => String::new(),
        Side::Partner if moved.cadre.is_none() => moved.side.label().to_owned(),
        Side::Youth | Side::System => moved.side.label().to_owned(),
        _ => moved.cadre.clone().unwrap_or_default(),
    };
    Event {
        at: stamp(moved.at, now),
        who,
        committee: moved.committee.clone().unwrap_or_default(),
        what: What::Moved(Box::new(moved)),
    }
}

fn what(entry: &Entry) -> Option<What> {
    let changed = |name: &str| entry.detail.as_ref().and_then(|it| it.get(name)).cloned();
    match entry.verb.as_str() {
        code if code == CORRECTED.code => Some(What::Corrected {
            detail: changed("detail")
                .and_then(|it| it.as_bool())
                .unwrap_or(false),
            category: changed("category").and_then(|it| serde_json::from_value(it).ok()),
            urgency: changed("urgency").and_then(|it| serde_json::from_value(it).ok()),
        }),
        code if code == RECOUNTED.code => {
            let day = |name: &str| changed(name).and_then(|it| serde_json::from_value(it).ok());
            Some(What::Recounted(day("from").zip(day("to"))))
        }
        code if code == REVEALED.code => Some(What::Revealed {
            purpose: entry.purpose.clone().unwrap_or_default(),
        }),
        _ => None,
    }
}
