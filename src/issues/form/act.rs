//! The form of a move: what each asks for, in which words, and what is read out of it.

use super::day;
use crate::committees::Committee;
use crate::issues::model::{
    Act, Bar, Closing, DeclineReason, Hand, Issue, IssueId, Move, MoveId, NewMove, Outcome,
};
use crate::kit::text::{TextFault, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;

/// In characters (domain.md §2.5: 结果说明 10–1000).
pub const WORDS_MAX: usize = 1000;
const POINTS_MAX: usize = 9;
const POINT_MAX: usize = 200;

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

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveForm {
    pub id: String,
    pub version: String,
    pub words: String,
    pub points: String,
    pub reason: String,
    pub unit: String,
    pub cadre: String,
    pub day: String,
    pub outcome: String,
    pub answers: Vec<String>,
    pub number: String,
    pub shown: String,
}

impl MoveForm {
    /// An empty one for an issue as it stands.
    pub fn fresh(issue: &Issue, id: MoveId) -> Self {
        Self {
            id: id.to_string(),
            version: issue.version.to_string(),
            points: issue.points.join("\n"),
            answers: vec![String::new(); issue.asked_points()],
            cadre: issue
                .handler_cadre_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            ..Self::default()
        }
    }

    pub fn read(fields: &Fields, points: usize) -> Self {
        let answer = |n: usize| fields.text(&format!("answer-{n}"));
        Self {
            id: fields.text("id"),
            version: fields.text("version"),
            words: fields.text("words"),
            points: fields.text("points"),
            reason: fields.text("reason"),
            unit: fields.text("unit"),
            cadre: fields.text("cadre"),
            day: fields.text("day"),
            outcome: fields.text("outcome"),
            answers: (1..=points).map(answer).collect(),
            number: fields.text("number"),
            shown: fields.text("shown"),
        }
    }

    /// The move. `units`: those that were offered; `into`: the issue whose number was typed, if it is in
    /// sight.
    pub fn check(
        &self,
        asked: &Asked,
        units: &[Committee],
        into: Option<IssueId>,
    ) -> Result<NewMove, Faults> {
        let mut faults = Faults::default();
        let late = "这一页开得太久了，刷新后再来";
        let first = self.first_field(asked);
        let id = faults.take(first, self.id.parse::<MoveId>().map_err(|_| late));
        let version = faults.take(first, self.version.parse::<i32>().map_err(|_| late));
        let words = self.words(asked, &mut faults);
        let act = self.act(asked, units, into, &mut faults);
        let is_shown = match asked.also {
            Also::Outcome | Also::Answers => true,
            _ => self.shown == "on",
        };
        let new = id
            .zip(version)
            .zip(act)
            .map(|((id, version), act)| NewMove {
                id,
                version: Some(version),
                act,
                words,
                is_shown,
            });
        faults.or(new)
    }

    /// Where a fault of the whole form is said.
    pub fn first_field(&self, asked: &Asked) -> &'static str {
        match asked.also {
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

    fn words(&self, asked: &Asked, faults: &mut Faults) -> Option<String> {
        match clean_lines(&self.words, WORDS_MAX) {
            Ok(words) => Some(words).filter(|_| !asked.words.is_empty()),
            Err(TextFault::Empty) if asked.missing.is_empty() => None,
            Err(TextFault::Empty) => {
                faults.add("words", asked.missing);
                None
            }
            Err(other) => {
                faults.add("words", other.to_string());
                None
            }
        }
    }

    fn act(
        &self,
        asked: &Asked,
        units: &[Committee],
        into: Option<IssueId>,
        faults: &mut Faults,
    ) -> Option<Act> {
        let act = asked.act;
        match asked.also {
            Also::Nothing | Also::Shown => Some(Act::Plain(act)),
            Also::Points => {
                let points = self.points(faults)?;
                let cadre = self.cadre(faults)?;
                Some(Act::Accept { points, cadre })
            }
            Also::Reason => {
                let reason = DeclineReason::from_code(&self.reason).ok_or("选一个原因");
                faults.take("reason", reason).map(Act::Decline)
            }
            Also::Unit => {
                let hand = self.hand(units, faults)?;
                Some(Act::Hand(act, hand))
            }
            Also::Cadre => Some(Act::Name(act, self.cadre(faults)?)),
            Also::Day(_) => {
                let day = faults.take("day", day(&self.day).ok_or("选一个日子"))?;
                Some(match act {
                    Move::Suspend => Act::Suspend(day),
                    _ => Act::AskExtension(day),
                })
            }
            Also::Outcome => {
                let outcome = Outcome::from_code(&self.outcome);
                let outcome = outcome.filter(|it| Outcome::CHOSEN.contains(it));
                let outcome = faults.take("outcome", outcome.ok_or("选一个办理结果"));
                self.closing(act, outcome, faults)
            }
            Also::Answers => self.closing(act, Some(Outcome::Explained), faults),
            Also::Number => {
                let into = into.ok_or(Bar::NoSuchIssue.label());
                faults.take("number", into).map(Act::Merge)
            }
        }
    }

    fn points(&self, faults: &mut Faults) -> Option<Vec<String>> {
        let lines = self.points.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        if lines.len() > POINTS_MAX {
            faults.add(
                "points",
                format!("写了 {} 点，最多 {POINTS_MAX} 点", lines.len()),
            );
            return None;
        }
        let checked = lines.iter().map(|line| clean_lines(line, POINT_MAX));
        let checked: Result<Vec<String>, TextFault> = checked.collect();
        faults.take("points", checked.map_err(|fault| fault.to_string()))
    }

    /// Nobody chosen is whoever acts.
    fn cadre(&self, faults: &mut Faults) -> Option<Option<CadreId>> {
        if self.cadre.is_empty() {
            return Some(None);
        }
        let cadre = self.cadre.parse::<CadreId>();
        let cadre = cadre.map_err(|_| Bar::NotInOffice.label());
        faults.take("cadre", cadre).map(Some)
    }

    fn hand(&self, units: &[Committee], faults: &mut Faults) -> Option<Hand> {
        let unit = units.iter().find(|unit| unit.id.to_string() == self.unit);
        let unit = faults.take("unit", unit.ok_or("选一个单位"));
        let due_on = match self.day.trim() {
            "" => Some(None),
            text => faults
                .take("day", day(text).ok_or("期限认不出来，再选一次"))
                .map(Some),
        };
        Some(Hand {
            to: unit?.place(),
            cadre: None,
            due_on: due_on?,
        })
    }

    fn closing(&self, act: Move, outcome: Option<Outcome>, faults: &mut Faults) -> Option<Act> {
        let mut answers = Vec::new();
        for (at, answer) in self.answers.iter().enumerate() {
            let name = format!("answer-{}", at + 1);
            let answer = clean_lines(answer, WORDS_MAX).map_err(|fault| match fault {
                TextFault::Empty => "这一点还没有答复".to_owned(),
                other => other.to_string(),
            });
            answers.extend(faults.take(&name, answer));
        }
        let is_whole = answers.len() == self.answers.len();
        let outcome = outcome.filter(|_| is_whole)?;
        Some(Act::Close(act, Closing { outcome, answers }))
    }
}

/// At which field the sentence of something in the way stands.
pub fn field_of(bar: Bar, asked: &Asked, form: &MoveForm) -> &'static str {
    match bar {
        Bar::NotInOffice if asked.also == Also::Points => "cadre",
        Bar::DueBefore if asked.also == Also::Unit => "day",
        _ => form.first_field(asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(act: Move, pairs: &[(&str, &str)]) -> Result<NewMove, Faults> {
        let id = "0199f1a0-0000-7000-8000-000000000001";
        let mut all = vec![("id", id), ("version", "3")];
        all.extend_from_slice(pairs);
        let form = MoveForm::read(&Fields::of(&all), 2);
        form.check(asked_of(act).unwrap(), &[], None)
    }

    #[test]
    fn each_form_says_what_is_missing_at_its_field() {
        for (act, field, sentence) in [
            (Move::SendBack, "words", "写下为什么退回"),
            (Move::Decline, "reason", "选一个原因"),
            (Move::Assign, "unit", "选一个单位"),
            (Move::Suspend, "day", "选一个日子"),
            (Move::Close, "outcome", "选一个办理结果"),
            (Move::Close, "answer-2", "这一点还没有答复"),
            (Move::Progress, "words", "写下做了什么"),
        ] {
            let faults = form(act, &[]).unwrap_err();
            assert_eq!(faults.of(field), Some(sentence), "{act}");
        }
        for act in [Move::Accept, Move::Sign, Move::Recall, Move::Urge] {
            assert!(form(act, &[]).is_ok(), "{act}");
        }
    }

    #[test]
    fn what_is_typed_becomes_the_move() {
        let new = form(Move::Accept, &[("points", " 岗位在哪\n\n要什么证 ")]).unwrap();
        let points = vec!["岗位在哪".to_owned(), "要什么证".to_owned()];
        assert_eq!(
            new.act,
            Act::Accept {
                points,
                cadre: None
            }
        );
        assert_eq!(new.version, Some(3));
        let closing = [
            ("outcome", "partly"),
            ("answer-1", "在开发区"),
            ("answer-2", "叉车证"),
            ("words", "推了两个岗位"),
        ];
        let new = form(Move::Close, &closing).unwrap();
        assert!(new.is_shown);
        assert!(matches!(new.act, Act::Close(Move::Close, it) if it.answers.len() == 2));
    }

    #[test]
    fn nothing_else_is_taken() {
        let declined = [
            ("outcome", "declined"),
            ("answer-1", "a"),
            ("answer-2", "b"),
        ];
        let faults = form(Move::Close, &declined).unwrap_err();
        assert_eq!(faults.of("outcome"), Some("选一个办理结果"));
        let many = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"].join("\n");
        let faults = form(Move::Accept, &[("points", &many)]).unwrap_err();
        assert_eq!(faults.of("points"), Some("写了 10 点，最多 9 点"));
        let faults = form(Move::Sign, &[("cadre", "x")]).unwrap_err();
        assert!(faults.of("cadre").is_some());
        assert!(form(Move::Urge, &[("words", &"长".repeat(1001))]).is_err());
        assert!(form(Move::Suspend, &[("day", "0001-01-01"), ("words", "等")]).is_err());
    }
}
