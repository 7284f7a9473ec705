//! 评: the young person says how it went, by a link, without account.

use chrono::{DateTime, TimeDelta, Utc};
use qingting::kit::clock::Clock;
use qingting::platform::session::COOKIE_NAME;

use super::{act, does, given_to, heard, today};
use crate::harness::{Seen, Town, evening};
use crate::walls::{as_owner, texts};

pub fn in_days(days: i64) -> DateTime<Utc> {
    evening() + TimeDelta::days(days)
}

/// A matter of the town, closed.
pub async fn closed(town: &Town, text: &str) -> String {
    let issue = given_to(town, text, "town", "town_cadre");
    let at = format!("/issues/{}", heard(town, "town_cadre", issue).await);
    does(
        town,
        "town_cadre",
        &at,
        "accept",
        &[("points", "贷款能不能批")],
    )
    .await;
    close(town, "town_cadre", &at).await;
    at
}

pub async fn close(town: &Town, key: &str, at: &str) {
    does(town, key, at, "take", &[]).await;
    finish(town, key, at).await;
}

async fn finish(town: &Town, key: &str, at: &str) {
    let fields = [
        ("outcome", "solved"),
        ("answer-1", "周五带材料来镇里，银行当面办"),
        ("words", "已经和银行说好"),
    ];
    does(town, key, at, "close", &fields).await;
}

fn path_in(seen: &Seen) -> String {
    let start = seen.text.find("/v/").expect("a link");
    let rest = &seen.text[start..];
    let end = rest.find(['"', '<']).expect("its end");
    rest[..end].trim().to_owned()
}

/// The address of a link that `key` makes.
pub async fn link(town: &Town, key: &str, at: &str, way: &str) -> String {
    let who = today(town, key).await;
    let seen = who.post(&format!("{at}/link"), &[("way", way)]).await;
    path_in(seen.sees("只显示这一次"))
}

#[tokio::test]
async fn a_link_is_answered_once_by_the_young_person_and_says_who_passed_it_on() {
    let town = Town::new().await;
    let at = closed(&town, "贷款材料被退三次，电话19900001234").await;
    let cadre = town.signed_in("town_cadre");
    cadre.get(&at).await.sees("请青年评价");
    cadre.get(&format!("{at}/link")).await.sees("怎样给青年");
    let form = format!("{at}/link");
    cadre.post(&form, &[]).await.refuses("选怎样给青年");
    let seen = cadre.post(&form, &[("way", "spot")]).await;
    seen.sees("<svg class=\"qr\"")
        .hides("&lt;svg")
        .shows("http://127.0.0.1/v/s");
    let old = path_in(&seen);
    // Another makes the one before it worthless.
    let path = link(&town, "town_cadre", &at, "spot").await;
    let guest = town.stranger();
    guest.get(&old).await.is(410).shows("过期");
    let page = guest.get(&path).await;
    page.sees("贷款材料被退三次，电话***")
        .sees("周五带材料来镇里")
        .sees("贷款能不能批")
        .hides("林晓禾")
        .hides("〔2026〕");
    assert!(page.headers.get("set-cookie").is_none());
    guest.post(&path, &[]).await.refuses("选一个：办成了");
    let verdict = [("verdict", "half"), ("words", "还差一个章")];
    // Not by the handler, nor on a browser on which somebody was signed in.
    cadre.get(&path).await.is(403).shows("青年自己的手机");
    cadre.post(&path, &verdict).await.is(403);
    let former = town.browser(Some(format!("{COOKIE_NAME}={}", "0".repeat(64))));
    former.post(&path, &verdict).await.is(403);
    let thanks = guest.post(&path, &verdict).await.goes_to(&path);
    guest.get(&thanks).await.sees("评价收到了");
    guest
        .post(&path, &[("verdict", "not")])
        .await
        .is(410)
        .shows("用过了");
    guest.get(&path).await.is(410);
    cadre
        .get(&at)
        .await
        .sees("已办结")
        .shows("办了一半")
        .shows("还差一个章")
        .shows("由 林晓禾 当面出示二维码");
    cadre.get(&format!("{at}/link")).await.is(409);
    let mut owner = as_owner(&town.database).await;
    let rows =
        "select concat_ws(' ', verdict, is_on_the_spot, passed_by is not null, length(device_hash))
         from issue_verdicts";
    assert_eq!(texts(&mut owner, rows).await, ["half t t 64"]);
}

#[tokio::test]
async fn what_was_not_done_is_reopened_twice_and_then_climbs() {
    let town = Town::new().await;
    let at = closed(&town, "村里公交停了").await;
    for round in 1..=3 {
        let path = link(&town, "town_cadre", &at, "sent").await;
        let not = [("verdict", "not"), ("words", "还是没有车")];
        town.stranger().post(&path, &not).await.goes_to(&path);
        let seen = town.signed_in("town_cadre").get(&at).await;
        seen.sees("评价没办成").shows("还是没有车");
        if round < 3 {
            seen.shows("退回重办").hides("逐级上报");
            close(&town, "town_cadre", &at).await;
        }
    }
    town.signed_in("county_secretary")
        .get(&at)
        .await
        .sees("逐级上报")
        .shows("已上报");
    // It has its time before it, and its handler of before is its sender.
    does(&town, "county_secretary", &at, "sign", &[]).await;
    finish(&town, "county_secretary", &at).await;
    let path = link(&town, "town_cadre", &at, "sent").await;
    let done = [("verdict", "done")];
    town.stranger().post(&path, &done).await.goes_to(&path);
    let mut owner = as_owner(&town.database).await;
    let verdicts = texts(&mut owner, "select verdict from issue_verdicts order by n").await;
    assert_eq!(verdicts, ["not", "not", "not", "done"]);
    let links = "select count(*)::text from issue_links where used_at is null";
    assert_eq!(texts(&mut owner, links).await, ["0"]);
}

#[tokio::test]
async fn who_may_pass_a_link_on_and_how_long_it_is_good() {
    let town = Town::new().await;
    let at = closed(&town, "想学剪辑").await;
    let form = format!("{at}/link");
    for (key, status) in [
        ("town_cadre", 200),
        ("town_secretary", 200),
        ("county_secretary", 403),
        ("sibling_secretary", 404),
        ("other_cadre", 404),
    ] {
        let who = town.signed_in(key);
        who.get(&form).await.is(status);
        if status != 200 {
            who.post(&form, &[("way", "sent")]).await.is(status);
        }
    }
    let path = link(&town, "town_secretary", &at, "sent").await;
    // Fifteen days later it is over, with or without the clock.
    let late = town.later(Clock::fixed(in_days(16))).await;
    let guest = late.stranger();
    guest.get(&path).await.is(410).shows("过期");
    guest.post(&path, &[("verdict", "not")]).await.is(410);
    // Nothing can be guessed; who tries is slowed.
    let guest = town.stranger();
    for bad in ["/v/x", "/v/%00", &format!("/v/{}", "0".repeat(64))] {
        guest.get(bad).await.is(404).shows("没有这个链接");
    }
    guest.get(&format!("/v/s{}", &path[3..])).await.is(404);
    for _ in 0..60 {
        guest.post("/v/x", &[("verdict", "done")]).await;
    }
    guest.post(&path, &[("verdict", "done")]).await.is(429);
    // Reopened by the committee: that closing is not judged any more.
    let town = town.later(Clock::fixed(in_days(1))).await;
    act(
        &town,
        "town_secretary",
        &at,
        "reopen",
        &[("words", "还差一半")],
    )
    .await
    .goes_to(&at);
    town.stranger().get(&path).await.is(410).shows("用过了");
}

#[tokio::test]
async fn two_answers_at_once_are_one() {
    let town = Town::new().await;
    let at = closed(&town, "想学炒茶").await;
    let path = link(&town, "town_cadre", &at, "sent").await;
    let give = |verdict: &'static str| {
        let (guest, path) = (town.stranger(), path.clone());
        async move {
            let seen = guest.post(&path, &[("verdict", verdict)]).await;
            seen.status.as_u16()
        }
    };
    let (a, b, c) = tokio::join!(give("done"), give("not"), give("half"));
    let mut all = [a, b, c];
    all.sort_unstable();
    assert_eq!(all, [303, 410, 410]);
    let mut owner = as_owner(&town.database).await;
    let n = texts(&mut owner, "select count(*)::text from issue_verdicts").await;
    assert_eq!(n, ["1"]);
}
