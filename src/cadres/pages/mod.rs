//! The tree with who is in office, and the cadres themselves.

pub mod code;
pub mod edit;
pub mod leave;
pub mod list;
pub mod new;
mod parts;
pub mod show;
pub mod tree;
