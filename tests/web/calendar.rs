//! 放假安排: typed in once, for every city; deadlines follow.

use chrono::TimeDelta;
use qingting::issues::recount;
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;

use crate::harness::{Town, evening};
use crate::issues::{does, given_to, heard};
use crate::walls::{as_owner, texts};

const NOTICE: &str = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月20日（周六）上班。";

#[tokio::test]
async fn a_year_is_typed_in_and_open_matters_follow() {
    let town = Town::new().await;
    let mut issue = given_to(&town, "村里公交停了", "town", "town_cadre");
    issue.urgency = qingting::issues::Urgency::Lasting;
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let own = town.signed_in("town_cadre");
    for page in [at.as_str(), "/issues"] {
        own.get(page).await.sees("2027 年的放假安排还没有录入");
    }
    own.get("/calendar").await.sees("未录入").hides("录入一年");
    let operator = town.browser(None);
    operator.get("/calendar").await.is(303);
    let operator = town.signed_in("operator");
    operator.get("/calendar").await.sees("录入一年");
    for (fields, sentence) in [
        (
            vec![("version", "0"), ("year", "2027"), ("text", "")],
            "把通知里的放假安排贴进来",
        ),
        (
            vec![("version", "0"), ("year", "2027"), ("text", "1月1日放假")],
            "只认出 1 天放假",
        ),
        (
            vec![("version", "0"), ("year", "2035"), ("text", NOTICE)],
            "选一个年份",
        ),
    ] {
        operator.post("/calendar", &fields).await.refuses(sentence);
    }
    // What was recognised is shown first.
    let typed = [("version", "0"), ("year", "2027"), ("text", NOTICE)];
    let seen = operator.post("/calendar", &typed).await;
    seen.sees("认出的日子").shows("2 月 5 日—2 月 11 日");
    own.get(&at).await.shows("还没有录入");
    let sure = [typed[0], typed[1], typed[2], ("sure", "on")];
    for key in ["town_cadre", "city_admin", "city_secretary"] {
        town.signed_in(key).post("/calendar", &sure).await.is(403);
    }
    operator.post("/calendar", &sure).await.goes_to("/calendar");
    operator.post("/calendar", &sure).await.goes_to("/calendar");
    own.get(&at).await.hides("还没有录入");
    // Another who had the form open before sees that, and keeps what he typed.
    let other = NOTICE
        .replace("2月11日", "2月12日")
        .replace("至11日", "至12日");
    let stale = [typed[0], typed[1], ("text", other.as_str()), ("sure", "on")];
    operator
        .post("/calendar", &stale)
        .await
        .is(409)
        .shows("刚才有人改过")
        .shows("至12日");
    let mut owner = as_owner(&town.database).await;
    let due = "select ((due_at at time zone 'Asia/Shanghai')::date)::text from issues";
    let before = texts(&mut owner, due).await;
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::minutes(2)))
        .await;
    for (place, changed) in [("city", 1), ("other_city", 0)] {
        let scope = Scope::of_ticker(later.site.clone(), town.world.committee(place));
        assert_eq!(
            recount::pass(&scope).await.expect("a pass"),
            changed,
            "{place}"
        );
        assert_eq!(recount::pass(&scope).await.expect("a pass"), 0);
    }
    let after = texts(&mut owner, due).await;
    // Sixty working days end in February: New Year's Day and five days of the Spring Festival later.
    assert_eq!(
        (before[0].as_str(), after[0].as_str()),
        ("2027-02-16", "2027-02-23")
    );
    let lines = "select verb from day_book where verb in ('calendar_changed', 'issue_recounted') order by verb";
    assert_eq!(
        texts(&mut owner, lines).await,
        ["calendar_changed", "issue_recounted"]
    );
}
