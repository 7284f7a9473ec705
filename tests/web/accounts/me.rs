//! 我的: posts, devices, looks, password.

use axum::body::Body;
use chrono::TimeDelta;

use super::{after, appoint, enter, enter_to_stay, later, lines, phone, token, try_login};
use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Seen, Town};

const NEW: &str = "Yexun-deng-21-liang";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 14; V2254A) AppleWebKit/537.36 Chrome/126.0 \
    Mobile Safari/537.36 MicroMessenger/8.0.50";

/// Signs in from a phone that says what it is.
async fn enter_from_wechat(town: &Town, key: &str) -> Browser {
    let stranger = town.stranger();
    let body = format!(
        "phone={}&password={PASSWORD}&own_phone=on",
        phone(town, key)
    );
    let request = stranger
        .request("POST", "/login")
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", PHONE)
        .body(Body::from(body));
    let seen = stranger.send(request.expect("a request")).await;
    after(town, &stranger, &seen)
}

/// The address that ends the other device of the page.
fn end_address(page: &Seen) -> String {
    let from = page.text.find("/me/sessions/").expect("another device");
    let rest = &page.text[from..];
    rest[..rest.find('"').expect("an end")].to_owned()
}

#[tokio::test]
async fn one_sees_ones_devices_and_ends_them() {
    let town = Town::new().await;
    super::alter(&town, "delete from sessions").await;
    let far = enter_from_wechat(&town, "town_cadre").await;
    let (_, here) = enter(&town, &town.stranger(), "town_cadre").await;
    far.get("/feedback").await.is(200);
    let page = here.get("/me").await;
    page.sees("林晓禾")
        .shows("安卓手机 · 微信")
        .shows("自己的手机")
        .shows("11-24 21:20");
    page.hides("上次").hides("最近登录");
    let at = end_address(&page);
    town.signed_in("town_colleague")
        .post(&at, &[])
        .await
        .goes_to("/login");
    let (_, colleague) = enter(&town, &town.stranger(), "town_colleague").await;
    colleague.get("/me").await.hides("微信");
    colleague.post(&at, &[]).await.is(404);
    far.get("/feedback").await.is(200);
    here.post(&at, &[]).await.goes_to("/me");
    far.get("/feedback").await.goes_to("/login");
    here.post(&at, &[]).await.goes_to("/me");
    here.get("/me").await.hides("微信");
    assert_eq!(lines(&town, "session_ended", "town").await, 1);
    here.post("/me/sessions/not-an-id/end", &[]).await.is(404);
}

#[tokio::test]
async fn one_ends_all_other_devices_or_this_one() {
    let town = Town::new().await;
    super::alter(&town, "delete from sessions").await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(enter(&town, &town.stranger(), "town_cadre").await.1);
    }
    let here = others.pop().expect("three");
    for other in &others {
        other.get("/feedback").await.is(200);
    }
    here.post("/me/sessions/end-others", &[])
        .await
        .goes_to("/me");
    for other in &others {
        other.get("/feedback").await.goes_to("/login");
    }
    here.get("/me").await.sees("这台").hides("/me/sessions/");
    assert_eq!(lines(&town, "session_ended", "town").await, 2);
}

#[tokio::test]
async fn pages_look_as_one_likes() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    lin.get("/me")
        .await
        .sees("跟随手机")
        .shows("prefers-color-scheme");
    let dark = [("theme", "dark"), ("large", "on")];
    lin.post("/me/display", &dark).await.goes_to("/me");
    let page = lin.get("/me").await;
    page.sees("class=\"large\"").shows("content=\"dark\"");
    lin.post("/me/display", &[("theme", "light")])
        .await
        .goes_to("/me");
    lin.get("/me").await.hides("class=\"large\"").hides("dark.");
    for theme in ["", "purple", "dark\u{0}", "<script>"] {
        lin.post("/me/display", &[("theme", theme)])
            .await
            .refuses("选一种颜色");
    }
    lin.get("/feedback").await.hides("dark.");
    town.signed_in("town_colleague")
        .get("/me")
        .await
        .shows("prefers-color-scheme");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let town = Town::new().await;
    let other = town.signed_in("town_cadre");
    let (_, here) = enter(&town, &town.stranger(), "town_cadre").await;
    other.get("/feedback").await.is(200);
    let change = async |old: &str, new: &str, again: &str| {
        let fields = [("old", old), ("new", new), ("again", again)];
        here.post("/me/password", &fields).await
    };
    change("", NEW, NEW).await.refuses("填密码");
    change("Wrong-password-1", NEW, NEW)
        .await
        .refuses("密码不对")
        .hides(NEW);
    change(PASSWORD, NEW, "Yexun-deng-22-liang")
        .await
        .refuses("两次输入的不一样");
    change(PASSWORD, PASSWORD, PASSWORD)
        .await
        .refuses("和现在的一样");
    change(PASSWORD, "Password123!", "Password123!")
        .await
        .refuses("太多人用");
    change(PASSWORD, "kxqmvwzrtbkx", "kxqmvwzrtbkx")
        .await
        .refuses("其中三种");
    here.post("/me/password", &[]).await.refuses("填新密码");
    other.get("/feedback").await.is(200);
    change(PASSWORD, NEW, NEW)
        .await
        .goes_to("/me?done=password");
    here.get("/me?done=password").await.sees("密码已经改好");
    other.get("/feedback").await.goes_to("/login");
    let (stranger, number) = (town.stranger(), phone(&town, "town_cadre"));
    try_login(&stranger, &number, PASSWORD).await.is(422);
    try_login(&stranger, &number, NEW).await.goes_to("/");
    assert_eq!(lines(&town, "password_changed", "town").await, 1);
}

#[tokio::test]
async fn the_old_password_is_not_guessed_from_within() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    let wrong = [("old", "Wrong-password-1"), ("new", NEW), ("again", NEW)];
    for _ in 0..5 {
        lin.post("/me/password", &wrong).await.is(422);
    }
    let right = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let seen = lin.post("/me/password", &right).await;
    seen.is(429);
    seen.shows("过 1 分钟再试");
    assert_eq!(lines(&town, "password_not_confirmed", "town").await, 5);
}

#[tokio::test]
async fn of_several_posts_one_works_in_one_at_a_time() {
    let town = Town::new().await;
    let second = appoint(&town, "town_cadre", "town2").await.to_string();
    let (seen, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    seen.goes_to("/appointments");
    lin.get("/appointments")
        .await
        .sees("溪口镇")
        .shows("茶山镇");
    lin.post(
        "/feedback",
        &[("id", &crate::harness::new_id()), ("text", "溪口镇的话")],
    )
    .await
    .goes_to("/feedback/");
    let choose = async |id: &str| {
        let fields = [("appointment", id), ("next", "/me")];
        lin.post("/appointments", &fields).await
    };
    let colleague = town
        .world
        .person("town_colleague")
        .appointment
        .expect("one");
    for id in ["", "x", &crate::harness::new_id(), &colleague.to_string()] {
        choose(id).await.refuses("选一个任职");
    }
    choose(&second).await.goes_to("/me");
    // At once: what belongs to the other committee is out of sight.
    lin.get("/feedback").await.sees("共 0 条");
    let page = lin.get("/me").await;
    page.sees("挂职干部").shows("2025-03-01 起").shows("正在用");
    assert_eq!(lines(&town, "appointment_switched", "town").await, 1);
    let end = format!("update appointments set ends_on = '2026-11-24' where id = '{second}'");
    super::alter(&town, &end).await;
    let (seen, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    assert_eq!(seen.goes_to("/"), "/", "one is left");
    lin.get("/appointments").await.goes_to("/me");
    lin.get("/me").await.sees("至 2026-11-24").shows("已结束");
    lin.post("/appointments", &[("appointment", &second)])
        .await
        .refuses("选一个任职");
}

#[tokio::test]
async fn an_own_phone_asks_for_the_password_again_before_sensitive_data() {
    let town = Town::new().await;
    let (_, desk) = enter(&town, &town.stranger(), "town_cadre").await;
    desk.get("/me/confirm?next=/feedback")
        .await
        .goes_to("/feedback");
    let (_, own) = enter_to_stay(&town, "town_cadre").await;
    own.get("/me/confirm?next=/feedback")
        .await
        .goes_to("/feedback");
    let then = later(&town, TimeDelta::minutes(31)).await;
    let own = then.browser(own.cookies());
    own.get("/me/confirm?next=/feedback")
        .await
        .sees("再输一次密码");
    let give = async |password: &str, next: &str| {
        let fields = [("password", password), ("next", next)];
        own.post("/me/confirm", &fields).await
    };
    give("", "/feedback").await.refuses("填密码");
    give("Wrong-password-1", "/feedback")
        .await
        .refuses("密码不对")
        .shows("value=\"/feedback\"");
    assert_eq!(give(PASSWORD, "//evil.example").await.goes_to("/"), "/");
    own.get("/me/confirm?next=/feedback")
        .await
        .goes_to("/feedback");
    assert_eq!(lines(&then, "password_confirmed", "town").await, 1);
    assert!(!token(&own).is_empty());
}

/// On a phone there is no side menu: what it opens stands here, by role.
#[tokio::test]
async fn what_no_tab_opens_is_opened_here() {
    let town = Town::new().await;
    let desk = [
        "/dashboard",
        "/reports/year-end",
        "/indicators",
        "/cadres",
        "/committees",
        "/organisations",
    ];
    for (who, sees) in [
        ("county_admin", &desk[..]),
        ("county_secretary", &desk[..3]),
        ("county_cadre", &[]),
    ] {
        let page = town.signed_in(who).get("/me").await;
        for href in desk {
            let link = format!(r#"<a class="row" href="{href}">"#);
            assert_eq!(
                page.text.contains(&link),
                sees.contains(&href),
                "{who} {href}"
            );
        }
    }
}
