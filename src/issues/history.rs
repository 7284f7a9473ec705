//! What happened to an issue, from its day book. The first line is made of the record itself, so it
//! is there for a handler too, whose committee does not read the owner's day book.

use chrono::{DateTime, Utc};

use super::model::{CORRECTED, Category, Issue, REVEALED, Urgency, VOIDED};
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
    Voided,
    Revealed {
        purpose: String,
    },
}

/// Newest first.
pub fn events(issue: &Issue, entries: Vec<Entry>, now: DateTime<Utc>) -> Vec<Event> {
    let event = |entry: Entry| {
        Some(Event {
            what: what(&entry)?,
            at: stamp(entry.at, now),
            who: entry.cadre.unwrap_or_default(),
            committee: entry.committee.unwrap_or_default(),
        })
    };
    let mut events: Vec<Event> = entries.into_iter().filter_map(event).collect();
    events.push(Event {
        at: stamp(issue.received_at, now),
        who: issue.receiver.clone().unwrap_or_default(),
        committee: issue.committee.clone(),
        what: What::Heard,
    });
    events
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
        code if code == VOIDED.code => Some(What::Voided),
        code if code == REVEALED.code => Some(What::Revealed {
            purpose: entry.purpose.clone().unwrap_or_default(),
        }),
        _ => None,
    }
}
