//! The pages: list, one issue with what may be done to it, its correction.

mod edit;
mod list;
mod show;

pub use edit::{correct, edit};
pub use list::list;
pub use show::{reveal, show, void};
