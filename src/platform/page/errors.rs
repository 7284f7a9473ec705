//! The pages for what goes wrong; which one is shown is decided where errors are caught.

use askama::Template;

use super::Chrome;

/// The pages of `templates/_errors`: what happened, whether the work is safe, one way on, a number.
///
/// `at` is the time as shown (11-24 21:20); `back` the address where to try again.
#[derive(Debug, Template)]
pub enum ErrorPage {
    /// 404: not there, or another committee's; the reader can't tell which.
    #[template(path = "_errors/not_found.html")]
    NotFound { chrome: Chrome, at: String },
    /// 403: the role is not enough. `reason` is the sentence of the rule, or empty.
    #[template(path = "_errors/forbidden.html")]
    Forbidden {
        chrome: Chrome,
        at: String,
        reason: String,
    },
    /// 500.
    #[template(path = "_errors/broken.html")]
    Broken {
        chrome: Chrome,
        at: String,
        back: String,
    },
    /// 409: somebody else saved first, or the record is in no state for it. `heading` says which.
    #[template(path = "_errors/stale.html")]
    Stale {
        chrome: Chrome,
        at: String,
        back: String,
        heading: String,
        reason: String,
    },
    /// 413.
    #[template(path = "_errors/too_large.html")]
    TooLarge {
        chrome: Chrome,
        at: String,
        back: String,
    },
    /// 429.
    #[template(path = "_errors/too_many.html")]
    TooMany {
        chrome: Chrome,
        at: String,
        back: String,
    },
    /// 400.
    #[template(path = "_errors/bad_request.html")]
    BadRequest {
        chrome: Chrome,
        at: String,
        back: String,
        reason: String,
    },
    /// 503: the database is away for a moment, or too many sign in at once.
    #[template(path = "_errors/busy.html")]
    Busy {
        chrome: Chrome,
        at: String,
        back: String,
    },
    /// 403: the post did not come from a page of ours.
    #[template(path = "_errors/foreign.html")]
    Foreign { chrome: Chrome, at: String },
    /// 405.
    #[template(path = "_errors/wrong_method.html")]
    WrongMethod { chrome: Chrome, at: String },
    /// For htmx, whatever the fault: one sentence into `#flash`.
    #[template(path = "_errors/note.html")]
    Note { status: u16, number: String },
}
