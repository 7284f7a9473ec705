//! 青听 Qingting: night visits, problems and the year-end report of Youth League committees.
//!
//! Floors, from the ground up; a module imports only from floors below its own:
//! `kit` (pure helpers) → `platform` (scope, database, routes, pages) → slices (one folder a record
//! kind) → `dashboard`, `reports`, `demo` (read other slices' figures) → `app` → `main`.

pub mod accounts;
pub mod app;
pub mod cadres;
pub mod calendar;
pub mod commands;
pub mod committees;
pub mod config;
pub mod dashboard;
pub mod demo;
pub mod feedback;
pub mod figures;
pub mod intake;
pub mod issues;
pub mod kit;
pub mod organisations;
pub mod platform;
pub mod reports;
pub mod today;
pub mod visits;
pub mod youth;
