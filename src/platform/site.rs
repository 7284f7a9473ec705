//! What one running server knows: pools, clock, settings, who is signed in, and what its features
//! bring. Shared by all requests; nothing in it belongs to one committee.

use std::sync::OnceLock;

use axum::Router;

use super::db::Pools;
use super::feature::{Feature, MenuEntry};
use super::files::Files;
use super::page::Filing;
use super::session::Sessions;
use super::shelf::Shelf;
use crate::kit::clock::Clock;
use crate::kit::network::Network;

/// Settings of the deployment that pages and rules read; from `config`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Hour from which a visit is a night visit (domain.md §2.2: 18).
    pub night_start: u8,
    /// `https://…` as phones see it, when behind a proxy.
    pub public_url: Option<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    pub compression: bool,
    /// Where attachments lie. None: this process takes none (commands, the planting of the demo).
    pub files: Option<Files>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            night_start: 18,
            public_url: None,
            trusted_proxies: Vec::new(),
            compression: true,
            files: None,
        }
    }
}

#[derive(Debug)]
pub struct Site {
    pub pools: Pools,
    pub clock: Clock,
    pub settings: Settings,
    /// 备案号, ICP, 公网安备: at the foot of each page.
    pub filing: &'static Filing,
    pub sessions: Sessions,
    /// What slices keep in memory.
    pub shelf: Shelf,
    pub features: &'static [Feature],
    /// The whole application, for a post that was parked and goes on after signing in.
    pub(crate) again: OnceLock<Router>,
}

impl Site {
    pub fn new(
        pools: Pools,
        clock: Clock,
        settings: Settings,
        filing: Filing,
        features: &'static [Feature],
    ) -> Self {
        Self {
            filing: Box::leak(Box::new(filing)), // once a process, and it lives as long
            pools,
            clock,
            settings,
            sessions: Sessions::default(),
            shelf: Shelf::default(),
            features,
            again: OnceLock::new(),
        }
    }

    /// The same server at another time: the demo tenant writes down each record at its own.
    #[must_use]
    pub fn at(&self, clock: Clock) -> Self {
        Self {
            pools: self.pools.clone(),
            clock,
            settings: self.settings.clone(),
            filing: self.filing,
            sessions: Sessions::default(),
            shelf: Shelf::default(),
            features: self.features,
            again: OnceLock::new(),
        }
    }

    pub fn menu(&self) -> impl Iterator<Item = &'static MenuEntry> {
        let mut entries: Vec<_> = self.features.iter().flat_map(|f| f.menu).collect();
        entries.sort_by_key(|entry| entry.order);
        entries.into_iter()
    }

    /// How the timeline says a verb of the day book.
    pub fn label_of(&self, verb: &str) -> &'static str {
        let mut verbs = self.features.iter().flat_map(|f| f.verbs);
        verbs.find(|v| v.code == verb).map_or("", |v| v.label)
    }
}
