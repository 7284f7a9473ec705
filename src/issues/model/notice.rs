//! 提醒: what one cadre is told of.

use chrono::{DateTime, NaiveDate, Utc};

use super::{IssueId, Move};
use crate::kit::ids::id;
use crate::kit::words::words;

id! {
    /// One 提醒 to one cadre.
    pub NoticeId
}

words! {
    /// What is told besides moves.
    pub enum News {
        /// Heard by somebody else, and given to him.
        Added "added" "新诉求交给您",
        Deputy "deputy" "请您代办",
        DeputyEnded "deputy_ended" "代办结束",
    }
}

/// What a notice tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Moved(Move),
    News(News),
}

impl Topic {
    pub fn code(self) -> &'static str {
        match self {
            Self::Moved(act) => act.code(),
            Self::News(news) => news.code(),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        let news = || News::from_code(code).map(Self::News);
        Move::from_code(code).map(Self::Moved).or_else(news)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Moved(act) => act.label(),
            Self::News(news) => news.label(),
        }
    }

    /// He who is told has to do something.
    pub fn is_pressing(self) -> bool {
        use Move::{Climb, Instruct, Raise, Reopen, SendBack, Supervise, Urge, VerdictNot};
        let presses = [
            Urge, Supervise, Raise, Climb, Instruct, Reopen, SendBack, VerdictNot,
        ];
        matches!(self, Self::Moved(act) if presses.contains(&act))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    /// None: of a deputyship.
    pub issue: Option<IssueId>,
    pub kind: String,
    pub from: String,
    pub at: DateTime<Utc>,
    pub on_day: NaiveDate,
    pub read_at: Option<DateTime<Utc>>,
}
