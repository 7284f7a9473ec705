//! 青听 Qingting.
pub mod accounts;
pub mod committees;
pub mod kit;
pub mod platform;
