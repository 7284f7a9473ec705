//! A figure that is typed: the number, what it counts, and where it was read.

use chrono::NaiveDate;

use super::model::{NewTyped, TypedId};
use crate::figures::Indicator;
use crate::kit::text::{TextFault, clean, half_width};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

/// 口径 and source each: they stand in a table and in a sentence.
pub const WORDS: usize = 60;

#[derive(Clone, Debug, Default)]
pub struct TypedForm {
    pub id: String,
    pub n: String,
    pub definition: String,
    pub source: String,
    /// Empty for a new one.
    pub version: String,
}

impl TypedForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            n: fields.text("n"),
            definition: fields.text("definition"),
            source: fields.text("source"),
            version: fields.text("version"),
        }
    }

    pub fn check(
        &self,
        indicator: &'static Indicator,
        from_on: NaiveDate,
        to_on: NaiveDate,
    ) -> Result<(NewTyped, Option<i32>), Faults> {
        let mut faults = Faults::default();
        let n = faults.take("n", number(&self.n));
        let definition = faults.take(
            "definition",
            words(&self.definition, "写下这个数是怎么数的"),
        );
        let source = faults.take("source", words(&self.source, "写下这个数是从哪里来的"));
        let id = self.id.parse::<TypedId>();
        let id = faults.take("n", id.map_err(|_| "这一页开得太久了，再点一次提交"));
        let version = self.version.parse().ok();
        let new = || {
            Some(NewTyped {
                id: id?,
                indicator: indicator.code,
                from_on,
                to_on,
                n: n?,
                definition: definition?,
                source: source?,
            })
        };
        let new = new();
        faults.or(new).map(|new| (new, version))
    }
}

fn number(raw: &str) -> Result<i64, &'static str> {
    let digits = half_width(raw).replace([',', ' ', '，'], "");
    match digits.parse::<i64>() {
        Ok(n) if (0..=100_000_000).contains(&n) => Ok(n),
        _ => Err("写一个整数，比如 1053"),
    }
}

fn words(raw: &str, empty: &'static str) -> Result<String, String> {
    clean(raw, WORDS).map_err(|fault| match fault {
        TextFault::Empty => empty.to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(number("１，０５３"), Ok(1053));
        assert_eq!(number("7,730"), Ok(7730));
        for bad in ["", "-1", "1.5", "一千", "100000001"] {
            assert!(number(bad).is_err(), "{bad}");
        }
    }
}
