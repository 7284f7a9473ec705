//! The demo tenant 清川市: an invented city with a year and a half of evenings behind it, the same for
//! the same day of planting. Everything goes through the public stores, under the scope of whoever
//! does it and at the time at which it happens, so it obeys the walls as a user would.

mod accounts;
pub mod bulk;
mod cast;
mod chance;
mod evenings;
mod follows;
mod leave;
mod lives;
mod seats;
mod shares;
mod stage;
mod stage_visit;
mod store;
mod stories;
mod visitors;
mod words;

pub use accounts::{ACCOUNTS, Account, PASSWORD};
pub use stage::{DIVISION, PLANTED, Standing, finish, plant, standing};
