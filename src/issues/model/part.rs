//! What others have in a 诉求: a unit of the tenant or a department without account its part (协办), the
//! province's own tenant a handoff (报省团委).

use chrono::{DateTime, NaiveDate, Utc};

use super::life::{Move, MoveId, Outcome, State};
use super::{Category, Issue, IssueId, Urgency};
use crate::kit::ids::id;
use crate::kit::words::words;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};

id! {
    /// 一件协办
    pub PartId
}

/// What is said where the province's own matter ends: its verdict is given where it was heard.
pub const BACK: &str = "答复已经送回报来的团委，由它请青年评价。";

id! {
    /// 一次报省团委
    pub HandoffId
}

words! {
    pub enum PartState {
        Open "open" "等签收",
        Signed "signed" "协办中",
        Answered "answered" "已答复",
        Returned "returned" "已退回",
        Withdrawn "withdrawn" "已撤回",
    }
}

words! {
    /// Which step of a part a move is. The label is how the history says it.
    pub enum PartStep {
        Given "given" "请协办",
        Withdrawn "withdrawn" "撤回协办",
        Signed "signed" "签收协办",
        Answered "answered" "协办答复",
        Returned "returned" "退回协办",
    }
}

const WAITS: &str = "等答复";

impl PartState {
    /// The whole waits for it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Signed)
    }
}

impl PartStep {
    /// How the part stands after it.
    pub fn leads_to(self) -> PartState {
        match self {
            Self::Given => PartState::Open,
            Self::Withdrawn => PartState::Withdrawn,
            Self::Signed => PartState::Signed,
            Self::Answered => PartState::Answered,
            Self::Returned => PartState::Returned,
        }
    }

    /// The move of the matter that it is.
    pub fn act(self) -> Move {
        match self {
            Self::Given | Self::Withdrawn => Move::Part,
            Self::Signed | Self::Answered | Self::Returned => Move::PartAnswer,
        }
    }
}

/// What a move says of a part besides its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub step: Option<PartStep>,
    pub to: Option<CommitteeId>,
    /// Who has no account, by name.
    pub department: Option<String>,
    pub until: Option<NaiveDate>,
}

/// To whom a part is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partner {
    /// A committee of the tenant.
    Unit(Place),
    /// A department without account; answers by a link.
    Department {
        name: String,
        contact: Option<String>,
        phone: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart {
    /// Made by the client; the move that gives it has the same.
    pub id: PartId,
    /// The version of the issue that the giver had before him.
    pub version: i32,
    pub to: Partner,
    pub task: String,
    /// What the partner reads of the matter, without the person.
    pub matter: String,
    /// The name, where it was marked visible.
    pub shown_name: Option<String>,
    pub due_on: Option<NaiveDate>,
}

/// A part as it is read again, with the names of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub id: PartId,
    pub issue: IssueId,
    /// Where the matter lies, and the level of that committee.
    pub place: Place,
    pub level: i16,
    pub no: String,
    pub category: Category,
    pub committee: Option<CommitteeId>,
    /// The unit or the department.
    pub unit: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub matter: String,
    pub task: String,
    pub shown_name: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    /// Who gave it, and the committee that handles the matter now.
    pub given_by: String,
    pub giver: String,
    pub given_at: DateTime<Utc>,
    pub state: PartState,
    pub signed_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_reason: Option<String>,
}

impl Part {
    /// Whoever acts for the unit that has it.
    pub fn is_mine(&self, scope: &Scope) -> bool {
        let works = matches!(scope.role(), Role::Cadre | Role::Secretary);
        works && self.committee.is_some_and(|id| scope.is_home(id))
    }

    /// How it stands, as pages say it: a department does not sign.
    pub fn standing(&self) -> &'static str {
        match (self.state, self.committee) {
            (PartState::Open, None) => WAITS,
            (state, _) => state.label(),
        }
    }

    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.state.is_open() && self.due_at.is_some_and(|due| due < now)
    }

    /// What was said at its end.
    pub fn said(&self) -> Option<&str> {
        self.answer.as_deref().or(self.ended_reason.as_deref())
    }
}

/// What stands behind a department's link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartLink {
    pub part: PartId,
    pub place: Place,
    pub level: i16,
    pub expires_at: Option<DateTime<Utc>>,
    pub used_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHandoff {
    pub id: HandoffId,
    pub version: i32,
    pub to: Place,
    pub matter: String,
    pub task: String,
    /// The name, where it was marked visible.
    pub shown_name: Option<String>,
    pub due_on: Option<NaiveDate>,
}

/// A handoff as it is read from either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    pub id: HandoffId,
    pub tenant: TenantId,
    pub issue: IssueId,
    /// The number of the matter that it is of; only to whom that is in sight.
    pub no: Option<String>,
    /// The committee from which it came.
    pub from: String,
    /// The committee to which it went.
    pub unit: String,
    pub to: Place,
    pub matter: String,
    pub task: String,
    pub category: Category,
    pub urgency: Urgency,
    pub due_at: Option<DateTime<Utc>>,
    pub sent_at: DateTime<Utc>,
    pub sent_by: Option<String>,
    pub linked: Option<IssueId>,
    pub linked_no: Option<String>,
    pub linked_state: Option<State>,
    pub linked_due_at: Option<DateTime<Utc>>,
    /// Who holds it there.
    pub holder: Option<String>,
    pub outcome: Option<Outcome>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub returned_at: Option<DateTime<Utc>>,
    pub returned_reason: Option<String>,
    pub shown_name: Option<String>,
}

impl Handoff {
    pub fn is_open(&self) -> bool {
        self.answered_at.is_none() && self.returned_at.is_none()
    }

    /// Seen from the province: the matter that was made of it.
    pub fn came_as(&self, issue: &Issue) -> bool {
        self.linked == Some(issue.id)
    }

    /// The move that brings the answer: the same one each time, so that it is made once.
    pub fn hand_in(&self) -> MoveId {
        MoveId(uuid::Uuid::from_u128(self.id.0.as_u128() ^ 1))
    }

    /// The matter that is made of it in the other tenant: the same one each time.
    pub fn linked_id(&self) -> IssueId {
        IssueId(uuid::Uuid::from_u128(self.id.0.as_u128() ^ 2))
    }
}
