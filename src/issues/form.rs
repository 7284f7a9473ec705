//! What may be written into an issue, why it is opened or voided, and what its list is asked for.

mod act;
mod asked;
mod deputy;
mod follow;
mod rules;
mod share;
mod verdict;

pub use act::{MoveForm, field_of};
pub use asked::{ASKED, Also, Asked, asked_of};
pub use deputy::DeputyForm;
pub use follow::FollowForm;
pub use rules::{LIMITS, Limit, RulesForm, field as rule_field};
pub use share::{AnswerForm, Person, ShareForm};
pub use verdict::VerdictForm;

use super::model::{Category, Change, Filter, Purpose, Queue, State, Urgency};
use crate::kit::clock::read_date;
use crate::kit::text::{TextFault, clean, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::{Error, Result};

/// In characters (domain.md §2.5); four are the shortest sentence that says something.
pub const DETAIL_MIN: usize = 2;
pub const DETAIL_MAX: usize = 2000;
const REASON_MAX: usize = 200;

/// The text of a 诉求, for this form and the one of a visit.
pub fn check_detail(raw: &str) -> Result<String, String> {
    let text = clean_lines(raw, DETAIL_MAX).map_err(|fault| match fault {
        TextFault::Empty => "写下青年说的事".to_owned(),
        other => other.to_string(),
    })?;
    match text.chars().count() {
        short if short < DETAIL_MIN => Err(format!("写了 {short} 个字，至少 {DETAIL_MIN} 个")),
        _ => Ok(text),
    }
}

/// A correction, as typed.
#[derive(Clone, Debug, Default)]
pub struct EditForm {
    /// Of the draft in the phone.
    pub id: String,
    pub detail: String,
    pub category: String,
    pub urgency: String,
    pub version: String,
}

impl EditForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            detail: fields.text("detail"),
            category: fields.text("category"),
            urgency: fields.text("urgency"),
            version: fields.text("version"),
        }
    }

    /// The change, and the version that its writer had before him.
    pub fn check(&self) -> Result<(Change, i32), Faults> {
        let mut faults = Faults::default();
        let detail = faults.take("detail", check_detail(&self.detail));
        let category = Category::from_code(&self.category).ok_or("选一个类别");
        let category = faults.take("category", category);
        let urgency = Urgency::from_code(&self.urgency).ok_or("选一个紧急程度");
        let urgency = faults.take("urgency", urgency);
        let version = self.version.parse::<i32>();
        let version = version.map_err(|_| "这一页开得太久了，再点一次保存");
        let version = faults.take("detail", version);
        let change = detail.zip(category).zip(urgency);
        let change = change.map(|((detail, category), urgency)| Change {
            detail,
            category,
            urgency,
        });
        faults.or(change.zip(version))
    }
}

/// Why a text is opened, as the day book will tell it.
#[derive(Clone, Debug, Default)]
pub struct PurposeForm {
    pub purpose: String,
    pub words: String,
}

impl PurposeForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            purpose: fields.text("purpose"),
            words: fields.text("words"),
        }
    }

    pub fn check(&self) -> Result<String, Faults> {
        let mut faults = Faults::default();
        let purpose = Purpose::from_code(&self.purpose).ok_or("选一个事由");
        let purpose = faults.take("purpose", purpose);
        let words = match clean(&self.words, REASON_MAX) {
            Ok(words) => Some(words),
            Err(TextFault::Empty) if purpose == Some(Purpose::Other) => {
                faults.add("words", "写下是什么事");
                None
            }
            Err(TextFault::Empty) => None,
            Err(other) => {
                faults.add("words", other.to_string());
                None
            }
        };
        faults.or(purpose.map(|purpose| match words {
            Some(words) => format!("{purpose}：{words}"),
            None => purpose.to_string(),
        }))
    }
}

/// From the address of the list. A value that no page of ours offers is a bad address.
pub fn read_filter(query: &Fields) -> Result<Filter> {
    let filter = Filter {
        within: None,
        category: one_of(query, "category", Category::from_code)?,
        urgency: one_of(query, "urgency", Urgency::from_code)?,
        state: one_of(query, "state", State::from_code)?,
        handler: one_of(query, "handler", |text| text.parse().ok())?,
        from: one_of(query, "from", read_date)?,
        to: one_of(query, "to", read_date)?,
        mine: one_of(query, "mine", |text| (text == "on").then_some(true))?.unwrap_or(false),
        queue: one_of(query, "queue", Queue::from_code)?,
    };
    match (filter.from, filter.to) {
        (Some(from), Some(to)) if from > to => {
            Err(Error::BadAddress("开始日期晚于结束日期，换一下再看。"))
        }
        _ => Ok(filter),
    }
}

fn one_of<T>(query: &Fields, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    let unknown = Error::BadAddress("筛选条件里有一项认不出来，清空后再选。");
    match query.get(name) {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(pairs: &[(&str, &str)]) -> Result<Filter> {
        read_filter(&Fields::of(pairs))
    }

    #[test]
    fn a_text_says_something_and_not_too_much() {
        assert_eq!(check_detail("").unwrap_err(), "写下青年说的事");
        assert_eq!(check_detail("活").unwrap_err(), "写了 1 个字，至少 2 个");
        assert_eq!(
            check_detail(&"字".repeat(2001)).unwrap_err(),
            "写了 2001 个字，最多 2000 个"
        );
        assert!(check_detail("想找\0工作").is_err());
        assert_eq!(check_detail(" 想找工作😀 ").unwrap(), "想找工作😀");
    }

    #[test]
    fn a_correction_names_each_fault_at_its_field() {
        let faults = EditForm::default().check().unwrap_err();
        assert_eq!(faults.of("category"), Some("选一个类别"));
        assert_eq!(faults.of("urgency"), Some("选一个紧急程度"));
        assert_eq!(faults.of("detail"), Some("写下青年说的事"));
        let form = EditForm {
            id: String::new(),
            detail: "想找离家近的活".into(),
            category: "01".into(),
            urgency: "3".into(),
            version: "2".into(),
        };
        let (change, version) = form.check().unwrap();
        assert_eq!((change.category, version), (Category::Work, 2));
    }

    #[test]
    fn another_purpose_has_to_be_said() {
        let form = |purpose: &str, words: &str| PurposeForm {
            purpose: purpose.into(),
            words: words.into(),
        };
        assert_eq!(form("handle", "").check().unwrap(), "跟进办理");
        assert_eq!(
            form("other", "信访转来").check().unwrap(),
            "别的事：信访转来"
        );
        assert_eq!(
            form("other", " ").check().unwrap_err().of("words"),
            Some("写下是什么事")
        );
        assert_eq!(
            form("x", "").check().unwrap_err().of("purpose"),
            Some("选一个事由")
        );
    }

    #[test]
    fn a_filter_takes_what_the_page_offers_and_nothing_else() {
        assert_eq!(filter(&[]).unwrap(), Filter::default());
        assert_eq!(filter(&[("mine", "on")]).unwrap(), Filter::MINE);
        let whole = filter(&[
            ("category", "99"),
            ("urgency", "1"),
            ("state", "void"),
            ("handler", "7"),
            ("from", "2026-01-01"),
            ("to", "2026-01-01"),
        ]);
        assert_eq!(whole.unwrap().category, Some(Category::Other));
        for (name, value) in [
            ("category", "16"),
            ("urgency", "5"),
            ("state", "open"),
            ("handler", "x"),
            ("from", "昨天"),
            ("to", "0001-01-01"),
            ("mine", "1"),
        ] {
            let outcome = filter(&[(name, value)]);
            assert!(matches!(outcome, Err(Error::BadAddress(_))), "{name}");
        }
        let reversed = filter(&[("from", "2026-02-01"), ("to", "2026-01-01")]);
        assert!(matches!(reversed, Err(Error::BadAddress(_))));
    }
}
