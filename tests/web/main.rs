//! Stories: a person does a thing through the real router and a real PostgreSQL.

mod acceptance;
mod accounts;
mod body;
mod bulk;
mod cadres;
mod cancellation;
mod cluster;
mod committees;
mod dashboard;
mod demo;
mod feedback;
mod figures;
mod floors;
mod harness;
mod issues;
mod migrations;
mod organisations;
mod permissions;
mod reports;
mod templates;
mod ticker;
mod today;
mod visits;
mod walls;
mod youth;
