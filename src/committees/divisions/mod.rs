//! The administrative divisions of China: provinces, prefectures, counties, streets and towns, and the villages of a
//! few cities, as a table in memory that is unpacked when first asked for (about 4 MB, once per process).
//!
//! Source, version, licence and what was left out: `README.md` beside this file. Filler rows are not in the data, so
//! the districts of 北京 are children of 北京 and the streets of 东莞 are children of 东莞. Statistics-only zones are in
//! it, because they hold streets, but [`Divisions::counties_of`] never gives them.

mod names;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::Read as _;
use std::sync::OnceLock;

const PACKED: &[u8] = include_bytes!("divisions.txt.gz");
const INVENTED: &str = include_str!("invented.txt");

/// The level of a division, with the number that the statistics bureau and `committees.level` minus one give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    Province = 1,
    City = 2,
    County = 3,
    Street = 4,
    Village = 5,
}

impl Level {
    /// The level that the zeros of a 12-digit code say (GB/T 2260 and the bureau's coding rules).
    pub fn of(code: i64) -> Self {
        if code % 1_000 != 0 {
            Self::Village
        } else if code % 1_000_000 != 0 {
            Self::Street
        } else if code % 100_000_000 != 0 {
            Self::County
        } else if code % 10_000_000_000 != 0 {
            Self::City
        } else {
            Self::Province
        }
    }

    /// How many 12-digit codes a division of this level spans.
    const fn width(self) -> i64 {
        match self {
            Self::Province => 10_000_000_000,
            Self::City => 100_000_000,
            Self::County => 1_000_000,
            Self::Street => 1_000,
            Self::Village => 1,
        }
    }
}

/// One division. `code` always has 12 digits; `name` is as the bureau prints it (`上烟村委会`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    pub code: i64,
    pub level: Level,
    pub name: &'static str,
    /// Code of the division that it stands under; a province has none.
    pub parent: Option<i64>,
}

impl Division {
    /// The name to show: `上烟村`, `春江社区`, `保康街道`.
    pub fn display(&self) -> Cow<'static, str> {
        names::display(self.level, self.name)
    }

    /// A development zone that only the statistics know (third-level digits 71–79): it has streets, but it is no county
    /// and must not count as one.
    pub fn is_zone(&self) -> bool {
        self.level == Level::County && (71..=79).contains(&(self.code / 1_000_000 % 100))
    }

    /// A village row without a place behind it (虚拟社区), which the bureau adds so that every street has one.
    pub fn is_virtual(&self) -> bool {
        self.level == Level::Village && names::is_virtual(self.name)
    }

    /// Part of the demo province, which does not exist.
    pub fn is_invented(&self) -> bool {
        self.code / Level::Province.width() == 99
    }
}

/// All divisions, in the order of their codes, which is the administrative order.
#[derive(Debug)]
pub struct Divisions {
    rows: Vec<Division>,
}

/// The table; the first call unpacks it (some 20 ms), later calls are free.
pub fn load() -> &'static Divisions {
    static LOADED: OnceLock<Divisions> = OnceLock::new();
    LOADED.get_or_init(|| Divisions::parse(unpack().leak()))
}

fn unpack() -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(PACKED)
        .read_to_string(&mut text)
        .expect("the packed divisions are part of the program");
    text.push_str(INVENTED);
    text.shrink_to_fit();
    text
}

impl Divisions {
    fn parse(text: &'static str) -> Self {
        let mut rows: Vec<Division> = text.lines().map(row).collect();
        rows.sort_unstable_by_key(|row| row.code);
        rows.shrink_to_fit();
        let mut all = Self { rows };
        for i in 0..all.rows.len() {
            let parent = all.nearest_above(&all.rows[i]);
            all.rows[i].parent = parent;
        }
        all
    }

    /// The next level that is there: counties may stand directly under a province, streets directly under a city.
    fn nearest_above(&self, row: &Division) -> Option<i64> {
        [Level::Street, Level::County, Level::City, Level::Province]
            .into_iter()
            .filter(|level| *level < row.level)
            .map(|level| row.code - row.code % level.width())
            .find(|code| self.get(*code).is_some())
    }

    /// Every row, parents before children.
    pub fn all(&self) -> &[Division] {
        &self.rows
    }

    pub fn get(&self, code: i64) -> Option<&Division> {
        let at = self.rows.binary_search_by_key(&code, |row| row.code);
        at.ok().map(|at| &self.rows[at])
    }

    /// The 31 provinces of the mainland that exist; the demo province is found by its code only.
    pub fn provinces(&self) -> impl Iterator<Item = &Division> {
        self.rows
            .iter()
            .filter(|row| row.level == Level::Province && !row.is_invented())
    }

    /// The province in which a division of any level lies.
    pub fn province(&self, code: i64) -> Option<&Division> {
        self.get(code - code % Level::Province.width())
    }

    /// Cities, prefectures, leagues of a province; none for 北京, 天津, 上海, 重庆.
    pub fn cities_of(&self, province: i64) -> impl Iterator<Item = &Division> {
        self.children(province, Level::City)
    }

    /// The real counties of a city, or those that stand directly under a province (districts of 北京, 仙桃市).
    pub fn counties_of(&self, city: i64) -> impl Iterator<Item = &Division> {
        self.children(city, Level::County)
            .filter(|row| !row.is_zone())
    }

    /// The statistics-only zones of a city: no counties, but they hold streets.
    pub fn zones_of(&self, city: i64) -> impl Iterator<Item = &Division> {
        self.children(city, Level::County)
            .filter(|row| row.is_zone())
    }

    /// Streets and towns of a county, of a zone, or of a city that has no counties (东莞).
    pub fn streets_of(&self, county: i64) -> impl Iterator<Item = &Division> {
        self.children(county, Level::Street)
    }

    /// Villages and communities; empty outside the few cities whose villages are part of the data.
    pub fn villages_of(&self, street: i64) -> impl Iterator<Item = &Division> {
        self.children(street, Level::Village)
    }

    fn children(&self, parent: i64, level: Level) -> impl Iterator<Item = &Division> {
        self.within(parent)
            .iter()
            .filter(move |row| row.level == level && row.parent == Some(parent))
    }

    /// A division with everything below it, in the order of codes; empty for an unknown code.
    pub fn within(&self, code: i64) -> &[Division] {
        let Some(top) = self.get(code) else {
            return &[];
        };
        let end = code + top.level.width();
        let from = self.rows.partition_point(|row| row.code < code);
        let to = self.rows.partition_point(|row| row.code < end);
        &self.rows[from..to]
    }
}

fn row(line: &'static str) -> Division {
    let (digits, name) = line
        .split_once('\t')
        .expect("each line of the data has a tab");
    let short: i64 = digits
        .parse()
        .expect("each line of the data starts with a code");
    let code = (digits.len()..12).fold(short, |code, _| code * 10);
    Division {
        code,
        level: Level::of(code),
        name,
        parent: None,
    }
}
