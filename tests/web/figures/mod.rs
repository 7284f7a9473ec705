//! One truth per figure: what is counted, the rows behind it and the roll-up say the same, on every
//! level, and the same as a plain count by hand; `dashboard.rs` and `reports.rs` go on from there.

mod evenings;
pub mod hands;
mod kept;
mod levels;
mod lists;
mod merged;
mod race;

use std::collections::BTreeMap;

use qingting::cadres::{self, Nature, NewAppointment, NewCadre};
use qingting::figures::{dictionary, rollup};
use qingting::platform::ids::{AppointmentId, CadreId};
use qingting::platform::scope::{Role, Scope};

use crate::harness::{Browser, Town};
use crate::visits::{Sheet, youth};
pub use hands::{Days, HANDS, LEVELS, POSTS, by_hand};
pub use levels::in_excel;

const VILLAGES: [(&str, i64); 4] = [
    ("上溪村", 991_221_100_200),
    ("下溪村", 991_221_100_201),
    ("茶园村", 991_221_101_200),
    ("梅岭村", 991_203_200_200),
];

pub async fn village(town: &Town, name: &str) -> String {
    let code = VILLAGES.iter().find(|(n, _)| *n == name);
    let code = code.expect("a village").1;
    let found = town
        .scope("city_secretary")
        .look(async |db| qingting::committees::store::by_division(db, code).await)
        .await;
    let found = found.expect("a look");
    found.expect("a committee").id.to_string()
}

/// Registers everybody and posts the visits of the table, and what must not count.
pub async fn filled() -> Town {
    let town = Town::new().await;
    let cadres = posts(&town).await;
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
    for hand in &HANDS {
        let date = if hand.time == "00:10" {
            "2026-11-01"
        } else {
            hand.evening
        };
        let mut sheet = Sheet::new(&town)
            .without("walkins")
            .with("day", "other")
            .with("date", date)
            .with("at", hand.time)
            .with("late", "当晚没有信号，回来补记")
            .with("village", &village(&town, hand.village).await);
        for youth in hand.youths {
            sheet = sheet.and("youth", &ids[youth]);
        }
        for cadre in hand.cadres.iter().filter(|cadre| **cadre != hand.who) {
            let extra = cadres.get(cadre).copied();
            let id = extra.or_else(|| town.world.person(cadre).cadre);
            sheet = sheet.and("cadre", &id.expect("a cadre").to_string());
        }
        for n in 1..=hand.issues {
            let n = usize::try_from(n).expect("a few");
            sheet = sheet.problem(n, "想找离家近的工作", ["01", "04"][n - 1]);
        }
        sheet.saved(&sheet.post(&town, hand.who).await);
    }
    not_counted(&town, &ids["陈一诺"]).await;
    leave(&town, &cadres).await;
    catch_up(&town).await;
    town
}

/// The posts of those who are not of the harness; each is written down where his first post is.
async fn posts(town: &Town) -> BTreeMap<&'static str, CadreId> {
    let mut ids = BTreeMap::new();
    for (index, post) in POSTS.iter().enumerate().skip(11) {
        let place = post.seen_by[0];
        let scope = Scope::of_ticker(town.site.clone(), town.world.committee(place));
        let is_new = !ids.contains_key(post.who);
        let cadre = *ids
            .entry(post.who)
            .or_insert_with(|| CadreId::new_v7(scope.now()));
        let person = NewCadre {
            id: cadre,
            name: format!("白一{index}"),
            phone: format!("199111111{index:02}"),
            sex: None,
            birth_on: None,
            politics: None,
            education: None,
            work_unit: None,
        };
        let office = NewAppointment {
            id: AppointmentId::new_v7(scope.now()),
            cadre,
            account: None,
            role: Role::Cadre,
            post: "委员".into(),
            nature: Nature::from_code(post.nature).expect("a nature"),
            starts_on: "2024-01-01".parse().expect("a date"),
            is_primary: is_new,
        };
        let (person, office) = (&person, &office);
        scope
            .work(async |db| {
                let at = db.scope().place();
                if is_new {
                    cadres::store::add(db, at, person, None).await?;
                }
                cadres::store::appoint(db, at, office).await?;
                Ok(db.unchanged(()))
            })
            .await
            .expect("a post");
    }
    ids
}

/// Whoever left did so in summer, after the visits of last year.
async fn leave(town: &Town, cadres: &BTreeMap<&'static str, CadreId>) {
    let left = POSTS.iter().find(|post| post.who == "left");
    let day = left.expect("a post").until.parse().expect("a date");
    let (scope, cadre) = (town.scope("town_secretary"), cadres["left"]);
    scope
        .work(async |db| {
            let held = cadres::store::appointments(db, cadre).await?;
            cadres::store::end(db, &held[0].appointment, day).await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("an end");
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

/// Everything behind a number.
#[derive(Debug)]
pub struct Behind {
    /// The number of the heading, or what stands in its brackets.
    pub figure: String,
    pub total: i64,
    /// Where its rows lead, over all pages; empty where one opens nothing.
    pub rows: Vec<String>,
}

/// Walks all pages.
pub async fn behind(browser: &Browser, address: &str) -> Behind {
    let mut all: Option<Behind> = None;
    let mut next = Some(address.to_owned());
    while let Some(address) = next {
        let page = browser.get(&address).await;
        page.is(200);
        let is_first = all.is_none();
        assert_eq!(page.text.contains("回到第一页"), !is_first, "{address}");
        let heading = between(&page.text, "<h1>", "</h1>").rsplit_once(' ');
        let behind = all.get_or_insert_with(|| Behind {
            figure: between(&page.text, "<h1>", "</h1>").to_owned(),
            total: between(&page.text, "共 ", " ").parse().expect("a total"),
            rows: Vec::new(),
        });
        assert!(heading.is_some(), "{address} has no heading");
        for row in page.text.split("class=\"row\"").skip(1) {
            let href = row.strip_prefix(" href=\"").map(|it| until(it, "\""));
            behind
                .rows
                .push(href.unwrap_or_default().replace("&#38;", "&"));
        }
        next = page.text.split_once("rel=\"next\"").map(|(before, _)| {
            let href = before.rsplit_once("href=\"").expect("an address").1;
            until(href, "\"").replace("&#38;", "&")
        });
    }
    all.expect("a page")
}

pub fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"));
    until(rest, to)
}

fn until<'a>(text: &'a str, to: &str) -> &'a str {
    text.split(to).next().expect("a part")
}

/// The address of a figure at a level of `LEVELS`.
pub fn address(town: &Town, code: &str, place: &str, days: Days) -> String {
    let (key, own) = match place {
        "own" => ("city", "&own=1"),
        other => (other, ""),
    };
    let committee = town.world.committee(key).place.committee;
    format!(
        "/figures/{code}?committee={committee}&{}{own}",
        days.query()
    )
}

/// A line of `stats`: of the year 2026, or (`year_ly`) of last year up to today's date.
pub async fn rolled_up(town: &Town, place: &str, metric: &str, period: &str) -> i64 {
    use sqlx::{Connection, PgConnection};
    let (key, metric) = match place {
        "own" => ("city", format!("own.{metric}")),
        other => (other, metric.to_owned()),
    };
    let committee = town.world.committee(key).place.committee.0;
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
    let period = Days::NOW.query();
    for indicator in dictionary::ALL.iter().filter(|it| it.code.starts_with('C')) {
        let page = secretary
            .get(&format!("/figures/{}?{period}", indicator.code))
            .await;
        page.sees("这段时间没有记录")
            .shows("共 0 条")
            .hides("回到第一页");
    }
    secretary.get("/dashboard").await.sees("今年走访青年 0 人");
    secretary
        .get("/reports/year-end")
        .await
        .sees("主要工作数据表");
}
