//! The tables of visits: who went, who was met, what was heard, and what stood before a correction.

mod add;
mod change;
mod list;
mod own;
mod read;

pub use add::{Peers, Row, above, add, add_people, colleagues, peers};
pub use change::{
    Editable, Kept, correct, corrections, is_kept, keep, open_for_edit, take_over, withdraw,
};
pub use list::{Listed, list, mine};
pub use own::{Met, met_count, met_list};
pub use read::{
    Evening, Glimpse, Start, Twin, Went, acquaintances, evening_of, get, glimpse, met_before,
    parts, start, twins_of, went,
};
