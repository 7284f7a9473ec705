//! One issue that was heard on an outing, and what became of it.

use chrono::Datelike;

use super::life::{self, Life, Of};
use super::{Outing, Outings};
use crate::demo::words;
use crate::issues;

impl Outings {
    pub(super) fn issue(
        &mut self,
        outing: &Outing,
        number: usize,
        youth: usize,
        demand: &words::Demand,
    ) {
        let year = outing.evening.year();
        let n = self.number(outing.unit, "issue", year);
        let id = outing.id.part("issue", number);
        let (county, own) = self.names(outing.unit);
        let first = |name: &str| name.chars().take(1).collect::<String>();
        let no = issues::number(&(first(&county) + &first(&own)), year, n);
        let above = self.chance.percent(20);
        let units = &self.world.units;
        let at = &units[outing.unit].planted;
        let county = self.world.above(outing.unit, 4).unwrap_or(outing.unit);
        let handler = if above { &units[county].planted } else { at };
        let lead = self.world.cadres[outing.went[0]].id;
        let somebody = &self.world.youths[youth];
        let sensitive = somebody.is_guarded || issues::has_sensitive_words(&demand.detail);
        let row = self.rows[3].row().plain(at.tenant).plain(id).plain(at.id);
        let row = row
            .plain(at.code_lo)
            .plain(handler.id)
            .plain(handler.code_lo);
        let row = row
            .or_null((!above).then_some(lead))
            .plain(at.code_lo)
            .text(&no);
        let row = row
            .text(&demand.detail)
            .text(&demand.category)
            .text(&demand.urgency);
        let row = row.text("visit").plain(somebody.id).or_null(outing.village);
        let row = row.plain(sensitive).plain(outing.evening).plain(lead);
        let row = row.time(outing.written).time(outing.written);
        let handed = (handler.code_lo != at.code_lo).then_some(outing.written);
        let life = if above {
            None
        } else {
            let written = outing.written;
            Life::draw(&mut self.chance, &self.calendar, written, self.now)
        };
        life::state(row, handed, life.as_ref());
        let row = self.rows[4].row().plain(at.tenant).plain(outing.id);
        row.plain(id).plain(at.code_lo);
        if let Some(life) = life {
            self.live(outing, number, &life, &demand.category);
        }
        self.line(issues::ADDED, id, outing);
    }

    fn live(&mut self, outing: &Outing, number: usize, life: &Life, category: &str) {
        let part = |kind: &str| outing.id.part(kind, number);
        let of = Of {
            at: &self.world.units[outing.unit].planted,
            issue: part("issue"),
            cadre: self.world.cadres[outing.went[0]].id,
            category,
            ids: ["accept", "take", "close", "lapse"].map(part),
        };
        life.moves(&mut self.rows[6], &of);
        life.closing(&mut self.rows[7], &of, &self.calendar);
    }
}
