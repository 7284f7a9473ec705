//! A report's figures, and one that was typed.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::committees::Committee;
use crate::figures::{Indicator, Part, Rollup, Unit, Value};
use crate::kit::ids::id;
use crate::kit::period::Period;
use crate::kit::prose::Figure;
use crate::platform::daybook::Verb;
use crate::platform::ids::CommitteeId;

pub const EXPORTED: Verb = Verb::new("report_exported", "report", "导出 Excel");
pub const TYPED: Verb = Verb::new("figure_typed", "typed_figure", "填了上年的数");
pub const UNTYPED: Verb = Verb::new("figure_untyped", "typed_figure", "撤掉了填的上年数");

id! {
    /// 填报的数
    pub TypedId
}

/// An earlier figure that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub id: TypedId,
    pub indicator: String,
    pub n: i64,
    pub definition: String,
    pub source: String,
    pub version: i32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTyped {
    pub id: TypedId,
    pub indicator: &'static str,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub n: i64,
    pub definition: String,
    pub source: String,
}

/// Only counts can be typed: a rate is always computed.
pub fn may_be_typed(indicator: &Indicator) -> bool {
    indicator.code != "D09"
        && matches!(
            indicator.rollup,
            Rollup::Sum | Rollup::Distinct | Rollup::Stock
        )
}

pub type ByUnit = HashMap<(CommitteeId, bool), Value>;

/// One indicator in the report.
#[derive(Debug)]
pub struct Entry {
    pub indicator: &'static Indicator,
    /// By unit, the level's own figure under the committee itself.
    pub now: ByUnit,
    pub before: ByUnit,
    pub typed: Option<Typed>,
}

#[derive(Debug)]
pub struct Report {
    pub committee: Committee,
    pub below: Vec<Committee>,
    pub units: Vec<Unit>,
    pub period: Period,
    pub entries: Vec<Entry>,
    pub parts: Vec<Parts>,
    /// Whether records were kept here by the end of the period.
    pub is_kept: bool,
    /// And by the end of last year's same one.
    pub was_kept: bool,
}

/// An indicator by its parts and by unit: 团干部 by nature, 诉求 by category.
#[derive(Debug)]
pub struct Parts {
    pub indicator: &'static Indicator,
    pub rows: Vec<(Part, ByUnit)>,
}

impl Report {
    pub fn whole(&self) -> Unit {
        Unit::whole(&self.committee)
    }

    /// The rows of each table, and the level's own figure after them.
    pub fn counted(&self) -> Vec<Unit> {
        self.units.iter().copied().chain([self.whole()]).collect()
    }

    pub fn now(&self, entry: &Entry) -> Value {
        self.now_of(&entry.now, &self.whole())
    }

    /// Of the period itself. None when it would be nothing only because nobody kept records here yet.
    pub fn now_of(&self, values: &ByUnit, unit: &Unit) -> Value {
        kept(self.is_kept, at(values, unit))
    }

    /// Last year's figure: the typed one where there is one.
    pub fn before(&self, entry: &Entry) -> Value {
        match &entry.typed {
            Some(typed) => Value::Count(typed.n),
            None => kept(self.was_kept, at(&entry.before, &self.whole())),
        }
    }

    /// What the records say of last year, where a figure was typed instead and they say something.
    pub fn beside_typed(&self, entry: &Entry) -> Option<Value> {
        let own = at(&entry.before, &self.whole());
        (entry.typed.is_some() && own.rows() > 0).then_some(own)
    }

    /// 市本级, a county, the level itself.
    pub fn name_of(&self, unit: &Unit) -> String {
        let below = self.below.iter().find(|c| c.id == unit.committee);
        match below {
            Some(committee) => committee.place_name.clone(),
            None if unit.own => format!("{}本级", self.committee.place_name),
            None => format!("{}合计", self.committee.place_name),
        }
    }
}

fn kept(is_kept: bool, value: Value) -> Value {
    if is_kept || value.rows() > 0 {
        value
    } else {
        Value::None
    }
}

fn at(values: &ByUnit, unit: &Unit) -> Value {
    values.get(&unit.key()).copied().unwrap_or(Value::Count(0))
}

/// None without data.
pub fn figure(value: Value) -> Option<Figure> {
    match value {
        _ if value.is_none() => None,
        Value::Count(n) => Some(Figure::Count(n)),
        Value::Rate { n, d } => Some(Figure::Rate { n, d }),
        Value::None => None,
    }
}
