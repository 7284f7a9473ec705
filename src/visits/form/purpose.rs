//! Why a superior opens the text of a visit.

use crate::platform::fields::Fields;
use crate::platform::form::{Faults, check_purpose};

/// As offered: what is stored, and what is read.
pub const PURPOSES: [(&str, &str); 4] = [
    ("follow", "跟进诉求"),
    ("check", "核对上报的数字"),
    ("advise", "给下级出主意"),
    ("other", "别的事"),
];

#[derive(Clone, Debug, Default)]
pub struct PurposeForm {
    pub purpose: String,
    pub words: String,
}

impl PurposeForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            purpose: fields.text("purpose"),
            words: fields.text("words"),
        }
    }

    /// As the day book will tell it to whoever asks who has looked.
    pub fn check(&self) -> Result<String, Faults> {
        check_purpose(&PURPOSES, &self.purpose, &self.words)
    }
}
