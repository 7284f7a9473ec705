//! Whoever comes without account, and how often from one network: guessing of codes and floods of forms
//! are slowed. It proves nothing, so that no school behind one address is locked out.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::TimeDelta;

use crate::platform::ids::CommitteeId;
use crate::platform::pace::{Pace, network_of};
use crate::platform::page::Chrome;
use crate::platform::request::Request;
use crate::platform::scope::Scope;
use crate::platform::session::Visitor as Session;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Matters from one network, and codes that are none, in a quarter of an hour.
const FROM_ONE: u32 = 30;
/// Matters at one committee in an hour, from wherever.
const AT_ONE: u32 = 200;

/// Kept on the site's shelf.
#[derive(Debug)]
struct Paces {
    asks: Mutex<Pace<u128>>,
    codes: Mutex<Pace<u128>>,
    doors: Mutex<Pace<i32>>,
}

impl Default for Paces {
    fn default() -> Self {
        let quarter = TimeDelta::minutes(15);
        Self {
            asks: Mutex::new(Pace::new(quarter)),
            codes: Mutex::new(Pace::new(quarter)),
            doors: Mutex::new(Pace::new(TimeDelta::hours(1))),
        }
    }
}

#[derive(Debug)]
pub struct Visitor {
    /// Sees nothing.
    pub nobody: Scope,
    /// A cadre is, or was, signed in on this browser.
    pub is_cadre: bool,
}

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self> {
        let session = Session::from_request_parts(parts, site).await?;
        let request = parts.extensions.get::<Arc<Request>>().cloned();
        let request = request.ok_or_else(|| Error::bug("a request without a number"))?;
        Ok(Self {
            nobody: Scope::nobody(site.clone(), request),
            is_cadre: !matches!(session, Session::Nobody),
        })
    }
}

impl Visitor {
    pub fn chrome(&self) -> Chrome {
        let site = self.nobody.site();
        Chrome::plain(site.filing, self.nobody.request().id())
    }

    /// Counts one matter that is about to be written down.
    pub fn asks(&self, at: CommitteeId) -> Result<()> {
        let (paces, now) = (self.paces(), self.nobody.now());
        let from_one = lock(&paces.asks).count(self.network(), now);
        let at_one = lock(&paces.doors).count(at.0, now);
        if from_one > FROM_ONE {
            return Err(Error::TooMany(15 * 60));
        }
        if at_one > AT_ONE {
            return Err(Error::TooMany(60 * 60));
        }
        Ok(())
    }

    /// Refuses who has tried too many codes.
    pub fn may_try(&self) -> Result<()> {
        let paces = self.paces();
        let mut codes = lock(&paces.codes);
        let tried = codes.count(self.network(), self.nobody.now());
        if tried > FROM_ONE {
            return Err(Error::TooMany(15 * 60));
        }
        Ok(())
    }

    /// The code was one: it was no try.
    pub fn was_right(&self) {
        lock(&self.paces().codes).uncount(&self.network());
    }

    fn paces(&self) -> Arc<Paces> {
        self.nobody.site().shelf.get::<Paces>()
    }

    /// Of one household or office.
    pub fn network(&self) -> u128 {
        network_of(self.nobody.request().address)
    }
}

fn lock<T>(kept: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
