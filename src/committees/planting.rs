//! Which committees a new city or province gets: a pure plan, made from the divisions, that the store then writes.
//!
//! A city gets its counties, all streets and towns, the villages where they are known, and 直属系统 with the usual lines.
//! 市本级 is no committee: it is how a table shows the city's own rows. Statistics-only zones are planted as zones (a
//! 团工委 beside the counties), so that their streets have a superior, and count nowhere as a county.
//! The codes: [`intervals`].

pub mod intervals;
mod names;
#[cfg(test)]
mod tests;

use self::intervals::{Interval, Rank, next_free};
use self::names::Names;
use super::divisions::{self, Division, Divisions};
use super::model::What;
pub use super::model::{Class, Kind};

/// A committee to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seedling {
    /// Index of its superior in the same plan, always smaller than its own; none for the top.
    pub parent: Option<usize>,
    pub level: Rank,
    pub kind: Kind,
    pub class: Class,
    pub full_name: String,
    pub short_name: String,
    pub common_name: String,
    /// 12 digits; none for 直属系统 and its lines.
    pub division_code: Option<i64>,
    pub code_lo: i64,
    pub code_hi: i64,
}

impl Seedling {
    fn new(names: Names, level: Rank, kind: Kind, codes: Interval) -> Self {
        Self {
            parent: None,
            level,
            kind,
            class: names.class,
            full_name: names.full,
            short_name: names.short,
            common_name: names.common,
            division_code: None,
            code_lo: codes.lo,
            code_hi: codes.hi,
        }
    }

    pub const fn codes(&self) -> Interval {
        Interval {
            lo: self.code_lo,
            hi: self.code_hi,
        }
    }
}

/// 团中央, the top of every tree.
pub fn centre() -> Seedling {
    Seedling::new(names::centre(), Rank::Centre, Kind::Area, Interval::CENTRE)
}

/// The committee of one division alone, for a superior that is needed above a planted city, or for a form that fills in
/// names when an admin adds a committee by its division.
pub fn single(division_code: i64) -> Option<Seedling> {
    let all = divisions::load();
    all.get(division_code)
        .map(|division| of_division(all, division))
}

/// What a committee that an admin adds is called by custom: full name, short name, common name.
pub fn proposed(what: What, name: &str, above: &str, class: Class) -> [String; 3] {
    let names = names::typed(what, name, above, class);
    [names.full, names.short, names.common]
}

/// The tree of a city or a province, its top first, in administrative order, which is the order of `code_lo`.
/// `None` if the code is not a city or province of the data.
pub fn plan(division_code: i64) -> Option<Vec<Seedling>> {
    let all = divisions::load();
    let top = all.get(division_code)?;
    if Rank::of(top.level) > Rank::City {
        return None;
    }
    let rows = all.within(division_code);
    let mut planted: Vec<Seedling> = rows
        .iter()
        .filter(|row| !row.is_virtual())
        .map(|row| of_division(all, row))
        .collect();
    let lines: Vec<Seedling> = rows
        .iter()
        .filter(|row| Rank::of(row.level) <= Rank::City)
        .flat_map(|row| direct_branch(all, row))
        .collect();
    planted.extend(lines);
    planted.sort_unstable_by_key(|seedling| seedling.code_lo);
    link(&mut planted);
    Some(planted)
}

fn of_division(all: &Divisions, division: &Division) -> Seedling {
    let above = division.parent.and_then(|code| all.get(code));
    let kind = if division.is_zone() {
        Kind::Zone
    } else {
        Kind::Area
    };
    let codes = Interval::of_division(division.code);
    let level = Rank::of(division.level);
    let planted = Seedling::new(names::of(division, above), level, kind, codes);
    Seedling {
        division_code: Some(division.code),
        ..planted
    }
}

/// 直属系统 of a city or province with its lines. Under a province, too, it has the level of a county, so that it belongs
/// to the province itself and not to a city of its own.
fn direct_branch(all: &Divisions, top: &Division) -> Vec<Seedling> {
    let below: Vec<Interval> = all
        .within(top.code)
        .iter()
        .filter(|row| row.parent == Some(top.code))
        .map(|row| Interval::of_division(row.code))
        .collect();
    let room = if Rank::of(top.level) == Rank::Province {
        Rank::City
    } else {
        Rank::County
    };
    let codes = next_free(Interval::of_division(top.code), room, None, &below)
        .expect("the digits from 90 are never all used by divisions");
    let branch = Seedling::new(names::direct_branch(top), Rank::County, Kind::Line, codes);
    let lines = names::lines(top).zip(1..).map(|(names, number)| {
        let lo = codes.lo + number * Rank::Town.width();
        let codes = Interval {
            lo,
            hi: lo + Rank::Town.width() - 1,
        };
        Seedling::new(names, Rank::Town, Kind::Line, codes)
    });
    std::iter::once(branch).chain(lines).collect()
}

/// Sets each parent: in the order of codes, the superior is the last one before it that still holds it.
fn link(planted: &mut [Seedling]) {
    let mut above: Vec<usize> = Vec::new();
    for i in 0..planted.len() {
        let codes = planted[i].codes();
        while above
            .last()
            .is_some_and(|last| !planted[*last].codes().holds(codes))
        {
            above.pop();
        }
        planted[i].parent = above.last().copied();
        above.push(i);
    }
}
