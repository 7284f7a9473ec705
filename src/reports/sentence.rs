//! 复制这句话: a figure as the prose of a report says it, in each rounding style (domain.md §3.4).

use chrono::Datelike;

use super::model::{Entry, Report, figure};
use crate::figures::Value;
use crate::kit::clock::day_words;
use crate::kit::prose::{NONE, Rounding, compare, compare_rates};

pub struct Sentence {
    pub id: String,
    pub style: &'static str,
    pub text: String,
}

const COUNTS: [(Rounding, &str); 4] = [
    (Rounding::Exact, "精确"),
    (Rounding::Over, "余"),
    (Rounding::Wan, "万"),
    (Rounding::Near, "近"),
];

/// Below it there is nothing to say in 万.
const WAN: i64 = 10_000;

const RATES: [(Rounding, &str); 3] = [
    (Rounding::Exact, "精确"),
    (Rounding::AtLeast, "以上"),
    (Rounding::All, "全覆盖"),
];

/// The sentence in every style that fits the figure.
pub fn sentences(report: &Report, entry: &Entry) -> Vec<Sentence> {
    let now = report.now(entry);
    let styles: &[(Rounding, &str)] = match now {
        Value::Count(_) => &COUNTS,
        Value::Rate { .. } => &RATES,
    };
    let fits = |style: &Rounding| match now {
        Value::Count(n) => *style != Rounding::Wan || n >= WAN,
        Value::Rate { .. } => true,
    };
    let styles = styles.iter().filter(|(style, _)| fits(style));
    let sentence = |(index, (rounding, style)): (usize, &(Rounding, &'static str))| Sentence {
        id: format!("say{index}"),
        style: match now {
            // Said of a share that is whole; of another the same style is a fraction.
            Value::Rate { n, d } if *rounding == Rounding::All && n != d => "分数",
            _ => style,
        },
        text: format!(
            "{}，{}{} {}，{}。",
            stretch(report),
            report.committee.place_name,
            entry.indicator.spoken,
            with_unit(rounding.print(figure(now)), now, unit(entry)),
            change(report, entry),
        ),
    };
    styles.enumerate().map(sentence).collect()
}

/// 3164 人, but 3160余人: a word sticks to its unit.
fn with_unit(printed: String, value: Value, unit: &str) -> String {
    match value {
        Value::Rate { .. } => printed,
        Value::Count(_) if printed.bytes().all(|c| c.is_ascii_digit()) => {
            format!("{printed} {unit}")
        }
        Value::Count(_) => printed + unit,
    }
}

fn unit(entry: &Entry) -> &'static str {
    match entry.indicator.unit {
        "%" => "",
        unit => unit,
    }
}

/// 2026 年 1 月 1 日至 11 月 24 日
fn stretch(report: &Report) -> String {
    let (from, to) = (report.period.from(), report.period.to());
    let until = if from.year() == to.year() {
        day_words(to)
    } else {
        format!("{} 年 {}", to.year(), day_words(to))
    };
    format!("{} 年 {}至 {until}", from.year(), day_words(from))
}

/// What was typed is said as it is, with its 口径 and source: it was counted otherwise, so that a
/// difference would say nothing.
fn change(report: &Report, entry: &Entry) -> String {
    let unit = unit(entry);
    if let Some(typed) = &entry.typed {
        return format!(
            "上年同期填报 {} {unit}（口径：{}；来源：{}）",
            typed.n, typed.definition, typed.source
        );
    }
    let said = match (report.now(entry), report.before(entry)) {
        (Value::Count(now), Some(Value::Count(before))) => compare(now, before, unit),
        (Value::Rate { n, d }, Some(Value::Rate { n: m, d: e })) => compare_rates((n, d), (m, e)),
        _ => NONE.to_owned(),
    };
    if said == NONE {
        "上年同期没有数".to_owned()
    } else {
        format!("比上年同期{said}")
    }
}
