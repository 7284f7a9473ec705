//! What the clock does by itself: a suspended matter goes on, a closing on which no verdict came is
//! closed for good, and what runs late is pressed and climbs (domain.md §2.5, timers). Each step is made
//! once: it is decided from the matter as it was read, and made only over that version of it.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::due::Limits;
use super::model::{Act, Hand, Issue, IssueId, Move, MoveId, NewMove, Side, State};
use super::moves::step;
use super::store;
use crate::calendar;
use crate::committees;
use crate::kit::clock::today;
use crate::kit::workday::{Calendar, end_of_day};
use crate::platform::Result;
use crate::platform::feature::{Job, Running};
use crate::platform::scope::{Place, Scope};
use crate::platform::transaction::ScopedTx;

pub const JOB: Job = Job {
    name: "issues: what the clock does",
    every: Duration::from_mins(1),
    run,
};

/// How many are looked at in one pass; the rest waits for the next.
const PASS: i64 = 500;

/// How far a matter was pressed: `Issue::pressed`.
const URGED: i16 = 1;
const SUPERVISED: i16 = 2;
const RAISED: i16 = 3;
const CLIMBED: i16 = 4;
const CLIMBED_AGAIN: i16 = 5;

fn run(scope: Scope) -> Running {
    Box::pin(async move { pass(&scope).await.map(|_| ()) })
}

/// One pass over the tenant; how many moves were made. Each stands in a transaction of its own, so that
/// being killed in the middle loses none and repeats none.
pub async fn pass(scope: &Scope) -> Result<usize> {
    let (ids, limits) = scope
        .look(async |db| {
            let limits = store::limits(db, db.scope().tenant()).await?;
            let calendar = calendar::store::get(db).await?;
            let times = Times::of(&calendar, &limits, db.now());
            Ok((store::ticking(db, &times, PASS).await?, limits))
        })
        .await?;
    let mut made = 0;
    for id in ids {
        while one(scope, id, &limits).await? {
            made += 1;
        }
    }
    Ok(made)
}

/// Makes the next step of one matter; false when there is none, or somebody was quicker.
async fn one(scope: &Scope, id: IssueId, limits: &Limits) -> Result<bool> {
    scope
        .work(async |db| {
            let issue = store::get(db, id).await?;
            let calendar = calendar::store::get(db).await?;
            let times = Times::of(&calendar, limits, db.now());
            let Some(act) = act(db, &issue, &times).await? else {
                return Ok(db.unchanged(false));
            };
            let new = NewMove {
                id: MoveId::new_v7(db.now()),
                version: Some(issue.version),
                act,
                words: None,
                is_shown: false,
            };
            let made = store::apply_as(db, id, &new, Side::System).await?;
            Ok(db.unchanged(made == store::Made::Done))
        })
        .await
}

async fn act(db: &mut ScopedTx, issue: &Issue, times: &Times) -> Result<Option<Act>> {
    let Some(next) = times.next(issue) else {
        return Ok(None);
    };
    if next != Move::Climb {
        return Ok(Some(Act::Plain(next)));
    }
    let above = above(db, issue).await?;
    Ok(above.map(climb))
}

/// Where a matter climbs to: the committee over the one that handles it, of the same city and open.
pub(super) async fn above(db: &mut ScopedTx, issue: &Issue) -> Result<Option<Place>> {
    let here = committees::store::get(db, issue.handler_committee_id).await?;
    let Some(parent) = here.and_then(|it| it.parent_id) else {
        return Ok(None);
    };
    let day = db.scope().today();
    let parent = committees::store::get(db, parent).await?;
    let fits = parent.filter(|it| it.tenant_id == issue.tenant_id && it.is_open(day));
    Ok(fits.map(|it| it.place()))
}

pub(super) fn climb(to: Place) -> Act {
    let hand = Hand {
        to,
        cadre: None,
        due_on: None,
    };
    Act::Hand(Move::Climb, hand)
}

/// The instants before which something must have been, to be late now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// What is due up to here has been late for so many working days.
    pub climbs: DateTime<Utc>,
    pub climbs_again: DateTime<Utc>,
    /// What was closed before this can be judged no more.
    pub judged: DateTime<Utc>,
}

impl Times {
    pub fn of(calendar: &Calendar, limits: &Limits, now: DateTime<Utc>) -> Self {
        Self {
            now,
            today: today(now),
            climbs: late_by(calendar, limits.climb_days, now),
            climbs_again: late_by(calendar, limits.climb_again_days, now),
            judged: now - TimeDelta::days(i64::from(limits.reopen_days)),
        }
    }

    /// What the clock does next with it.
    pub fn next(&self, issue: &Issue) -> Option<Move> {
        let can = |act: Move| {
            let sides = [Side::System];
            step(issue.state, issue.resume_state, act, &sides).is_ok()
        };
        let next = match issue.state {
            State::Suspended => issue
                .resume_on
                .filter(|day| *day <= self.today)
                .map(|_| Move::Resume),
            State::Done | State::Explained => issue
                .closed_at
                .filter(|at| *at < self.judged)
                .map(|_| Move::Lapse),
            _ => self.press(issue),
        };
        next.filter(|act| can(*act))
    }

    /// 催办 when four fifths are over, 督办 when all of it is, 提请书记协调 and one level up some working
    /// days later, and one more after that. Who comes late finds the last step made, not all of them.
    fn press(&self, issue: &Issue) -> Option<Move> {
        let due = issue.due_at?;
        let is_root = issue.handler_committee_id.0 == issue.tenant_id.0;
        // Never twice on one day, so that who got it has time to look.
        let rested = issue.pressed_at.is_none_or(|at| today(at) < self.today);
        let steps = [
            (
                CLIMBED_AGAIN,
                Move::Climb,
                due <= self.climbs_again && !is_root && rested && issue.pressed == CLIMBED,
            ),
            (
                CLIMBED,
                Move::Climb,
                due <= self.climbs && !is_root && issue.pressed == RAISED,
            ),
            (RAISED, Move::Raise, due <= self.climbs),
            (SUPERVISED, Move::Supervise, due < self.now),
            (
                URGED,
                Move::Urge,
                issue.warn_at.is_some_and(|at| at < self.now),
            ),
        ];
        let next = steps
            .into_iter()
            .find(|(pressed, _, is_so)| *is_so && issue.pressed < *pressed);
        next.map(|(_, act, _)| act)
    }
}

/// The last end of a day that lies at least so many working days back.
fn late_by(calendar: &Calendar, days: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let days = u32::try_from(days).unwrap_or(0);
    let mut day = today(now);
    // The day is over on which they are full.
    while calendar.add(day, days) >= today(now) {
        let Some(before) = day.pred_opt() else { break };
        day = before;
    }
    end_of_day(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_by_working_days_leaves_out_the_holidays() {
        let calendar = Calendar::china();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // A Tuesday: what was due on Thursday has had Friday and Monday.
        let late = late_by(&calendar, 2, at("2026-11-24T04:00:00Z"));
        assert_eq!(late, at("2026-11-19T15:59:59Z"));
        let none = late_by(&calendar, 0, at("2026-11-24T04:00:00Z"));
        assert_eq!(none, at("2026-11-23T15:59:59Z"));
        // On the ninth of October only the eighth has passed since the holiday.
        let late = late_by(&calendar, 2, at("2026-10-09T04:00:00Z"));
        assert_eq!(late, at("2026-09-29T15:59:59Z"));
    }
}
