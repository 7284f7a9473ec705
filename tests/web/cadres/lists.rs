//! Lists of cadres, the directory, and what their forms refuse.

use super::{cadre_of, committee, newcomer, send, with};
use crate::harness::Town;

#[tokio::test]
async fn lists_are_filtered_and_turned() {
    let town = Town::new().await;
    let admin = town.signed_in("city_admin");
    admin
        .get("/cadres")
        .await
        .sees("林晓禾")
        .sees("共 11 名")
        .hides("孟初夏")
        .hides("艾山");
    // The tree's order: city, its districts, a district's towns; the secretary before the others.
    let page = admin.get("/cadres").await;
    page.sees("按团组织的行政顺序排");
    let names = [
        "周予安",
        "顾长宁",
        "程听雪",
        "秦望舒",
        "陆之遥",
        "许青禾",
        "林晓禾",
    ];
    let places: Vec<_> = names.iter().map(|name| page.text.find(name)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}"
    );
    let sibling = format!("/cadres?committee={}", committee(&town, "sibling"));
    admin
        .get(&sibling)
        .await
        .sees("程听雪")
        .sees("共 2 名")
        .hides("林晓禾");
    admin
        .get("/cadres?nature=part")
        .await
        .sees("没有这样的团干部");
    for bad in [
        "/cadres?nature=x",
        "/cadres?state=dead",
        "/cadres?committee=abc",
        "/cadres?after=feedback.1.2",
        "/cadres?after=cadres.x.0199f1a0-0000-7000-8000-000000000001",
    ] {
        admin.get(bad).await.is(400);
    }
    for n in 0..16 {
        let fields = with(newcomer(&town, "town"), "phone", &format!("1990001{n:04}"));
        send(&admin, "/cadres", &fields).await.is(200);
    }
    let first = admin.get("/cadres").await;
    first.sees("共 27 名").sees("下一页");
    let (_, next) = first
        .text
        .split_once("href=\"/cadres?after=")
        .expect("next");
    let next = next.split('"').next().expect("an address");
    admin
        .get(&format!("/cadres?after={next}"))
        .await
        .sees("这一页 2 名")
        .sees("回到第一页");
}

#[tokio::test]
async fn bad_input_gets_a_sentence_and_stays() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let good = newcomer(&town, "town");
    for (field, value, sentence) in [
        ("name", "", "写姓名"),
        ("name", "夏3", "姓名里有数字"),
        ("name", "夏\0秋", "看不见的字符"),
        ("phone", "12345", "写 11 位手机号"),
        ("birth_on", "2020-01-01", "核对出生日期"),
        ("post", "皇帝", "选一个职务"),
        ("nature", "", "选专职、挂职或兼职"),
        ("role", "system", "选一项：权限"),
        ("starts_on", "某天", "写任职日期"),
        ("id", "x", "再点一次提交"),
        ("politics", "99", "从列出的里面选一个"),
    ] {
        let page = send(&admin, "/cadres", &with(good.clone(), field, value)).await;
        page.refuses(sentence).shows("溪口镇政府");
    }
    send(&admin, "/cadres", &with(good.clone(), "committee", "x"))
        .await
        .refuses("不在您的范围里");
    let script = with(good.clone(), "work_unit", "<script>alert('x')</script>");
    let page = send(&admin, "/cadres", &with(script, "name", "")).await;
    page.is(422).hides("<script>alert");
    let long = with(good.clone(), "work_unit", &"字".repeat(100_000));
    send(&admin, "/cadres", &long).await.is(422);
    admin
        .post_bytes("/cadres", b"name=%FF&phone=%FF".to_vec())
        .await
        .is(422);
    let rare = with(
        with(good, "name", "𠮷田·阿依古丽"),
        "phone",
        "１９９００００００８８",
    );
    let page = send(&admin, "/cadres", &rare).await;
    page.sees("𠮷田·阿依古丽").sees("19900000088");
}

#[tokio::test]
async fn colleagues_are_found_by_name_pinyin_and_initials() {
    let town = Town::new().await;
    let scope = town.scope("town_cadre");
    let found = async |text: &str| {
        scope
            .look(async |db| qingting::cadres::store::colleagues(db, text).await)
            .await
            .expect("a look")
    };
    for text in ["程听雪", "听雪", "chengting", "ctx"] {
        let found = found(text).await;
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((&*found[0].1, &*found[0].2), ("程听雪", "梅岭乡团委"));
    }
    assert!(found("孟初夏").await.is_empty(), "another tenant");
    let own: Vec<String> = found("").await.into_iter().map(|it| it.1).collect();
    assert_eq!(own.len(), 3);
    assert!(own.contains(&"贺知微".to_owned()));
}

#[tokio::test]
async fn a_committee_that_cannot_be_chosen_is_a_fault_beside_it() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let elsewhere = [
        committee(&town, "sibling_town"),
        committee(&town, "other_county"),
        "4".into(),
        "abc".into(),
        "999999".into(),
    ];
    let own = cadre_of(&town, "town_cadre");
    for foreign in elsewhere {
        let fields = with(newcomer(&town, "town"), "committee", &foreign);
        for form in ["/cadres".to_owned(), format!("{own}/appointments")] {
            send(&admin, &form, &fields)
                .await
                .refuses(r##"<a href="#committee">这个团组织不在您的范围里"##)
                .shows(r#"value="2026-11-24""#);
        }
        let page = send(&admin, "/cadres", &fields).await;
        page.shows(r#"value="夏知秋""#).hides("梅岭");
    }
}

#[tokio::test]
async fn a_number_that_can_be_no_cadre_s_is_refused_without_saying_whose_it_is() {
    let town = Town::new().await;
    let operator = town.world.person("operator").phone;
    let fields = with(newcomer(&town, "town"), "phone", &operator);
    send(&town.signed_in("county_admin"), "/cadres", &fields)
        .await
        .refuses(r##"<a href="#phone">这个号码已经有别的账号在用"##)
        .shows(r#"value="夏知秋""#)
        .hides("系统管理员");
}
