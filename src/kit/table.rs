//! One table for page, print and Excel: the same values everywhere, because there is only one place for them.

use chrono::NaiveDate;

use super::clock::iso_date;
use super::prose::{self, NONE, SMALLEST_BASE};

/// Where the values of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Start,
    /// Numbers: right, with tabular figures.
    End,
}

/// One column; its unit stands in the header, never in the cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in addresses and code, such as an indicator's.
    pub key: String,
    pub label: String,
    /// 人, 件, 晚次; empty for text and for rates, which carry their sign.
    pub unit: String,
    pub align: Align,
}

impl Column {
    pub fn text(key: &str, label: &str) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            unit: String::new(),
            align: Align::Start,
        }
    }

    pub fn number(key: &str, label: &str, unit: &str) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            align: Align::End,
        }
    }

    /// 走访青年（人）.
    pub fn head(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.unit)
        }
    }

    pub fn is_number(&self) -> bool {
        self.align == Align::End
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Int(i64),
    /// A rate with its base, so that a total can be recomputed and never averaged.
    Rate {
        n: i64,
        d: i64,
    },
    Date(NaiveDate),
    /// No data: prints as —.
    None,
}

/// A value, and the address of the rows behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub value: Value,
    pub href: Option<String>,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::from(Value::Text(text.into()))
    }

    pub fn int(n: i64) -> Self {
        Self::from(Value::Int(n))
    }

    pub fn rate(n: i64, d: i64) -> Self {
        Self::from(Value::Rate { n, d })
    }

    pub fn date(date: NaiveDate) -> Self {
        Self::from(Value::Date(date))
    }

    pub fn none() -> Self {
        Self::from(Value::None)
    }

    /// The same cell, opening these rows.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// As page and print show it.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) if text.is_empty() => NONE.to_owned(),
            Value::Text(text) => text.clone(),
            Value::Int(n) => prose::number(*n),
            Value::Rate { n, d } => prose::rate(*n, *d),
            Value::Date(date) => iso_date(*date),
            Value::None => NONE.to_owned(),
        }
    }

    /// Whether the rate has a base large enough to be shown as one (DESIGN.md §9); Excel keeps to the same rule.
    pub fn is_shown_as_rate(&self) -> bool {
        matches!(self.value, Value::Rate { d, .. } if d >= SMALLEST_BASE)
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, href: None }
    }
}

/// One row of cells, as many as there are columns.
pub type Row = Vec<Cell>;

/// A titled table; `foot` holds the level's own recomputed figures, which are not sums of the rows above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub foot: Vec<Row>,
}

impl Table {
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            title: title.into(),
            columns,
            ..Self::default()
        }
    }

    pub fn push(&mut self, row: Row) {
        let row = self.fitted(row);
        self.rows.push(row);
    }

    pub fn push_foot(&mut self, row: Row) {
        let row = self.fitted(row);
        self.foot.push(row);
    }

    /// Rows and foot with each cell beside its column, for templates.
    pub fn pairs<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(row)
    }

    /// A row of another length is a fault of the program; what is missing prints as — instead of shifting figures
    /// under a foreign heading.
    fn fitted(&self, mut row: Row) -> Row {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {}", self.title);
        row.resize(self.columns.len(), Cell::none());
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(
            "各县（市、区）",
            vec![
                Column::text("unit", "县（市、区）"),
                Column::number("C02", "走访青年", "人"),
                Column::number("D09", "解决率", ""),
            ],
        );
        table.push(vec![
            Cell::text("望川县"),
            Cell::int(1512).link("/visits?unit=7"),
            Cell::rate(912, 1000),
        ]);
        table.push_foot(vec![Cell::text("全市"), Cell::int(8642), Cell::none()]);
        table
    }

    #[test]
    fn the_unit_stands_in_the_header() {
        let table = table();
        assert_eq!(
            table.columns.iter().map(Column::head).collect::<Vec<_>>(),
            ["县（市、区）", "走访青年（人）", "解决率"]
        );
        assert!(table.columns[1].is_number() && !table.columns[0].is_number());
    }

    #[test]
    fn cells_show_what_they_hold() {
        let cases = [
            (Cell::text("柳坪镇"), "柳坪镇"),
            (Cell::text(""), "—"),
            (Cell::int(0), "0"),
            (Cell::int(12_500), "12,500"),
            (Cell::rate(3, 7), "3/7"),
            (Cell::rate(836, 1000), "83.6%"),
            (Cell::rate(0, 0), "—"),
            (Cell::date("2026-11-23".parse().unwrap()), "2026-11-23"),
            (Cell::none(), "—"),
        ];
        for (cell, shown) in cases {
            assert_eq!(cell.shown(), shown);
        }
        assert!(Cell::rate(7, 10).is_shown_as_rate() && !Cell::rate(7, 9).is_shown_as_rate());
    }

    #[test]
    fn a_cell_stands_beside_its_column_and_keeps_its_link() {
        let table = table();
        let seen: Vec<_> = table
            .pairs(&table.rows[0])
            .map(|(c, v)| (c.key.as_str(), v.shown(), v.href.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                ("unit", "望川县".to_owned(), None),
                ("C02", "1,512".to_owned(), Some("/visits?unit=7")),
                ("D09", "91.2%".to_owned(), None)
            ]
        );
        assert_eq!(table.foot[0][2].shown(), "—");
    }

    #[test]
    #[should_panic(expected = "a row of 各县（市、区）")]
    fn a_short_row_is_found_in_tests() {
        table().push(vec![Cell::text("松岗县")]);
    }
}
