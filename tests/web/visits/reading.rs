//! Who sees a visit, its text and the names of those who were met.

use chrono::{NaiveDate, TimeDelta};
use qingting::kit::clock::Clock;

use super::{Sheet, cadre, count, youth, youth_with};
use crate::harness::{Town, evening};

#[tokio::test]
async fn the_own_committee_reads_others_do_not_even_see() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town).with("youth", &chen);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("聊了网店")
        .shows("陈一诺");
    let colleague = town.signed_in("town_colleague").get(&at).await;
    colleague.sees("聊了网店").shows("陈**").hides("陈一诺");
    for stranger in [
        "town2_cadre",
        "sibling_cadre",
        "sibling_secretary",
        "other_cadre",
        "other_admin",
    ] {
        town.signed_in(stranger).get(&at).await.is(404);
        town.signed_in(stranger)
            .get("/visits")
            .await
            .sees("没有这样的走访");
        town.signed_in(stranger)
            .post(&format!("{at}/reveal"), &[("purpose", "check")])
            .await
            .is(404);
        for change in ["edit", "void", "merge"] {
            town.signed_in(stranger)
                .get(&format!("{at}/{change}"))
                .await
                .is(404);
        }
    }
    town.stranger().get(&at).await.goes_to("/login");
    town.signed_in("operator").get(&at).await.is(403);
}

#[tokio::test]
async fn superiors_see_masked_lists_and_the_text_for_ten_minutes_after_a_purpose() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town)
        .with("youth", &chen)
        .problem(1, "想找文员岗位", "01");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    for superior in [
        "county_secretary",
        "county_cadre",
        "city_admin",
        "province_secretary",
    ] {
        let who = town.signed_in(superior);
        who.get("/visits").await.sees("陈**").hides("陈一诺");
        who.get(&at)
            .await
            .sees("看内容要说明事由")
            .hides("聊了网店")
            .hides("陈一诺")
            .hides("文员");
    }
    let qin = town.signed_in("county_secretary");
    let reveal = format!("{at}/reveal");
    qin.post(&reveal, &[])
        .await
        .refuses("选一个事由")
        .hides("聊了网店");
    qin.post(&reveal, &[("purpose", "other")])
        .await
        .refuses("写下是什么事");
    qin.post(&reveal, &[("purpose", "check"), ("words", "核对十一月")])
        .await
        .goes_to(&at);
    qin.get(&at).await.sees("聊了网店").hides("陈一诺");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("秦望舒")
        .shows("查看内容")
        .shows("核对上报的数字：核对十一月");
    assert_eq!(
        count(
            &town,
            "select count(*) from day_book where verb = 'visit_revealed'"
        )
        .await,
        1
    );
    town.signed_in("county_cadre")
        .get(&at)
        .await
        .hides("聊了网店");
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::minutes(11)))
        .await;
    later
        .signed_in("county_secretary")
        .get(&at)
        .await
        .sees("看内容要说明事由")
        .hides("聊了网店");
}

#[tokio::test]
async fn with_a_minor_only_who_went_and_the_own_secretary_read() {
    let town = Town::new().await;
    let child = youth_with(&town, "town_cadre", "陈小满", |new| {
        new.birth_on = NaiveDate::from_ymd_opt(2012, 5, 1);
    });
    let child = child.await.to_string();
    let sheet = Sheet::new(&town)
        .with("youth", &child)
        .problem(1, "想有人辅导作业", "03");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    town.signed_in("town_cadre").get(&at).await.sees("聊了网店");
    town.signed_in("town_secretary")
        .get(&at)
        .await
        .sees("聊了网店");
    for closed in ["town_colleague", "county_secretary", "city_secretary"] {
        let who = town.signed_in(closed);
        who.get(&at)
            .await
            .sees("只有去的团干部和本级书记可看")
            .hides("聊了网店")
            .hides("陈小满")
            .hides("作业");
        // Only the own committee is told by the mask that somebody is guarded.
        let mask = if closed == "town_colleague" {
            "陈某某"
        } else {
            "陈**"
        };
        who.get("/visits").await.sees(mask).hides("陈小满");
        who.post(&format!("{at}/reveal"), &[("purpose", "check")])
            .await
            .is(403);
    }
    assert_eq!(
        count(&town, "select count(*) from issues where is_sensitive").await,
        1
    );
}

#[tokio::test]
async fn the_list_has_its_filters_in_the_address() {
    let town = Town::new().await;
    let by_day = Sheet::new(&town)
        .with("at", "10:00")
        .with("kind", "school")
        .with("organisation", "溪口中学");
    by_day.saved(&by_day.post(&town, "town_cadre").await);
    let by_night = Sheet::new(&town).with("day", "2026-11-23");
    by_night.saved(&by_night.post(&town, "town_colleague").await);
    let lin = town.signed_in("town_cadre");
    lin.get("/visits").await.sees("共 2 次");
    lin.get("/visits?night=1")
        .await
        .sees("共 1 次")
        .shows("贺知微")
        .hides("溪口中学");
    lin.get("/visits?mine=1")
        .await
        .sees("共 1 次")
        .shows("溪口中学");
    lin.get("/visits?mode=XX")
        .await
        .sees("共 1 次")
        .shows("溪口中学");
    lin.get("/visits?from=2026-11-24&to=2026-11-24")
        .await
        .sees("共 1 次")
        .shows("溪口中学");
    lin.get("/visits?state=void").await.sees("没有这样的走访");
    let qin = town.signed_in("county_secretary");
    let (home, other) = (town.world.committee("town"), town.world.committee("town2"));
    qin.get("/visits?more=1")
        .await
        .sees("茶山镇")
        .shows("全部单位");
    qin.get(&format!("/visits?committee={}", home.place.committee))
        .await
        .sees("共 2 次");
    qin.get(&format!("/visits?committee={}", other.place.committee))
        .await
        .sees("没有这样的走访");
    let sibling = town.world.committee("sibling").place.committee;
    qin.get(&format!("/visits?committee={sibling}"))
        .await
        .is(404);
}

#[tokio::test]
async fn what_no_page_offers_is_a_bad_address() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    for bad in [
        "night=yes",
        "mine=2",
        "mode=ZZ",
        "state=open",
        "committee=x",
        "more=0",
        "after=youth.1.0199f1a0-0000-7000-8000-000000000001",
    ] {
        lin.get(&format!("/visits?{bad}")).await.is(400);
    }
    // Dates are typed: the page stays, with the sentence beside the field.
    for (bad, sentence) in [
        ("from=gestern", "开始日期认不出来"),
        ("to=2026-02-30", "结束日期认不出来"),
        ("from=-99999-01-01", "开始日期认不出来"),
        ("to=%2B262142-12-31", "结束日期认不出来"),
        ("from=2026-11-24&to=2026-11-01", "开始日期晚于结束日期"),
    ] {
        let page = lin.get(&format!("/visits?night=1&{bad}")).await;
        page.refuses(sentence).shows("记一次走访").hides("提交");
    }
    for path in [
        "/visits/x",
        "/visits/x/edit",
        "/visits/new?after=x",
        "/visits/new?youth=1",
    ] {
        lin.get(path).await.is(404);
    }
}

#[tokio::test]
async fn the_second_page_begins_where_the_first_ended() {
    let town = Town::new().await;
    for minute in 0..28 {
        let sheet = Sheet::new(&town)
            .with("at", &format!("18:{minute:02}"))
            .with("confirm", "other");
        sheet.saved(&sheet.post(&town, "town_cadre").await);
    }
    for list in ["/visits", "/visits?mine=1"] {
        let first = town.signed_in("town_cadre").get(list).await;
        first
            .sees("共 28 次")
            .shows("18:27")
            .shows("18:03")
            .hides("18:02");
        let (_, next) = first
            .text
            .split_once(r#"rel="next""#)
            .map(|(before, _)| before.rsplit_once("href=\"").expect("a link"))
            .expect("a next page");
        let next = next.trim_end_matches([' ', '"']).replace("&#38;", "&");
        town.signed_in("town_cadre")
            .get(&next)
            .await
            .sees("18:02")
            .shows("18:00")
            .hides("18:03")
            .shows("共 28 次");
    }
}

#[tokio::test]
async fn what_was_typed_of_the_place_opens_with_the_text() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let away = cadre(&town, "town2_cadre").to_string();
    let sheet = Sheet::new(&town)
        .with("youth", &chen)
        .with("place_text", "陈一诺家")
        .with("cadre", &away);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let lin = town.signed_in("town_cadre");
    lin.get(&at).await.sees("陈一诺家");
    lin.get("/visits").await.sees("下溪村").hides("陈一诺家");
    let qin = town.signed_in("county_secretary");
    for page in [&at, "/visits", &format!("/youth/{chen}")] {
        qin.get(page).await.hides("陈一诺家");
    }
    town.signed_in("town2_cadre")
        .get(&at)
        .await
        .sees("下溪村")
        .hides("陈一诺家");
    for kept in [
        "select count(*) from day_book where detail::text like '%陈一诺%'",
        "select count(*) from visits where place like '%陈一诺%'",
        "select count(*) from visit_cadres where place like '%陈一诺%'",
    ] {
        assert_eq!(count(&town, kept).await, 0, "{kept}");
    }
}

#[tokio::test]
async fn reasons_are_read_under_the_rule_of_the_text() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let better = sheet
        .with("version", "1")
        .with("content", "聊了岗位")
        .with("reason", "陈一诺说的不是这样");
    let edit = format!("{at}/edit");
    better
        .post_to(&town, "town_cadre", &edit)
        .await
        .goes_to(&at);
    let lin = town.signed_in("town_cadre");
    lin.post(&format!("{at}/void"), &[("reason", "记成陈一诺家了")])
        .await
        .goes_to(&at);
    lin.get(&at)
        .await
        .sees("陈一诺说的不是这样")
        .shows("记成陈一诺家了");
    town.signed_in("county_secretary")
        .get(&at)
        .await
        .sees("已作废，不计入任何数字。")
        .hides("陈一诺");
}
