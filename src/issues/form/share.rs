//! The forms by which a part of a 诉求 is given to others, and by which they answer.

use crate::committees::Committee;
use crate::issues::model::{
    Bar, HandoffId, Issue, MoveId, NewHandoff, NewPart, PartId, PartStep, Partner,
};
use crate::issues::parts::NewStep;
use crate::kit::clock::read_date;
use crate::kit::ids::uuid_v7;
use crate::kit::text::{TextFault, clean, clean_lines, has_number};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::scope::Place;

/// In characters.
pub const TASK_MAX: usize = 500;
pub const MATTER_MAX: usize = 1000;
pub const ANSWER_MAX: usize = 1000;
const DEPARTMENT_MAX: usize = 40;
const CONTACT_MAX: usize = 20;
const PHONE_MAX: usize = 30;
/// Digits in a row that may be a telephone or a card.
const LATE: &str = "这一页开得太久了，刷新后再来";

/// As typed; for a part and for a handoff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareForm {
    pub id: String,
    pub version: String,
    /// `unit` or `department`.
    pub who: String,
    pub unit: String,
    pub department: String,
    pub contact: String,
    pub phone: String,
    pub task: String,
    pub matter: String,
    pub shown: String,
    pub day: String,
}

/// The young person of the matter, as far as whoever gives knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Not to be written into what others read.
    pub name: Option<String>,
    /// He knows the person, so he may make the name visible.
    pub may_show: bool,
}

impl ShareForm {
    /// An empty one; `matter` without the person.
    pub fn fresh(
        issue: &Issue,
        matter: Option<String>,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Self {
        Self {
            id: uuid_v7(now).to_string(),
            version: issue.version.to_string(),
            matter: matter.unwrap_or_default(),
            ..Self::default()
        }
    }

    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            version: fields.text("version"),
            who: fields.text("who"),
            unit: fields.text("unit"),
            department: fields.text("department"),
            contact: fields.text("contact"),
            phone: fields.text("phone"),
            task: fields.text("task"),
            matter: fields.text("matter"),
            shown: fields.text("shown"),
            day: fields.text("day"),
        }
    }

    /// `units`: those that were offered.
    pub fn check_part(&self, units: &[Committee], person: &Person) -> Result<NewPart, Faults> {
        let mut faults = Faults::default();
        let to = self.partner(units, &mut faults);
        let (task, matter) = self.texts(person, &mut faults);
        let due_on = self.due_on(&mut faults);
        let id = faults.take("task", self.id.parse::<PartId>().map_err(|_| LATE));
        let version = faults.take("task", self.version.parse::<i32>().map_err(|_| LATE));
        let new = (|| {
            Some(NewPart {
                id: id?,
                version: version?,
                to: to?,
                task: task?,
                matter: matter?,
                shown_name: self.shown_name(person),
                due_on,
            })
        })();
        faults.or(new)
    }

    pub fn check_handoff(&self, to: Place, person: &Person) -> Result<NewHandoff, Faults> {
        let mut faults = Faults::default();
        let (task, matter) = self.texts(person, &mut faults);
        let due_on = self.due_on(&mut faults);
        let id = faults.take("task", self.id.parse::<HandoffId>().map_err(|_| LATE));
        let version = faults.take("task", self.version.parse::<i32>().map_err(|_| LATE));
        let new = (|| {
            Some(NewHandoff {
                id: id?,
                version: version?,
                to,
                task: task?,
                matter: matter?,
                shown_name: self.shown_name(person),
                due_on,
            })
        })();
        faults.or(new)
    }

    fn partner(&self, units: &[Committee], faults: &mut Faults) -> Option<Partner> {
        match self.who.as_str() {
            "unit" => {
                let unit = units.iter().find(|unit| unit.id.to_string() == self.unit);
                let unit = faults.take("unit", unit.ok_or("选一个单位"))?;
                Some(Partner::Unit(unit.place()))
            }
            "department" => {
                let name = clean(&self.department, DEPARTMENT_MAX).map_err(|fault| match fault {
                    TextFault::Empty => "写下是哪个部门".to_owned(),
                    other => other.to_string(),
                });
                let name = faults.take("department", name);
                let contact = optional("contact", &self.contact, CONTACT_MAX, faults);
                let phone = optional("phone", &self.phone, PHONE_MAX, faults);
                Some(Partner::Department {
                    name: name?,
                    contact,
                    phone,
                })
            }
            _ => {
                faults.add("who", "选交给单位还是部门");
                None
            }
        }
    }

    fn texts(&self, person: &Person, faults: &mut Faults) -> (Option<String>, Option<String>) {
        let is_shown = self.shown_name(person).is_some();
        let mut text = |field: &str, raw: &str, max: usize, missing: &str| {
            let text = clean_lines(raw, max).map_err(|fault| match fault {
                TextFault::Empty => missing.to_owned(),
                other => other.to_string(),
            });
            let text = text.and_then(|text| match person.name.as_deref() {
                Some(name) if !is_shown && text.contains(name) => {
                    Err("里面有青年的姓名，去掉；要让对方知道，勾上“让对方看到青年姓名”".to_owned())
                }
                _ if has_number(&text) => Err("里面有电话或者证件号，去掉".to_owned()),
                _ => Ok(text),
            });
            faults.take(field, text)
        };
        let task = text("task", &self.task, TASK_MAX, "写下要对方做什么");
        let matter = text("matter", &self.matter, MATTER_MAX, "写下给对方看的情况");
        (task, matter)
    }

    fn shown_name(&self, person: &Person) -> Option<String> {
        let is_marked = self.shown == "on" && person.may_show;
        person.name.clone().filter(|_| is_marked)
    }

    /// None: not asked for, or a fault.
    fn due_on(&self, faults: &mut Faults) -> Option<chrono::NaiveDate> {
        match self.day.trim() {
            "" => None,
            text => faults.take("day", read_date(text).ok_or("期限认不出来，再选一次")),
        }
    }

    /// At which field the sentence of something in the way stands.
    pub fn field_of(&self, bar: Bar) -> &'static str {
        match bar {
            Bar::DueBefore => "day",
            Bar::SameUnit | Bar::Foreign if self.who == "unit" => "unit",
            _ => "task",
        }
    }
}

/// None: left out, or a fault.
fn optional(field: &str, raw: &str, max: usize, faults: &mut Faults) -> Option<String> {
    match clean(raw, max) {
        Ok(text) => Some(text),
        Err(TextFault::Empty) => None,
        Err(other) => {
            faults.add(field, other.to_string());
            None
        }
    }
}

/// How a partner answers: as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerForm {
    pub id: String,
    pub step: String,
    pub words: String,
}

impl AnswerForm {
    pub fn fresh(now: chrono::DateTime<chrono::Utc>) -> Self {
        Self {
            id: MoveId::new_v7(now).to_string(),
            ..Self::default()
        }
    }

    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            step: fields.text("step"),
            words: fields.text("words"),
        }
    }

    /// An answer, or a return.
    pub fn check(&self) -> Result<NewStep, Faults> {
        let step = PartStep::from_code(&self.step);
        let step = step.filter(|it| matches!(it, PartStep::Answered | PartStep::Returned));
        let missing = match step {
            Some(PartStep::Returned) => "写下为什么退回",
            _ => "写下答复",
        };
        let mut faults = Faults::default();
        let step = faults.take("step", step.ok_or("选答复还是退回"));
        self.step_of(step, missing, faults)
    }

    /// Taken back by who gave it.
    pub fn check_withdrawal(&self) -> Result<NewStep, Faults> {
        let step = Some(PartStep::Withdrawn);
        self.step_of(step, "写下为什么撤回", Faults::default())
    }

    fn step_of(
        &self,
        step: Option<PartStep>,
        missing: &str,
        mut faults: Faults,
    ) -> Result<NewStep, Faults> {
        let words = clean_lines(&self.words, ANSWER_MAX).map_err(|fault| match fault {
            TextFault::Empty => missing.to_owned(),
            other => other.to_string(),
        });
        let words = faults.take("words", words);
        let id = faults.take("words", self.id.parse::<MoveId>().map_err(|_| LATE));
        let new = id.zip(step).zip(words);
        faults.or(new.map(|((id, step), words)| NewStep {
            id,
            step,
            words: Some(words),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> ShareForm {
        let id = "0199f1a0-0000-7000-8000-000000000001";
        let mut all = vec![("id", id), ("version", "3")];
        all.extend_from_slice(pairs);
        ShareForm::read(&Fields::of(&all))
    }

    #[test]
    fn what_others_read_has_no_name_and_no_number() {
        let person = Person {
            name: Some("司马照临".into()),
            may_show: true,
        };
        let department = [
            ("who", "department"),
            ("department", "县人社局"),
            ("task", "查补贴"),
        ];
        let with = |matter: &'static str, shown: &'static str| {
            let mut all = department.to_vec();
            all.extend([("matter", matter), ("shown", shown)]);
            form(&all).check_part(&[], &person)
        };
        assert!(
            with("司马照临问补贴", "")
                .unwrap_err()
                .of("matter")
                .is_some()
        );
        assert!(
            with("打19900001234找他", "on")
                .unwrap_err()
                .of("matter")
                .is_some()
        );
        let new = with("司马照临问补贴", "on").unwrap();
        assert_eq!(new.shown_name.as_deref(), Some("司马照临"));
        assert_eq!(with("2026 年的补贴", "").unwrap().shown_name, None);
        let unknown = Person {
            may_show: false,
            ..person.clone()
        };
        let new = form(&[
            ("who", "department"),
            ("department", "县人社局"),
            ("task", "查补贴"),
            ("matter", "补贴没到"),
            ("shown", "on"),
        ]);
        assert_eq!(new.check_part(&[], &unknown).unwrap().shown_name, None);
    }

    #[test]
    fn each_form_says_what_is_missing_at_its_field() {
        let none = Person::default();
        let faults = form(&[]).check_part(&[], &none).unwrap_err();
        assert_eq!(faults.of("who"), Some("选交给单位还是部门"));
        assert_eq!(faults.of("task"), Some("写下要对方做什么"));
        assert_eq!(faults.of("matter"), Some("写下给对方看的情况"));
        let faults = form(&[("who", "unit"), ("unit", "7")]).check_part(&[], &none);
        assert_eq!(faults.unwrap_err().of("unit"), Some("选一个单位"));
        let faults = form(&[("who", "department"), ("day", "0")]).check_part(&[], &none);
        let faults = faults.unwrap_err();
        assert!(faults.of("department").is_some() && faults.of("day").is_some());
        let faults = AnswerForm::default().check().unwrap_err();
        assert_eq!(faults.of("step"), Some("选答复还是退回"));
    }
}
