//! Registering: only what is needed, after consent, and never a double unseen.

use super::{count, lines, minor, registered};
use crate::harness::{Seen, Town, new_id};

type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// A form that is right, with these fields in place of its own.
async fn post(town: &Town, who: &str, id: &str, more: &[(&str, &str)]) -> Seen {
    let own: Pairs = vec![("id", id), ("name", "宋知夏"), ("phone", "19900000101")];
    let mut pairs: Pairs = own
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name))
        .collect();
    pairs.extend(more);
    town.signed_in(who).post("/youth", &pairs).await
}

#[tokio::test]
async fn somebody_is_registered_whole() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    who.get("/youth/new").await.sees("登记青年").shows("下溪村");
    let village = town.world.committee("village").place.committee.to_string();
    let id = new_id();
    let to = post(
        &town,
        "town_cadre",
        &id,
        &[
            ("village", &village),
            ("birth", "2000年5月"),
            ("sex", "2"),
            ("groups", "NC"),
            ("groups", "CY"),
            ("politics", "03"),
            ("education", "20"),
            ("work_unit", "河东菜场"),
            ("occupation", "店主"),
            ("skill", "剪辑"),
            ("talent", "on"),
            ("care", "none"),
            ("consent", "told"),
            ("note", "想开网店"),
        ],
    )
    .await;
    let at = to.goes_to("/youth/");
    assert_eq!(at, format!("/youth/{id}"));
    let page = who.get(&at).await;
    for seen in [
        "宋知夏",
        "下溪村",
        "2000-05，26 岁",
        "女",
        "农村青年、创业青年",
        "共青团员",
        "大学本科",
        "河东菜场",
        "店主",
        "剪辑",
        "本土能人",
        "已当面告知用途，本人同意 11-24",
        "想开网店",
        &format!(r#"<meta name="saved" content="{id}">"#),
    ] {
        page.sees(seen);
    }
    let id = id.parse().expect("an id");
    assert_eq!(lines(&town, "youth_added", id).await, 1);
}

#[tokio::test]
async fn the_same_form_twice_makes_one_and_another_content_is_refused() {
    let town = Town::new().await;
    let id = new_id();
    for _ in 0..2 {
        post(&town, "town_cadre", &id, &[]).await.goes_to("/youth/");
    }
    assert_eq!(count(&town, "select count(*) from youths").await, 1);
    let other = [("name", "罗大海"), ("phone", "19900000109")];
    post(&town, "sibling_cadre", &id, &other).await.is(409);
    let page = post(&town, "town_cadre", &id, &other).await;
    page.is(409).shows("没有覆盖").hides("有人改过");
    page.shows(r#"value="罗大海""#);
    let fresh = page.id();
    assert_ne!(fresh, id);
    for _ in 0..2 {
        let sent = post(&town, "town_cadre", &fresh, &other).await;
        sent.goes_to(&format!("/youth/{fresh}"));
    }
    assert_eq!(count(&town, "select count(*) from youths").await, 2);
    town.signed_in("town_cadre")
        .get(&format!("/youth/{id}"))
        .await
        .sees("宋知夏");
}

#[tokio::test]
async fn a_double_is_shown_beside_what_was_typed_and_decided_by_hand() {
    let town = Town::new().await;
    let known = registered(&town, "town_colleague", "宋知夏", |new| {
        new.phone = Some("19900000101".into());
    })
    .await;
    let id = new_id();
    post(&town, "town_cadre", &id, &[])
        .await
        .refuses("可能已经登记过了")
        .shows("是不是同一个人")
        .shows("同一个号码")
        .shows("宋**")
        .shows(r#"value="宋知夏""#);
    assert_eq!(count(&town, "select count(*) from youths").await, 1);
    let this = known.to_string();
    let to = post(&town, "town_cadre", &id, &[("twin", &this)]).await;
    assert_eq!(to.goes_to("/youth/"), format!("/youth/{known}"));
    assert_eq!(count(&town, "select count(*) from youths").await, 1);
    let stray = new_id();
    post(&town, "town_cadre", &id, &[("twin", &stray)])
        .await
        .refuses("可能已经登记过了");
    post(&town, "town_cadre", &id, &[("twin", "new")])
        .await
        .goes_to(&format!("/youth/{id}"));
    assert_eq!(count(&town, "select count(*) from youths").await, 2);
}

#[tokio::test]
async fn namesakes_of_other_villages_months_and_numbers_are_others() {
    let town = Town::new().await;
    registered(&town, "town_cadre", "宋知夏", |new| {
        new.phone = None;
        new.birth_on = "2000-05-31".parse().ok();
    })
    .await;
    let told = ("consent", "told");
    let other_month = [("birth", "2001-05"), told];
    post(&town, "town_cadre", &new_id(), &other_month)
        .await
        .goes_to("/youth/");
    let same_month = [("birth", "2000-05"), told, ("phone", "19900000102")];
    post(&town, "town_cadre", &new_id(), &same_month)
        .await
        .refuses("是不是同一个人");
    // A sibling's people are nobody's business here.
    post(&town, "sibling_cadre", &new_id(), &same_month)
        .await
        .goes_to("/youth/");
}

#[tokio::test]
async fn a_guarded_double_is_not_told_to_superiors() {
    let town = Town::new().await;
    registered(&town, "town_cadre", "宋知夏", |new| {
        minor(new);
        new.phone = Some("19900000101".into());
    })
    .await;
    post(&town, "town_colleague", &new_id(), &[])
        .await
        .refuses("宋某某")
        .hides("2012");
    post(&town, "county_cadre", &new_id(), &[])
        .await
        .goes_to("/youth/");
}

#[tokio::test]
async fn of_a_child_nothing_more_without_the_guardian() {
    let town = Town::new().await;
    let id = new_id();
    let child = [("birth", "2013-05"), ("groups", "XS1"), ("consent", "told")];
    post(&town, "town_cadre", &id, &child)
        .await
        .refuses("未满 14 岁，监护人同意以前只记姓名、手机、村（社区）、出生年月和诉求")
        .shows(r#"value="XS1" id="groups" checked"#);
    let guardian = [
        ("birth", "2013-05"),
        ("groups", "XS1"),
        ("consent", "guardian"),
        ("guardian_name", "宋远"),
        ("guardian_phone", "19900000102"),
    ];
    post(&town, "town_cadre", &id, &guardian)
        .await
        .goes_to("/youth/");
    let at = format!("/youth/{id}");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("监护人同意 11-24")
        .shows("宋远 19900000102")
        .shows("未成年 13 岁");
    town.signed_in("town_secretary")
        .get(&at)
        .await
        .sees("宋某某 199****0102")
        .hides("宋远");
}

#[tokio::test]
async fn villages_are_offered_by_town_where_there_are_many() {
    let town = Town::new().await;
    let who = town.signed_in("county_cadre");
    who.get("/youth/new").await.sees("溪口镇").hides("下溪村");
    let place = town.world.committee("town").place.committee.to_string();
    let fields = [("find", "villages"), ("town", &place), ("name", "宋知夏")];
    who.post("/youth", &fields)
        .await
        .sees("下溪村")
        .shows(r#"value="宋知夏""#);
    let sibling = town
        .world
        .committee("sibling_town")
        .place
        .committee
        .to_string();
    let fields = [("find", "villages"), ("town", sibling.as_str())];
    who.post("/youth", &fields).await.is(200).hides("梅岭村");
    let foreign = town.world.committee("village").place.committee.to_string();
    post(&town, "sibling_cadre", &new_id(), &[("village", &foreign)])
        .await
        .refuses("不在您的范围里");
}

#[tokio::test]
async fn a_village_of_others_is_refused_also_where_somebody_has_been() {
    let town = Town::new().await;
    let foreign = town.world.committee("village").place.committee.to_string();
    post(&town, "town_cadre", &new_id(), &[("village", &foreign)])
        .await
        .goes_to("/youth/");
    let own = registered(&town, "sibling_cadre", "江予白", |_| {}).await;
    for (village, town_id) in [(foreign.as_str(), ""), ("999999", "999999"), ("1", "x")] {
        let more = [("village", village), ("town", town_id), ("version", "1")];
        for at in ["/youth".to_owned(), format!("/youth/{own}")] {
            let id = new_id();
            let mut fields = vec![
                ("id", id.as_str()),
                ("name", "宋知夏"),
                ("phone", "19900000103"),
            ];
            fields.extend(more);
            town.signed_in("sibling_cadre")
                .post(&at, &fields)
                .await
                .refuses(r##"<a href="#village">这个村（社区）不在您的范围里"##)
                .shows(r#"value="19900000103""#)
                .hides("下溪村");
        }
    }
    let unknown = [("name", ""), ("town", "999999")];
    post(&town, "city_secretary", &new_id(), &unknown)
        .await
        .refuses("写下姓名");
}
