//! What an admin types of a person, of a post, and when somebody leaves.

use chrono::{Datelike, Months, NaiveDate};

use super::model::{
    Access, Appointment, Cadre, Education, Nature, NewAppointment, NewCadre, Particulars, Politics,
    Sex,
};
use crate::committees::date;
use crate::kit::phone;
use crate::kit::text::{TextFault, clean, normal_name};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::{AppointmentId, CadreId};

/// 职务 (domain.md §1.2).
pub const POSTS: [&str; 8] = [
    "书记",
    "副书记",
    "常委",
    "委员",
    "部门负责人",
    "干事",
    "团支部书记",
    "团支部副书记",
];

/// He holds the post already.
pub const HOLDS: &str = "他已经在这里任这个职务";
/// The committee is none, closed, or out of the reader's line.
pub const COMMITTEE_ELSEWHERE: &str = "这个团组织不在您的范围里，或已经撤销，重新选";
/// Another account signs in with the number.
pub const NUMBER_IN_USE: &str = "这个号码已经有别的账号在用，核对号码";

/// The number is another's, out of the reader's line: whose it is is not his to know.
pub const NUMBER_ELSEWHERE: &str = "这个号码已有账号，姓名对不上，核对一下";

/// The number is known in the reader's line under another name.
pub fn number_of_another(committee: &str, name: &str) -> String {
    format!("这个号码是{committee}{name}的。是同一个人就写这个姓名，不是就核对号码")
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonForm {
    pub name: String,
    pub phone: String,
    pub sex: String,
    pub birth_on: String,
    pub politics: String,
    pub education: String,
    pub work_unit: String,
    pub version: String,
}

impl PersonForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            phone: fields.text("phone"),
            sex: fields.text("sex"),
            birth_on: fields.text("birth_on"),
            politics: fields.text("politics"),
            education: fields.text("education"),
            work_unit: fields.text("work_unit"),
            version: fields.text("version"),
        }
    }

    pub fn of(cadre: &Cadre, known: &Particulars) -> Self {
        let code = |code: Option<&'static str>| code.unwrap_or_default().to_owned();
        Self {
            name: cadre.name.clone(),
            phone: known.phone.clone(),
            sex: code(known.sex.map(Sex::code)),
            birth_on: known
                .birth_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            politics: code(known.politics.map(Politics::code)),
            education: code(known.education.map(Education::code)),
            work_unit: known.work_unit.clone().unwrap_or_default(),
            version: cadre.version.to_string(),
        }
    }

    /// Notes what is wrong; the person when nothing is.
    pub fn check(&self, today: NaiveDate, faults: &mut Faults) -> Option<(String, Particulars)> {
        let name = faults.take("name", normal_name(&self.name).map_err(name_fault));
        let number = phone::check(&self.phone)
            .ok()
            .filter(|it| phone::is_mobile(it));
        let number = number.ok_or("写 11 位手机号，用它登录");
        let number = faults.take("phone", number);
        let birth = faults.take("birth_on", self.born(today));
        let unit = match clean(&self.work_unit, 60) {
            Ok(text) => Ok(Some(text)),
            Err(TextFault::Empty) => Ok(None),
            Err(fault) => Err(fault.to_string()),
        };
        let unit = faults.take("work_unit", unit);
        let sex = faults.take("sex", choice(&self.sex, Sex::from_code));
        let politics = choice(&self.politics, Politics::from_code);
        let politics = faults.take("politics", politics);
        let education = choice(&self.education, Education::from_code);
        let education = faults.take("education", education);
        let known = Particulars {
            phone: number?,
            sex: sex?,
            birth_on: birth?,
            politics: politics?,
            education: education?,
            work_unit: unit?,
        };
        Some((name?, known))
    }

    fn born(&self, today: NaiveDate) -> Result<Option<NaiveDate>, &'static str> {
        if self.birth_on.trim().is_empty() {
            return Ok(None);
        }
        let day = date(&self.birth_on).ok_or("写出生日期，例如 1998-05-04")?;
        let age = today.year() - day.year();
        if (16..=70).contains(&age) {
            Ok(Some(day))
        } else {
            Err("核对出生日期：团干部在 16 到 70 岁之间")
        }
    }
}

/// A new cadre of what was checked.
pub fn new_cadre(id: CadreId, (name, known): (String, Particulars)) -> NewCadre {
    NewCadre {
        id,
        name,
        phone: known.phone,
        sex: known.sex,
        birth_on: known.birth_on,
        politics: known.politics,
        education: known.education,
        work_unit: known.work_unit,
    }
}

fn name_fault(fault: TextFault) -> String {
    match fault {
        TextFault::Empty => "写姓名".into(),
        TextFault::Digit => "姓名里有数字，改成汉字或字母".into(),
        other => other.to_string(),
    }
}

fn choice<T>(code: &str, of: impl Fn(&str) -> Option<T>) -> Result<Option<T>, &'static str> {
    match code {
        "" => Ok(None),
        code => of(code).map(Some).ok_or("从列出的里面选一个"),
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeForm {
    /// Of the appointment: a repeated post makes one.
    pub id: String,
    pub committee: String,
    pub post: String,
    pub nature: String,
    pub role: String,
    pub starts_on: String,
    pub ends_on: String,
}

impl OfficeForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            committee: fields.text("committee"),
            post: fields.text("post"),
            nature: fields.text("nature"),
            role: fields.text("role"),
            starts_on: fields.text("starts_on"),
            ends_on: fields.text("ends_on"),
        }
    }

    /// Notes what is wrong; the appointment, and the day on which it will end, when nothing is. The
    /// committee is the caller's to look up.
    pub fn check(
        &self,
        today: NaiveDate,
        faults: &mut Faults,
    ) -> Option<(NewAppointment, Option<NaiveDate>)> {
        let post = POSTS.into_iter().find(|post| *post == self.post);
        let post = faults.take("post", post.ok_or("选一个职务"));
        let id = self.id.parse::<AppointmentId>();
        let id = faults.take("post", id.map_err(|_| "这一页开得太久了，再点一次提交"));
        let nature = Nature::from_code(&self.nature).ok_or("选专职、挂职或兼职");
        let nature = faults.take("nature", nature);
        let role = Access::from_code(&self.role).ok_or("选一项：权限");
        let role = faults.take("role", role);
        let starts_on = faults.take("starts_on", self.started(today));
        let ends_on = faults.take("ends_on", self.ending(starts_on));
        let office = NewAppointment {
            id: id?,
            cadre: CadreId(uuid::Uuid::nil()),
            account: None,
            role: role?.role(),
            post: post?.to_owned(),
            nature: nature?,
            starts_on: starts_on?,
            is_primary: true,
        };
        Some((office, ends_on?))
    }

    fn started(&self, today: NaiveDate) -> Result<NaiveDate, &'static str> {
        let day = date(&self.starts_on).ok_or("写任职日期，例如 2026-11-24")?;
        if day > today + Months::new(12) || day.year() < 1980 {
            return Err("核对任职日期：最晚是一年以后");
        }
        Ok(day)
    }

    /// Named also where the day it begins on has to be mended first.
    fn ending(&self, from: Option<NaiveDate>) -> Result<Option<NaiveDate>, &'static str> {
        if self.ends_on.trim().is_empty() {
            return Ok(None);
        }
        let day = date(&self.ends_on).ok_or("写到期日期，例如 2027-11-24；没有定就不填")?;
        if from.is_some_and(|from| day <= from) {
            return Err("到期日期要晚于任职日期");
        }
        Ok(Some(day))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaveForm {
    pub appointments: Vec<String>,
    pub ends_on: String,
}

impl LeaveForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            appointments: fields.all("appointments"),
            ends_on: fields.text("ends_on"),
        }
    }

    /// Which of `held` end, and when.
    pub fn check<'a>(
        &self,
        held: &[&'a Appointment],
        today: NaiveDate,
    ) -> Result<(Vec<&'a Appointment>, NaiveDate), Faults> {
        let mut faults = Faults::default();
        let ended: Vec<&Appointment> = held
            .iter()
            .filter(|it| self.appointments.contains(&it.id.to_string()))
            .copied()
            .collect();
        if ended.is_empty() {
            faults.add("appointments", "选要结束的任职");
        }
        let day = date(&self.ends_on).ok_or("写离任日期，例如 2026-11-24");
        let day = faults.take("ends_on", day);
        if day.is_some_and(|day| day > today) {
            faults.add("ends_on", "离任日期不能晚于今天，到那天再来办");
        }
        if day.is_some_and(|day| ended.iter().any(|it| it.starts_on > day)) {
            faults.add("ends_on", "离任日期不能早于任职日期");
        }
        faults.or(day.map(|day| (ended, day)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        date(text).expect("a date")
    }

    fn person() -> PersonForm {
        PersonForm {
            name: "林晓禾".into(),
            phone: "１９９ 0000 0020".into(),
            ..PersonForm::default()
        }
    }

    fn office() -> OfficeForm {
        OfficeForm {
            id: "0199f1a0-0000-7000-8000-000000000001".into(),
            post: "委员".into(),
            nature: "part".into(),
            role: "cadre".into(),
            starts_on: "2026-11-24".into(),
            ..OfficeForm::default()
        }
    }

    fn faults_of(form: &PersonForm) -> Faults {
        let mut faults = Faults::default();
        let _person = form.check(day("2026-11-24"), &mut faults);
        faults
    }

    #[test]
    fn name_and_phone_are_enough() {
        let mut faults = Faults::default();
        let (name, known) = person().check(day("2026-11-24"), &mut faults).expect("ok");
        assert_eq!(
            (name.as_str(), known.phone.as_str()),
            ("林晓禾", "19900000020")
        );
        assert!(faults.is_empty());
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let bad = PersonForm {
            name: "林3".into(),
            phone: "0578-2026".into(),
            sex: "3".into(),
            birth_on: "2015-01-01".into(),
            politics: "99".into(),
            work_unit: "字".repeat(61),
            ..PersonForm::default()
        };
        let faults = faults_of(&bad);
        for field in ["name", "phone", "sex", "birth_on", "politics", "work_unit"] {
            assert!(faults.of(field).is_some(), "{field}");
        }
        assert_eq!(faults.of("education"), None);
    }

    #[test]
    fn a_post_is_one_of_the_list_and_ends_after_it_begins() {
        let today = day("2026-11-24");
        let check = |form: &OfficeForm| {
            let mut faults = Faults::default();
            form.check(today, &mut faults).ok_or(faults)
        };
        assert!(check(&office()).is_ok());
        for (field, value) in [
            ("post", "皇帝"),
            ("nature", "x"),
            ("role", "system"),
            ("starts_on", "2028-01-01"),
            ("ends_on", "2026-11-24"),
        ] {
            let mut form = office();
            match field {
                "post" => form.post = value.into(),
                "nature" => form.nature = value.into(),
                "role" => form.role = value.into(),
                "starts_on" => form.starts_on = value.into(),
                _ => form.ends_on = value.into(),
            }
            assert!(check(&form).unwrap_err().of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn every_bad_date_is_named_at_once() {
        let form = OfficeForm {
            starts_on: "昨天".into(),
            ends_on: "明年".into(),
            ..office()
        };
        let mut faults = Faults::default();
        assert_eq!(form.check(day("2026-11-24"), &mut faults), None);
        assert!(faults.of("starts_on").is_some() && faults.of("ends_on").is_some());
    }

    #[test]
    fn nobody_leaves_tomorrow() {
        let form = LeaveForm {
            appointments: Vec::new(),
            ends_on: "2026-11-25".into(),
        };
        let faults = form.check(&[], day("2026-11-24")).unwrap_err();
        assert!(faults.of("appointments").is_some() && faults.of("ends_on").is_some());
    }
}
