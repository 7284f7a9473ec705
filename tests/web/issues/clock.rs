//! What the clock does by itself, each step once.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use qingting::issues::clock;
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;
use qingting::platform::ticker;

use super::{act, does, given_to, heard, new, today};
use crate::harness::{Town, evening};
use crate::walls::{as_owner, refusal, texts};

fn in_days(days: i64) -> DateTime<Utc> {
    evening() + TimeDelta::days(days)
}

fn city(town: &Town) -> Scope {
    let ground = town.world.committee("city");
    Scope::of_ticker(town.site.clone(), ground)
}

/// The moves that were made of themselves, in their order.
async fn by_itself(town: &Town) -> Vec<String> {
    let mut owner = as_owner(&town.database).await;
    let sql = "select move from issue_moves where side = 'system' order by issue_id, n";
    texts(&mut owner, sql).await
}

#[tokio::test]
async fn a_suspended_matter_goes_on_and_a_closing_without_verdict_stands_for_good() {
    let town = Town::new().await;
    let mut paths = Vec::new();
    for text in ["想学叉车证", "想学炒茶", "想学剪辑"] {
        let issue = given_to(&town, text, "town", "town_cadre");
        let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
        does(&town, "town_cadre", &at, "accept", &[]).await;
        paths.push(at);
    }
    let suspend = [("day", "2026-12-01"), ("words", "等培训班开班")];
    does(&town, "town_cadre", &paths[0], "suspend", &suspend).await;
    let answer = [
        ("answer-1", "下月有班，已经报上名"),
        ("words", "当场说清了"),
    ];
    does(&town, "town_cadre", &paths[1], "explain", &answer).await;
    does(
        &town,
        "town_cadre",
        &paths[2],
        "ask",
        &[("words", "哪天有空")],
    )
    .await;
    assert_eq!(clock::pass(&city(&town)).await.expect("a pass"), 0);
    // The day before nothing; on the day it goes on, once, although two clocks strike at once.
    let before = town.later(Clock::fixed(in_days(6))).await;
    assert_eq!(clock::pass(&city(&before)).await.expect("a pass"), 0);
    let later = town.later(Clock::fixed(in_days(7))).await;
    let scope = city(&later);
    let both = tokio::join!(clock::pass(&scope), clock::pass(&scope));
    assert_eq!(both.0.expect("a pass") + both.1.expect("a pass"), 1);
    assert_eq!(clock::pass(&scope).await.expect("a pass"), 0);
    assert_eq!(by_itself(&town).await, ["resume"]);
    today(&later, "town_cadre")
        .await
        .get(&paths[0])
        .await
        .sees("已受理")
        .shows("到期自动")
        .shows("恢复办理");
    // Fifteen days for a verdict, then it is over; who waits for the young person waits on.
    let later = town.later(Clock::fixed(in_days(15))).await;
    assert_eq!(clock::pass(&city(&later)).await.expect("a pass"), 0);
    let later = town.later(Clock::fixed(in_days(16))).await;
    ticker::pass(&later.site, &clock::JOB).await;
    let seen = today(&later, "town_cadre").await;
    seen.get(&paths[1]).await.sees("评价期满").shows("已办结");
    seen.get(&paths[2]).await.sees("退回补充");
    act(
        &later,
        "town_cadre",
        &paths[2],
        "supplement",
        &[("words", "周末都行")],
    )
    .await
    .goes_to(&paths[2]);
}

#[tokio::test]
async fn what_is_late_is_pressed_step_by_step_and_climbs_twice() {
    let town = Town::new().await;
    let issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    // Fifteen working days end on Tuesday 15 December; four fifths of the time are over on Friday the eleventh.
    let mut made = Vec::new();
    for day in 0..40 {
        let later = town.later(Clock::fixed(in_days(day))).await;
        let n = clock::pass(&city(&later)).await.expect("a pass");
        assert_eq!(clock::pass(&city(&later)).await.expect("again"), 0, "{day}");
        if n > 0 {
            let date = in_days(day).date_naive().to_string();
            made.push((date, n));
        }
    }
    let days: Vec<(&str, usize)> = made.iter().map(|(day, n)| (day.as_str(), *n)).collect();
    let expected = [
        ("2026-12-11", 1),
        ("2026-12-16", 1),
        ("2026-12-18", 2),
        ("2026-12-23", 1),
    ];
    assert_eq!(days, expected);
    let steps = ["urge", "supervise", "raise", "climb", "climb"];
    assert_eq!(by_itself(&town).await, steps);
    let later = town.later(Clock::fixed(in_days(41))).await;
    let seen = today(&later, "city_secretary").await.get(&at).await;
    seen.sees("逐级上报").shows("已上报");
    does(&later, "city_secretary", &at, "sign", &[]).await;
    let after = town.later(Clock::fixed(in_days(90))).await;
    assert_eq!(clock::pass(&city(&after)).await.expect("a pass"), 0);
}

#[tokio::test]
async fn a_clock_killed_in_the_middle_goes_on_where_it_was() {
    let town = Town::new().await;
    for n in 0..3 {
        let issue = new(&town, &format!("第 {n} 件要办的事"), "town");
        let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
        does(&town, "town_cadre", &at, "accept", &[]).await;
    }
    let later = town.later(Clock::fixed(in_days(60))).await;
    // The database refuses the second matter's move half-way: what came before it stands.
    let mut owner = as_owner(&town.database).await;
    let second = "(select id from issues order by due_at, id offset 1 limit 1)";
    let broken = format!(
        "do $$ begin execute format('alter table issue_moves add constraint broken check (issue_id <> %L \
             or side <> ''system'') not valid', {second}); end $$"
    );
    assert_eq!(refusal(&mut owner, &broken).await, None);
    assert!(clock::pass(&city(&later)).await.is_err());
    let first = by_itself(&town).await;
    assert_eq!(first, ["raise", "climb"]);
    let mended = "alter table issue_moves drop constraint broken";
    assert_eq!(refusal(&mut owner, mended).await, None);
    // Killed by whoever runs it, at any await: what it held is given back and made by the next.
    let scope = Arc::new(city(&later));
    for micros in [500, 2_000, 8_000, 20_000] {
        let scope = scope.clone();
        let running = tokio::spawn(async move { clock::pass(&scope).await });
        tokio::time::sleep(std::time::Duration::from_micros(micros)).await;
        running.abort();
        let _aborted = running.await;
    }
    clock::pass(&scope).await.expect("a pass");
    let steps = ["raise", "climb", "raise", "climb", "raise", "climb"];
    assert_eq!(by_itself(&town).await, steps);
}
