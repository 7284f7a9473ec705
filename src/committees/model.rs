//! One committee and what can be said of it without asking the database.

use chrono::NaiveDate;

use crate::platform::daybook::Verb;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::{Ground, Place};

pub const PLANTED: Verb = Verb::new("committee_planted", "committee", "建立团组织树");
pub const ADDED: Verb = Verb::new("committee_added", "committee", "新建团组织");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    pub id: CommitteeId,
    pub parent_id: Option<CommitteeId>,
    /// 1 全国, 2 省, 3 市, 4 县, 5 乡镇街道, 6 基层.
    pub level: i16,
    /// `area`, `zone` (statistics-only: counts nowhere as a county) or `line` (直属系统 and 条线).
    pub kind: String,
    /// LD, JW, GW, ZZ, ZB, LS (组织类别).
    pub class: String,
    pub tenant_id: TenantId,
    pub code_lo: i64,
    pub code_hi: i64,
    pub division_code: Option<i64>,
    pub full_name: String,
    pub short_name: String,
    pub common_name: String,
    pub place_name: String,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub version: i32,
}

impl Committee {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.id,
            scope: self.code_lo,
        }
    }

    pub fn ground(&self) -> Ground {
        Ground {
            place: self.place(),
            hi: self.code_hi,
            level: self.level,
            short_name: self.short_name.clone(),
            place_name: self.place_name.clone(),
        }
    }

    /// Still there on that day.
    pub fn is_open(&self, on: NaiveDate) -> bool {
        self.starts_on <= on && self.ends_on.is_none_or(|end| end > on)
    }
}
