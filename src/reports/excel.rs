//! The report as tables, for page, print and Excel alike: the same values everywhere.

use std::fs::File;

use chrono::{DateTime, Utc};

use super::model::{Entry, Parts, Report};
use crate::figures::{Unit, href};
use crate::kit::clock::long_stamp;
use crate::kit::table::{Cell, Column, Row, Table};
use crate::kit::xlsx::{Book, Definition, XlsxFault};

/// 主要指标: each indicator of the level itself, this period and last year's.
pub fn summary(report: &Report) -> Table {
    let columns = vec![
        Column::text("code", "编号"),
        Column::text("name", "指标"),
        Column::text("unit", "单位"),
        Column::number("now", "本期", ""),
        Column::number("before", "上年同期", ""),
        Column::text("note", "说明"),
    ];
    let mut table = Table::new("主要指标", columns);
    for entry in &report.entries {
        table.push(summary_row(report, entry));
    }
    table
}

fn summary_row(report: &Report, entry: &Entry) -> Row {
    let whole = report.whole();
    let link = |period| href(entry.indicator.code, whole.committee, false, period);
    let before = report.before(entry).cell();
    let (before, note) = match &entry.typed {
        Some(typed) => {
            let own = report.beside_typed(entry).map(|own| own.cell().shown());
            let own = own.map_or_else(String::new, |own| format!("；系统里是 {own}"));
            let (definition, source) = (&typed.definition, &typed.source);
            let note = format!("上年数为填报：{definition}；{source}{own}");
            (before, note)
        }
        None => (
            before.link(link(report.period.same_last_year())),
            String::new(),
        ),
    };
    vec![
        Cell::text(entry.indicator.code),
        Cell::text(entry.indicator.name),
        Cell::text(entry.indicator.unit),
        report.now(entry).cell().link(link(report.period)),
        before,
        Cell::text(note),
    ]
}

/// One table a group: units in administrative order, the level's own recomputed figure last.
pub fn by_group(report: &Report) -> Vec<Table> {
    let mut groups: Vec<(&'static str, Vec<&Entry>)> = Vec::new();
    for entry in &report.entries {
        match groups.last_mut() {
            Some((name, group)) if *name == entry.indicator.group => group.push(entry),
            _ => groups.push((entry.indicator.group, vec![entry])),
        }
    }
    groups
        .iter()
        .map(|(name, entries)| group(report, name, entries))
        .collect()
}

fn group(report: &Report, name: &str, entries: &[&Entry]) -> Table {
    let mut columns = vec![Column::text("unit", "单位")];
    for entry in entries {
        let indicator = entry.indicator;
        // The cells of a rate carry their own sign.
        let unit = if indicator.unit == "%" {
            ""
        } else {
            indicator.unit
        };
        columns.push(Column::number(indicator.code, indicator.name, unit));
    }
    let mut table = Table::new(name, columns);
    for unit in report.units.iter().chain([&report.whole()]) {
        let mut row = vec![Cell::text(report.name_of(unit))];
        for entry in entries {
            let link = href(
                entry.indicator.code,
                unit.committee,
                unit.own,
                report.period,
            );
            row.push(report.now_of(&entry.now, unit).cell().link(link));
        }
        if unit.key() == report.whole().key() {
            table.push_foot(row);
        } else {
            table.push(row);
        }
    }
    table
}

/// One table for each indicator that has parts: its parts by unit, each opening its rows.
pub fn by_part(report: &Report) -> Vec<Table> {
    let units = report.counted();
    let table = |parts: &Parts| {
        let it = parts.indicator;
        let mut columns = vec![Column::text("part", "分类")];
        columns.extend(
            units
                .iter()
                .map(|unit| Column::number("unit", &report.name_of(unit), it.unit)),
        );
        let mut table = Table::new(parts_title(it.code), columns);
        for (part, by_unit) in &parts.rows {
            let number = |unit: &Unit| {
                let link = href(it.code, unit.committee, unit.own, report.period);
                let link = format!("{link}{}", part.query());
                report.now_of(by_unit, unit).cell().link(link)
            };
            let mut row = vec![Cell::text(part.label())];
            row.extend(units.iter().map(number));
            table.push(row);
        }
        table
    };
    report.parts.iter().map(table).collect()
}

fn parts_title(code: &str) -> &'static str {
    match code {
        "A07" => "团干部性质",
        _ => "诉求分类",
    }
}

/// Blocking: to be called where blocking is allowed.
pub fn write(report: &Report, now: DateTime<Utc>) -> Result<File, XlsxFault> {
    let mut book = Book::new(now)?;
    book.table(&summary(report))?;
    for table in by_group(report) {
        book.table(&table)?;
    }
    for table in by_part(report) {
        book.table(&table)?;
    }
    let about = [
        ("单位", report.committee.full_name.clone()),
        (
            "时间",
            format!("{} 至 {}", report.period.from(), report.period.to()),
        ),
        ("导出时间", long_stamp(now)),
        (
            "说明",
            "去重的指标按所看的层级重新计算，下级之和不等于上级".to_owned(),
        ),
    ];
    let about: Vec<(&str, &str)> = about.iter().map(|(k, v)| (*k, v.as_str())).collect();
    book.definitions(&about, &definitions(report))?;
    book.finish()
}

fn definitions(report: &Report) -> Vec<Definition> {
    let definition = |entry: &Entry| {
        let it = entry.indicator;
        Definition {
            key: it.code.to_owned(),
            label: it.name.to_owned(),
            unit: it.unit.to_owned(),
            meaning: format!(
                "{}。去重：{}。汇总：{}",
                it.definition,
                it.once,
                it.rollup_label()
            ),
        }
    };
    report.entries.iter().map(definition).collect()
}
