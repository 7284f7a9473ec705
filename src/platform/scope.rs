//! Who asks, for which committee, when. A `Scope` is made only from a session, by the ticker for one
//! tenant, or by the test harness; from it alone comes a `ScopedTx`, and every store function takes
//! one. Nothing widens a scope; `narrow` gives a smaller one.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use super::request::Request;
use super::site::Site;
use super::transaction::{Logged, Purpose, ScopedTx};
use super::{Error, Result};

/// What an appointment lets its holder do in the committee and below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 团干部
    Cadre,
    /// 书记
    Secretary,
    /// 管理员
    Admin,
    /// 系统管理员: plants trees and appoints the first 管理员; sees no record.
    System,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Cadre, Self::Secretary, Self::Admin, Self::System];

    pub fn code(self) -> &'static str {
        match self {
            Self::Cadre => "cadre",
            Self::Secretary => "secretary",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A committee as a place where rows lie: what every tenant row carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub tenant: TenantId,
    pub committee: CommitteeId,
    /// The committee's `code_lo`.
    pub scope: i64,
}

/// A committee's interval of codes: its subtree is every committee whose `code_lo` lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    pub place: Place,
    pub hi: i64,
    /// 1 全国 … 6 基层.
    pub level: i16,
    pub short_name: String,
    pub place_name: String,
}

impl Ground {
    pub fn contains(&self, scope: i64) -> bool {
        (self.place.scope..=self.hi).contains(&scope)
    }
}

/// The person behind a session, under the one appointment that was chosen.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account: AccountId,
    /// None for the 系统管理员 and the ticker.
    pub cadre: Option<CadreId>,
    pub appointment: Option<AppointmentId>,
    pub role: Role,
    pub name: String,
    pub post: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    pub large_text: bool,
    /// Signed in by a one-time code: a password of one's own comes first.
    pub must_change: bool,
    /// The session, to list and end it; None for the ticker and the harness.
    pub session: Option<uuid::Uuid>,
    /// A phone that stays signed in for 30 days: the password again before sensitive data.
    pub own_phone: bool,
    /// When the password was last given in this session.
    pub confirmed_at: DateTime<Utc>,
    /// The committee of the appointment: stays the same when the scope is narrowed.
    pub home: Option<Ground>,
}

#[derive(Clone, Debug)]
pub struct Scope {
    site: Arc<Site>,
    actor: Arc<Actor>,
    ground: Arc<Ground>,
    request: Arc<Request>,
    planter: bool,
}

impl Scope {
    /// From a session that was just looked up. The 系统管理员 stands on no ground: an empty interval.
    pub fn of_session(site: Arc<Site>, actor: Arc<Actor>, request: Arc<Request>) -> Self {
        let planter = actor.role == Role::System;
        let ground = actor.home.clone().unwrap_or_else(nowhere);
        Self {
            site,
            actor,
            ground: Arc::new(ground),
            request,
            planter,
        }
    }

    /// For the ticker: one committee (a tenant's root), nobody's account.
    pub fn of_ticker(site: Arc<Site>, ground: Ground) -> Self {
        let actor = Actor {
            role: Role::Admin,
            home: Some(ground),
            ..nobody()
        };
        Self::of_session(site, Arc::new(actor), Arc::new(Request::internal()))
    }

    /// Of whoever holds the secret of one record, who has no account: the one committee where the record
    /// lies, nothing below it. The only step that gives more than was there, so it starts from nobody, and
    /// only the slice that found the row behind the secret may name the place.
    #[must_use]
    pub fn by_link(&self, place: Place, level: i16) -> Self {
        let ground = Ground {
            place,
            hi: place.scope,
            level,
            ..nowhere()
        };
        Self {
            ground: Arc::new(ground),
            ..Self::nobody(self.site.clone(), self.request.clone())
        }
    }

    /// Of a cadre whose unit has a part in a record of another committee of his tenant: he stays who he is,
    /// on the one committee where the record lies. As with `by_link`, only the slice that found the row
    /// which gives him the part may name the place.
    pub fn by_part(&self, place: Place, level: i16) -> Result<Self> {
        let home = self.actor.home.as_ref().map(|home| home.place.tenant);
        if self.actor.cadre.is_none() || home != Some(place.tenant) {
            return Err(Error::NotFound);
        }
        let ground = Ground {
            place,
            hi: place.scope,
            level,
            ..nowhere()
        };
        Ok(Self {
            ground: Arc::new(ground),
            ..self.clone()
        })
    }

    /// Of whoever has not signed in: an empty interval, no account. Only keyed rows can be opened.
    pub fn nobody(site: Arc<Site>, request: Arc<Request>) -> Self {
        Self {
            site,
            actor: Arc::new(nobody()),
            ground: Arc::new(nowhere()),
            request,
            planter: false,
        }
    }

    /// The same person at a committee inside this scope; `NotFound` for every other.
    pub fn narrow_to(&self, ground: Ground) -> Result<Self> {
        if !self.ground.contains(ground.place.scope) {
            return Err(Error::NotFound);
        }
        Ok(Self {
            ground: Arc::new(ground),
            ..self.clone()
        })
    }

    /// For the 系统管理员 alone: a committee that he has planted, to appoint its first 管理员.
    pub fn founding(&self, ground: Ground) -> Result<Self> {
        if self.actor.role != Role::System {
            return Err(Error::NotFound);
        }
        let only = Ground {
            hi: ground.place.scope,
            ..ground
        };
        Ok(Self {
            ground: Arc::new(only),
            ..self.clone()
        })
    }

    /// A read-only transaction, committed before the value is rendered.
    pub async fn look<T>(
        &self,
        f: impl AsyncFnOnce(&mut ScopedTx) -> Result<T> + Clone,
    ) -> Result<T> {
        super::transaction::look(self, Purpose::Page, f).await
    }

    /// As `look`, on the connections for long reads (exports, dashboards).
    pub async fn look_long<T>(
        &self,
        f: impl AsyncFnOnce(&mut ScopedTx) -> Result<T> + Clone,
    ) -> Result<T> {
        super::transaction::look(self, Purpose::Report, f).await
    }

    /// A writing transaction. It commits by itself when `f` gives a `Logged` value, which only
    /// `ScopedTx::log` makes; a fault rolls everything back. It may run more than once when the
    /// database goes away in the middle: `f` must have no effect outside the database.
    pub async fn work<T>(
        &self,
        f: impl AsyncFnOnce(&mut ScopedTx) -> Result<Logged<T>> + Clone,
    ) -> Result<T> {
        super::transaction::work(self, f).await
    }

    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    pub fn request(&self) -> &Request {
        &self.request
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.site.clock.now()
    }

    /// The local date.
    pub fn today(&self) -> NaiveDate {
        crate::kit::clock::today(self.now())
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn role(&self) -> Role {
        self.actor.role
    }

    pub fn account(&self) -> AccountId {
        self.actor.account
    }

    /// The cadre who acts. Routes for cadres refuse whoever is none, so `NotFound` is never seen.
    pub fn cadre(&self) -> Result<CadreId> {
        self.actor.cadre.ok_or(Error::NotFound)
    }

    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    pub fn place(&self) -> Place {
        self.ground.place
    }

    pub fn committee(&self) -> CommitteeId {
        self.ground.place.committee
    }

    pub fn tenant(&self) -> TenantId {
        self.ground.place.tenant
    }

    /// To bind beside the policy: `tenant_id = $1` below province level, no condition from there up.
    /// Write it `($1::int is null or tenant_id = $1)`; a custom plan folds it away.
    pub fn tenant_filter(&self) -> Option<i32> {
        (self.ground.level >= 3).then_some(self.ground.place.tenant.0)
    }

    pub fn lo(&self) -> i64 {
        self.ground.place.scope
    }

    pub fn hi(&self) -> i64 {
        self.ground.hi
    }

    pub(super) fn is_planter(&self) -> bool {
        self.planter
    }

    /// True inside the committee of one's own appointment, not in one below it.
    pub fn is_home(&self, committee: CommitteeId) -> bool {
        self.actor
            .home
            .as_ref()
            .is_some_and(|home| home.place.committee == committee)
    }
}

fn nobody() -> Actor {
    Actor {
        account: AccountId::NOBODY,
        cadre: None,
        appointment: None,
        role: Role::Cadre,
        name: String::new(),
        post: String::new(),
        theme: "system".into(),
        large_text: false,
        must_change: false,
        session: None,
        own_phone: false,
        confirmed_at: DateTime::UNIX_EPOCH,
        home: None,
    }
}

fn nowhere() -> Ground {
    Ground {
        place: Place {
            tenant: TenantId(-1),
            committee: CommitteeId(0),
            scope: 0,
        },
        hi: -1,
        level: 0,
        short_name: String::new(),
        place_name: String::new(),
    }
}
