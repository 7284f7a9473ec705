//! 复制这句话: a figure as the prose of a report says it, in each rounding style (domain.md §3.4).

use chrono::Datelike;

use super::model::{Entry, Report, figure};
use crate::figures::Value;
use crate::kit::clock::day_words;
use crate::kit::paper::{against, without_spaces};
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
    let Some(figure) = figure(now) else {
        return vec![sentence(report, entry, 0, "精确", "没有数")];
    };
    let styles: &[(Rounding, &str)] = match now {
        Value::Rate { .. } => &RATES,
        _ => &COUNTS,
    };
    let fits = |style: &Rounding| match now {
        Value::Count(n) => *style != Rounding::Wan || n >= WAN,
        _ => true,
    };
    let styles = styles.iter().filter(|(style, _)| fits(style));
    let said = |(index, (rounding, style)): (usize, &(Rounding, &'static str))| {
        let style = match now {
            // Said of a share that is whole; of another the same style is a fraction.
            Value::Rate { n, d } if *rounding == Rounding::All && n != d => "分数",
            _ => style,
        };
        let printed = rounding.print_with(figure, unit(entry));
        sentence(report, entry, index, style, &printed)
    };
    styles.enumerate().map(said).collect()
}

fn sentence(
    report: &Report,
    entry: &Entry,
    index: usize,
    style: &'static str,
    printed: &str,
) -> Sentence {
    Sentence {
        id: format!("say{index}"),
        style,
        text: without_spaces(&format!(
            "{}，{}{}{printed}，{}。",
            stretch(report),
            report.committee.place_name,
            entry.indicator.spoken,
            change(report, entry),
        )),
    }
}

fn unit(entry: &Entry) -> &'static str {
    match entry.indicator.unit {
        "%" => "",
        // What days are counted in, as a sentence says it.
        "工作日" => "个工作日",
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

/// What was typed is said as it is, with its 口径 and source, and beside it what the records say: it was
/// counted otherwise, so that a difference would say nothing.
fn change(report: &Report, entry: &Entry) -> String {
    let unit = unit(entry);
    if let Some(typed) = &entry.typed {
        let own = report
            .beside_typed(entry)
            .map_or_else(String::new, |own| format!("，系统里是{}{unit}", own.rows()));
        return format!(
            "上年同期填报{}{unit}（口径：{}；来源：{}）{own}",
            typed.n, typed.definition, typed.source
        );
    }
    let said = match (report.now(entry), report.before(entry)) {
        (_, before) if before.is_none() => return "上年同期没有数".to_owned(),
        (Value::Count(now), Value::Count(before)) => compare(now, before, unit),
        (Value::Rate { n, d }, Value::Rate { n: m, d: e }) => compare_rates((n, d), (m, e)),
        _ => NONE.to_owned(),
    };
    if said == NONE {
        "不与上年同期比".to_owned()
    } else {
        against("上年同期", &said)
    }
}
