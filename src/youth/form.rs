//! The form of one young person: what may be written down, and after which consent.

mod filter;
mod paste;
mod purpose;
mod said;

pub use filter::{CARE, FilterForm, UNSEEN};
pub use paste::{Decision, Entry, ROWS_MAX, Row, alike, parse, read_rows};
pub use purpose::{PURPOSES, PurposeForm};

use chrono::{Datelike, Months, NaiveDate};

use super::model::{Care, Consent, Group, NewYouth, Source, YouthId, age_on};
use super::record::Youth;
use crate::cadres::{Education, Politics, Sex};
use crate::kit::phone::{self, PhoneFault};
use crate::kit::text::{TextFault, clean, clean_lines, half_width, normal_name};
use crate::platform::fields::Fields;
use crate::platform::form::{FORM, Faults};
use crate::platform::ids::CommitteeId;

/// The village is none, or lies elsewhere.
pub const VILLAGE_ELSEWHERE: &str = "这个村（社区）不在您的范围里，重新选";

/// Its id is the one of a record that stands, and says something else.
pub const TAKEN: &str = "这一页已经登记过一位，和现在填的不同，没有覆盖。要改那位，到青年里打开他的档案；这是另一位，再点一次登记";

const SHORT_MAX: usize = 50;
const NOTE_MAX: usize = 500;
const GROUPS_MAX: usize = 6;
/// Sensitive in law: personal data of who is younger (个人信息保护法 art. 28, 31).
const CHILD: i32 = 14;

/// The fields and what they are called on a page, in the order of the form.
pub const LABELS: [(&str, &str); 17] = [
    ("name", "姓名"),
    ("phone", "手机"),
    ("village", "村（社区）"),
    ("consent", "告知和同意"),
    ("guardian_name", "监护人"),
    ("guardian_phone", "监护人手机"),
    ("sex", "性别"),
    ("birth", "出生年月"),
    ("groups", "群体"),
    ("care", "帮扶"),
    ("politics", "政治面貌"),
    ("education", "学历"),
    ("work_unit", "单位、学校"),
    ("occupation", "职业"),
    ("skill", "特长"),
    ("talent", "本土能人"),
    ("note", "近况"),
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YouthForm {
    pub id: String,
    pub version: String,
    /// Where villages are chosen by their town.
    pub town: String,
    /// Committee of the village.
    pub village: String,
    pub name: String,
    pub phone: String,
    pub sex: String,
    pub birth: String,
    pub groups: Vec<String>,
    pub politics: String,
    pub education: String,
    pub work_unit: String,
    pub occupation: String,
    pub skill: String,
    pub talent: String,
    pub care: String,
    pub consent: String,
    pub guardian_name: String,
    pub guardian_phone: String,
    pub note: String,
    /// `new`, or the id of a doubtful double who it is.
    pub twin: String,
}

/// Checked; the village is still a committee, whose organisation is found or made on writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub youth: NewYouth,
    pub village: Option<CommitteeId>,
}

impl YouthForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            version: fields.text("version"),
            town: fields.text("town"),
            village: fields.text("village"),
            name: fields.text("name"),
            phone: fields.text("phone"),
            sex: fields.text("sex"),
            birth: fields.text("birth"),
            groups: fields.all("groups"),
            politics: fields.text("politics"),
            education: fields.text("education"),
            work_unit: fields.text("work_unit"),
            occupation: fields.text("occupation"),
            skill: fields.text("skill"),
            talent: fields.text("talent"),
            care: fields.text("care"),
            consent: fields.text("consent"),
            guardian_name: fields.text("guardian_name"),
            guardian_phone: fields.text("guardian_phone"),
            note: fields.text("note"),
            twin: fields.text("twin"),
        }
    }

    /// As it stands, to be changed. The village is filled in by who knows its committee.
    pub fn of(youth: &Youth) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            id: youth.id.to_string(),
            version: youth.version.to_string(),
            name: youth.name.clone(),
            phone: text(&youth.phone),
            sex: youth.sex.map_or("", Sex::code).into(),
            birth: youth.birth_on.map(month).unwrap_or_default(),
            groups: youth.groups.iter().map(|it| it.code().into()).collect(),
            politics: youth.politics.map_or("", Politics::code).into(),
            education: youth.education.map_or("", Education::code).into(),
            work_unit: text(&youth.work_unit),
            occupation: text(&youth.occupation),
            skill: text(&youth.skill),
            talent: if youth.is_local_talent { "on" } else { "" }.into(),
            care: youth.care.code().into(),
            consent: youth.consent.code().into(),
            guardian_name: text(&youth.guardian_name),
            guardian_phone: text(&youth.guardian_phone),
            note: text(&youth.note),
            ..Self::default()
        }
    }

    /// `today` decides who is under 14. What the form does not ask (微信) stays as in `old`.
    pub fn check(&self, today: NaiveDate, old: Option<&NewYouth>) -> Result<Draft, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", check_name(&self.name));
        let id = self.id.parse::<YouthId>();
        let id = faults.take(FORM, id.map_err(|_| "这一页开得太久了，再点一次保存"));
        let phone = number(
            &self.phone,
            "phone",
            "手机号不对，核对一下，或先空着",
            &mut faults,
        );
        let village = known(&self.village, |it| it.parse().ok(), "village", &mut faults);
        let source = old.map_or(Source::Form, |old| old.source);
        let blank = |id, name| NewYouth::named(id, name, source);
        let made = id.zip(name).map(|(id, name)| blank(id, name));
        let mut youth = made.unwrap_or_else(|| blank(YouthId(uuid::Uuid::nil()), String::new()));
        youth.phone = phone;
        youth.wechat = old.and_then(|old| old.wechat.clone());
        youth.birth_on = self.birth_on(today, &mut faults);
        self.fill(&mut youth, &mut faults);
        self.agree(&mut youth, today, &mut faults);
        if youth.phone.is_none() && village.is_none() && youth.work_unit.is_none() {
            faults.add("phone", "手机、村（社区）、单位至少写一样，下次才找得到人");
        }
        faults.or(Some(Draft { youth, village }))
    }

    /// The same for a record that is there: the id of the form is its draft's alone.
    pub fn check_of(&self, id: YouthId, today: NaiveDate, old: &NewYouth) -> Result<Draft, Faults> {
        let form = Self {
            id: id.to_string(),
            ..self.clone()
        };
        form.check(today, Some(old))
    }

    fn birth_on(&self, today: NaiveDate, faults: &mut Faults) -> Option<NaiveDate> {
        if self.birth.trim().is_empty() {
            return None;
        }
        let Some(day) = month_of(&self.birth) else {
            faults.add("birth", "出生年月写成 2008-05 这样");
            return None;
        };
        if day.with_day(1) > Some(today) {
            faults.add("birth", "出生年月不能晚于现在");
            return None;
        }
        if age_on(day, today) > 100 {
            faults.add("birth", "出生年月太早了，核对一下");
        }
        Some(day)
    }

    fn fill(&self, youth: &mut NewYouth, faults: &mut Faults) {
        youth.sex = known(&self.sex, Sex::from_code, "sex", faults);
        youth.politics = known(&self.politics, Politics::from_code, "politics", faults);
        youth.education = known(&self.education, Education::from_code, "education", faults);
        youth.care = known(&self.care, Care::from_code, "care", faults).unwrap_or(Care::Usual);
        youth.groups = self.groups(faults);
        youth.is_local_talent = !self.talent.is_empty();
        youth.work_unit = line(&self.work_unit, "work_unit", faults);
        youth.occupation = line(&self.occupation, "occupation", faults);
        youth.skill = line(&self.skill, "skill", faults);
        youth.note = match clean_lines(&self.note, NOTE_MAX) {
            Ok(text) => without_number(text, "note", faults),
            Err(fault) => no_text(fault, "note", faults),
        };
    }

    /// In the order of the vocabulary, each once.
    fn groups(&self, faults: &mut Faults) -> Vec<Group> {
        if self.groups.iter().any(|it| Group::from_code(it).is_none()) {
            faults.add("groups", "群体重新选一下");
        }
        let chosen = |group: &&Group| self.groups.iter().any(|it| it == group.code());
        let groups: Vec<Group> = Group::ALL.iter().filter(chosen).copied().collect();
        if groups.len() > GROUPS_MAX {
            faults.add("groups", format!("最多选 {GROUPS_MAX} 个"));
        }
        groups
    }

    /// Without consent only what it takes to find each other again; of a child nothing more without
    /// the guardian's (domain.md §4.1). The month of birth may stay: it is what protects the child.
    fn agree(&self, youth: &mut NewYouth, today: NaiveDate, faults: &mut Faults) {
        youth.consent =
            known(&self.consent, Consent::from_code, "consent", faults).unwrap_or(Consent::Missing);
        let is_child = youth
            .birth_on
            .is_some_and(|birth| age_on(birth, today) < CHILD);
        let more = has_more(youth);
        match youth.consent {
            Consent::Missing if more && is_child => faults.add("consent", FOR_CHILDREN),
            Consent::Missing if more => faults.add(
                "consent",
                "没说明用途、没同意以前，只记姓名、手机、村（社区）和出生年月。同意了就选上，没同意就把其他的去掉",
            ),
            Consent::Told if is_child => faults.add("consent", FOR_CHILDREN),
            _ => {}
        }
        self.guardian(youth, faults);
    }

    fn guardian(&self, youth: &mut NewYouth, faults: &mut Faults) {
        let name = normal_name(&self.guardian_name);
        let wrong = "监护人手机号不对，核对一下";
        let phone = number(&self.guardian_phone, "guardian_phone", wrong, faults);
        if youth.consent != Consent::Guardian {
            if !matches!(name, Err(TextFault::Empty)) || phone.is_some() {
                let text = "监护人同意了才记监护人：选上“监护人同意”，或把这里清空";
                faults.add("guardian_name", text);
            }
            return;
        }
        let name = name.map_err(|fault| match fault {
            TextFault::Empty => "写下同意的监护人叫什么".to_owned(),
            other => format!("监护人姓名：{other}"),
        });
        youth.guardian_name = faults.take("guardian_name", name);
        if phone.is_none() {
            faults.add("guardian_phone", "写下监护人的手机");
        }
        youth.guardian_phone = phone;
    }
}

const FOR_CHILDREN: &str = "未满 14 岁，监护人同意以前只记姓名、手机、村（社区）、出生年月和诉求。监护人同意了就选上，没同意就把其他的去掉";

/// More than name, number, village and month of birth.
fn has_more(youth: &NewYouth) -> bool {
    youth.sex.is_some()
        || !youth.groups.is_empty()
        || youth.politics.is_some()
        || youth.education.is_some()
        || youth.work_unit.is_some() && youth.phone.is_some()
        || youth.occupation.is_some()
        || youth.skill.is_some()
        || youth.note.is_some()
        || youth.is_local_talent
        || youth.care != Care::Usual
}

/// A name, or what somebody is called.
pub fn check_name(raw: &str) -> Result<String, String> {
    normal_name(raw).map_err(|fault| match fault {
        TextFault::Empty => "写下姓名；不知道全名的，写怎么称呼".to_owned(),
        other => format!("姓名：{other}"),
    })
}

fn number(raw: &str, field: &str, wrong: &str, faults: &mut Faults) -> Option<String> {
    match phone::check(raw) {
        Ok(number) => Some(number),
        Err(PhoneFault::Empty) => None,
        Err(PhoneFault::Shape) => {
            faults.add(field, wrong);
            None
        }
    }
}

/// A choice; empty is none, what is not offered a fault.
fn known<T>(
    raw: &str,
    read: impl Fn(&str) -> Option<T>,
    field: &str,
    faults: &mut Faults,
) -> Option<T> {
    if raw.is_empty() {
        return None;
    }
    let value = read(raw);
    if value.is_none() {
        faults.add(field, format!("{}重新选一下", label(field)));
    }
    value
}

/// What the page calls a field: a sentence of the summary stands far from it.
fn label(field: &str) -> &str {
    let known = LABELS.iter().find(|(name, _)| *name == field);
    known.map_or(field, |(_, label)| label)
}

fn line(raw: &str, field: &str, faults: &mut Faults) -> Option<String> {
    match clean(raw, SHORT_MAX) {
        Ok(text) => without_number(text, field, faults),
        Err(fault) => no_text(fault, field, faults),
    }
}

fn no_text(fault: TextFault, field: &str, faults: &mut Faults) -> Option<String> {
    if fault != TextFault::Empty {
        faults.add(field, format!("{}：{fault}", label(field)));
    }
    None
}

/// No identity number anywhere: nothing here needs it.
fn without_number(text: String, field: &str, faults: &mut Faults) -> Option<String> {
    let narrow = half_width(&text);
    let mut run = 0;
    for c in narrow.chars() {
        let goes_on = c.is_ascii_digit() || run == 17 && matches!(c, 'x' | 'X');
        run = if goes_on { run + 1 } else { 0 };
        if run == 18 {
            faults.add(field, "不记身份证号，去掉再保存");
            return None;
        }
    }
    Some(text)
}

/// 2008-05, as the form shows it.
pub fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// 2008-05, 2008.5, 2008/05, 200805, 2008年5月, full-width too: the last day of that month, so that
/// nobody counts as grown up too early.
fn month_of(raw: &str) -> Option<NaiveDate> {
    let text = half_width(raw);
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month) = match parts.as_slice() {
        [both] if both.len() == 6 => both.split_at(4),
        [year, month] if year.len() == 4 && month.len() <= 2 => (*year, *month),
        _ => return None,
    };
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

#[cfg(test)]
mod tests;
