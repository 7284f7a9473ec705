//! The form of a leave: who stands in, from which day to which.

use chrono::NaiveDate;

use crate::cadres::InOffice;
use crate::issues::model::{DEPUTY_DAYS, DeputyId, NewDeputy};
use crate::kit::clock::read_date;
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeputyForm {
    pub id: String,
    /// Whose leave it is; empty: of whoever asks.
    pub cadre: String,
    pub deputy: String,
    pub from: String,
    pub to: String,
}

impl DeputyForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            id: fields.text("id"),
            cadre: fields.text("cadre"),
            deputy: fields.text("deputy"),
            from: fields.text("from"),
            to: fields.text("to"),
        }
    }

    /// `able`: who may stand in.
    pub fn check(
        &self,
        cadre: CadreId,
        able: &[InOffice],
        today: NaiveDate,
    ) -> Result<NewDeputy, Faults> {
        let mut faults = Faults::default();
        let late = "这一页开得太久了，刷新后再来";
        let id = faults.take("deputy", self.id.parse::<DeputyId>().map_err(|_| late));
        let deputy = able.iter().find(|it| it.cadre.to_string() == self.deputy);
        let deputy = faults.take("deputy", deputy.ok_or("选一个代办的人"));
        let from = faults.take("from", read_date(&self.from).ok_or("选哪天开始"));
        let to = faults.take("to", read_date(&self.to).ok_or("选到哪天为止"));
        if from.is_some_and(|day| day < today) {
            faults.add("from", "从今天或以后开始");
        }
        if let (Some(from), Some(to)) = (from, to) {
            if to < from {
                faults.add("to", "结束的日子要在开始以后");
            } else if (to - from).num_days() >= DEPUTY_DAYS {
                faults.add("to", format!("一次代办最长 {DEPUTY_DAYS} 天"));
            }
        }
        let whole = id.zip(deputy).zip(from.zip(to));
        faults.or(whole.map(|((id, deputy), (from_on, to_on))| NewDeputy {
            id,
            cadre,
            deputy: deputy.cadre,
            from_on,
            to_on,
        }))
    }

    pub fn taken(name: &str) -> Faults {
        Faults::one("from", format!("这几天已经有 {name} 代办，先结束那一次"))
    }
}
