//! The vocabularies of a 诉求's life: where it is, what can be done to it, in what capacity somebody
//! does it. Which of them go together stands in `moves`.

use crate::kit::ids::id;
use crate::kit::words::words;

id! {
    /// One move of one 诉求; made by the client, so that a repeated post is known.
    pub MoveId
}

words! {
    /// Where it is in its life (domain.md §2.5). docs/words.md has the same table.
    pub enum State {
        /// Nobody has said yet that he takes it on.
        Pending "pending" "待受理",
        /// More is asked of the young person; the time stands still.
        Waiting "waiting" "退回补充",
        Accepted "accepted" "已受理",
        /// Handed over, not yet signed for.
        Assigned "assigned" "已交办",
        /// Handed up, not yet signed for.
        Reported "reported" "已上报",
        Handling "handling" "办理中",
        /// With a department without account, or with the province.
        Coordinating "coordinating" "协调部门办理中",
        /// Until a day; the time stands still.
        Suspended "suspended" "挂起",
        /// Closed, and the young person has not yet said how it went.
        Done "done" "已办结待评价",
        /// Answered on the spot.
        Explained "explained" "已解释说明",
        Closed "closed" "已办结",
        /// 没办成: to be taken up again.
        Reopened "reopened" "退回重办",
        Declined "declined" "不予受理",
        Void "void" "作废",
        Merged "merged" "已合并",
    }
}

impl State {
    /// Somebody has still to do something about it.
    pub fn is_open(self) -> bool {
        use State::{
            Accepted, Assigned, Coordinating, Handling, Pending, Reopened, Reported, Suspended,
            Waiting,
        };
        matches!(
            self,
            Pending
                | Waiting
                | Accepted
                | Assigned
                | Reported
                | Handling
                | Coordinating
                | Suspended
                | Reopened
        )
    }

    /// It counts as a 诉求 that was collected (D01).
    pub fn counts(self) -> bool {
        !matches!(self, Self::Void | Self::Merged)
    }

    /// Handed over and not signed for.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Assigned | Self::Reported)
    }

    /// Its time stands still.
    pub fn is_paused(self) -> bool {
        matches!(self, Self::Waiting | Self::Suspended)
    }
}

words! {
    /// What can be done to it. The label is how its history says it.
    pub enum Move {
        Accept "accept" "受理",
        Ask "ask" "退回补充",
        Supplement "supplement" "补充情况",
        Decline "decline" "不予受理",
        Assign "assign" "交办",
        Report "report" "上报",
        Sign "sign" "签收",
        SendBack "send_back" "退办",
        Recall "recall" "撤回",
        Take "take" "着手办理",
        Appoint "appoint" "定跟进人",
        Progress "progress" "进展",
        Suspend "suspend" "挂起",
        Resume "resume" "恢复办理",
        AskExtension "ask_extension" "申请延期",
        Grant "grant" "同意延期",
        Refuse "refuse" "不同意延期",
        Part "part" "请协办",
        PartAnswer "part_answer" "协办答复",
        Refer "refer" "转部门",
        Gather "gather" "部门已答复",
        HandOut "hand_out" "报省团委",
        HandIn "hand_in" "省团委答复",
        Close "close" "办结",
        Explain "explain" "当场答复",
        VerdictDone "verdict_done" "评价办成了",
        VerdictHalf "verdict_half" "评价办了一半",
        VerdictNot "verdict_not" "评价没办成",
        Lapse "lapse" "评价期满",
        Reopen "reopen" "重开",
        FollowUp "follow_up" "回访",
        Urge "urge" "催办",
        Supervise "supervise" "督办",
        Raise "raise" "提请书记协调",
        Climb "climb" "逐级上报",
        Instruct "instruct" "书记批示",
        InstructSign "instruct_sign" "签收批示",
        InstructAnswer "instruct_answer" "反馈批示",
        Void "void" "作废",
        Merge "merge" "并入",
    }
}

words! {
    /// In what capacity somebody acts. Who is what of a 诉求 says `sides`.
    pub enum Side {
        /// Whom it was given to by name, or, where nobody is named, a cadre of the handling committee.
        Handler "handler" "经办人",
        /// The 书记 of the handling committee.
        Lead "lead" "办理单位书记",
        /// A cadre or the 书记 of the committee that handed it over last.
        Sender "sender" "交办单位",
        /// The cadre who heard it: stays the young person's contact.
        Receiver "receiver" "听到的团干部",
        /// The 书记 of the committee it belongs to.
        Owner "owner" "归属单位书记",
        /// A 书记 above one of the committees concerned, of the same city.
        Superior "superior" "上级书记",
        /// A unit that has a part in it.
        Partner "partner" "协办单位",
        /// The young person, by a link.
        Youth "youth" "青年本人",
        /// The clock.
        System "system" "到期自动",
    }
}

words! {
    /// 办理结果 (domain.md §2.5). Only the first two count as solved (D02).
    pub enum Outcome {
        Solved "solved" "已解决",
        Partly "partly" "部分解决",
        Planned "planned" "列入计划",
        Explained "explained" "已解释说明",
        Transferred "transferred" "转上级或转部门办结",
        Unreachable "unreachable" "无法联系",
        /// Never chosen on closing: written by 不予受理.
        Declined "declined" "不予受理",
    }
}

impl Outcome {
    /// Those that a closing may have.
    pub const CHOSEN: [Self; 6] = [
        Self::Solved,
        Self::Partly,
        Self::Planned,
        Self::Explained,
        Self::Transferred,
        Self::Unreachable,
    ];

    pub fn is_solved(self) -> bool {
        matches!(self, Self::Solved | Self::Partly)
    }
}

words! {
    /// Why it is not taken on (不予受理).
    pub enum DeclineReason {
        Elsewhere "elsewhere" "已由信访、司法等法定途径受理",
        Court "court" "应当通过诉讼、仲裁、复议解决",
        Beyond "beyond" "不属于团组织能协调的事",
        Repeated "repeated" "同一事项已经答复，没有新情况",
        Untrue "untrue" "经核实情况不属实",
        Other "other" "其他",
    }
}

words! {
    /// What the young person says of a closing.
    pub enum Verdict {
        Done "done" "办成了",
        Half "half" "办了一半",
        Not "not" "没办成",
    }
}

words! {
    /// How it came to us (domain.md §2.5).
    pub enum Source {
        Visit "visit" "访谈夜",
        Listening "listening" "青听",
        Home "home" "青年之家",
        Hotline "hotline" "12355",
        Online "online" "线上",
        Dialogue "dialogue" "面对面",
        Survey "survey" "问卷",
        Superior "superior" "上级交办",
        Letter "letter" "来信来访",
        Handoff "handoff" "下级团委上报",
    }
}
