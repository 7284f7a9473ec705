//! The form of a verdict: one of three, and words.

use crate::issues::model::Verdict;
use crate::kit::text::{TextFault, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

/// In characters.
const WORDS_MAX: usize = 500;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictForm {
    pub verdict: String,
    pub words: String,
}

impl VerdictForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            verdict: fields.text("verdict"),
            words: fields.text("words"),
        }
    }

    pub fn check(&self) -> Result<(Verdict, Option<String>), Faults> {
        let mut faults = Faults::default();
        let verdict = Verdict::from_code(&self.verdict).ok_or("选一个：办成了、办了一半、没办成");
        let verdict = faults.take("verdict", verdict);
        let words = match clean_lines(&self.words, WORDS_MAX) {
            Ok(words) => Some(words),
            Err(TextFault::Empty) => None,
            Err(other) => {
                faults.add("words", other.to_string());
                None
            }
        };
        faults.or(verdict.map(|verdict| (verdict, words)))
    }
}
