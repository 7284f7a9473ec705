//! What a figure is: a count, or a rate with both its numbers.

use std::collections::HashMap;

use crate::kit::table::Cell;
use crate::platform::ids::CommitteeId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Count(i64),
    Rate {
        n: i64,
        d: i64,
    },
    /// No data: the middle of nothing, what nobody kept.
    None,
}

impl Value {
    pub fn cell(self) -> Cell {
        match self {
            Self::Count(n) => Cell::int(n),
            Self::Rate { n, d } => Cell::rate(n, d),
            Self::None => Cell::none(),
        }
    }

    /// How many rows the number opens: those of the numerator, for a rate.
    pub fn rows(self) -> i64 {
        match self {
            Self::Count(n) | Self::Rate { n, .. } => n,
            Self::None => 0,
        }
    }

    /// Whether it is printed as —.
    pub fn is_none(self) -> bool {
        matches!(self, Self::None | Self::Rate { d: 0, .. })
    }
}

/// By committee, and whether its own rows alone.
pub(super) type Numbers = HashMap<(CommitteeId, bool), i64>;

pub(super) fn counts(numbers: Numbers) -> HashMap<(CommitteeId, bool), Value> {
    let value = |(key, n)| (key, Value::Count(n));
    numbers.into_iter().map(value).collect()
}

pub(super) fn rates(over: &Numbers, under: &Numbers) -> HashMap<(CommitteeId, bool), Value> {
    let rate = |(key, n): (&(CommitteeId, bool), &i64)| {
        let d = under.get(key).copied().unwrap_or(0);
        (*key, Value::Rate { n: *n, d })
    };
    over.iter().map(rate).collect()
}
