//! When it happens: every day from 1 January of last year to now has its share of the visits.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use crate::demo::chance::Chance;
use crate::kit::clock::{instant, local};

/// The first day with visits.
pub fn first(now: DateTime<Utc>) -> NaiveDate {
    let year = local(now).year() - 1;
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// Each day with the number of its visits, which together are `visits`.
pub fn shares(visits: usize, now: DateTime<Utc>) -> Vec<(NaiveDate, usize)> {
    let today = local(now).date();
    let days: Vec<NaiveDate> = first(now)
        .iter_days()
        .take_while(|day| *day <= today)
        .collect();
    let total: usize = days.iter().map(|day| weight(*day)).sum();
    let (mut so_far, mut given) = (0, 0);
    let share = |day: NaiveDate| {
        so_far += weight(day);
        let due = visits * so_far / total;
        let share = due - given;
        given = due;
        (day, share)
    };
    days.into_iter().map(share).collect()
}

/// More on the set evenings (first and third Wednesday), less around the Spring Festival and in the heat.
fn weight(day: NaiveDate) -> usize {
    let set = day.weekday() == Weekday::Wed && matches!(day.day(), 1..=7 | 15..=21);
    let usual = if set { 60 } else { 10 };
    if matches!(day.month(), 2 | 7) {
        usual / 2
    } else {
        usual
    }
}

/// When that day's visits begin, in order: 65 in a hundred by night, none later than ten minutes ago.
pub fn times(
    chance: &mut Chance,
    day: NaiveDate,
    n: usize,
    now: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let latest = now - TimeDelta::minutes(10);
    let mut times: Vec<DateTime<Utc>> = (0..n)
        .map(|_| {
            let minutes = if chance.percent(65) {
                18 * 60 + chance.below(4 * 60)
            } else {
                8 * 60 + chance.below(10 * 60)
            };
            let seconds = i64::try_from(minutes * 60 + chance.below(60)).unwrap_or(0);
            let at = instant(day.and_time(NaiveTime::MIN)) + TimeDelta::seconds(seconds);
            if at <= latest {
                at
            } else {
                let back = u64::try_from(1 + chance.below(7)).unwrap_or(1);
                at - Days::new(back)
            }
        })
        .collect();
    times.sort_unstable();
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        instant("2026-11-24T21:20:00".parse().unwrap())
    }

    #[test]
    fn the_shares_are_all_visits_and_set_evenings_have_more() {
        let shares = shares(20_000, now());
        assert_eq!(shares.iter().map(|(_, n)| n).sum::<usize>(), 20_000);
        let of = |day: &str| {
            let day = day.parse().unwrap();
            shares.iter().find(|(it, _)| *it == day).unwrap().1
        };
        assert!(of("2026-11-04") > 4 * of("2026-11-05"));
        assert_eq!(shares.last().unwrap().0, local(now()).date());
    }

    #[test]
    fn nothing_begins_in_the_future_and_most_by_night() {
        let today = local(now()).date();
        let times = times(&mut Chance::new(4), today, 500, now());
        assert!(times.iter().all(|at| *at < now()) && times.is_sorted());
        let day = "2026-11-04".parse().unwrap();
        let night = |at: &&DateTime<Utc>| crate::kit::clock::evening_of(**at, 18).0;
        let times = super::times(&mut Chance::new(4), day, 1000, now());
        let nights = times.iter().filter(night).count();
        assert!((600..700).contains(&nights), "{nights}");
    }
}
