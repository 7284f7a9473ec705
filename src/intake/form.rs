//! What a young person writes, as typed, and what is taken of it.

use chrono::{DateTime, Utc};

use crate::issues::{Category, FileId, IssueId, Kind, MoveId, NewPublic, Verdict, check_detail};
use crate::kit::phone::{self, PhoneFault};
use crate::kit::text::{TextFault, clean, clean_lines};
use crate::platform::Result;
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::session;

/// In characters.
const NAME_MAX: usize = 20;
const WORDS_MAX: usize = 1000;
const VERDICT_MAX: usize = 500;
/// Seconds within which nobody reads and fills in the form.
const AT_LEAST: i64 = 3;

/// A matter. `homepage` is a field that only a machine sees; `opened` is when the form was shown.
#[derive(Clone, Debug, Default)]
pub struct AskForm {
    pub id: String,
    pub key: String,
    pub opened: String,
    pub kind: String,
    pub detail: String,
    pub category: String,
    pub place: String,
    pub name: String,
    pub phone: String,
    pub agreed: String,
    pub homepage: String,
}

impl AskForm {
    /// Empty, with an id and the key of its query code.
    pub fn fresh(now: DateTime<Utc>) -> Result<Self> {
        Ok(Self {
            id: IssueId::new_v7(now).to_string(),
            key: session::token()?,
            opened: now.timestamp().to_string(),
            kind: Kind::Problem.code().to_owned(),
            ..Self::default()
        })
    }

    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            key: fields.text("key"),
            opened: fields.text("opened"),
            kind: fields.text("kind"),
            detail: fields.text("detail"),
            category: fields.text("category"),
            place: fields.text("place"),
            name: fields.text("name"),
            phone: fields.text("phone"),
            agreed: fields.text("agreed"),
            homepage: fields.text("homepage"),
        }
    }

    /// The matter; `now` to see a machine that fills forms faster than anybody reads.
    pub fn check(&self, now: DateTime<Utc>) -> Result<NewPublic, Faults> {
        let mut faults = Faults::default();
        let detail = faults.take("detail", check_detail(&self.detail));
        let kind = Kind::from_code(&self.kind).ok_or("选一个：遇到难处，还是有个想法");
        let kind = faults.take("kind", kind);
        let category = match self.category.as_str() {
            "" => Ok(Category::Other),
            code => Category::from_code(code).ok_or("选一个方面，或者不选"),
        };
        let category = faults.take("category", category);
        let name = optional(clean(&self.name, NAME_MAX));
        let name = faults.take("name", name);
        let phone = match phone::check(&self.phone) {
            Ok(phone) => Ok(Some(phone)),
            Err(PhoneFault::Empty) => Ok(None),
            Err(PhoneFault::Shape) => Err("写 11 位手机号，或者带区号的电话；不想留就空着"),
        };
        let phone = faults.take("phone", phone);
        if self.agreed != "on" {
            faults.add("agreed", "同意以后才能提交");
        }
        if !self.homepage.is_empty() {
            faults.add("homepage", "这一格不用填，空着就好");
        }
        let id = self.id.parse::<IssueId>();
        let id = id.map_err(|_| "这一页出了点问题，再点一次提交");
        let id = faults.take("detail", id);
        if self.is_hasty(now) {
            faults.add("detail", "刚打开就提交了。看一遍写的，再点一次提交");
        }
        let said = detail.zip(kind).zip(category).zip(id);
        let told = name.zip(phone);
        faults.or(said
            .zip(told)
            .map(
                |((((detail, kind), category), id), (name, phone))| NewPublic {
                    id,
                    kind,
                    detail,
                    category,
                    name,
                    phone,
                },
            ))
    }

    fn is_hasty(&self, now: DateTime<Utc>) -> bool {
        let opened = self.opened.parse::<i64>().ok();
        opened.is_none_or(|opened| now.timestamp().saturating_sub(opened) < AT_LEAST)
    }

    /// Hidden fields that are no longer what the page gave out are given out anew.
    pub fn mended(self, now: DateTime<Utc>) -> Result<Self> {
        let fresh = Self::fresh(now)?;
        let keeps_id = self.id.parse::<IssueId>().is_ok();
        let keeps_key = is_key(&self.key);
        let keeps_time = self.opened.parse::<i64>().is_ok();
        Ok(Self {
            id: if keeps_id { self.id } else { fresh.id },
            key: if keeps_key { self.key } else { fresh.key },
            opened: if keeps_time {
                self.opened
            } else {
                fresh.opened
            },
            ..self
        })
    }

    /// A key that we have made.
    pub fn has_key(&self) -> bool {
        is_key(&self.key)
    }
}

fn is_key(key: &str) -> bool {
    key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn optional(text: Result<String, TextFault>) -> Result<Option<String>, String> {
    match text {
        Ok(text) => Ok(Some(text)),
        Err(TextFault::Empty) => Ok(None),
        Err(other) => Err(other.to_string()),
    }
}

/// What is done with a query code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    Look,
    Supplement(String),
    Judge(Verdict, Option<String>),
    /// Get a file that was shown.
    File(FileId),
    /// Take the name away.
    Forget,
    /// And the matter, with the words that stand for it in the record.
    TakeBack(&'static str),
}

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct TrackForm {
    pub code: String,
    pub doing: String,
    pub id: String,
    pub words: String,
    pub verdict: String,
    pub sure: String,
}

impl TrackForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            code: fields.text("code"),
            doing: fields.text("doing"),
            id: fields.text("id"),
            words: fields.text("words"),
            verdict: fields.text("verdict"),
            sure: fields.text("sure"),
        }
    }

    /// What is asked for, and the id of the step it may be.
    pub fn check(&self) -> Result<(Doing, Option<MoveId>), Faults> {
        let mut faults = Faults::default();
        let doing = match self.doing.as_str() {
            "supplement" => {
                let words = clean_lines(&self.words, WORDS_MAX);
                let words = words.map_err(|fault| match fault {
                    TextFault::Empty => "写下要补充的".to_owned(),
                    other => other.to_string(),
                });
                faults.take("words", words).map(Doing::Supplement)
            }
            "judge" => {
                let verdict = Verdict::from_code(&self.verdict);
                let verdict = verdict.ok_or("选一个：办成了、办了一半、没办成");
                let verdict = faults.take("verdict", verdict);
                let words = optional(clean_lines(&self.words, VERDICT_MAX));
                let words = faults.take("words", words);
                verdict
                    .zip(words)
                    .map(|(verdict, words)| Doing::Judge(verdict, words))
            }
            "file" => self
                .id
                .parse::<FileId>()
                .ok()
                .map(Doing::File)
                .or(Some(Doing::Look)),
            "forget" | "take_back" if self.sure != "on" => {
                faults.add("sure", "删了就找不回来，先打钩");
                None
            }
            "forget" => Some(Doing::Forget),
            "take_back" => Some(Doing::TakeBack("本人撤回")),
            _ => Some(Doing::Look),
        };
        let id = self.id.parse::<MoveId>().ok();
        faults.or(doing.map(|doing| (doing, id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
    }

    fn filled() -> AskForm {
        AskForm {
            detail: "夜班车太早收班".into(),
            agreed: "on".into(),
            ..AskForm::fresh(at(0)).unwrap()
        }
    }

    #[test]
    fn text_and_consent_are_enough_and_nobody_need_say_who_he_is() {
        let new = filled().check(at(3)).unwrap();
        assert_eq!((new.kind, new.category), (Kind::Problem, Category::Other));
        assert_eq!((new.name, new.phone), (None, None));
        let form = AskForm {
            name: " 小陈 ".into(),
            phone: "199-0000-1234".into(),
            ..filled()
        };
        let new = form.check(at(60)).unwrap();
        assert_eq!(new.name.as_deref(), Some("小陈"));
        assert_eq!(new.phone.as_deref(), Some("19900001234"));
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let form = AskForm {
            phone: "123".into(),
            category: "16".into(),
            homepage: "http://spam.example".into(),
            ..AskForm::default()
        };
        let faults = form.check(at(0)).unwrap_err();
        for field in ["detail", "kind", "category", "phone", "agreed", "homepage"] {
            assert!(faults.of(field).is_some(), "{field}");
        }
        let faults = filled().check(at(2)).unwrap_err();
        assert!(faults.of("detail").unwrap().starts_with("刚打开"));
        assert!(form.mended(at(0)).unwrap().has_key());
    }

    #[test]
    fn with_a_code_nothing_is_done_by_mistake() {
        let form = |doing: &str| TrackForm {
            doing: doing.into(),
            ..TrackForm::default()
        };
        assert_eq!(form("").check().unwrap().0, Doing::Look);
        assert_eq!(form("no such").check().unwrap().0, Doing::Look);
        assert!(form("forget").check().unwrap_err().of("sure").is_some());
        assert!(
            form("supplement")
                .check()
                .unwrap_err()
                .of("words")
                .is_some()
        );
        assert!(form("judge").check().unwrap_err().of("verdict").is_some());
    }
}
