//! One complaint or suggestion, and who may answer it.

use chrono::{DateTime, Utc};

use crate::kit::ids::id;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};

pub const ADDED: Verb = Verb::new("feedback_added", "feedback", "提出");
pub const ANSWERED: Verb = Verb::new("feedback_answered", "feedback", "答复");

id! {
    /// 一条投诉建议
    pub FeedbackId
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeedback {
    pub id: FeedbackId,
    pub text: String,
    /// The page it was written on.
    pub page: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    pub id: FeedbackId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub text: String,
    pub page: Option<String>,
    pub author_id: CadreId,
    pub author: String,
    pub committee: String,
    pub created_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl Feedback {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    /// Its author, and the admins of the committee and above.
    pub fn may_read(&self, scope: &Scope) -> bool {
        scope.role() == Role::Admin || scope.actor().cadre == Some(self.author_id)
    }

    /// The admin whom it reached, or one above; once.
    pub fn may_answer(&self, scope: &Scope) -> bool {
        scope.role() == Role::Admin && self.answer.is_none()
    }
}
