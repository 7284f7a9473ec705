//! One young person as written down, how much of it a reader sees, and who may change it.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{Care, Consent, Group, Marks, NewYouth, Shown, Source, YouthId};
use crate::cadres::{Education, Politics, Sex};
use crate::organisations::OrganisationId;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Role, Scope};
use crate::platform::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Youth {
    pub id: YouthId,
    pub tenant_id: TenantId,
    pub committee_id: CommitteeId,
    pub scope: i64,
    /// Short name of the committee.
    pub committee: String,
    /// Where that is: `溪口镇`.
    pub place_name: String,
    pub name: String,
    pub sex: Option<Sex>,
    /// Of a birth known by its month only: the last day of it.
    pub birth_on: Option<NaiveDate>,
    pub phone: Option<String>,
    pub wechat: Option<String>,
    pub groups: Vec<Group>,
    pub politics: Option<Politics>,
    pub education: Option<Education>,
    pub village_id: Option<OrganisationId>,
    pub work_unit: Option<String>,
    pub occupation: Option<String>,
    pub skill: Option<String>,
    pub is_local_talent: bool,
    pub care: Care,
    pub consent: Consent,
    pub consent_at: Option<DateTime<Utc>>,
    pub guardian_name: Option<String>,
    pub guardian_phone: Option<String>,
    pub note: Option<String>,
    pub source: Source,
    pub last_met_on: Option<NaiveDate>,
    pub created_by: CadreId,
    pub created_at: DateTime<Utc>,
    pub version: i32,
    /// The acting cadre met or registered them.
    pub is_known: bool,
}

/// How much of a record somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it: who met or registered them, and for ten minutes who said why.
    Whole,
    /// Name and numbers masked, the rest readable: the own committee.
    Masked,
    /// Nothing but a masked name until they say why: the committees above.
    Purpose,
    /// That it is there; it is counted.
    Closed,
}

impl Sight {
    /// The page may be read, masked or not.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Whole | Self::Masked)
    }

    /// A purpose may be given, or is not needed.
    pub fn may_ask(self) -> Result<()> {
        match self {
            Self::Closed => Err(Error::Forbidden(
                "这份记录仅结对干部和本级书记可看。需要时请他们联系青年。",
            )),
            _ => Ok(()),
        }
    }
}

impl Youth {
    pub fn place(&self) -> Place {
        Place {
            tenant: self.tenant_id,
            committee: self.committee_id,
            scope: self.scope,
        }
    }

    pub fn marks(&self) -> Marks {
        Marks {
            care: self.care,
            birth_on: self.birth_on,
            consent: self.consent,
        }
    }

    pub fn is_minor(&self, day: NaiveDate) -> bool {
        self.marks().is_minor(day)
    }

    /// 困境、重点 or under 18.
    pub fn is_guarded(&self, day: NaiveDate) -> bool {
        self.marks().is_guarded(day)
    }

    /// `revealed`: this reader gave a purpose within ten minutes.
    pub fn sight(&self, scope: &Scope, revealed: bool) -> Sight {
        let is_home = scope.is_home(self.committee_id);
        let leads = is_home && scope.role() == Role::Secretary;
        if self.is_known {
            return Sight::Whole;
        }
        if self.is_guarded(scope.today()) && !leads {
            return Sight::Closed;
        }
        match (revealed, is_home) {
            (true, _) => Sight::Whole,
            (false, true) => Sight::Masked,
            (false, false) => Sight::Purpose,
        }
    }

    /// The name as it stands everywhere on a page of that sight.
    pub fn shown(&self, sight: Sight, today: NaiveDate) -> Shown {
        let whole = sight == Sight::Whole;
        Shown::of(&self.name, self.marks(), today, whole)
    }

    /// Who met or registered them; the committee's 书记 and, where he may read it, its 管理员.
    pub fn may_edit(&self, scope: &Scope) -> Result<()> {
        let leads = match scope.role() {
            Role::Secretary => true,
            Role::Admin => !self.is_guarded(scope.today()),
            Role::Cadre | Role::System => false,
        };
        if self.is_known || leads && scope.is_home(self.committee_id) {
            return Ok(());
        }
        Err(Error::Forbidden(
            "青年的档案由见过本人的团干部，或本级书记、管理员来改。",
        ))
    }

    /// What of it can be written into a form.
    pub fn content(&self) -> NewYouth {
        let it = self.clone();
        NewYouth {
            id: it.id,
            name: it.name,
            sex: it.sex,
            birth_on: it.birth_on,
            phone: it.phone,
            wechat: it.wechat,
            groups: it.groups,
            politics: it.politics,
            education: it.education,
            village: it.village_id,
            work_unit: it.work_unit,
            occupation: it.occupation,
            skill: it.skill,
            is_local_talent: it.is_local_talent,
            care: it.care,
            consent: it.consent,
            guardian_name: it.guardian_name,
            guardian_phone: it.guardian_phone,
            note: it.note,
            source: it.source,
        }
    }
}

/// The names of the fields that differ, as the form calls them.
pub fn changed(old: &NewYouth, new: &NewYouth) -> Vec<&'static str> {
    let pairs = [
        ("name", old.name != new.name),
        ("phone", old.phone != new.phone),
        ("village", old.village != new.village),
        ("consent", old.consent != new.consent),
        ("guardian_name", old.guardian_name != new.guardian_name),
        ("guardian_phone", old.guardian_phone != new.guardian_phone),
        ("sex", old.sex != new.sex),
        ("birth", old.birth_on != new.birth_on),
        ("groups", old.groups != new.groups),
        ("care", old.care != new.care),
        ("politics", old.politics != new.politics),
        ("education", old.education != new.education),
        ("work_unit", old.work_unit != new.work_unit),
        ("occupation", old.occupation != new.occupation),
        ("skill", old.skill != new.skill),
        ("talent", old.is_local_talent != new.is_local_talent),
        ("note", old.note != new.note),
    ];
    let differ = pairs.iter().filter(|(_, differs)| *differs);
    differ.map(|(name, _)| *name).collect()
}

/// What a doubtful double is looked for by.
#[derive(Clone, Debug)]
pub struct Likeness {
    pub id: YouthId,
    pub name: String,
    pub phone: Option<String>,
    pub birth_on: Option<NaiveDate>,
    pub village: Option<OrganisationId>,
}

impl From<&NewYouth> for Likeness {
    fn from(new: &NewYouth) -> Self {
        Self {
            id: new.id,
            name: new.name.clone(),
            phone: new.phone.clone(),
            birth_on: new.birth_on,
            village: new.village,
        }
    }
}

/// Somebody registered who may be the same person; as this reader may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// Of which `Likeness`, counted from 0.
    pub of: usize,
    pub id: YouthId,
    pub shown: Shown,
    /// The number itself; who typed it knows it.
    pub has_phone: bool,
    /// 199****1234, or empty.
    pub phone: String,
    /// 2008-05, where the reader may know it.
    pub birth: String,
    pub whereabouts: String,
    pub committee: String,
    pub last_met_on: Option<NaiveDate>,
}

/// What the list of young people is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only whom the acting cadre knows.
    pub is_mine: bool,
    pub group: Option<Group>,
    pub village: Option<OrganisationId>,
    /// Only of the own committee, for its 书记.
    pub care: Option<Guarded>,
    /// Not met for so many days.
    pub unseen_days: Option<u16>,
}

/// Why somebody is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    Difficult,
    Key,
    Minor,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: YouthId,
    pub shown: Shown,
    pub groups: Vec<Group>,
    /// Village, or the committee where there is none.
    pub whereabouts: String,
    pub committee: String,
    /// 199****1234, or empty.
    pub phone: String,
    pub last_met_on: Option<NaiveDate>,
    pub updated_at: DateTime<Utc>,
}

/// One page of the list; `closed` of the total are counted and not shown.
#[derive(Clone, Debug)]
pub struct Roll {
    pub page: crate::platform::paging::Page<Listed>,
    pub closed: i64,
}
