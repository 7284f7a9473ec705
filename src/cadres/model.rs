//! A cadre, what is written down of him, and his appointments.

use chrono::NaiveDate;

use crate::kit::words::words;
use crate::platform::daybook::Verb;
use crate::platform::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};

pub const ADDED: Verb = Verb::new("cadre_added", "cadre", "登记团干部");
pub const CHANGED: Verb = Verb::new("cadre_changed", "cadre", "改资料");
pub const APPOINTED: Verb = Verb::new("cadre_appointed", "cadre", "任职");
pub const ENDED: Verb = Verb::new("cadre_appointment_ended", "cadre", "结束任职");
pub const CODE_GIVEN: Verb = Verb::new("cadre_code_given", "cadre", "发一次性口令");

words! {
    /// 专职, 挂职, 兼职 (domain.md §1.2): decides who counts in A08.
    pub enum Nature {
        Full "full" "专职",
        Seconded "seconded" "挂职",
        Part "part" "兼职",
    }
}

words! {
    /// What an appointment lets its holder do: the roles of the platform that a committee gives.
    pub enum Access {
        Cadre "cadre" "团干部",
        Secretary "secretary" "书记",
        Admin "admin" "管理员",
    }
}

impl Access {
    pub fn role(self) -> Role {
        match self {
            Self::Cadre => Role::Cadre,
            Self::Secretary => Role::Secretary,
            Self::Admin => Role::Admin,
        }
    }
}

words! {
    /// GB/T 2261.1.
    pub enum Sex {
        Male "1" "男",
        Female "2" "女",
    }
}

words! {
    /// GB/T 4762.
    pub enum Politics {
        Party "01" "中共党员",
        Probationary "02" "中共预备党员",
        League "03" "共青团员",
        Minge "04" "民革党员",
        Minmeng "05" "民盟盟员",
        Minjian "06" "民建会员",
        Minjin "07" "民进会员",
        Nonggong "08" "农工党党员",
        Zhigong "09" "致公党党员",
        Jiusan "10" "九三学社社员",
        Taimeng "11" "台盟盟员",
        None "12" "无党派人士",
        Masses "13" "群众",
    }
}

words! {
    /// GB/T 4658.
    pub enum Education {
        Graduate "10" "研究生教育",
        Bachelor "20" "大学本科",
        College "30" "大学专科",
        Vocational "40" "中等职业教育",
        High "60" "普通高级中学教育",
        Middle "70" "初级中学教育",
        Primary "80" "小学教育",
        Other "90" "其他",
    }
}

/// As the directory shows him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadre {
    pub id: CadreId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub name: String,
    pub account_id: Option<AccountId>,
    pub version: i32,
}

impl Cadre {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCadre {
    pub id: CadreId,
    pub name: String,
    /// Eleven digits; signs in with it.
    pub phone: String,
    pub sex: Option<Sex>,
    pub birth_on: Option<NaiveDate>,
    pub politics: Option<Politics>,
    pub education: Option<Education>,
    pub work_unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAppointment {
    pub id: AppointmentId,
    pub cadre: CadreId,
    pub account: Option<AccountId>,
    pub role: Role,
    /// 书记, 副书记, 常委, 委员, 部门负责人, 干事, 团支部书记 …
    pub post: String,
    pub nature: Nature,
    pub starts_on: NaiveDate,
    pub is_primary: bool,
}

impl NewAppointment {
    /// For the day book: no personal data.
    pub fn facts(&self) -> serde_json::Value {
        serde_json::json!({
            "appointment": self.id, "post": self.post, "role": self.role.code(),
            "nature": self.nature.code(), "from": self.starts_on,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub id: AppointmentId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    pub cadre_id: CadreId,
    pub account_id: Option<AccountId>,
    pub role: Access,
    pub post: String,
    pub nature: Nature,
    pub starts_on: NaiveDate,
    /// The first day on which he no longer holds it.
    pub ends_on: Option<NaiveDate>,
    pub is_primary: bool,
    pub version: i32,
}

impl Appointment {
    /// In office on that day.
    pub fn is_open(&self, on: NaiveDate) -> bool {
        self.starts_on <= on && self.ends_on.is_none_or(|end| end > on)
    }
}

/// Where somebody who is in office can be told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub cadre: CadreId,
    pub place: Place,
}

/// Somebody who holds a post at a committee today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InOffice {
    pub cadre: CadreId,
    pub name: String,
    pub appointment: AppointmentId,
    pub role: Access,
    pub post: String,
    pub nature: Nature,
}

impl Cadre {
    /// Phone and birth: the leaders of his own committee and of those above it.
    pub fn may_be_known(&self, scope: &Scope) -> bool {
        matches!(scope.role(), Role::Secretary | Role::Admin) && scope.ground().contains(self.scope)
    }

    /// His particulars are kept by the admins of the committee that wrote him down, and above.
    pub fn may_change(&self, scope: &Scope) -> Result<()> {
        if scope.role() == Role::Admin && scope.ground().contains(self.scope) {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Nobody ends his own appointment: then nobody would be left to mend it.
    pub fn may_leave(&self, scope: &Scope) -> Result<()> {
        if scope.actor().cadre == Some(self.id) {
            return Err(Error::Forbidden(
                "自己的任职，由上级管理员或本级另一位管理员来结束。",
            ));
        }
        Ok(())
    }
}

/// What is written down of a cadre besides his name; read in his own line only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    pub phone: String,
    pub sex: Option<Sex>,
    pub birth_on: Option<NaiveDate>,
    pub politics: Option<Politics>,
    pub education: Option<Education>,
    pub work_unit: Option<String>,
}

/// An appointment with the short name of its committee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub appointment: Appointment,
    pub committee: String,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: CadreId,
    pub name: String,
    /// `团青溪县委 书记、溪口镇团委 委员`.
    pub posts: String,
    pub natures: String,
    pub is_in_office: bool,
    /// Where he stands in the list: the committee's code and the rank of his post there.
    pub rank: i64,
}

/// The row after which a page of the list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListMark {
    pub rank: i64,
    pub id: CadreId,
}

impl ListMark {
    pub fn write(self) -> String {
        format!("cadres.{}.{}", self.rank, self.id)
    }

    /// Nothing for the first page; a foreign or broken mark is a bad address.
    pub fn read(text: &str) -> Result<Option<Self>> {
        let read = || {
            let (rank, id) = text.strip_prefix("cadres.")?.split_once('.')?;
            let (rank, id): (i64, _) = (rank.parse().ok()?, id.parse().ok()?);
            // Codes of committees have fourteen digits.
            (0..10_i64.pow(16))
                .contains(&rank)
                .then_some(Self { rank, id })
        };
        match text {
            "" => Ok(None),
            _ => read()
                .map(Some)
                .ok_or(Error::BadAddress("翻页的链接不完整，从第一页再看。")),
        }
    }
}

/// Which cadres a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub nature: Option<Nature>,
    pub left: bool,
}
