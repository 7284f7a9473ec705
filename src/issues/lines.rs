//! Issues as one line each, for lists: what the reader may see of text and person.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::model::{Category, Issue, IssueId, Move, Sight, State, Urgency};
use super::moves::step;
use super::store;
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;
use crate::youth::{self, Shown, YouthId};

/// How much of a text stands in a list, and how much makes a heading, in characters.
const GIST: usize = 36;
pub(super) const HEAD: usize = 18;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: IssueId,
    pub no: String,
    pub category: Category,
    pub urgency: Urgency,
    pub state: State,
    /// The head of the text; None to whoever may not read it.
    pub gist: Option<String>,
    /// The young person, as the reader may see the name; empty when nobody is named or in sight.
    pub youth: String,
    /// The committee it belongs to.
    pub committee: String,
    /// The cadre who stays with it, else the committee.
    pub handler: String,
    /// Who stands in for that cadre today.
    pub deputy: Option<String>,
    pub raised_on: NaiveDate,
    pub station: i32,
    pub due: Due,
    /// In which its time ends, while it is open.
    pub due_year: Option<i32>,
    /// What was done last, and when.
    pub latest: Option<(Move, DateTime<Utc>)>,
    /// Handed over, and not signed for in time.
    pub is_unsigned: bool,
    /// The reader may hand it over.
    pub may_hand: bool,
    pub version: i32,
}

/// How much of its time is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// No end of its time yet, or no more.
    None,
    /// Its time stands still.
    Paused,
    On(NaiveDate),
    /// Four fifths are over; days left, 0 today.
    Soon(i64),
    /// Days past.
    Over(i64),
}

impl Due {
    /// Somebody has to look.
    pub fn is_pressing(self) -> bool {
        matches!(self, Self::Soon(_) | Self::Over(_) | Self::Paused)
    }

    pub fn of(issue: &Issue, now: DateTime<Utc>) -> Self {
        let Some(due) = issue.due_at.filter(|_| issue.state.is_open()) else {
            return Self::None;
        };
        let (day, today) = (clock::today(due), clock::today(now));
        if issue.state.is_paused() {
            Self::Paused
        } else if issue.is_overdue(now) {
            Self::Over((today - day).num_days())
        } else if issue.is_pressing(now) {
            Self::Soon((day - today).num_days())
        } else {
            Self::On(day)
        }
    }
}

/// Lines in the order of the issues, with one query for all names and one for what was done last.
pub async fn lines(db: &mut ScopedTx, issues: Vec<Issue>) -> Result<Vec<Line>> {
    let names = names(db, &issues).await?;
    let ids: Vec<IssueId> = issues.iter().map(|it| it.id).collect();
    let latest = store::latest(db, &ids).await?;
    let now = db.now();
    let line = |issue: Issue| {
        let youth = issue.youth_id.and_then(|id| names.get(&id));
        let may_read = issue.sight(db.scope(), met(youth)) == Sight::Open;
        Line {
            id: issue.id,
            category: issue.category,
            urgency: issue.urgency,
            state: issue.state,
            gist: may_read.then(|| gist(&issue.detail, GIST)),
            youth: youth.map(|it| it.name.clone()).unwrap_or_default(),
            handler: issue
                .handler_cadre
                .clone()
                .unwrap_or(issue.handler_committee.clone()),
            deputy: issue.handler_deputy.clone(),
            raised_on: issue.raised_on,
            station: issue.station(),
            due: Due::of(&issue, now),
            is_unsigned: issue.is_unsigned(now),
            due_year: issue
                .due_at
                .filter(|_| issue.state.is_open())
                .map(|at| clock::today(at).year()),
            may_hand: {
                let sides = issue.sides(db.scope(), &[]);
                step(issue.state, issue.resume_state, Move::Assign, &sides).is_ok()
            },
            version: issue.version,
            latest: latest.get(&issue.id).copied(),
            no: issue.no,
            committee: issue.committee,
        }
    };
    Ok(issues.into_iter().map(line).collect())
}

pub(super) async fn names(db: &mut ScopedTx, issues: &[Issue]) -> Result<HashMap<YouthId, Shown>> {
    let mut ids: Vec<YouthId> = issues.iter().filter_map(|it| it.youth_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    youth::store::names(db, &ids).await
}

/// Whoever sees the whole name has met the young person.
pub(super) fn met(youth: Option<&Shown>) -> bool {
    youth.is_some_and(|it| !it.veiled)
}

/// The head of a text on one line, at most `max` characters.
pub(super) fn gist(detail: &str, max: usize) -> String {
    let line = detail.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let head: String = line.chars().take(max - 1).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gist_is_one_line_of_at_most_36_characters() {
        assert_eq!(gist("想找活\n离家近", GIST), "想找活 离家近");
        let long = gist(&"字".repeat(50), GIST);
        assert_eq!(long.chars().count(), GIST);
        assert!(long.ends_with('…'));
        assert_eq!(gist(&"字".repeat(36), GIST), "字".repeat(36));
    }
}
