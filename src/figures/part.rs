//! A part of a figure that can be asked alone: one category of 诉求, one nature of post, the
//! unit-months that are still short of evenings.

use super::dictionary::{Indicator, Rollup};
use crate::cadres::Nature;
use crate::issues::Category;
use crate::platform::fields::Fields;
use crate::platform::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Of D01 and D09.
    Category(Category),
    /// Of A07 and A08; who holds posts of two natures is in both parts.
    Nature(Nature),
    /// Of C08: what is not met yet.
    Unmet,
}

impl Part {
    /// From an address; a part that the figure does not have is refused.
    pub fn read(indicator: &Indicator, query: &Fields) -> Result<Option<Self>> {
        let unknown = Error::BadAddress("这个数没有这样的分类，从一览再点一次。");
        let part = if let Some(code) = query.opt("category").filter(|code| !code.is_empty()) {
            Category::from_code(code).map(Self::Category)
        } else if let Some(code) = query.opt("nature").filter(|code| !code.is_empty()) {
            Nature::from_code(code).map(Self::Nature)
        } else if query.has("unmet") {
            Some(Self::Unmet)
        } else {
            return Ok(None);
        };
        part.filter(|part| part.is_of(indicator))
            .map(Some)
            .ok_or(unknown)
    }

    fn is_of(self, indicator: &Indicator) -> bool {
        match self {
            Self::Category(_) => indicator.view == "figure_d01",
            Self::Nature(_) => indicator.rollup == Rollup::Stock,
            Self::Unmet => indicator.rollup == Rollup::UnitMonths,
        }
    }

    /// The value of the view's column; None where the part is no column.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Category(category) => Some(category.code()),
            Self::Nature(nature) => Some(nature.code()),
            Self::Unmet => None,
        }
    }

    /// To append to the address of the figure.
    pub fn query(self) -> String {
        match self {
            Self::Category(category) => format!("&category={}", category.code()),
            Self::Nature(nature) => format!("&nature={}", nature.code()),
            Self::Unmet => "&unmet=1".to_owned(),
        }
    }

    /// Behind the figure's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Category(category) => category.label(),
            Self::Nature(nature) => nature.label(),
            Self::Unmet => "没达标",
        }
    }
}

/// The column of an indicator's view that has parts.
pub(super) fn column(indicator: &Indicator) -> Option<&'static str> {
    match indicator.view {
        "figure_d01" => Some("v.category"),
        "figure_a07" | "figure_a08" => Some("v.nature"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::dictionary::get;

    #[test]
    fn a_part_belongs_to_its_figure_alone() {
        let read = |code: &str, name: &str, value: &str| {
            Part::read(get(code).unwrap(), &Fields::of(&[(name, value)]))
        };
        assert_eq!(read("D09", "category", "").unwrap(), None);
        assert!(matches!(
            read("D01", "category", "04").unwrap(),
            Some(Part::Category(_))
        ));
        assert_eq!(
            read("A07", "nature", "part").unwrap(),
            Some(Part::Nature(Nature::Part))
        );
        assert_eq!(read("C08", "unmet", "1").unwrap(), Some(Part::Unmet));
        for (code, name, value) in [
            ("C05", "category", "04"),
            ("D09", "category", "77"),
            ("D09", "nature", "part"),
            ("C07", "unmet", "1"),
        ] {
            assert!(matches!(read(code, name, value), Err(Error::BadAddress(_))));
        }
    }
}
