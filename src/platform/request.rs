//! What is known of one request besides who makes it: its number, where it comes from, how many
//! queries it made. The number is what an error page shows and what the log is searched by.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug)]
pub struct Request {
    id: String,
    pub address: IpAddr,
    /// What the browser says it is, shortened: shown in one's own list of sessions.
    pub device: String,
    /// Sent by htmx for a part of the page.
    pub partial: bool,
    /// A browser will keep our cookie: https, or this very machine.
    pub secure: bool,
    path: String,
    queries: AtomicU32,
}

impl Request {
    pub fn new(address: IpAddr, device: String) -> Self {
        Self {
            id: number(),
            address,
            device,
            partial: false,
            secure: true,
            path: "/".into(),
            queries: AtomicU32::new(0),
        }
    }

    /// Not from outside: the ticker, a command, a test.
    pub fn internal() -> Self {
        Self::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "internal".into())
    }

    #[must_use]
    pub fn with_path(self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..self
        }
    }

    #[must_use]
    pub fn with_partial(self, partial: bool) -> Self {
        Self { partial, ..self }
    }

    #[must_use]
    pub fn with_secure(self, secure: bool) -> Self {
        Self { secure, ..self }
    }

    /// The address within this site, with its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Without its query.
    pub fn path_only(&self) -> &str {
        self.path.split('?').next().unwrap_or("/")
    }

    /// Eight characters without 0, O, 1, I: can be read out over the telephone.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn queries(&self) -> u32 {
        self.queries.load(Ordering::Relaxed)
    }

    pub(super) fn count_query(&self) {
        self.queries.fetch_add(1, Ordering::Relaxed);
    }
}

fn number() -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut random = [0; 8];
    if getrandom::fill(&mut random).is_err() {
        return "UNKNOWN2".into();
    }
    random
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read_out() {
        let id = Request::internal().id().to_owned();
        assert_eq!(id.len(), 8);
        assert!(!id.contains(['0', 'O', '1', 'I']));
        assert_ne!(id, Request::internal().id());
    }
}
