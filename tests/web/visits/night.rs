//! Which evening a visit belongs to, and what is too early, too late or not yet.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{Sheet, count};
use crate::harness::{Town, evening};

async fn is_stored(town: &Town, sheet: &Sheet, expected: &'static str) {
    sheet.saved(&sheet.post(town, "town_cadre").await);
    assert_eq!(count(town, expected).await, 1, "{expected}");
}

fn before(minutes: i64) -> Clock {
    Clock::fixed(evening() - TimeDelta::minutes(minutes))
}

#[tokio::test]
async fn a_visit_of_the_afternoon_is_none_of_the_night() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).with("at", "17:59");
    is_stored(
        &town,
        &sheet,
        "select count(*) from visits where not is_night and evening = '2026-11-24'",
    )
    .await;
    let sheet = Sheet::new(&town)
        .with("at", "18:00")
        .with("confirm", "other");
    is_stored(
        &town,
        &sheet,
        "select count(*) from visits where is_night and evening = '2026-11-24'",
    )
    .await;
}

#[tokio::test]
async fn after_midnight_it_is_still_the_evening_before() {
    // 00:30 on 24 November: 今晚 is the evening of the 23rd.
    let town = Town::at(before(20 * 60 + 50)).await;
    town.signed_in("town_cadre")
        .get("/visits/new")
        .await
        .sees(r#"value="2026-11-23" id="day" checked"#);
    let sheet = Sheet::new(&town)
        .with("day", "2026-11-23")
        .with("at", "00:20");
    is_stored(
        &town,
        &sheet,
        "select count(*) from visits where is_night and evening = '2026-11-23'
             and started_at = '2026-11-24 00:20+08'",
    )
    .await;
    // A date that is typed is that date: half past midnight of the 23rd belongs to the 22nd.
    let typed = Sheet::new(&town)
        .with("day", "other")
        .with("date", "2026-11-23")
        .with("at", "00:30");
    is_stored(
        &town,
        &typed,
        "select count(*) from visits where is_night and evening = '2026-11-22'
             and started_at = '2026-11-23 00:30+08'",
    )
    .await;
}

#[tokio::test]
async fn a_form_kept_overnight_still_means_its_evening() {
    // Written on the 23rd, sent at noon of the 24th.
    let town = Town::at(before(9 * 60 + 20)).await;
    let sheet = Sheet::new(&town).with("day", "2026-11-23");
    is_stored(
        &town,
        &sheet,
        "select count(*) from visits where evening = '2026-11-23'",
    )
    .await;
    // Sent a week later with a fault in it, the evening comes back as a date.
    let faulty = sheet
        .with("id", &crate::harness::new_id())
        .with("day", "2026-11-19")
        .with("at", "00:20")
        .with("kind", "");
    let seen = faulty.post(&town, "town_cadre").await;
    seen.refuses("选一下是在哪里")
        .shows(r#"value="2026-11-20""#)
        .shows(r#"value="other" checked"#);
}

#[tokio::test]
async fn what_has_not_been_cannot_be_written_down() {
    let town = Town::new().await;
    let future = Sheet::new(&town).with("at", "21:26");
    future
        .post(&town, "town_cadre")
        .await
        .refuses("到达时间不能晚于现在（21:20）");
    let ahead = Sheet::new(&town).with("at", "21:25");
    ahead.saved(&ahead.post(&town, "town_cadre").await);
    let next_year = Sheet::new(&town)
        .with("day", "other")
        .with("date", "2027-01-01");
    next_year
        .post(&town, "town_cadre")
        .await
        .refuses("到达时间不能晚于现在");
}

#[tokio::test]
async fn older_than_a_week_takes_a_word_why() {
    let town = Town::new().await;
    let old = Sheet::new(&town)
        .with("day", "other")
        .with("date", "2026-11-17");
    old.post(&town, "town_cadre")
        .await
        .refuses("超过 7 天的走访，写一句为什么现在补录");
    let told = old.with("late", "那几天山里没信号");
    let at = told.saved(&told.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("那几天山里没信号");
    let week = Sheet::new(&town)
        .with("day", "other")
        .with("date", "2026-11-17")
        .with("at", "21:30");
    week.saved(&week.post(&town, "town_cadre").await);
    let typo = Sheet::new(&town)
        .with("day", "other")
        .with("date", "1026-11-17");
    typo.post(&town, "town_cadre")
        .await
        .refuses("日期不对，看一下年份");
}
