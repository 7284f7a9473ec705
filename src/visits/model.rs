//! A visit: its vocabularies, the record, and the rules that need no database. Fields: domain.md §2.2.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kit::clock;
use crate::kit::ids::id;
use crate::kit::words::words;
use crate::organisations::{Kind, OrganisationId};
use crate::platform::daybook::Verb;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};
use crate::youth::YouthId;

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

/// As lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: VisitId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    /// Short name of the committee.
    pub committee: String,
    pub no: String,
    pub mode: Mode,
    pub started_at: DateTime<Utc>,
    pub minutes: Option<i32>,
    pub is_night: bool,
    pub evening: NaiveDate,
    pub place_kind: PlaceKind,
    /// As it was called on that day: 溪口镇上溪村，春晓茶厂.
    pub place: String,
    pub village_id: Option<OrganisationId>,
    pub organisation_id: Option<OrganisationId>,
    pub place_text: Option<String>,
    pub walkins: i32,
    pub headcount: i32,
    pub unmet_reason: Option<Unmet>,
    pub content: String,
    pub mood: Option<Mood>,
    pub companions: Option<String>,
    pub late_reason: Option<String>,
    pub state: State,
    pub state_reason: Option<String>,
    pub merged_into: Option<VisitId>,
    pub author_id: CadreId,
    pub author: String,
    pub source: Source,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// How much of a visit's text somebody may read (issue "The walls", who sees persons).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Open,
    /// For ten minutes, after saying why.
    Purpose,
    /// That it was; it is counted.
    Closed,
}

/// Under which rule a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    Freely,
    WithReason,
}

impl Visit {
    pub fn place_of(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    pub fn when(&self) -> When {
        When {
            started_at: self.started_at,
            is_night: self.is_night,
            evening: self.evening,
        }
    }

    /// A session that is counted: it stands, and somebody was met.
    pub fn counts(&self) -> bool {
        self.state == State::Submitted && self.headcount > 0
    }

    pub fn is_author(&self, scope: &Scope) -> bool {
        scope.actor().cadre == Some(self.author_id)
    }

    /// Own committee and whoever went; superiors for a purpose. With a minor, 重点 or 困境 among those met
    /// (`is_sensitive`) only who went and the own 书记.
    pub fn sight(&self, scope: &Scope, went: bool, is_sensitive: bool) -> Sight {
        let is_home = scope.is_home(self.committee_id);
        match (went, is_sensitive, is_home) {
            (true, _, _) | (false, false, true) => Sight::Open,
            (false, true, true) if scope.role() == Role::Secretary => Sight::Open,
            (false, false, false) => Sight::Purpose,
            (false, true, _) => Sight::Closed,
        }
    }

    /// Its author within a day; later its author or the committee's 书记, with a reason.
    pub fn may_correct(&self, scope: &Scope) -> Result<Correction> {
        self.is_standing()?;
        if self.is_author(scope) && scope.now() - self.created_at <= FREELY {
            return Ok(Correction::Freely);
        }
        if self.is_author(scope) || self.is_led_by(scope) {
            return Ok(Correction::WithReason);
        }
        Err(Error::Forbidden(
            "一次走访只有记录人和本级书记能更正。需要时请他们改。",
        ))
    }

    /// Its author or the committee's 书记; so also for merging a double.
    pub fn may_void(&self, scope: &Scope) -> Result<()> {
        self.is_standing()?;
        if self.is_author(scope) || self.is_led_by(scope) {
            return Ok(());
        }
        Err(Error::Forbidden(
            "一次走访只有记录人和本级书记能作废。需要时请他们办。",
        ))
    }

    /// Another one is merged into it: whoever may withdraw that one needs no right to this.
    pub fn may_take_over(&self, _: &Scope) -> Result<()> {
        self.is_standing()
    }

    fn is_led_by(&self, scope: &Scope) -> bool {
        scope.role() == Role::Secretary && scope.is_home(self.committee_id)
    }

    fn is_standing(&self) -> Result<()> {
        match self.state {
            State::Submitted => Ok(()),
            State::Void => Err(Error::Stale("这次走访已经作废，不能再改。")),
            State::Merged => Err(Error::Stale("这次走访已经并入另一次，不能再改。")),
        }
    }

    /// 11 月 24 日晚; by day without 晚.
    pub fn evening_words(&self, today: NaiveDate) -> String {
        let date = clock::long_date(self.evening, today);
        if self.is_night {
            format!("{date}晚")
        } else {
            date
        }
    }

    pub fn year(&self) -> i32 {
        self.evening.year()
    }
}

/// What a visit said before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub started_at: DateTime<Utc>,
    pub minutes: Option<i32>,
    pub is_night: bool,
    pub mode: Mode,
    pub place: String,
    pub walkins: i32,
    pub headcount: i32,
    pub unmet_reason: Option<Unmet>,
    pub content: String,
    pub mood: Option<Mood>,
    pub companions: Option<String>,
    pub youths: Vec<YouthId>,
    pub cadres: Vec<CadreId>,
}

impl Snapshot {
    pub fn of(visit: &Visit, youths: Vec<YouthId>, cadres: Vec<CadreId>) -> Self {
        Self {
            started_at: visit.started_at,
            minutes: visit.minutes,
            is_night: visit.is_night,
            mode: visit.mode,
            place: visit.place.clone(),
            walkins: visit.walkins,
            headcount: visit.headcount,
            unmet_reason: visit.unmet_reason,
            content: visit.content.clone(),
            mood: visit.mood,
            companions: visit.companions.clone(),
            youths,
            cadres,
        }
    }
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
