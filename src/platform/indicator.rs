//! An indicator (指标): one definition, one view, from which page, list, Excel and roll-up select.
//! Reference: the codes of the league's indicator list.

/// How rows become the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    /// Rows in the period: every row belongs to one committee and one day.
    Sum,
    /// Different keys in the period at the level asked; children's figures are never added.
    Distinct,
    /// Different keys that are valid on the last day.
    Stock,
    /// One figure by another (their codes) at the level asked; children's rates are never averaged.
    Ratio(&'static str, &'static str),
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
}

#[derive(Debug)]
pub struct Indicator {
    /// C05.
    pub code: &'static str,
    /// 走访: a sheet of the year-end table.
    pub group: &'static str,
    pub name: &'static str,
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
