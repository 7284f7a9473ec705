//! How long a session lasts, at a desk and on one's own phone.

use chrono::TimeDelta;

use super::{alter, count, enter, enter_to_stay, later};
use crate::harness::{Browser, Town, evening};

/// Whether this browser is still in, that much later.
async fn is_in(town: &Town, browser: &Browser, by: TimeDelta) -> bool {
    let then = later(town, by).await;
    let there = then.browser(browser.cookies());
    let seen = there.get("/feedback").await;
    match seen.status.as_u16() {
        200 => true,
        303 => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_desk_that_is_left_is_closed_after_half_an_hour() {
    let town = Town::new().await;
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    assert!(!is_in(&town, &lin, TimeDelta::minutes(31)).await);
    assert!(is_in(&town, &lin, TimeDelta::minutes(29)).await);
    // That look was work: half an hour from there.
    assert!(is_in(&town, &lin, TimeDelta::minutes(58)).await);
    assert!(!is_in(&town, &lin, TimeDelta::minutes(89)).await);
}

#[tokio::test]
async fn a_desk_is_closed_after_twelve_hours_however_busy() {
    let town = Town::new().await;
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    let busy = format!(
        "update sessions set seen_at = '{}'",
        evening() + TimeDelta::hours(12)
    );
    alter(&town, &busy).await;
    assert!(is_in(&town, &lin, TimeDelta::minutes(12 * 60 - 1)).await);
    assert!(!is_in(&town, &lin, TimeDelta::hours(12)).await);
}

#[tokio::test]
async fn an_own_phone_stays_in_for_thirty_days() {
    let town = Town::new().await;
    let (_, lin) = enter_to_stay(&town, "town_cadre").await;
    assert!(is_in(&town, &lin, TimeDelta::days(29)).await);
    assert!(!is_in(&town, &lin, TimeDelta::days(30)).await);
}

#[tokio::test]
async fn a_committee_that_is_closed_lets_nobody_in() {
    let town = Town::new().await;
    let (_, lin) = enter_to_stay(&town, "town_cadre").await;
    let id = town.world.committee("town").place.committee;
    alter(
        &town,
        &format!("update committees set ends_on = '2026-11-24' where id = {id}"),
    )
    .await;
    assert!(!is_in(&town, &lin, TimeDelta::zero()).await);
}

#[tokio::test]
async fn an_appointment_that_has_not_begun_lets_nobody_in() {
    let town = Town::new().await;
    let (_, lin) = enter_to_stay(&town, "town_cadre").await;
    let account = town.world.person("town_cadre").account;
    let later =
        format!("update appointments set starts_on = '2026-11-25' where account_id = '{account}'");
    alter(&town, &later).await;
    assert!(!is_in(&town, &lin, TimeDelta::zero()).await);
    assert!(is_in(&town, &lin, TimeDelta::days(1)).await);
}

#[tokio::test]
async fn what_has_long_ended_is_swept_and_nothing_else() {
    let town = Town::new().await;
    let (_, desk) = enter(&town, &town.stranger(), "town_cadre").await;
    let (_, own) = enter_to_stay(&town, "town_colleague").await;
    let (_, late) = enter(&town, &town.stranger(), "sibling_cadre").await;
    late.post("/logout", &[]).await.goes_to("/login");
    late.post("/feedback", &[("text", "退出后才提交")])
        .await
        .goes_to("/login");
    let rows = "select count(*) from sessions";
    let (all, waiting) = (
        count(&town, rows).await,
        "select count(*) from parked_posts",
    );
    let sweep = async |town: &Town| {
        for feature in town.site.features {
            for job in feature
                .jobs
                .iter()
                .filter(|job| job.name.starts_with("sweep"))
            {
                qingting::platform::ticker::pass(&town.site, job).await;
            }
        }
    };
    sweep(&town).await;
    assert_eq!(count(&town, rows).await, all);
    assert_eq!(count(&town, waiting).await, 1);
    let next_day = later(&town, TimeDelta::hours(25)).await;
    sweep(&next_day).await;
    assert_eq!(
        count(&town, rows).await,
        all - 1,
        "signed out a day ago; what ran out half a day ago is still known"
    );
    assert_eq!(count(&town, waiting).await, 0);
    let third_day = later(&town, TimeDelta::hours(37)).await;
    sweep(&third_day).await;
    assert_eq!(count(&town, rows).await, 1, "the own phone alone");
    assert!(is_in(&town, &own, TimeDelta::hours(37)).await);
    assert!(!is_in(&town, &desk, TimeDelta::hours(37)).await);
}
