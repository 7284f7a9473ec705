//! A feature is one slice as the rest of the program sees it: its routes, its place in the menu, its
//! verbs in the day book, its jobs. The one list of them is `FEATURES` in `app.rs`.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::Result;
use super::daybook::Verb;
use super::routes::{Routes, Who};
use super::scope::Scope;

#[derive(Debug)]
pub struct Feature {
    /// The slice's folder: `visits`.
    pub key: &'static str,
    pub routes: fn() -> Routes,
    pub menu: &'static [MenuEntry],
    pub verbs: &'static [Verb],
    pub jobs: &'static [Job],
}

/// A line of the side menu; on a phone the first five with `tab` are the tabs.
#[derive(Debug)]
pub struct MenuEntry {
    pub order: u8,
    pub href: &'static str,
    pub icon: &'static str,
    pub label: &'static str,
    pub who: Who,
    pub tab: bool,
}

/// A job under way.
pub type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Work that the ticker does for each tenant by itself. Idempotent: it may be run twice, or be
/// killed in the middle.
#[derive(Debug)]
pub struct Job {
    pub name: &'static str,
    pub every: Duration,
    pub run: fn(Scope) -> Running,
}
