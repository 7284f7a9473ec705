//! Stories: a person does a thing through the real router and a real PostgreSQL.

mod cluster;
mod feedback;
mod harness;
mod issues;
mod today;
mod visits;
