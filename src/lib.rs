//! 青听 Qingting.
pub mod kit;
pub mod platform;
