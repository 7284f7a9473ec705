//! Floor 1: shared plumbing.
