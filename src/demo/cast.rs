//! Who there is: the cadres of each committee, and the young people of each town.

use super::chance::Chance;
use super::words;
use crate::cadres::Nature;
use crate::platform::scope::Role;

/// A cadre to be appointed.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    pub phone: String,
    pub role: Role,
    pub post: &'static str,
    pub nature: Nature,
    /// Signs in with a printed account.
    pub is_printed: bool,
    /// Left at the end of June.
    pub left: bool,
}

/// A young person to be registered.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub name: String,
    pub female: bool,
    pub phone: Option<String>,
    /// Years old at planting.
    pub age: u32,
    pub group: usize,
    pub care: Care,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    Usual,
    Difficult,
    Key,
}

/// How many young people each town knows.
pub const PER_TOWN: usize = 174;

/// The cadres of a committee by its level (3 city, 4 county, 5 town), in order: 书记 first.
pub fn members(chance: &mut Chance, level: i16, index: usize, mongolian: bool) -> Vec<Member> {
    let posts: &[(&str, Role)] = match level {
        3 => &[
            ("书记", Role::Secretary),
            ("干事", Role::Admin),
            ("副书记", Role::Cadre),
            ("部门负责人", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
        ],
        4 => &[
            ("书记", Role::Secretary),
            ("干事", Role::Admin),
            ("副书记", Role::Cadre),
            ("副书记", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
            ("干事", Role::Cadre),
        ],
        _ if index.is_multiple_of(2) => &[
            ("书记", Role::Secretary),
            ("委员", Role::Cadre),
            ("委员", Role::Cadre),
        ],
        _ => &[("书记", Role::Secretary), ("委员", Role::Cadre)],
    };
    let member = |(seat, (post, role)): (usize, &(&'static str, Role))| Member {
        name: words::name(chance, mongolian).0,
        phone: format!("1990001{level}{index:02}{seat}"),
        role: *role,
        post,
        nature: nature(level, seat),
        is_printed: false,
        left: level == 4 && index == 3 && seat == 7 || level == 4 && index == 1 && seat == 8,
    };
    posts.iter().enumerate().map(member).collect()
}

/// About 60 专职, 12 挂职, 48 兼职 of 120.
fn nature(level: i16, seat: usize) -> Nature {
    match (level, seat) {
        (3 | 4, 3) => Nature::Seconded,
        (3, 7) | (4, 6..) | (5, 1..) => Nature::Part,
        _ => Nature::Full,
    }
}

/// The young people of one town; 12 in a hundred 困境 or 重点, 3 under fourteen.
pub fn youths(chance: &mut Chance, town: usize, mongolian: bool) -> Vec<Somebody> {
    (0..PER_TOWN)
        .map(|n| {
            let (name, female) = words::name(chance, mongolian);
            let child = chance.percent(3);
            let age = if child { 11 } else { 16 + chance.below(20) };
            let care = match chance.below(100) {
                0..8 => Care::Difficult,
                8..12 => Care::Key,
                _ => Care::Usual,
            };
            Somebody {
                name,
                female,
                phone: (!child && chance.percent(80)).then(|| format!("1990{town:03}{n:04}")),
                age: u32::try_from(age).unwrap_or(20),
                group: chance.below(16),
                care,
            }
        })
        .collect()
}

/// Those of a county's or the city's own whom only few may see: 困境, 重点, and a child.
pub fn guarded(chance: &mut Chance, unit: usize, mongolian: bool) -> Vec<Somebody> {
    let kinds = [(Care::Difficult, 17), (Care::Key, 21), (Care::Usual, 11)];
    let somebody = |(n, (care, age)): (usize, (Care, u32))| {
        let (name, female) = words::name(chance, mongolian);
        Somebody {
            name,
            female,
            phone: (age > 14).then(|| format!("19909{unit:02}{n:04}")),
            age,
            group: chance.below(16),
            care,
        }
    };
    kinds.into_iter().enumerate().map(somebody).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_has_its_hundred_and_twenty() {
        let mut chance = Chance::new(3);
        let mut all = members(&mut chance, 3, 0, false);
        for county in 0..6 {
            all.extend(members(&mut chance, 4, county, false));
        }
        for town in 0..23 {
            all.extend(members(&mut chance, 5, town, false));
        }
        assert!((115..=125).contains(&all.len()), "{}", all.len());
        let of = |nature| all.iter().filter(|m| m.nature == nature).count();
        assert!(
            (50..=70).contains(&of(Nature::Full)),
            "{}",
            of(Nature::Full)
        );
        assert!((6..=14).contains(&of(Nature::Seconded)));
        let mut phones: Vec<_> = all.iter().map(|m| m.phone.clone()).collect();
        phones.sort();
        phones.dedup();
        assert_eq!(phones.len(), all.len());
        assert!(phones.iter().all(|phone| phone.len() == 11), "{phones:?}");
        assert_eq!(all.iter().filter(|m| m.left).count(), 2);
    }

    #[test]
    fn some_need_care_and_few_are_children() {
        let all = youths(&mut Chance::new(5), 7, false);
        assert_eq!(all.len(), PER_TOWN);
        let cared = all.iter().filter(|one| one.care != Care::Usual).count();
        assert!((8..=40).contains(&cared), "{cared}");
        assert!(all.iter().all(|one| one.age >= 11 && one.age < 36));
        assert!(all.iter().flat_map(|one| &one.phone).all(|p| p.len() == 11));
    }
}
