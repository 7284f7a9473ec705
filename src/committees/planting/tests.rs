use std::collections::HashSet;

use super::intervals::{Interval, Rank, next_free};
use super::{Kind, Seedling, centre, plan, single};
use crate::committees::divisions::{self, Level};

const HUZHOU: i64 = 330_500_000_000;

fn city(code: i64) -> Vec<Seedling> {
    plan(code).expect("a city of the data")
}

/// A code as its digits are read: province, city, county, town, grassroots.
fn digits(code: &str) -> i64 {
    code.replace(' ', "").parse().expect("digits")
}

fn count(planted: &[Seedling], level: Rank, kind: Kind) -> usize {
    planted
        .iter()
        .filter(|one| one.level == level && one.kind == kind)
        .count()
}

/// What must hold of every tree: see the head of `intervals`.
fn is_sound(planted: &[Seedling]) {
    assert_eq!(planted[0].parent, None);
    let mut last_child = vec![None::<usize>; planted.len()];
    for (i, one) in planted.iter().enumerate().skip(1) {
        let parent = one.parent.expect("only the top has no parent");
        assert!(parent < i, "parents first");
        let above = &planted[parent];
        assert!(
            above.codes().holds(one.codes()),
            "{} outside {}",
            one.full_name,
            above.full_name
        );
        assert!(
            above.level < one.level,
            "{} under {}",
            one.full_name,
            above.full_name
        );
        assert!(planted[i - 1].code_lo < one.code_lo, "order of codes");
        if let Some(sibling) = last_child[parent].replace(i) {
            assert!(
                planted[sibling].code_hi < one.code_lo,
                "{} overlaps",
                one.full_name
            );
        }
    }
}

#[test]
fn every_province_and_every_city_plants_a_sound_tree() {
    let all = divisions::load();
    let mut cities = 0;
    for province in all.provinces() {
        let planted = plan(province.code).expect("a province");
        is_sound(&planted);
        let parents_agree = planted
            .iter()
            .filter(|one| one.kind != Kind::Line)
            .all(|one| {
                let above = one.parent.and_then(|parent| planted[parent].division_code);
                let division = all
                    .get(one.division_code.expect("an area has one"))
                    .expect("known");
                above == division.parent
            });
        assert!(parents_agree, "{} follows the divisions", province.name);
        for division in all.cities_of(province.code) {
            is_sound(&city(division.code));
            cities += 1;
        }
    }
    assert_eq!(cities, 333);
}

#[test]
fn a_city_is_planted_whole() {
    let planted = city(HUZHOU);
    assert_eq!(count(&planted, Rank::County, Kind::Area), 5);
    assert_eq!(count(&planted, Rank::Town, Kind::Area), 72);
    assert_eq!(count(&planted, Rank::Grassroots, Kind::Area), 1301);
    assert_eq!(count(&planted, Rank::County, Kind::Line), 1);
    assert_eq!(count(&planted, Rank::Town, Kind::Line), 8);
    let top = &planted[0];
    assert_eq!(
        (top.code_lo, top.code_hi),
        (digits("33 05 00 000 00000"), digits("33 05 99 999 99999"))
    );
    assert_eq!(top.level, Rank::City);
    let branch = planted
        .iter()
        .find(|one| one.short_name == "直属系统")
        .expect("the branch");
    assert_eq!(
        (branch.code_lo, branch.parent, branch.division_code),
        (digits("33 05 90 000 00000"), Some(0), None)
    );
}

#[test]
fn zones_hold_their_streets_and_are_no_counties() {
    let planted = city(140_600_000_000);
    assert_eq!(count(&planted, Rank::County, Kind::Area), 6);
    assert_eq!(count(&planted, Rank::County, Kind::Zone), 1);
    assert_eq!(count(&planted, Rank::Town, Kind::Area), 72);
    let zone = planted
        .iter()
        .position(|one| one.kind == Kind::Zone)
        .expect("one zone");
    assert_eq!(planted[zone].short_name, "山西朔州经济开发区团工委");
    assert_eq!(
        planted
            .iter()
            .filter(|one| one.parent == Some(zone))
            .count(),
        1
    );
}

#[test]
fn virtual_communities_are_not_planted() {
    let planted = city(150_100_000_000);
    assert!(planted.iter().all(|one| !one.full_name.contains("虚拟")));
    assert!(count(&planted, Rank::Grassroots, Kind::Area) < 1396);
}

#[test]
fn odd_places_are_planted_too() {
    let dongguan = city(441_900_000_000);
    assert!(
        dongguan
            .iter()
            .filter(|one| one.level == Rank::Town && one.kind == Kind::Area)
            .all(|one| one.parent == Some(0))
    );
    assert_eq!(count(&dongguan, Rank::County, Kind::Area), 0);
    let beijing = plan(110_000_000_000).expect("a province");
    assert_eq!(count(&beijing, Rank::City, Kind::Area), 0);
    assert_eq!(count(&beijing, Rank::County, Kind::Area), 16);
    let hubei = plan(420_000_000_000).expect("a province");
    let own: Vec<&Seedling> = hubei
        .iter()
        .filter(|one| one.parent == Some(0) && one.level == Rank::County)
        .collect();
    assert_eq!(
        own.len(),
        5,
        "four counties under the province and its 直属系统"
    );
    assert_eq!(
        own[4].code_lo,
        digits("42 91 00 000 00000"),
        "the digits 90 belong to 仙桃 and its like"
    );
    assert!(plan(330_502_000_000).is_none(), "a county is no tenant");
    assert!(plan(330_599_000_000).is_none() && plan(0).is_none() && plan(-1).is_none());
}

/// Division, full name, short name, common name, class.
const NAMES: &str = "
140000000000 共青团山西省委员会 团山西省委 团省委 LD
150000000000 共青团内蒙古自治区委员会 内蒙古自治区团委 团区委 LD
110000000000 共青团北京市委员会 团北京市委 团市委 LD
330500000000 共青团湖州市委员会 团湖州市委 团市委 LD
654000000000 共青团伊犁哈萨克自治州委员会 伊犁州团委 团州委 LD
654200000000 共青团塔城地区委员会 塔城地区团委 团地委 LD
152500000000 共青团锡林郭勒盟委员会 团锡林郭勒盟委 团盟委 LD
330523000000 共青团安吉县委员会 团安吉县委 团县委 LD
150102000000 共青团呼和浩特市新城区委员会 团新城区委 团区委 LD
140681000000 共青团怀仁市委员会 团怀仁市委 团市委 LD
150121000000 共青团土默特左旗委员会 团土默特左旗委 团旗委 LD
331127000000 共青团景宁畲族自治县委员会 团景宁县委 团县委 LD
632857000000 共青团大柴旦工作委员会 大柴旦团工委 团工委 GW
991221100000 共青团青溪县溪口镇委员会 溪口镇团委 团镇委 JW
991203200000 共青团云栖区梅岭乡委员会 梅岭乡团委 团乡委 JW
991202001000 共青团望江区滨江街道工作委员会 滨江街道团工委 街道团工委 GW
991224200000 共青团塔拉旗塔拉苏木委员会 塔拉苏木团委 苏木团委 JW
991221100200 共青团溪口镇上溪村支部委员会 上溪村团支部 村团支部 ZB
991221100001 共青团溪口镇溪口社区支部委员会 溪口社区团支部 社区团支部 ZB
991224200200 共青团塔拉苏木巴彦嘎查支部委员会 巴彦嘎查团支部 嘎查团支部 ZB
";

#[test]
fn names_follow_the_patterns_of_the_league() {
    for line in NAMES.trim().lines() {
        let code = line[..12].parse().expect("a code");
        let one = single(code).expect(line);
        let made = [
            &one.full_name,
            &one.short_name,
            &one.common_name,
            one.class.code(),
        ]
        .map(ToString::to_string);
        assert_eq!(line, format!("{code} {}", made.join(" ")));
        assert_eq!(one.division_code, Some(code));
    }
    assert_eq!(centre().common_name, "团中央");
}

#[test]
fn short_names_of_autonomous_places_name_no_people() {
    let places: Vec<Seedling> = divisions::load()
        .all()
        .iter()
        .filter(|row| {
            row.level <= Level::County && row.name.contains("自治") && row.level != Level::Province
        })
        .map(|row| single(row.code).expect("known"))
        .collect();
    assert_eq!(
        places.len(),
        30 + 117 + 3,
        "states of domain.md 5.1: 自治州, 自治县, 自治旗"
    );
    for one in &places {
        assert!(
            !one.short_name.contains('族') && !one.short_name.contains("自治"),
            "{}",
            one.short_name
        );
        assert!(
            one.short_name.chars().count() >= 5,
            "{} is too short",
            one.short_name
        );
    }
    let shorts: HashSet<&str> = places.iter().map(|one| one.short_name.as_str()).collect();
    for wanted in [
        "团东乡县委",
        "团鄂温克旗委",
        "团莫力达瓦旗委",
        "团长白县委",
        "延边州团委",
        "团积石山县委",
    ] {
        assert!(shorts.contains(wanted), "{wanted}");
    }
}

#[test]
fn no_name_says_committee_of_a_committee() {
    for province in divisions::load().provinces() {
        for one in plan(province.code).expect("a province") {
            let doubled =
                one.full_name.contains("委员会委员会") || one.full_name.contains("委员会工作");
            assert!(!doubled, "{}", one.full_name);
            assert!(one.full_name.chars().count() <= 60, "{}", one.full_name);
            assert!(!one.common_name.is_empty());
        }
    }
}

#[test]
fn lines_take_the_word_of_their_city() {
    let short = |code: i64| {
        city(code)
            .iter()
            .filter(|one| one.kind == Kind::Line)
            .nth(1)
            .expect("a line")
            .short_name
            .clone()
    };
    assert_eq!(short(HUZHOU), "市直机关团工委");
    assert_eq!(short(654_200_000_000), "地直机关团工委");
    assert_eq!(short(654_000_000_000), "州直机关团工委");
    let line = &city(HUZHOU);
    assert!(
        line.iter()
            .any(|one| one.full_name == "共青团湖州市直属机关工作委员会")
    );
}

#[test]
fn a_division_that_comes_later_gets_its_own_digits() {
    let county = Interval::of_division(330_502_000_000);
    let next = next_free(county, Rank::Town, Some(330_502_017_000), &[]).expect("room");
    assert_eq!(next.lo, digits("33 05 02 017 00000"));
    let again = next_free(county, Rank::Town, Some(330_502_017_000), &[next]).expect("room");
    assert_eq!(
        again.lo,
        digits("33 05 02 900 00000"),
        "taken digits: the first without a division"
    );
    let province = Interval::of_division(420_000_000_000);
    let county = next_free(province, Rank::County, Some(429_004_000_000), &[]).expect("room");
    assert_eq!(county, Interval::of_division(429_004_000_000));
}

#[test]
fn committees_without_a_division_have_room_at_every_level() {
    let city = Interval::of_division(HUZHOU);
    let first = |parent, room| next_free(parent, room, None, &[]).expect("room").lo;
    assert_eq!(
        first(Interval::CENTRE, Rank::Province),
        digits("90 00 00 000 00000")
    );
    assert_eq!(first(city, Rank::County), digits("33 05 90 000 00000"));
    assert_eq!(first(city, Rank::Town), digits("33 05 00 900 00000"));
    assert_eq!(first(city, Rank::Grassroots), digits("33 05 00 000 10000"));
    let village = Interval::of_division(330_523_100_001);
    assert_eq!(first(village, Rank::Grassroots), village.lo + 1);
    assert_eq!(
        next_free(village, Rank::Town, None, &[]),
        None,
        "no town below a village"
    );
    let branch = next_free(village, Rank::Grassroots, None, &[]).expect("room");
    assert_eq!(
        next_free(branch, Rank::Grassroots, None, &[]),
        None,
        "nothing below one code"
    );
}

/// Fills real parents until they refuse, with a mix of levels and divisions, and looks at every slot.
#[test]
fn insertions_keep_the_rules_until_the_parent_is_full() {
    let mut seed: u64 = 20_261_124;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    for (parent, rooms) in [
        (HUZHOU, &[Rank::County, Rank::Town, Rank::Grassroots][..]),
        (330_000_000_000, &[Rank::City, Rank::County]),
        (330_523_100_000, &[Rank::Grassroots]),
        (330_523_100_001, &[Rank::Grassroots]),
    ] {
        let parent_codes = Interval::of_division(parent);
        let mut taken: Vec<Interval> = Vec::new();
        for _ in 0..400 {
            let room = rooms[usize::try_from(draw(3)).expect("small") % rooms.len()];
            let division = (draw(2) == 0)
                .then(|| parent + i64::try_from(draw(99)).expect("small") * 1_000_000);
            let Some(slot) = next_free(parent_codes, room, division, &taken) else {
                continue;
            };
            assert!(parent_codes.holds(slot));
            assert!(!taken.iter().any(|other| other.overlaps(slot)));
            taken.push(slot);
        }
        let enough = if rooms.len() == 1 { 9 } else { 95 };
        assert!(taken.len() >= enough, "only {} under {parent}", taken.len());
    }
}
