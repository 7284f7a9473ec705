//! Bad input (issue §7): each with a sentence, never a 500, and what was typed is shown again.

use super::{Sheet, cadre, count, youth};
use crate::harness::{Town, new_id};

const FIELDS: [&str; 24] = [
    "id",
    "q",
    "youth",
    "walkins",
    "unmet",
    "day",
    "date",
    "at",
    "late",
    "minutes",
    "town",
    "village",
    "kind",
    "organisation",
    "place_text",
    "mode",
    "cq",
    "cadre",
    "companions",
    "mood",
    "content",
    "n1-name",
    "n1-phone",
    "n1-group",
];
const BLOCKS: [&str; 5] = ["p1-text", "p1-cat", "p1-by", "p1-urgency", "p1-who"];

fn full(town: &Town) -> Sheet {
    Sheet::new(town)
        .with("n1-name", "宋知夏")
        .with("n1-told", "on")
        .with("kind", "shop")
        .with("organisation", "春晓便利店")
        .problem(1, "想找文员岗位", "01")
}

#[tokio::test]
async fn rubbish_in_any_field_is_refused_or_kept_and_never_breaks() {
    let town = Town::new().await;
    let long = "字".repeat(3000);
    let rubbish = [
        "\u{0}",
        "a\u{0}b",
        "<script>alert(1)</script>",
        "'; drop table visits; --",
        "９９９９９９９９９９９",
        "-1",
        "1e9",
        long.as_str(),
        "\u{202e}",
        "👨‍👩‍👧𬌗𫖯",
    ];
    for field in FIELDS.iter().chain(&BLOCKS) {
        for value in rubbish {
            let sheet = full(&town).with(field, value).with("confirm", "other");
            let seen = sheet.post(&town, "town_cadre").await;
            let status = seen.status.as_u16();
            assert!(
                [303, 422].contains(&status),
                "{field} = {value:?}: {status} {}",
                seen.text
            );
            seen.hides("<script>alert(1)");
        }
    }
    for table in ["select count(*) from visits", "select count(*) from issues"] {
        assert!(count(&town, table).await > 0, "the tables stand");
    }
}

#[tokio::test]
async fn texts_have_their_limits_and_rare_characters_are_kept() {
    let town = Town::new().await;
    let long = Sheet::new(&town).with("content", &"字".repeat(2001));
    long.post(&town, "town_cadre")
        .await
        .refuses("聊了什么：写了 2001 个字，最多 2000 个")
        .shows(&"字".repeat(2001));
    let control = Sheet::new(&town).with("content", "a\u{0}b");
    control
        .post(&town, "town_cadre")
        .await
        .refuses("看不见的字符");
    let rare = Sheet::new(&town)
        .with("content", "👨‍👩‍👧 来了𬌗𫖯\r\n<b>粗</b>")
        .with("n1-name", "𠮷　小芳")
        .with("n1-told", "on");
    let at = rare.saved(&rare.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("👨‍👩‍👧 来了𬌗𫖯\n&#60;b&#62;粗")
        .shows("𠮷小芳");
}

#[tokio::test]
async fn bytes_that_are_no_text_and_bodies_that_are_too_large() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    let raw = format!(
        "id={}&day=2026-11-24&at=19:40&kind=home&place_text=a&walkins=1&content=%FF%FE",
        new_id()
    );
    let seen = lin.post_bytes("/visits", raw.into_bytes()).await;
    seen.refuses("聊了什么：");
    lin.post_bytes(
        "/visits",
        b"content="
            .iter()
            .copied()
            .chain(std::iter::repeat_n(b'a', 1_000_000))
            .collect(),
    )
    .await
    .is(422);
    lin.post_bytes("/visits", vec![b'a'; 3_000_000])
        .await
        .is(413);
    lin.post_bytes("/visits", b"&&==;%%%".to_vec())
        .await
        .is(422);
    let foreign = lin
        .request("POST", "/visits")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    lin.send(foreign.body("walkins=1".into()).expect("a request"))
        .await
        .is(403);
    let nowhere = lin
        .request("POST", "/visits")
        .header("content-type", "application/x-www-form-urlencoded");
    lin.send(nowhere.body("walkins=1".into()).expect("a request"))
        .await
        .is(403);
}

#[tokio::test]
async fn ids_of_others_are_as_good_as_none() {
    let town = Town::new().await;
    let theirs = youth(&town, "sibling_cadre", "石听澜").await.to_string();
    let foreign = youth(&town, "other_cadre", "古丽娜").await.to_string();
    for id in [theirs.as_str(), foreign.as_str(), &new_id()] {
        let sheet = Sheet::new(&town).with("youth", id);
        let seen = sheet.post(&town, "town_cadre").await;
        seen.refuses("选中的青年里有一位不在您能看到的范围")
            .hides("石听澜")
            .hides("古丽娜");
        let find = sheet.clone_with("find", "youths").with("q", "石听澜");
        find.post_to(&town, "town_cadre", "/visits/new")
            .await
            .sees("没找到")
            .hides(r"checked><span>石");
    }
    for key in ["town2", "sibling_town"] {
        let village = town.world.committee(key).place.committee.to_string();
        let sheet = Sheet::new(&town).with("village", &village);
        sheet
            .post(&town, "town_cadre")
            .await
            .refuses("这个村（社区）不在您的范围里");
    }
    let stranger = Sheet::new(&town).with("cadre", &cadre(&town, "other_cadre").to_string());
    stranger
        .post(&town, "town_cadre")
        .await
        .refuses("同行的团干部里有一位已不在任");
    assert_eq!(count(&town, "select count(*) from visits").await, 0);
}

#[tokio::test]
async fn consent_comes_before_more_than_a_name() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town)
        .with("n1-name", "宋知夏")
        .with("n1-group", "DY");
    sheet
        .post(&town, "town_cadre")
        .await
        .refuses("没说明用途时只记姓名和手机");
    let told = sheet.clone().with("n1-guardian", "on");
    told.saved(&told.post(&town, "town_cadre").await);
    assert_eq!(
        count(
            &town,
            "select count(*) from youths where consent = 'guardian'"
        )
        .await,
        1
    );
    let only_name = Sheet::new(&town)
        .with("n1-name", "宋知秋")
        .with("confirm", "other");
    only_name.saved(&only_name.post(&town, "town_cadre").await);
    assert_eq!(
        count(&town, "select count(*) from youths where consent = 'none'").await,
        1
    );
}

#[tokio::test]
async fn half_a_problem_is_asked_for_and_an_empty_block_is_none() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town)
        .with("p1-text", "想找文员岗位")
        .with("p1-by", "me")
        .with("p1-urgency", "3");
    sheet
        .post(&town, "town_cadre")
        .await
        .refuses("给诉求 1 选一个类别")
        .shows("想找文员岗位");
    let no_text = Sheet::new(&town).problem(2, "", "01");
    no_text
        .post(&town, "town_cadre")
        .await
        .refuses("写下青年说的事");
    let blank = Sheet::new(&town)
        .with("p1-text", " ")
        .with("p1-by", "me")
        .with("p1-urgency", "3");
    blank.saved(&blank.post(&town, "town_cadre").await);
    assert_eq!(count(&town, "select count(*) from issues").await, 0);
    let many = (1..=21).fold(Sheet::new(&town), |sheet, n| {
        sheet.problem(n, "想找文员岗位", "01")
    });
    many.post(&town, "town_cadre")
        .await
        .refuses("一次最多记 20 件诉求");
    let city = Sheet::new(&town)
        .without("village")
        .with("place_text", "市直机关")
        .problem(1, "想找文员岗位", "01")
        .with("p1-by", "above");
    city.post(&town, "city_admin").await.refuses("没有上级可报");
}
