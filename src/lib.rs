//! 青听 Qingting.
pub mod commands;
pub mod config;
pub mod kit;
pub mod platform;
