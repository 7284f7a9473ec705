//! The year of nights: one cell for each evening, darker the more people were met.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate};

use super::{esc, float, open, short};
use crate::kit::period::Period;
use crate::kit::prose::number;

/// Class and words of the five steps, for the legend. Their bounds are fixed, so that years and committees compare.
pub const NIGHT_STEPS: [(&str, &str); 5] = [
    ("h0", "无"),
    ("h1", "1–9"),
    ("h2", "10–29"),
    ("h3", "30–59"),
    ("h4", "60 以上"),
];

/// Which of the five steps a night's attendances fall into.
pub fn night_step(n: i64) -> usize {
    match n {
        ..1 => 0,
        1..10 => 1,
        10..30 => 2,
        30..60 => 3,
        _ => 4,
    }
}

/// Pixels from cell to cell, and where the first stands.
const PITCH: f64 = 19.4;
const LEFT: f64 = 28.0;
const TOP: f64 = 22.0;

/// The calendar of the year of `year_day`: attendances (`unit`, 人次) by evening; `set` are the evenings a committee
/// had fixed, ringed. Evenings after `today` are pale. 1062 pixels wide: the page lets it scroll on phones.
pub fn nights(
    year_day: NaiveDate,
    unit: &str,
    counts: &BTreeMap<NaiveDate, i64>,
    set: &BTreeSet<NaiveDate>,
    today: NaiveDate,
) -> String {
    let year = Period::year_of(year_day);
    let columns = column(year.to()) + 1;
    let width = short(LEFT + float(columns) * PITCH + 6.0);
    let mut svg = open(&width, 160.0, &finding(year, unit, counts, today));
    for (row, word) in [(0, "一"), (2, "三"), (4, "五"), (6, "日")] {
        let _ = write!(
            svg,
            r#"<text x="8" y="{}">{word}</text>"#,
            short(TOP + 13.0 + float(row) * PITCH)
        );
    }
    for month in year.months() {
        let x = short(LEFT + float(column(month.month)) * PITCH);
        let _ = write!(
            svg,
            r#"<text x="{x}" y="13">{}月</text>"#,
            month.month.month()
        );
    }
    let mut day = year.from();
    while day <= year.to() {
        let n = counts.get(&day).copied().unwrap_or(0);
        cell(
            &mut svg,
            day,
            (day <= today).then_some((n, unit)),
            set.contains(&day),
        );
        day = day + Days::new(1);
    }
    svg.push_str("</svg>");
    svg
}

/// `met` is None for an evening still to come.
fn cell(svg: &mut String, day: NaiveDate, met: Option<(i64, &str)>, is_set: bool) {
    let x = LEFT + float(column(day)) * PITCH;
    let y = TOP + f64::from(day.weekday().num_days_from_monday()) * PITCH;
    let mut title = format!("{}月{}日", day.month(), day.day());
    let (class, pale) = match met {
        Some((n, _)) => (NIGHT_STEPS[night_step(n)].0, ""),
        None => ("t", r#" opacity=".35""#),
    };
    if let Some((n, unit)) = met {
        let n = if n == 0 {
            "无".to_owned()
        } else {
            format!("{} {}", number(n), esc(unit))
        };
        let _ = write!(title, "：{n}");
    }
    if is_set {
        title.push_str("，集中夜访日");
    }
    let _ = write!(
        svg,
        r#"<rect class="{class}" x="{}" y="{}" width="16" height="16" rx="3.5"{pale}><title>{title}</title></rect>"#,
        short(x),
        short(y)
    );
    if is_set {
        let _ = write!(
            svg,
            r#"<rect class="ra" x="{}" y="{}" width="16" height="16" rx="3.5" stroke-width="1.5"/>"#,
            short(x),
            short(y)
        );
    }
}

/// Weeks begin on Monday; the first column holds 1 January.
fn column(day: NaiveDate) -> i64 {
    let first = Period::year_of(day).from();
    i64::from((day.ordinal0() + first.weekday().num_days_from_monday()) / 7)
}

fn finding(
    year: Period,
    unit: &str,
    counts: &BTreeMap<NaiveDate, i64>,
    today: NaiveDate,
) -> String {
    let inside: Vec<_> = counts
        .range(year.from()..=year.to().min(today).max(year.from()))
        .filter(|(_, n)| **n > 0)
        .collect();
    let name = format!("{} 年每晚走访{unit}", year.from().year());
    let Some((best, most)) = inside.iter().max_by_key(|(_, n)| **n) else {
        return format!("{name}，还没有夜访");
    };
    let total = inside.iter().map(|(_, n)| **n).sum();
    format!(
        "{name}：{} 晚有夜访，共 {} {unit}，最多的是 {} 月 {} 日，{} {unit}",
        inside.len(),
        number(total),
        best.month(),
        best.day(),
        number(**most)
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::is_sound;
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_bounds_are_fixed() {
        let cases = [
            (0, 0),
            (1, 1),
            (9, 1),
            (10, 2),
            (29, 2),
            (30, 3),
            (59, 3),
            (60, 4),
            (5000, 4),
        ];
        for (n, step) in cases {
            assert_eq!(night_step(n), step, "{n}");
        }
    }

    #[test]
    fn each_evening_has_its_cell() {
        let counts = BTreeMap::from([
            (date("2026-01-01"), 34),
            (date("2026-11-23"), 12),
            (date("2025-12-31"), 99),
        ]);
        let set = BTreeSet::from([date("2026-01-01")]);
        let svg = nights(
            date("2026-06-01"),
            "人次",
            &counts,
            &set,
            date("2026-11-23"),
        );
        is_sound(&svg);
        assert_eq!(svg.matches("<title>").count(), 365);
        assert_eq!(svg.matches("class=\"t\"").count(), 38);
        // Thursday 1 January 2026, and Monday 23 November, where the mock has them.
        assert!(svg.contains(
            r#"<rect class="h3" x="28" y="80.2" width="16" height="16" rx="3.5"><title>1月1日：34 人次，集中夜访日</title></rect><rect class="ra" x="28" y="80.2""#
        ));
        assert!(svg.contains(r#"<rect class="h2" x="939.8" y="22" width="16" height="16" rx="3.5"><title>11月23日：12 人次"#));
        assert!(svg.contains(r#"<text x="959.2" y="13">12月</text>"#));
        assert!(
            svg.contains("：2 晚有夜访，共 46 人次，最多的是 1 月 1 日，34 人次\""),
            "{}",
            &svg[..300]
        );
        assert!(svg.contains("width=\"1062.2\""), "{}", &svg[..300]);
    }

    #[test]
    fn long_years_have_room_and_past_years_are_whole() {
        // 2028 is a leap year that begins on a Saturday.
        let svg = nights(
            date("2028-05-05"),
            "人次",
            &BTreeMap::new(),
            &BTreeSet::new(),
            date("2029-01-01"),
        );
        is_sound(&svg);
        assert_eq!(svg.matches("<title>").count(), 366);
        assert!(!svg.contains("opacity") && svg.contains("还没有夜访"));
        is_sound(&nights(
            date("2027-05-05"),
            "人次",
            &BTreeMap::new(),
            &BTreeSet::new(),
            date("2026-11-23"),
        ));
    }
}
