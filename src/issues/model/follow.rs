//! 回访: somebody else than who closed it asks the young person later. It stands apart from the closing
//! and from the verdict.

use chrono::{DateTime, NaiveDate, Utc};

use super::{IssueId, MoveId};
use crate::kit::ids::id;
use crate::kit::words::words;

id! {
    /// One 回访.
    pub FollowUpId
}

words! {
    /// Why a closing is followed up.
    pub enum Why {
        Sample "sample" "抽到的",
        /// The verdict came over the handler's phone or network.
        Spot "on_the_spot" "当面扫码评的，先回访",
        Asked "asked" "主动回访",
    }
}

words! {
    /// 回访方式.
    pub enum Means {
        Phone "phone" "电话",
        Visit "visit" "上门",
        Online "online" "线上",
        Other "other" "其他",
    }
}

words! {
    /// 满意度 (domain.md, L_satisfaction): five steps of its own, no verdict.
    pub enum Satisfaction {
        Very "5" "非常满意",
        Content "4" "满意",
        Mostly "3" "基本满意",
        Not "2" "不满意",
        NotAtAll "1" "非常不满意",
    }
}

impl Satisfaction {
    pub fn steps(self) -> i16 {
        match self {
            Self::Very => 5,
            Self::Content => 4,
            Self::Mostly => 3,
            Self::Not => 2,
            Self::NotAtAll => 1,
        }
    }

    /// None: no step of ours.
    pub fn of_steps(steps: i16) -> Option<Self> {
        Self::ALL.iter().find(|it| it.steps() == steps).copied()
    }

    /// 基本满意 and better.
    pub fn is_content(self) -> bool {
        self.steps() >= 3
    }
}

words! {
    /// 是否属实: whether what the closing says is so.
    pub enum Truth {
        So "yes" "属实",
        NotSo "no" "不属实",
    }
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFollowUp {
    /// Of its move: the same id twice is one 回访.
    pub id: MoveId,
    /// Of the issue, as who asks had it before him.
    pub version: i32,
    pub means: Means,
    pub truth: Truth,
    pub satisfaction: Satisfaction,
    pub words: Option<String>,
}

/// One that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub issue: IssueId,
    pub why: Why,
    pub due_on: NaiveDate,
}

/// One as it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedUp {
    /// Of which closing.
    pub n: i16,
    pub why: Why,
    pub means: Means,
    pub is_true: bool,
    pub satisfaction: Option<Satisfaction>,
    pub words: Option<String>,
    pub done_at: DateTime<Utc>,
    pub cadre: String,
}

impl FollowedUp {
    /// What was closed is not as it was said, or did not help.
    pub fn is_bad(&self) -> bool {
        !self.is_true || self.satisfaction.is_some_and(|it| !it.is_content())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_steps_go_there_and_back() {
        for step in 1..=5 {
            let word = Satisfaction::of_steps(step).unwrap();
            assert_eq!(
                (word.steps(), word.code()),
                (step, step.to_string().as_str())
            );
            assert_eq!(word.is_content(), step >= 3);
        }
        assert_eq!(Satisfaction::of_steps(0), None);
    }
}
