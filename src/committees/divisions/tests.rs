use super::{Division, Divisions, Level, load};

/// (code, counties, zones, streets, villages) as counted independently from the package.
const FACTS: [(i64, usize, usize, usize, usize); 5] = [
    (330_500_000_000, 5, 0, 72, 1301),
    (140_600_000_000, 6, 1, 72, 1277),
    (140_300_000_000, 5, 0, 43, 777),
    (650_200_000_000, 4, 0, 19, 152),
    (150_100_000_000, 9, 1, 99, 1396),
];

fn count(rows: &[Division], level: Level) -> usize {
    rows.iter().filter(|row| row.level == level).count()
}

/// A place as it is shown, by its code.
fn shown(all: &Divisions, code: i64) -> String {
    all.get(code)
        .expect("the code is in the data")
        .display()
        .into_owned()
}

#[test]
fn seed_cities_have_the_counted_numbers() {
    let all = load();
    for (city, counties, zones, streets, villages) in FACTS {
        assert_eq!(
            all.counties_of(city).count(),
            counties,
            "counties of {city}"
        );
        assert_eq!(all.zones_of(city).count(), zones, "zones of {city}");
        assert_eq!(
            count(all.within(city), Level::Street),
            streets,
            "streets of {city}"
        );
        assert_eq!(
            count(all.within(city), Level::Village),
            villages,
            "villages of {city}"
        );
    }
}

#[test]
fn the_country_has_the_official_numbers() {
    let all = load();
    let real: Vec<Division> = all
        .all()
        .iter()
        .copied()
        .filter(|row| !row.is_invented())
        .collect();
    assert_eq!(all.provinces().count(), 31);
    assert_eq!(count(&real, Level::City), 333);
    let zones = real.iter().filter(|row| row.is_zone()).count();
    assert_eq!(zones, 124);
    // The published 2 854 count four cities without counties as their own county.
    assert_eq!(count(&real, Level::County) - zones + 4, 2854);
    // One published street row repeats its county (金门县).
    assert_eq!(count(&real, Level::Street) + 1, 41_352);
}

#[test]
fn walking_down_reaches_every_row_once() {
    let all = load();
    let mut seen = 0;
    let mut waiting: Vec<&Division> = all
        .all()
        .iter()
        .filter(|row| row.parent.is_none())
        .collect();
    assert_eq!(waiting.len(), 32, "only provinces have no parent");
    while let Some(row) = waiting.pop() {
        seen += 1;
        waiting.extend(all.cities_of(row.code));
        waiting.extend(all.counties_of(row.code).chain(all.zones_of(row.code)));
        waiting.extend(all.streets_of(row.code));
        waiting.extend(all.villages_of(row.code));
    }
    assert_eq!(seen, all.all().len());
}

#[test]
fn fillers_are_no_places() {
    let all = load();
    assert!(
        all.all()
            .iter()
            .all(|row| !["市辖区", "县"].contains(&row.name))
    );
    let beijing = 110_000_000_000;
    assert_eq!(all.cities_of(beijing).count(), 0);
    assert_eq!(all.counties_of(beijing).count(), 16);
    assert_eq!(
        all.counties_of(420_000_000_000).count(),
        4,
        "仙桃 and its like"
    );
    for city in [
        441_900_000_000,
        442_000_000_000,
        460_400_000_000,
        620_200_000_000,
    ] {
        assert_eq!(all.counties_of(city).count(), 0, "{city} has no counties");
        assert!(all.streets_of(city).count() > 2, "{city} has streets");
    }
}

#[test]
fn names_are_shown_without_the_committee() {
    let all = load();
    for row in all.all() {
        let shown = row.display();
        assert!(!shown.is_empty());
        if row.level == Level::Village {
            let bare = !shown.ends_with("村委会")
                && !shown.ends_with("居委会")
                && !shown.ends_with("村民委员会");
            assert!(bare, "{} is shown as {shown}", row.name);
            assert!(
                !shown.ends_with("村村村") && !shown.ends_with("社区社区"),
                "{shown}"
            );
        }
    }
    let named = |raw: &str, level| {
        all.all()
            .iter()
            .find(|row| row.name == raw && row.level == level)
    };
    for (raw, level, wanted) in [
        ("义井村委会", Level::Village, "义井村"),
        ("大村村委会", Level::Village, "大村"),
        ("姚家村村民委员会", Level::Village, "姚家村"),
        ("泉西社区居民委员会", Level::Village, "泉西社区"),
        ("织里居委会", Level::Village, "织里社区"),
        ("朱湾村居委会", Level::Village, "朱湾村"),
        ("科创园区居委会", Level::Village, "科创园区"),
        ("保康街道办事处", Level::Street, "保康街道"),
        ("庆北办事处", Level::Street, "庆北办事处"),
    ] {
        assert_eq!(named(raw, level).expect(raw).display(), wanted);
    }
}

#[test]
fn the_demo_city_is_there_but_in_no_list_of_real_ones() {
    let all = load();
    let city = 991_200_000_000;
    assert_eq!(shown(all, city), "清川市");
    assert_eq!(
        all.province(991_221_100_200).expect("a province").code,
        990_000_000_000
    );
    let counties: Vec<&str> = all.counties_of(city).map(|row| row.name).collect();
    assert_eq!(
        counties,
        ["望江区", "云栖区", "青溪县", "白鹭县", "塔拉旗", "临泽市"]
    );
    assert_eq!(count(all.within(city), Level::Street), 23);
    assert_eq!(count(all.within(city), Level::Village), 70);
    assert!(all.provinces().all(|row| row.code != 990_000_000_000));
}

#[test]
fn unknown_codes_give_nothing() {
    let all = load();
    assert!(all.get(1).is_none());
    assert!(all.within(-5).is_empty());
    assert_eq!(all.counties_of(i64::MAX).count(), 0);
    assert!(all.province(0).is_none());
}

#[test]
fn the_table_stays_small() {
    let all = load();
    let names: usize = all.all().iter().map(|row| row.name.len()).sum();
    let bytes = size_of_val(all.all()) + names + all.all().len() * 12;
    assert!(bytes < 8 * 1024 * 1024, "{bytes} bytes");
}
