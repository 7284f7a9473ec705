//! Bad input: each a sentence and its status, never a 500, and what was typed is shown again.

use super::{count, registered};
use crate::harness::{Town, new_id};

#[tokio::test]
async fn every_field_refuses_what_it_cannot_hold() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let id = new_id();
    let long = "长".repeat(600);
    for (field, value, sentence) in [
        ("name", "", "写下姓名"),
        ("name", "宋3", "数字"),
        ("name", "宋\0知夏", "看不见的字符"),
        ("name", &long, "最多"),
        ("phone", "abc", "手机号不对"),
        ("phone", "1234567890123456789", "手机号不对"),
        ("birth", "2027-01", "不能晚于现在"),
        ("birth", "x", "2008-05"),
        ("sex", "9", "重新选"),
        ("politics", "99", "重新选"),
        ("education", "x", "重新选"),
        ("care", "x", "重新选"),
        ("consent", "x", "重新选"),
        ("groups", "x", "重新选"),
        ("village", "x", "重新选"),
        ("work_unit", &long, "最多 50 个"),
        ("occupation", "a\u{7}b", "看不见的字符"),
        ("note", &long, "最多 500 个"),
        ("note", "991221199505040029", "身份证"),
        ("guardian_phone", "1", "监护人手机号不对"),
    ] {
        let mut pairs = vec![
            ("id", id.as_str()),
            ("name", "宋知夏"),
            ("phone", "19900000101"),
            ("consent", "told"),
        ];
        pairs.retain(|(name, _)| *name != field);
        pairs.push((field, value));
        let seen = who.post("/youth", &pairs).await;
        seen.refuses(sentence).shows("有 1 处要改");
        assert!(
            seen.text.contains(&format!(r##"href="#{field}""##))
                && seen.text.contains(&format!(r#"id="{field}""#)),
            "the fault of {field} has no anchor"
        );
    }
    who.post("/youth", &[]).await.refuses("写下姓名");
    who.post(
        "/youth",
        &[("id", "x"), ("name", "宋知夏"), ("phone", "19900000101")],
    )
    .await
    .refuses("开得太久");
    assert_eq!(count(&town, "select count(*) from youths").await, 0);
}

#[tokio::test]
async fn strange_texts_are_kept_and_escaped() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let id = new_id();
    let script = "<script>alert(1)</script>'; drop table youths; --";
    let fields = [
        ("id", id.as_str()),
        ("name", "𬌗\u{E863}"),
        ("phone", "１９９００００１２３４"),
        ("consent", "told"),
        ("skill", script),
        ("note", "👨‍👩‍👧 <b>一家</b>\r\n第二行"),
    ];
    let at = who.post("/youth", &fields).await.goes_to("/youth/");
    who.get(&at)
        .await
        .sees("𬌗\u{E863}")
        .shows("19900001234")
        .shows("👨‍👩‍👧 &#60;b&#62;一家")
        .shows("&#60;script&#62;")
        .hides("<script>alert");
    who.get(&format!("{at}/edit"))
        .await
        .is(200)
        .hides("<script>alert");
    let found = who.post("/youth/search", &[("q", "𬌗")]).await;
    found.sees("𬌗");
}

#[tokio::test]
async fn bytes_that_are_no_text_and_bodies_that_are_too_large() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let id = new_id();
    let body = format!("id={id}&phone=19900000101&name=%FF%FE");
    who.post_bytes("/youth", body.into_bytes())
        .await
        .refuses("看不见的字符");
    who.post_bytes("/youth/search", b"q=%FF%00%C3".to_vec())
        .await
        .is(200);
    who.post_bytes("/youth", vec![b'a'; 3 << 20]).await.is(413);
    let one = "a".repeat(1 << 20);
    who.post("/youth", &[("id", &id), ("name", "宋知夏"), ("note", &one)])
        .await
        .refuses("最多 500 个");
}

#[tokio::test]
async fn a_post_from_elsewhere_does_nothing() {
    let town = Town::new().await;
    let known = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let who = town.signed_in("town_cadre");
    for path in [
        "/youth",
        "/youth/search",
        "/youth/paste",
        &format!("/youth/{known}/call"),
    ] {
        let request = who
            .request("POST", path)
            .header("origin", "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from("q=1"));
        let seen = who.send(request.expect("a request")).await;
        seen.is(403);
        let request = who.request("POST", path).body(axum::body::Body::empty());
        who.send(request.expect("a request")).await.is(403);
    }
    let calls = "select count(*) from day_book where verb = 'youth_called'";
    assert_eq!(count(&town, calls).await, 0);
}
