//! One year of the calendar.

use chrono::{DateTime, NaiveDate, Utc};

use crate::platform::daybook::Verb;

pub const CHANGED: Verb = Verb::new("calendar_changed", "calendar", "录入放假安排");

/// As it is read out of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewYear {
    pub year: i32,
    /// In their order; the last days of the year before may be among them.
    pub holidays: Vec<NaiveDate>,
    pub workdays: Vec<NaiveDate>,
    /// As it was typed.
    pub text: String,
}

/// As it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    pub holidays: Vec<NaiveDate>,
    pub workdays: Vec<NaiveDate>,
    pub text: String,
    pub version: i32,
    pub changed_at: DateTime<Utc>,
}
