//! When what happens: the evenings of one county, or of the city itself, from 1 January of last year to
//! now, with bumps on the set evenings, dips in February and July, and a county or two behind.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::chance::Chance;
use crate::kit::clock::{instant, local};

/// A visit to be made; who goes and who is met is drawn when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outing {
    pub at: DateTime<Utc>,
    /// Which of the county's committees goes out: 0 the county itself, else a town.
    pub team: usize,
}

/// How a unit keeps its evenings.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// Outings on a set evening.
    pub teams: usize,
    /// Set evenings a month.
    pub evenings: usize,
    /// A month of this year (1–12) with three evenings only.
    pub lapse: Option<u32>,
}

/// Every outing of a unit up to `now`, in order of time.
pub fn outings(chance: &mut Chance, habit: Habit, teams: usize, now: DateTime<Utc>) -> Vec<Outing> {
    let today = local(now).date();
    let first = NaiveDate::from_ymd_opt(today.year() - 1, 1, 1).unwrap_or(today);
    let mut found = Vec::new();
    let mut month = first;
    while month <= today {
        let lapsed = month.year() == today.year() && habit.lapse == Some(month.month());
        let evenings = if lapsed { 3 } else { habit.evenings };
        for day in set_evenings(month, evenings) {
            for _ in 0..busy(month, habit.teams) {
                found.push(by_night(chance, day, teams));
            }
        }
        for _ in 0..busy(month, habit.teams * 7 / 3) {
            found.push(by_day(chance, month, teams));
        }
        month = next_month(month);
    }
    found.extend(lately(chance, today, teams));
    found.retain(|outing| outing.at <= now - TimeDelta::minutes(10));
    found.sort_by_key(|outing| outing.at);
    found
}

/// The first and third Wednesday, then Thursdays and Tuesdays between them.
fn set_evenings(month: NaiveDate, n: usize) -> Vec<NaiveDate> {
    let days = month
        .iter_days()
        .take_while(|day| day.month() == month.month());
    let of = |weekday: Weekday| days.clone().filter(move |day| day.weekday() == weekday);
    let mut chosen: Vec<NaiveDate> = of(Weekday::Wed).step_by(2).take(2).collect();
    chosen.extend(of(Weekday::Thu).skip(1).step_by(2));
    chosen.extend(of(Weekday::Tue).skip(1).step_by(2));
    chosen.truncate(n);
    chosen
}

/// Fewer around the Spring Festival and in the heat.
fn busy(month: NaiveDate, teams: usize) -> usize {
    if matches!(month.month(), 2 | 7) {
        teams.div_ceil(2)
    } else {
        teams
    }
}

fn by_night(chance: &mut Chance, day: NaiveDate, teams: usize) -> Outing {
    let minutes = 18 * 60 + 20 + chance.below(150);
    outing(chance, day, minutes, teams)
}

fn by_day(chance: &mut Chance, month: NaiveDate, teams: usize) -> Outing {
    let day = month + Days::new(u64::try_from(chance.below(28)).unwrap_or(0));
    let minutes = 9 * 60 + chance.below(8 * 60);
    outing(chance, day, minutes, teams)
}

/// So that the last two nights, this morning, and tonight once it is dark, have life whatever the weekday
/// and the day of the month; what lies ahead falls away.
fn lately(chance: &mut Chance, today: NaiveDate, teams: usize) -> Vec<Outing> {
    let mut found = Vec::new();
    for back in [2, 1, 0] {
        let day = today - Days::new(back);
        let morning = 8 * 60 + chance.below(40);
        found.push(outing(chance, day, morning, teams));
        found.push(by_night(chance, day, teams));
    }
    found.push(outing(chance, today, 18 * 60 + 5, teams));
    found.push(by_night(chance, today, teams));
    found
}

fn outing(chance: &mut Chance, day: NaiveDate, minutes: usize, teams: usize) -> Outing {
    let minutes = i64::try_from(minutes).unwrap_or(0);
    Outing {
        at: instant(day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes)),
        team: if teams == 0 {
            0
        } else {
            chance.below(teams + 1)
        },
    }
}

fn next_month(month: NaiveDate) -> NaiveDate {
    let (year, next) = if month.month() == 12 {
        (month.year() + 1, 1)
    } else {
        (month.year(), month.month() + 1)
    };
    NaiveDate::from_ymd_opt(year, next, 1).unwrap_or(month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        instant("2026-11-24T21:20:00".parse().unwrap())
    }

    const HABIT: Habit = Habit {
        teams: 2,
        evenings: 5,
        lapse: Some(3),
    };

    #[test]
    fn nothing_is_in_the_future_and_most_is_by_night() {
        let all = outings(&mut Chance::new(9), HABIT, 4, now());
        assert!(
            all.iter()
                .all(|outing| outing.at < now() && outing.team <= 4)
        );
        assert!((250..450).contains(&all.len()), "{}", all.len());
        let night = |outing: &&Outing| crate::kit::clock::evening_of(outing.at, 18).0;
        let nights = all.iter().filter(night).count();
        let share = nights * 100 / all.len();
        assert!((55..80).contains(&share), "{share} % by night");
        assert_eq!(all, outings(&mut Chance::new(9), HABIT, 4, now()));
    }

    #[test]
    fn a_month_has_its_evenings_and_the_lapse_has_three() {
        let march = "2026-03-01".parse().unwrap();
        assert_eq!(set_evenings(march, 5).len(), 5);
        let all = outings(&mut Chance::new(9), HABIT, 4, now());
        let evenings = |month: u32| {
            let mut days: Vec<_> = all
                .iter()
                .filter_map(|outing| {
                    let (night, day) = crate::kit::clock::evening_of(outing.at, 18);
                    (night && day.year() == 2026 && day.month() == month).then_some(day)
                })
                .collect();
            days.sort_unstable();
            days.dedup();
            days.len()
        };
        assert_eq!(evenings(3), 3);
        assert_eq!(evenings(4), 5);
    }

    #[test]
    fn there_is_life_at_any_hour_of_any_day() {
        for (at, tonight) in [
            ("2026-01-01T09:00:00", false),
            ("2026-11-23T12:00:00", false),
            ("2026-11-24T23:30:00", true),
            ("2028-02-28T18:20:00", true),
            ("2028-02-29T00:10:00", false),
        ] {
            let now = instant(at.parse().unwrap());
            let today = local(now).date();
            let all = outings(&mut Chance::new(9), HABIT, 4, now);
            assert!(all.iter().all(|outing| outing.at < now), "{at}");
            let nights = |day: NaiveDate| {
                let evening = |outing: &&Outing| crate::kit::clock::evening_of(outing.at, 18);
                let on = |outing: &&Outing| evening(outing) == (true, day);
                all.iter().filter(on).count()
            };
            assert!(nights(today - Days::new(1)) > 0, "{at}: last night");
            assert_eq!(nights(today) > 0, tonight, "{at}: tonight");
            let day = |outing: &Outing| local(outing.at).date();
            let is_now =
                |it: &Outing| (day(it).year(), day(it).month()) == (today.year(), today.month());
            assert!(all.iter().any(is_now), "{at}: this month");
            let before = all.iter().filter(|it| day(it).year() == today.year() - 1);
            assert!(before.count() > 150, "{at}: last year");
        }
    }
}
