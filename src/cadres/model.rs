//! A cadre, what is written down of him, and his appointments.

use chrono::NaiveDate;

use crate::kit::words::words;
use crate::platform::daybook::Verb;
use crate::platform::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role};

pub const ADDED: Verb = Verb::new("cadre_added", "cadre", "登记团干部");

words! {
    /// 专职, 挂职, 兼职 (domain.md §1.2): decides who counts in A08.
    pub enum Nature {
        Full "full" "专职",
        Seconded "seconded" "挂职",
        Part "part" "兼职",
    }
}

/// As the directory shows him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadre {
    pub id: CadreId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub name: String,
    pub account_id: Option<AccountId>,
    /// `active`, `left` or `stopped`.
    pub state: String,
    pub version: i32,
}

impl Cadre {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCadre {
    pub id: CadreId,
    pub name: String,
    /// Eleven digits; signs in with it.
    pub phone: String,
    pub sex: Option<String>,
    pub birth_on: Option<NaiveDate>,
    pub politics: Option<String>,
    pub education: Option<String>,
    pub work_unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAppointment {
    pub id: AppointmentId,
    pub cadre: CadreId,
    pub account: Option<AccountId>,
    pub role: Role,
    /// 书记, 副书记, 常委, 委员, 部门负责人, 干事, 团支部书记 …
    pub post: String,
    pub nature: Nature,
    pub starts_on: NaiveDate,
    pub is_primary: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub id: AppointmentId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub cadre_id: CadreId,
    pub account_id: Option<AccountId>,
    pub role: String,
    pub post: String,
    pub nature: Nature,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub is_primary: bool,
    pub version: i32,
}

impl Appointment {
    /// In office on that day.
    pub fn is_open(&self, on: NaiveDate) -> bool {
        self.starts_on <= on && self.ends_on.is_none_or(|end| end >= on)
    }
}

/// Somebody who holds a post at a committee today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InOffice {
    pub cadre: CadreId,
    pub name: String,
    pub appointment: AppointmentId,
    pub role: String,
    pub post: String,
    pub nature: Nature,
}
