//! 更正 and 作废.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{Sheet, cadre, count, youth};
use crate::harness::{Town, evening, new_id};

#[tokio::test]
async fn its_author_corrects_it_within_a_day_and_both_texts_stay() {
    let town = Town::new().await;
    let (chen, ye) = (
        youth(&town, "town_cadre", "陈一诺").await.to_string(),
        youth(&town, "town_cadre", "叶舟").await.to_string(),
    );
    let sheet = Sheet::new(&town)
        .without("walkins")
        .with("youth", &chen)
        .problem(1, "想找文员岗位", "01");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let edit = format!("{at}/edit");
    let lin = town.signed_in("town_cadre");
    lin.get(&edit)
        .await
        .sees("更正走访")
        .shows("聊了网店和鸡舍")
        .shows("陈一诺")
        .shows("已记 1 件")
        .shows(r#"name="version" value="1""#);
    let better = Sheet::new(&town)
        .without("walkins")
        .with("version", "1")
        .with("youth", &ye)
        .with("n1-name", "宋知夏")
        .with("n1-told", "on")
        .with("at", "20:05")
        .with("content", "聊了网店，鸡舍是另一户")
        .problem(1, "鸡舍缺防疫师傅", "02");
    for _ in 0..2 {
        let to = better
            .post_to(&town, "town_cadre", &edit)
            .await
            .goes_to(&at);
        lin.get(&to)
            .await
            .sees("鸡舍是另一户")
            .shows(&format!(r#"<meta name="saved" content="{}">"#, sheet.id()));
    }
    lin.get(&at)
        .await
        .sees("更正经过")
        .shows("聊了网店和鸡舍")
        .shows("11-24 19:40 改为 11-24 20:05")
        .shows("叶舟")
        .shows("宋知夏")
        .shows("想找文员岗位")
        .shows("鸡舍缺防疫师傅");
    assert_eq!(
        count(&town, "select count(*) from visit_corrections").await,
        1
    );
    assert_eq!(count(&town, "select count(*) from visit_youths").await, 2);
    assert_eq!(count(&town, "select count(*) from issues").await, 2);
    let unmet = "select count(*) from youths where name = '陈一诺' and last_met_on is null";
    assert_eq!(count(&town, unmet).await, 1, "not met any more");
}

#[tokio::test]
async fn a_correction_that_changes_nothing_is_none_and_who_was_taken_off_is_named() {
    let town = Town::new().await;
    let (chen, ye) = (
        youth(&town, "town_cadre", "陈一诺").await.to_string(),
        youth(&town, "town_cadre", "叶舟").await.to_string(),
    );
    let sheet = Sheet::new(&town).and("youth", &chen).and("youth", &ye);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let edit = format!("{at}/edit");
    let same = sheet.clone().with("version", "1").with("night", "yes");
    let sent = same.post_to(&town, "town_cadre", &edit).await;
    sent.goes_to(&at);
    let kept = "select count(*) from visit_corrections";
    assert_eq!(count(&town, kept).await, 0);
    let version = "select version::bigint from visits";
    assert_eq!(count(&town, version).await, 1);
    let fewer = sheet.with("version", "1").with("youth", &chen);
    fewer.post_to(&town, "town_cadre", &edit).await.goes_to(&at);
    assert_eq!(count(&town, kept).await, 1);
    let names = ["陈一诺、叶舟 改为 陈一诺", "叶舟、陈一诺 改为 陈一诺"];
    let page = town.signed_in("town_cadre").get(&at).await;
    assert!(
        names.iter().any(|it| page.text.contains(it)),
        "{}",
        page.text
    );
    let above = town.signed_in("county_secretary").get(&at).await;
    above.sees("3 人 改为 2 人").hides("走访了谁：");
}

#[tokio::test]
async fn after_a_day_it_takes_a_reason_and_others_may_not() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let edit = format!("{at}/edit");
    let other = sheet
        .clone()
        .with("version", "1")
        .with("content", "聊了网店");
    for who in ["town_colleague", "county_secretary", "county_admin"] {
        town.signed_in(who).get(&edit).await.is(403);
        other.post_to(&town, who, &edit).await.is(403);
    }
    // The own secretary needs a reason at once.
    other
        .post_to(&town, "town_secretary", &edit)
        .await
        .refuses("写一句为什么更正");
    let told = other.clone().with("reason", "和本人核对过");
    told.post_to(&town, "town_secretary", &edit)
        .await
        .goes_to(&at);
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("和本人核对过")
        .shows("许青禾");
}

#[tokio::test]
async fn its_author_says_why_after_a_day() {
    let town = Town::new().await;
    let early = town
        .later(Clock::fixed(evening() - TimeDelta::hours(25)))
        .await;
    let sheet = Sheet::new(&town).with("day", "2026-11-22");
    let at = sheet.saved(&sheet.post(&early, "town_cadre").await);
    let edit = format!("{at}/edit");
    let other = sheet.with("version", "1").with("content", "聊了网店和岗位");
    let lin = town.signed_in("town_cadre");
    lin.get(&edit).await.sees("更正原因").hides("更正原因<span");
    other
        .post_to(&town, "town_cadre", &edit)
        .await
        .refuses("写一句为什么更正")
        .shows("聊了网店和岗位");
    other
        .with("reason", "漏了一件")
        .post_to(&town, "town_cadre", &edit)
        .await
        .goes_to(&at);
    lin.get(&at)
        .await
        .sees("漏了一件")
        .shows("聊了网店和鸡舍")
        .shows("聊了网店和岗位");
}

#[tokio::test]
async fn a_stale_correction_shows_both_texts_and_loses_nothing() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let edit = format!("{at}/edit");
    let first = sheet
        .clone()
        .with("version", "1")
        .with("content", "书记改的")
        .with("reason", "核对过");
    first
        .post_to(&town, "town_secretary", &edit)
        .await
        .goes_to(&at);
    let second = sheet.with("version", "1").with("content", "我也在改");
    let stale = second.post_to(&town, "town_cadre", &edit).await;
    stale
        .is(409)
        .shows("刚有人改过")
        .shows("书记改的")
        .shows("我也在改")
        .shows(r#"name="version" value="2""#);
    second
        .with("version", "2")
        .post_to(&town, "town_cadre", &edit)
        .await
        .goes_to(&at);
    assert_eq!(
        count(&town, "select count(*) from visit_corrections").await,
        2
    );
}

#[tokio::test]
async fn whether_it_was_night_follows_the_hour_unless_a_reason_says_otherwise() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).with("at", "17:40").with("night", "yes");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    assert_eq!(
        count(&town, "select count(*) from visits where is_night").await,
        0
    );
    let edit = format!("{at}/edit");
    let night = sheet.with("version", "1");
    night
        .post_to(&town, "town_cadre", &edit)
        .await
        .refuses("写一句为什么更正");
    let told = night.with("reason", "节日安排，入户到九点");
    told.post_to(&town, "town_cadre", &edit).await.goes_to(&at);
    assert_eq!(
        count(&town, "select count(*) from visits where is_night").await,
        1
    );
    town.signed_in("town_cadre")
        .get(&edit)
        .await
        .sees(r#"<option value="yes" selected>"#);
}

#[tokio::test]
async fn moving_the_evening_counts_both_months_anew() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town)
        .with("youth", &chen)
        .and("cadre", &cadre(&town, "town2_cadre").to_string());
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let moved = sheet
        .with("version", "1")
        .with("day", "other")
        .with("date", "2026-10-30")
        .with("late", "日期记错了")
        .without("cadre");
    moved
        .post_to(&town, "town_cadre", &format!("{at}/edit"))
        .await
        .goes_to(&at);
    assert_eq!(
        count(&town, "select count(*) from stale_months").await,
        4,
        "two months at two committees"
    );
    assert_eq!(count(&town, "select count(*) from visit_cadres").await, 1);
    let met = "select count(*) from youths where last_met_on = '2026-10-30'";
    assert_eq!(count(&town, met).await, 1);
}

#[tokio::test]
async fn voided_it_is_kept_and_not_counted() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let early = Sheet::new(&town)
        .with("youth", &chen)
        .with("day", "2026-11-23");
    early.saved(&early.post(&town, "town_cadre").await);
    let sheet = Sheet::new(&town)
        .with("youth", &chen)
        .problem(1, "想找文员岗位", "01");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let void = format!("{at}/void");
    let reason = [("reason", "记到别的村去了")];
    town.signed_in("town_colleague")
        .post(&void, &reason)
        .await
        .is(403);
    town.signed_in("town_cadre")
        .get(&void)
        .await
        .sees("作废后记录留着");
    town.signed_in("town_cadre")
        .post(&void, &[("reason", " ")])
        .await
        .refuses("写下为什么作废");
    town.signed_in("town_cadre")
        .post(&void, &reason)
        .await
        .goes_to(&at);
    let saved = format!("{at}/saved");
    let to = town.signed_in("town_cadre").get(&saved).await;
    to.goes_to(&format!("{at}?saved=1"));
    // Tapped twice it is done; with other words it is another wish.
    town.signed_in("town_cadre")
        .post(&void, &reason)
        .await
        .goes_to(&at);
    town.signed_in("town_cadre")
        .post(&void, &[("reason", "记错了")])
        .await
        .is(409);
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("已作废，不计入任何数字：记到别的村去了")
        .shows("聊了网店")
        .shows("想找文员岗位");
    town.signed_in("town_cadre")
        .get("/visits")
        .await
        .sees("共 1 次");
    town.signed_in("town_cadre")
        .get("/visits?state=void")
        .await
        .sees("共 1 次")
        .shows("作废");
    town.signed_in("town_cadre")
        .get(&format!("{at}/edit"))
        .await
        .is(409);
    for view in [
        "select count(*) from figure_c01 where row_id in (select id from visits where state = 'void')",
        "select count(*) from figure_c02 where row_id in (select id from visits where state = 'void')",
        "select count(*) from figure_c05 where row_id in (select id from visits where state = 'void')",
    ] {
        assert_eq!(count(&town, view).await, 0, "{view}");
    }
    let met = "select count(*) from youths where last_met_on = '2026-11-23'";
    assert_eq!(
        count(&town, met).await,
        1,
        "the evening before is the last one again"
    );
    town.signed_in("town_cadre")
        .get(&format!("/visits/{}/void", new_id()))
        .await
        .is(404);
}
