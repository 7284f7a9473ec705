//! Stories.

mod cluster;
