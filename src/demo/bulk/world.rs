//! Who there is: the committees that were planted, their cadres, the young people of each town, the
//! villages and firms that are visited. Visits are drawn from it.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use uuid::Uuid;

use crate::demo::chance::Chance;
use crate::demo::stage::uuid_at;
use crate::kit::clock::local;
use crate::youth::{Care, age_on};

/// A committee as it stands in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    pub id: i32,
    pub parent: Option<i32>,
    pub tenant: i32,
    pub level: i16,
    pub code_lo: i64,
    pub place_name: String,
}

/// A committee with what hangs on it; everything by its index in the world.
#[derive(Debug)]
pub struct Unit {
    pub planted: Planted,
    pub parent: Option<usize>,
    /// Towns below, for a city or county; for a town itself.
    pub towns: Vec<usize>,
    pub cadres: Range<usize>,
    pub youths: Range<usize>,
    pub villages: Vec<usize>,
    /// A firm and a youth home (企业, 青年之家), for a town.
    pub houses: Vec<usize>,
}

/// An organisation that is visited.
#[derive(Debug)]
pub struct Place {
    pub id: Uuid,
    pub name: String,
    pub kind: &'static str,
    pub unit: usize,
}

#[derive(Debug)]
pub struct Cadre {
    pub id: Uuid,
    pub account: Uuid,
    pub unit: usize,
}

#[derive(Debug)]
pub struct Youth {
    pub id: Uuid,
    pub unit: usize,
    pub care: Care,
    pub birth_on: NaiveDate,
    pub is_guarded: bool,
    /// Who registered or met them, with the evening on which they met last.
    pub known_by: Vec<(usize, Option<NaiveDate>)>,
}

#[derive(Debug)]
pub struct World {
    pub units: Vec<Unit>,
    pub cadres: Vec<Cadre>,
    pub youths: Vec<Youth>,
    pub places: Vec<Place>,
    /// Since when everybody is there.
    pub since: DateTime<Utc>,
    today: NaiveDate,
    chance: Chance,
}

impl World {
    /// From committees in the order of their codes, with about so many young people altogether.
    pub fn new(
        planted: Vec<Planted>,
        youths: usize,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut world = Self {
            units: Vec::new(),
            cadres: Vec::new(),
            youths: Vec::new(),
            places: Vec::new(),
            since,
            today: local(now).date(),
            chance: Chance::new(1),
        };
        let towns = planted.iter().filter(|one| one.level == 5).count();
        let each = youths.div_ceil(towns.max(1)).max(10);
        let mut found = HashMap::new();
        for one in planted {
            let parent = one.parent.and_then(|id| found.get(&id).copied());
            found.insert(one.id, world.units.len());
            world.settle(one, parent, each);
        }
        world
    }

    fn settle(&mut self, planted: Planted, parent: Option<usize>, youths: usize) {
        let (index, level) = (self.units.len(), planted.level);
        let name = planted.place_name.clone();
        let cadres = self.engage(index, level);
        self.units.push(Unit {
            planted,
            parent,
            towns: Vec::new(),
            cadres,
            youths: 0..0,
            villages: Vec::new(),
            houses: Vec::new(),
        });
        if level == 5 {
            self.populate(index, youths);
            let firm = self.place(format!("{name}茶厂"), "enterprise", index);
            let home = self.place(format!("{name}青年之家"), "youth_home", index);
            self.units[index].houses = vec![firm, home];
            let mut above = Some(index);
            while let Some(unit) = above {
                self.units[unit].towns.push(index);
                above = self.units[unit].parent;
            }
        }
        if let (6, Some(town)) = (level, parent) {
            let kind = if name.ends_with("社区") {
                "community"
            } else {
                "village"
            };
            let village = self.place(name, kind, index);
            self.units[town].villages.push(village);
        }
    }

    fn engage(&mut self, unit: usize, level: i16) -> Range<usize> {
        let begin = self.cadres.len();
        let seats = match level {
            3 => 10,
            4 => 8,
            5 => 3,
            _ => 0,
        };
        for _ in 0..seats {
            self.cadres.push(Cadre {
                id: uuid_at(&mut self.chance, self.since),
                account: uuid_at(&mut self.chance, self.since),
                unit,
            });
        }
        begin..self.cadres.len()
    }

    fn place(&mut self, name: String, kind: &'static str, unit: usize) -> usize {
        self.places.push(Place {
            id: uuid_at(&mut self.chance, self.since),
            name,
            kind,
            unit,
        });
        self.places.len() - 1
    }

    /// 12 in a hundred are 困境 or 重点, 3 children.
    fn populate(&mut self, town: usize, n: usize) {
        let begin = self.youths.len();
        let cadres = self.units[town].cadres.clone();
        for _ in 0..n {
            let chance = &mut self.chance;
            let care = match chance.below(100) {
                0..8 => Care::Difficult,
                8..12 => Care::Key,
                _ => Care::Usual,
            };
            let age = if chance.percent(3) {
                11
            } else {
                19 + chance.below(16)
            };
            let birth_on = birth(chance, self.today, age);
            let registrar = cadres.start + chance.below(cadres.len());
            self.youths.push(Youth {
                id: uuid_at(chance, self.since),
                unit: town,
                care,
                birth_on,
                is_guarded: care != Care::Usual || age_on(birth_on, self.today) < 18,
                known_by: vec![(registrar, None)],
            });
        }
        self.units[town].youths = begin..self.youths.len();
    }

    /// The committee of a level from here upwards, itself included.
    pub fn above(&self, mut unit: usize, level: i16) -> Option<usize> {
        while self.units[unit].planted.level > level {
            unit = self.units[unit].parent?;
        }
        Some(unit)
    }

    /// These cadres met somebody.
    pub fn meet(&mut self, youth: usize, cadres: &[usize], evening: NaiveDate) {
        let known_by = &mut self.youths[youth].known_by;
        for cadre in cadres {
            match known_by.iter_mut().find(|(it, _)| it == cadre) {
                Some((_, last)) => *last = (*last).max(Some(evening)),
                None => known_by.push((*cadre, Some(evening))),
            }
        }
    }
}

/// The first day of a month, so many years ago.
fn birth(chance: &mut Chance, today: NaiveDate, age: usize) -> NaiveDate {
    let year = today.year() - i32::try_from(age).unwrap_or(20);
    let month = u32::try_from(chance.below(12) + 1).unwrap_or(1);
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(today)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::kit::clock::instant;

    pub fn now() -> DateTime<Utc> {
        instant("2026-11-24T21:20:00".parse().unwrap())
    }

    pub fn small() -> World {
        let one = |id, parent, level, name: &str| Planted {
            id,
            parent,
            tenant: 1,
            level,
            code_lo: i64::from(id),
            place_name: name.to_owned(),
        };
        let planted = vec![
            one(1, None, 3, "清川市"),
            one(2, Some(1), 4, "青溪县"),
            one(3, Some(2), 5, "溪口镇"),
            one(4, Some(3), 6, "上溪村"),
            one(5, Some(2), 5, "茶山镇"),
        ];
        let since = instant("2025-01-01T09:00:00".parse().unwrap());
        World::new(planted, 100, since, now())
    }

    #[test]
    fn everybody_has_a_place() {
        let world = small();
        assert_eq!(world.cadres.len(), 10 + 8 + 2 * 3);
        assert_eq!(world.youths.len(), 100);
        assert_eq!(world.units[0].towns, [2, 4]);
        assert_eq!(world.units[1].towns, [2, 4]);
        assert_eq!(world.units[2].towns, [2]);
        assert_eq!(world.places[world.units[2].villages[0]].name, "上溪村");
        assert_eq!(world.places[world.units[2].villages[0]].unit, 3);
        assert_eq!(world.above(3, 4), Some(1));
        assert!(world.youths.iter().any(|youth| youth.is_guarded));
    }

    #[test]
    fn who_met_last_counts() {
        let mut world = small();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        world.meet(0, &[20], day("2026-01-02"));
        world.meet(0, &[20, 3], day("2026-01-05"));
        world.meet(0, &[20], day("2026-01-03"));
        let known = &world.youths[0].known_by;
        assert!(known.contains(&(20, Some(day("2026-01-05")))), "{known:?}");
        assert!(known.contains(&(3, Some(day("2026-01-05")))));
    }
}
