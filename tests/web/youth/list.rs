//! The list and the search: masked by the rule, within the scope, no name in an address.

use chrono::TimeDelta;
use qingting::youth::Group;

use super::{count, difficult, key, minor, registered};
use crate::harness::{Browser, Seen, Town};

async fn find(who: &Browser, q: &str) -> Seen {
    who.post("/youth/search", &[("q", q)]).await
}

#[tokio::test]
async fn names_are_masked_by_the_rule_in_list_and_search() {
    let town = Town::new().await;
    registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    registered(&town, "town_colleague", "贺小楼", |_| {}).await;
    let who = town.signed_in("town_cadre");
    who.get("/youth")
        .await
        .sees("宋知夏")
        .shows("贺**")
        .shows("199****1234")
        .shows("共 2 人")
        .hides("19900001234")
        .hides("小楼");
    who.get("/youth?mine=on")
        .await
        .sees("宋知夏")
        .hides("贺**")
        .shows("共 1 人");
    find(&who, "小楼").await.sees("贺**").hides("贺小楼");
    find(&who, "知夏").await.sees("宋知夏");
    let above = town.signed_in("county_secretary");
    above
        .get("/youth")
        .await
        .sees("宋**")
        .shows("共 2 人")
        .hides("知夏")
        .hides("19900001234");
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them() {
    let town = Town::new().await;
    registered(&town, "town_cadre", "曾小芳", |_| {}).await;
    registered(&town, "town_cadre", "阿里·买买提", |new| {
        new.phone = Some("19900005678".into());
    })
    .await;
    let who = town.signed_in("town_cadre");
    for q in [
        "曾小芳",
        "小芳",
        "曾",
        "zengxiaofang",
        "cengxiaofang",
        "zeng xiao fang",
        "zxf",
        "Z X F",
        "xiaofang",
        "1234",
        "小芳 1234",
        "芳 曾",
        "fang zeng",
        "１２３４",
        "199 0000 1234",
        "曾**",
    ] {
        find(&who, q).await.sees("曾小芳").hides("买买提</b>");
    }
    for q in ["阿里·买", "买买提", "ali", "5678"] {
        find(&who, q).await.sees("阿里·买买提").hides("曾小芳");
    }
    for q in [
        "小芳 5678",
        "wang",
        "曾小花",
        "' or 1=1 --",
        "%",
        "\0",
        "😀",
        "<b>",
    ] {
        find(&who, q).await.is(200).hides("曾小芳</b>");
    }
    find(&who, " ").await.sees("写姓名、拼音");
    let long = "长".repeat(5000);
    find(&who, &long).await.sees("没有找到");
    let block = who
        .request("POST", "/youth/search")
        .header("sec-fetch-site", "same-origin")
        .header("hx-request", "true")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("q=zxf"));
    let block = who.send(block.expect("a request")).await;
    block.sees("曾小芳").hides("<html");
}

#[tokio::test]
async fn the_guarded_are_only_counted_above_their_committee() {
    let town = Town::new().await;
    for (name, guard) in [
        ("罗子衿", minor as fn(&mut _)),
        ("罗子青", difficult),
        ("罗子佩", key),
    ] {
        registered(&town, "town_cadre", name, guard).await;
    }
    registered(&town, "town_cadre", "罗大海", |_| {}).await;
    town.signed_in("town_cadre")
        .get("/youth")
        .await
        .sees("罗子衿")
        .shows("罗子青")
        .shows("罗子佩")
        .hides("只计数");
    town.signed_in("town_colleague")
        .get("/youth")
        .await
        .sees("罗某某")
        .shows("只限少数人看")
        .shows("共 4 人")
        .hides("子衿")
        .hides("困境")
        .hides("只计数");
    for above in ["county_secretary", "city_admin", "province_secretary"] {
        let who = town.signed_in(above);
        who.get("/youth")
            .await
            .sees("罗**")
            .shows("另有 3 人")
            .shows("共 4 人")
            .hides("罗某某")
            .hides("子");
        find(&who, "luo").await.sees("罗**").hides("罗某某");
        find(&who, "罗子衿").await.sees("没有找到");
    }
}

#[tokio::test]
async fn filters_find_what_they_say_and_care_is_for_the_own_secretary() {
    let town = Town::new().await;
    registered(&town, "town_cadre", "宋知夏", |new| {
        new.groups = vec![Group::Rural, Group::Founder];
    })
    .await;
    registered(&town, "town_cadre", "罗子衿", minor).await;
    registered(&town, "town_cadre", "罗子青", difficult).await;
    registered(&town, "county_cadre", "江子青", difficult).await;
    let who = town.signed_in("town_cadre");
    who.get("/youth?group=CY")
        .await
        .sees("宋知夏")
        .shows("共 1 人");
    who.get("/youth?group=NC&mine=on")
        .await
        .sees("宋知夏")
        .hides("罗子衿");
    who.get("/youth?care=minor").await.is(403);
    who.get("/youth").await.is(200).hides("本级的困境");
    let secretary = town.signed_in("town_secretary");
    secretary
        .get("/youth?care=minor")
        .await
        .sees("共 1 人")
        .shows("罗某某");
    secretary.get("/youth?care=difficult").await.sees("共 1 人");
    secretary.get("/youth?care=key").await.sees("共 0 人");
    let above = town.signed_in("county_secretary");
    above
        .get("/youth?care=difficult")
        .await
        .sees("共 1 人")
        .shows("江某某");
    let town_id = town.world.committee("town").place.committee;
    above
        .get(&format!("/youth?committee={town_id}"))
        .await
        .sees("共 3 人")
        .shows("另有 2 人");
    let sibling = town.world.committee("sibling").place.committee;
    above
        .get(&format!("/youth?committee={sibling}"))
        .await
        .is(404);
}

#[tokio::test]
async fn whoever_was_not_met_for_long_is_found_by_the_days() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    registered(&town, "town_cadre", "罗大海", |_| {}).await;
    let scope = town.scope("town_cadre");
    let (me, day) = (
        scope.cadre().expect("a cadre"),
        scope.today() - TimeDelta::days(58),
    );
    let visit = uuid::Uuid::from_u128(0x0199_f1a0_0000_7000_8000_0000_0000_0002);
    scope
        .work(async |db| {
            use qingting::youth::store::{met, place_of};
            let lies = place_of(db, &[id]).await?;
            met(db, &lies, &[me], visit, day, "上溪村").await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("a meeting");
    let who = town.signed_in("town_cadre");
    who.get("/youth?unseen=30")
        .await
        .sees("宋知夏")
        .shows("58 天没见")
        .hides("罗大海");
    who.get("/youth?unseen=60").await.sees("共 0 人");
    who.get(&format!("/youth/{id}")).await.sees("58 天没见了");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_double() {
    let town = Town::new().await;
    for n in 0..27 {
        registered(
            &town,
            "town_cadre",
            &format!("宋{}", char::from_u32(0x4E00 + n).expect("a sign")),
            |_| {},
        )
        .await;
    }
    let who = town.signed_in("town_cadre");
    let first = who.get("/youth?mine=on").await;
    first.sees("这一页 25 人，共 27 人");
    let next = first
        .text
        .split("href=\"")
        .find_map(|rest| {
            rest.split('"')
                .next()
                .filter(|href| href.contains("after="))
        })
        .expect("a next page")
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let second = who.get(&next).await;
    let names = |text: &str| -> Vec<String> {
        let rows = text.split(r#"<th scope="row"><a href="/youth/"#).skip(1);
        rows.map(|row| row[..36].to_owned()).collect()
    };
    let mut all = names(&first.text);
    all.extend(names(&second.text));
    assert_eq!(all.len(), 27);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 27);
    assert_eq!(count(&town, "select count(*) from youths").await, 27);
}

#[tokio::test]
async fn an_address_that_no_page_makes_is_refused() {
    let town = Town::new().await;
    let who = town.signed_in("town_secretary");
    for query in [
        "group=XX",
        "group=KJ",
        "village=1",
        "care=ill",
        "unseen=31",
        "unseen=x",
        "mine=yes",
        "committee=x",
        "after=visits.1.2",
        "after=youth.x",
    ] {
        who.get(&format!("/youth?{query}")).await.is(400);
    }
    who.get("/youth/not-an-id").await.is(404);
    who.get("/youth/0199f1a0-0000-7000-8000-000000000009")
        .await
        .is(404);
    who.get("/youth/search").await.is(405);
}
