//! What happens: one visit after the other in the order of time, with who went, who was met, what was
//! heard, and the numbers of each committee's records.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::people::Line;
use super::rows::{
    COUNTERS, DAY_BOOK, ISSUE_CLOSINGS, ISSUE_MOVES, ISSUES, Rows, VISIT_CADRES, VISIT_PROBLEMS,
    VISIT_YOUTHS, VISITS,
};
use super::world::World;
use crate::demo::chance::Chance;
use crate::demo::stage::uuid_at;
use crate::demo::words;
use crate::kit::clock::{evening_of, local};
use crate::kit::workday::Calendar;
use crate::visits;
use crate::visits::VisitId;

/// What is being written, and the numbers given out so far by (committee, kind, year).
#[derive(Debug)]
pub struct Outings {
    pub world: World,
    rows: Vec<Rows>,
    numbers: HashMap<(usize, &'static str, i32), i32>,
    /// Committees that go out, by level: cities, counties, towns.
    teams: [Vec<usize>; 3],
    chance: Chance,
    calendar: Calendar,
    now: DateTime<Utc>,
}

/// Of the tables of a visit, in the order of `Outings::rows`.
const TABLES: [crate::platform::loader::Table; 8] = [
    VISITS,
    VISIT_CADRES,
    VISIT_YOUTHS,
    ISSUES,
    VISIT_PROBLEMS,
    DAY_BOOK,
    ISSUE_MOVES,
    ISSUE_CLOSINGS,
];

/// One visit, before it becomes rows.
#[derive(Debug)]
struct Outing {
    id: VisitId,
    unit: usize,
    host: usize,
    at: DateTime<Utc>,
    written: DateTime<Utc>,
    is_night: bool,
    evening: NaiveDate,
    mode: &'static str,
    kind: &'static str,
    place: String,
    place_text: Option<String>,
    village: Option<Uuid>,
    organisation: Option<Uuid>,
    /// The lead first.
    went: Vec<usize>,
    met: Vec<usize>,
    walkins: usize,
}

impl Outing {
    fn headcount(&self) -> usize {
        self.met.len() + self.walkins
    }
}

impl Outings {
    pub fn new(world: World, now: DateTime<Utc>) -> Self {
        let of = |level| {
            let units = world.units.iter().enumerate();
            let units = units.filter(|(_, u)| u.planted.level == level && !u.towns.is_empty());
            units.map(|(index, _)| index).collect()
        };
        Self {
            teams: [of(3), of(4), of(5)],
            rows: TABLES.map(Rows::new).into(),
            numbers: HashMap::new(),
            chance: Chance::new(5),
            calendar: Calendar::china(),
            world,
            now,
        }
    }

    /// Bytes that wait.
    pub fn waiting(&self) -> usize {
        self.rows.iter().map(Rows::len).sum()
    }

    pub fn take(&mut self) -> Vec<Rows> {
        std::mem::replace(&mut self.rows, TABLES.map(Rows::new).into())
    }

    /// Writes one visit that begins then.
    pub fn go(&mut self, at: DateTime<Utc>) {
        let outing = self.draw(at);
        let problems = self.problems(&outing);
        self.visit(
            &outing,
            problems.first().map_or("近况", |p| p.1.detail.as_str()),
        );
        self.people(&outing);
        for (index, (youth, demand)) in problems.iter().enumerate() {
            self.issue(&outing, index + 1, *youth, demand);
        }
    }

    fn draw(&mut self, at: DateTime<Utc>) -> Outing {
        let chance = &mut self.chance;
        let teams = match chance.below(100) {
            0..4 => &self.teams[0],
            4..22 => &self.teams[1],
            _ => &self.teams[2],
        };
        let unit = *chance.pick(teams);
        let host = *chance.pick(&self.world.units[unit].towns);
        let (is_night, evening) = evening_of(at, 18);
        let outing = Outing {
            id: VisitId(uuid_at(chance, at)),
            unit,
            host,
            at,
            written: (at + TimeDelta::minutes(70)).min(self.now),
            is_night,
            evening,
            mode: "RH",
            kind: "home",
            place: String::new(),
            place_text: None,
            village: None,
            organisation: None,
            went: Vec::new(),
            met: Vec::new(),
            walkins: 0,
        };
        let outing = self.somewhere(outing);
        self.somebody(outing)
    }

    fn somewhere(&mut self, mut outing: Outing) -> Outing {
        let (chance, world) = (&mut self.chance, &self.world);
        let host = &world.units[outing.host];
        let town = &host.planted.place_name;
        let village = (!host.villages.is_empty()).then(|| *chance.pick(&host.villages));
        let village = village.map(|index| &world.places[index]);
        outing.village = village.map(|place| place.id);
        let drawn = chance.below(100);
        let house = match drawn {
            0..75 => None,
            75..90 => host.houses.get(1),
            _ => host.houses.first(),
        };
        (outing.mode, outing.kind) = match drawn {
            0..60 => ("RH", "home"),
            60..75 => ("CQ", "community"),
            75..90 => ("JZ", "youth_home"),
            _ => ("QY", "enterprise"),
        };
        let house = house.map(|index| &world.places[*index]);
        outing.organisation = house.map(|place| place.id).or(outing.village);
        outing.place_text = (house.is_none() && village.is_none()).then(|| format!("{town}东村"));
        let parts = [
            village.map(|place| format!("{town}{}", place.name)),
            house.map(|place| place.name.clone()),
        ];
        let place = parts.into_iter().flatten().collect::<Vec<_>>().join("，");
        outing.place = if place.is_empty() {
            town.clone()
        } else {
            place
        };
        outing
    }

    /// Eight in a hundred find nobody.
    fn somebody(&mut self, mut outing: Outing) -> Outing {
        let (chance, world) = (&mut self.chance, &self.world);
        let own = &world.units[outing.unit].cadres;
        outing.went.push(own.start + chance.below(own.len()));
        if chance.percent(45) {
            outing.went.push(own.start + chance.below(own.len()));
        }
        let county = world
            .above(outing.unit, 4)
            .filter(|county| *county != outing.unit);
        if let Some(county) = county
            && chance.percent(10)
        {
            let cadres = &world.units[county].cadres;
            outing.went.push(cadres.start + chance.below(cadres.len()));
        }
        let lead = outing.went[0];
        outing.went[1..].sort_unstable();
        outing.went.dedup();
        let mut others = outing.went.split_off(1);
        others.retain(|cadre| *cadre != lead);
        outing.went.extend(others);
        if chance.percent(8) {
            return outing;
        }
        let n = if outing.kind == "youth_home" {
            4 + chance.below(4)
        } else {
            1 + chance.below(3)
        };
        let youths = &world.units[outing.host].youths;
        let first = chance.below(youths.len());
        outing.met = (0..n)
            .map(|step| youths.start + (first + step * 7) % youths.len())
            .collect();
        outing.met.sort_unstable();
        outing.met.dedup();
        outing.walkins = if chance.percent(12) {
            1 + chance.below(4)
        } else {
            0
        };
        outing
    }

    /// Whose problem it is, and what.
    fn problems(&mut self, outing: &Outing) -> Vec<(usize, &'static words::Demand)> {
        let n = match self.chance.below(100) {
            _ if outing.met.is_empty() => 0,
            0..10 => 2,
            10..55 => 1,
            _ => 0,
        };
        let chance = &mut self.chance;
        let heard = (0..n).map(|_| (*chance.pick(&outing.met), words::demand(chance)));
        heard.collect()
    }

    fn number(&mut self, unit: usize, kind: &'static str, year: i32) -> i32 {
        let n = self.numbers.entry((unit, kind, year)).or_default();
        *n += 1;
        *n
    }

    /// The place names of county and town: a number is told from another by committee, too.
    fn names(&self, unit: usize) -> (String, String) {
        let name = |unit: usize| self.world.units[unit].planted.place_name.clone();
        let county = self.world.above(unit, 4).unwrap_or(unit);
        (name(county), name(unit))
    }

    fn visit(&mut self, outing: &Outing, about: &str) {
        let year = outing.evening.year();
        let n = self.number(outing.unit, "visit", year);
        let (county, own) = self.names(outing.unit);
        let no = visits::number(year, &county, &own, n);
        let clock = local(outing.at).time();
        let content = words::note(
            &mut self.chance,
            clock,
            &outing.place,
            outing.met.len(),
            about,
        );
        let at = &self.world.units[outing.unit].planted;
        let unmet = (outing.headcount() == 0).then_some("nobody_home");
        let row = self.rows[0]
            .row()
            .plain(at.tenant)
            .plain(outing.id)
            .plain(at.id);
        let row = row
            .plain(at.code_lo)
            .text(&no)
            .text(outing.mode)
            .time(outing.at);
        let row = row.plain(60).plain(outing.is_night).plain(outing.evening);
        let row = row
            .text(outing.kind)
            .text(&outing.place)
            .or_null(outing.village);
        let row = row
            .or_null(outing.organisation)
            .or_null(outing.place_text.as_ref());
        let row = row
            .plain(outing.walkins)
            .plain(outing.headcount())
            .or_null(unmet);
        let author = self.world.cadres[outing.went[0]].id;
        let row = row.text(&content).plain(author).text("phone");
        let row = row.text(&outing.id.0.simple().to_string());
        row.time(outing.written).time(outing.written);
        self.line(visits::ADDED, outing.id.0, outing);
    }

    fn line(&mut self, verb: crate::platform::daybook::Verb, object: Uuid, outing: &Outing) {
        let line = Line {
            verb,
            object,
            at: &self.world.units[outing.unit].planted,
            cadre: outing.went[0],
            time: outing.written,
        };
        line.write(&mut self.rows[5], &mut self.chance, &self.world);
    }

    fn people(&mut self, outing: &Outing) {
        let at = &self.world.units[outing.unit].planted;
        let counts = outing.headcount() > 0;
        for (seat, index) in outing.went.iter().enumerate() {
            let cadre = &self.world.cadres[*index];
            let home = &self.world.units[cadre.unit].planted;
            let row = self.rows[1]
                .row()
                .plain(at.tenant)
                .plain(outing.id)
                .plain(cadre.id);
            let row = row
                .plain(at.code_lo)
                .plain(home.id)
                .plain(home.code_lo)
                .plain(seat == 0);
            let row = row
                .time(outing.at)
                .plain(outing.evening)
                .plain(outing.is_night);
            row.plain(counts).text(&outing.place);
        }
        for index in &outing.met {
            let youth = &self.world.youths[*index];
            let theirs = self.world.units[youth.unit].planted.code_lo;
            let row = self.rows[2]
                .row()
                .plain(at.tenant)
                .plain(outing.id)
                .plain(youth.id);
            let row = row.plain(at.code_lo).plain(theirs).time(outing.at);
            row.plain(outing.evening).plain(counts);
        }
        for index in &outing.met {
            self.world.meet(*index, &outing.went, outing.evening);
        }
    }

    /// The numbers given out, so that the next record gets the next one.
    pub fn counters(&self) -> Rows {
        let mut rows = Rows::new(COUNTERS);
        for ((unit, kind, year), n) in &self.numbers {
            let at = &self.world.units[*unit].planted;
            let row = rows.row().plain(at.tenant).plain(at.id).plain(at.code_lo);
            row.text(kind).plain(year).plain(n);
        }
        rows
    }
}

mod issue;
mod life;
#[cfg(test)]
mod tests;
