//! One problem of a young person: its vocabularies, what is asked of a list, how it is corrected.

mod act;
mod deputy;
mod file;
mod follow;
mod instruction;
mod issue;
mod life;
mod link;
mod notice;
mod part;
mod public;

pub use act::{Act, Bar, Closing, Hand, NewMove};
pub use deputy::{DEPUTY_DAYS, Deputy, DeputyId, NewDeputy};
pub use file::FileId;
pub use follow::{FollowUp, FollowUpId, FollowedUp, Means, NewFollowUp, Satisfaction, Truth, Why};
pub use instruction::{INSTRUCTION_MAX, Instruction};
pub use issue::{DueFrom, Issue, Sight};
pub use life::{DeclineReason, Move, MoveId, Outcome, Side, Source, State, Verdict};
pub use link::{Link, NewVerdict, Way};
pub use notice::{News, Notice, NoticeId, Topic};
pub use part::{
    BACK, Handoff, HandoffId, NewHandoff, NewPart, Part, PartId, PartLink, PartState, PartStep,
    Partner, Share,
};

pub use public::{Kind, NewPublic};

use chrono::{NaiveDate, TimeDelta};

use crate::kit::ids::id;
use crate::kit::words::words;
use crate::organisations::OrganisationId;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::scope::Place;
use crate::youth::YouthId;

pub const ADDED: Verb = Verb::new("issue_added", "issue", "听到这件诉求");
pub const CORRECTED: Verb = Verb::new("issue_corrected", "issue", "更正");
pub const VOIDED: Verb = Verb::new("issue_voided", "issue", "作废");
/// A move of its life; which one is in the detail.
pub const MOVED: Verb = Verb::new("issue_moved", "issue", "办理");
pub const REVEALED: Verb = Verb::new("issue_revealed", "issue", "查看内容");
pub const RULES_CHANGED: Verb = Verb::new("issue_rules_changed", "issue_rules", "改办理期限");
/// The end of its time, counted again after the rules or the calendar changed.
pub const RECOUNTED: Verb = Verb::new("issue_recounted", "issue", "期限重新计算");
pub const DEPUTY_SET: Verb = Verb::new("deputy_set", "deputy", "设代办");
pub const DEPUTY_ENDED: Verb = Verb::new("deputy_ended", "deputy", "结束代办");
/// A link for the young person's verdict; by whom it is passed on, and how.
pub const LINKED: Verb = Verb::new("issue_linked", "issue", "生成评价链接");
/// A link for the department that has a part.
pub const PART_LINKED: Verb = Verb::new("part_linked", "issue", "生成协办链接");
/// A file was added to a note or an answer.
pub const ATTACHED: Verb = Verb::new("issue_attached", "issue", "添附件");
/// Name and telephone of who came by the public page were looked at.
pub const CONTACTED: Verb = Verb::new("issue_contacted", "issue", "查看联系方式");
/// The young person took name and telephone away.
pub const WITHDRAWN: Verb = Verb::new("issue_withdrawn", "issue", "本人删除姓名和电话");

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

words! {
    /// Why somebody opens a text that he does not see by itself.
    pub enum Purpose {
        Handle "handle" "跟进办理",
        Check "check" "核对上报的数字",
        Advise "advise" "给下级出主意",
        Other "other" "别的事",
    }
}

words! {
    /// 待办队列: what waits for what, with a count each.
    pub enum Queue {
        Pending "pending" "待受理",
        /// Handed over, not yet signed for.
        Sign "sign" "等签收",
        Handling "handling" "我在办",
        Waiting "waiting" "等青年补充",
        Overdue "overdue" "超期",
        Verdict "verdict" "等评价",
        Failed "failed" "没办成",
        /// 书记批示 without a report.
        Instructed "instructed" "批示待反馈",
    }
}

impl Queue {
    /// Counted in the whole scope, not only at the reader's own committee.
    pub fn is_of_scope(self) -> bool {
        matches!(self, Self::Overdue | Self::Verdict | Self::Failed)
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
    /// 我手上的: open, and mine to move on.
    pub mine: bool,
    pub queue: Option<Queue>,
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
        queue: None,
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
