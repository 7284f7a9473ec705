//! The tree of committees.
pub mod divisions;
