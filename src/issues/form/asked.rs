//! What the form of each move asks for, and in which words.

use super::act::WORDS_MAX;
use crate::issues::model::{INSTRUCTION_MAX, Move};

/// What the form of a move asks for besides the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    Nothing,
    /// What has to be answered, and who stays with it.
    Points,
    /// Why it is not taken on.
    Reason,
    /// To which unit, and until when.
    Unit,
    /// Who stays with it.
    Cadre,
    /// A day: suspended until then, or the end of its time wanted.
    Day(&'static str),
    /// How it ended, and an answer to each point.
    Outcome,
    /// An answer to each point.
    Answers,
    /// The number of another.
    Number,
    /// Whether the young person may read the words.
    Shown,
}

/// A move as its form puts it.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub act: Move,
    /// What comes of it, in a sentence.
    pub hint: &'static str,
    /// The label of the words; "" asks for none.
    pub words: &'static str,
    /// The sentence when they are missing; "" lets them be missing.
    pub missing: &'static str,
    pub also: Also,
    pub button: &'static str,
}

impl Asked {
    /// How many characters the words may have.
    pub fn max(&self) -> usize {
        match self.act {
            Move::Instruct => INSTRUCTION_MAX,
            _ => WORDS_MAX,
        }
    }

    /// Where a fault of the whole form is said.
    pub fn first_field(&self) -> &'static str {
        match self.also {
            Also::Points => "points",
            Also::Reason => "reason",
            Also::Unit => "unit",
            Also::Cadre => "cadre",
            Also::Day(_) => "day",
            Also::Outcome => "outcome",
            Also::Answers => "answer-1",
            Also::Number => "number",
            Also::Nothing | Also::Shown => "words",
        }
    }
}

const fn asked(
    act: Move,
    also: Also,
    button: &'static str,
    words: (&'static str, &'static str),
    hint: &'static str,
) -> Asked {
    Asked {
        act,
        hint,
        words: words.0,
        missing: words.1,
        also,
        button,
    }
}

/// The moves that have a form, in the order in which a page offers them.
#[rustfmt::skip]
pub const ASKED: &[Asked] = &[
    asked(Move::Accept, Also::Points, "受理", ("", ""),
        "受理后开始计时。要答复的事分成几点写，办结时逐条答复；不写，整件算一点。"),
    asked(Move::Sign, Also::Cadre, "签收", ("", ""), "签收后由本单位办理，交办单位能看到。"),
    asked(Move::SendBack, Also::Nothing, "退办", ("为什么退回", "写下为什么退回"),
        "退回交办的单位，由它另行安排。只能在签收前退回。"),
    asked(Move::Take, Also::Cadre, "着手办理", ("", ""), "由本单位自己办，定下谁跟进。"),
    asked(Move::Supplement, Also::Nothing, "补充", ("青年补充的情况", "写下青年补充的情况"),
        "补充后回到原来的步骤，继续计时。"),
    asked(Move::Resume, Also::Nothing, "恢复办理", ("说明", ""), "恢复后继续计时。"),
    asked(Move::Close, Also::Outcome, "办结", ("结果说明", "写下结果"),
        "逐条答复青年问的事。结果和答复青年能看到，办结后请青年评价。"),
    asked(Move::Explain, Also::Answers, "答复", ("说明", ""),
        "政策咨询这样当场能说清的，直接答复。答复青年能看到。"),
    asked(Move::Assign, Also::Unit, "交办", ("要对方做什么", "写下要对方做什么"),
        "交给同级或下级单位。对方签收前可以撤回；到时没签收会提醒您。"),
    asked(Move::Report, Also::Unit, "上报", ("要上级协调什么", "写下要上级协调什么"),
        "自己办不了的，报上一级或请别的单位办。听到这件事的团干部仍是青年的联系人。"),
    asked(Move::Recall, Also::Nothing, "撤回", ("为什么撤回", ""), "对方还没签收，可以撤回来重新安排。"),
    asked(Move::Ask, Also::Nothing, "退回补充", ("要青年补充什么", "写下要青年补充什么"),
        "等青年补充期间不计时。由听到这件事的团干部去问。"),
    asked(Move::Decline, Also::Reason, "不予受理", ("怎样告诉青年", "写下怎样告诉青年"),
        "确实不该由团组织办的才不予受理，要告诉青年该找谁。"),
    asked(Move::Suspend, Also::Day("挂到哪天"), "挂起", ("为什么挂起", "写下为什么挂起"),
        "挂起期间不计时，到那天自动恢复。最长 30 天。"),
    asked(Move::AskExtension, Also::Day("想延到哪天"), "申请延期", ("为什么延期", "写下为什么延期"),
        "到期前申请，由定期限的一方答复。最多延两次。"),
    asked(Move::Grant, Also::Nothing, "同意延期", ("说明", ""), "同意后期限改到申请的那天。"),
    asked(Move::Refuse, Also::Nothing, "不同意", ("为什么不同意", "写下为什么不同意"), "期限不变。"),
    asked(Move::Appoint, Also::Cadre, "定下", ("", ""), "定下谁跟进这件事，到办结为止。"),
    asked(Move::Progress, Also::Shown, "添上", ("添一条进展", "写下做了什么"),
        "联系了谁，定了什么，下一步什么时候。"),
    asked(Move::Urge, Also::Nothing, "催办", ("催办的话", ""), "经过里留一条，办理单位能看到。"),
    asked(Move::Supervise, Also::Nothing, "督办", ("督办要求", "写下督办要求"), "比催办重一级，要求办理单位答复。"),
    asked(Move::Raise, Also::Nothing, "提请书记协调", ("要协调什么", "写下要协调什么"), "请书记出面协调。"),
    asked(Move::InstructSign, Also::Nothing, "签收批示", ("", ""), "签收后给批示的书记能看到。"),
    asked(Move::InstructAnswer, Also::Nothing, "反馈", ("办得怎样", "写下办得怎样"), "反馈后给批示的书记能看到。"),
    asked(Move::Instruct, Also::Day("哪天以前反馈"), "批示", ("批示", "写下批示"),
        "一句话，说清要做什么。办理单位签收，到那天以前反馈。"),
    asked(Move::Reopen, Also::Nothing, "重开", ("为什么重开", "写下为什么重开"),
        "没办成、没办好的重新办理，重新计时，原来的办结不再算数。"),
    asked(Move::Merge, Also::Number, "并入", ("为什么并入", ""),
        "同一件事记了两回的，并入另一件。两边的经过都留着，这一件不再计数。"),
    asked(Move::Void, Also::Nothing, "作废", ("为什么作废", "写下为什么作废"),
        "记重了、记错了才作废。作废后编号和经过都留着，不再计数，不能恢复。"),
];

/// The form of a move; None: no page makes it.
pub fn asked_of(act: Move) -> Option<&'static Asked> {
    ASKED.iter().find(|it| it.act == act)
}
