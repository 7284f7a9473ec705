//! A form whose session has ended waits in its browser until its writer has signed in again.

use chrono::TimeDelta;
use qingting::platform::parking::COOKIE_NAME;
use qingting::platform::session::COOKIE_NAME as SESSION;

use super::{after, appoint, count, enter, later, phone, reset, set, try_login};
use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Seen, Town, new_id};
use crate::visits::Sheet;

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
    let (then, lin) = an_hour_later(&town, "town_cadre").await;
    let (_, lin) = say(&then, &lin, "昨天写的").await;
    assert_eq!(count(&town, WAITING).await, 1);
    let tomorrow = later(&town, TimeDelta::hours(25)).await;
    let lin = tomorrow.browser(lin.cookies());
    let (seen, _) = enter(&tomorrow, &lin, "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/");
    assert_eq!(said(&tomorrow, "昨天写的").await, 0);
}

#[tokio::test]
async fn a_visit_that_came_too_late_is_recorded_once() {
    let town = Town::new().await;
    let then = later(&town, TimeDelta::hours(1)).await;
    let sheet = Sheet::new(&then).problem(1, "想找文员岗位", "01");
    let seen = sheet.post(&then, "town_cadre").await;
    seen.goes_to("/login");
    let lin = after(&then, &then.signed_in("town_cadre"), &seen);
    assert_eq!(count(&then, "select count(*) from visits").await, 0);
    let (seen, lin) = enter(&then, &lin, "town_cadre").await;
    let at = sheet.saved(&seen);
    lin.get(&at).await.sees("聊了网店和鸡舍");
    enter(&then, &lin, "town_cadre").await.0.goes_to("/");
    for kind in ["visits", "issues"] {
        let all = format!("select count(*) from {kind}");
        assert_eq!(count(&then, &all).await, 1, "{kind}");
    }
    assert_eq!(count(&then, WAITING).await, 0);
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
async fn of_two_posts_each_sends_what_was_written_under_it() {
    let town = Town::new().await;
    let second = appoint(&town, "town_cadre", "town2").await.to_string();
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    let first = town.world.person("town_cadre").appointment;
    let first = first.expect("a post").to_string();
    let then = later(&town, TimeDelta::hours(1)).await;
    let (_, lin) = say(&then, &then.browser(lin.cookies()), "在溪口镇写的").await;
    // Signed in for it; at once another tab, still under the post of before.
    let (seen, lin) = enter(&then, &lin, "town_cadre").await;
    seen.goes_to("/feedback/");
    lin.post("/appointments", &[("appointment", &second)])
        .await
        .goes_to("/");
    let two_hours = later(&town, TimeDelta::hours(2)).await;
    let (_, lin) = say(
        &two_hours,
        &two_hours.browser(lin.cookies()),
        "在茶山镇写的",
    )
    .await;
    enter(&two_hours, &lin, "town_cadre")
        .await
        .0
        .goes_to("/feedback/");
    for (text, post) in [("在溪口镇写的", first), ("在茶山镇写的", second)] {
        let there = format!(
            "select count(*) from feedback f join appointments p on p.committee_id = f.committee_id
             where f.text = '{text}' and p.id = '{post}'"
        );
        assert_eq!(count(&two_hours, &there).await, 1, "{text}");
    }
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
async fn of_a_stranger_nothing_is_kept() {
    let town = Town::new().await;
    let (_, gone) = enter(&town, &town.stranger(), "town_cadre").await;
    let kept = gone.cookies();
    let seen = gone.post("/logout", &[]).await;
    let left = after(&town, &gone, &seen);
    let with = |token: &str| town.browser(Some(format!("{SESSION}={token}")));
    let strangers = [
        ("no cookie", town.stranger()),
        ("left by the door", left),
        ("a made-up token", with(&"a".repeat(64))),
        ("a short token", with("a")),
        ("an empty one", with("")),
        ("another's cookie name", town.browser(Some("a=b".into()))),
    ];
    let large = format!("text={}", "a".repeat(1024 * 1024));
    for (who, browser) in &strangers {
        let (seen, _) = say(&town, browser, "谁也不认识的人写的").await;
        let to = seen.goes_to("/login");
        assert_eq!(to, "/login?unsent=1&next=%2Ffeedback", "{who}");
        assert_eq!(set(&seen, COOKIE_NAME), None, "{who}");
        let seen = browser.post_bytes("/visits", large.clone().into()).await;
        seen.goes_to("/login");
        assert_eq!(count(&town, WAITING).await, 0, "{who}");
    }
    let (seen, _) = enter(&town, &strangers[0].1, "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/");
    assert_eq!(said(&town, "谁也不认识的人写的").await, 0);
    // The token of a session that was ended still names who it was: theirs is kept.
    say(&town, &town.browser(kept), "退出后另一页提交的")
        .await
        .0
        .goes_to("/login");
    assert_eq!(count(&town, WAITING).await, 1);
}

#[tokio::test]
async fn whoever_was_here_does_not_fill_the_table_either() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    for _ in 0..60 {
        say(&town, &lin, "x").await.0.goes_to("/login");
    }
    say(&town, &lin, "x").await.0.is(429);
    assert_eq!(count(&town, WAITING).await, 60);
    let huge = format!("text={}", "a".repeat(3 * 1024 * 1024));
    lin.post_bytes("/feedback", huge.into_bytes()).await.is(413);
}

#[tokio::test]
async fn a_made_up_key_finds_nothing() {
    let town = Town::new().await;
    let (town, lin) = an_hour_later(&town, "town_cadre").await;
    say(&town, &lin, "等着的话").await;
    for value in [
        "a".repeat(64),
        "x".into(),
        "..".into(),
        "a".repeat(5000),
        format!("{0}.{0}", "0".repeat(64)),
    ] {
        let other = town.browser(Some(format!("{COOKIE_NAME}={value}")));
        let (seen, _) = enter(&town, &other, "town_cadre").await;
        assert_eq!(seen.goes_to("/"), "/");
    }
    assert_eq!(said(&town, "等着的话").await, 0);
    assert_eq!(count(&town, WAITING).await, 1);
}
