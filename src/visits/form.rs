//! What is typed into the visit form: raw strings in the order of the page. The rules stand in
//! `form/check.rs`; nothing typed is lost on the way back to the page.

mod check;
mod filter;
mod people;
mod purpose;

pub use check::{Checked, check_reason, parse_time};
pub use filter::{Asked, FilterForm, read_filter};
pub use people::{CONDITIONS, Newcomer, People};
pub use purpose::{PURPOSES, PurposeForm};

use sha2::{Digest, Sha256};

use crate::platform::fields::Fields;
use crate::youth::YouthId;

/// Blocks and ticks beyond this are no evening's visit; the rest is not read.
pub const BLOCKS_MAX: usize = 20;
pub const PEOPLE_MAX: usize = 60;
/// Said of a newly met person who looks like somebody registered: not the same.
pub const ANOTHER: &str = "new";

/// A form as typed. `Default` is an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitForm {
    pub id: String,
    /// Of a correction: the version that was read.
    pub version: String,
    /// What is typed into the search for young people.
    pub q: String,
    pub youths: Vec<String>,
    pub newcomers: Vec<NewcomerForm>,
    pub walkins: String,
    pub unmet: String,
    /// A date (今晚, 昨晚) or `other`.
    pub day: String,
    pub date: String,
    pub at: String,
    pub late: String,
    pub minutes: String,
    /// Of a county: the town whose villages are offered.
    pub town: String,
    pub village: String,
    pub kind: String,
    pub organisation: String,
    pub place_text: String,
    pub mode: String,
    /// Of a correction: `yes` or `no` against the hour.
    pub night: String,
    /// What is typed into the search for colleagues.
    pub cq: String,
    pub cadres: Vec<String>,
    pub companions: String,
    pub mood: String,
    pub content: String,
    pub problems: Vec<ProblemForm>,
    /// Why it is corrected after a day.
    pub reason: String,
    /// `other`: not the same visit as the one that was shown.
    pub confirm: String,
}

/// Its id is the one of a visit that stands, and says something else.
pub const TAKEN: &str = "这次走访已经存好，和这一份不同，没有覆盖。要改那次，到走访里打开它更正；这是另一次，再点一次提交，另记一条";

/// 新认识的青年, `n1-…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewcomerForm {
    pub name: String,
    pub phone: String,
    pub groups: Vec<String>,
    pub told: bool,
    pub guardian: bool,
    /// Of one who may be registered already: the id of that one, or `ANOTHER`.
    pub twin: String,
}

/// 一件诉求, `p1-…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemForm {
    pub text: String,
    pub category: String,
    pub by: String,
    pub urgency: String,
    /// The id of a young person chosen, or the name of one newly met.
    pub who: String,
}

impl VisitForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            version: fields.text("version"),
            q: fields.text("q"),
            youths: people(fields, "youth"),
            newcomers: blocks(fields, "n", NewcomerForm::read),
            walkins: fields.text("walkins"),
            unmet: fields.text("unmet"),
            day: fields.text("day"),
            date: fields.text("date"),
            at: fields.text("at"),
            late: fields.text("late"),
            minutes: fields.text("minutes"),
            town: fields.text("town"),
            village: fields.text("village"),
            kind: fields.text("kind"),
            organisation: fields.text("organisation"),
            place_text: fields.text("place_text"),
            mode: fields.text("mode"),
            night: fields.text("night"),
            cq: fields.text("cq"),
            cadres: people(fields, "cadre"),
            companions: fields.text("companions"),
            mood: fields.text("mood"),
            content: fields.text("content"),
            problems: blocks(fields, "p", ProblemForm::read),
            reason: fields.text("reason"),
            confirm: fields.text("confirm"),
        }
    }

    /// What tells a repeated post from another one under the same id: everything but what was typed
    /// into the searches and the answer to a question of ours.
    pub fn fingerprint(&self) -> String {
        let content = Self {
            q: String::new(),
            cq: String::new(),
            confirm: String::new(),
            town: String::new(),
            ..self.clone()
        };
        Sha256::digest(format!("{content:?}").as_bytes())
            .iter()
            .take(16)
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    /// Whoever was found to be registered already is a known young person, and no newcomer.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let is_known = |block: &NewcomerForm| block.twin.parse::<YouthId>().is_ok();
        let (known, new) = self.newcomers.into_iter().partition::<Vec<_>, _>(is_known);
        self.newcomers = new;
        for block in known {
            let said = self.problems.iter_mut();
            said.filter(|one| one.who.trim() == block.name.trim())
                .for_each(|one| one.who.clone_from(&block.twin));
            if !self.youths.contains(&block.twin) {
                self.youths.push(block.twin);
            }
        }
        self
    }

    /// For the hidden fields of a page that asks back.
    pub fn pairs(fields: &Fields) -> Vec<(String, String)> {
        let kept = fields.pairs().filter(|(name, _)| *name != "confirm");
        kept.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

impl NewcomerForm {
    fn read(fields: &Fields, at: &str) -> Self {
        Self {
            name: fields.text(&format!("{at}name")),
            phone: fields.text(&format!("{at}phone")),
            groups: fields.all(&format!("{at}group")),
            told: fields.has(&format!("{at}told")),
            guardian: fields.has(&format!("{at}guardian")),
            twin: fields.text(&format!("{at}twin")),
        }
    }
}

impl ProblemForm {
    fn read(fields: &Fields, at: &str) -> Self {
        Self {
            text: fields.text(&format!("{at}text")),
            category: fields.text(&format!("{at}cat")),
            by: fields.text(&format!("{at}by")),
            urgency: fields.text(&format!("{at}urgency")),
            who: fields.text(&format!("{at}who")),
        }
    }

    /// Nothing was said in it: the block is only there.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.category.is_empty()
    }
}

impl NewcomerForm {
    pub fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.phone.trim().is_empty() && self.groups.is_empty()
    }
}

/// Blocks in the order in which they stand; on the page they are numbered from 1 again.
fn blocks<T>(fields: &Fields, prefix: &str, read: fn(&Fields, &str) -> T) -> Vec<T> {
    let numbers = fields.blocks(prefix).into_iter().take(BLOCKS_MAX + 1);
    numbers
        .map(|number| read(fields, &format!("{prefix}{number}-")))
        .collect()
}

/// Each once, as ticked.
fn people(fields: &Fields, name: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for id in fields.all(name) {
        if !seen.contains(&id) && seen.len() <= PEOPLE_MAX {
            seen.push(id);
        }
    }
    seen
}
