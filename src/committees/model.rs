//! One committee and what can be said of it without asking the database.

use chrono::NaiveDate;
use uuid::Uuid;

use super::divisions::Level;
use super::planting::intervals::{Interval, Rank};
use crate::kit::words::words;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::{Ground, Place, Scope};
use crate::platform::{Error, Result};

pub const PLANTED: Verb = Verb::new("committee_planted", "committee", "建立团组织树");
pub const ADDED: Verb = Verb::new("committee_added", "committee", "新建团组织");
pub const RENAMED: Verb = Verb::new("committee_renamed", "committee", "改名称");
pub const CLOSED: Verb = Verb::new("committee_closed", "committee", "撤销团组织");

words! {
    /// Category of a committee (组织类别, domain.md §1.1), with the code that stands in `committees.code`.
    pub enum Class {
        /// Centre to county.
        Leading "LD" "团的领导机关",
        Committee "JW" "基层团委",
        /// Sent out by a superior and not elected.
        WorkCommittee "GW" "团工委",
        GeneralBranch "ZZ" "团总支",
        Branch "ZB" "团支部",
        /// For a task of less than six months; dissolved with it.
        Temporary "LS" "临时团支部",
    }
}

words! {
    /// What part of the tree a committee belongs to.
    pub enum Kind {
        /// Of a division: only these count as a county, a town, a village.
        Area "area" "行政区划",
        /// Of a statistics-only zone.
        Zone "zone" "功能区",
        /// 直属系统 and the lines (条线) below it.
        Line "line" "条线",
        /// A school, a company, an office, an association; a branch of one.
        Unit "unit" "单位",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    pub id: CommitteeId,
    pub parent_id: Option<CommitteeId>,
    /// 1 全国, 2 省, 3 市, 4 县, 5 乡镇街道, 6 基层.
    pub level: i16,
    pub kind: Kind,
    pub class: Class,
    pub tenant_id: TenantId,
    pub code_lo: i64,
    pub code_hi: i64,
    pub division_code: Option<i64>,
    /// 组织代码, domain.md §1.5.
    pub code: String,
    pub full_name: String,
    pub short_name: String,
    pub common_name: String,
    pub place_name: String,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub successor_id: Option<CommitteeId>,
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

    pub fn codes(&self) -> Interval {
        Interval {
            lo: self.code_lo,
            hi: self.code_hi,
        }
    }

    /// Still there on that day.
    pub fn is_open(&self, on: NaiveDate) -> bool {
        self.starts_on <= on && self.ends_on.is_none_or(|end| end > on)
    }

    /// Of a village or community, known by its division or typed by an admin.
    pub fn is_village(&self) -> bool {
        self.level == 6 && self.kind == Kind::Area
    }

    /// A city, a province or the centre: the head of a tenant.
    pub fn is_tenant(&self) -> bool {
        self.id.0 == self.tenant_id.0
    }

    /// 直属系统, which only holds the lines.
    pub fn holds_lines(&self) -> bool {
        self.level == 4 && self.kind == Kind::Line
    }

    /// An admin changes and closes what lies below his own committee, as long as it is there.
    pub fn may_change(&self, scope: &Scope) -> Result<()> {
        if scope.committee() == self.id {
            return Err(Error::Forbidden("本级团组织的名称和撤销，由上级管理员办。"));
        }
        if self.ends_on.is_some() {
            return Err(Error::Stale("这个团组织已经撤销。"));
        }
        Ok(())
    }

    /// Something can be added below it.
    pub fn may_grow(&self) -> Result<()> {
        if self.ends_on.is_some() {
            return Err(Error::Stale("这个团组织已经撤销，下面不能再添。"));
        }
        Ok(())
    }

    /// Under which the day book keeps its lines: they name a record by a UUID.
    pub fn object(&self) -> Uuid {
        Uuid::from_u128(u128::try_from(self.id.0).unwrap_or(0))
    }
}

words! {
    /// What an admin adds below a committee.
    pub enum What {
        /// A county, street, town or village of the divisions that is not in the tree yet.
        Division "division" "行政区划里的",
        /// A street or town that the divisions do not know yet.
        Town "town" "新设的乡镇、街道",
        Village "village" "村、社区",
        Line "line" "条线（系统）",
        Unit "unit" "学校、企业、机关等",
        Temporary "temporary" "临时团支部",
    }
}

impl What {
    /// What fits below a committee; nothing when nothing does.
    pub fn below(parent: &Committee) -> Vec<Self> {
        let any = [Self::Unit, Self::Temporary];
        let own: &[Self] = match (parent.level, parent.kind) {
            (_, Kind::Line) if parent.holds_lines() => &[Self::Line],
            (2 | 3, _) => &[Self::Division],
            (4, Kind::Area | Kind::Zone) => &[Self::Division, Self::Town],
            (5, Kind::Area) => &[Self::Division, Self::Village],
            (4..=6, _) => &[],
            _ => return Vec::new(),
        };
        own.iter().chain(&any).copied().collect()
    }

    /// The level it gets; a division has its own.
    pub fn rank(self, division_code: Option<i64>) -> Rank {
        match (self, division_code) {
            (Self::Division, Some(code)) => Rank::of(Level::of(code)),
            (Self::Town | Self::Line, _) => Rank::Town,
            _ => Rank::Grassroots,
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Division | Self::Town | Self::Village => Kind::Area,
            Self::Line => Kind::Line,
            Self::Unit | Self::Temporary => Kind::Unit,
        }
    }

    /// Which classes it may have, the usual one first.
    pub fn classes(self) -> &'static [Class] {
        match self {
            Self::Division => &[],
            Self::Town => &[Class::Committee, Class::WorkCommittee],
            Self::Village => &[Class::Branch, Class::GeneralBranch, Class::Committee],
            Self::Line => &[Class::WorkCommittee, Class::Committee],
            Self::Unit => &[
                Class::Branch,
                Class::GeneralBranch,
                Class::Committee,
                Class::WorkCommittee,
            ],
            Self::Temporary => &[Class::Temporary],
        }
    }
}

/// A committee that an admin adds, by the id of his form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommittee {
    pub form_id: Uuid,
    pub what: What,
    pub class: Class,
    pub division_code: Option<i64>,
    pub full_name: String,
    pub short_name: String,
    pub common_name: String,
    pub place_name: String,
    pub starts_on: NaiveDate,
}

/// What an admin may change: since when it is so goes into the day book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub full: String,
    pub short: String,
    /// Of the place or unit.
    pub place: String,
}

/// A committee of the tree, as little as a list needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: CommitteeId,
    pub parent_id: Option<CommitteeId>,
    pub level: i16,
    pub kind: Kind,
    pub short_name: String,
    pub place_name: String,
    pub ends_on: Option<NaiveDate>,
}

/// The head of a tenant, for the 系统管理员.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    pub id: CommitteeId,
    pub level: i16,
    pub full_name: String,
    pub starts_on: NaiveDate,
    /// Committees in its tree.
    pub committees: i64,
}
