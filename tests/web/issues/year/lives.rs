//! The lives that are lived in the generated year, and what is known of them.

use chrono::{NaiveDate, TimeDelta};
use qingting::issues::{
    Act, Closing, DeclineReason, Hand, IssueId, Move, Outcome, Satisfaction, Verdict,
};
use qingting::kit::clock::{Clock, today};

use super::acts::{department, follow_up, judge};
use crate::harness::{Town, evening};
use crate::issues::figures::{accept, on, walk};
use crate::issues::{heard, new};

/// One way through life, a step a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Accept,
    Take,
    /// To the other county, which signs.
    Abroad,
    Assign,
    Report,
    Ask,
    Suspend,
    Refer,
    Close(Outcome),
    Explain,
    Decline,
    Judge(Verdict),
    Follow(Satisfaction),
    Reopen,
    Merge,
    Void,
}

use Outcome::{Partly, Planned, Solved};
use Step::{
    Abroad, Accept, Ask, Assign, Close, Decline, Explain, Follow, Judge, Merge, Refer, Reopen,
    Report, Suspend, Take, Void,
};

/// Steps with the stretch (of `TIMES`) in which each is made.
const LIVES: [&[(usize, Step)]; 20] = [
    &[],
    &[(0, Accept)],
    &[(0, Accept), (0, Take)],
    &[(0, Ask)],
    &[(0, Accept), (0, Suspend)],
    &[(0, Accept), (0, Assign)],
    &[(0, Accept), (0, Report)],
    &[(0, Accept), (0, Take), (0, Refer)],
    &[(0, Accept), (0, Take), (1, Close(Solved))],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Partly)),
        (2, Judge(Verdict::Done)),
    ],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Planned)),
        (2, Judge(Verdict::Half)),
        (2, Follow(Satisfaction::Mostly)),
    ],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Solved)),
        (2, Judge(Verdict::Not)),
    ],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Solved)),
        (1, Judge(Verdict::Not)),
        (2, Close(Solved)),
        (3, Judge(Verdict::Done)),
    ],
    &[(0, Accept), (0, Explain), (1, Follow(Satisfaction::Very))],
    &[(0, Decline)],
    &[
        (0, Accept),
        (0, Abroad),
        (1, Close(Solved)),
        (2, Judge(Verdict::Done)),
    ],
    &[(0, Accept), (0, Abroad), (3, Close(Solved))],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Solved)),
        (1, Follow(Satisfaction::Not)),
        (2, Reopen),
    ],
    &[
        (0, Accept),
        (0, Take),
        (1, Close(Solved)),
        (1, Judge(Verdict::Not)),
        (2, Merge),
    ],
    &[(0, Void)],
];

/// When the stretches are: the third lies in the new year.
pub const TIMES: [&str; 4] = [
    "2026-11-24T13:30:00Z",
    "2026-12-02T02:00:00Z",
    "2026-12-16T02:00:00Z",
    "2027-01-12T02:00:00Z",
];
/// When the figures are read.
pub const READ: &str = "2027-01-20T02:00:00Z";

/// Who hears, and the levels that it counts at.
const OWNERS: [(&str, &str, &[&str]); 4] = [
    ("town", "town_cadre", &["town", "county", "city"]),
    ("town2", "town2_cadre", &["county", "city"]),
    ("sibling", "sibling_secretary", &["sibling", "city"]),
    ("city", "city_secretary", &["own", "city"]),
];

/// What is known of a matter by whoever generated it.
pub struct Known {
    pub id: IssueId,
    pub key: &'static str,
    levels: &'static [&'static str],
    raised: NaiveDate,
    counts: bool,
    /// Day, whether solved, in time, followed up; of the closing that stands.
    pub closed: Option<(NaiveDate, bool, bool, bool)>,
    verdicts: Vec<(NaiveDate, bool)>,
    pub follow_ups: Vec<(NaiveDate, bool)>,
    departments: Vec<(NaiveDate, &'static str)>,
}

pub struct Year {
    pub towns: Vec<Town>,
    pub all: Vec<Known>,
}

pub async fn generate() -> Year {
    let town = Town::new().await;
    let mut towns = Vec::new();
    for time in TIMES {
        towns.push(town.later(Clock::fixed(on(time))).await);
    }
    let mut year = Year {
        towns,
        all: Vec::new(),
    };
    let mut lives = Vec::new();
    for (o, (place, key, levels)) in OWNERS.into_iter().enumerate() {
        for (l, life) in LIVES.into_iter().enumerate() {
            let n = i64::try_from(o * LIVES.len() + l).expect("a few");
            let mut issue = new(&town, "想找离家近的文员岗位", place);
            issue.raised_on = today(evening()) - TimeDelta::days(n * 7 % 400);
            year.all.push(Known {
                raised: issue.raised_on,
                id: heard(&year.towns[0], key, issue).await,
                key,
                levels,
                counts: true,
                closed: None,
                verdicts: Vec::new(),
                follow_ups: Vec::new(),
                departments: Vec::new(),
            });
            lives.push(life);
        }
    }
    for time in 0..TIMES.len() {
        for (index, life) in lives.iter().enumerate() {
            for (_, step) in life.iter().filter(|(at, _)| *at == time) {
                year.play(index, time, *step).await;
            }
        }
    }
    year
}

impl Year {
    async fn play(&mut self, index: usize, time: usize, step: Step) {
        let town = &self.towns[time];
        let day = today(on(TIMES[time]));
        let first = self.all[index / LIVES.len() * LIVES.len()].id;
        let known = &mut self.all[index];
        let abroad = if known.key == "sibling_secretary" {
            "county"
        } else {
            "sibling"
        };
        let lives_abroad = LIVES[index % LIVES.len()].contains(&(0, Abroad));
        let is_abroad = lives_abroad && !matches!(step, Accept | Abroad);
        let key = match (is_abroad, abroad) {
            (false, _) => known.key,
            (true, "county") => "county_secretary",
            _ => "sibling_secretary",
        };
        let hand = |place: &str| Hand {
            to: town.world.committee(place).place,
            cadre: None,
            due_on: None,
        };
        let act = match step {
            Accept => accept(),
            Take => Act::Name(Move::Take, None),
            Abroad | Assign => Act::Hand(Move::Assign, hand(abroad)),
            // Nothing is above the city.
            Report if known.key == "city_secretary" => return,
            Report => Act::Hand(Move::Report, hand("city")),
            Ask => Act::Plain(Move::Ask),
            Suspend => Act::Suspend(day + TimeDelta::days(20)),
            Refer => {
                let name = ["人社局", "住建局"][index % 2];
                department(town, known.id, name).await;
                known.departments.push((day, name));
                Act::Plain(Move::Refer)
            }
            Close(outcome) => {
                // Fifteen working days from 24 November end on 15 December; what was reopened begins anew.
                let in_time = time < 2 || !known.verdicts.is_empty();
                known.closed = Some((day, outcome.is_solved(), in_time, false));
                closing(Move::Close, outcome)
            }
            Explain => {
                known.closed = Some((day, false, true, false));
                closing(Move::Explain, Outcome::Explained)
            }
            Decline => {
                known.closed = Some((day, false, true, false));
                Act::Decline(DeclineReason::Court)
            }
            Judge(verdict) => {
                known.verdicts.push((day, verdict == Verdict::Done));
                if verdict == Verdict::Not {
                    known.closed = None;
                }
                judge(town, known, key, verdict).await;
                if verdict == Verdict::Not {
                    walk(town, key, known.id, vec![Act::Name(Move::Take, None)]).await;
                }
                return;
            }
            Follow(how) => {
                known.follow_ups.push((day, how.is_content()));
                if let Some(closed) = &mut known.closed {
                    closed.3 = true;
                }
                follow_up(town, known, how).await;
                return;
            }
            Reopen => {
                known.closed = None;
                let key = reopener(known.key);
                walk(town, key, known.id, vec![Act::Plain(Move::Reopen)]).await;
                return;
            }
            Merge => {
                known.counts = false;
                Act::Merge(first)
            }
            Void => {
                known.counts = false;
                Act::Plain(Move::Void)
            }
        };
        walk(town, key, known.id, vec![act]).await;
        if step == Abroad {
            let key = if abroad == "county" {
                "county_secretary"
            } else {
                "sibling_secretary"
            };
            walk(town, key, known.id, vec![Act::Name(Move::Sign, None)]).await;
        }
    }

    /// Numerator, and what it is of.
    pub fn by_hand(
        &self,
        code: &str,
        place: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> (i64, Option<i64>) {
        let within = |day: NaiveDate| (from..=to).contains(&day);
        let mine = || {
            self.all
                .iter()
                .filter(|it| it.counts && it.levels.contains(&place))
        };
        let closed = || mine().filter_map(|it| it.closed).filter(|it| within(it.0));
        let open_at = |it: &&Known, day: NaiveDate| it.closed.is_none_or(|closed| closed.0 >= day);
        let verdicts = || mine().flat_map(|it| &it.verdicts).filter(|it| within(it.0));
        let follow_ups = || {
            mine()
                .flat_map(|it| &it.follow_ups)
                .filter(|it| within(it.0))
        };
        let sent = || {
            mine()
                .flat_map(|it| &it.departments)
                .filter(|it| within(it.0))
        };
        let n = |n: usize| i64::try_from(n).expect("a few");
        let lived = || {
            n(mine()
                .filter(|it| it.raised <= to && open_at(it, from))
                .count())
        };
        match code {
            "D01" => (n(mine().filter(|it| within(it.raised)).count()), None),
            "D02" => (n(closed().filter(|it| it.1).count()), None),
            "D03" => (n(closed().count()), None),
            "D04" => (n(closed().count()), Some(lived())),
            "D04A" => (lived(), None),
            "D05" => (
                n(closed().filter(|it| it.2).count()),
                Some(n(closed().count())),
            ),
            "D07" => (
                n(verdicts().filter(|it| it.1).count()),
                Some(n(verdicts().count())),
            ),
            "D07A" => (n(verdicts().count()), None),
            "D08" => (
                n(closed().filter(|it| it.3).count()),
                Some(n(closed().count())),
            ),
            "D08A" => (n(follow_ups().count()), None),
            "D08B" => (
                n(follow_ups().filter(|it| it.1).count()),
                Some(n(follow_ups().count())),
            ),
            "D10" => (n(sent().count()), None),
            "D10A" => {
                let names: std::collections::HashSet<&str> = sent().map(|it| it.1).collect();
                (n(names.len()), None)
            }
            "D11" => (
                n(mine()
                    .filter(|it| it.raised < from && open_at(it, from))
                    .count()),
                None,
            ),
            other => panic!("{other}"),
        }
    }
}

/// Who reopens by a committee's right: never who closed it.
pub fn reopener(key: &str) -> &'static str {
    match key {
        "town_cadre" | "town2_cadre" => "county_secretary",
        _ => "city_secretary",
    }
}

fn closing(act: Move, outcome: Outcome) -> Act {
    let answers = vec!["推了两个岗位".into()];
    Act::Close(act, Closing { outcome, answers })
}
