//! How often something happened for one key within a stretch of time. In memory and bounded: it slows
//! those who try too much, it proves nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

const KEYS_AT_MOST: usize = 20_000;

#[derive(Debug)]
pub struct Pace<K> {
    stretch: TimeDelta,
    kept: HashMap<K, (DateTime<Utc>, u32)>,
}

impl<K: Eq + Hash> Pace<K> {
    pub fn new(stretch: TimeDelta) -> Self {
        Self {
            stretch,
            kept: HashMap::new(),
        }
    }

    /// Counts one more and gives how many there were in this stretch, this one too. A stretch begins
    /// with its first.
    pub fn count(&mut self, key: K, now: DateTime<Utc>) -> u32 {
        self.make_room(now);
        let entry = self.kept.entry(key).or_insert((now, 0));
        if now - entry.0 >= self.stretch {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1
    }

    /// Takes one back that turned out to be none.
    pub fn uncount(&mut self, key: &K) {
        if let Some(entry) = self.kept.get_mut(key) {
            entry.1 = entry.1.saturating_sub(1);
        }
    }

    /// What is over goes first, then what happened once, then everything.
    fn make_room(&mut self, now: DateTime<Utc>) {
        if self.kept.len() < KEYS_AT_MOST {
            return;
        }
        let stretch = self.stretch;
        self.kept.retain(|_, (since, _)| now - *since < stretch);
        if self.kept.len() >= KEYS_AT_MOST {
            self.kept.retain(|_, (_, n)| *n > 1);
        }
        if self.kept.len() >= KEYS_AT_MOST {
            self.kept.clear();
        }
    }
}

/// One household or office: an IPv4 address, or the network of an IPv6 address, within which a single
/// machine may choose its address freely.
pub fn network_of(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_stretch_begins_with_its_first_and_ends() {
        let mut pace = Pace::new(TimeDelta::minutes(15));
        assert_eq!(pace.count("a", at(0)), 1);
        assert_eq!(pace.count("a", at(899)), 2);
        assert_eq!(pace.count("b", at(899)), 1);
        assert_eq!(pace.count("a", at(900)), 1);
    }

    #[test]
    fn what_was_none_is_taken_back() {
        let mut pace = Pace::new(TimeDelta::minutes(15));
        pace.count("a", at(0));
        pace.uncount(&"a");
        pace.uncount(&"a");
        pace.uncount(&"b");
        assert_eq!(pace.count("a", at(1)), 1);
    }

    #[test]
    fn stays_small_and_keeps_who_came_often() {
        let mut pace = Pace::new(TimeDelta::minutes(15));
        pace.count(usize::MAX, at(0));
        pace.count(usize::MAX, at(0));
        for key in 0..3 * KEYS_AT_MOST {
            pace.count(key, at(1));
            assert!(pace.kept.len() <= KEYS_AT_MOST);
        }
        assert_eq!(pace.count(usize::MAX, at(2)), 3);
    }

    #[test]
    fn an_ipv6_machine_cannot_change_its_network() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
