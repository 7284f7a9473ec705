//! A young person, the words that describe them, and what may be seen.

use chrono::{Datelike, NaiveDate};

use crate::cadres::{Education, Politics, Sex};
use crate::kit::ids::id;
use crate::kit::mask::{self, Veil};
use crate::kit::words::words;
use crate::organisations::OrganisationId;
use crate::platform::daybook::Verb;
use crate::platform::ids::CadreId;
use crate::platform::scope::Place;

pub const ADDED: Verb = Verb::new("youth_added", "youth", "登记青年");
pub const EDITED: Verb = Verb::new("youth_edited", "youth", "改了档案");
pub const MET: Verb = Verb::new("youth_met", "youth", "走访");
pub const UNMET: Verb = Verb::new("youth_unmet", "youth", "走访作废");
pub const REVEALED: Verb = Verb::new("youth_revealed", "youth", "查看档案");
pub const CALLED: Verb = Verb::new("youth_called", "youth", "拨打电话");

pub const SOUGHT: Verb = Verb::new("youth_sought", "youth", "查找青年");
pub const PASTED: Verb = Verb::new("youth_pasted", "youth", "粘贴名单");

id! {
    /// 青年
    pub YouthId
}

words! {
    /// 青年群体 (L_youth_group). 困境 and 重点 stand in `Care`.
    pub enum Group {
        MiddleSchool "XS1" "中学（中职）生",
        Student "XS2" "大专院校学生",
        Rural "NC" "农村青年",
        Employee "QY" "企业职工",
        Office "JG" "机关事业单位青年",
        Founder "CY" "创业青年",
        OnlineShop "DS" "电商青年",
        Rider "XJY" "新就业群体",
        NewMedia "XML" "新媒体从业青年",
        SocialWork "SZ" "社会组织从业青年",
        Freelance "ZY" "自由职业青年",
        Seeking "DY" "待业青年",
        Returned "FX" "返乡青年",
        West "XBJH" "西部计划志愿者",
        Veteran "TY" "退役军人青年",
        Minority "SM" "少数民族青年",
        Other "QT" "其他",
    }
}

words! {
    /// 困境、重点青少年 (domain.md §2.27): read only by who met them and the committee's 书记.
    pub enum Care {
        Usual "none" "一般联系",
        Difficult "difficult" "困境青少年",
        Key "key" "重点青少年",
    }
}

words! {
    /// What was agreed to, face to face (domain.md §4.1).
    pub enum Consent {
        Missing "none" "还没有告知",
        Told "told" "已当面告知用途，本人同意",
        Guardian "guardian" "监护人同意",
    }
}

words! {
    /// Where the record comes from.
    pub enum Source {
        Visit "visit" "走访",
        Paste "paste" "粘贴名单",
        Form "form" "登记",
        Import "import" "导入",
    }
}

/// Full years at a date.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> i32 {
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i32::from(before_birthday)
}

/// What decides who may read about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub care: Care,
    pub birth_on: Option<NaiveDate>,
    pub consent: Consent,
}

impl Marks {
    /// Under 18 at a date (未成年人保护法). Where no birth is written down, whoever has a guardian to
    /// consent for them is a minor, and anybody else counts as grown up.
    pub fn is_minor(self, day: NaiveDate) -> bool {
        match self.birth_on {
            Some(birth) => age_on(birth, day) < 18,
            None => self.consent == Consent::Guardian,
        }
    }

    /// 困境、重点 or a minor: who met them and the own 书记 read their notes.
    pub fn is_guarded(self, day: NaiveDate) -> bool {
        self.care != Care::Usual || self.is_minor(day)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewYouth {
    pub id: YouthId,
    pub name: String,
    pub sex: Option<Sex>,
    pub birth_on: Option<NaiveDate>,
    pub phone: Option<String>,
    pub wechat: Option<String>,
    pub groups: Vec<Group>,
    pub politics: Option<Politics>,
    pub education: Option<Education>,
    pub village: Option<OrganisationId>,
    pub work_unit: Option<String>,
    pub occupation: Option<String>,
    pub skill: Option<String>,
    pub is_local_talent: bool,
    pub care: Care,
    pub consent: Consent,
    pub guardian_name: Option<String>,
    pub guardian_phone: Option<String>,
    pub note: Option<String>,
    pub source: Source,
}

impl NewYouth {
    /// A name and nothing else, as it is heard at a door.
    pub fn named(id: YouthId, name: String, source: Source) -> Self {
        Self {
            id,
            name,
            sex: None,
            birth_on: None,
            phone: None,
            wechat: None,
            groups: Vec::new(),
            politics: None,
            education: None,
            village: None,
            work_unit: None,
            occupation: None,
            skill: None,
            is_local_talent: false,
            care: Care::Usual,
            consent: Consent::Missing,
            guardian_name: None,
            guardian_phone: None,
            note: None,
            source,
        }
    }

    /// What makes a repeated post the same one.
    pub fn fingerprint(&self) -> String {
        crate::platform::session::hash(&format!("{self:?}"))
    }
}

/// A name as this reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    /// Masked, because the reader has not met them.
    pub veiled: bool,
    pub veil: Veil,
    /// 困境、重点 or under 18: notes are for who met them and the committee's 书记.
    pub is_guarded: bool,
}

impl Shown {
    pub fn of(full: &str, marks: Marks, today: NaiveDate, met: bool) -> Self {
        let is_guarded = marks.is_guarded(today);
        let veil = if is_guarded {
            Veil::Strict
        } else {
            Veil::Usual
        };
        Self {
            name: if met {
                full.to_owned()
            } else {
                mask::name(full, veil)
            },
            veiled: !met,
            veil,
            is_guarded,
        }
    }

    /// As another committee sees it: masked as everybody is.
    #[must_use]
    pub fn from_outside(self, full: &str) -> Self {
        Self {
            name: mask::name(full, Veil::Usual),
            veiled: true,
            veil: Veil::Usual,
            ..self
        }
    }
}

/// Somebody found by name, pinyin or the end of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: YouthId,
    pub shown: Shown,
    /// Last four digits, or empty.
    pub tail: String,
    /// Village, or the committee where there is none.
    pub whereabouts: String,
    pub last_met_on: Option<NaiveDate>,
    /// Of a committee below, and not met by the reader: the search told whose name it is.
    pub is_below: bool,
}

/// Somebody whose visit was voided: the evening on which they were met last all the same.
#[derive(Clone, Copy, Debug)]
pub struct Unmet {
    pub youth: YouthId,
    pub last_met_on: Option<NaiveDate>,
}

/// When a cadre met somebody last, by what is left of the visits.
#[derive(Clone, Copy, Debug)]
pub struct Acquaintance {
    pub youth: YouthId,
    pub cadre: CadreId,
    pub last_met_on: Option<NaiveDate>,
    /// Another committee met them, and who went along there is not to be seen from here.
    pub is_partly_hidden: bool,
}

/// Where a young person's record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lies {
    pub youth: YouthId,
    pub place: Place,
    /// As in `Shown`.
    pub is_guarded: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let birth = date("2008-11-24");
        assert_eq!(age_on(birth, date("2026-11-23")), 17);
        assert_eq!(age_on(birth, date("2026-11-24")), 18);
        assert_eq!(age_on(date("2008-02-29"), date("2026-02-28")), 17);
    }

    fn marks(care: Care, birth: Option<&str>, consent: Consent) -> Marks {
        Marks {
            care,
            birth_on: birth.map(date),
            consent,
        }
    }

    #[test]
    fn without_a_birth_a_guardian_makes_a_minor() {
        let today = date("2026-11-24");
        let is_minor = |birth, consent| marks(Care::Usual, birth, consent).is_minor(today);
        assert!(is_minor(Some("2008-11-25"), Consent::Told));
        assert!(!is_minor(Some("2008-11-24"), Consent::Told));
        assert!(!is_minor(None, Consent::Told));
        assert!(!is_minor(None, Consent::Missing));
        assert!(is_minor(None, Consent::Guardian));
        assert!(!is_minor(Some("2008-11-24"), Consent::Guardian));
    }

    #[test]
    fn only_who_met_them_sees_the_name() {
        let today = date("2026-11-24");
        let shown = |care, birth, met| {
            Shown::of("宋知夏", marks(care, birth, Consent::Told), today, met).name
        };
        assert_eq!(shown(Care::Usual, None, true), "宋知夏");
        assert_eq!(shown(Care::Usual, None, false), "宋**");
        assert_eq!(shown(Care::Key, None, false), "宋某某");
        assert_eq!(shown(Care::Usual, Some("2012-01-01"), false), "宋某某");
    }
}
