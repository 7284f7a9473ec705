//! Planting a tree, and changing what lies below one's own committee.

pub mod edit;
pub mod plant;
