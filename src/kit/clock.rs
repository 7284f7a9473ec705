//! Time: the one room where the system clock is read, China's one time zone, and how times are written.
//!
//! Everything else takes `now` as a value, so that a test can stand on any evening. China has had no daylight
//! saving since 1991, so Asia/Shanghai is a fixed offset for every date this product can hold.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    Timelike, Utc,
};

use super::text::half_width;

/// Asia/Shanghai, +08:00.
pub const CST: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("+08:00 is a valid offset");

/// The hour at which a visit becomes a night visit, unless the tenant has set another (domain.md §2.2).
pub const NIGHT_START: u8 = 18;

/// The first hour that no longer belongs to the night before.
const NIGHT_END: u8 = 6;

/// Where "now" comes from: the system, or a fixed instant in tests and in the demo's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(at))
    }

    /// The present instant, in whole microseconds: that is what PostgreSQL keeps, so a time compares equal after a
    /// round trip.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one room that reads the system clock"
    )]
    pub fn now(self) -> DateTime<Utc> {
        let at = self.0.unwrap_or_else(Utc::now);
        at.with_nanosecond(at.nanosecond() / 1000 * 1000)
            .unwrap_or(at)
    }

    /// Today's date in China.
    pub fn today(self) -> NaiveDate {
        today(self.now())
    }
}

/// Wall-clock time in China.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&CST).naive_local()
}

/// A day as an address or a date field carries it, full-width digits too; only of a year that records can have.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let text = half_width(text.trim());
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
    is_of_records(day).then_some(day)
}

/// From 2000 to 2100. An address may hold any day; PostgreSQL knows fewer of them than `NaiveDate`, and to bind one that
/// it does not know is a fault of the whole query.
pub fn is_of_records(day: NaiveDate) -> bool {
    (2000..=2100).contains(&day.year())
}

/// The instant of a wall-clock time in China, as typed into a form.
pub fn instant(local: NaiveDateTime) -> DateTime<Utc> {
    (local - TimeDelta::hours(8)).and_utc()
}

/// The first instant of a date in China: a period of dates is `start_of(from) <= at < start_of(to + 1 day)`.
pub fn start_of(date: NaiveDate) -> DateTime<Utc> {
    instant(date.and_time(NaiveTime::MIN))
}

/// The date in China at `now`.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    local(now).date()
}

/// Whether a visit started at night, and the date its evening belongs to.
///
/// Night is from `night_start`:00 to 05:59 in China; its evening is the date of the noon before, so 00:10 on 1 June
/// belongs to 31 May, and month and year follow (issue "Records", visits). By day it is the date itself.
/// `night_start` is an hour in the afternoon or evening (12–23).
pub fn evening_of(at: DateTime<Utc>, night_start: u8) -> (bool, NaiveDate) {
    let start = local(at);
    let is_night = start.hour() >= u32::from(night_start) || start.hour() < u32::from(NIGHT_END);
    let evening = if is_night {
        (start - TimeDelta::hours(12)).date()
    } else {
        start.date()
    };
    (is_night, evening)
}

/// Date in a table: 11-23, or 2025-11-23 when the year is not this one.
pub fn short_date(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() {
        date.format("%m-%d").to_string()
    } else {
        iso_date(date)
    }
}

/// Date in a sentence: 11 月 23 日, or 2025-11-23 when the year is not this one.
pub fn long_date(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() {
        day_words(date)
    } else {
        iso_date(date)
    }
}

/// 11 月 23 日, whatever the year.
pub fn day_words(date: NaiveDate) -> String {
    format!("{} 月 {} 日", date.month(), date.day())
}

/// 2026-11-23, as in `<input type="date">` and in addresses.
pub fn iso_date(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// 21:14 in China, as in `<input type="time">`.
pub fn time(at: DateTime<Utc>) -> String {
    local(at).format("%H:%M").to_string()
}

/// 11-23 21:14, or 2025-11-23 21:14 when the year is not this one.
pub fn stamp(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("{} {}", short_date(local(at).date(), today(now)), time(at))
}

/// 2026-11-23 21:14, whatever the year: on what is kept.
pub fn long_stamp(at: DateTime<Utc>) -> String {
    format!("{} {}", iso_date(local(at).date()), time(at))
}

/// 周一 … 周日.
pub fn weekday(date: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    NAMES[date.weekday().num_days_from_monday() as usize]
}

/// How long ago, as people say it: 刚刚, 5 分钟前, 今天 21:14, 昨天, 11-16.
pub fn recency(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (date, today) = (local(at).date(), today(now));
    match (now - at).num_minutes() {
        // A phone's clock may run a little ahead of ours.
        -5..=0 => "刚刚".to_owned(),
        minutes @ 1..60 => format!("{minutes} 分钟前"),
        _ if date == today => format!("今天 {}", time(at)),
        _ if Some(date) == today.checked_sub_days(Days::new(1)) => "昨天".to_owned(),
        _ => short_date(date, today),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap())
    }

    #[test]
    fn a_fixed_clock_stands_still_and_counts_microseconds() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_795_000_000, 123_456_789).unwrap());
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.now().nanosecond(), 123_456_000);
        let before = Clock::system().now();
        assert!(Clock::system().now() >= before);
    }

    #[test]
    fn the_chinese_day_starts_at_four_in_the_afternoon_utc() {
        let late = DateTime::parse_from_rfc3339("2026-11-23T16:00:00Z")
            .unwrap()
            .to_utc();
        assert_eq!(today(late), date("2026-11-24"));
        assert_eq!(today(late - TimeDelta::seconds(1)), date("2026-11-23"));
        assert_eq!(start_of(date("2026-11-24")), late);
        assert_eq!(instant(local(late)), late);
    }

    #[test]
    fn night_begins_at_eighteen_and_ends_at_six() {
        let cases = [
            ("2026-05-31 17:59:59", false, "2026-05-31"),
            ("2026-05-31 18:00:00", true, "2026-05-31"),
            ("2026-05-31 23:59:59", true, "2026-05-31"),
            ("2026-06-01 00:10:00", true, "2026-05-31"),
            ("2026-06-01 05:59:59", true, "2026-05-31"),
            ("2026-06-01 06:00:00", false, "2026-06-01"),
            ("2026-06-01 11:59:00", false, "2026-06-01"),
            ("2026-06-01 12:00:00", false, "2026-06-01"),
        ];
        for (start, night, evening) in cases {
            assert_eq!(
                evening_of(at(start), NIGHT_START),
                (night, date(evening)),
                "{start}"
            );
        }
    }

    #[test]
    fn the_last_night_of_a_year_stays_in_it() {
        assert_eq!(
            evening_of(at("2027-01-01 00:30:00"), 18),
            (true, date("2026-12-31"))
        );
        assert_eq!(
            evening_of(at("2024-03-01 02:00:00"), 18),
            (true, date("2024-02-29"))
        );
    }

    #[test]
    fn the_start_of_the_night_is_a_parameter() {
        assert_eq!(
            evening_of(at("2026-06-01 18:30:00"), 19),
            (false, date("2026-06-01"))
        );
        assert_eq!(
            evening_of(at("2026-06-01 17:30:00"), 17),
            (true, date("2026-06-01"))
        );
        assert_eq!(
            evening_of(at("2026-06-02 01:30:00"), 19),
            (true, date("2026-06-01"))
        );
    }

    #[test]
    fn only_days_that_records_can_have_are_read() {
        let read = [" ２０２６-１１-２４ ", "2000-01-01", "2100-12-31"];
        let days = ["2026-11-24", "2000-01-01", "2100-12-31"].map(date);
        assert_eq!(read.map(read_date), days.map(Some));
        for bad in [
            "",
            "昨天",
            "2026-02-30",
            "1999-12-31",
            "2101-01-01",
            "-99999-01-01",
            "+262142-12-31",
        ] {
            assert_eq!(read_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_name_the_year_only_when_it_is_another() {
        let today = date("2026-11-24");
        assert_eq!(short_date(date("2026-01-03"), today), "01-03");
        assert_eq!(short_date(date("2025-11-23"), today), "2025-11-23");
        assert_eq!(long_date(date("2026-01-03"), today), "1 月 3 日");
        assert_eq!(long_date(date("2027-01-03"), today), "2027-01-03");
        assert_eq!(weekday(today), "周二");
    }

    #[test]
    fn recency_speaks_like_people() {
        let now = at("2026-11-24 21:19:30");
        let cases = [
            ("2026-11-24 21:19:10", "刚刚"),
            ("2026-11-24 21:22:00", "刚刚"),
            ("2026-11-24 21:18:30", "1 分钟前"),
            ("2026-11-24 20:19:31", "59 分钟前"),
            ("2026-11-24 20:19:30", "今天 20:19"),
            ("2026-11-24 00:00:00", "今天 00:00"),
            ("2026-11-23 23:59:59", "昨天"),
            ("2026-11-22 23:59:59", "11-22"),
            ("2025-12-31 10:00:00", "2025-12-31"),
            ("2026-12-01 10:00:00", "12-01"),
        ];
        for (then, said) in cases {
            assert_eq!(recency(at(then), now), said, "{then}");
        }
        let past_midnight = at("2026-11-24 00:03:00");
        assert_eq!(
            recency(at("2026-11-23 23:58:00"), past_midnight),
            "5 分钟前"
        );
        assert_eq!(stamp(at("2026-11-23 21:14:00"), now), "11-23 21:14");
    }
}
