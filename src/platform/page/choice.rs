//! What form parts and view bars are drawn from.

/// One choice of a radio group, a group of checkboxes or a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    /// `(value, label)` pairs, with the one that is chosen.
    pub fn one<V: ToString, L: ToString>(
        pairs: impl IntoIterator<Item = (V, L)>,
        chosen: &str,
    ) -> Vec<Self> {
        Self::mark(pairs, |value| value == chosen)
    }

    /// `(value, label)` pairs, with those that are chosen.
    pub fn many<V: ToString, L: ToString>(
        pairs: impl IntoIterator<Item = (V, L)>,
        chosen: &[String],
    ) -> Vec<Self> {
        Self::mark(pairs, |value| chosen.iter().any(|one| one == value))
    }

    fn mark<V: ToString, L: ToString>(
        pairs: impl IntoIterator<Item = (V, L)>,
        is_chosen: impl Fn(&str) -> bool,
    ) -> Vec<Self> {
        let make = |(value, label): (V, L)| {
            let value = value.to_string();
            Self {
                chosen: is_chosen(&value),
                label: label.to_string(),
                value,
            }
        };
        pairs.into_iter().map(make).collect()
    }
}

/// One view of a list, for `seg`: an address of its own, with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub href: String,
    pub label: String,
    pub count: Option<i64>,
    pub current: bool,
}
