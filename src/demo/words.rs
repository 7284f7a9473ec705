//! Names, notes and problems, all invented.

use std::sync::LazyLock;

use chrono::NaiveTime;
use serde::Deserialize;

use super::chance::Chance;

#[derive(Deserialize)]
struct Names {
    surnames: Vec<(String, usize)>,
    male: Vec<String>,
    female: Vec<String>,
    mongolian: Vec<String>,
}

#[derive(Deserialize)]
struct Notes {
    openers: Vec<String>,
    talk: Vec<String>,
    on_spot: Vec<String>,
    follow: Vec<String>,
    closing: Vec<String>,
}

/// A problem as somebody says it.
#[derive(Deserialize)]
pub struct Demand {
    pub category: String,
    pub detail: String,
    pub urgency: String,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/names.json")).expect("names.json is read by a test")
});
static NOTES: LazyLock<Notes> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/notes.json")).expect("notes.json is read by a test")
});
pub static DEMANDS: LazyLock<Vec<Demand>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/demands.json")).expect("demands.json is read by a test")
});

/// How often each category is heard, in a hundred (01 to 15, then 99).
const CATEGORIES: [(&str, usize); 16] = [
    ("01", 18),
    ("02", 14),
    ("03", 13),
    ("04", 9),
    ("05", 6),
    ("06", 6),
    ("07", 8),
    ("08", 9),
    ("09", 5),
    ("10", 3),
    ("11", 4),
    ("12", 3),
    ("13", 2),
    ("14", 3),
    ("15", 5),
    ("99", 2),
];

/// A name and whether it is a woman's; in 塔拉旗 half are Mongolian.
pub fn name(chance: &mut Chance, mongolian: bool) -> (String, bool) {
    let female = chance.percent(50);
    if mongolian && chance.percent(50) {
        return (chance.pick(&NAMES.mongolian).clone(), female);
    }
    let total: usize = NAMES.surnames.iter().map(|(_, weight)| weight).sum();
    let mut at = chance.below(total);
    let mut surname = "王";
    for (one, weight) in &NAMES.surnames {
        if at < *weight {
            surname = one;
            break;
        }
        at -= weight;
    }
    let given = if female { &NAMES.female } else { &NAMES.male };
    (format!("{surname}{}", chance.pick(given)), female)
}

/// What was said, in the words of a notebook.
pub fn note(chance: &mut Chance, at: NaiveTime, place: &str, people: usize, about: &str) -> String {
    let mut parts = vec![
        chance.pick(&NOTES.openers).clone(),
        chance.pick(&NOTES.talk).clone(),
    ];
    if chance.percent(30) {
        parts.push(chance.pick(&NOTES.on_spot).clone());
    }
    if chance.percent(60) {
        parts.push(chance.pick(&NOTES.follow).clone());
    }
    parts.push(chance.pick(&NOTES.closing).clone());
    let days = ["三", "五", "七"];
    parts
        .concat()
        .replace("{村}", place)
        .replace("{时}", &at.format("%H:%M").to_string())
        .replace("{人数}", &people.to_string())
        .replace("{群体}", "返乡青年")
        .replace("{事}", about)
        .replace("{单位}", "镇便民服务中心")
        .replace("{天}", days[chance.below(3)])
        .replace(',', "，")
}

/// A problem of a category that is drawn by how often it is heard.
pub fn demand(chance: &mut Chance) -> &'static Demand {
    let total: usize = CATEGORIES.iter().map(|(_, weight)| weight).sum();
    let mut at = chance.below(total);
    let mut category = "99";
    for (one, weight) in CATEGORIES {
        if at < weight {
            category = one;
            break;
        }
        at -= weight;
    }
    let fits: Vec<&'static Demand> = DEMANDS
        .iter()
        .filter(|one| one.category == category)
        .collect();
    fits[chance.below(fits.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_words_and_no_slot_stays_open() {
        let mut chance = Chance::new(1);
        for (category, _) in CATEGORIES {
            assert!(
                DEMANDS.iter().any(|one| one.category == category),
                "{category}"
            );
        }
        let at = NaiveTime::from_hms_opt(19, 40, 0).unwrap();
        for _ in 0..200 {
            let note = note(&mut chance, at, "上溪村", 3, "找工作");
            assert!(!note.contains('{') && note.chars().count() > 10, "{note}");
            assert!(name(&mut chance, true).0.chars().count() >= 2);
            demand(&mut chance);
        }
    }
}
