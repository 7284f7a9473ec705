//! One 诉求 as it stands, and who may read it and correct its words.

use chrono::{DateTime, NaiveDate, Utc};

use super::life::{Outcome, Side, Source, State, Verdict};
use super::{CORRECTABLE, Category, IssueId, Urgency};
use crate::kit::words::words;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};
use crate::youth::YouthId;

words! {
    /// Who set the end of its time.
    pub enum DueFrom {
        Rule "rule" "按规定",
        Sender "sender" "交办时定的",
        Extension "extension" "延期后",
    }
}

/// As lists and pages show it, with the names of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub id: IssueId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub committee: String,
    /// 清望诉〔2026〕153号.
    pub no: String,
    pub detail: String,
    pub category: Category,
    pub urgency: Urgency,
    pub state: State,
    /// Why it was voided.
    pub state_reason: Option<String>,
    pub youth_id: Option<YouthId>,
    pub village: Option<String>,
    pub is_sensitive: bool,
    pub raised_on: NaiveDate,
    pub source: Source,
    /// None: it came without a cadre (the public page, a lower committee).
    pub received_by: Option<CadreId>,
    pub receiver: Option<String>,
    pub received_at: DateTime<Utc>,
    pub handler_committee_id: CommitteeId,
    pub handler_scope: i64,
    pub handler_committee: String,
    pub handler_cadre_id: Option<CadreId>,
    pub handler_cadre: Option<String>,
    /// Who stands in for him today.
    pub handler_deputy: Option<String>,
    /// The committee that handed it over last, by its code; the handler's own if it was never handed over.
    pub sender_scope: i64,
    pub sender: String,
    /// The number of its last move.
    pub step: Option<i32>,
    /// What was asked, point by point; empty: the whole text is one point.
    pub points: Vec<String>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub handed_at: Option<DateTime<Utc>>,
    /// Until when the receiver signs.
    pub sign_by: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub due_from: Option<DueFrom>,
    /// From when its time is counted.
    pub due_start_at: Option<DateTime<Utc>>,
    /// Yellow from then on.
    pub warn_at: Option<DateTime<Utc>>,
    pub extensions: i16,
    /// What it goes on with after waiting, or being suspended until `resume_on`.
    pub resume_state: Option<State>,
    pub resume_on: Option<NaiveDate>,
    /// How far it was pressed by the clock, and when.
    pub pressed: i16,
    pub pressed_at: Option<DateTime<Utc>>,
    pub outcome: Option<Outcome>,
    pub closings: i16,
    pub reopenings: i16,
    pub closed_at: Option<DateTime<Utc>>,
    pub verdict: Option<Verdict>,
    pub merged_into: Option<IssueId>,
    pub version: i32,
}

/// How much of an issue somebody may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The text.
    Open,
    /// The text for ten minutes, after saying why (one line of the day book).
    Purpose,
    /// That it is there, its category and state: it is counted.
    Closed,
}

impl Sight {
    /// A purpose may be given, or is not needed.
    pub fn may_ask(self) -> Result<()> {
        match self {
            Self::Open | Self::Purpose => Ok(()),
            Self::Closed => Err(Error::Forbidden(
                "未成年人、困境和重点青年的诉求，只有见过本人的团干部和本级书记能看。",
            )),
        }
    }
}

impl Issue {
    /// The owner's committee: where it lies and counts.
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    /// Where a reader's line of the day book lies: at the owner's, or, for a handler from elsewhere, at
    /// his own committee, the only one where he may write.
    pub fn line_place(&self, scope: &Scope) -> Place {
        if scope.ground().contains(self.scope) {
            self.place()
        } else {
            scope.place()
        }
    }

    /// Issue "The walls", who sees persons. `met`: the reader knows the young person. What is
    /// sensitive is open to who received it or met the person and to the own 书记; who has been
    /// given it to handle says why he opens it; superiors count it. Who handed it over reads on.
    pub fn sight(&self, scope: &Scope, met: bool) -> Sight {
        let me = scope.actor().cadre;
        let leads = scope.role() == Role::Secretary;
        let owns = scope.is_home(self.committee_id);
        let handles = me.is_some() && self.handler_cadre_id == me;
        let sent = scope.actor().home.as_ref();
        let sent = sent.is_some_and(|home| home.place.scope == self.sender_scope);
        let handling = handles || sent || scope.is_home(self.handler_committee_id);
        if met || me.is_some() && me == self.received_by {
            return Sight::Open;
        }
        match (self.is_sensitive, owns, handling) {
            (false, true, _) | (false, _, true) => Sight::Open,
            (false, false, false) => Sight::Purpose,
            (true, true, _) if leads => Sight::Open,
            (true, _, true) if leads || handles => Sight::Purpose,
            (true, _, _) => Sight::Closed,
        }
    }

    /// In which capacities somebody acts on it, the nearest first. `instead_of`: the cadres whose
    /// deputy he is today.
    pub fn sides(&self, scope: &Scope, instead_of: &[CadreId]) -> Vec<Side> {
        let actor = scope.actor();
        let (Some(me), Some(home)) = (actor.cadre, actor.home.as_ref()) else {
            return Vec::new();
        };
        let leads = actor.role == Role::Secretary;
        let works = leads || actor.role == Role::Cadre;
        let is_at = |scope: i64| home.place.scope == scope;
        let named = |cadre: CadreId| cadre == me || instead_of.contains(&cadre);
        let received = self.received_by.is_some_and(named);
        let handles = match self.handler_cadre_id {
            Some(cadre) => named(cadre),
            // What is sensitive is not for any cadre of the committee: its 书记 names one.
            None => is_at(self.handler_scope) && works && (leads || !self.is_sensitive || received),
        };
        let above = |scope: i64| home.contains(scope) && !is_at(scope);
        let all = [
            (Side::Handler, handles),
            (Side::Lead, leads && is_at(self.handler_scope)),
            (
                Side::Sender,
                works && self.is_handed() && is_at(self.sender_scope),
            ),
            (Side::Receiver, received),
            (Side::Owner, leads && is_at(self.scope)),
            (
                Side::Superior,
                leads
                    && home.place.tenant == self.tenant_id
                    && (above(self.scope) || above(self.handler_scope)),
            ),
        ];
        let held = all.into_iter().filter(|(_, is_so)| *is_so);
        held.map(|(side, _)| side).collect()
    }

    /// Its receiver, for 24 hours, while it is 待受理.
    pub fn may_correct(&self, scope: &Scope) -> Result<()> {
        let me = scope.actor().cadre;
        if me.is_none() || me != self.received_by || !scope.ground().contains(self.scope) {
            return Err(Error::Forbidden("一件诉求只有记下它的团干部能更正。"));
        }
        if self.state != State::Pending {
            return Err(Error::Stale("这件诉求已经不在待受理，文字不能再改。"));
        }
        if scope.now() - self.received_at > CORRECTABLE {
            return Err(Error::Stale("这件诉求记下已满 24 小时，文字不能再改。"));
        }
        Ok(())
    }

    /// Which of 听 结 办 评 it stands at: 2 once somebody by name stays with it, 5 when all is done; 0
    /// when it has left the road.
    pub fn station(&self) -> i32 {
        let heard = if self.handler_cadre_id.is_some() {
            2
        } else {
            1
        };
        match self.state {
            State::Pending | State::Accepted | State::Assigned | State::Reported => heard,
            State::Waiting | State::Suspended => match self.resume_state {
                Some(State::Handling | State::Coordinating) => 3,
                _ => heard,
            },
            State::Handling | State::Coordinating | State::Reopened => 3,
            State::Done | State::Explained => 4,
            State::Closed => 5,
            State::Declined | State::Void | State::Merged => 0,
        }
    }

    /// Its time is over and it is not closed.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.runs() && self.due_at.is_some_and(|due| due < now)
    }

    /// Four fifths of its time are over.
    pub fn is_pressing(&self, now: DateTime<Utc>) -> bool {
        self.runs() && self.warn_at.is_some_and(|warn| warn < now)
    }

    /// Handed over, and not signed for in time.
    pub fn is_unsigned(&self, now: DateTime<Utc>) -> bool {
        self.state.is_under_way() && self.sign_by.is_some_and(|by| by < now)
    }

    /// Another committee has given it to the one that handles it, and did not get it back.
    pub fn is_handed(&self) -> bool {
        self.handed_at.is_some() && self.sender_scope != self.handler_scope
    }

    /// How many answers a closing has.
    pub fn asked_points(&self) -> usize {
        self.points.len().max(1)
    }

    fn runs(&self) -> bool {
        self.state.is_open() && !self.state.is_paused()
    }
}
