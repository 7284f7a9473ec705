//! Accounts: a phone number that signs in, by password or, the first time and after a reset, by a
//! one-time code.

pub mod hasher;
mod invite;
pub mod password;
pub mod store;

pub use invite::{Invited, end_sessions_of, find, invite, reset};
pub use store::phone_hash;
