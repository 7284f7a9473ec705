//! The faults of a form: each names its field and says in one sentence what to do. The page shows
//! the same sentence twice, in the summary on top and beside the field.

use crate::kit::text::{TextFault, clean};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The id of the input, so that the summary can link to it; `FORM` where it is no single one's.
    pub field: String,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// The field of what concerns the whole form: it stands in the summary alone.
pub const FORM: &str = "";

impl Faults {
    pub fn one(field: &str, text: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, text);
        faults
    }

    /// At most one a field: the first is the one to mend.
    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        if self.of(field).is_none() {
            self.0.push(Fault {
                field: field.to_owned(),
                text: text.into(),
            });
        }
    }

    /// The value, or the fault noted and nothing.
    pub fn take<T>(&mut self, field: &str, outcome: Result<T, impl Into<String>>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(text) => {
                self.add(field, text);
                None
            }
        }
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        let mut faults = self.0.iter();
        faults.find(|f| f.field == field).map(|f| f.text.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// For `f::errors`.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.iter()
            .map(|f| (f.field.as_str(), f.text.as_str()))
            .collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// The checked value when nothing was wrong. `value` is None only where a fault was noted.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

/// Why a record is opened by whom it does not concern: one of the offered reasons (code, label), and words;
/// `other` needs them. As the day book will tell it to whoever asks who has looked.
pub fn check_purpose(
    offered: &[(&str, &str)],
    purpose: &str,
    words: &str,
) -> Result<String, Faults> {
    const WORDS_MAX: usize = 60;
    let mut faults = Faults::default();
    let label = offered.iter().find(|(code, _)| *code == purpose);
    let label = faults.take("purpose", label.ok_or("选一个事由"));
    let words = match clean(words, WORDS_MAX) {
        Ok(words) => Some(words),
        Err(TextFault::Empty) => None,
        Err(other) => {
            faults.add("words", other.to_string());
            None
        }
    };
    if purpose == "other" && words.is_none() {
        faults.add("words", "写下是什么事");
    }
    faults.or(label.map(|(_, label)| match words {
        Some(words) => format!("{label}：{words}"),
        None => (*label).to_owned(),
    }))
}
