//! Working days of the Chinese calendar: weekends, the holidays of the State Council's notice and the
//! weekend days worked instead (调休). A year whose notice is not known has weekends only; who shows a
//! date asks `knows` and says so.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

use crate::kit::clock;

/// See the head of the file for source and licence.
const NOTICES: &str = include_str!("workday/holidays.csv");

/// The days that are other than the week says, and the years for which that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i32>,
    holidays: HashSet<NaiveDate>,
    workdays: HashSet<NaiveDate>,
}

impl Calendar {
    /// 2017 to 2026.
    pub fn china() -> Self {
        let mut calendar = Self::default();
        for line in NOTICES.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(',');
            let day = fields.next().and_then(|text| text.parse().ok());
            match (day, fields.next()) {
                (Some(day), Some("holiday")) => calendar.add_holiday(day),
                (Some(day), Some("makeup_workday")) => calendar.add_workday(day),
                _ => {}
            }
        }
        calendar
    }

    /// A day off, and with it its year is known.
    pub fn add_holiday(&mut self, day: NaiveDate) {
        self.years.insert(day.year());
        self.workdays.remove(&day);
        self.holidays.insert(day);
    }

    /// A weekend day that is worked, and with it its year is known.
    pub fn add_workday(&mut self, day: NaiveDate) {
        self.years.insert(day.year());
        self.holidays.remove(&day);
        self.workdays.insert(day);
    }

    /// What a notice says of a year, instead of what was known of it. The last days of December before
    /// it may be among the days.
    pub fn set_year(&mut self, year: i32, holidays: &[NaiveDate], workdays: &[NaiveDate]) {
        self.holidays.retain(|day| day.year() != year);
        self.workdays.retain(|day| day.year() != year);
        for day in holidays {
            self.workdays.remove(day);
            self.holidays.insert(*day);
        }
        for day in workdays {
            self.holidays.remove(day);
            self.workdays.insert(*day);
        }
        self.years.insert(year);
    }

    /// In their order.
    pub fn holidays_of(&self, year: i32) -> Vec<NaiveDate> {
        in_order(&self.holidays, year)
    }

    /// In their order.
    pub fn workdays_of(&self, year: i32) -> Vec<NaiveDate> {
        in_order(&self.workdays, year)
    }

    /// Its notice is known. Else only weekends are left out.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.workdays.contains(&day) || !weekend && !self.holidays.contains(&day)
    }

    /// The n-th working day after that day; that day itself for none.
    pub fn add(&self, start: NaiveDate, days: u32) -> NaiveDate {
        let mut left = days;
        let mut day = start;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else {
                return day;
            };
            day = next;
            left -= u32::from(self.is_working(day));
        }
        day
    }

    /// Working days after `from` up to and with `to`; 0 when that is before.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        let n = days.filter(|day| self.is_working(*day)).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    }

    /// The last second of the n-th working day after the day of that instant, in China.
    pub fn end_of(&self, start: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        end_of_day(self.add(clock::today(start), days))
    }
}

fn in_order(days: &HashSet<NaiveDate>, year: i32) -> Vec<NaiveDate> {
    let mut days: Vec<_> = days
        .iter()
        .filter(|day| day.year() == year)
        .copied()
        .collect();
    days.sort_unstable();
    days
}

/// The last second of a day in China.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    clock::start_of(day) + TimeDelta::seconds(24 * 3600 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_national_day_of_2026_is_seven_days_off_and_two_weekends_worked() {
        let china = Calendar::china();
        for off in ["2026-10-01", "2026-10-07", "2026-11-21", "2026-02-17"] {
            assert!(!china.is_working(day(off)), "{off}");
        }
        for on in ["2026-09-20", "2026-10-10", "2026-11-24", "2026-10-08"] {
            assert!(china.is_working(day(on)), "{on}");
        }
        assert_eq!(china.add(day("2026-09-30"), 1), day("2026-10-08"));
        assert_eq!(china.add(day("2026-09-30"), 3), day("2026-10-10"));
        assert_eq!(china.add(day("2026-11-24"), 0), day("2026-11-24"));
    }

    #[test]
    fn adding_and_counting_are_each_others_inverse() {
        let china = Calendar::china();
        for n in [0, 1, 3, 15, 60, 200] {
            let end = china.add(day("2026-01-16"), n);
            assert_eq!(china.between(day("2026-01-16"), end), n);
        }
        assert_eq!(china.between(day("2026-01-16"), day("2026-01-01")), 0);
    }

    #[test]
    fn a_year_without_notice_has_weekends_only_and_says_so() {
        let china = Calendar::china();
        assert!((2017..=2026).all(|year| china.knows(year)));
        assert!(!china.knows(2027));
        assert!(china.is_working(day("2027-10-01")));
        assert!(!china.is_working(day("2027-10-02")));
        let mut more = china;
        more.add_holiday(day("2027-10-01"));
        assert!(more.knows(2027) && !more.is_working(day("2027-10-01")));
    }

    #[test]
    fn a_deadline_is_the_end_of_its_day_in_china() {
        let evening = "2026-11-24T13:20:00Z".parse().unwrap();
        let end = Calendar::china().end_of(evening, 3);
        assert_eq!(
            end,
            "2026-11-27T15:59:59Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
