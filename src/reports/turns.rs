//! One file at a time for each account: pressing again waits for one's own turn, not with one of the few
//! connections for long reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Lane, OwnedMutexGuard};

use crate::platform::ids::AccountId;

/// Held while a file is made; given back also when the making is cut short.
pub type Turn = OwnedMutexGuard<()>;

#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<AccountId, Arc<Lane<()>>>>);

impl Turns {
    pub async fn take(&self, account: AccountId) -> Turn {
        self.lane(account).lock_owned().await
    }

    fn lane(&self, account: AccountId) -> Arc<Lane<()>> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // In use while somebody holds it or waits for it.
        lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
        lanes.entry(account).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn one_waits_for_oneself_and_for_nobody_else() {
        let turns = Turns::default();
        let (one, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let soon = Duration::from_millis(20);
        let first = turns.take(one).await;
        assert!(timeout(soon, turns.take(one)).await.is_err());
        assert!(timeout(soon, turns.take(other)).await.is_ok());
        drop(first);
        assert!(timeout(soon, turns.take(one)).await.is_ok());
        turns.lane(other);
        assert_eq!(
            turns.0.lock().unwrap().len(),
            1,
            "who has gone leaves nothing"
        );
    }
}
