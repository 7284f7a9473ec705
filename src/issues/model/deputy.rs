//! 代办: who acts for a cadre on leave.

use chrono::NaiveDate;

use crate::kit::ids::id;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};

id! {
    /// One leave with its deputy.
    pub DeputyId
}

/// How long one may hold, in days: a leave, not another appointment.
pub const DEPUTY_DAYS: i64 = 180;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDeputy {
    pub id: DeputyId,
    pub cadre: CadreId,
    pub deputy: CadreId,
    /// Both included.
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
}

impl NewDeputy {
    /// It stands so already: a repeated post.
    pub fn is(&self, there: &Deputy) -> bool {
        (self.cadre, self.deputy, self.from_on, self.to_on)
            == (there.cadre_id, there.deputy_id, there.from_on, there.to_on)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    pub id: DeputyId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub cadre_id: CadreId,
    pub cadre: String,
    pub deputy_id: CadreId,
    pub deputy: String,
    pub committee: String,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    /// From this day on it holds no more.
    pub ended_on: Option<NaiveDate>,
}

impl Deputy {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    /// Whoever is on leave, and the 书记 and 管理员 of his line.
    pub fn may_end(&self, scope: &Scope) -> Result<()> {
        if !scope.ground().contains(self.scope) {
            return Err(Error::NotFound);
        }
        let is_own = scope.actor().cadre == Some(self.cadre_id);
        if is_own || matches!(scope.role(), Role::Admin | Role::Secretary) {
            return Ok(());
        }
        Err(Error::Forbidden(
            "代办由请假的人自己，或者本级书记、管理员结束。",
        ))
    }
}
