//! An organisation that is visited.

use crate::kit::ids::id;
use crate::kit::words::words;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};

pub const ADDED: Verb = Verb::new("organisation_added", "organisation", "登记单位");
pub const RENAMED: Verb = Verb::new("organisation_renamed", "organisation", "改单位名称");
pub const MERGED: Verb = Verb::new("organisation_merged", "organisation", "并入");
pub const CLOSED: Verb = Verb::new("organisation_closed", "organisation", "停用单位");

id! {
    /// 走访的团组织（单位）
    pub OrganisationId
}

words! {
    /// What is visited (domain.md §2.2, 地点类型).
    pub enum Kind {
        Village "village" "村",
        Community "community" "社区",
        Enterprise "enterprise" "企业",
        School "school" "学校",
        YouthHome "youth_home" "青年之家",
        Park "park" "园区、楼宇",
        Shop "shop" "商户",
        Other "other" "其他单位",
    }
}

impl Kind {
    /// Those that somebody types in; villages and communities come from the tree of committees.
    pub const TYPED: [Self; 6] = [
        Self::Enterprise,
        Self::School,
        Self::YouthHome,
        Self::Park,
        Self::Shop,
        Self::Other,
    ];

    /// Village or community, by the name that it is known by: `春江社区`, `上溪村`, `白音嘎查`.
    pub fn of_village(name: &str) -> Self {
        if name.ends_with("社区") || name.ends_with("居委会") {
            Self::Community
        } else {
            Self::Village
        }
    }

    pub fn is_village(self) -> bool {
        matches!(self, Self::Village | Self::Community)
    }
}

words! {
    /// Whether it can still be visited.
    pub enum State {
        Active "active" "在用",
        Merged "merged" "已并入",
        Closed "closed" "已停用",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    /// Short name of the committee at which it lies.
    pub committee: String,
    pub kind: Kind,
    pub name: String,
    /// Into which it was merged: visits to it count for that one.
    pub successor_id: Option<OrganisationId>,
    pub successor: Option<String>,
    pub state: State,
    pub version: i32,
}

impl Organisation {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    /// The admins of the committee at which it lies, and above.
    pub fn may_read(&self, scope: &Scope) -> Result<()> {
        if scope.role() == Role::Admin && scope.ground().contains(self.scope) {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    pub fn may_change(&self) -> Result<()> {
        match self.state {
            State::Active => Ok(()),
            State::Merged => Err(Error::Stale("这个单位已经并入别的单位。")),
            State::Closed => Err(Error::Stale("这个单位已经停用。")),
        }
    }

    /// A village is called what its committee is called.
    pub fn may_rename(&self) -> Result<()> {
        self.may_change()?;
        if self.kind.is_village() {
            return Err(Error::Forbidden("村、社区的名称在团组织的页面上改。"));
        }
        Ok(())
    }

    /// A village into a village, anything else into anything else: figures count the two apart.
    pub fn fits_into(&self, other: &Self) -> bool {
        self.id != other.id
            && self.tenant_id == other.tenant_id
            && other.state == State::Active
            && self.kind.is_village() == other.kind.is_village()
    }
}

/// A village or community to choose from. Its organisation is there once it has been visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Village {
    pub committee: CommitteeId,
    /// Place name of the committee above it: `溪口镇`.
    pub town: String,
    pub name: String,
    /// The successor's, where it was merged.
    pub organisation: Option<OrganisationId>,
}

/// A street or town that has villages below it, where a scope holds too many to choose at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    pub committee: CommitteeId,
    /// `青溪县`.
    pub county: String,
    pub name: String,
    pub villages: i64,
}

/// One that is there already, offered while typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub id: OrganisationId,
    pub name: String,
    /// Short name of its committee, since two counties may have a 第一小学 each.
    pub committee: String,
}

/// Which organisations a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub state: Option<State>,
    /// A part of the name, or nothing.
    pub q: String,
}
