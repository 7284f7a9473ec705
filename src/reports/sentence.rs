//! 复制这句话: a figure as the prose of a report says it, in each rounding style (domain.md §3.4).

use chrono::Datelike;

use super::model::{Entry, Report, figure};
use crate::figures::Value;
use crate::kit::clock::day_words;
use crate::kit::prose::{Rounding, compare, compare_rates};

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

const RATES: [(Rounding, &str); 3] = [
    (Rounding::Exact, "精确"),
    (Rounding::AtLeast, "以上"),
    (Rounding::All, "全覆盖"),
];

/// The sentence in every style that fits the figure.
pub fn sentences(report: &Report, entry: &Entry) -> Vec<Sentence> {
    let (now, before) = (report.now(entry), report.before(entry));
    let styles: &[(Rounding, &str)] = match now {
        Value::Count(_) => &COUNTS,
        Value::Rate { .. } => &RATES,
    };
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
            entry.indicator.name,
            rounding.print_with(figure(now), unit(entry)),
            change(now, before, unit(entry)),
        ),
    };
    styles.iter().enumerate().map(sentence).collect()
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

fn change(now: Value, before: Value, unit: &str) -> String {
    let said = match (now, before) {
        (Value::Count(now), Value::Count(before)) => compare(now, before, unit),
        (Value::Rate { n, d }, Value::Rate { n: m, d: e }) => compare_rates((n, d), (m, e)),
        _ => String::new(),
    };
    if said.is_empty() || said == crate::kit::prose::NONE {
        "上年同期没有数".to_owned()
    } else {
        format!("比上年同期{said}")
    }
}
