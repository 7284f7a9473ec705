//! A visit: its vocabularies, and the rules that need no database. Fields: domain.md §2.2.

mod visit;

pub use visit::{Correction, Sight, Snapshot, Visit};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kit::clock;
use crate::kit::ids::id;
use crate::kit::words::words;
use crate::organisations::Kind;
use crate::platform::daybook::Verb;
use crate::platform::ids::CommitteeId;

pub const ADDED: Verb = Verb::new("visit_added", "visit", "记下这次走访");
pub const CORRECTED: Verb = Verb::new("visit_corrected", "visit", "更正");
pub const VOIDED: Verb = Verb::new("visit_voided", "visit", "作废");
pub const MERGED: Verb = Verb::new("visit_merged", "visit", "合并重复记录");
pub const REVEALED: Verb = Verb::new("visit_revealed", "visit", "查看内容");

/// How long its author corrects a visit without saying why.
pub const FREELY: TimeDelta = TimeDelta::hours(24);
/// A phone's clock may run ahead of ours.
pub const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// What is written down later than this needs a word why (补录说明).
pub const LATE: TimeDelta = TimeDelta::days(7);
/// Two visits of one author at one place that began within this are perhaps the same (domain.md §2.2).
pub const TWIN: TimeDelta = TimeDelta::minutes(90);

id! {
    /// 一次走访, made by the phone: the same id twice is one visit.
    pub VisitId
}

impl VisitId {
    /// The id of what one visit makes besides itself (a young person, a problem), from its kind and
    /// number: sending again makes the same one. The time in front is the visit's, so ids keep their order.
    pub fn part(self, kind: &str, number: usize) -> Uuid {
        let mut hash = Sha256::new();
        hash.update(self.0.as_bytes());
        hash.update(kind.as_bytes());
        hash.update(number.to_string().as_bytes());
        let mut bytes = *self.0.as_bytes();
        bytes[6..].copy_from_slice(&hash.finalize()[..10]);
        bytes[6] = bytes[6] & 0x0f | 0x70;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uuid::from_bytes(bytes)
    }
}

words! {
    /// 走访方式 (codes.json L_visit_mode).
    pub enum Mode {
        Home "RH" "入户走访",
        Village "CQ" "村（社区）走访",
        Enterprise "QY" "企业走访",
        School "XX" "学校走访",
        YouthHome "JZ" "青年之家座谈",
        Salon "KT" "青年会客厅",
        Forum "ZT" "座谈会",
        Shop "SH" "商户、摊点走访",
        Park "YQ" "园区楼宇走访",
        Online "XS" "线上访谈",
        Phone "DH" "电话访谈",
    }
}

words! {
    /// 地点类型: where one stands; the mode follows from it.
    pub enum PlaceKind {
        Home "home" "家里",
        Community "community" "村里、社区",
        Enterprise "enterprise" "企业",
        School "school" "学校",
        YouthHome "youth_home" "青年之家",
        Shop "shop" "商户",
        Park "park" "园区",
        Other "other" "其他",
        /// Not tapped: it follows from the mode.
        Online "online" "线上",
    }
}

impl PlaceKind {
    /// Those that are tapped.
    pub const TAPPED: [Self; 8] = [
        Self::Home,
        Self::Community,
        Self::Enterprise,
        Self::School,
        Self::YouthHome,
        Self::Shop,
        Self::Park,
        Self::Other,
    ];

    pub fn mode(self) -> Mode {
        match self {
            Self::Home => Mode::Home,
            Self::Community | Self::Other => Mode::Village,
            Self::Enterprise => Mode::Enterprise,
            Self::School => Mode::School,
            Self::YouthHome => Mode::YouthHome,
            Self::Shop => Mode::Shop,
            Self::Park => Mode::Park,
            Self::Online => Mode::Online,
        }
    }

    /// What is asked for as 哪一家; None where the village itself is what was visited.
    pub fn organisation(self) -> Option<Kind> {
        match self {
            Self::Enterprise => Some(Kind::Enterprise),
            Self::School => Some(Kind::School),
            Self::YouthHome => Some(Kind::YouthHome),
            Self::Shop => Some(Kind::Shop),
            Self::Park => Some(Kind::Park),
            Self::Home | Self::Community | Self::Other | Self::Online => None,
        }
    }

    /// The village's organisation counts as visited (C03): 村、社区 chosen means its own.
    pub fn visits_village(self) -> bool {
        matches!(self, Self::Home | Self::Community | Self::Other)
    }
}

words! {
    /// 思想动态
    pub enum Mood {
        Positive "positive" "积极",
        Steady "steady" "平稳",
        Puzzled "puzzled" "有困惑",
        Attention "attention" "需关注",
    }
}

words! {
    /// 未遇原因: why nobody was met. Such a visit is kept and counts as no session.
    pub enum Unmet {
        NobodyHome "nobody_home" "家里没人",
        Away "away" "在外务工、上学",
        Missed "missed" "约好了没等到",
        Moved "moved" "搬走了、地址不对",
        Other "other" "其他原因",
    }
}

words! {
    pub enum State {
        Submitted "submitted" "已提交",
        Void "void" "作废",
        Merged "merged" "已合并",
    }
}

words! {
    /// What it was written on.
    pub enum Source {
        Phone "phone" "手机",
        Desk "desk" "电脑",
        Import "import" "导入",
    }
}

impl Source {
    /// From what a browser says it is.
    pub fn of_device(device: &str) -> Self {
        let phone = ["Mobile", "Android", "iPhone", "OpenHarmony"]
            .iter()
            .any(|mark| device.contains(mark));
        if phone { Self::Phone } else { Self::Desk }
    }
}

/// 聊了多久, as tapped: minutes and the words.
pub const LENGTHS: [(i32, &str); 4] = [
    (30, "半小时内"),
    (60, "1 小时"),
    (120, "2 小时"),
    (180, "更久"),
];

/// When it began, and the evening (the date of the noon before, by day the date itself) that decides
/// month and year of every figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    pub started_at: DateTime<Utc>,
    pub is_night: bool,
    pub evening: NaiveDate,
}

impl When {
    pub fn of(started_at: DateTime<Utc>, night_start: u8) -> Self {
        let (is_night, evening) = clock::evening_of(started_at, night_start);
        Self {
            started_at,
            is_night,
            evening,
        }
    }

    /// As corrected by hand, with a reason: the evening follows the hour as before.
    #[must_use]
    pub fn by_hand(self, is_night: bool) -> Self {
        Self { is_night, ..self }
    }
}

/// The evening on which one is out at that moment: after midnight still yesterday's, until six.
pub fn tonight(now: DateTime<Utc>) -> NaiveDate {
    clock::today(now - TimeDelta::hours(6))
}

/// 今晚 and 昨晚 are evenings: a time after midnight belongs to the next date.
pub fn on_evening(evening: NaiveDate, time: NaiveTime) -> NaiveDateTime {
    let date = if time.hour() < 6 {
        evening.succ_opt().unwrap_or(evening)
    } else {
        evening
    };
    date.and_time(time)
}

/// `2026-青溪溪口-00001`: year, county and committee, running number of the committee. Digits only of
/// the number are gap-free; the names are for people.
pub fn number(year: i32, county: &str, committee: &str, n: i32) -> String {
    let (county, own) = (short_place(county), short_place(committee));
    let names = if county == own {
        own.to_owned()
    } else {
        format!("{county}{own}")
    };
    format!("{year}-{names}-{n:05}")
}

/// Without 县, 区, 镇 …, where something is left to say.
fn short_place(name: &str) -> &str {
    const ENDS: [&str; 8] = ["街道", "县", "区", "市", "旗", "镇", "乡", "村"];
    let bare = ENDS.iter().find_map(|end| name.strip_suffix(end));
    bare.filter(|rest| rest.chars().count() > 1).unwrap_or(name)
}

/// What the list is asked for; a field that is None or false asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// By evening, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub is_night: bool,
    pub mode: Option<Mode>,
    pub state: State,
    /// 我走访的.
    pub is_mine: bool,
    /// A committee below, itself included.
    pub committee: Option<CommitteeId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
        clock::instant(local.unwrap())
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn tonight_lasts_until_six() {
        assert_eq!(tonight(at("2026-11-24 21:20")), date("2026-11-24"));
        assert_eq!(tonight(at("2026-11-25 05:59")), date("2026-11-24"));
        assert_eq!(tonight(at("2026-11-25 06:00")), date("2026-11-25"));
        assert_eq!(tonight(at("2027-01-01 00:10")), date("2026-12-31"));
    }

    #[test]
    fn a_time_after_midnight_of_an_evening_is_the_next_date() {
        let on = |time: &str| on_evening(date("2026-11-24"), time.parse().unwrap()).to_string();
        assert_eq!(on("19:40:00"), "2026-11-24 19:40:00");
        assert_eq!(on("00:20:00"), "2026-11-25 00:20:00");
        assert_eq!(on("05:59:00"), "2026-11-25 05:59:00");
        assert_eq!(on("06:00:00"), "2026-11-24 06:00:00");
    }

    #[test]
    fn what_is_tapped_and_what_is_counted_agree() {
        for evening in ["00:20", "05:59", "06:00", "17:59", "18:00", "23:59"] {
            let time = NaiveTime::parse_from_str(evening, "%H:%M").unwrap();
            let when = When::of(clock::instant(on_evening(date("2026-11-24"), time)), 18);
            assert_eq!(when.evening, date("2026-11-24"), "{evening}");
        }
    }

    #[test]
    fn the_parts_of_a_visit_have_ids_that_follow_from_it() {
        let visit = VisitId::new_v7(at("2026-11-24 21:20"));
        let one = visit.part("issue", 1);
        assert_eq!(one, visit.part("issue", 1));
        assert_ne!(one, visit.part("issue", 2));
        assert_ne!(one, visit.part("youth", 1));
        assert_ne!(
            one,
            VisitId::new_v7(at("2026-11-24 21:20")).part("issue", 1)
        );
        assert_eq!(one.get_version_num(), 7);
        assert_eq!(one.as_bytes()[..6], visit.0.as_bytes()[..6]);
    }

    #[test]
    fn numbers_name_county_and_committee() {
        assert_eq!(number(2026, "青溪县", "溪口镇", 1), "2026-青溪溪口-00001");
        assert_eq!(number(2026, "青溪县", "青溪县", 12), "2026-青溪-00012");
        assert_eq!(number(2026, "清川市", "清川市", 153), "2026-清川-00153");
        assert_eq!(
            number(2026, "云栖区", "望江街道", 99_999),
            "2026-云栖望江-99999"
        );
        assert_eq!(number(2026, "城区", "乡", 1), "2026-城区乡-00001");
    }

    #[test]
    fn each_place_has_its_mode_and_only_some_an_organisation() {
        assert_eq!(PlaceKind::Home.mode().code(), "RH");
        assert_eq!(PlaceKind::YouthHome.mode().code(), "JZ");
        for kind in PlaceKind::TAPPED {
            assert!(
                !(kind.visits_village() && kind.organisation().is_some()),
                "{kind}"
            );
        }
        assert!(!PlaceKind::Online.visits_village());
    }

    #[test]
    fn phones_are_known_by_what_they_say_they_are() {
        let phone = "Mozilla/5.0 (Linux; Android 12) Chrome/99 Mobile Safari/537.36 MicroMessenger";
        assert_eq!(Source::of_device(phone), Source::Phone);
        assert_eq!(
            Source::of_device("Mozilla/5.0 (X11; Linux x86_64)"),
            Source::Desk
        );
    }
}
