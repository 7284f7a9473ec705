//! One truth per figure: what is counted, the rows behind it and the roll-up say the same, on every
//! level, and the same as a plain count by hand; `dashboard.rs` and `reports.rs` go on from there.

use std::collections::{BTreeMap, BTreeSet};

use qingting::figures::{dictionary, rollup};
use qingting::platform::scope::Scope;

use crate::harness::Town;
use crate::visits::{Sheet, youth};

/// A visit as the hand counts it.
pub struct Hand {
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

pub const HANDS: [Hand; 7] = [
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

pub const LEVELS: [(&str, &str); 4] = [
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
pub async fn filled() -> Town {
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

pub async fn catch_up(town: &Town) {
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
pub fn by_hand(code: &str, place: &str) -> i64 {
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

pub const PERIOD: &str = "from=2026-01-01&to=2026-11-24";

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
