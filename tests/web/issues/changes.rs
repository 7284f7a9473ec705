//! Corrected within a day, voided with a reason, bad words.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{EDIT, act, heard, new};
use crate::harness::{Town, evening, new_id};

#[tokio::test]
async fn its_receiver_corrects_it_for_a_day() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的文员岗位", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (edit, save) = (format!("{at}/edit"), format!("{at}/correction"));
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&edit)
        .await
        .sees("想找离家近的文员岗位")
        .shows(r#"data-draft="issue-"#);
    cadre.post(&save, &EDIT).await.goes_to(&at);
    // The phone lets go what was saved, and only that.
    let draft = new_id();
    let mut kept = EDIT.to_vec();
    kept.push(("id", &draft));
    let to = cadre.post(&save, &kept).await.goes_to(&at);
    let page = cadre.get(&to).await;
    page.sees(&format!(r#"<meta name="saved" content="{draft}">"#));
    cadre
        .get(&at)
        .await
        .sees("会计岗位")
        .hides("文员")
        .shows("类别从“就业实习”改为“学习教育与技能提升”");
    // An older version: both texts, nothing saved, the next try is over the new version.
    let late = [
        ("detail", "想找远一点的岗位"),
        ("category", "01"),
        ("urgency", "2"),
        ("version", "1"),
    ];
    cadre
        .post(&save, &late)
        .await
        .is(409)
        .shows("会计岗位")
        .shows("远一点的岗位")
        .shows(r#"name="version" value="2""#);
    cadre.get(&at).await.sees("会计岗位").hides("远一点");
    // Others may not, and after a day nobody.
    for key in ["town_colleague", "town_secretary", "county_secretary"] {
        town.signed_in(key).post(&save, &EDIT).await.is(403);
    }
    let yesterday = Clock::fixed(evening() - TimeDelta::hours(25));
    let issue = new(&town, "昨天记下的一件", "town");
    let id = heard(&town.later(yesterday).await, "town_cadre", issue).await;
    let at = format!("/issues/{id}");
    cadre.get(&at).await.sees("昨天记下的一件").hides("/edit");
    cadre
        .get(&format!("{at}/edit"))
        .await
        .is(409)
        .shows("已满 24 小时");
    cadre.post(&format!("{at}/correction"), &EDIT).await.is(409);
}

#[tokio::test]
async fn a_void_one_keeps_its_number_and_counts_no_more() {
    let town = Town::new().await;
    let first = heard(&town, "town_cadre", new(&town, "村里公交停了", "town")).await;
    heard(&town, "town_cadre", new(&town, "夜校报不上名", "town")).await;
    let (at, cadre) = (format!("/issues/{first}"), town.signed_in("town_cadre"));
    let void = format!("{at}/moves/void");
    town.signed_in("town_colleague").get(&void).await.is(403);
    act(&town, "town_cadre", &at, "void", &[("words", " ")])
        .await
        .refuses("写下为什么作废");
    let long = "长".repeat(1001);
    act(&town, "town_cadre", &at, "void", &[("words", &long)])
        .await
        .refuses("最多 1000 个")
        .shows(&long);
    let id = crate::harness::new_id();
    let fields = [("id", id.as_str()), ("version", "1"), ("words", "记重了")];
    town.signed_in("town_colleague")
        .post(&void, &fields)
        .await
        .is(403);
    for _ in 0..2 {
        cadre.post(&void, &fields).await.goes_to(&at);
    }
    let other = crate::harness::new_id();
    let again = [("id", other.as_str()), ("version", "2"), ("words", "别的")];
    cadre.post(&void, &again).await.is(409);
    cadre
        .get(&at)
        .await
        .sees("原因：记重了")
        .shows("清青溪诉〔2026〕1号");
    cadre
        .get("/issues")
        .await
        .sees("夜校")
        .hides("公交")
        .shows("共 1 件");
    cadre
        .get("/issues?state=void")
        .await
        .sees("公交")
        .shows("共 1 件");
    cadre.post(&format!("{at}/correction"), &EDIT).await.is(409);
    // The number is not given again.
    let third = heard(&town, "town_cadre", new(&town, "想学开叉车", "town")).await;
    cadre
        .get(&format!("/issues/{third}"))
        .await
        .sees("清青溪诉〔2026〕3号");
}

#[tokio::test]
async fn bad_words_get_a_sentence_and_stay() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的文员岗位", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (save, cadre) = (format!("{at}/correction"), town.signed_in("town_cadre"));
    let with = |detail: &'static str| {
        [
            ("detail", detail),
            ("category", "01"),
            ("urgency", "3"),
            ("version", "1"),
        ]
    };
    cadre
        .post(&save, &[])
        .await
        .refuses("写下青年说的事")
        .shows("选一个类别");
    cadre.post(&save, &with("活")).await.refuses("至少 2 个");
    cadre
        .post(&save, &with("想找\0岗位"))
        .await
        .refuses("看不见的字符");
    let long = "字".repeat(2001);
    cadre
        .post(
            &save,
            &[
                ("detail", &long),
                ("category", "16"),
                ("urgency", "9"),
                ("version", "x"),
            ],
        )
        .await
        .refuses("最多 2000 个")
        .shows("选一个紧急程度")
        .shows(&long);
    cadre
        .post_bytes(
            &save,
            b"detail=%FF%FE%FF%FE%FF&category=01&urgency=3&version=1".to_vec(),
        )
        .await
        .is(422);
    let huge = format!("detail={}", "x".repeat(1_100_000));
    let status = cadre
        .post_bytes(&save, huge.into_bytes())
        .await
        .status
        .as_u16();
    assert!(matches!(status, 413 | 422), "{status}");
    // Scripts, SQL, emoji and rare characters are words.
    let odd = "<script>alert(1)</script>'; drop table issues; --😀𠮷";
    cadre.post(&save, &with(odd)).await.goes_to(&at);
    cadre
        .get(&at)
        .await
        .sees("drop table issues; --😀𠮷")
        .hides("<script>alert");
}
