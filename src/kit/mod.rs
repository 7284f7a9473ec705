//! Floor 0: pure helpers.
