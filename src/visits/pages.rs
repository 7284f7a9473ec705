//! The pages of visits: the form, what follows from it, one visit, the list, changes.

mod blank;
mod change;
mod create;
mod doubles;
mod list;
mod offers;
mod saved;
mod sheet;
mod show;

pub use blank::{blank, paper};
pub use change::{edit, merge, merge_form, update, void, void_form};
pub use create::{create, new, retype};
pub use list::list;
pub use saved::saved;
pub use show::{reveal, show};
