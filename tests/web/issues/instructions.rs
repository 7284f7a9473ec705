//! 书记批示: one sentence and a day; signed, reported on, late.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{act, does, given_to, heard, today};
use crate::harness::{Town, evening};

#[tokio::test]
async fn a_superior_instructs_the_handler_signs_and_reports_back() {
    let town = Town::new().await;
    let issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    // Who is no 书记, and who stands elsewhere, gives none.
    let page = format!("{at}/moves/instruct");
    for (key, status) in [
        ("town_colleague", 403),
        ("county_admin", 403),
        ("sibling_secretary", 404),
        ("other_cadre", 404),
    ] {
        town.signed_in(key).get(&page).await.is(status);
    }
    let past = [("words", "一周内恢复班次"), ("day", "2026-11-01")];
    act(&town, "county_secretary", &at, "instruct", &past)
        .await
        .refuses("期限要在今天或以后")
        .shows("一周内恢复班次");
    let long = "字".repeat(201);
    let long = [("words", long.as_str()), ("day", "2026-12-01")];
    act(&town, "county_secretary", &at, "instruct", &long)
        .await
        .is(422);
    let none = act(&town, "county_secretary", &at, "instruct", &[]).await;
    none.refuses("选一个日子").shows("写下批示");
    let words = [("words", "一周内恢复班次"), ("day", "2026-12-01")];
    does(&town, "county_secretary", &at, "instruct", &words).await;
    // It stands with the matter, in 今天 of both, in the queue.
    let own = town.signed_in("town_cadre");
    own.get("/").await.sees("书记批示").shows("等签收");
    own.get("/notices").await.sees("书记批示");
    town.signed_in("county_secretary")
        .get("/")
        .await
        .sees("您批示的");
    own.get("/issues?queue=instructed").await.sees("共 1 件");
    let seen = own.get(&at).await;
    seen.sees("一周内恢复班次")
        .shows("等签收")
        .shows("签收批示");
    // A colleague of the handler does not sign for him.
    let sign = format!("{at}/moves/instruct_sign");
    town.signed_in("town_colleague").get(&sign).await.is(403);
    does(&town, "town_cadre", &at, "instruct_sign", &[]).await;
    act(&town, "town_cadre", &at, "instruct_sign", &[])
        .await
        .refuses("没有等签收、等反馈的批示");
    town.signed_in("county_secretary")
        .get("/notices")
        .await
        .sees("签收批示");
    // Late, it is red for both.
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(8)))
        .await;
    today(&later, "town_cadre")
        .await
        .get("/")
        .await
        .sees("过期没有反馈");
    today(&later, "county_secretary")
        .await
        .get(&at)
        .await
        .sees("过期没有反馈");
    let form = today(&later, "town_cadre").await;
    form.get(&format!("{at}/moves/instruct_answer"))
        .await
        .sees("一周内恢复班次");
    does(
        &later,
        "town_cadre",
        &at,
        "instruct_answer",
        &[("words", "已经恢复，每天两班")],
    )
    .await;
    let seen = today(&later, "county_secretary").await.get(&at).await;
    seen.sees("已经恢复，每天两班")
        .shows("已反馈")
        .hides("过期没有反馈");
    today(&later, "county_secretary")
        .await
        .get("/notices")
        .await
        .sees("反馈批示");
    form.get("/issues?queue=instructed")
        .await
        .sees("没有这样的诉求");
}

#[tokio::test]
async fn several_are_answered_one_by_one_and_go_along_when_it_changes_hands() {
    let town = Town::new().await;
    let issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let later = [("words", "月底前报方案"), ("day", "2026-12-20")];
    does(&town, "city_secretary", &at, "instruct", &later).await;
    let first = [("words", "先恢复早班"), ("day", "2026-12-01")];
    does(&town, "county_secretary", &at, "instruct", &first).await;
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let county = town.world.committee("county").place.committee.to_string();
    let hand = [("unit", county.as_str()), ("words", "请县里协调")];
    does(&town, "town_cadre", &at, "report", &hand).await;
    does(&town, "county_cadre", &at, "sign", &[]).await;
    does(
        &town,
        "county_cadre",
        &at,
        "instruct_answer",
        &[("words", "早班已开")],
    )
    .await;
    let seen = town.signed_in("county_cadre").get(&at).await;
    seen.sees("早班已开").shows("等签收").shows("月底前报方案");
    town.signed_in("city_secretary")
        .get("/")
        .await
        .sees("等签收");
    town.signed_in("county_secretary")
        .get("/")
        .await
        .hides("您批示的");
}
