//! What an admin types when he adds, renames or closes a committee. Names may be left out: then they are
//! made by custom from the name of the place or unit.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::divisions;
use super::model::{Class, Committee, Names, NewCommittee, What};
use super::planting;
use crate::kit::ids::parse_uuid;
use crate::kit::text::{TextFault, clean, half_width};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;

const NAME_MAX: usize = 30;
const FULL_MAX: usize = 60;

#[derive(Clone, Debug, Default)]
pub struct CommitteeForm {
    pub id: String,
    pub what: String,
    pub division: String,
    pub name: String,
    pub class: String,
    pub full_name: String,
    pub short_name: String,
    pub starts_on: String,
}

impl CommitteeForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            what: fields.text("what"),
            division: fields.text("division"),
            name: fields.text("name"),
            class: fields.text("class"),
            full_name: fields.text("full_name"),
            short_name: fields.text("short_name"),
            starts_on: fields.text("starts_on"),
        }
    }

    /// `divisions`: codes of those directly below the parent that have no committee yet.
    pub fn check(
        &self,
        parent: &Committee,
        divisions: &[i64],
        today: NaiveDate,
    ) -> Result<NewCommittee, Faults> {
        let mut faults = Faults::default();
        let what = What::from_code(&self.what).filter(|what| What::below(parent).contains(what));
        let what = faults.take("what", what.ok_or("选一种要添的团组织"));
        let id = parse_uuid(&self.id).map_err(|_| "这一页开得太久了，再点一次“添上”");
        let id = faults.take("what", id);
        let starts_on = faults.take("starts_on", self.started(parent, today));
        let (Some(id), Some(what)) = (id, what) else {
            return faults.or(None);
        };
        let new = match what {
            What::Division => self.of_division(divisions, &mut faults),
            _ => self.typed(what, parent, &mut faults),
        };
        let full = faults.take("full_name", optional(&self.full_name, FULL_MAX));
        let short = faults.take("short_name", optional(&self.short_name, NAME_MAX));
        let new = new.and_then(|new| {
            Some(NewCommittee {
                form_id: id,
                full_name: full?.unwrap_or(new.full_name),
                short_name: short?.unwrap_or(new.short_name),
                starts_on: starts_on?,
                ..new
            })
        });
        faults.or(new)
    }

    fn started(&self, parent: &Committee, today: NaiveDate) -> Result<NaiveDate, String> {
        let day = date(&self.starts_on).ok_or("写成立的日期，例如 2026-11-24")?;
        if day > today {
            return Err("成立日期不能晚于今天".into());
        }
        if day < parent.starts_on {
            return Err(format!("成立日期不能早于上级（{}）", parent.starts_on));
        }
        Ok(day)
    }

    fn of_division(&self, divisions: &[i64], faults: &mut Faults) -> Option<NewCommittee> {
        let code = self.division.parse::<i64>().ok();
        let code = code.filter(|code| divisions.contains(code));
        let planned = code.and_then(planting::single);
        let planned = faults.take("division", planned.ok_or("选一个还没有建团组织的区划"))?;
        let place = divisions::load().get(planned.division_code?)?.display();
        Some(NewCommittee {
            class: planned.class,
            division_code: planned.division_code,
            full_name: planned.full_name,
            short_name: planned.short_name,
            common_name: planned.common_name,
            place_name: place.into_owned(),
            ..empty(What::Division)
        })
    }

    fn typed(&self, what: What, parent: &Committee, faults: &mut Faults) -> Option<NewCommittee> {
        let name = faults.take("name", required(&self.name, NAME_MAX, "写地名或单位的名称"));
        let class = match self.class.as_str() {
            "" => what.classes().first().copied(),
            code => Class::from_code(code).filter(|class| what.classes().contains(class)),
        };
        let class = faults.take("class", class.ok_or("这种团组织不能是这个类别"));
        let (name, class) = (name?, class?);
        let [full_name, short_name, common_name] =
            planting::proposed(what, &name, &parent.place_name, class);
        Some(NewCommittee {
            class,
            full_name,
            short_name,
            common_name,
            place_name: name,
            ..empty(what)
        })
    }
}

impl NewCommittee {
    /// Two with one name under one superior would never be told apart again.
    pub fn fits_beside(&self, beside: &[Committee]) -> Result<(), Faults> {
        let mut open = beside.iter().filter(|it| it.ends_on.is_none());
        let twin = open.find(|it| {
            it.full_name == self.full_name
                || self.division_code.is_some() && it.division_code == self.division_code
        });
        match twin {
            Some(twin) if self.what == What::Division => {
                let text = format!("这里已经有“{}”", twin.short_name);
                Err(Faults::one("division", text))
            }
            Some(twin) => {
                let text = format!("这里已经有“{}”，换一个名称", twin.full_name);
                Err(Faults::one("name", text))
            }
            None => Ok(()),
        }
    }
}

fn empty(what: What) -> NewCommittee {
    NewCommittee {
        form_id: uuid::Uuid::nil(),
        what,
        class: Class::Branch,
        division_code: None,
        full_name: String::new(),
        short_name: String::new(),
        common_name: String::new(),
        place_name: String::new(),
        starts_on: NaiveDate::MIN,
    }
}

#[derive(Clone, Debug, Default)]
pub struct RenameForm {
    pub full_name: String,
    pub short_name: String,
    pub place_name: String,
    pub since: String,
    pub version: String,
}

impl RenameForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            full_name: fields.text("full_name"),
            short_name: fields.text("short_name"),
            place_name: fields.text("place_name"),
            since: fields.text("since"),
            version: fields.text("version"),
        }
    }

    pub fn of(committee: &Committee, today: NaiveDate) -> Self {
        Self {
            full_name: committee.full_name.clone(),
            short_name: committee.short_name.clone(),
            place_name: committee.place_name.clone(),
            since: today.to_string(),
            version: committee.version.to_string(),
        }
    }

    /// The names, and since when they hold.
    pub fn check(&self, of: &Committee, today: NaiveDate) -> Result<(Names, NaiveDate), Faults> {
        let mut faults = Faults::default();
        let full = required(&self.full_name, FULL_MAX, "写全称");
        let full = faults.take("full_name", full);
        let short = required(&self.short_name, NAME_MAX, "写简称");
        let short = faults.take("short_name", short);
        let place = required(&self.place_name, NAME_MAX, "写地名或单位的名称");
        let place = faults.take("place_name", place);
        let since = day_between(&self.since, of.starts_on, today, "改名的日期");
        let since = faults.take("since", since);
        let names = full.zip(short).zip(place);
        let names = names.map(|((full, short), place)| Names { full, short, place });
        faults.or(names.zip(since))
    }
}

#[derive(Clone, Debug, Default)]
pub struct CloseForm {
    pub ends_on: String,
    pub successor: String,
    pub version: String,
}

impl CloseForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            ends_on: fields.text("ends_on"),
            successor: fields.text("successor"),
            version: fields.text("version"),
        }
    }

    /// From when it is closed, and which of `siblings` goes on with its work.
    pub fn check(
        &self,
        of: &Committee,
        siblings: &[CommitteeId],
        today: NaiveDate,
    ) -> Result<(NaiveDate, Option<CommitteeId>), Faults> {
        let mut faults = Faults::default();
        let day = day_between(&self.ends_on, of.starts_on, today, "撤销的日期");
        let day = faults.take("ends_on", day);
        let successor = match self.successor.as_str() {
            "" => Ok(None),
            text => {
                let id = text.parse::<CommitteeId>().ok();
                let id = id.filter(|id| siblings.contains(id));
                id.map(Some).ok_or("从列出的团组织里选一个")
            }
        };
        let successor = faults.take("successor", successor);
        faults.or(day.zip(successor))
    }
}

/// A day as a date field sends it, or as it is typed: `2026-11-24`, full-width digits too.
pub fn date(raw: &str) -> Option<NaiveDate> {
    let text = half_width(raw.trim()).replace(['/', '.'], "-");
    NaiveDate::parse_from_str(&text, "%Y-%m-%d")
        .ok()
        .filter(|day| (1900..2200).contains(&chrono::Datelike::year(day)))
}

fn day_between(
    raw: &str,
    first: NaiveDate,
    last: NaiveDate,
    of: &str,
) -> Result<NaiveDate, String> {
    let day = date(raw).ok_or_else(|| format!("写{of}，例如 2026-11-24"))?;
    if day > last {
        return Err(format!("{of}不能晚于今天"));
    }
    if day < first {
        return Err(format!("{of}不能早于成立日期（{first}）"));
    }
    Ok(day)
}

fn required(raw: &str, max: usize, missing: &str) -> Result<String, String> {
    clean(raw, max).map_err(|fault| match fault {
        TextFault::Empty => missing.to_owned(),
        other => other.to_string(),
    })
}

fn optional(raw: &str, max: usize) -> Result<Option<String>, String> {
    match clean(raw, max) {
        Ok(text) => Ok(Some(text)),
        Err(TextFault::Empty) => Ok(None),
        Err(other) => Err(other.to_string()),
    }
}
