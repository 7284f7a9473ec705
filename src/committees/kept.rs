//! The line of a committee up to the centre, kept in memory for half a minute: names and kinds are
//! open to all, change a few times a year, and are asked for with every page that drills down.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::model::Committee;
use super::store;
use crate::platform::ids::CommitteeId;
use crate::platform::scope::Scope;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Another server may have changed it: not believed for longer.
const BELIEVED: Duration = Duration::from_secs(30);
const KEPT_AT_MOST: usize = 5_000;

type Kept = HashMap<CommitteeId, (Instant, Arc<Vec<Committee>>)>;

/// The lines that were read lately, of one site.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<Kept>);

impl Lines {
    pub fn get(&self, id: CommitteeId) -> Option<Arc<Vec<Committee>>> {
        let kept = self.lock();
        let (at, line) = kept.get(&id)?;
        (at.elapsed() < BELIEVED).then(|| line.clone())
    }

    pub fn keep(&self, id: CommitteeId, line: Arc<Vec<Committee>>) {
        let mut kept = self.lock();
        if kept.len() >= KEPT_AT_MOST {
            kept.retain(|_, (at, _)| at.elapsed() < BELIEVED);
        }
        if kept.len() < KEPT_AT_MOST {
            kept.insert(id, (Instant::now(), line));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// After a committee was added, renamed or closed on this server; the write has been committed.
pub fn forget(site: &Site) {
    site.shelf.get::<Lines>().lock().clear();
}

/// The same person at a committee inside the scope: drill-down. `NotFound` for every other. Asks the
/// database at most twice a minute for the same committee.
pub async fn narrow(scope: &Scope, id: CommitteeId) -> Result<Scope> {
    if scope.committee() == id {
        return Ok(scope.clone());
    }
    let line = match scope.site().shelf.get::<Lines>().get(id) {
        Some(line) => line,
        None => scope.look(async |db| store::line(db, id).await).await?,
    };
    let found = line.last().ok_or(Error::NotFound)?;
    scope.narrow_to(found.ground())
}
