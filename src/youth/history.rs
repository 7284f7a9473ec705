//! What the day book says of somebody: when they were met, what was changed, who has looked.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::form::LABELS;
use super::model::{ADDED, CALLED, EDITED, MET, REVEALED, UNMET, age_on};
use super::record::Youth;
use crate::kit::clock::{long_date, stamp, today};
use crate::platform::daybook::Entry;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: String,
    pub who: String,
    pub committee: String,
    pub what: What,
}

/// The words for it stand in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// On a visit; `age` where they were under 18 that evening.
    Met {
        visit: Uuid,
        evening: String,
        whereabouts: String,
        age: Option<i32>,
    },
    Voided,
    Added,
    /// The names of the fields.
    Edited(String),
    Revealed(String),
    Called,
}

impl What {
    fn is_look(&self) -> bool {
        matches!(self, Self::Revealed(_) | Self::Called)
    }
}

/// What happened and who looked, newest first.
pub fn history(of: &Youth, entries: &[Entry], now: DateTime<Utc>) -> (Vec<Event>, Vec<Event>) {
    let mut told = Told::of(entries);
    let event = |entry: &Entry| {
        Some(Event {
            what: what(of, entry, &mut told, now)?,
            at: stamp(entry.at, now),
            who: entry.cadre.clone().unwrap_or_default(),
            committee: entry.committee.clone().unwrap_or_default(),
        })
    };
    let events = entries.iter().filter_map(event);
    events.partition(|event| !event.what.is_look())
}

/// The visits of which something is told already: of each only its last word counts. A visit moved
/// to another evening is unmet and met in one moment, and then was met.
struct Told {
    visits: Vec<Uuid>,
    met: Vec<(Uuid, DateTime<Utc>)>,
}

impl Told {
    fn of(entries: &[Entry]) -> Self {
        let met = entries.iter().filter(|entry| entry.verb == MET.code);
        Self {
            visits: Vec::new(),
            met: met
                .filter_map(|it| Some((read(it, "visit")?, it.at)))
                .collect(),
        }
    }

    fn is_news(&mut self, entry: &Entry, visit: Uuid) -> bool {
        let moved = entry.verb == UNMET.code && self.met.contains(&(visit, entry.at));
        if moved || self.visits.contains(&visit) {
            return false;
        }
        self.visits.push(visit);
        true
    }
}

fn what(of: &Youth, entry: &Entry, told: &mut Told, now: DateTime<Utc>) -> Option<What> {
    match entry.verb.as_str() {
        code if code == MET.code || code == UNMET.code => {
            let visit: Uuid = read(entry, "visit")?;
            if !told.is_news(entry, visit) {
                return None;
            }
            if code == UNMET.code {
                return Some(What::Voided);
            }
            let evening: NaiveDate = read(entry, "evening")?;
            let birth = of.birth_on.filter(|_| of.is_minor(evening));
            Some(What::Met {
                visit,
                evening: long_date(evening, today(now)),
                whereabouts: read(entry, "place").unwrap_or_default(),
                age: birth.map(|birth| age_on(birth, evening)),
            })
        }
        code if code == ADDED.code => Some(What::Added),
        code if code == EDITED.code => {
            let fields: Vec<String> = read(entry, "fields")?;
            let label = |name: &String| LABELS.iter().find(|(it, _)| it == name).map(|it| it.1);
            let labels: Vec<&str> = fields.iter().filter_map(label).collect();
            Some(What::Edited(labels.join("、")))
        }
        code if code == REVEALED.code => {
            Some(What::Revealed(entry.purpose.clone().unwrap_or_default()))
        }
        code if code == CALLED.code => Some(What::Called),
        _ => None,
    }
}

fn read<T: serde::de::DeserializeOwned>(entry: &Entry, name: &str) -> Option<T> {
    let value = entry.detail.as_ref()?.get(name)?.clone();
    serde_json::from_value(value).ok()
}

/// How long ago they were met: 今天见过, 5 天没见, 3 个月没见, 2 年没见.
pub fn unseen(last: NaiveDate, today: NaiveDate) -> String {
    match (today - last).num_days() {
        ..=0 => "今天见过".into(),
        days @ 1..60 => format!("{days} 天没见"),
        days @ 60..730 => format!("{} 个月没见", days / 30),
        days => format!("{} 年没见", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_said_as_people_say_it() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (last, said) in [
            ("2026-11-24", "今天见过"),
            ("2026-11-23", "1 天没见"),
            ("2026-09-26", "59 天没见"),
            ("2026-09-25", "2 个月没见"),
            ("2025-11-24", "12 个月没见"),
            ("2023-11-24", "3 年没见"),
        ] {
            assert_eq!(unseen(date(last), date("2026-11-24")), said, "{last}");
        }
    }
}
