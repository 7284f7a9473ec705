//! The record as it is read, and who may read, correct and withdraw it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{FREELY, Mode, Mood, PlaceKind, Source, State, Unmet, VisitId, When};
use crate::kit::clock;
use crate::organisations::OrganisationId;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};
use crate::youth::YouthId;

/// As lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: VisitId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    /// Short name of the committee.
    pub committee: String,
    pub no: String,
    pub mode: Mode,
    pub started_at: DateTime<Utc>,
    pub minutes: Option<i32>,
    pub is_night: bool,
    pub evening: NaiveDate,
    pub place_kind: PlaceKind,
    /// As it was called on that day: 溪口镇上溪村，春晓茶厂. Never what was typed (`place_text`).
    pub place: String,
    pub village_id: Option<OrganisationId>,
    pub organisation_id: Option<OrganisationId>,
    pub place_text: Option<String>,
    pub walkins: i32,
    pub headcount: i32,
    pub unmet_reason: Option<Unmet>,
    pub content: String,
    pub mood: Option<Mood>,
    pub companions: Option<String>,
    pub late_reason: Option<String>,
    pub state: State,
    pub state_reason: Option<String>,
    pub merged_into: Option<VisitId>,
    pub author_id: CadreId,
    pub author: String,
    pub source: Source,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// How much of a visit's text somebody may read (issue "The walls", who sees persons).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Open,
    /// For ten minutes, after saying why.
    Purpose,
    /// That it was; it is counted.
    Closed,
}

/// Under which rule a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    Freely,
    WithReason,
}

impl Visit {
    pub fn place_of(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    pub fn when(&self) -> When {
        When {
            started_at: self.started_at,
            is_night: self.is_night,
            evening: self.evening,
        }
    }

    /// A session that is counted: it stands, and somebody was met.
    pub fn counts(&self) -> bool {
        self.state == State::Submitted && self.headcount > 0
    }

    pub fn is_author(&self, scope: &Scope) -> bool {
        scope.actor().cadre == Some(self.author_id)
    }

    /// Own committee and whoever went; superiors for a purpose. With a minor, 重点 or 困境 among those met
    /// (`is_sensitive`) only who went and the own 书记.
    pub fn sight(&self, scope: &Scope, went: bool, is_sensitive: bool) -> Sight {
        let is_home = scope.is_home(self.committee_id);
        match (went, is_sensitive, is_home) {
            (true, _, _) | (false, false, true) => Sight::Open,
            (false, true, true) if scope.role() == Role::Secretary => Sight::Open,
            (false, false, false) => Sight::Purpose,
            (false, true, _) => Sight::Closed,
        }
    }

    /// Its author within a day; later its author or the committee's 书记, with a reason.
    pub fn may_correct(&self, scope: &Scope) -> Result<Correction> {
        self.is_standing()?;
        if self.is_author(scope) && scope.now() - self.created_at <= FREELY {
            return Ok(Correction::Freely);
        }
        if self.is_author(scope) || self.is_led_by(scope) {
            return Ok(Correction::WithReason);
        }
        Err(Error::Forbidden(
            "一次走访只有记录人和本级书记能更正。需要时请他们改。",
        ))
    }

    /// Its author or the committee's 书记; so also for merging a double.
    pub fn may_void(&self, scope: &Scope) -> Result<()> {
        self.is_standing()?;
        self.may_withdraw(scope)
    }

    /// As `may_void`, whatever became of it: a repeated post is answered as the first one was.
    pub fn may_withdraw(&self, scope: &Scope) -> Result<()> {
        if self.is_author(scope) || self.is_led_by(scope) {
            return Ok(());
        }
        Err(Error::Forbidden(
            "一次走访只有记录人和本级书记能作废。需要时请他们办。",
        ))
    }

    /// Another one is merged into it: whoever may withdraw that one needs no right to this.
    pub fn may_take_over(&self) -> Result<()> {
        self.is_standing()
    }

    fn is_led_by(&self, scope: &Scope) -> bool {
        scope.role() == Role::Secretary && scope.is_home(self.committee_id)
    }

    fn is_standing(&self) -> Result<()> {
        match self.state {
            State::Submitted => Ok(()),
            State::Void => Err(Error::Stale("这次走访已经作废，不能再改。")),
            State::Merged => Err(Error::Stale("这次走访已经并入另一次，不能再改。")),
        }
    }

    /// 11 月 24 日晚; by day without 晚.
    pub fn evening_words(&self, today: NaiveDate) -> String {
        let date = clock::long_date(self.evening, today);
        if self.is_night {
            format!("{date}晚")
        } else {
            date
        }
    }
}

/// What a visit said before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub started_at: DateTime<Utc>,
    pub minutes: Option<i32>,
    pub is_night: bool,
    pub mode: Mode,
    pub place: String,
    #[serde(default)]
    pub place_text: Option<String>,
    pub walkins: i32,
    pub headcount: i32,
    pub unmet_reason: Option<Unmet>,
    pub content: String,
    pub mood: Option<Mood>,
    pub companions: Option<String>,
    pub youths: Vec<YouthId>,
    pub cadres: Vec<CadreId>,
}

impl Snapshot {
    /// The same, in whatever order the people stand.
    pub fn is_like(&self, other: &Self) -> bool {
        let sorted = |one: &Self| {
            let mut one = one.clone();
            one.youths.sort_unstable();
            one.cadres.sort_unstable();
            one
        };
        sorted(self) == sorted(other)
    }

    pub fn of(visit: &Visit, youths: Vec<YouthId>, cadres: Vec<CadreId>) -> Self {
        Self {
            started_at: visit.started_at,
            minutes: visit.minutes,
            is_night: visit.is_night,
            mode: visit.mode,
            place: visit.place.clone(),
            place_text: visit.place_text.clone(),
            walkins: visit.walkins,
            headcount: visit.headcount,
            unmet_reason: visit.unmet_reason,
            content: visit.content.clone(),
            mood: visit.mood,
            companions: visit.companions.clone(),
            youths,
            cadres,
        }
    }
}
