//! A form whose session has ended waits in its browser until its writer has signed in again.

use chrono::TimeDelta;
use qingting::platform::parking::COOKIE_NAME;

use super::{after, appoint, count, enter, later, phone, reset, set, try_login};
use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Seen, Town, new_id};

const WAITING: &str = "select count(*) from parked_posts";

async fn said(town: &Town, text: &str) -> i64 {
    count(
        town,
        &format!("select count(*) from feedback where text = '{text}'"),
    )
    .await
}

/// Posts feedback, and gives the answer and the browser after it.
async fn say(town: &Town, browser: &Browser, text: &str) -> (Seen, Browser) {
    let id = new_id();
    let seen = browser
        .post("/feedback", &[("id", id.as_str()), ("text", text)])
        .await;
    let browser = after(town, browser, &seen);
    (seen, browser)
}

/// An hour later: the desk was left. The browser of before, in the town of now.
async fn an_hour_later(town: &Town, key: &str) -> (Town, Browser) {
    let (_, browser) = enter(town, &town.stranger(), key).await;
    let then = later(town, TimeDelta::hours(1)).await;
    let there = then.browser(browser.cookies());
    (then, there)
}

#[tokio::test]
async fn a_form_goes_through_after_signing_in_again() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    let (seen, lin) = say(&town, &lin, "写了很久的话").await;
    seen.goes_to("/login");
    assert_eq!(said(&town, "写了很久的话").await, 0);
    lin.get("/login").await.sees("还没有提交");
    let (seen, lin) = enter(&town, &lin, "town_cadre").await;
    let at = seen.goes_to("/feedback/");
    lin.get(&at).await.sees("写了很久的话");
    assert_eq!(said(&town, "写了很久的话").await, 1);
    assert_eq!(count(&town, WAITING).await, 0);
    assert_eq!(set(&seen, COOKIE_NAME).as_deref(), Some(""));
    let (seen, _) = enter(&town, &lin, "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/", "once");
}

#[tokio::test]
async fn another_account_never_sends_it() {
    let town = Town::new().await;
    let (town, shared) = an_hour_later(&town, "town_cadre").await;
    let (_, shared) = say(&town, &shared, "林晓禾写的").await;
    let (seen, he) = enter(&town, &shared, "town_colleague").await;
    seen.sees("另一个账号填的").hides("林晓禾写的");
    he.get("/feedback").await.is(200);
    assert_eq!(said(&town, "林晓禾写的").await, 0);
    he.post("/logout", &[]).await.goes_to("/login");
    let (seen, she) = enter(&town, &he, "town_cadre").await;
    let at = seen.goes_to("/feedback/");
    she.get(&at).await.sees("林晓禾");
    assert_eq!(said(&town, "林晓禾写的").await, 1);
}

#[tokio::test]
async fn another_browser_never_sends_it() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    say(&town, &lin, "在单位电脑上写的").await;
    let (seen, _) = enter(&town, &town.stranger(), "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/");
    assert_eq!(said(&town, "在单位电脑上写的").await, 0);
}

#[tokio::test]
async fn two_tabs_lose_neither() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    let (_, lin) = say(&town, &lin, "第一页写的").await;
    let (_, lin) = say(&town, &lin, "第二页写的").await;
    enter(&town, &lin, "town_cadre")
        .await
        .0
        .goes_to("/feedback/");
    assert_eq!(said(&town, "第一页写的").await, 1);
    assert_eq!(said(&town, "第二页写的").await, 1);
}

#[tokio::test]
async fn one_that_is_to_be_mended_is_shown_as_it_was_typed() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    let long = "长".repeat(1001);
    let (_, lin) = say(&town, &lin, &long).await;
    let (seen, lin) = enter(&town, &lin, "town_cadre").await;
    seen.refuses("最多 1000 个")
        .shows(&long)
        .shows("action=\"/feedback\"");
    lin.get("/feedback").await.is(200);
    assert_eq!(count(&town, WAITING).await, 0);
}

#[tokio::test]
async fn a_day_later_it_is_gone() {
    let town = Town::new().await;
    let (_, lin) = say(&town, &town.stranger(), "昨天写的").await;
    let tomorrow = later(&town, TimeDelta::hours(24)).await;
    let lin = tomorrow.browser(lin.cookies());
    let (seen, _) = enter(&tomorrow, &lin, "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/");
    assert_eq!(said(&tomorrow, "昨天写的").await, 0);
}

#[tokio::test]
async fn it_goes_on_in_the_name_of_the_post_it_was_written_under() {
    let town = Town::new().await;
    let second = appoint(&town, "town_cadre", "town2").await.to_string();
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    lin.post("/appointments", &[("appointment", &second)])
        .await
        .goes_to("/");
    let (other, there) = {
        let then = later(&town, TimeDelta::hours(1)).await;
        let there = then.browser(lin.cookies());
        (then, there)
    };
    let (_, there) = say(&other, &there, "在茶山镇写的").await;
    // No choice is asked for: the form says which post is meant.
    let (seen, _) = enter(&other, &there, "town_cadre").await;
    seen.goes_to("/feedback/");
    let place = other.world.committee("town2").place.committee;
    let there = format!("select count(*) from feedback where committee_id = {place}");
    assert_eq!(count(&other, &there).await, 1);
}

#[tokio::test]
async fn under_a_post_that_has_ended_it_is_not_sent() {
    let town = Town::new().await;
    let second = appoint(&town, "town_cadre", "town2").await.to_string();
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    lin.post("/appointments", &[("appointment", &second)])
        .await
        .goes_to("/");
    let end = format!("update appointments set ends_on = '2026-11-24' where id = '{second}'");
    super::alter(&town, &end).await;
    town.site
        .sessions
        .forget(town.world.person("town_cadre").account);
    let (seen, lin) = say(&town, &lin, "任职结束后提交的").await;
    seen.goes_to("/login");
    let (seen, lin) = enter(&town, &lin, "town_cadre").await;
    seen.sees("以另一个任职填的");
    lin.get("/feedback").await.is(200);
    assert_eq!(said(&town, "任职结束后提交的").await, 0);
}

#[tokio::test]
async fn a_first_password_comes_before_it() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    let (_, lin) = say(&town, &lin, "重置时正在写的").await;
    let seen = try_login(&lin, &phone(&town, "town_cadre"), &code).await;
    seen.goes_to("/me/password");
    let lin = after(&town, &lin, &seen);
    assert_eq!(said(&town, "重置时正在写的").await, 0);
    let new = "Yexun-deng-21-liang";
    let seen = lin
        .post("/me/password", &[("new", new), ("again", new)])
        .await;
    seen.goes_to("/feedback/");
    assert_eq!(said(&town, "重置时正在写的").await, 1);
}

#[tokio::test]
async fn a_choice_comes_before_what_nobody_knows_the_post_of() {
    let town = Town::new().await;
    let second = appoint(&town, "town_cadre", "town2").await.to_string();
    let (_, lin) = say(&town, &town.stranger(), "浏览器重开后提交的").await;
    let (seen, lin) = enter(&town, &lin, "town_cadre").await;
    seen.goes_to("/appointments");
    assert_eq!(said(&town, "浏览器重开后提交的").await, 0);
    let seen = lin.post("/appointments", &[("appointment", &second)]).await;
    seen.goes_to("/feedback/");
    assert_eq!(said(&town, "浏览器重开后提交的").await, 1);
}

#[tokio::test]
async fn no_password_is_parked() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    let fields = [("old", PASSWORD), ("new", PASSWORD), ("password", PASSWORD)];
    for form in [
        "/me/password",
        "/me/confirm",
        "/me/display",
        "/appointments",
    ] {
        lin.post(form, &fields).await.goes_to("/login");
    }
    assert_eq!(count(&town, WAITING).await, 0);
}

#[tokio::test]
async fn nobody_fills_the_table() {
    let town = Town::new().await;
    let stranger = town.stranger();
    let large = format!("text={}", "a".repeat(65 * 1024));
    stranger
        .post_bytes("/feedback", large.into_bytes())
        .await
        .is(413);
    for _ in 0..60 {
        stranger
            .post("/feedback", &[("text", "x")])
            .await
            .goes_to("/login");
    }
    stranger.post("/feedback", &[("text", "x")]).await.is(429);
    assert_eq!(count(&town, WAITING).await, 60);
}
