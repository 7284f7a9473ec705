//! How long it may take: pauses, more time.

use chrono::{DateTime, TimeDelta, Utc};
use qingting::kit::clock::Clock;

use super::{act, does, given_to, heard, new, today};
use crate::harness::{Town, evening};

fn in_days(days: i64) -> DateTime<Utc> {
    evening() + TimeDelta::days(days)
}

#[tokio::test]
async fn its_time_stands_still_while_the_young_person_is_asked() {
    let town = Town::new().await;
    let issue = given_to(&town, "想学一门短视频剪辑", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    does(
        &town,
        "town_cadre",
        &at,
        "ask",
        &[("words", "哪天有空来上课")],
    )
    .await;
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&at)
        .await
        .sees("退回补充")
        .shows("暂停计时")
        .shows("之后回到“已受理”");
    cadre.get("/issues?queue=waiting").await.shows("共 1 件");
    // A week later: five working days longer.
    let later = town.later(Clock::fixed(in_days(7))).await;
    does(
        &later,
        "town_cadre",
        &at,
        "supplement",
        &[("words", "周末都行")],
    )
    .await;
    today(&later, "town_cadre")
        .await
        .get(&at)
        .await
        .sees("已受理")
        .shows("12 月 22 日");
    // Suspended, at most thirty days, and back by the clock.
    let suspend = |day: &'static str| [("day", day), ("words", "等培训班开班")];
    act(&later, "town_cadre", &at, "suspend", &suspend("2027-03-01"))
        .await
        .refuses("超过了规定的天数");
    act(&later, "town_cadre", &at, "suspend", &suspend("2026-12-01"))
        .await
        .refuses("期限要在今天或以后");
    does(&later, "town_cadre", &at, "suspend", &suspend("2026-12-20")).await;
    today(&later, "town_cadre")
        .await
        .get(&at)
        .await
        .sees("挂起")
        .shows("自动恢复");
}

#[tokio::test]
async fn more_time_is_asked_before_the_end_and_given_by_who_set_it_twice_at_most() {
    let town = Town::new().await;
    let issue = new(&town, "创业贷款贴息材料被退三次", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let town2 = town.world.committee("town2").place.committee.to_string();
    let hand = [
        ("unit", town2.as_str()),
        ("words", "请办"),
        ("day", "2026-11-30"),
    ];
    does(&town, "town_cadre", &at, "assign", &hand).await;
    does(&town, "town2_cadre", &at, "sign", &[]).await;
    let ask = |day: &'static str| [("day", day), ("words", "银行要两周")];
    act(
        &town,
        "town2_cadre",
        &at,
        "ask_extension",
        &ask("2026-11-30"),
    )
    .await
    .refuses("比现在的期限晚");
    for day in ["2026-12-04", "2026-12-11"] {
        does(&town, "town2_cadre", &at, "ask_extension", &ask(day)).await;
        act(
            &town,
            "town2_cadre",
            &at,
            "ask_extension",
            &ask("2027-01-04"),
        )
        .await
        .refuses("已经申请了延期");
        town.signed_in("town2_cadre")
            .get(&format!("{at}/moves/grant"))
            .await
            .is(403);
        does(&town, "town_cadre", &at, "grant", &[]).await;
    }
    let cadre = town.signed_in("town_cadre");
    cadre.get(&at).await.sees("12 月 11 日").shows("延期后");
    act(
        &town,
        "town2_cadre",
        &at,
        "ask_extension",
        &ask("2027-01-04"),
    )
    .await
    .refuses("已经延期两次");
    act(&town, "town_cadre", &at, "refuse", &[("words", "不行")])
        .await
        .refuses("没有等答复的延期申请");
    let late = town.later(Clock::fixed(in_days(30))).await;
    today(&late, "town_cadre")
        .await
        .get("/issues?queue=overdue")
        .await
        .shows("共 1 件")
        .shows("超 13 天");
}

#[tokio::test]
async fn what_is_overdue_stands_by_its_end_on_all_its_pages() {
    let town = Town::new().await;
    for n in 0..27 {
        let issue = given_to(&town, &format!("第 {n} 件要办的事"), "town", "town_cadre");
        let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
        if n == 26 {
            // The last one heard has the shortest time.
            let town2 = town.world.committee("town2").place.committee.to_string();
            let hand = [
                ("unit", town2.as_str()),
                ("words", "请办"),
                ("day", "2026-11-25"),
            ];
            does(&town, "town_cadre", &at, "assign", &hand).await;
        } else {
            does(&town, "town_cadre", &at, "accept", &[]).await;
        }
    }
    let late = town.later(Clock::fixed(in_days(60))).await;
    let cadre = today(&late, "town_cadre").await;
    let first = cadre.get("/issues?queue=overdue").await;
    first.sees("这一页 25 件，共 27 件");
    let place = |words: &str| first.text.find(words);
    assert!(
        place("第 26 件") < place("第 0 件"),
        "by the end of their time"
    );
    let next = first.text.split("&#38;after=").nth(1).expect("a next page");
    let next = next.split('"').next().expect("an address");
    cadre
        .get(&format!("/issues?queue=overdue&after={next}"))
        .await
        .sees("这一页 2 件，共 27 件");
    cadre.get("/issues?queue=waiting").await.shows("共 0 件");
    cadre.get("/issues?queue=x").await.is(400);
}

#[tokio::test]
async fn a_request_lapses_with_the_closing_and_who_got_it_back_answers_for_himself() {
    let town = Town::new().await;
    let issue = given_to(&town, "创业贷款贴息材料被退三次", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    // Handed over and sent back: it is the town's again, and the other has no more say in it.
    let town2 = town.world.committee("town2").place.committee.to_string();
    let hand = [("unit", town2.as_str()), ("words", "请办")];
    does(&town, "town_cadre", &at, "assign", &hand).await;
    does(
        &town,
        "town2_cadre",
        &at,
        "send_back",
        &[("words", "不熟悉")],
    )
    .await;
    town.signed_in("town2_cadre")
        .get(&format!("{at}/moves/urge"))
        .await
        .is(403);
    does(&town, "town_cadre", &at, "take", &[]).await;
    let ask = [("day", "2026-12-31"), ("words", "银行要两周")];
    does(&town, "town_cadre", &at, "ask_extension", &ask).await;
    does(&town, "town_secretary", &at, "grant", &[]).await;
    let ask = [("day", "2027-01-15"), ("words", "还要两周")];
    does(&town, "town_cadre", &at, "ask_extension", &ask).await;
    let closing = [
        ("outcome", "partly"),
        ("answer-1", "材料补齐了"),
        ("words", "先贷一半"),
    ];
    does(&town, "town_cadre", &at, "close", &closing).await;
    does(
        &town,
        "town_secretary",
        &at,
        "reopen",
        &[("words", "还差一半")],
    )
    .await;
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("退回重办")
        .hides("等答复");
    does(&town, "town_cadre", &at, "ask_extension", &ask).await;
}
