//! 走访的组织: villages, enterprises, schools that are visited.

mod model;

pub use model::OrganisationId;
