//! Floor 1: shared plumbing. It knows committees and roles, but no record kind.

pub mod assets;
mod body;
mod chrome;
pub mod counters;
pub mod daybook;
pub mod db;
pub mod embedded;
pub mod error;
pub mod extract;
pub mod feature;
pub mod fields;
pub mod files;
pub mod form;
mod guard;
pub mod http;
pub mod ids;
pub mod loader;
mod oops;
pub mod pace;
pub mod page;
pub mod paging;
pub mod parking;
pub mod render;
pub mod request;
pub mod routes;
pub mod scope;
pub mod session;
pub mod shelf;
pub mod site;
pub mod stale;
pub mod ticker;
pub mod transaction;

pub use error::{Error, Result};
