//! A stretch of whole days in China, both ends included: what every figure is asked for.
//!
//! Figures are compared with the same stretch of last year, and targets of a month count for the share of the month
//! inside the stretch (domain.md §2.3).

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::clock::{day_words, iso_date, read_date};

/// From a date to a date, inclusive; `from <= to` always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

/// One calendar month, and how many of its days lie inside a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthShare {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Days of the month inside the period, at least 1.
    pub days: u32,
    /// Days the month has.
    pub of: u32,
}

impl MonthShare {
    /// A month's target pro rata, rounded half up: 4 evenings and 23 of 30 days give 3.
    pub fn pro_rata(self, target: u32) -> u32 {
        (target * self.days * 2 + self.of) / (self.of * 2)
    }
}

/// Why two dates from an address are no period. `Display` is the sentence for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodFault {
    From,
    To,
    Reversed,
    /// Nothing of it has come yet.
    Future,
}

impl fmt::Display for PeriodFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::From => "开始日期认不出来，写成 2026-01-01 这样",
            Self::To => "结束日期认不出来，写成 2026-11-23 这样",
            Self::Reversed => "开始日期晚于结束日期",
            Self::Future => "开始日期还没到，选今天或更早的",
        })
    }
}

impl Period {
    /// None when `to` is before `from`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    pub fn from(self) -> NaiveDate {
        self.from
    }

    pub fn to(self) -> NaiveDate {
        self.to
    }

    /// The calendar year of a day.
    pub fn year_of(day: NaiveDate) -> Self {
        Self {
            from: first_of_year(day),
            to: day
                .with_month(12)
                .and_then(|d| d.with_day(31))
                .unwrap_or(day),
        }
    }

    /// The calendar month of a day.
    pub fn month_of(day: NaiveDate) -> Self {
        Self {
            from: first_of_month(day),
            to: last_of_month(day),
        }
    }

    /// From 1 January to today.
    pub fn ytd(today: NaiveDate) -> Self {
        Self {
            from: first_of_year(today),
            to: today,
        }
    }

    /// The same stretch one year earlier. 29 February becomes the 28th; the end of a whole February stays its end,
    /// so that a whole month is compared with a whole month.
    #[must_use]
    pub fn same_last_year(self) -> Self {
        let to = year_before(self.to);
        let to = if self.to == last_of_month(self.to) {
            last_of_month(to)
        } else {
            to
        };
        Self {
            from: year_before(self.from),
            to,
        }
    }

    /// What of it is not after that day; None when all of it is.
    pub fn until(self, day: NaiveDate) -> Option<Self> {
        Self::new(self.from, self.to.min(day))
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Number of days, at least 1.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// Each calendar month touched, in order, with the days of it that lie inside.
    pub fn months(self) -> Vec<MonthShare> {
        let mut shares = Vec::new();
        let mut month = first_of_month(self.from);
        while month <= self.to {
            let whole = Self::month_of(month);
            let inside = Self {
                from: whole.from.max(self.from),
                to: whole.to.min(self.to),
            };
            shares.push(MonthShare {
                month,
                days: count(inside),
                of: count(whole),
            });
            month = month + Months::new(1);
        }
        shares
    }

    /// The share of the calendar year of `today` that is gone at the end of today, 0 to 1: the pace tick.
    pub fn year_gone(today: NaiveDate) -> f64 {
        f64::from(today.ordinal()) / f64::from(Self::year_of(today).to.ordinal())
    }

    /// From the two fields of a query string; an empty one takes its default: 1 January, today.
    ///
    /// Years outside 2000–2100 are refused: no record is that old, and the database need not be asked.
    pub fn parse(from: &str, to: &str, today: NaiveDate) -> Result<Self, PeriodFault> {
        let to = parse_day(to, today).ok_or(PeriodFault::To)?;
        let from = parse_day(from, first_of_year(to)).ok_or(PeriodFault::From)?;
        Self::new(from, to).ok_or(PeriodFault::Reversed)
    }

    /// `from=2026-01-01&to=2026-11-23`, for links.
    pub fn query(self) -> String {
        format!("from={}&to={}", iso_date(self.from), iso_date(self.to))
    }

    /// How the period is named in a sentence. A year or month that is not over says up to when it counts: the word
    /// 全年 is used from 31 December on, never before (DESIGN.md §0).
    pub fn label(self, today: NaiveDate) -> String {
        let end = self.to.min(today);
        let year = if self.from.year() == today.year() {
            String::new()
        } else {
            format!("{} 年", self.from.year())
        };
        if self == Self::year_of(self.from) && end == self.to {
            return format!("{} 年全年", self.from.year());
        }
        if self.from > today {
            return self.range(self.to, today);
        }
        if self == Self::month_of(self.from) {
            let month = if year.is_empty() {
                String::new()
            } else {
                format!("{year} ")
            };
            let month = format!("{month}{} 月", self.from.month());
            return if end == self.to {
                month
            } else {
                format!("{month}（截至 {}）", day_words(end))
            };
        }
        if self.from == first_of_year(self.from) && self.from.year() == end.year() {
            return format!("{year}截至 {}", day_words(end));
        }
        self.range(end, today)
    }

    fn range(self, end: NaiveDate, today: NaiveDate) -> String {
        if self.from == end {
            return super::clock::long_date(end, today);
        }
        if self.from.year() == today.year() && end.year() == today.year() {
            return format!("{}至 {}", day_words(self.from), day_words(end));
        }
        format!("{} 至 {}", iso_date(self.from), iso_date(end))
    }
}

fn parse_day(text: &str, default: NaiveDate) -> Option<NaiveDate> {
    if text.trim().is_empty() {
        Some(default)
    } else {
        read_date(text)
    }
}

fn first_of_year(day: NaiveDate) -> NaiveDate {
    day.with_ordinal(1).expect("each year has a first day")
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).expect("each month has a first day")
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    first_of_month(day) + Months::new(1) - Days::new(1)
}

fn year_before(day: NaiveDate) -> NaiveDate {
    day - Months::new(12)
}

fn count(period: Period) -> u32 {
    u32::try_from(period.days()).expect("a month has at most 31 days")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period::new(date(from), date(to)).unwrap()
    }

    #[test]
    fn a_period_never_runs_backwards() {
        assert_eq!(Period::new(date("2026-02-02"), date("2026-02-01")), None);
        assert_eq!(period("2026-02-02", "2026-02-02").days(), 1);
        assert_eq!(
            Period::year_of(date("2026-11-24")),
            period("2026-01-01", "2026-12-31")
        );
        assert_eq!(
            Period::month_of(date("2024-02-10")),
            period("2024-02-01", "2024-02-29")
        );
        assert_eq!(
            Period::month_of(date("2026-12-10")),
            period("2026-12-01", "2026-12-31")
        );
        assert_eq!(
            Period::ytd(date("2026-11-24")),
            period("2026-01-01", "2026-11-24")
        );
    }

    #[test]
    fn last_year_has_no_29_february() {
        let cases = [
            (("2026-01-01", "2026-11-23"), ("2025-01-01", "2025-11-23")),
            (("2024-02-29", "2024-02-29"), ("2023-02-28", "2023-02-28")),
            (("2024-01-01", "2024-02-29"), ("2023-01-01", "2023-02-28")),
            (("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),
            (("2024-02-01", "2024-02-28"), ("2023-02-01", "2023-02-28")),
        ];
        for ((from, to), (last_from, last_to)) in cases {
            assert_eq!(
                period(from, to).same_last_year(),
                period(last_from, last_to),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn months_carry_the_share_that_lies_inside() {
        let shares = period("2026-01-31", "2026-03-10").months();
        let seen: Vec<_> = shares
            .iter()
            .map(|s| (s.month.month(), s.days, s.of))
            .collect();
        assert_eq!(seen, [(1, 1, 31), (2, 28, 28), (3, 10, 31)]);
        assert_eq!(period("2026-01-01", "2026-12-31").months().len(), 12);
        assert_eq!(period("2025-12-31", "2026-01-01").months().len(), 2);
    }

    #[test]
    fn a_monthly_target_counts_pro_rata() {
        let share = |days| MonthShare {
            month: date("2026-11-01"),
            days,
            of: 30,
        };
        assert_eq!(share(30).pro_rata(4), 4);
        assert_eq!(share(23).pro_rata(4), 3);
        assert_eq!(share(1).pro_rata(4), 0);
        assert_eq!(share(15).pro_rata(1), 1);
    }

    #[test]
    fn the_year_is_gone_on_its_last_day() {
        assert!((Period::year_gone(date("2026-12-31")) - 1.0).abs() < f64::EPSILON);
        assert!((Period::year_gone(date("2024-12-31")) - 1.0).abs() < f64::EPSILON);
        assert!((Period::year_gone(date("2026-11-23")) - 327.0 / 365.0).abs() < 1e-12);
    }

    #[test]
    fn addresses_are_read_with_defaults() {
        let today = date("2026-11-24");
        assert_eq!(Period::parse("", "", today), Ok(Period::ytd(today)));
        assert_eq!(
            Period::parse("", "2025-06-30", today),
            Ok(period("2025-01-01", "2025-06-30"))
        );
        assert_eq!(
            Period::parse(" ２０２６-０３-０１ ", "", today),
            Ok(period("2026-03-01", "2026-11-24"))
        );
        assert_eq!(
            Period::parse("2026-02-30", "", today),
            Err(PeriodFault::From)
        );
        assert_eq!(Period::parse("", "昨天", today), Err(PeriodFault::To));
        assert_eq!(Period::parse("", "9999-01-01", today), Err(PeriodFault::To));
        assert_eq!(
            Period::parse("2026-06-01", "2026-05-01", today),
            Err(PeriodFault::Reversed)
        );
        let asked = period("2026-03-01", "2026-11-24");
        assert_eq!(asked.query(), "from=2026-03-01&to=2026-11-24");
    }

    #[test]
    fn labels_never_say_whole_year_before_its_end() {
        let today = date("2026-11-23");
        let cases = [
            (period("2026-01-01", "2026-11-23"), "截至 11 月 23 日"),
            (period("2026-01-01", "2026-12-31"), "截至 11 月 23 日"),
            (period("2025-01-01", "2025-12-31"), "2025 年全年"),
            (
                period("2025-01-01", "2025-11-23"),
                "2025 年截至 11 月 23 日",
            ),
            (period("2026-10-01", "2026-10-31"), "10 月"),
            (period("2025-10-01", "2025-10-31"), "2025 年 10 月"),
            (
                period("2026-11-01", "2026-11-30"),
                "11 月（截至 11 月 23 日）",
            ),
            (
                period("2026-03-05", "2026-11-20"),
                "3 月 5 日至 11 月 20 日",
            ),
            (
                period("2025-12-01", "2026-01-31"),
                "2025-12-01 至 2026-01-31",
            ),
            (period("2026-03-05", "2026-03-05"), "3 月 5 日"),
            (
                period("2026-12-01", "2026-12-31"),
                "12 月 1 日至 12 月 31 日",
            ),
        ];
        for (period, label) in cases {
            assert_eq!(period.label(today), label);
        }
    }

    #[test]
    fn the_year_is_whole_on_its_last_day() {
        let today = date("2026-11-23");
        assert_eq!(
            Period::year_of(today).label(date("2026-12-30")),
            "截至 12 月 30 日"
        );
        assert_eq!(
            Period::year_of(today).label(date("2026-12-31")),
            "2026 年全年"
        );
    }
}
