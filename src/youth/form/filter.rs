//! What the list is asked for, as it stands in the address: never a name or number.

use crate::organisations::OrganisationId;
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};
use crate::youth::model::Group;
use crate::youth::record::{Filter, Guarded};

const UNKNOWN: &str = "这个条件认不出来，清空后再选。";

/// 久未见: days and how they are said.
pub const UNSEEN: [(u16, &str); 4] = [
    (30, "一个月没见"),
    (60, "两个月没见"),
    (90, "三个月没见"),
    (180, "半年没见"),
];

/// Who is guarded, for the committee's own 书记.
pub const CARE: [(&str, &str, Guarded); 3] = [
    ("difficult", "困境青少年", Guarded::Difficult),
    ("key", "重点青少年", Guarded::Key),
    ("minor", "未成年人", Guarded::Minor),
];

#[derive(Clone, Debug, Default)]
pub struct FilterForm {
    pub mine: String,
    pub committee: String,
    pub village: String,
    pub group: String,
    pub care: String,
    pub unseen: String,
}

impl FilterForm {
    pub fn read(query: &Fields) -> Self {
        Self {
            mine: query.text("mine"),
            committee: query.text("committee"),
            village: query.text("village"),
            group: query.text("group"),
            care: query.text("care"),
            unseen: query.text("unseen"),
        }
    }

    /// The committee below that is looked at.
    pub fn committee(&self) -> Result<Option<CommitteeId>> {
        asked(&self.committee, |it| it.parse().ok())
    }

    pub fn check(&self, scope: &Scope) -> Result<Filter> {
        let care = |it: &str| CARE.iter().find(|(code, ..)| *code == it).map(|it| it.2);
        let care = asked(&self.care, care)?;
        if care.is_some() && scope.role() != Role::Secretary {
            return Err(Error::Forbidden(
                "困境、重点青年和未成年人的名单只有本级书记能看。",
            ));
        }
        let days = |it: &str| {
            it.parse()
                .ok()
                .filter(|n| UNSEEN.iter().any(|(d, _)| d == n))
        };
        Ok(Filter {
            is_mine: asked(&self.mine, |it| (it == "on").then_some(()))?.is_some(),
            group: asked(&self.group, Group::from_code)?,
            village: asked(&self.village, |it| it.parse::<OrganisationId>().ok())?,
            care,
            unseen_days: asked(&self.unseen, days)?,
        })
    }

    /// Name and value of all that is asked, for addresses.
    pub fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("mine", &self.mine),
            ("committee", &self.committee),
            ("village", &self.village),
            ("group", &self.group),
            ("care", &self.care),
            ("unseen", &self.unseen),
        ]
    }

    pub fn is_empty(&self) -> bool {
        self.pairs().iter().all(|(_, value)| value.is_empty())
    }
}

fn asked<T>(raw: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    if raw.is_empty() {
        return Ok(None);
    }
    read(raw).map(Some).ok_or(Error::BadAddress(UNKNOWN))
}
