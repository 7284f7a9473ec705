//! Floor 1: shared plumbing.
pub mod embedded;
