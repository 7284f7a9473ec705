//! How much: the months of a year, and categories side by side.

use std::fmt::Write;

use super::{esc, float, open, share, short};
use crate::kit::prose::number;

/// One month of a year, beside the same month of last year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// 11月.
    pub label: String,
    /// None for a month still to come.
    pub now: Option<i64>,
    /// None when last year has no figure.
    pub before: Option<i64>,
    /// The running month: drawn pale.
    pub unfinished: bool,
}

/// One category: two parts of one bar, such as 已办结 and 在办. A single figure leaves the second 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub label: String,
    pub parts: [i64; 2],
}

impl Category {
    fn total(&self) -> i64 {
        self.parts[0] + self.parts[1]
    }
}

/// Where the axis stands: labels left of `LEFT` percent, bars between `TOP` and `BASE` pixels.
const LEFT: f64 = 9.0;
const TOP: f64 = 14.0;
const BASE: f64 = 304.0;

/// Bars from zero for this year, a tick over each for last year, the running month pale.
pub fn months(title: &str, unit: &str, months: &[Month]) -> String {
    let most = months
        .iter()
        .flat_map(|m| [m.now, m.before])
        .flatten()
        .max()
        .unwrap_or(0);
    let step = grid_step(most);
    let mut svg = open("100%", 330.0, &months_finding(title, unit, months));
    grid(&mut svg, step);
    let slot = (100.0 - LEFT) / float(i64::try_from(months.len()).unwrap_or(1)).max(1.0);
    let mut centre = LEFT + slot / 2.0;
    for month in months {
        column(&mut svg, month, unit, [centre, slot, float(step * 4)]);
        centre += slot;
    }
    svg.push_str("</svg>");
    svg
}

/// One month's bar, tick and name; `place` is its centre and room in percent, and the value at the top line.
fn column(svg: &mut String, month: &Month, unit: &str, place: [f64; 3]) {
    let [centre, slot, full] = place;
    let height = |value: i64| float(value.max(0)) / full * (BASE - TOP);
    if let Some(now) = month.now {
        let class = if month.unfinished { "bs" } else { "b" };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{}%" y="{}" width="{}%" height="{}" rx="2"><title>{}</title></rect>"#,
            short(centre - slot * 0.27),
            short(BASE - height(now)),
            short(slot * 0.54),
            short(height(now)),
            esc(&month_title(month, now, unit))
        );
    }
    if let Some(before) = month.before {
        let y = short(BASE - height(before));
        let (from, to) = (short(centre - slot * 0.36), short(centre + slot * 0.36));
        let _ = write!(
            svg,
            r#"<line class="ly" x1="{from}%" x2="{to}%" y1="{y}" y2="{y}"/>"#
        );
    }
    let _ = write!(
        svg,
        r#"<text x="{}%" y="322" text-anchor="middle">{}</text>"#,
        short(centre),
        month_name(&month.label)
    );
}

/// 10月, of which a phone shows 10: twelve names do not fit there.
fn month_name(label: &str) -> String {
    match label.strip_suffix('月') {
        Some(number) => format!(r#"{}<tspan class="mo">月</tspan>"#, esc(number)),
        None => esc(label),
    }
}

fn grid(svg: &mut String, step: i64) {
    for line in 0..=4 {
        let y = BASE - float(line) * (BASE - TOP) / 4.0;
        let _ = write!(
            svg,
            r#"<line class="g" x1="9%" x2="100%" y1="{0}" y2="{0}"/><text x="8%" y="{1}" text-anchor="end">{2}</text>"#,
            short(y),
            short(y + 4.0),
            number(line * step)
        );
    }
}

/// The smallest of 1, 2, 3, 5 × 10ⁿ of which four reach the largest value.
fn grid_step(most: i64) -> i64 {
    let mut ten = 1;
    loop {
        for digit in [1, 2, 3, 5] {
            if digit * ten * 4 >= most {
                return digit * ten;
            }
        }
        ten *= 10;
    }
}

fn month_title(month: &Month, now: i64, unit: &str) -> String {
    let mut text = format!("{}：{} {unit}", month.label, number(now));
    if let Some(before) = month.before {
        let _ = write!(text, "（去年同月 {}）", number(before));
    }
    text
}

fn months_finding(title: &str, unit: &str, months: &[Month]) -> String {
    let mut text = title.to_owned();
    let finished = months.iter().filter(|m| !m.unfinished);
    if let Some((best, most)) = finished
        .filter_map(|m| Some((m, m.now?)))
        .filter(|(_, n)| *n > 0)
        .max_by_key(|(_, n)| *n)
    {
        let _ = write!(
            text,
            "，今年最多的是 {}，{} {unit}",
            best.label,
            number(most)
        );
    }
    if let Some((running, now)) = months
        .iter()
        .filter(|m| m.unfinished)
        .find_map(|m| Some((m, m.now?)))
    {
        let _ = write!(text, "，{}到今天 {} {unit}", running.label, number(now));
        if let Some(before) = running.before {
            let _ = write!(text, "，去年同月 {}", number(before));
        }
    }
    text
}

/// Horizontal bars with their totals, in the order given. `words` names the two parts, 已办结 and 在办; the second
/// may be empty when it is not used.
pub fn categories(title: &str, unit: &str, words: [&str; 2], rows: &[Category]) -> String {
    let most = rows.iter().map(Category::total).max().unwrap_or(0);
    let left = label_width(rows);
    let height = 34 * i64::try_from(rows.len()).unwrap_or(0);
    let mut svg = open(
        "100%",
        float(height),
        &categories_finding(title, unit, words, rows),
    );
    let mut top = 0;
    for row in rows {
        let _ = write!(
            svg,
            r#"<text x="0" y="{}">{}</text><svg x="{left}" y="{top}" width="100%" height="34" overflow="visible">"#,
            top + 21,
            esc(&row.label)
        );
        bar(&mut svg, row, most);
        svg.push_str("</svg>");
        top += 34;
    }
    svg.push_str("</svg>");
    svg
}

/// The two parts with a hair between them, and the total behind: a direct label instead of an axis. The longest bar
/// takes 46% of the width, so that the label has room on a phone.
fn bar(svg: &mut String, row: &Category, most: i64) {
    let widths = row.parts.map(|part| share(part, most) * 46.0);
    let mut x = 0.0;
    for (class, width) in ["b", "bw"]
        .into_iter()
        .zip(widths)
        .filter(|(_, width)| *width > 0.0)
    {
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{}%" y="9" width="{}%" height="16" rx="2"/>"#,
            short(x),
            short(width)
        );
        x += width + 0.3;
    }
    let _ = write!(
        svg,
        r#"<text class="lab" x="{}%" y="21">{}</text>"#,
        short(x + 1.0),
        number(row.total())
    );
}

/// Room for the longest label at 12 px a character.
fn label_width(rows: &[Category]) -> usize {
    let longest = rows
        .iter()
        .map(|row| row.label.chars().count())
        .max()
        .unwrap_or(0);
    (longest * 12 + 12).clamp(60, 140)
}

fn categories_finding(title: &str, unit: &str, words: [&str; 2], rows: &[Category]) -> String {
    let Some(most) = rows
        .iter()
        .max_by_key(|row| row.total())
        .filter(|row| row.total() > 0)
    else {
        return format!("{title}，还没有");
    };
    let mut text = format!(
        "{title}，最多的是{}，{} {unit}",
        most.label,
        number(most.total())
    );
    for (word, part) in words
        .iter()
        .zip(most.parts)
        .filter(|(word, part)| !word.is_empty() && *part > 0)
    {
        let _ = write!(text, "，{word} {}", number(part));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::is_sound;
    use super::*;

    fn year() -> Vec<Month> {
        let now = [520, 410, 690, 760, 842, 880, 905, 861, 924, 930, 920];
        let before = [480, 390, 610, 690, 720, 760, 802, 790, 840, 852, 988, 1012];
        (0..12)
            .map(|i| Month {
                label: format!("{}月", i + 1),
                now: now.get(i).copied(),
                before: Some(before[i]),
                unfinished: i == 10,
            })
            .collect()
    }

    #[test]
    fn the_months_are_drawn_as_in_the_mock() {
        let svg = months("每月走访青年", "人", &year());
        is_sound(&svg);
        for part in [
            ">1,200</text>",
            r#"<rect class="b" x="10.74%" y="178.33" width="4.09%" height="125.67" rx="2"><title>1月：520 人（去年同月 480）</title>"#,
            r#"<rect class="bs" x="86.58%" y="81.67" width="4.09%" height="222.33" rx="2">"#,
            r#"x1="93.48%" x2="98.94%" y1="59.43" y2="59.43""#,
        ] {
            assert!(svg.contains(part), "{part}\n{svg}");
        }
        assert_eq!(
            (
                svg.matches("\"b\"").count(),
                svg.matches("\"bs\"").count(),
                svg.matches("\"ly\"").count()
            ),
            (10, 1, 12)
        );
        assert!(svg.contains("aria-label=\"每月走访青年，今年最多的是 10月，930 人，11月到今天 920 人，去年同月 988\""));
    }

    #[test]
    fn an_empty_year_still_has_its_axis() {
        let empty: Vec<_> = year()
            .into_iter()
            .map(|m| Month {
                now: m.now.map(|_| 0),
                before: None,
                ..m
            })
            .collect();
        let svg = months("每月走访青年", "人", &empty);
        is_sound(&svg);
        assert!(svg.contains(">4</text>") && svg.contains("height=\"0\""));
        is_sound(&months("没有月份", "人", &[]));
    }

    #[test]
    fn the_grid_has_round_steps() {
        let cases = [
            (0, 1),
            (4, 1),
            (5, 2),
            (12, 3),
            (13, 5),
            (1012, 300),
            (1201, 500),
            (81_000, 30_000),
        ];
        for (most, step) in cases {
            assert_eq!(grid_step(most), step, "{most}");
        }
    }

    #[test]
    fn categories_carry_their_totals() {
        let rows = [
            Category {
                label: "就业".into(),
                parts: [840, 160],
            },
            Category {
                label: "婚恋交友<b>".into(),
                parts: [0, 358],
            },
            Category {
                label: "其他".into(),
                parts: [0, 0],
            },
        ];
        let svg = categories("诉求类别", "件", ["已办结", "在办"], &rows);
        is_sound(&svg);
        assert!(
            svg.contains("aria-label=\"诉求类别，最多的是就业，1,000 件，已办结 840，在办 160\""),
            "{svg}"
        );
        assert!(
            svg.contains(r#"<rect class="b" x="0%" y="9" width="38.64%""#),
            "{svg}"
        );
        assert!(
            svg.contains(r#"<rect class="bw" x="38.94%" y="9" width="7.36%""#),
            "{svg}"
        );
        assert!(
            svg.contains("婚恋交友&lt;b&gt;")
                && svg.contains(">358</text>")
                && svg.contains(">0</text>")
        );
        assert_eq!(svg.matches("<rect").count(), 3);
        assert!(categories("诉求类别", "件", ["", ""], &rows[2..]).contains("诉求类别，还没有"));
        is_sound(&categories("诉求类别", "件", ["", ""], &[]));
    }
}
