//! What may be written into a complaint and its answer.

use chrono::{DateTime, Utc};

use super::model::{FeedbackId, NewFeedback};
use crate::kit::text::{TextFault, clean_lines};
use crate::platform::fields::Fields;
use crate::platform::form::{FORM, Faults};

/// Its id is the one of an entry that stands, and says something else.
pub const TAKEN: &str = "这一页已经提过一条，和这一份不同，没有覆盖。这是另一条，再点一次提交";

const TEXT_MAX: usize = 1000;

#[derive(Clone, Debug, Default)]
pub struct FeedbackForm {
    pub id: String,
    pub text: String,
    pub page: String,
}

impl FeedbackForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            text: fields.text("text"),
            page: fields.text("page"),
        }
    }

    /// Gives it an id, unless it has one that can be sent.
    pub fn renew(&mut self, now: DateTime<Utc>) {
        if self.id.parse::<FeedbackId>().is_err() {
            self.id = FeedbackId::new_v7(now).to_string();
        }
    }

    pub fn check(&self) -> Result<NewFeedback, Faults> {
        let mut faults = Faults::default();
        let text = faults.take("text", words(&self.text, "投诉建议"));
        let id = self.id.parse::<FeedbackId>();
        let id = faults.take(FORM, id.map_err(|_| "这一页开得太久了，再点一次提交"));
        let page = Some(self.page.clone()).filter(|page| page.starts_with('/') && page.len() < 200);
        faults.or(id
            .zip(text)
            .map(|(id, text)| NewFeedback { id, text, page }))
    }
}

/// An answer, in words that the author can do something with.
pub fn check_answer(raw: &str) -> Result<String, Faults> {
    words(raw, "答复").map_err(|text| Faults::one("answer", text))
}

fn words(raw: &str, label: &str) -> Result<String, String> {
    clean_lines(raw, TEXT_MAX).map_err(|fault| match fault {
        TextFault::Empty => "写下要说的事".into(),
        other => format!("{label}：{other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> FeedbackForm {
        FeedbackForm {
            id: "0199f1a0-0000-7000-8000-000000000001".into(),
            text: text.into(),
            page: "/visits/new".into(),
        }
    }

    #[test]
    fn asks_for_words() {
        let faults = form("  ").check().unwrap_err();
        assert_eq!(faults.of("text"), Some("写下要说的事"));
        assert!(form(&"字".repeat(1001)).check().is_err());
        assert!(form("a\0b").check().is_err());
        assert_eq!(form(" 字太小 ").check().unwrap().text, "字太小");
    }

    #[test]
    fn keeps_only_a_page_of_ours() {
        let mut form = form("字太小");
        form.page = "https://elsewhere".into();
        assert_eq!(form.check().unwrap().page, None);
    }
}
