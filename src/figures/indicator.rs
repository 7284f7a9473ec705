//! What an indicator is: how it is counted, what one counted thing is, and its words. They stand in the
//! `dictionary`.

/// How rows become the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    /// Rows in the period: every row belongs to one committee and one day.
    Sum,
    /// Different keys in the period at the level asked; children's figures are never added.
    Distinct,
    /// Different keys that are valid on the last day.
    Stock,
    /// Different keys that were valid on any day of the period.
    Lived,
    /// Different keys that were valid on its first day and came before it.
    Opening,
    /// The middle of the rows' amounts at the level asked; children's are never averaged.
    Median,
    /// Of the keys of the second figure (on the last day, where it is a stock), those that the first has in
    /// the period, at the level asked (their codes): a share, so never above 100 %. Children's rates are
    /// never averaged.
    Ratio(&'static str, &'static str),
    /// As `Ratio`, where whatever the first counts is among the second's by what it is: what was closed had to
    /// be handled.
    Share(&'static str, &'static str),
    /// Unit-months with enough evenings, of all unit-months.
    UnitMonths,
}

/// What one counted thing is, and so what a row behind the figure shows and opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Visit,
    Youth,
    Cadre,
    Organisation,
    /// A cadre on a visit.
    Attendance,
    /// A young person on a visit.
    Meeting,
    /// A county-level unit on an evening.
    UnitEvening,
    /// A county-level unit in a month.
    UnitMonth,
    Issue,
    /// A department without account, by its name.
    Department,
}

#[derive(Debug)]
pub struct Indicator {
    /// C05.
    pub code: &'static str,
    /// 走访: a sheet of the year-end table.
    pub group: &'static str,
    pub name: &'static str,
    /// What stands before the number in a sentence: 走访青年 3164 人.
    pub spoken: &'static str,
    /// 口径: what is counted, once for what, when.
    pub definition: &'static str,
    /// What is counted once (去重).
    pub once: &'static str,
    pub unit: &'static str,
    pub rollup: Rollup,
    pub counted: Counted,
    /// Of the shape `(tenant_id, scope, day, key, row_id)`; for a rate that of its numerator.
    pub view: &'static str,
}

impl Indicator {
    /// Whether it counts evenings of units: above a county, what belongs to no unit is left out.
    pub(super) fn is_of_units(&self) -> bool {
        self.counted == Counted::UnitEvening
    }

    /// How the level above is made, in the words of the dictionary page.
    pub fn rollup_label(&self) -> &'static str {
        match self.rollup {
            Rollup::Sum => "可以相加",
            Rollup::Distinct => "按所看的层级重新去重，下级之和不等于上级",
            Rollup::Stock => "期末在册，按所看的层级去重",
            Rollup::Lived => "按所看的层级去重，期初没办结的也在内",
            Rollup::Opening => "按所看的层级去重，只看期初",
            Rollup::Median => "按所看的层级重新取中位数",
            Rollup::Ratio(..) | Rollup::Share(..) => "分子、分母按所看的层级重新计算",
            Rollup::UnitMonths => "达标的单位月÷应有的单位月",
        }
    }
}
