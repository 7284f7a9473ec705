//! 粘贴名单: looked at, decided, added once; nothing overwritten.

use super::{count, registered};
use crate::harness::{Browser, Seen, Town};

/// The fields of a preview as a browser would send them back, with these in place.
fn back(seen: &Seen, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for input in seen.text.split("<input").skip(1) {
        let tag = input.split('>').next().expect("a tag");
        let of = |name: &str| {
            let rest = tag.split(&format!(r#" {name}=""#)).nth(1)?;
            let value = rest.split('"').next()?;
            Some(value.replace("&#60;", "<").replace("&#62;", ">"))
        };
        let (Some(name), Some(value)) = (of("name"), of("value")) else {
            continue;
        };
        let chosen = tag.contains(" checked");
        let choice = tag.contains(r#"type="radio""#) || tag.contains(r#"type="checkbox""#);
        if name.starts_with('r') && (!choice || chosen) && more.iter().all(|it| it.0 != name) {
            fields.push((name, value));
        }
    }
    fields.extend(more.iter().map(|it| (it.0.to_owned(), it.1.to_owned())));
    fields
}

async fn send(who: &Browser, fields: &[(String, String)]) -> Seen {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|it| (&*it.0, &*it.1)).collect();
    who.post("/youth/paste", &pairs).await
}

#[tokio::test]
async fn rows_are_seen_before_they_are_added_and_added_once() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    who.get("/youth/paste").await.sees("从 Excel 里复制");
    let text = "姓名\t手机\t村\n宋知夏\t１９９ 0000 0101\t下溪村\n罗大海\t\t下溪\n";
    let preview = who.post("/youth/paste", &[("text", text)]).await;
    preview.sees("可以加的 2 人").shows("宋知夏");
    preview.shows("<td>19900000101</td>").hides("１９９");
    assert_eq!(count(&town, "select count(*) from youths").await, 0);
    let mut fields = back(&preview, &[]);
    fields.push(("id".into(), preview.id()));
    for _ in 0..2 {
        let to = send(&who, &fields).await.goes_to("/youth/pasted");
        let page = who.get(&to).await;
        page.sees("加上了 2 人");
        page.shows(&format!(
            r#"<meta name="saved" content="{}">"#,
            preview.id()
        ));
    }
    assert_eq!(count(&town, "select count(*) from youths").await, 2);
    who.get("/youth?mine=on")
        .await
        .sees("宋知夏")
        .shows("199****0101")
        .shows("下溪村")
        .shows("共 2 人");
    let line =
        "select count(*) from day_book where verb = 'youth_pasted' and detail->>'added' = '2'";
    assert_eq!(count(&town, line).await, 1);
    let consent = "select count(*) from youths where consent = 'none' and source = 'paste'";
    assert_eq!(count(&town, consent).await, 2);
}

#[tokio::test]
async fn doubtful_rows_are_decided_one_by_one() {
    let town = Town::new().await;
    let known = registered(&town, "town_colleague", "宋知夏", |new| {
        new.phone = Some("19900000101".into());
        new.note = Some("原来的".into());
    })
    .await;
    let who = town.signed_in("town_cadre");
    let text = "宋知夏,19900000101\n宋知夏,19900000102\n宋知夏\t19900000101\n贺小楼,19900000103\n";
    let preview = who.post("/youth/paste", &[("text", text)]).await;
    preview
        .sees("可能已经有的 2 行")
        .shows("宋**")
        .shows("同一个号码")
        .shows("和第 1 行可能是同一个人")
        .shows("可以加的 2 人");
    send(&who, &back(&preview, &[]))
        .await
        .refuses("第 1 行：可能已经有了")
        .shows("第 3 行：可能已经有了");
    assert_eq!(count(&town, "select count(*) from youths").await, 1);
    let this = known.to_string();
    let decided = back(&preview, &[("r1-do", &this), ("r3-do", "skip")]);
    let to = send(&who, &decided).await.goes_to("/youth/pasted");
    who.get(&to)
        .await
        .sees("加上了 2 人")
        .shows("1 人本来就有")
        .shows("跳过 1 行");
    assert_eq!(count(&town, "select count(*) from youths").await, 3);
    town.signed_in("town_colleague")
        .get(&format!("/youth/{known}"))
        .await
        .sees("原来的");
    // That it is the same person makes nobody know them.
    who.get(&format!("/youth/{known}")).await.sees("宋**");
}

#[tokio::test]
async fn bad_rows_say_why_can_be_mended_and_hold_nobody_up() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let text = "宋知夏,123456\n,19900000102\n罗大海,19900000103,没有村\n贺小楼,19900000104\n<b>x</b>,19900000105";
    let preview = who.post("/youth/paste", &[("text", text)]).await;
    preview
        .sees("要改的 3 行")
        .shows("手机号不对")
        .shows("写下姓名")
        .shows("本级没有叫“没有村”的村（社区）")
        .hides("<b>x");
    send(&who, &back(&preview, &[]))
        .await
        .refuses("第 1 行：手机号不对");
    assert_eq!(count(&town, "select count(*) from youths").await, 0);
    let good = send(&who, &back(&preview, &[("only", "good")])).await;
    good.sees("加上了 2 人，还剩下面这些没加").hides("贺小楼");
    assert_eq!(count(&town, "select count(*) from youths").await, 2);
    let mended = back(
        &good,
        &[
            ("r1-phone", "19900000101"),
            ("r2-do", "skip"),
            ("r3-village", ""),
        ],
    );
    let to = send(&who, &mended).await.goes_to("/youth/pasted");
    who.get(&to).await.sees("加上了 2 人").shows("跳过 1 行");
    assert_eq!(count(&town, "select count(*) from youths").await, 4);
}

#[tokio::test]
async fn a_row_that_was_changed_after_it_was_added_is_refused() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let preview = who
        .post("/youth/paste", &[("text", "宋知夏,19900000101")])
        .await;
    send(&who, &back(&preview, &[]))
        .await
        .goes_to("/youth/pasted");
    let changed = back(&preview, &[("r1-name", "宋知秋")]);
    send(&who, &changed).await.is(409).shows("已经加上过");
    let stranger = town.signed_in("sibling_cadre");
    send(&stranger, &back(&preview, &[])).await.is(409);
    assert_eq!(count(&town, "select count(*) from youths").await, 1);
}

#[tokio::test]
async fn what_is_no_list_has_a_sentence() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    for text in ["", " \n ", "姓名,手机"] {
        who.post("/youth/paste", &[("text", text)])
            .await
            .refuses("贴到这里");
    }
    let many = "宋知夏,19900000101\n".repeat(1001);
    who.post("/youth/paste", &[("text", &many)])
        .await
        .refuses("这里有 1001 行")
        .shows("宋知夏,19900000101");
    let huge = "a".repeat(1 << 20);
    who.post("/youth/paste", &[("text", &huge)])
        .await
        .sees("最多 100 个");
    who.post_bytes("/youth/paste", b"text=%FF%FE,19900000101".to_vec())
        .await
        .is(200)
        .shows("要改的 1 行");
    who.get("/youth/pasted?added=x").await.is(400);
    who.get("/youth/pasted?added=9999&same=0&skipped=0")
        .await
        .is(400);
}

#[tokio::test]
async fn a_thousand_rows_are_added_at_once() {
    let town = Town::new().await;
    let who = town.signed_in("town_cadre");
    let rows = (0..1000).map(|n| {
        let name = char::from_u32(0x4E00 + n).expect("a sign");
        format!("宋{name}\t1990001{n:04}\n")
    });
    let text: String = rows.collect();
    let preview = who.post("/youth/paste", &[("text", &text)]).await;
    preview.sees("可以加的 1000 人");
    send(&who, &back(&preview, &[]))
        .await
        .goes_to("/youth/pasted?added=1000");
    assert_eq!(count(&town, "select count(*) from youths").await, 1000);
}
