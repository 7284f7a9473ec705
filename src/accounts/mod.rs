//! Accounts: a phone number that signs in, by password or, the first time and after a reset, by a
//! one-time code.

pub mod hasher;
mod invite;
mod model;
pub mod password;
pub mod store;

pub use invite::{Invited, change_phone, invite, reset};
pub use model::confirmed;
pub use store::{end_sessions_of, find, phone_hash};
