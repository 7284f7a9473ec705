//! Which codes a committee owns. Every committee owns `[lo, hi]`; what lies below it lies inside, and siblings share
//! nothing, so one `between` finds a subtree.
//!
//! A code has 14 decimal digits by level, `PP CC DD TTT GGGGG` (province, city, county, town, grassroots), taken from
//! GB/T 2260 and the bureau's digits. A committee's `lo` has zeros below its own level, so it is greater than its
//! parent's. Digits that the standards leave free take what has no division: 90–99 for a city or county, 900–999 for
//! a town, from 10000 for grassroots; a village has its three digits and a zero, so that nine branches fit below it.

use crate::committees::divisions::Level;

/// The level of a committee, with the number stored in `committees.level` (domain: 1 全国 … 6 基层).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum Rank {
    Centre = 1,
    Province = 2,
    City = 3,
    County = 4,
    Town = 5,
    Grassroots = 6,
}

impl Rank {
    pub fn of(level: Level) -> Self {
        match level {
            Level::Province => Self::Province,
            Level::City => Self::City,
            Level::County => Self::County,
            Level::Street => Self::Town,
            Level::Village => Self::Grassroots,
        }
    }

    /// How many codes a committee of this level owns.
    pub const fn width(self) -> i64 {
        match self {
            Self::Centre => 100_000_000_000_000,
            Self::Province => 1_000_000_000_000,
            Self::City => 10_000_000_000,
            Self::County => 100_000_000,
            Self::Town => 100_000,
            Self::Grassroots => 10,
        }
    }

    /// How many committees of this level its digits can number, and the first number without a division.
    const fn numbers(self) -> (i64, i64) {
        match self {
            Self::Centre => (1, 0),
            Self::Province | Self::City | Self::County => (100, 90),
            Self::Town => (1_000, 900),
            Self::Grassroots => (10_000, 1_000),
        }
    }
}

/// The codes from `lo` to `hi`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    pub lo: i64,
    pub hi: i64,
}

impl Interval {
    /// What the centre (全国) owns: everything.
    pub const CENTRE: Self = Self::starting(0, Rank::Centre.width());

    const fn starting(lo: i64, width: i64) -> Self {
        Self {
            lo,
            hi: lo + width - 1,
        }
    }

    /// The codes of the committee of a division (12 digits).
    pub fn of_division(code: i64) -> Self {
        Self::starting(position(code), Rank::of(Level::of(code)).width())
    }

    pub const fn width(self) -> i64 {
        self.hi - self.lo + 1
    }

    /// Whether `other` may be a child: inside, and starting after the parent's own code.
    pub const fn holds(self, other: Self) -> bool {
        self.lo < other.lo && other.hi <= self.hi
    }

    pub const fn overlaps(self, other: Self) -> bool {
        self.lo <= other.hi && other.lo <= self.hi
    }
}

/// Where the digits of a division begin among the 14 digits.
const fn position(code: i64) -> i64 {
    code / 1_000 * Rank::Town.width() + code % 1_000 * Rank::Grassroots.width()
}

/// The codes for one more committee under `parent`.
///
/// - `room`: the level whose room it gets, which is its own level. Two exceptions: 直属系统 under a province gets a
///   city's room, and below a grassroots committee there is one code for each branch.
/// - `division`: the division whose committee it is; a school or a firm has none, even where its village is known.
/// - `taken`: the codes of all committees directly under `parent`, closed ones too.
///
/// The division's own digits are taken if they are free; otherwise digits without a division, and when those are used
/// up, the highest free ones. `None`: the parent is too small for this level, or full.
pub fn next_free(
    parent: Interval,
    room: Rank,
    division: Option<i64>,
    taken: &[Interval],
) -> Option<Interval> {
    let below_grassroots = parent.width() == Rank::Grassroots.width() && room == Rank::Grassroots;
    let (count, unnumbered) = if below_grassroots {
        (10, 1)
    } else {
        room.numbers()
    };
    let width = if below_grassroots { 1 } else { room.width() };
    let count = count.min(parent.width() / width);
    let first = unnumbered.min(count);
    let free = |lo: &i64| {
        let slot = Interval::starting(*lo, width);
        parent.holds(slot) && !taken.iter().any(|other| other.overlaps(slot))
    };
    let own = division
        .filter(|code| Rank::of(Level::of(*code)) == room && !below_grassroots)
        .map(|code| parent.lo + position(code) % parent.width());
    let rest = (first..count)
        .chain((1..first).rev())
        .map(|n| parent.lo + n * width);
    own.into_iter()
        .chain(rest)
        .find(free)
        .map(|lo| Interval::starting(lo, width))
}
