//! One problem of a young person: its vocabularies, and who may read, correct and void it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::kit::ids::id;
use crate::kit::words::words;
use crate::organisations::OrganisationId;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};
use crate::youth::YouthId;

pub const ADDED: Verb = Verb::new("issue_added", "issue", "听到这件诉求");
pub const CORRECTED: Verb = Verb::new("issue_corrected", "issue", "更正");
pub const VOIDED: Verb = Verb::new("issue_voided", "issue", "作废");
pub const REVEALED: Verb = Verb::new("issue_revealed", "issue", "查看内容");

id! {
    /// 一件诉求
    pub IssueId
}

words! {
    /// 诉求类别, sixteen (domain.md §2.27).
    pub enum Category {
        Work "01" "就业实习",
        Business "02" "创业扶持",
        Learning "03" "学习教育与技能提升",
        Marriage "04" "婚恋交友",
        Housing "05" "住房安居",
        Children "06" "子女养育与托管",
        Health "07" "身心健康",
        Hardship "08" "困难帮扶与救助",
        Rights "09" "权益维护与法律援助",
        Guidance "10" "思想引导与组织生活",
        Leisure "11" "文化体育与休闲",
        Belonging "12" "社会融入与社会参与",
        Protection "13" "成长保护与预防犯罪",
        Transport "14" "交通出行与公共服务",
        Policy "15" "政策咨询",
        Other "99" "其他",
    }
}

impl Category {
    /// The six that are heard most, for a form that folds the rest.
    pub const FREQUENT: [Self; 6] = [
        Self::Work,
        Self::Business,
        Self::Learning,
        Self::Marriage,
        Self::Health,
        Self::Hardship,
    ];
}

words! {
    /// 紧急程度: how soon somebody has to answer (domain.md §2.5).
    pub enum Urgency {
        /// Within 24 hours.
        Urgent "1" "紧急",
        /// Within 3 working days.
        Soon "2" "较急",
        /// Within 15 working days.
        Usual "3" "一般",
        /// Looked at every quarter.
        Lasting "4" "长期",
    }
}

words! {
    /// Where it is in its life.
    pub enum State {
        Pending "pending" "待受理",
        Void "void" "作废",
        Merged "merged" "已合并",
    }
}

/// Who handles it first: a committee of the tenant, and perhaps one of its cadres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub committee: Place,
    pub cadre: Option<CadreId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIssue {
    /// Made by the phone: the same id twice is one 诉求.
    pub id: IssueId,
    /// At most `DETAIL_MAX` characters; see `form::check_detail`.
    pub detail: String,
    pub category: Category,
    pub urgency: Urgency,
    pub youth: Option<YouthId>,
    pub village: Option<OrganisationId>,
    pub handler: Handler,
    /// The evening of the visit: decides month and year of every figure, and the year of the number.
    pub raised_on: NaiveDate,
    /// Said to be so. A minor, one marked 困境 or 重点, and words of violence or illness make it so by
    /// themselves.
    pub is_sensitive: bool,
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
    pub received_by: CadreId,
    pub receiver: String,
    pub received_at: DateTime<Utc>,
    pub handler_committee_id: CommitteeId,
    pub handler_scope: i64,
    pub handler_committee: String,
    pub handler_cadre_id: Option<CadreId>,
    pub handler_cadre: Option<String>,
    pub version: i32,
}

words! {
    /// Why somebody opens a text that he does not see by itself.
    pub enum Purpose {
        Handle "handle" "跟进办理",
        Check "check" "核对上报的数字",
        Advise "advise" "给下级出主意",
        Other "other" "别的事",
    }
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

    /// Voided already for this reason: a repeated post.
    pub fn is_void_for(&self, reason: &str) -> bool {
        self.state == State::Void && self.state_reason.as_deref() == Some(reason)
    }

    /// Issue "The walls", who sees persons. `met`: the reader knows the young person. What is
    /// sensitive is open to who received it or met the person and to the own 书记; who has been
    /// given it to handle says why he opens it; superiors count it.
    pub fn sight(&self, scope: &Scope, met: bool) -> Sight {
        let me = scope.actor().cadre;
        let leads = scope.role() == Role::Secretary;
        let owns = scope.is_home(self.committee_id);
        let handles = me.is_some() && self.handler_cadre_id == me;
        let handling = handles || scope.is_home(self.handler_committee_id);
        if met || me == Some(self.received_by) {
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

    /// Its receiver, for 24 hours, while it is 待受理.
    pub fn may_correct(&self, scope: &Scope) -> Result<()> {
        if scope.actor().cadre != Some(self.received_by) || !scope.ground().contains(self.scope) {
            return Err(Error::Forbidden("一件诉求只有记下它的团干部能更正。"));
        }
        self.is_pending()?;
        if scope.now() - self.received_at > CORRECTABLE {
            return Err(Error::Stale("这件诉求记下已满 24 小时，文字不能再改。"));
        }
        Ok(())
    }

    /// Its receiver, or the 书记 of the committee it belongs to, while it is 待受理.
    pub fn may_void(&self, scope: &Scope) -> Result<()> {
        let leads = scope.role() == Role::Secretary && scope.is_home(self.committee_id);
        let is_mine = scope.actor().cadre == Some(self.received_by);
        if !(is_mine || leads) || !scope.ground().contains(self.scope) {
            return Err(Error::Forbidden(
                "一件诉求只有记下它的团干部和本级书记能作废。",
            ));
        }
        self.is_pending()
    }

    fn is_pending(&self) -> Result<()> {
        match self.state {
            State::Pending => Ok(()),
            State::Void => Err(Error::Stale("这件诉求已经作废，不能再改。")),
            State::Merged => Err(Error::Stale("这件诉求已经并入另一件，不能再改。")),
        }
    }

    /// Which of 听 结 办 评 it stands at: 2 once somebody by name stays with it.
    pub fn station(&self) -> i32 {
        match self.handler_cadre_id {
            Some(_) => 2,
            None => 1,
        }
    }
}

/// What the list is asked for; a field that is None asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Codes from, to: a committee below one's own. Made of a narrowed scope only.
    pub within: Option<(i64, i64)>,
    pub category: Option<Category>,
    pub urgency: Option<Urgency>,
    /// None: all that count, neither void nor merged.
    pub state: Option<State>,
    /// The committee that handles it.
    pub handler: Option<CommitteeId>,
    /// By the day on which it was heard, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// 我手上的.
    pub mine: bool,
}

impl Filter {
    pub const MINE: Self = Self {
        within: None,
        category: None,
        urgency: None,
        state: None,
        handler: None,
        from: None,
        to: None,
        mine: true,
    };
}

/// The words of an issue as its receiver corrects them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub detail: String,
    pub category: Category,
    pub urgency: Urgency,
}

impl Change {
    /// It stands so already: a repeated post.
    pub fn is_in(&self, issue: &Issue) -> bool {
        (&self.detail, self.category, self.urgency)
            == (&issue.detail, issue.category, issue.urgency)
    }

    /// For the day book: what was changed. The text itself is not told.
    pub fn facts(&self, was: &Issue) -> serde_json::Value {
        serde_json::json!({
            "detail": self.detail != was.detail,
            "category": (self.category != was.category).then_some([was.category, self.category]),
            "urgency": (self.urgency != was.urgency).then_some([was.urgency, self.urgency]),
        })
    }
}

/// How long its receiver may correct it.
pub const CORRECTABLE: TimeDelta = TimeDelta::hours(24);

/// Its number for people. `short` is made of the place names from the city down to the committee.
pub fn number(short: &str, year: i32, n: i32) -> String {
    format!("{short}诉〔{year}〕{n}号")
}

/// Violence, illness, self-harm, crime: sensitive whoever it is about.
pub fn has_sensitive_words(detail: &str) -> bool {
    let words = include_str!("sensitive.txt").lines();
    words
        .filter(|word| !word.is_empty() && !word.starts_with('#'))
        .any(|word| detail.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixteen_categories_and_six_are_frequent() {
        assert_eq!(Category::ALL.len(), 16);
        assert_eq!(Category::from_code("99"), Some(Category::Other));
        assert_eq!(Category::from_code("16"), None);
        let distinct: std::collections::HashSet<_> = Category::FREQUENT.into_iter().collect();
        assert_eq!(distinct.len(), 6);
    }

    #[test]
    fn numbers_look_like_those_of_documents() {
        assert_eq!(number("清望", 2026, 153), "清望诉〔2026〕153号");
    }

    #[test]
    fn words_of_violence_and_illness_are_found_and_others_are_not() {
        for text in ["爸爸确诊尿毒症，想问救助", "在学校被霸凌", "说过不想活了"]
        {
            assert!(has_sensitive_words(text), "{text}");
        }
        for text in ["想找离家近的文员岗位", "茶园想装滴灌", "# 号", ""] {
            assert!(!has_sensitive_words(text), "{text}");
        }
    }
}
