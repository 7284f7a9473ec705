//! 书记批示: one sentence and a day; the receiver signs and reports back.

use chrono::{DateTime, NaiveDate, Utc};

use crate::platform::ids::CadreId;

/// One sentence, in characters.
pub const INSTRUCTION_MAX: usize = 200;

/// As the page of its matter shows it, with the names of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub cadre_id: CadreId,
    /// The reader gave it: he reads it and its report.
    pub is_own: bool,
    pub cadre: String,
    pub committee: String,
    pub words: String,
    pub due_on: NaiveDate,
    pub given_at: DateTime<Utc>,
    pub signer: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub answerer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
}

impl Instruction {
    pub fn is_open(&self) -> bool {
        self.answer.is_none()
    }

    /// Its day has gone by and nobody has reported back.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.is_open() && self.due_on < today
    }
}
