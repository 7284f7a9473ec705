//! The name of an organisation, as it is typed here and in the form of a visit.

use super::model::{Kind, OrganisationId};
use crate::kit::text::{TextFault, clean, half_width};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

const NAME_MAX: usize = 40;

/// One is there already under that name.
pub fn already(name: &str) -> String {
    format!("这里已经有“{name}”")
}

/// One of that name stands nearby, above or below: perhaps the same.
pub fn nearby(name: &str, committee: &str) -> String {
    format!("{committee}已经有“{name}”。是同一家就不用再添；是另一家，勾上再添")
}

/// Somebody else has changed it since the page was opened.
pub fn changed_to(name: &str) -> String {
    format!("别人刚改成了“{name}”。要用您填的，再点一次")
}

pub const CHOOSE: &str = "选一个要并入的单位";

/// A name in its one form: half-width signs, no spaces around; or the sentence that says what to mend.
pub fn check_name(raw: &str) -> Result<String, String> {
    clean(&half_width(raw), NAME_MAX).map_err(|fault| match fault {
        TextFault::Empty => "写单位的名称".into(),
        other => other.to_string(),
    })
}

#[derive(Clone, Debug, Default)]
pub struct OrganisationForm {
    pub id: String,
    pub kind: String,
    pub name: String,
    /// `on`: another one than that of the same name nearby.
    pub other: String,
}

impl OrganisationForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            kind: fields.text("what"),
            name: fields.text("name"),
            other: fields.text("other"),
        }
    }

    pub fn check(&self) -> Result<(OrganisationId, Kind, String), Faults> {
        let mut faults = Faults::default();
        let id = self.id.parse::<OrganisationId>();
        let id = faults.take("name", id.map_err(|_| "这一页开得太久了，再点一次“添上”"));
        let kind = Kind::from_code(&self.kind).filter(|kind| Kind::TYPED.contains(kind));
        let kind = faults.take("what", kind.ok_or("选是什么单位"));
        let name = faults.take("name", check_name(&self.name));
        faults.or(id
            .zip(kind)
            .zip(name)
            .map(|((id, kind), name)| (id, kind, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form() {
        assert_eq!(
            check_name("  清川Ａ公司（一）").as_deref(),
            Ok("清川A公司(一)")
        );
        assert_eq!(check_name(" "), Err("写单位的名称".into()));
        assert!(check_name(&"字".repeat(41)).is_err());
        assert!(check_name("a\0b").is_err());
    }

    #[test]
    fn villages_come_from_the_tree() {
        let form = |kind: &str| OrganisationForm {
            id: "0199f1a0-0000-7000-8000-000000000001".into(),
            kind: kind.into(),
            name: "上溪村".into(),
            other: String::new(),
        };
        assert!(form("village").check().unwrap_err().of("what").is_some());
        assert!(form("").check().is_err());
        assert!(form("enterprise").check().is_ok());
    }
}
