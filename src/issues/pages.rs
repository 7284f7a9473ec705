//! The pages: list, one issue with what may be done to it, its correction, its moves.

mod act;
pub mod contact;
mod edit;
pub mod files;
pub mod hand;
pub mod link;
mod list;
mod see;
mod show;
mod units;
pub mod verdict;

pub use act::{form, make};
pub use edit::{correct, edit};
pub use list::list;
pub use show::{reveal, show};
