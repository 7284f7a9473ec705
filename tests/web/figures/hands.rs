//! What happened, as somebody with a pencil writes it down, and what he counts of it.

use std::collections::BTreeSet;

/// A visit.
#[derive(Debug)]
pub struct Hand {
    pub who: &'static str,
    /// Unit of 集中夜访: a county, or the city itself.
    pub unit: &'static str,
    /// Places whose table it stands in.
    pub seen_by: &'static [&'static str],
    pub evening: &'static str,
    pub time: &'static str,
    pub night: bool,
    pub youths: &'static [&'static str],
    pub cadres: &'static [&'static str],
    pub village: &'static str,
    pub issues: i64,
}

const TOWN: &[&str] = &["town", "county", "city"];
const COUNTY: &[&str] = &["county", "city"];
const OWN: &[&str] = &["own", "city"];

const BASE: Hand = Hand {
    who: "town_cadre",
    unit: "county",
    seen_by: TOWN,
    evening: "2026-11-24",
    time: "20:00",
    night: true,
    youths: &[],
    cadres: &["town_cadre"],
    village: "上溪村",
    issues: 0,
};

pub const HANDS: [Hand; 12] = [
    Hand {
        time: "19:40",
        youths: &["陈一诺", "叶舟"],
        cadres: &["town_cadre", "town_colleague"],
        issues: 2,
        ..BASE
    },
    // The same young person, the same village, by the county: counted once above.
    Hand {
        who: "county_cadre",
        seen_by: COUNTY,
        evening: "2026-11-23",
        youths: &["陈一诺"],
        cadres: &["county_cadre"],
        ..BASE
    },
    // Ten past midnight of 1 November belongs to October.
    Hand {
        evening: "2026-10-31",
        time: "00:10",
        youths: &["叶舟"],
        ..BASE
    },
    Hand {
        who: "town_colleague",
        evening: "2026-11-20",
        time: "10:00",
        night: false,
        youths: &["罗子衿"],
        cadres: &["town_colleague"],
        village: "下溪村",
        issues: 1,
        ..BASE
    },
    // A companion of another county: the visit is 云栖区's, her night is 青溪县's.
    Hand {
        who: "sibling_cadre",
        unit: "sibling",
        seen_by: &["sibling", "city"],
        youths: &["吴清越"],
        cadres: &["sibling_cadre", "county_cadre"],
        village: "梅岭村",
        issues: 1,
        ..BASE
    },
    Hand {
        who: "town2_cadre",
        seen_by: COUNTY,
        time: "19:00",
        youths: &["宋知夏"],
        cadres: &["town2_cadre"],
        village: "茶园村",
        ..BASE
    },
    Hand {
        who: "city_admin",
        unit: "city",
        seen_by: OWN,
        time: "20:30",
        youths: &["叶舟"],
        cadres: &["city_admin"],
        ..BASE
    },
    // The county's third and fourth evening of November; with them a 兼职 of a town, who is in no A08.
    Hand {
        evening: "2026-11-11",
        youths: &["罗子衿"],
        cadres: &["town_cadre", "part_town"],
        village: "下溪村",
        ..BASE
    },
    Hand {
        evening: "2026-11-12",
        youths: &["罗子衿"],
        ..BASE
    },
    // Last year, up to today's date and after it.
    Hand {
        evening: "2025-11-05",
        youths: &["陈一诺"],
        cadres: &["town_cadre", "left"],
        issues: 1,
        ..BASE
    },
    Hand {
        who: "city_admin",
        unit: "city",
        seen_by: OWN,
        evening: "2025-03-04",
        youths: &["叶舟"],
        cadres: &["city_admin"],
        village: "茶园村",
        ..BASE
    },
    Hand {
        evening: "2025-12-10",
        youths: &["罗子衿"],
        village: "下溪村",
        ..BASE
    },
];

/// A post: who, at which tables, of which nature, whether 1+100 holds for it, its last day.
#[derive(Debug)]
pub struct Post {
    pub who: &'static str,
    pub seen_by: &'static [&'static str],
    pub nature: &'static str,
    pub is_bound: bool,
    pub until: &'static str,
}

const fn full(who: &'static str, seen_by: &'static [&'static str]) -> Post {
    Post {
        who,
        seen_by,
        nature: "full",
        is_bound: true,
        until: "9999",
    }
}

/// The people of `harness::people` in 清川市, and five posts more.
pub const POSTS: [Post; 16] = [
    full("city_secretary", OWN),
    full("city_admin", OWN),
    full("county_secretary", COUNTY),
    full("county_admin", COUNTY),
    full("county_cadre", COUNTY),
    full("town_secretary", TOWN),
    full("town_cadre", TOWN),
    full("town_colleague", TOWN),
    full("town2_cadre", COUNTY),
    full("sibling_secretary", &["sibling", "city"]),
    full("sibling_cadre", &["sibling", "city"]),
    // One person at the county and in the town: one everywhere above.
    full("two", COUNTY),
    Post {
        nature: "seconded",
        ..full("two", TOWN)
    },
    // 兼职: bound at a county's 领导机关, not in a town.
    Post {
        nature: "part",
        ..full("part_county", COUNTY)
    },
    Post {
        nature: "part",
        is_bound: false,
        ..full("part_town", TOWN)
    },
    Post {
        until: "2026-06-30",
        ..full("left", TOWN)
    },
];

/// A committee's table, as its secretary reads it; `own` is the city's 市本级.
pub const LEVELS: [(&str, &str); 5] = [
    ("city", "city_secretary"),
    ("county", "county_secretary"),
    ("sibling", "sibling_secretary"),
    ("town", "town_secretary"),
    ("own", "city_secretary"),
];

/// The days that are asked.
#[derive(Clone, Copy, Debug)]
pub struct Days(pub &'static str, pub &'static str);

impl Days {
    pub const NOW: Self = Self("2026-01-01", "2026-11-24");
    pub const BEFORE: Self = Self("2025-01-01", "2025-11-24");

    fn hold(self, day: &str) -> bool {
        (self.0..=self.1).contains(&day)
    }

    pub fn query(self) -> String {
        format!("from={}&to={}", self.0, self.1)
    }
}

fn len(n: usize) -> i64 {
    i64::try_from(n).expect("few")
}

fn distinct<T: Ord>(keys: impl Iterator<Item = T>) -> i64 {
    len(keys.collect::<BTreeSet<_>>().len())
}

fn seen(place: &str, days: Days) -> impl Iterator<Item = &Hand> {
    HANDS
        .iter()
        .filter(move |hand| hand.seen_by.contains(&place) && days.hold(hand.evening))
}

/// The tables that a cadre's nights stand in: those of the committee where he is written down.
fn homes(cadre: &str) -> &'static [&'static str] {
    let post = POSTS.iter().find(|post| post.who == cadre);
    post.expect("a cadre").seen_by
}

fn in_office(place: &str, days: Days) -> impl Iterator<Item = &Post> {
    POSTS
        .iter()
        .filter(move |post| post.seen_by.contains(&place) && post.until > days.1)
}

/// Who went out at night.
fn night_cadres(place: &str, days: Days) -> BTreeSet<&'static str> {
    let nights = HANDS.iter().filter(|h| h.night && days.hold(h.evening));
    let cadres = nights.flat_map(|h| h.cadres).copied();
    cadres.filter(|it| homes(it).contains(&place)).collect()
}

/// Who is bound by 1+100 at the end.
fn bound(place: &str, days: Days) -> BTreeSet<&'static str> {
    let posts = in_office(place, days).filter(|post| post.is_bound);
    posts.map(|post| post.who).collect()
}

/// Counties of 清川市.
pub const COUNTIES: i64 = 6;

/// (met, all): four evenings a month, three by 24 November.
pub fn unit_months(place: &str, days: Days) -> (i64, i64) {
    let units = if place == "city" { COUNTIES + 1 } else { 1 };
    let evenings: BTreeSet<(&str, &str)> = seen(place, days)
        .filter(|h| h.night)
        .map(|h| (h.unit, h.evening))
        .collect();
    let mut by_month = std::collections::BTreeMap::new();
    for (unit, evening) in evenings {
        *by_month.entry((unit, &evening[..7])).or_insert(0) += 1;
    }
    let enough = |month: &str| if month.ends_with("-11") { 3 } else { 4 };
    let met = by_month
        .iter()
        .filter(|((_, month), n)| **n >= enough(month));
    (len(met.count()), units * 11)
}

/// A rate, or a number over nothing.
pub fn by_hand(code: &str, place: &str, days: Days) -> (i64, Option<i64>) {
    let n = match code {
        "A07" => distinct(in_office(place, days).map(|post| post.who)),
        "A08" => len(bound(place, days).len()),
        "C01" => len(seen(place, days).map(|h| h.cadres.len()).sum()),
        "C02" => len(seen(place, days).filter(|h| h.night).count()),
        "C03" | "C04" => distinct(seen(place, days).map(|h| h.village)),
        "C05" => distinct(seen(place, days).flat_map(|h| h.youths)),
        "C06" => len(seen(place, days).map(|h| h.youths.len()).sum()),
        "C07" => distinct(
            seen(place, days)
                .filter(|h| h.night)
                .map(|h| (h.unit, h.evening)),
        ),
        "C08" => {
            let (met, all) = unit_months(place, days);
            return (met, Some(all));
        }
        "C09" => len(night_cadres(place, days).len()),
        "C10" => {
            let bound = bound(place, days);
            let went = night_cadres(place, days);
            return (
                len(went.intersection(&bound).count()),
                Some(len(bound.len())),
            );
        }
        "D01" | "D09" => ["01", "04", "09"]
            .map(|it| issues(it, place, days))
            .iter()
            .sum(),
        // Nothing of this year is closed yet: its story is in issues.
        "D02" | "D03" | "D07A" | "D08A" | "D10" | "D10A" => 0,
        "D04" => return (0, Some(by_hand("D04A", place, days).0)),
        "D04A" => by_hand("D01", place, Days("2000-01-01", days.1)).0,
        // No rate without a base, no middle of nothing.
        "D05" | "D06" | "D07" | "D08" | "D08B" => return (0, Some(0)),
        "D11" => by_hand("D01", place, Days("2000-01-01", before(days.0))).0,
        other => panic!("{other}"),
    };
    (n, None)
}

/// The last day of the year before.
fn before(day: &str) -> &'static str {
    match day {
        "2026-01-01" => "2025-12-31",
        "2025-01-01" => "2024-12-31",
        other => panic!("{other}"),
    }
}

/// Of a category. A visit's first problem is 就业, its second 婚恋. The voided visit's problem (权益) stays:
/// it was heard, and somebody handles it.
pub fn issues(category: &str, place: &str, days: Days) -> i64 {
    let heard = |h: &Hand| match category {
        "01" => h.issues.min(1),
        "04" => (h.issues - 1).max(0),
        _ => 0,
    };
    let voided = category == "09" && TOWN.contains(&place) && days.hold("2026-11-21");
    seen(place, days).map(heard).sum::<i64>() + i64::from(voided)
}

/// Of a nature; who holds posts of two natures is in both.
pub fn natures(nature: &str, place: &str, days: Days) -> i64 {
    let posts = in_office(place, days).filter(|post| post.nature == nature);
    distinct(posts.map(|post| post.who))
}
