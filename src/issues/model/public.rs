//! What a young person writes on the public page of a committee, without account.

use super::{Category, IssueId};
use crate::kit::words::words;

words! {
    /// What it is.
    pub enum Kind {
        Problem "problem" "遇到难处",
        Idea "idea" "有个想法",
    }
}

/// One matter. Name and telephone are kept apart from the text, so that they can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPublic {
    /// Made with the form: the same id twice is one 诉求.
    pub id: IssueId,
    pub kind: Kind,
    pub detail: String,
    pub category: Category,
    pub name: Option<String>,
    pub phone: Option<String>,
}
