//! The tree of committees.
pub mod divisions;
pub mod planting;
