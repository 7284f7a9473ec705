//! 集中夜访: the units of C07 and C08 are the same, and each evening opens its visits.

use qingting::accounts::hasher::Hasher;
use qingting::committees::Committee;
use qingting::platform::scope::{Ground, Role, Scope};

use super::hands::{COUNTIES, unit_months};
use super::{Days, address, behind, between, catch_up, filled, rolled_up};
use crate::harness::people::{Newcomer, PASSWORD, join};
use crate::harness::{Browser, Town};
use crate::visits::{Sheet, count};

const NOVEMBER: Days = Days("2026-11-01", "2026-11-30");

/// The first sentence of the page about evenings: its words and where it leads.
fn sentence(page: &str) -> (String, String) {
    let lamp = between(page, "<li class=\"is lamp\">", "</li>");
    let href = between(lamp, "href=\"", "\"").replace("&#38;", "&");
    (lamp.to_owned(), href)
}

#[tokio::test]
async fn the_sentence_opens_exactly_the_units_it_counts() {
    let town = filled().await;
    let city = town.signed_in("city_secretary");
    let (text, href) = sentence(&city.get("/dashboard").await.text);
    // 青溪县 has its four; five counties and 市本级 have not.
    assert!(text.contains("本月有 6 个单位夜访还没满 4 晚"), "{text}");
    assert!(
        text.contains("县（市、区）和市本级共 7 个，夜访共 6 晚次"),
        "{text}"
    );
    let short = behind(&city, &href).await;
    assert_eq!((short.total, short.rows.len()), (COUNTIES, 6));
    let county = town.world.committee("county").place.committee;
    let of_county = format!("committee={county}&");
    assert!(short.rows.iter().all(|row| !row.contains(&of_county)));
    // Unit by unit these are the evenings that C07 counts.
    let mut evenings = 0;
    for row in short.rows.iter().chain(
        &behind(&city, &address(&town, "C08", "city", NOVEMBER))
            .await
            .rows,
    ) {
        evenings += behind(&city, row).await.total;
    }
    assert_eq!(
        evenings,
        behind(&city, &address(&town, "C07", "city", NOVEMBER))
            .await
            .total
    );
    let (text, href) = sentence(
        &town
            .signed_in("province_secretary")
            .get("/dashboard")
            .await
            .text,
    );
    assert!(text.contains("本月有 6 个单位夜访还没满 4 晚"), "{text}");
    let all = behind(&town.signed_in("province_secretary"), &href).await;
    assert_eq!(all.total, 6);
    let (text, href) = sentence(
        &town
            .signed_in("county_secretary")
            .get("/dashboard")
            .await
            .text,
    );
    assert!(text.contains("团青溪县委本月夜访 4／4 晚"), "{text}");
    assert_eq!(
        behind(&town.signed_in("county_secretary"), &href)
            .await
            .total,
        4
    );
    // Whoever looks down from above is told whose evenings they are.
    let county = town.world.committee("county").place.committee;
    let city = town.signed_in("city_secretary");
    city.get(&format!("/dashboard/{county}?span=month"))
        .await
        .sees("团青溪县委本月夜访 4／4 晚")
        .hides("本单位");
}

#[tokio::test]
async fn an_evening_opens_its_visits_and_no_other() {
    let town = filled().await;
    for (place, who, wanted) in [
        // By evening, the latest first: how many visits.
        ("own", "city_secretary", vec![1]),
        ("town", "town_secretary", vec![1, 1, 1, 1]),
        ("county", "county_secretary", vec![2, 1, 1, 1, 1]),
        ("city", "city_secretary", vec![1, 1, 2, 1, 1, 1, 1]),
    ] {
        let browser = town.signed_in(who);
        let list = behind(&browser, &address(&town, "C07", place, Days::NOW)).await;
        let mut counted = Vec::new();
        for row in &list.rows {
            let evening = behind(&browser, row).await;
            assert!(evening.rows.iter().all(|row| row.starts_with("/visits/")));
            counted.push(evening.total);
        }
        if place == "city" {
            // Three units on one evening, in no promised order.
            counted[..3].sort_unstable();
        }
        assert_eq!(counted, wanted, "{place}");
    }
}

/// Somebody of 直属系统, of a line below it.
async fn of_the_line(town: &Town) -> (Browser, Ground) {
    let nobody = Scope::of_ticker(town.site.clone(), town.world.committee("city"));
    let city = town.world.committee("city").place.committee;
    let lines = nobody
        .look(async |db| qingting::committees::store::children(db, city).await)
        .await
        .expect("the level below");
    let lines = lines.into_iter().find(Committee::holds_lines);
    let ground = lines.expect("直属系统").ground();
    let phc = Hasher::start().hash(PASSWORD).await.expect("a hash");
    let new = Newcomer {
        name: "方与",
        phone: "19922222222".into(),
        role: Role::Secretary,
        post: "书记",
        home: ground.clone(),
    };
    let person = join(&town.site, new, &phc).await;
    (Browser::of_session(town.router(), &person.token), ground)
}

#[tokio::test]
async fn what_is_no_unit_stands_on_its_own_page_alone() {
    let town = filled().await;
    let (line, ground) = of_the_line(&town).await;
    let id = ground.place.committee;
    let city = town.signed_in("city_secretary");
    let before = behind(&city, &address(&town, "C07", "city", Days::NOW))
        .await
        .total;
    // It has no villages of its own.
    let night = Sheet::new(&town)
        .with("day", "2026-11-22")
        .with("village", "")
        .with("place_text", "园区三号宿舍楼");
    let pairs: Vec<(&str, &str)> = night.pairs();
    line.post("/visits", &pairs).await.goes_to("/visits/");
    catch_up(&town).await;
    // Its own page has the evening and asks no four of it.
    let of = |code: &str| format!("/figures/{code}?committee={id}&{}", Days::NOW.query());
    assert_eq!(behind(&line, &of("C07")).await.total, 1);
    assert_eq!(behind(&city, &of("C07")).await.total, 1);
    let none = line.get(&of("C08")).await;
    none.sees("—（0／0）");
    let (text, _) = sentence(&line.get("/dashboard").await.text);
    assert!(text.contains("本月夜访 1 晚"), "{text}");
    // The city counts the visit, but no unit's evening; C07 is still the sum of C08's evenings.
    let after = behind(&city, &address(&town, "C07", "city", Days::NOW))
        .await
        .total;
    assert_eq!(after, before);
    assert_eq!(rolled_up(&town, "city", "C07", "year").await, before);
    let (_, all) = unit_months("city", Days::NOW);
    city.get(&address(&town, "C08", "city", Days::NOW))
        .await
        .sees(&format!("（1／{all}）"));
    city.get("/reports/year-end").await.sees("直属系统");
    the_migration_marks(&town).await;
}

/// Where figures were rolled up before there were units, the migration has that evening's month counted
/// again: as the owner, whom the policies bind too.
async fn the_migration_marks(town: &Town) {
    use sqlx::{Connection, PgConnection};
    const SQL: &str = include_str!("../../../migrations/20261124000010_figure_units.sql");
    let mut owner = PgConnection::connect(&town.database.owner)
        .await
        .expect("the database");
    let mut all = owner.begin().await.expect("a transaction");
    sqlx::raw_sql(SQL).execute(&mut *all).await.expect("marks");
    all.commit().await.expect("marks");
    let marks = "select count(*) from stale_months where month = '2026-11-01'";
    assert_eq!(count(town, marks).await, 1);
}
