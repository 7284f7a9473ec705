//! One truth per figure: what is counted, the rows behind it, the roll-up, the year-end table and its
//! Excel say the same, on every level, and the same as a plain count by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use qingting::figures::{dictionary, rollup};
use qingting::platform::scope::Scope;

use crate::harness::{Town, new_id};
use crate::visits::{Sheet, youth};

/// A visit as the hand counts it.
struct Hand {
    who: &'static str,
    /// County-level unit: the county, or the city itself.
    unit: &'static str,
    /// Places whose table it stands in.
    seen_by: &'static [&'static str],
    evening: &'static str,
    night: bool,
    youths: &'static [&'static str],
    cadres: &'static [&'static str],
    village: &'static str,
    issues: i64,
}

const HANDS: [Hand; 7] = [
    Hand {
        who: "town_cadre",
        unit: "county",
        seen_by: &["town", "county", "city"],
        evening: "2026-11-24",
        night: true,
        youths: &["陈一诺", "叶舟"],
        cadres: &["town_cadre", "town_colleague"],
        village: "上溪村",
        issues: 2,
    },
    // The same young person, the same village, by the county: counted once above.
    Hand {
        who: "county_cadre",
        unit: "county",
        seen_by: &["county", "city"],
        evening: "2026-11-23",
        night: true,
        youths: &["陈一诺"],
        cadres: &["county_cadre"],
        village: "上溪村",
        issues: 0,
    },
    // Ten past midnight of 1 November belongs to October.
    Hand {
        who: "town_cadre",
        unit: "county",
        seen_by: &["town", "county", "city"],
        evening: "2026-10-31",
        night: true,
        youths: &["叶舟"],
        cadres: &["town_cadre"],
        village: "上溪村",
        issues: 0,
    },
    Hand {
        who: "town_colleague",
        unit: "county",
        seen_by: &["town", "county", "city"],
        evening: "2026-11-20",
        night: false,
        youths: &["罗子衿"],
        cadres: &["town_colleague"],
        village: "下溪村",
        issues: 1,
    },
    // A companion of another county: the visit is 云栖区's, her night is 青溪县's.
    Hand {
        who: "sibling_cadre",
        unit: "sibling",
        seen_by: &["sibling", "city"],
        evening: "2026-11-24",
        night: true,
        youths: &["吴清越"],
        cadres: &["sibling_cadre", "county_cadre"],
        village: "梅岭村",
        issues: 1,
    },
    Hand {
        who: "town2_cadre",
        unit: "county",
        seen_by: &["county", "city"],
        evening: "2026-11-24",
        night: true,
        youths: &["宋知夏"],
        cadres: &["town2_cadre"],
        village: "茶园村",
        issues: 0,
    },
    Hand {
        who: "city_admin",
        unit: "city",
        seen_by: &["city"],
        evening: "2026-11-24",
        night: true,
        youths: &["叶舟"],
        cadres: &["city_admin"],
        village: "上溪村",
        issues: 0,
    },
];

const VILLAGES: [(&str, i64); 4] = [
    ("上溪村", 991_221_100_200),
    ("下溪村", 991_221_100_201),
    ("茶园村", 991_221_101_200),
    ("梅岭村", 991_203_200_200),
];

const LEVELS: [(&str, &str); 4] = [
    ("city", "city_secretary"),
    ("county", "county_secretary"),
    ("sibling", "sibling_secretary"),
    ("town", "town_secretary"),
];

async fn village(town: &Town, name: &str) -> String {
    let code = VILLAGES
        .iter()
        .find(|(n, _)| *n == name)
        .expect("a village")
        .1;
    let found = town
        .scope("city_secretary")
        .look(async |db| qingting::committees::store::by_division(db, code).await)
        .await;
    found
        .expect("a look")
        .unwrap_or_else(|| panic!("{name}"))
        .id
        .to_string()
}

/// Registers everybody and posts the visits of the table, and what must not count.
async fn filled() -> Town {
    let town = Town::new().await;
    let mut ids = BTreeMap::new();
    for (name, who) in [
        ("陈一诺", "town_cadre"),
        ("叶舟", "town_cadre"),
        ("罗子衿", "town_colleague"),
        ("吴清越", "sibling_cadre"),
        ("宋知夏", "town2_cadre"),
    ] {
        ids.insert(name, youth(&town, who, name).await.to_string());
    }
    let times = [
        "19:40", "20:00", "00:10", "10:00", "20:00", "19:00", "20:30",
    ];
    for (hand, time) in HANDS.iter().zip(times) {
        let date = if time == "00:10" {
            "2026-11-01"
        } else {
            hand.evening
        };
        let mut sheet = Sheet::new(&town)
            .without("walkins")
            .with("day", "other")
            .with("date", date)
            .with("at", time)
            .with("late", "当晚没有信号，回来补记")
            .with("village", &village(&town, hand.village).await);
        for youth in hand.youths {
            sheet = sheet.and("youth", &ids[youth]);
        }
        for cadre in hand.cadres.iter().filter(|cadre| **cadre != hand.who) {
            let id = town.world.person(cadre).cadre.expect("a cadre");
            sheet = sheet.and("cadre", &id.to_string());
        }
        for n in 1..=hand.issues {
            let n = usize::try_from(n).expect("a few");
            sheet = sheet.problem(n, "想找离家近的工作", ["01", "04"][n - 1]);
        }
        sheet.saved(&sheet.post(&town, hand.who).await);
    }
    not_counted(&town, &ids["陈一诺"]).await;
    catch_up(&town).await;
    town
}

/// A voided visit, and one where nobody was met.
async fn not_counted(town: &Town, youth: &str) {
    let void = Sheet::new(town)
        .without("walkins")
        .with("day", "other")
        .with("date", "2026-11-21")
        .with("at", "21:00")
        .with("youth", youth)
        .problem(1, "这条也作废", "09");
    let at = void.saved(&void.post(town, "town_cadre").await);
    let lin = town.signed_in("town_cadre");
    lin.post(
        &format!("{at}/void"),
        &[("version", "1"), ("reason", "记错了人")],
    )
    .await
    .goes_to(&at);
    let unmet = Sheet::new(town)
        .without("walkins")
        .with("day", "other")
        .with("date", "2026-11-19")
        .with("unmet", "away");
    unmet.saved(&unmet.post(town, "town_cadre").await);
}

async fn catch_up(town: &Town) {
    for key in ["city", "province"] {
        let scope = Scope::of_ticker(town.site.clone(), town.world.committee(key));
        rollup::catch_up(&scope).await.expect("a roll-up");
    }
}

fn seen(place: &str) -> impl Iterator<Item = &Hand> {
    HANDS
        .iter()
        .filter(move |hand| hand.seen_by.contains(&place))
}

/// The place whose table a cadre's nights stand in.
fn homes(cadre: &str) -> &'static [&'static str] {
    match cadre {
        "town_cadre" | "town_colleague" => &["town", "county", "city"],
        "town2_cadre" | "county_cadre" => &["county", "city"],
        "sibling_cadre" => &["sibling", "city"],
        _ => &["city"],
    }
}

/// The figure as somebody with a pencil would count it.
fn by_hand(code: &str, place: &str) -> i64 {
    let len = |n: usize| i64::try_from(n).expect("few");
    let distinct = |keys: BTreeSet<String>| len(keys.len());
    match code {
        "C01" => len(seen(place).map(|h| h.cadres.len()).sum()),
        "C02" => len(seen(place).filter(|h| h.night).count()),
        "C03" | "C04" => distinct(seen(place).map(|h| h.village.to_owned()).collect()),
        "C05" => distinct(
            seen(place)
                .flat_map(|h| h.youths)
                .map(|y| (*y).to_owned())
                .collect(),
        ),
        "C06" => len(seen(place).map(|h| h.youths.len()).sum()),
        "C07" => distinct(
            seen(place)
                .filter(|h| h.night)
                .map(|h| format!("{} {}", h.unit, h.evening))
                .collect(),
        ),
        "C09" => {
            let nights = HANDS.iter().filter(|h| h.night);
            let cadres = nights.flat_map(|h| h.cadres);
            let here = cadres.filter(|cadre| homes(cadre).contains(&place));
            distinct(here.map(|cadre| (*cadre).to_owned()).collect())
        }
        // The voided visit's problem stays: it was heard, and somebody handles it.
        "D01" => {
            let voided = i64::from(["town", "county", "city"].contains(&place));
            seen(place).map(|h| h.issues).sum::<i64>() + voided
        }
        other => panic!("{other}"),
    }
}

const PERIOD: &str = "from=2026-01-01&to=2026-11-24";

/// What the rows page says, and how many rows it lists.
async fn behind(town: &Town, who: &str, address: &str) -> (i64, i64) {
    let page = town.signed_in(who).get(address).await;
    page.is(200);
    let total = page.text.split("共 ").nth(1).expect("a total");
    let total = total
        .split(' ')
        .next()
        .expect("a number")
        .parse()
        .expect("a number");
    let rows = page.text.matches("class=\"row\"").count();
    (total, i64::try_from(rows).expect("few"))
}

#[tokio::test]
async fn page_rows_roll_up_and_hand_agree_on_every_level() {
    let town = filled().await;
    let mut compared = 0;
    for (place, who) in LEVELS {
        let committee = town.world.committee(place).place.committee;
        for code in rollup::METRICS {
            let hand = by_hand(code, place);
            let address = format!("/figures/{code}?committee={committee}&{PERIOD}");
            let (total, rows) = behind(&town, who, &address).await;
            assert_eq!((total, rows), (hand, hand), "{code} at {place}");
            assert_eq!(
                rolled_up(&town, place, code, "year").await,
                hand,
                "{code} at {place}"
            );
            compared += 1;
        }
    }
    println!("{compared} figures: rows == roll-up == by hand");
}

async fn rolled_up(town: &Town, place: &str, metric: &str, period: &str) -> i64 {
    use sqlx::{Connection, PgConnection};
    let committee = town.world.committee(place).place.committee.0;
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    let n: Option<i64> = sqlx::query_scalar(
        "select n from stats where committee_id = $1 and metric = $2 and period = $3
         and starts_on = '2026-01-01'",
    )
    .bind(committee)
    .bind(metric)
    .bind(period)
    .fetch_optional(&mut db)
    .await
    .expect("a figure");
    n.unwrap_or(0)
}

#[tokio::test]
async fn an_empty_year_is_nought_everywhere() {
    let town = Town::new().await;
    catch_up(&town).await;
    let secretary = town.signed_in("city_secretary");
    for indicator in dictionary::ALL.iter().filter(|it| it.code.starts_with('C')) {
        let page = secretary
            .get(&format!("/figures/{}?{PERIOD}", indicator.code))
            .await;
        page.sees("这段时间没有记录").shows("共 0 条");
    }
    secretary.get("/dashboard").await.sees("今年走访青年 0 人");
    secretary
        .get("/reports/year-end")
        .await
        .sees("主要工作数据表");
}

#[tokio::test]
async fn the_dashboard_shows_the_same_and_opens_it() {
    let town = filled().await;
    for (place, who) in LEVELS {
        let committee = town.world.committee(place).place.committee;
        let page = town.signed_in(who).get("/dashboard").await;
        for code in ["C05", "C02", "C07", "C09", "D01"] {
            let link = format!("/figures/{code}?committee={committee}&#38;{PERIOD}");
            let link = link.replace("&from", "&#38;from").replace("&to", "&#38;to");
            let after = page.text.split(&link).nth(1).or_else(|| {
                let plain = link.replace("&#38;", "&");
                page.text.split(&plain).nth(1)
            });
            let after =
                after.unwrap_or_else(|| panic!("{place} has no link {link}: {}", page.text));
            let hand = by_hand(code, place).to_string();
            let shown = after.split("</a>").next().expect("a link");
            assert!(
                shown.contains(&hand),
                "{code} at {place}: {shown} is not {hand}"
            );
        }
    }
}

#[tokio::test]
async fn drilling_down_is_the_address_and_a_sibling_is_not_there() {
    let town = filled().await;
    let id = |key| town.world.committee(key).place.committee;
    let city = town.signed_in("city_secretary");
    city.get("/dashboard")
        .await
        .sees("青溪县")
        .shows("市本级")
        .shows("直属系统");
    city.get(&format!("/dashboard/{}", id("county")))
        .await
        .sees("溪口镇");
    let county = town.signed_in("county_secretary");
    county
        .get(&format!("/dashboard/{}", id("sibling")))
        .await
        .is(404);
    county
        .get(&format!("/dashboard/{}", id("city")))
        .await
        .is(404);
    county
        .get(&format!("/dashboard/{}", id("other_city")))
        .await
        .is(404);
    county
        .get(&format!("/figures/C05?committee={}", id("sibling")))
        .await
        .is(404);
    county
        .get(&format!("/reports/year-end?committee={}", id("sibling")))
        .await
        .is(404);
    town.signed_in("town_cadre").get("/dashboard").await.is(403);
    city.get("/dashboard?span=decade").await.is(400);
    city.get("/dashboard?sort=name").await.is(400);
    city.get("/figures/C05?from=x").await.is(400);
    city.get("/figures/C05?after=C06~2026-01-01~x")
        .await
        .is(400);
    city.get("/figures/X99").await.is(404);
    city.get("/figures/D09?category=77").await.is(400);
}

#[tokio::test]
async fn a_mark_that_is_renewed_while_counting_is_not_lost() {
    let town = filled().await;
    let marks = "select count(*) from stale_months where tenant_id in (select id from committees where level = 3)";
    assert_eq!(crate::visits::count(&town, marks).await, 0);
    let sheet = Sheet::new(&town)
        .with("confirm", "other")
        .with("at", "20:50");
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    assert!(crate::visits::count(&town, marks).await > 0);
    let before = rolled_up(&town, "city", "C02", "year").await;
    catch_up(&town).await;
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 1);
    assert_eq!(crate::visits::count(&town, marks).await, 0);
    // Run twice, it comes to the same.
    for key in ["city", "province"] {
        let scope = Scope::of_ticker(town.site.clone(), town.world.committee(key));
        rollup::refresh_all(&scope).await.expect("a refresh");
    }
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 1);
    assert_eq!(
        rolled_up(&town, "province", "C02", "year").await,
        before + 1
    );
}

fn sheet_of(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    let range = book.worksheet_range(name).expect("a sheet");
    let cell = |data: &Data| match data {
        Data::Float(n) => n.to_string(),
        other => other.to_string(),
    };
    range
        .rows()
        .map(|row| row.iter().map(cell).collect())
        .collect()
}

#[tokio::test]
async fn the_year_end_table_and_its_excel_agree_with_the_hand() {
    let town = filled().await;
    for (place, who) in LEVELS {
        let browser = town.signed_in(who);
        let page = browser.get(&format!("/reports/year-end?{PERIOD}")).await;
        page.sees("主要指标");
        let file = browser
            .get(&format!("/reports/year-end.xlsx?{PERIOD}"))
            .await;
        file.is(200);
        let rows = sheet_of(&file.bytes, "主要指标");
        for code in rollup::METRICS {
            let row = rows.iter().find(|row| row[0] == code);
            let row = row.unwrap_or_else(|| panic!("{code} is not in the file"));
            assert_eq!(
                row[3],
                by_hand(code, place).to_string(),
                "{code} at {place}"
            );
        }
        let units = sheet_of(&file.bytes, "走访");
        let last = units.last().expect("a foot");
        let head = &units[0];
        let at = head
            .iter()
            .position(|h| h.starts_with("走访青年数"))
            .expect("a column");
        assert_eq!(last[at], by_hand("C05", place).to_string());
        let meaning = sheet_of(&file.bytes, "口径");
        assert!(
            meaning
                .iter()
                .flatten()
                .any(|cell| cell.contains("同一青年计一次"))
        );
    }
}

#[tokio::test]
async fn the_list_of_visits_has_as_many_rows_as_there_are_and_is_logged() {
    let town = filled().await;
    let file = town
        .signed_in("city_admin")
        .get(&format!("/reports/visits.xlsx?{PERIOD}"))
        .await;
    file.is(200);
    let rows = sheet_of(&file.bytes, "走访");
    // Head, the seven of the table, and the one where nobody was met.
    assert_eq!(rows.len(), 1 + HANDS.len() + 1);
    assert!(!rows.iter().flatten().any(|cell| cell.contains("陈一诺")));
    let lines = "select count(*) from day_book where verb = 'report_exported'";
    assert_eq!(crate::visits::count(&town, lines).await, 1);
    let county = town.signed_in("sibling_secretary");
    let file = county.get(&format!("/reports/visits.xlsx?{PERIOD}")).await;
    assert_eq!(sheet_of(&file.bytes, "走访").len(), 2);
}

#[tokio::test]
async fn an_earlier_figure_is_typed_once_and_marked() {
    let town = Town::new().await;
    let secretary = town.signed_in("city_secretary");
    let form = format!(
        "/reports/typed?{PERIOD}&committee={}&code=C05",
        town.world.committee("city").place.committee
    );
    secretary.get(&form).await.sees("填上年的数：走访青年数");
    let id = new_id();
    secretary
        .post(
            &form,
            &[
                ("id", &id),
                ("n", "七千"),
                ("definition", ""),
                ("source", "台账"),
            ],
        )
        .await
        .refuses("写一个整数")
        .shows("写下这个数是怎么数的")
        .shows("七千");
    let right = [
        ("id", id.as_str()),
        ("n", "７，７３０"),
        ("definition", "台账人次"),
        ("source", "2025 年总结"),
    ];
    for _ in 0..2 {
        secretary
            .post(&form, &right)
            .await
            .goes_to("/reports/year-end?");
    }
    secretary
        .get(&format!("/reports/year-end?{PERIOD}"))
        .await
        .sees("◇7,730")
        .shows("台账人次");
    let other = new_id();
    let late = [
        ("id", other.as_str()),
        ("n", "1"),
        ("definition", "x"),
        ("source", "y"),
    ];
    secretary
        .post(&form, &late)
        .await
        .is(409)
        .shows("别人刚存的")
        .shows("2025 年总结");
    town.signed_in("county_secretary").get(&form).await.is(403);
    town.signed_in("town_cadre").get(&form).await.is(403);
}

#[tokio::test]
async fn a_figure_can_be_copied_as_a_sentence() {
    let town = filled().await;
    let page = town
        .signed_in("city_secretary")
        .get(&format!("/reports/sentence?{PERIOD}&code=C05"))
        .await;
    page.sees("复制一段话")
        .shows("清川市走访青年数 5人")
        .shows("2026-01-01 至 2026-11-24");
}
