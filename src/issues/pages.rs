//! The pages: list, one issue with what may be done to it, its correction, its moves.

mod act;
pub mod contact;
pub mod department;
pub mod deputies;
mod edit;
pub mod files;
pub mod follow;
pub mod hand;
pub mod handoff;
pub mod link;
mod list;
pub mod notices;
pub mod part;
pub mod parts;
pub mod rules;
mod see;
mod show;
mod units;
pub mod verdict;

pub use act::{form, make};
pub use edit::{correct, edit};
pub use list::list;
pub use show::{reveal, show};
