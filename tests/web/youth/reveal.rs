//! Saying why: one line of the day book, ten minutes, and all see that somebody has looked.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;
use qingting::youth::YouthId;
use sqlx::{Connection, PgConnection};

use super::{lines, minor, registered};
use crate::harness::{Town, evening};

#[tokio::test]
async fn a_superior_says_why_and_sees_for_ten_minutes() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let at = format!("/youth/{id}");
    let secretary = town.signed_in("county_secretary");
    let why = [("purpose", "other"), ("words", "寄录取书")];
    for _ in 0..2 {
        let to = secretary.post(&format!("{at}/reveal"), &why).await;
        assert_eq!(to.goes_to("/youth/"), at);
    }
    assert_eq!(lines(&town, "youth_revealed", id).await, 1);
    secretary
        .get(&at)
        .await
        .sees("<h1>宋知夏</h1>")
        .shows("19900001234")
        .shows("显示到 21:30");
    town.signed_in("county_admin")
        .get(&at)
        .await
        .sees("为什么要看")
        .hides("知夏");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("谁看过")
        .shows("秦望舒")
        .shows("别的事：寄录取书");
    for (minutes, is_open) in [(10, true), (11, false)] {
        let later = town
            .later(Clock::fixed(evening() + TimeDelta::minutes(minutes)))
            .await;
        let page = later.signed_in("county_secretary").get(&at).await;
        assert_eq!(page.text.contains("宋知夏"), is_open, "{minutes}");
    }
}

#[tokio::test]
async fn a_colleague_has_a_dialog_and_without_script_a_page() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let at = format!("/youth/{id}");
    let colleague = town.signed_in("town_colleague");
    colleague
        .get(&at)
        .await
        .sees(r#"<dialog id="why""#)
        .shows(&format!(r#"href="{at}/reveal" data-open="why""#));
    colleague
        .get(&format!("{at}/reveal"))
        .await
        .sees("查看 宋** 的档案")
        .hides("知夏");
    colleague
        .post(&format!("{at}/reveal"), &[("purpose", "issue")])
        .await
        .goes_to(&at);
    colleague
        .get(&at)
        .await
        .sees("<h1>宋知夏</h1>")
        .shows("拨打");
    colleague.get(&format!("{at}/reveal")).await.goes_to(&at);
}

#[tokio::test]
async fn a_purpose_is_needed_and_stays_as_typed() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let reveal = format!("/youth/{id}/reveal");
    let who = town.signed_in("county_secretary");
    who.post(&reveal, &[])
        .await
        .refuses("选一个事由")
        .hides("知夏");
    who.post(&reveal, &[("purpose", "x"), ("words", "看看")])
        .await
        .refuses("选一个事由")
        .shows("看看");
    who.post(&reveal, &[("purpose", "other")])
        .await
        .refuses("写下是什么事");
    who.post(&reveal, &[("purpose", "other"), ("words", "a\0b")])
        .await
        .refuses("看不见");
    assert_eq!(lines(&town, "youth_revealed", id).await, 0);
}

#[tokio::test]
async fn the_own_secretary_reveals_a_minor_nobody_else_does() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "罗子衿", minor).await;
    let at = format!("/youth/{id}");
    let secretary = town.signed_in("town_secretary");
    secretary
        .post(&format!("{at}/reveal"), &[("purpose", "help")])
        .await
        .goes_to(&at);
    secretary.get(&at).await.sees("<h1>罗子衿</h1>");
    town.signed_in("town_colleague")
        .post(&format!("{at}/reveal"), &[("purpose", "help")])
        .await
        .is(403);
}

#[tokio::test]
async fn calling_is_one_tap_for_who_met_them_and_is_written_down() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let at = format!("/youth/{id}");
    let call = format!("{at}/call");
    let who = town.signed_in("town_cadre");
    who.post(&call, &[]).await.sees(r#"href="tel:19900001234""#);
    let tap = who
        .request("POST", &call)
        .header("sec-fetch-site", "same-origin")
        .header("hx-request", "true")
        .body(axum::body::Body::empty());
    let tap = who.send(tap.expect("a request")).await;
    assert_eq!(tap.headers["hx-redirect"], "tel:19900001234");
    assert_eq!(lines(&town, "youth_called", id).await, 2);
    who.get(&at).await.sees("拨打电话");
    for (other, to) in [("town_colleague", "reveal"), ("county_secretary", "reveal")] {
        let seen = town.signed_in(other).post(&call, &[]).await;
        assert_eq!(seen.goes_to(&at), format!("{at}/{to}"));
    }
    assert_eq!(lines(&town, "youth_called", id).await, 2);
    let silent = registered(&town, "town_cadre", "宋小雨", |new| new.phone = None).await;
    who.post(&format!("/youth/{silent}/call"), &[])
        .await
        .is(409)
        .shows("没有记手机号");
    who.get(&format!("/youth/{silent}"))
        .await
        .sees("宋小雨")
        .hides("拨打</button>");
}

/// An own phone that stays signed in asks for the password again before what is sensitive.
#[tokio::test]
async fn on_ones_own_phone_the_password_comes_first() {
    let town = Town::new().await;
    let usual = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let child = registered(&town, "town_cadre", "罗子衿", minor).await;
    for key in ["town_cadre", "town_colleague"] {
        on_own_phone(&town, key).await;
    }
    let page = |id: YouthId| format!("/youth/{id}");
    let who = town.signed_in("town_cadre");
    who.get(&page(usual)).await.sees("宋知夏");
    for path in ["", "/edit"] {
        let at = format!("{}{path}", page(child));
        let to = who.get(&at).await.goes_to("/me/confirm?next=");
        assert_eq!(to, format!("/me/confirm?next={at}"));
    }
    who.post(&format!("{}/call", page(child)), &[])
        .await
        .goes_to("/me/confirm?next=");
    let colleague = town.signed_in("town_colleague");
    colleague.get(&page(usual)).await.sees("宋**");
    colleague
        .post(&format!("{}/reveal", page(usual)), &[("purpose", "issue")])
        .await
        .goes_to("/me/confirm?next=");
    assert_eq!(lines(&town, "youth_revealed", usual).await, 0);
    assert_eq!(lines(&town, "youth_called", child).await, 0);
}

async fn on_own_phone(town: &Town, key: &str) {
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    sqlx::query("update sessions set own_phone = true, confirmed_at = $1 where account_id = $2")
        .bind(evening() - TimeDelta::minutes(31))
        .bind(town.world.person(key).account.0)
        .execute(&mut db)
        .await
        .expect("a session on a phone");
}
