//! The page put together from its figures: sentences, five figures, the level below, charts.

use chrono::{Datelike, NaiveDate};

use super::store::Figures;
use crate::committees;
use crate::figures::dictionary::{self, EVENINGS, Indicator};
use crate::figures::rollup::Kind;
use crate::figures::{Part, Unit, href};
use crate::kit::chart;
use crate::kit::clock::{day_words, short_date};
use crate::kit::paper::against;
use crate::kit::period::Period;
use crate::kit::prose::{self, average, compare, number};

/// A sentence that opens the list it speaks of.
pub struct Sentence {
    pub tone: &'static str,
    pub text: String,
    pub sub: String,
    pub href: String,
}

pub struct Kpi {
    pub href: String,
    pub name: &'static str,
    pub value: String,
    pub unit: &'static str,
    pub compare: String,
}

/// A number of the county table.
pub struct Number {
    pub text: String,
    pub href: String,
    pub value: i64,
    pub label: &'static str,
}

pub struct Line {
    pub name: String,
    /// The unit's own page; empty for the committee's own rows.
    pub href: String,
    pub numbers: Vec<Number>,
}

/// A row of the data table under a chart.
pub struct Datum {
    pub label: String,
    pub now: String,
    pub before: String,
    pub href: String,
    /// Of last year's number; empty where there is none.
    pub before_href: String,
}

/// The columns of the county table: indicator, head. 人均 stands beside 走访青年.
pub const COLUMNS: [(&str, &str); 7] = [
    ("A07", "团干部（人）"),
    ("C05", "走访青年（人）"),
    ("avg", "人均走访（人）"),
    ("C06", "走访青年（人次）"),
    ("C02", "访谈夜（场）"),
    ("C07", "集中夜访（晚次）"),
    ("D01", "收集诉求（件）"),
];

/// Categories of 诉求 with a bar of their own.
const BARS: usize = 8;

const KPIS: [&str; 5] = ["C05", "C02", "C07", "C09", "D01"];

/// Figures, the stretch they are asked for, and today.
pub struct Board<'a> {
    pub figures: &'a Figures,
    pub kind: Kind,
    pub today: NaiveDate,
}

impl Board<'_> {
    /// From the stretch's first day to today.
    pub fn period(&self) -> Period {
        Period::new(self.kind.start(self.today), self.today).unwrap_or(Period::ytd(self.today))
    }

    fn link(&self, code: &str, unit: &Unit) -> String {
        href(code, unit.committee, unit.own, self.period())
    }

    fn now(&self, unit: &Unit, code: &str) -> i64 {
        self.figures.of(unit, code, self.kind, self.today)
    }

    fn before(&self, unit: &Unit, code: &str) -> i64 {
        self.figures.before(unit, code, self.kind, self.today)
    }

    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Month => "本月",
            Kind::Quarter => "本季",
            Kind::Year => "今年",
        }
    }

    pub fn sentences(&self) -> Vec<Sentence> {
        vec![self.on_visits(), self.on_evenings(), self.on_issues()]
    }

    fn on_visits(&self) -> Sentence {
        let whole = self.figures.whole();
        let (now, before) = (self.now(&whole, "C05"), self.before(&whole, "C05"));
        let times = number(self.now(&whole, "C06"));
        let word = self.word();
        Sentence {
            tone: "qing",
            text: format!("{word}走访青年 {} 人，{times} 人次", number(now)),
            sub: format!(
                "截至{}，{}",
                day_words(self.today),
                against(
                    &format!("上年同期的 {} 人", number(before)),
                    &compare(now, before, "人")
                )
            ),
            href: self.link("C05", &whole),
        }
    }

    /// Counts only; the names follow after the click (no list of the worst). The whole month is asked,
    /// so that a unit is short until it has all its evenings.
    fn on_evenings(&self) -> Sentence {
        let whole = self.figures.whole();
        let month = Period::month_of(self.today);
        let held = self.figures.of(&whole, "C07", Kind::Month, self.today);
        let link = |code| href(code, whole.committee, false, month);
        if whole.is_one() {
            let here = &self.figures.committee;
            let is_unit = here.level >= 5 || here.kind == committees::Kind::Area;
            let of = if is_unit {
                format!("／{EVENINGS}")
            } else {
                String::new()
            };
            return Sentence {
                tone: "lamp",
                text: format!("{}本月夜访 {held}{of} 晚", here.short_name),
                sub: format!("截至{}", day_words(self.today)),
                href: link("C07"),
            };
        }
        let (units, short) = (self.figures.night_units, self.figures.short_units);
        let (text, href) = if short == 0 {
            let text = format!("本月每个单位都夜访满了 {EVENINGS} 晚");
            (text, link("C08"))
        } else {
            let text = format!("本月有 {short} 个单位夜访还没满 {EVENINGS} 晚");
            (text, format!("{}{}", link("C08"), Part::Unmet.query()))
        };
        Sentence {
            tone: "lamp",
            text,
            sub: format!("县（市、区）和市本级共 {units} 个，夜访共 {held} 晚次"),
            href,
        }
    }

    fn on_issues(&self) -> Sentence {
        let whole = self.figures.whole();
        let categories = self.figures.categories(self.kind, self.today);
        let most = categories.iter().max_by_key(|(_, n)| *n);
        let sub = match most {
            Some((category, n)) if *n > 0 => format!("说得最多的是{}，{n} 件", category.label()),
            _ => "还没有记下诉求".to_owned(),
        };
        Sentence {
            tone: "ok",
            text: format!(
                "{}收集诉求 {} 件",
                self.word(),
                number(self.now(&whole, "D01"))
            ),
            sub,
            href: self.link("D01", &whole),
        }
    }

    pub fn kpis(&self) -> Vec<Kpi> {
        let whole = self.figures.whole();
        let known = KPIS.iter().filter_map(|code| dictionary::get(code));
        let kpi = |indicator: &'static Indicator| {
            let now = self.now(&whole, indicator.code);
            let before = self.before(&whole, indicator.code);
            Kpi {
                href: self.link(indicator.code, &whole),
                name: indicator.name,
                value: number(now),
                unit: indicator.unit,
                compare: format!(
                    "上年同期 {}，{}",
                    number(before),
                    compare(now, before, indicator.unit)
                ),
            }
        };
        known.map(kpi).collect()
    }

    /// Own rows, each committee below in administrative order; `sort` is a user's own wish.
    pub fn lines(&self, sort: &str) -> Vec<Line> {
        let mut lines: Vec<Line> = self.figures.units.iter().map(|u| self.line(u)).collect();
        if let Some(at) = COLUMNS.iter().position(|(code, _)| *code == sort) {
            lines.sort_by_key(|line| std::cmp::Reverse(line.numbers[at].value));
        }
        lines
    }

    /// The level's own figure, counted anew.
    pub fn foot(&self) -> Line {
        let mut line = self.line(&self.figures.whole());
        line.href = String::new();
        line
    }

    fn line(&self, unit: &Unit) -> Line {
        let below = self.figures.below.iter().find(|c| c.id == unit.committee);
        let (name, href) = match below {
            Some(committee) => (
                committee.place_name.clone(),
                format!("/dashboard/{}?span={}", committee.id, self.kind.code()),
            ),
            None if unit.own => (own_name(self.figures.committee.level), String::new()),
            None => (whole_name(self.figures.committee.level), String::new()),
        };
        let numbers = COLUMNS
            .iter()
            .map(|(code, label)| self.number(unit, code, label));
        Line {
            name,
            href,
            numbers: numbers.collect(),
        }
    }

    fn number(&self, unit: &Unit, code: &'static str, label: &'static str) -> Number {
        let cadres = self.figures.cadres.get(&unit.key());
        let cadres = cadres.map_or(0, |value| value.rows());
        let (value, text, href) = match code {
            "A07" => (cadres, number(cadres), self.link("A07", unit)),
            "avg" => {
                let met = self.now(unit, "C05");
                // Tenths, so that sorting follows what is printed.
                let tenths = if cadres > 0 { met * 10 / cadres } else { -1 };
                (tenths, average(met, cadres), String::new())
            }
            code => {
                let n = self.now(unit, code);
                (n, number(n), self.link(code, unit))
            }
        };
        Number {
            text,
            href,
            value,
            label,
        }
    }

    /// 每月走访青年 this year and last, with its table.
    pub fn months(&self) -> (String, Vec<Datum>) {
        let whole = self.figures.whole();
        let of = |day: NaiveDate| self.figures.of(&whole, "C05", Kind::Month, day);
        let mut bars = Vec::new();
        let mut rows = Vec::new();
        for month in Period::year_of(self.today).months() {
            let day = month.month;
            let last_year = day.with_year(day.year() - 1).unwrap_or(day);
            let now = (day <= self.today).then(|| of(day));
            let before = of(last_year);
            let label = format!("{}月", day.month());
            let link = |day| href("C05", whole.committee, false, Period::month_of(day));
            rows.push(Datum {
                label: label.clone(),
                now: now.map_or(prose::NONE.to_owned(), number),
                before: number(before),
                href: now.map(|_| link(day)).unwrap_or_default(),
                before_href: link(last_year),
            });
            bars.push(chart::Month {
                label,
                now,
                before: Some(before),
                unfinished: day.month() == self.today.month(),
            });
        }
        (chart::months("每月走访青年", "人", &bars), rows)
    }

    /// 诉求类别, what is said most first, with its table, each opening its rows. The chart shows the first
    /// ones and the rest as one bar.
    pub fn categories(&self) -> (String, Vec<Datum>) {
        let whole = self.figures.whole();
        let mut there = self.figures.categories(self.kind, self.today);
        there.retain(|(_, n)| *n > 0);
        there.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let bar = |label: String, n: i64| chart::Category {
            label,
            parts: [n, 0],
        };
        let (most, rest) = there.split_at(there.len().min(BARS));
        let mut bars: Vec<_> = most
            .iter()
            .map(|(category, n)| bar(category.label().to_owned(), *n))
            .collect();
        if !rest.is_empty() {
            let n = rest.iter().map(|(_, n)| n).sum();
            bars.push(bar(format!("其余 {} 类", rest.len()), n));
        }
        let rows = there.iter().map(|(category, n)| Datum {
            label: category.label().to_owned(),
            now: number(*n),
            before: String::new(),
            href: format!("{}&category={}", self.link("D09", &whole), category.code()),
            before_href: String::new(),
        });
        let rows = rows.collect();
        (
            chart::categories("诉求类别", "件", ["收集", ""], &bars),
            rows,
        )
    }

    /// 今年的夜晚, with a table of the evenings that have any.
    pub fn nights(&self) -> (String, Vec<Datum>) {
        let whole = self.figures.whole();
        let evenings = self.figures.evenings();
        let none = std::collections::BTreeSet::new();
        let svg = chart::nights(self.today, "人次", &evenings, &none, self.today);
        let rows = evenings.iter().rev().filter_map(|(day, n)| {
            let period = Period::new(*day, *day)?;
            Some(Datum {
                label: short_date(*day, self.today),
                now: number(*n),
                before: String::new(),
                href: href("C06", whole.committee, false, period),
                before_href: String::new(),
            })
        });
        (svg, rows.collect())
    }
}

fn own_name(level: i16) -> String {
    let word = match level {
        1 => "全国本级",
        2 => "省本级",
        3 => "市本级",
        4 => "县本级",
        _ => "本级",
    };
    word.to_owned()
}

fn whole_name(level: i16) -> String {
    let word = match level {
        1 => "全国",
        2 => "全省",
        3 => "全市",
        4 => "全县",
        _ => "合计",
    };
    word.to_owned()
}
