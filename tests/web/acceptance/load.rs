//! What happened in the year, with its traps.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use qingting::kit::clock::{evening_of, instant};
use uuid::Uuid;

use super::plan::{Place, Unit};
use super::rows::{Cadre, Counted, Fate, NOTHING, Site, Writer, day};

const CATEGORIES: [&str; 16] = [
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "99",
];

fn at(day: NaiveDate, time: &str) -> DateTime<Utc> {
    let time: NaiveTime = time.parse().expect("a time");
    instant(day.and_time(time))
}

impl Writer<'_> {
    /// The counties first: the city visits eight of their villages.
    pub fn write(&mut self) {
        let order: Vec<usize> = (1..self.units.len()).chain([0]).collect();
        self.counted.resize_with(self.units.len(), Counted::default);
        for index in order {
            let sites = self.organisations(index);
            let cadres = self.cadres(index);
            let heard = self.visits(index, &sites, &cadres);
            self.issues(index, &heard, cadres.bound[0]);
        }
    }

    /// As many as the unit visited: four in five villages, schools for the rest; the city schools and the
    /// eight villages.
    fn organisations(&mut self, index: usize) -> Sites {
        let unit = &self.units[index];
        let mut all = if index == 0 {
            self.shared.clone()
        } else {
            let villages = unit.villages.iter().take(unit.orgs * 4 / 5);
            villages
                .map(|(place, name)| self.organisation(*place, "village", name, None))
                .collect()
        };
        for n in all.len()..unit.orgs {
            all.push(self.organisation(unit.place, "school", &format!("第{n}中学"), None));
        }
        // Two villages became a third: whoever visits one of them has visited that.
        let mut gone = Vec::new();
        if unit.code == "330522" {
            for (place, name) in unit.villages.iter().rev().take(2) {
                gone.push(self.organisation(*place, "village", name, Some(all[0].id)));
            }
        }
        if matches!(
            unit.code.as_str(),
            "330502" | "330503" | "330521" | "330523"
        ) {
            self.shared.extend(&all[..2]);
        }
        let ghost = self.organisation(unit.place, "enterprise", "没有走成的厂", None);
        let counted = &mut self.counted[index].villages;
        counted.extend(all.iter().filter(|it| it.is_village).map(|it| it.id));
        let by_day = all.split_off(unit.orgs - 20);
        Sites {
            by_night: all,
            by_day,
            gone,
            ghost,
        }
    }

    fn cadres(&mut self, index: usize) -> Cadres {
        let unit = &self.units[index];
        let mut found = Cadres::default();
        for n in 0..unit.cadres {
            let in_town = index > 0 && n % 5 == 4;
            let place = if in_town {
                unit.towns[n % unit.towns.len()]
            } else {
                unit.place
            };
            // 兼职 count at a county's and the city's 领导机关.
            let nature = ["full", "seconded", "part"][if in_town { 0 } else { n % 3 }];
            let cadre = self.cadre(place);
            // One who leaves on the day after still counts on the last.
            let until = if n == 1 { "2018-06-01" } else { NOTHING };
            self.post(cadre, place, nature, until, true);
            found.bound.push(cadre);
        }
        if unit.code == "330521" {
            self.post(found.bound[0], unit.towns[0], "full", NOTHING, false);
        }
        for _ in 0..[1, 2, 1, 2, 2, 1][index] {
            let cadre = self.cadre(unit.place);
            self.post(cadre, unit.place, "full", "2018-03-31", true);
            found.left.push(cadre);
        }
        for town in unit.towns.iter().take(5) {
            let cadre = self.cadre(*town);
            self.post(cadre, *town, "part", NOTHING, true);
            found.part.push(cadre);
        }
        let counted = &mut self.counted[index];
        counted.bound = found.bound.iter().map(|it| it.id).collect();
        counted.cadres = i64::try_from(found.bound.len() + found.part.len()).expect("few");
        if matches!(
            unit.code.as_str(),
            "330502" | "330503" | "330522" | "330523"
        ) {
            found.never = 1;
        }
        found
    }

    fn visits(
        &mut self,
        index: usize,
        sites: &Sites,
        cadres: &Cadres,
    ) -> Vec<(Uuid, NaiveDate, Place)> {
        let unit = &self.units[index];
        let joint = [38, 53, 50, 59, 62, 50][index];
        let goers = &cadres.bound[..cadres.bound.len() - cadres.never];
        let mut heard = Vec::new();
        let mut n = 0;
        for month in &unit.months {
            let evenings = month.evenings();
            for session in 0..month.sessions {
                let evening = evenings[session % evenings.len()];
                let begun = begun(unit, evening, session / evenings.len());
                let site = match (n, &sites.gone[..]) {
                    (0, [one, _]) => *one,
                    (1, [_, other]) => *other,
                    _ => sites.by_night[n % sites.by_night.len()],
                };
                let lead = match cadres.left.get(n) {
                    Some(left) => *left,
                    None => goers[n % goers.len()],
                };
                let mut went = vec![lead];
                if n < joint {
                    let with = [goers, &cadres.part[..]][usize::from(n % 3 == 0 && index > 0)];
                    went.push(with[(n + 1) % with.len()]);
                }
                assert_eq!(evening_of(begun, 18), (true, evening));
                let id = self.visit(index, site, begun, &went, Fate::Counts);
                if n < [5, 5, 5, 5, 5, 0][index] {
                    let again = begun + TimeDelta::minutes(3);
                    self.visit(index, site, again, &went, Fate::Merged(id));
                }
                heard.push((id, evening, lead.at));
                n += 1;
            }
        }
        for n in 0..50 {
            let date = day("2017-06-02") + Days::new(n * 7);
            let site = sites.by_day[usize::try_from(n).expect("few") % sites.by_day.len()];
            self.visit(index, site, at(date, "10:00:00"), &goers[..1], Fate::Counts);
        }
        self.not_counted(index, sites.ghost, goers[0]);
        heard
    }

    /// Voided, nobody met, and on the evenings before and after the year.
    fn not_counted(&mut self, index: usize, ghost: Site, lead: Cadre) {
        let inside = day("2017-09-12");
        self.visit(index, ghost, at(inside, "19:00:00"), &[lead], Fate::Void);
        self.visit(index, ghost, at(inside, "20:00:00"), &[lead], Fate::Unmet);
        // Ten past midnight of 1 June is the evening of 31 May.
        let before = at(day("2017-06-01"), "00:10:00");
        assert_eq!(evening_of(before, 18), (true, day("2017-05-31")));
        self.visit(index, ghost, before, &[lead], Fate::Counts);
        let after = at(day("2018-06-01"), "19:00:00");
        self.visit(index, ghost, after, &[lead], Fate::Counts);
    }

    /// Registered, and beside them doubles, voided ones, and those of the year before.
    fn issues(&mut self, index: usize, heard: &[(Uuid, NaiveDate, Place)], by: Cadre) {
        let early = day("2017-05-20");
        for n in 0..self.units[index].problems {
            let (visit, evening, at) = heard[n % heard.len()];
            let category = CATEGORIES[n % CATEGORIES.len()];
            let id = self.issue(at, category, "pending", evening, by);
            self.heard(visit, id, at);
            *self.counted[index].categories.entry(category).or_default() += 1;
        }
        for (_, evening, at) in heard.iter().take([6, 5, 5, 5, 5, 5][index]) {
            self.issue(*at, "01", "merged", *evening, by);
        }
        for (_, evening, at) in heard.iter().take(2) {
            self.issue(*at, "02", "void", *evening, by);
        }
        for _ in 0..[3, 3, 3, 3, 3, 2][index] {
            self.issue(by.at, "03", "pending", early, by);
        }
    }
}

struct Sites {
    by_night: Vec<Site>,
    by_day: Vec<Site>,
    /// Merged into the first.
    gone: Vec<Site>,
    /// Visited only by what does not count.
    ghost: Site,
}

#[derive(Default)]
struct Cadres {
    bound: Vec<Cadre>,
    left: Vec<Cadre>,
    /// 兼职 of towns.
    part: Vec<Cadre>,
    /// How many of the bound never went out at night.
    never: usize,
}

/// The last evening of 安吉's year: one begins at 23:50 and comes in the next day, one ten minutes past
/// midnight.
fn begun(unit: &Unit, evening: NaiveDate, turn: usize) -> DateTime<Utc> {
    let is_last = unit.code == "330523" && evening == day("2018-05-31");
    match (is_last, turn) {
        (true, 0) => at(evening, "23:50:00"),
        (true, 1) => at(evening + Days::new(1), "00:10:00"),
        _ => at(evening, "18:30:00") + TimeDelta::minutes(7 * i64::try_from(turn).expect("few")),
    }
}
