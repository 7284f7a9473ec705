//! 办理期限: who sets it, what it does to what is open.

use chrono::TimeDelta;
use qingting::issues::recount;
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;

use super::{does, given_to, heard, today};
use crate::harness::{Browser, Seen, Town, evening};
use crate::walls::{as_owner, refusal, texts};

/// The form as it stands, with some fields changed.
async fn post(who: &Browser, changed: &[(&str, &str)], sure: bool) -> Seen {
    let page = who.get("/rules").await;
    page.is(200);
    let form = page
        .text
        .split("<form")
        .find(|it| it.contains(r#"name="r-1""#));
    let form = form.expect("the form").to_owned();
    let mut fields: Vec<(String, String)> = form
        .split("<input")
        .skip(1)
        .map(|input| {
            let of = |name: &str| {
                let rest = input.split(&format!(r#" {name}=""#)).nth(1).unwrap_or("\"");
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            (of("name"), of("value"))
        })
        .collect();
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).into(), (*value).into()));
    }
    if sure {
        fields.push(("sure".into(), "on".into()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    who.post("/rules", &fields).await
}

async fn days(town: &Town) -> Vec<String> {
    let mut owner = as_owner(&town.database).await;
    let sql = "select detail || ' ' || (due_at at time zone 'Asia/Shanghai')::date from issues order by detail";
    texts(&mut owner, sql).await
}

#[tokio::test]
async fn a_changed_rule_counts_again_what_is_open_and_goes_by_it() {
    let town = Town::new().await;
    let mut ats = Vec::new();
    for text in ["一", "二", "三"] {
        let issue = given_to(&town, text, "town", "town_cadre");
        let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
        does(&town, "town_cadre", &at, "accept", &[]).await;
        ats.push(at);
    }
    // The second has its day from its sender: it stays.
    let county = town.world.committee("county").place.committee.to_string();
    let hand = [
        ("unit", county.as_str()),
        ("words", "请协调"),
        ("day", "2026-12-01"),
    ];
    does(&town, "town_cadre", &ats[1], "report", &hand).await;
    // The third waited a day of work.
    does(
        &town,
        "town_cadre",
        &ats[2],
        "ask",
        &[("words", "哪天有空")],
    )
    .await;
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(1)))
        .await;
    does(
        &later,
        "town_cadre",
        &ats[2],
        "supplement",
        &[("words", "周末")],
    )
    .await;
    assert_eq!(
        days(&town).await,
        ["一 2026-12-15", "三 2026-12-16", "二 2026-12-01"]
    );
    // What it does is shown before; nothing is saved by that.
    let lead = today(&later, "city_secretary").await;
    let seen = post(&lead, &[("r01-3", "20")], false).await;
    seen.sees("存了以后会怎样").shows("2 件").shows("期限变晚");
    assert_eq!(days(&town).await[0], "一 2026-12-15");
    post(&lead, &[("r01-3", "20")], true)
        .await
        .goes_to("/rules");
    post(&lead, &[], true).await.goes_to("/rules");
    lead.get("/rules").await.sees("正在重新计算期限");
    // Two clocks at once, or again: once.
    let scope = Scope::of_ticker(later.site.clone(), town.world.committee("city"));
    let both = tokio::join!(recount::pass(&scope), recount::pass(&scope));
    assert_eq!(both.0.expect("a pass") + both.1.expect("a pass"), 2);
    assert_eq!(recount::pass(&scope).await.expect("a pass"), 0);
    assert_eq!(
        days(&town).await,
        ["一 2026-12-22", "三 2026-12-23", "二 2026-12-01"]
    );
    today(&later, "town_cadre")
        .await
        .get(&ats[0])
        .await
        .sees("期限重新计算")
        .shows("20 个工作日");
    lead.get("/rules").await.sees("2 件的期限跟着变了");
    // A category goes by the rule for all again.
    post(&lead, &[("r01-3", "")], true).await.goes_to("/rules");
    recount::pass(&scope).await.expect("a pass");
    assert_eq!(days(&town).await[0], "一 2026-12-15");
    let mut owner = as_owner(&town.database).await;
    let lines = "select verb || count(*) from day_book where verb like 'issue_re%' or verb like 'issue_ru%' group by verb order by verb";
    assert_eq!(
        texts(&mut owner, lines).await,
        ["issue_recounted4", "issue_rules_changed2"]
    );
}

#[tokio::test]
async fn what_was_pressed_has_time_again_and_a_pass_killed_goes_on() {
    let town = Town::new().await;
    for text in ["一", "二"] {
        let issue = given_to(&town, text, "town", "town_cadre");
        let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
        does(&town, "town_cadre", &at, "accept", &[]).await;
    }
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(23)))
        .await;
    let scope = Scope::of_ticker(later.site.clone(), town.world.committee("city"));
    qingting::issues::clock::pass(&scope).await.expect("a pass");
    let mut owner = as_owner(&town.database).await;
    let pressed = "select pressed::text from issues";
    assert_eq!(texts(&mut owner, pressed).await, ["2", "2"]);
    let admin = today(&later, "city_admin").await;
    post(&admin, &[("r-3", "60")], false)
        .await
        .sees("2 件不再超期");
    post(&admin, &[("r-3", "60")], true).await.goes_to("/rules");
    let broken =
        "alter table day_book add constraint broken check (verb <> 'issue_recounted') not valid";
    assert_eq!(refusal(&mut owner, broken).await, None);
    assert!(recount::pass(&scope).await.is_err());
    assert_eq!(texts(&mut owner, pressed).await, ["2", "2"]);
    let mended = "alter table day_book drop constraint broken";
    assert_eq!(refusal(&mut owner, mended).await, None);
    assert_eq!(recount::pass(&scope).await.expect("a pass"), 2);
    assert_eq!(texts(&mut owner, pressed).await, ["0", "0"]);
}

#[tokio::test]
async fn who_may_set_it_and_what_is_refused() {
    let town = Town::new().await;
    for key in ["county_secretary", "town_cadre", "county_admin"] {
        let seen = town.signed_in(key).get("/rules").await;
        seen.sees("15 个工作日").hides("看存了以后会怎样");
        town.signed_in(key).post("/rules", &[]).await.is(403);
    }
    let lead = town.signed_in("city_secretary");
    for (field, value, sentence) in [
        ("r-1", "很快", "写工作日，例如 15；按小时的写 24小时"),
        ("r-3", "", "一般的要几个工作日办好"),
        ("r05-2", "0", "1 到 400 个工作日"),
        ("warn_percent", "100", "填 1 到 99 的整数"),
        ("climb_again_days", "2", "要比“上报一级”的天数多"),
    ] {
        let seen = post(&lead, &[(field, value)], true).await;
        seen.refuses(sentence).shows(&format!(r#"value="{value}""#));
    }
    // Two at once: the second sees that and keeps what he typed.
    let stale = post(&lead, &[("version", "0"), ("r-3", "10")], true).await;
    stale.goes_to("/rules");
    let second = post(&lead, &[("version", "0"), ("r-3", "12")], true).await;
    second.is(409).shows("刚才有人改过").shows(r#"value="12""#);
    town.signed_in("other_admin")
        .get("/rules")
        .await
        .sees(r#"value="15""#);
}
