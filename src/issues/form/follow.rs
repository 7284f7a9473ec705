//! The form of a 回访: how it was done, whether the closing is true, how content, words.

use crate::issues::model::{Issue, Means, MoveId, NewFollowUp, Satisfaction, Truth};
use crate::kit::text::{TextFault, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

/// In characters.
const WORDS_MAX: usize = 500;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowForm {
    pub id: String,
    pub version: String,
    pub means: String,
    pub truth: String,
    pub satisfaction: String,
    pub words: String,
}

impl FollowForm {
    /// An empty one for an issue as it stands.
    pub fn fresh(issue: &Issue, id: MoveId) -> Self {
        Self {
            id: id.to_string(),
            version: issue.version.to_string(),
            ..Self::default()
        }
    }

    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            version: fields.text("version"),
            means: fields.text("means"),
            truth: fields.text("truth"),
            satisfaction: fields.text("satisfaction"),
            words: fields.text("words"),
        }
    }

    pub fn check(&self) -> Result<NewFollowUp, Faults> {
        let mut faults = Faults::default();
        let late = "这一页开得太久了，刷新后再来";
        let id = faults.take("means", self.id.parse::<MoveId>().map_err(|_| late));
        let version = faults.take("means", self.version.parse::<i32>().map_err(|_| late));
        let means = Means::from_code(&self.means).ok_or("选怎样回访的");
        let means = faults.take("means", means);
        let truth = Truth::from_code(&self.truth).ok_or("选办结说的属实不属实");
        let truth = faults.take("truth", truth);
        let satisfaction = Satisfaction::from_code(&self.satisfaction).ok_or("选青年满意不满意");
        let satisfaction = faults.take("satisfaction", satisfaction);
        let is_bad = truth == Some(Truth::NotSo) || satisfaction.is_some_and(|it| !it.is_content());
        let words = match clean_lines(&self.words, WORDS_MAX) {
            Ok(words) => Some(words),
            Err(TextFault::Empty) if is_bad => {
                faults.add("words", "写下青年怎么说、哪里不属实");
                None
            }
            Err(TextFault::Empty) => None,
            Err(other) => {
                faults.add("words", other.to_string());
                None
            }
        };
        let said = means.zip(truth).zip(satisfaction);
        let new =
            id.zip(version)
                .zip(said)
                .map(
                    |((id, version), ((means, truth), satisfaction))| NewFollowUp {
                        id,
                        version,
                        means,
                        truth,
                        satisfaction,
                        words,
                    },
                );
        faults.or(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)]) -> Result<NewFollowUp, Faults> {
        let mut all = vec![
            ("id", "0199f1a0-0000-7000-8000-000000000001"),
            ("version", "3"),
        ];
        all.extend_from_slice(pairs);
        FollowForm::read(&Fields::of(&all)).check()
    }

    #[test]
    fn each_fault_stands_at_its_field_and_what_is_bad_is_explained() {
        let faults = check(&[]).unwrap_err();
        for (field, sentence) in [
            ("means", "选怎样回访的"),
            ("truth", "选办结说的属实不属实"),
            ("satisfaction", "选青年满意不满意"),
        ] {
            assert_eq!(faults.of(field), Some(sentence));
        }
        let good = [("means", "phone"), ("truth", "yes"), ("satisfaction", "3")];
        assert_eq!(check(&good).unwrap().words, None);
        for bad in [
            [("means", "phone"), ("truth", "yes"), ("satisfaction", "2")],
            [("means", "visit"), ("truth", "no"), ("satisfaction", "5")],
        ] {
            assert!(check(&bad).unwrap_err().of("words").is_some());
        }
        let long = "长".repeat(501);
        let mut said = good.to_vec();
        said.push(("words", &long));
        assert!(check(&said).is_err());
    }
}
