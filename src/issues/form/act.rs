//! The form of a move: what is read out of it.

use super::asked::{Also, Asked};
use crate::committees::Committee;
use crate::issues::model::{
    Act, Bar, Closing, DeclineReason, Hand, Issue, IssueId, Move, MoveId, NewMove, Outcome,
};
use crate::kit::clock::read_date;
use crate::kit::text::{TextFault, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;

/// In characters (domain.md §2.5: 结果说明 10–1000).
pub const WORDS_MAX: usize = 1000;
const POINTS_MAX: usize = 9;
const POINT_MAX: usize = 200;

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
        let first = asked.first_field();
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

    fn words(&self, asked: &Asked, faults: &mut Faults) -> Option<String> {
        match clean_lines(&self.words, asked.max()) {
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
                let cadre = faults.take("cadre", self.cadre())?;
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
            Also::Cadre => faults
                .take("cadre", self.cadre())
                .map(|cadre| Act::Name(act, cadre)),
            Also::Day(_) => {
                let day = faults.take("day", read_date(&self.day).ok_or("选一个日子"))?;
                Some(match act {
                    Move::Suspend => Act::Suspend(day),
                    Move::Instruct => Act::Instruct(day),
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
    fn cadre(&self) -> Result<Option<CadreId>, &'static str> {
        match self.cadre.as_str() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Bar::NotInOffice.label()),
        }
    }

    fn hand(&self, units: &[Committee], faults: &mut Faults) -> Option<Hand> {
        let unit = units.iter().find(|unit| unit.id.to_string() == self.unit);
        let unit = faults.take("unit", unit.ok_or("选一个单位"));
        let due_on = match self.day.trim() {
            "" => Some(None),
            text => faults
                .take("day", read_date(text).ok_or("期限认不出来，再选一次"))
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
pub fn field_of(bar: Bar, asked: &Asked) -> &'static str {
    match bar {
        Bar::NotInOffice if asked.also == Also::Points => "cadre",
        Bar::DueBefore if asked.also == Also::Unit => "day",
        _ => asked.first_field(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::asked::asked_of;
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
