//! 提醒: told once, to those whom it concerns, and of the matter no more than they may read.

use super::{act, does, given_to, heard, known, new, today};
use crate::harness::{Seen, Town};
use crate::walls::{as_owner, texts};
use qingting::youth::Care;

fn open_of(seen: &Seen) -> String {
    let rest = seen.text.split("action=\"/notices/").nth(2);
    let rest = rest.expect("a notice with its form");
    format!("/notices/{}", rest.split('"').next().expect("an address"))
}

#[tokio::test]
async fn each_move_is_told_to_those_it_concerns_and_opens_its_matter() {
    let town = Town::new().await;
    let issue = new(&town, "村里公交停了", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let county = town.world.committee("county").place.committee.to_string();
    let hand = [("unit", county.as_str()), ("words", "请县里协调线路")];
    does(&town, "town_cadre", &at, "report", &hand).await;
    // Nobody is named: the 书记 is told, and sees the number on 今天; who did it is not told.
    let lead = town.signed_in("county_secretary");
    lead.get("/").await.shows("提醒，没看的");
    let list = lead.get("/notices").await;
    list.sees("1 条还没看")
        .shows("上报")
        .shows("村里公交停了")
        .hides("请县里协调线路");
    for key in [
        "town_cadre",
        "county_admin",
        "sibling_secretary",
        "other_cadre",
    ] {
        town.signed_in(key).get("/notices").await.sees("还没有提醒");
    }
    // It opens its matter and is read with that; another cannot open it.
    let open = open_of(&list);
    town.signed_in("county_cadre")
        .post(&open, &[])
        .await
        .is(404);
    lead.post(&open, &[]).await.goes_to(&at);
    lead.post(&open, &[]).await.goes_to(&at);
    lead.get("/notices").await.sees("都看过了").shows("上报");
    lead.get("/").await.hides("提醒，没看的");
    // Sent back and urged: who had handed it over is told; a move that is sent twice tells once.
    does(
        &town,
        "county_secretary",
        &at,
        "send_back",
        &[("words", "镇里能办")],
    )
    .await;
    let first = act(&town, "town_secretary", &at, "urge", &[("words", "抓紧")]).await;
    first.goes_to(&at);
    let own = town.signed_in("town_cadre");
    own.get("/notices")
        .await
        .sees("退办")
        .shows("催办")
        .shows("2 条还没看");
    let mut owner = as_owner(&town.database).await;
    let sql =
        "select kind || count(*) from issue_notices group by kind, cause, cadre_id order by kind";
    let told = texts(&mut owner, sql).await;
    assert_eq!(told, ["report1", "send_back1", "urge1"]);
    // What came after the page was opened stays unread.
    own.post("/notices/read", &[("upto", "1")]).await.is(400);
    own.get("/notices").await.shows("2 条还没看");
    let upto = own.get("/notices").await;
    let upto = upto
        .text
        .split(r#"name="upto" value=""#)
        .nth(1)
        .expect("upto");
    let upto = upto.split('"').next().expect("a value").to_owned();
    own.post("/notices/read", &[("upto", &upto)])
        .await
        .goes_to("/notices");
    own.get("/notices").await.sees("都看过了");
}

#[tokio::test]
async fn a_notice_of_a_sensitive_matter_names_nobody() {
    let town = Town::new().await;
    let youth = known(&town, "town_cadre", "司马照临", Care::Difficult).await;
    let mut issue = given_to(&town, "家里揭不开锅", "county", "county_cadre");
    issue.youth = Some(youth);
    heard(&town, "town_cadre", issue).await;
    let seen = town.signed_in("county_cadre").get("/notices").await;
    seen.sees("新诉求交给您")
        .hides("揭不开锅")
        .hides("司马照临");
}

#[tokio::test]
async fn the_clock_tells_too_and_once() {
    use chrono::TimeDelta;
    use qingting::issues::clock;
    use qingting::kit::clock::Clock;
    use qingting::platform::scope::Scope;

    use crate::harness::evening;
    let town = Town::new().await;
    let issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(40)))
        .await;
    let scope = Scope::of_ticker(later.site.clone(), town.world.committee("city"));
    clock::pass(&scope).await.expect("a pass");
    clock::pass(&scope).await.expect("a pass");
    let seen = today(&later, "town_cadre").await.get("/notices").await;
    seen.sees("逐级上报").shows("清川市").shows("1 条还没看");
    let lead = today(&later, "town_secretary").await.get("/notices").await;
    lead.sees("提请书记协调");
    let county = today(&later, "county_secretary")
        .await
        .get("/notices")
        .await;
    county.sees("逐级上报").shows("村里公交停了");
}
