//! Why a superior opens the text of a visit.

use crate::kit::text::{TextFault, clean};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

const WORDS_MAX: usize = 60;

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
        let mut faults = Faults::default();
        let label = PURPOSES.iter().find(|(code, _)| *code == self.purpose);
        let label = faults.take("purpose", label.ok_or("选一个事由"));
        let words = match clean(&self.words, WORDS_MAX) {
            Ok(words) => Some(words),
            Err(TextFault::Empty) => None,
            Err(other) => {
                faults.add("words", other.to_string());
                None
            }
        };
        if self.purpose == "other" && words.is_none() {
            faults.add("words", "写下是什么事");
        }
        faults.or(label.map(|(_, label)| match words {
            Some(words) => format!("{label}：{words}"),
            None => (*label).to_owned(),
        }))
    }
}
