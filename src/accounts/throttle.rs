//! Slows down who guesses passwords. Each attempt counts as failed when it begins and is taken back
//! when it was right: a hundred at once are a hundred. What is not known is treated like what is.
//!
//! - the same account from the same address: from the fifth failure on closed for 1, 5, 15, 15 … minutes
//! - an account over all addresses: slowed after 20 in an hour, never closed, so that nobody can lock
//!   another out
//! - an address, behind which a whole county may sit: slowed after 100 in a quarter of an hour

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use crate::platform::pace::{Pace, network_of};
use crate::platform::{Error, Result};

/// Failures of one account from one address that cost nothing but the time to type.
const FREE: u32 = 4;
/// What each further failure costs; the last stays.
const CLOSED: [TimeDelta; 3] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(15),
];
/// Without a failure for so long, an account starts anew at an address.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);
const ACCOUNT_FREE: u32 = 20;
const ADDRESS_FREE: u32 = 100;
/// What being slowed means.
const SLOW: Duration = Duration::from_secs(2);
/// How many may be waiting; beyond that everybody is asked to come again.
const WAITING: usize = 256;
const PAIRS_AT_MOST: usize = 20_000;

/// Kept on the site's shelf.
#[derive(Debug)]
pub struct Throttle {
    rules: Mutex<Rules>,
    waiting: Semaphore,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            rules: Mutex::new(Rules::new()),
            waiting: Semaphore::new(WAITING),
        }
    }
}

/// Closed for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed(pub TimeDelta);

impl Throttle {
    /// Lets an attempt begin, at once or slowed, and counts it. `account` is the hash of a phone number.
    pub async fn begin(
        &self,
        now: DateTime<Utc>,
        account: &str,
        address: IpAddr,
    ) -> Result<Result<(), Closed>> {
        match self.lock().begin(now, account, network_of(address)) {
            Verdict::Free => return Ok(Ok(())),
            Verdict::Closed(wait) => return Ok(Err(Closed(wait))),
            Verdict::Slow => {}
        }
        let _place = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        tokio::time::sleep(SLOW).await;
        Ok(Ok(()))
    }

    /// The attempt was right.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        self.lock().succeeded(account, network_of(address));
    }

    /// The attempt was not answered: it counts as none.
    pub fn unanswered(&self, account: &str, address: IpAddr) {
        self.lock().unanswered(account, network_of(address));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Free,
    Slow,
    Closed(TimeDelta),
}

#[derive(Debug)]
struct Rules {
    pairs: HashMap<(String, u128), Pair>,
    accounts: Pace<String>,
    addresses: Pace<u128>,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    failures: u32,
    last: DateTime<Utc>,
    closed_until: DateTime<Utc>,
}

impl Rules {
    fn new() -> Self {
        Self {
            pairs: HashMap::new(),
            accounts: Pace::new(TimeDelta::hours(1)),
            addresses: Pace::new(TimeDelta::minutes(15)),
        }
    }

    fn begin(&mut self, now: DateTime<Utc>, account: &str, network: u128) -> Verdict {
        self.make_room(now);
        let fresh = Pair {
            failures: 0,
            last: now,
            closed_until: now,
        };
        let pair = self.pairs.entry((account.to_owned(), network));
        let pair = pair.or_insert(fresh);
        if now < pair.closed_until {
            return Verdict::Closed(pair.closed_until - now);
        }
        if now - pair.last >= FORGOTTEN {
            *pair = fresh;
        }
        pair.failures += 1;
        pair.last = now;
        if let Some(over) = pair.failures.checked_sub(FREE + 1) {
            let step = usize::try_from(over).unwrap_or(usize::MAX);
            pair.closed_until = now + CLOSED[step.min(CLOSED.len() - 1)];
        }
        let of_account = self.accounts.count(account.to_owned(), now);
        let of_address = self.addresses.count(network, now);
        if of_account > ACCOUNT_FREE || of_address > ADDRESS_FREE {
            Verdict::Slow
        } else {
            Verdict::Free
        }
    }

    fn succeeded(&mut self, account: &str, network: u128) {
        let account = account.to_owned();
        self.accounts.uncount(&account);
        self.addresses.uncount(&network);
        self.pairs.remove(&(account, network));
    }

    fn unanswered(&mut self, account: &str, network: u128) {
        let account = account.to_owned();
        self.accounts.uncount(&account);
        self.addresses.uncount(&network);
        if let Some(pair) = self.pairs.get_mut(&(account, network)) {
            pair.failures = pair.failures.saturating_sub(1);
            pair.closed_until = pair.last;
        }
    }

    /// What is long over goes first, then what has not failed often, then everything.
    fn make_room(&mut self, now: DateTime<Utc>) {
        if self.pairs.len() < PAIRS_AT_MOST {
            return;
        }
        self.pairs.retain(|_, pair| now - pair.last < FORGOTTEN);
        if self.pairs.len() >= PAIRS_AT_MOST {
            self.pairs.retain(|_, pair| pair.failures > FREE);
        }
        if self.pairs.len() >= PAIRS_AT_MOST {
            self.pairs.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
    }

    /// Fails so often at that time, and gives the last verdict.
    fn fail(rules: &mut Rules, times: u32, seconds: i64, account: &str, network: u128) -> Verdict {
        let verdicts = (0..times).map(|_| rules.begin(at(seconds), account, network));
        verdicts.last().unwrap()
    }

    fn closed(seconds: i64) -> Verdict {
        Verdict::Closed(TimeDelta::seconds(seconds))
    }

    #[test]
    fn the_fifth_failure_closes_for_one_minute_then_five_then_fifteen() {
        let mut rules = Rules::new();
        assert_eq!(fail(&mut rules, 5, 0, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 0, "a", 1), closed(60));
        assert_eq!(fail(&mut rules, 1, 59, "a", 1), closed(1));
        assert_eq!(fail(&mut rules, 1, 60, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 61, "a", 1), closed(299));
        assert_eq!(fail(&mut rules, 1, 360, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 360, "a", 1), closed(900));
        assert_eq!(fail(&mut rules, 1, 1260, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 1260, "a", 1), closed(900));
    }

    #[test]
    fn knocking_at_a_closed_door_keeps_it_closed_no_longer() {
        let mut rules = Rules::new();
        fail(&mut rules, 500, 0, "a", 1);
        assert_eq!(fail(&mut rules, 1, 60, "a", 1), Verdict::Free);
    }

    #[test]
    fn an_attempt_without_an_answer_counts_as_none() {
        let mut rules = Rules::new();
        for _ in 0..50 {
            assert_eq!(fail(&mut rules, 1, 0, "a", 1), Verdict::Free);
            rules.unanswered("a", 1);
        }
        assert_eq!(fail(&mut rules, 5, 0, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 0, "a", 1), closed(60));
    }

    #[test]
    fn another_address_and_another_account_are_not_closed() {
        let mut rules = Rules::new();
        fail(&mut rules, 6, 0, "a", 1);
        assert_eq!(fail(&mut rules, 1, 0, "a", 2), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 0, "b", 1), Verdict::Free);
    }

    #[test]
    fn a_right_password_starts_anew_and_so_does_an_hour() {
        let mut rules = Rules::new();
        fail(&mut rules, 4, 0, "a", 1);
        rules.succeeded("a", 1);
        assert_eq!(fail(&mut rules, 5, 1, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 1, "a", 1), closed(60));
        assert_eq!(fail(&mut rules, 5, 3601, "a", 1), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 3601, "a", 1), closed(60));
    }

    #[test]
    fn an_account_is_slowed_over_all_addresses_and_never_closed() {
        let mut rules = Rules::new();
        for network in 0..20 {
            assert_eq!(fail(&mut rules, 1, 0, "a", network), Verdict::Free);
        }
        for network in 20..2_000 {
            assert_eq!(fail(&mut rules, 1, 0, "a", network), Verdict::Slow);
        }
        assert_eq!(fail(&mut rules, 1, 3600, "a", 9_999), Verdict::Free);
    }

    #[test]
    fn an_address_is_slowed_after_a_hundred() {
        let mut rules = Rules::new();
        for account in 0..100 {
            let account = account.to_string();
            assert_eq!(fail(&mut rules, 1, 0, &account, 1), Verdict::Free);
        }
        assert_eq!(fail(&mut rules, 1, 0, "x", 1), Verdict::Slow);
        assert_eq!(fail(&mut rules, 1, 0, "x", 2), Verdict::Free);
        assert_eq!(fail(&mut rules, 1, 900, "y", 1), Verdict::Free);
    }

    #[test]
    fn a_county_that_signs_in_rightly_behind_one_address_is_not_slowed() {
        let mut rules = Rules::new();
        for account in 0..500 {
            let account = account.to_string();
            assert_eq!(fail(&mut rules, 1, 0, &account, 1), Verdict::Free);
            rules.succeeded(&account, 1);
        }
    }

    #[test]
    fn stays_small_and_keeps_what_is_closed() {
        let mut rules = Rules::new();
        fail(&mut rules, 5, 0, "a", 1);
        for account in 0..2 * PAIRS_AT_MOST {
            rules.begin(at(1), &account.to_string(), 7);
            assert!(rules.pairs.len() <= PAIRS_AT_MOST);
        }
        assert_eq!(fail(&mut rules, 1, 2, "a", 1), closed(58));
    }
}
