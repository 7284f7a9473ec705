//! What stands in a form, as a reader has it: the two texts of a conflict side by side.

use super::{LABELS, YouthForm};
use crate::cadres::{Education, Politics, Sex};
use crate::youth::model::{Care, Consent, Group};

impl YouthForm {
    /// Name, label and text of each field, in the order of `LABELS`. `village` is its name.
    pub fn said(&self, village: &str) -> Vec<(&'static str, &'static str, String)> {
        let fields = LABELS.iter();
        let said = fields.map(|(name, label)| (*name, *label, self.text_of(name, village)));
        said.collect()
    }

    fn text_of(&self, name: &str, village: &str) -> String {
        match name {
            "name" => self.name.clone(),
            "phone" => self.phone.clone(),
            "village" => village.to_owned(),
            "consent" => label(Consent::from_code(&self.consent), Consent::label),
            "guardian_name" => self.guardian_name.clone(),
            "guardian_phone" => self.guardian_phone.clone(),
            "sex" => label(Sex::from_code(&self.sex), Sex::label),
            "birth" => self.birth.clone(),
            "groups" => {
                let groups = self.groups.iter().filter_map(|it| Group::from_code(it));
                groups.map(Group::label).collect::<Vec<_>>().join("、")
            }
            "care" => label(Care::from_code(&self.care), Care::label),
            "politics" => label(Politics::from_code(&self.politics), Politics::label),
            "education" => label(Education::from_code(&self.education), Education::label),
            "work_unit" => self.work_unit.clone(),
            "occupation" => self.occupation.clone(),
            "skill" => self.skill.clone(),
            "talent" if !self.talent.is_empty() => "是".to_owned(),
            "note" => self.note.clone(),
            _ => String::new(),
        }
    }
}

fn label<T>(word: Option<T>, label: fn(T) -> &'static str) -> String {
    word.map(label).unwrap_or_default().to_owned()
}
