//! Floor 1: shared plumbing.
pub mod assets;
pub mod embedded;
pub mod page;
