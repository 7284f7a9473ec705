//! 代办: who acts for a cadre on leave, and from when to when.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{does, given_to, heard, today};
use crate::harness::{Seen, Town, evening, new_id};
use crate::walls::{as_owner, texts};

async fn set(town: &Town, key: &str, fields: &[(&str, &str)]) -> Seen {
    let id = new_id();
    let mut all = vec![("id", id.as_str())];
    all.extend_from_slice(fields);
    town.signed_in(key).post("/deputies", &all).await
}

fn cadre(town: &Town, key: &str) -> String {
    town.world.person(key).cadre.expect("a cadre").to_string()
}

#[tokio::test]
async fn a_deputy_sees_the_queue_and_acts_until_the_last_day() {
    let town = Town::new().await;
    let issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let colleague = cadre(&town, "town_colleague");
    town.signed_in("town_colleague")
        .get("/issues?mine=on")
        .await
        .hides("村里公交停了");
    let leave = [
        ("deputy", colleague.as_str()),
        ("from", "2026-11-24"),
        ("to", "2026-11-27"),
    ];
    set(&town, "town_cadre", &leave).await.goes_to("/deputies");
    // One at a time; shown beside the name; told.
    set(&town, "town_cadre", &leave)
        .await
        .refuses("这几天已经有 贺知微 代办");
    let deputy = town.signed_in("town_colleague");
    deputy.get("/notices").await.sees("请您代办");
    deputy
        .get("/deputies")
        .await
        .sees("林晓禾（代办：贺知微）")
        .hides("结束<");
    for path in [at.as_str(), "/issues"] {
        town.signed_in("county_secretary")
            .get(path)
            .await
            .sees("代办：贺知微");
    }
    deputy.get("/issues?mine=on").await.sees("村里公交停了");
    deputy.get("/").await.sees("村里公交停了");
    does(
        &town,
        "town_colleague",
        &at,
        "accept",
        &[("cadre", cadre(&town, "town_cadre").as_str())],
    )
    .await;
    town.signed_in("town_cadre").get(&at).await.sees("贺知微");
    // Still on the last day, no more on the next.
    let last = town
        .later(Clock::fixed(evening() + TimeDelta::days(3)))
        .await;
    today(&last, "town_colleague")
        .await
        .get("/")
        .await
        .sees("村里公交停了");
    let after = town
        .later(Clock::fixed(evening() + TimeDelta::days(4)))
        .await;
    let seen = today(&after, "town_colleague").await;
    seen.get("/").await.hides("村里公交停了");
    seen.get(&format!("{at}/moves/take")).await.is(403);
    today(&after, "county_secretary")
        .await
        .get(&at)
        .await
        .hides("代办：");
}

#[tokio::test]
async fn what_is_typed_is_checked_and_who_may_set_and_end() {
    let town = Town::new().await;
    let colleague = cadre(&town, "town_colleague");
    let of = |deputy: &'static str, from: &'static str, to: &'static str| {
        [("deputy", deputy), ("from", from), ("to", to)]
    };
    for (fields, sentence) in [
        (of("", "2026-11-24", "2026-11-27"), "选一个代办的人"),
        (of("x", "2026-11-23", "2026-11-27"), "从今天或以后开始"),
        (
            of("x", "2026-11-24", "2026-11-23"),
            "结束的日子要在开始以后",
        ),
        (of("x", "2026-11-24", "2027-11-23"), "一次代办最长 180 天"),
        (of("x", "0001-01-01", "哪天"), "选到哪天为止"),
    ] {
        set(&town, "town_cadre", &fields).await.refuses(sentence);
    }
    // Nobody of another committee stands in, and not himself.
    for key in [
        "town2_cadre",
        "sibling_cadre",
        "other_cadre",
        "town_cadre",
        "county_admin",
    ] {
        let other = cadre(&town, key);
        let fields = [
            ("deputy", other.as_str()),
            ("from", "2026-11-24"),
            ("to", "2026-11-27"),
        ];
        set(&town, "town_cadre", &fields)
            .await
            .refuses("选一个代办的人");
    }
    // For another: a leader of his line, and nobody else.
    let whose = cadre(&town, "town_cadre");
    let fields = [
        ("cadre", whose.as_str()),
        ("deputy", colleague.as_str()),
        ("from", "2026-11-25"),
        ("to", "2026-11-27"),
    ];
    for (key, status) in [
        ("town_colleague", 403),
        ("sibling_secretary", 404),
        ("other_admin", 404),
    ] {
        set(&town, key, &fields).await.is(status);
    }
    let id = new_id();
    let mut all = vec![("id", id.as_str())];
    all.extend_from_slice(&fields);
    let admin = town.signed_in("county_admin");
    admin.post("/deputies", &all).await.goes_to("/deputies");
    admin.post("/deputies", &all).await.goes_to("/deputies");
    let mut owner = as_owner(&town.database).await;
    let lines = "select verb from day_book where verb like 'deputy%'";
    assert_eq!(texts(&mut owner, lines).await, ["deputy_set"]);
    admin.get("/deputies").await.sees("还没开始");
    let end = format!("/deputies/{id}/end");
    for (key, status) in [
        ("town_colleague", 403),
        ("sibling_secretary", 404),
        ("other_admin", 404),
    ] {
        town.signed_in(key).post(&end, &[]).await.is(status);
    }
    let own = town.signed_in("town_cadre");
    own.post(&end, &[]).await.goes_to("/deputies");
    own.post(&end, &[]).await.goes_to("/deputies");
    own.get("/deputies").await.sees("现在没有代办");
    assert_eq!(
        texts(&mut owner, lines).await,
        ["deputy_set", "deputy_ended"]
    );
    town.signed_in("town_colleague")
        .get("/notices")
        .await
        .sees("代办结束");
}
