//! Accounts: a phone number that signs in, by password or, the first time and after a reset, by a
//! one-time code.

pub mod hasher;
pub mod password;
pub mod store;

pub use store::phone_hash;
