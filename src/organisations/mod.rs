//! 走访的团组织、单位: villages and communities, enterprises, schools, youth homes. A village is one with
//! its committee of level 6; the others lie at the committee that first wrote them down. The whole
//! tenant reads them; an admin renames, merges and closes those of his own committees.

mod model;
pub mod store;

pub use model::{ADDED, Kind, Organisation, OrganisationId, State, Suggestion, Town, Village};
