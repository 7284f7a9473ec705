//! Accounts.
pub mod hasher;
pub mod password;
