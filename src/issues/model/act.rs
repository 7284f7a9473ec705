//! A move as it is asked for, and why it may have to be refused although the table has it.

use chrono::NaiveDate;

use super::IssueId;
use super::life::{DeclineReason, Move, MoveId, Outcome};
use super::part::Share;
use crate::kit::words::words;
use crate::platform::ids::CadreId;
use crate::platform::scope::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMove {
    /// Made by the client: the same id twice is one move.
    pub id: MoveId,
    /// The version of the issue that its maker had before him. None: the clock, or a link.
    pub version: Option<i32>,
    pub act: Act,
    /// Why, or what is said; checked by `form`.
    pub words: Option<String>,
    /// The young person may read the words.
    pub is_shown: bool,
}

/// What a move carries besides its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Every move that carries nothing more: those that end a pause, send back, only say something,
    /// and those whose rows other slices write (批示, 协办, 评价, 回访).
    Plain(Move),
    /// Taken on, with the points that are to be answered and perhaps who stays with it.
    Accept {
        points: Vec<String>,
        cadre: Option<CadreId>,
    },
    Decline(DeclineReason),
    /// 交办, 上报, 逐级上报.
    Hand(Move, Hand),
    /// 签收, 着手办理 and 定跟进人: who stays with it. None: whoever acts.
    Name(Move, Option<CadreId>),
    /// Until that day, on which it goes on by itself.
    Suspend(NaiveDate),
    AskExtension(NaiveDate),
    /// 批示, to be reported on by that day.
    Instruct(NaiveDate),
    /// 办结, 当场答复.
    Close(Move, Closing),
    Merge(IssueId),
    /// 协办, 转部门, 报省团委: given to others, or what they did with it.
    Share(Move, Share),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    pub to: Place,
    pub cadre: Option<CadreId>,
    /// Until when it is to be done; None leaves its time as it is.
    pub due_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub outcome: Outcome,
    /// One for each point, in their order.
    pub answers: Vec<String>,
}

impl Act {
    pub fn word(&self) -> Move {
        match self {
            Self::Plain(act)
            | Self::Hand(act, _)
            | Self::Name(act, _)
            | Self::Close(act, _)
            | Self::Share(act, _) => *act,
            Self::Accept { .. } => Move::Accept,
            Self::Decline(_) => Move::Decline,
            Self::Suspend(_) => Move::Suspend,
            Self::AskExtension(_) => Move::AskExtension,
            Self::Instruct(_) => Move::Instruct,
            Self::Merge(_) => Move::Merge,
        }
    }
}

impl Move {
    /// Said to whom the table does not name.
    pub const REFUSED: &str = "这一步要由办理这件事的人来做。您可以看它的经过。";
}

words! {
    /// Why a move that the table has cannot be made now. The label is the sentence.
    pub enum Bar {
        PartsOpen "parts_open" "还有协办没有答复，先等协办答复或者撤回。",
        Unanswered "unanswered" "每一点都要答复。",
        SameUnit "same_unit" "这件事已经在这个单位。",
        NotInOffice "not_in_office" "这名团干部不在办理单位任职，换一个人。",
        Upwards "upwards" "交给上级要用“上报”。",
        Downwards "downwards" "交给下级要用“交办”。",
        Foreign "foreign" "这个单位不在本市，或者已经撤销。",
        DueBefore "due_before" "期限要在今天或以后。",
        TooLong "too_long" "挂起超过了规定的天数。",
        NotTime "no_time" "这件事还没有期限。",
        PastDue "past_due" "已经过了期限，不能再申请延期。",
        NotLater "not_later" "延到的日子要比现在的期限晚。",
        TwiceExtended "twice_extended" "已经延期两次，不能再延。",
        AskedAlready "asked_already" "已经申请了延期，等答复。",
        NotAsked "not_asked" "没有等答复的延期申请。",
        OwnRequest "own_request" "自己申请的延期，要由别人答复。",
        SetByOther "set_by_other" "期限是交办单位定的，由交办单位答复。",
        TooLate "too_late" "办结太久了，不能再重开；可以另记一件。",
        NoSuchIssue "no_such_issue" "没有这样一件可以并入的诉求，看看编号。",
        Itself "itself" "不能并入自己。",
        NoProvince "no_province" "省团委没有开通，或者这件事不在市里办理。",
        HandedOut "handed_out" "已经报了省团委，等它答复。",
        NoInstruction "no_instruction" "没有等签收、等反馈的批示。",
        OwnClosing "own_closing" "谁办结的，不能由谁回访。",
        FollowedUp "followed_up" "这次办结已经回访过了。",
    }
}
