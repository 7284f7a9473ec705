//! Figures in words: the rounding styles of reports (domain.md §3.4), numbers and comparisons on pages (DESIGN.md §10).
//!
//! All integer arithmetic: a printed 98% must never be a 97.99999 of floating point. What has no data prints as —,
//! never as 0 and never as nothing.

use super::words::words;

/// Printed where there is no data.
pub const NONE: &str = "—";

/// A rate whose base is smaller prints as a count (DESIGN.md §9).
pub const SMALLEST_BASE: i64 = 10;

words! {
    /// How a report prints a figure.
    pub enum Rounding {
        /// As it is, without separators.
        Exact "exact" "精确",
        /// Down to a step of 10, 100 or 1000, with 余 when something was left off.
        Over "over" "余",
        /// In units of ten thousand.
        Wan "wan" "万",
        /// A rate, down to a whole percent.
        AtLeast "at_least" "以上",
        /// Up to a step, for numbers just under a round one.
        Near "near" "近",
        /// 全覆盖 when all are covered, else the fraction.
        All "all" "全覆盖",
    }
}

/// A figure before rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Count(i64),
    /// A quantity with one decimal, in tenths: hours of service.
    Tenths(i64),
    Rate {
        n: i64,
        d: i64,
    },
}

impl Figure {
    fn whole(self) -> Option<i64> {
        match self {
            Self::Count(n) => Some(n),
            Self::Tenths(n) => Some(n.div_euclid(10)),
            Self::Rate { .. } => None,
        }
    }

    /// Whether taking the whole part leaves something off.
    fn has_rest(self) -> bool {
        matches!(self, Self::Tenths(n) if n.rem_euclid(10) != 0)
    }

    fn exact(self) -> String {
        match self {
            Self::Count(n) => n.to_string(),
            Self::Tenths(n) => tenths(n),
            Self::Rate { n, d } => percent(n, d),
        }
    }
}

impl Rounding {
    /// The figure as printed, without its unit: 1050余, 560万余, 98%以上. A style that does not fit the figure
    /// prints it exactly.
    pub fn print(self, figure: Figure) -> String {
        let printed = match (self, figure) {
            (Self::AtLeast, Figure::Rate { n, d }) => at_least(n, d),
            (Self::All, Figure::Rate { n, d }) => Some(if n == d && d > 0 {
                "全覆盖".to_owned()
            } else {
                format!("{n}/{d}")
            }),
            (Self::Over, _) => figure.whole().and_then(|n| over(n, figure.has_rest())),
            (Self::Wan, _) => figure.whole().and_then(|n| wan(n, figure.has_rest())),
            (Self::Near, _) => figure.whole().and_then(|n| near(n, figure.has_rest())),
            _ => None,
        };
        printed.unwrap_or_else(|| figure.exact())
    }

    /// With the unit: 1050余个, 560万余元. A percentage and a fraction have none.
    pub fn print_with(self, figure: Figure, unit: &str) -> String {
        match figure {
            Figure::Rate { .. } => self.print(figure),
            _ => format!("{}{unit}", self.print(figure)),
        }
    }
}

/// 10 below 2000, 100 from 2000, 1000 from 10000 (domain.md §3.4).
fn step(n: i64) -> i64 {
    match n {
        ..2000 => 10,
        2000..10_000 => 100,
        _ => 1000,
    }
}

fn over(n: i64, rest: bool) -> Option<String> {
    let floor = n - n.rem_euclid(step(n));
    // 9 has no lower step: "0余" says nothing.
    (floor > 0).then(|| {
        if floor == n && !rest {
            n.to_string()
        } else {
            format!("{floor}余")
        }
    })
}

/// Below 100 000 with one decimal, since 1万余 for 19 000 would hide half of it.
fn wan(n: i64, rest: bool) -> Option<String> {
    if n < 10_000 {
        return None;
    }
    let unit = if n < 100_000 { 1_000 } else { 10_000 };
    let number = if unit == 1_000 {
        trimmed(n / unit)
    } else {
        (n / unit).to_string()
    };
    let more = if n % unit == 0 && !rest { "" } else { "余" };
    Some(format!("{number}万{more}"))
}

fn near(n: i64, rest: bool) -> Option<String> {
    if n < 10 {
        return None;
    }
    let step = step(n);
    if n % step == 0 && !rest {
        return Some(n.to_string());
    }
    Some(format!("近{}", (n / step + 1) * step))
}

fn at_least(n: i64, d: i64) -> Option<String> {
    if d <= 0 || n < 0 {
        return None;
    }
    match (n * 100 / d, n * 100 % d) {
        (percent, 0) => Some(format!("{percent}%")),
        // "0%以上" says nothing.
        (0, _) => None,
        (percent, _) => Some(format!("{percent}%以上")),
    }
}

/// 8,642: on pages and in tables, not in the prose of reports.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// In sentences on a page: 8,642, and 1.2 万 from ten thousand on.
pub fn short_number(n: i64) -> String {
    if n < 10_000 {
        return number(n);
    }
    let tenths = (n + 500) / 1_000;
    if tenths < 10_000 {
        format!("{} 万", trimmed(tenths))
    } else {
        format!("{} 万", number(tenths / 10))
    }
}

/// 83.6%, rounded half up; — without a base.
pub fn percent(n: i64, d: i64) -> String {
    match permille(n, d) {
        Some(rate) => format!("{}%", tenths(rate)),
        None => NONE.to_owned(),
    }
}

/// A rate as a page or table shows it: 83.6%, but 3/7 when the base is under 10, and — without a base.
pub fn rate(n: i64, d: i64) -> String {
    if (1..SMALLEST_BASE).contains(&d) {
        format!("{n}/{d}")
    } else {
        percent(n, d)
    }
}

/// 3.4 per head, rounded half up; — when there is no one.
pub fn average(n: i64, heads: i64) -> String {
    if heads <= 0 {
        NONE.to_owned()
    } else {
        tenths((n * 20 + heads).div_euclid(heads * 2))
    }
}

/// 多 11.8%, 少 3.2%, 持平. From a base under 10 the difference itself, with its unit: 多 3 人.
pub fn compare(now: i64, before: i64, unit: &str) -> String {
    if before < SMALLEST_BASE {
        return compare_by(now, before, unit);
    }
    let word = word(now - before, "多", "少");
    match permille((now - before).abs(), before) {
        _ if now == before => word.to_owned(),
        // A change too small for one decimal is still not 持平.
        Some(0) => compare_by(now, before, unit),
        Some(rate) => format!("{word} {}%", tenths(rate)),
        None => NONE.to_owned(),
    }
}

/// 多 24 晚, 少 3 件, 持平.
pub fn compare_by(now: i64, before: i64, unit: &str) -> String {
    let word = word(now - before, "多", "少");
    if now == before {
        word.to_owned()
    } else {
        format!("{word} {} {unit}", number((now - before).abs()))
    }
}

/// 高 4.5 个百分点, 低 0.3 个百分点, 持平; — when either has no base.
///
/// The difference of the two printed rates, so that the reader who subtracts gets what stands there.
pub fn compare_rates(now: (i64, i64), before: (i64, i64)) -> String {
    let (Some(now), Some(before)) = (permille(now.0, now.1), permille(before.0, before.1)) else {
        return NONE.to_owned();
    };
    let word = word(now - before, "高", "低");
    if now == before {
        word.to_owned()
    } else {
        format!("{word} {} 个百分点", tenths((now - before).abs()))
    }
}

fn word(difference: i64, more: &'static str, less: &'static str) -> &'static str {
    match difference {
        1.. => more,
        0 => "持平",
        _ => less,
    }
}

/// Thousandths, rounded half up; None without a base.
fn permille(n: i64, d: i64) -> Option<i64> {
    (d > 0).then(|| (n * 2000 + d).div_euclid(d * 2))
}

/// 836 → 83.6.
fn tenths(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}.{}", n.abs() / 10, n.abs() % 10)
}

/// As `tenths`, but 20 → 2.
fn trimmed(n: i64) -> String {
    if n % 10 == 0 {
        (n / 10).to_string()
    } else {
        tenths(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact column of the vectors: 1053, 1335572.9, 6/6; for 以上 a percentage with one decimal.
    fn figure(style: Rounding, exact: &str) -> Figure {
        if let Some((n, d)) = exact.split_once('/') {
            return Figure::Rate {
                n: n.parse().unwrap(),
                d: d.parse().unwrap(),
            };
        }
        let tenths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        match style {
            Rounding::AtLeast => Figure::Rate {
                n: tenths(exact),
                d: 1000,
            },
            _ if exact.contains('.') => Figure::Tenths(tenths(exact)),
            _ => Figure::Count(exact.parse().unwrap()),
        }
    }

    #[test]
    fn all_vectors_print_as_given() {
        let mut seen = 0;
        for line in include_str!("rounding_vectors.csv").lines().skip(1) {
            let [style, exact, printed] = line.split(',').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let style = *Rounding::ALL
                .iter()
                .find(|s| s.label() == style)
                .expect(line);
            assert_eq!(style.print(figure(style, exact)), printed, "{line}");
            seen += 1;
        }
        assert_eq!(seen, 22);
    }

    #[test]
    fn styles_beyond_the_vectors() {
        let count = Figure::Count;
        assert_eq!(Rounding::Near.print(count(1998)), "近2000");
        assert_eq!(Rounding::Near.print(count(2000)), "2000");
        assert_eq!(Rounding::Near.print(count(9)), "9");
        assert_eq!(Rounding::Near.print(count(9950)), "近10000");
        assert_eq!(Rounding::Wan.print(count(10_000)), "1万");
        assert_eq!(Rounding::Wan.print(count(19_400)), "1.9万余");
        assert_eq!(Rounding::Wan.print(count(12_000)), "1.2万");
        assert_eq!(Rounding::Wan.print(count(105_000)), "10万余");
        assert_eq!(Rounding::Wan.print(Figure::Tenths(13_355_729)), "133万余");
        assert_eq!(Rounding::Over.print(Figure::Tenths(20_005)), "2000余");
        assert_eq!(Rounding::Over.print(count(0)), "0");
        assert_eq!(Rounding::Over.print(count(1999)), "1990余");
        assert_eq!(Rounding::Over.print(count(9999)), "9900余");
        assert_eq!(
            Rounding::AtLeast.print(Figure::Rate { n: 2, d: 3 }),
            "66%以上"
        );
        let few = Figure::Rate { n: 1, d: 300 };
        assert_eq!(Rounding::AtLeast.print(few), "0.3%");
        assert_eq!(Rounding::AtLeast.print(Figure::Rate { n: 0, d: 0 }), "—");
        assert_eq!(Rounding::All.print(Figure::Rate { n: 0, d: 0 }), "0/0");
        assert_eq!(Rounding::All.print(count(7)), "7");
    }

    #[test]
    fn the_unit_follows_but_not_a_rate() {
        assert_eq!(
            Rounding::Over.print_with(Figure::Count(1053), "个"),
            "1050余个"
        );
        assert_eq!(
            Rounding::Wan.print_with(Figure::Count(5_603_200), "元"),
            "560万余元"
        );
        assert_eq!(
            Rounding::AtLeast.print_with(Figure::Rate { n: 984, d: 1000 }, "个"),
            "98%以上"
        );
        assert_eq!(
            Rounding::All.print_with(Figure::Rate { n: 6, d: 6 }, "个"),
            "全覆盖"
        );
    }

    #[test]
    fn numbers_on_pages() {
        assert_eq!(
            [0, 999, 8642, 12_345_678, -1000].map(number),
            ["0", "999", "8,642", "12,345,678", "-1,000"]
        );
        assert_eq!(short_number(9999), "9,999");
        assert_eq!(short_number(12_345), "1.2 万");
        assert_eq!(short_number(19_960), "2 万");
        assert_eq!(short_number(56_032_000), "5,603 万");
        assert_eq!(percent(836, 1000), "83.6%");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(1, 0), "—");
        assert_eq!(rate(3, 7), "3/7");
        assert_eq!(rate(7, 10), "70.0%");
        assert_eq!(rate(0, 0), "—");
        assert_eq!(average(1512, 18), "84.0");
        assert_eq!(average(1, 0), "—");
        assert_eq!(average(1, 3), "0.3");
    }

    #[test]
    fn comparisons_use_words() {
        assert_eq!(compare(8642, 7730, "人"), "多 11.8%");
        assert_eq!(compare(7730, 8642, "人"), "少 10.6%");
        assert_eq!(compare(50, 50, "人"), "持平");
        assert_eq!(compare(0, 0, "人"), "持平");
        assert_eq!(compare(12, 0, "人"), "多 12 人");
        assert_eq!(compare(100_001, 100_000, "人"), "多 1 人");
        assert_eq!(compare_by(214, 190, "晚"), "多 24 晚");
        assert_eq!(compare_by(190, 1214, "晚"), "少 1,024 晚");
        assert_eq!(compare_rates((836, 1000), (791, 1000)), "高 4.5 个百分点");
        assert_eq!(compare_rates((791, 1000), (836, 1000)), "低 4.5 个百分点");
        assert_eq!(compare_rates((1, 2), (50, 100)), "持平");
        assert_eq!(compare_rates((1, 2), (0, 0)), "—");
    }
}
