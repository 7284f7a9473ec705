//! Why somebody's data is opened by who has not met them.

use crate::platform::fields::Fields;
use crate::platform::form::{Faults, check_purpose};

/// As offered: what is sent, and what is read.
pub const PURPOSES: [(&str, &str); 5] = [
    ("visit", "要上门走访或联系本人"),
    ("issue", "办理本人的诉求"),
    ("help", "落实帮扶"),
    ("check", "核对上报的数字"),
    ("other", "别的事"),
];

#[derive(Clone, Debug, Default)]
pub struct PurposeForm {
    pub purpose: String,
    pub words: String,
    /// What is wanted afterwards: `edit`, or nothing.
    pub then: String,
}

impl PurposeForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            purpose: fields.text("purpose"),
            words: fields.text("words"),
            then: fields.text("then"),
        }
    }

    /// As the day book will tell it to whoever asks who has looked.
    pub fn check(&self) -> Result<String, Faults> {
        check_purpose(&PURPOSES, &self.purpose, &self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(purpose: &str, words: &str) -> Result<String, Faults> {
        let form = PurposeForm {
            purpose: purpose.into(),
            words: words.into(),
            ..PurposeForm::default()
        };
        form.check()
    }

    #[test]
    fn a_purpose_is_asked_for() {
        assert_eq!(said("issue", "").unwrap(), "办理本人的诉求");
        assert_eq!(said("other", "寄录取书").unwrap(), "别的事：寄录取书");
        assert_eq!(said("", "").unwrap_err().of("purpose"), Some("选一个事由"));
        assert_eq!(said("x", "").unwrap_err().of("purpose"), Some("选一个事由"));
        assert!(said("other", " ").unwrap_err().of("words").is_some());
        assert!(said("issue", &"长".repeat(61)).is_err());
    }
}
