//! The form from the first tap to 记下了.

use super::{Sheet, cadre, count, youth};
use crate::harness::Town;

#[tokio::test]
async fn a_known_youth_a_new_one_and_two_problems_in_one_submission() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town)
        .without("walkins")
        .with("youth", &chen)
        .with("n1-name", "宋知夏")
        .with("n1-phone", "１９９００００１２３４")
        .with("n1-group", "DY")
        .with("n1-told", "on")
        .problem(1, "茶园想装滴灌，不懂补贴怎么申请", "02")
        .with("p1-by", "above")
        .with("p1-who", &chen)
        .problem(2, "想找离家近的文员岗位", "01")
        .with("p2-who", "宋知夏");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let lin = town.signed_in("town_cadre");
    lin.get(&format!("{at}/saved"))
        .await
        .sees("记下了")
        .shows("走访 2 人、诉求 2 件，21:20 已上传")
        .shows("今晚 <b>2 人</b>，其中今年第一次见 2 人")
        .shows("已报团青溪县委")
        .shows("您来办")
        .shows("宋知夏的资料还不全")
        .shows("陈某某")
        .shows("宋某某")
        .shows("收集诉求 2 件（就业实习 1 件、创业扶持 1 件）")
        .shows(&format!(r#"<meta name="saved" content="{}">"#, sheet.id()));
    lin.get(&at)
        .await
        .sees("聊了网店和鸡舍")
        .shows("陈一诺")
        .shows("宋知夏")
        .shows("2026-青溪溪口-00001")
        .shows("茶园想装滴灌")
        .shows("夜访")
        .shows("记下这次走访");
    lin.get("/visits")
        .await
        .sees("共 1 次")
        .shows("陈一诺")
        .shows("宋知夏")
        .shows("诉求 2 件");
    let lines = "select count(*) from day_book where verb in
        ('visit_added', 'youth_added', 'youth_met', 'issue_added', 'organisation_added')";
    assert_eq!(
        count(&town, lines).await,
        1 + 2 + 2 + 2 + 1,
        "one line for each record"
    );
    let marks = "select count(*) from stale_months where month = '2026-11-01'";
    assert_eq!(count(&town, marks).await, 1);
}

#[tokio::test]
async fn only_who_when_and_where_are_asked_for() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).without("content");
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    let town = Town::new().await;
    let nobody = Sheet::new(&town)
        .without("walkins")
        .without("village")
        .with("at", "");
    nobody
        .post(&town, "town_cadre")
        .await
        .refuses("有 3 处要改")
        .shows("选一位走访的青年，或添加新认识的青年")
        .shows("写下到达时间")
        .shows("选一个村（社区），或写下具体地点")
        .shows("聊了网店和鸡舍");
}

#[tokio::test]
async fn a_repeated_post_is_the_same_visit_and_other_words_are_refused() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).problem(1, "想找文员岗位", "01");
    for _ in 0..3 {
        sheet.saved(&sheet.post(&town, "town_cadre").await);
    }
    assert_eq!(count(&town, "select count(*) from visits").await, 1);
    assert_eq!(count(&town, "select count(*) from issues").await, 1);
    let other = sheet.with("content", "别的话");
    let page = other.post(&town, "town_cadre").await;
    page.is(409).shows("没有覆盖").shows("别的话</textarea>");
    let fresh = page.id();
    let again = other.clone().with("id", &fresh).with("confirm", "other");
    for _ in 0..2 {
        let saved = format!("/visits/{fresh}/saved");
        again.post(&town, "town_cadre").await.goes_to(&saved);
    }
    assert_eq!(count(&town, "select count(*) from visits").await, 2);
    other.post(&town, "town_colleague").await.is(409);
    assert_eq!(
        count(
            &town,
            "select count(*) from visits where content = '别的话'"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn a_number_in_the_text_is_said_softly_after_it_was_saved() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    lin.get("/visits/new").await.sees("不写别人的姓名、电话");
    for (at, text, is_said) in [
        ("18:00", "她姐姐电话 １３８00138000", true),
        ("19:40", "2026 年 11 月聊过 3 次", false),
    ] {
        let sheet = Sheet::new(&town).with("content", text).with("at", at);
        let sheet = sheet.with("confirm", "other");
        let to = sheet.post(&town, "town_cadre").await.goes_to("/visits/");
        let page = lin.get(&to).await;
        assert_eq!(page.text.contains("像是电话或证件号"), is_said, "{text}");
    }
}

#[tokio::test]
async fn a_form_without_a_usable_id_gets_one_and_says_so_at_its_top() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).with("id", "x");
    let page = sheet.post(&town, "town_cadre").await;
    page.refuses("<li>这一页开得太久了").hides(r#"id="q-e""#);
    let fresh = page.id();
    let again = sheet.with("id", &fresh).post(&town, "town_cadre").await;
    again.goes_to(&format!("/visits/{fresh}/saved"));
}

#[tokio::test]
async fn eight_at_once_make_one_and_no_number_is_lost() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town)
        .with("n1-name", "宋知夏")
        .with("n1-told", "on")
        .problem(1, "想找文员岗位", "01");
    let all = futures_util::future::join_all((0..8).map(|_| sheet.post(&town, "town_cadre"))).await;
    for seen in &all {
        sheet.saved(seen);
    }
    for table in [
        "select count(*) from visits",
        "select count(*) from youths",
        "select count(*) from issues",
        "select count(*) from visit_youths",
    ] {
        assert_eq!(count(&town, table).await, 1, "{table}");
    }
    let next = Sheet::new(&town).with("at", "17:30");
    next.saved(&next.post(&town, "town_cadre").await);
    let second = "select count(*) from visits where no = '2026-青溪溪口-00002'";
    assert_eq!(count(&town, second).await, 1, "the number after one is two");
}

#[tokio::test]
async fn companions_of_another_committee_see_that_it_was_and_not_its_text() {
    let town = Town::new().await;
    let (he, su) = (
        cadre(&town, "town_colleague").to_string(),
        cadre(&town, "town2_cadre").to_string(),
    );
    let sheet = Sheet::new(&town)
        .and("cadre", &he)
        .and("cadre", &su)
        .with("companions", "县农商行");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    town.signed_in("town_colleague")
        .get(&at)
        .await
        .sees("聊了网店")
        .shows("贺知微");
    town.signed_in("town2_cadre")
        .get(&at)
        .await
        .sees("下溪村")
        .shows("另一个单位记录")
        .hides("聊了网店")
        .hides("县农商行");
    town.signed_in("town2_cadre")
        .get("/visits?mine=1")
        .await
        .sees("下溪村")
        .shows("共 1 次");
    town.signed_in("town2_cadre")
        .get("/visits")
        .await
        .sees("没有这样的走访")
        .hides("下溪村");
    let marks = "select count(distinct committee_id) from stale_months";
    assert_eq!(
        count(&town, marks).await,
        2,
        "his committee's month is counted anew too"
    );
    let again = format!("/visits/new?after={}", sheet.id());
    town.signed_in("town_cadre")
        .get(&again)
        .await
        .sees("贺知微")
        .shows("苏见月")
        .shows("县农商行");
}

#[tokio::test]
async fn nobody_met_is_kept_with_its_reason_and_counts_as_no_session() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).without("walkins").with("unmet", "away");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get(&format!("{at}/saved"))
        .await
        .sees("没遇到人（在外务工、上学）");
    town.signed_in("town_cadre")
        .get("/visits")
        .await
        .sees("没遇到人");
    assert_eq!(
        count(&town, "select count(*) from visit_cadres where counts").await,
        0
    );
    let both = Sheet::new(&town).with("unmet", "away");
    both.post(&town, "town_cadre")
        .await
        .refuses("遇到了人，就不选没遇到的原因");
}

#[tokio::test]
async fn a_fresh_form_begins_where_the_cadre_was_last() {
    let town = Town::new().await;
    let lin = town.signed_in("town_cadre");
    let (chen, ye) = (
        youth(&town, "town_cadre", "陈一诺").await,
        youth(&town, "town_cadre", "叶舟").await,
    );
    lin.get("/visits/new")
        .await
        .sees("记一次走访")
        .shows(r#"value="21:20""#)
        .shows(r#"value="2026-11-24" id="day" checked"#)
        .hides("今晚顺路");
    let before = Sheet::new(&town)
        .with("day", "2026-11-20")
        .with("youth", &chen.to_string())
        .with("kind", "shop")
        .with("organisation", "春晓便利店");
    before.saved(&before.post(&town, "town_cadre").await);
    let village = town.world.committee("village").place.committee;
    lin.get("/visits/new")
        .await
        .sees("今晚顺路")
        .shows("陈一诺")
        .hides("叶舟")
        .shows(&format!(r#"<option value="{village}" selected>"#))
        .shows(r#"value="shop" checked"#);
    lin.get(&format!("/visits/new?youth={ye}"))
        .await
        .sees("叶舟");
    lin.get(&format!("/visits/new?youth={}", crate::harness::new_id()))
        .await
        .is(404);
    town.signed_in("town2_cadre")
        .get(&format!("/visits/new?youth={ye}"))
        .await
        .is(404);
}

#[tokio::test]
async fn without_script_searching_and_adding_lose_nothing() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town).without("walkins").with("q", "cyn");
    let found = sheet
        .clone_with("find", "youths")
        .post_to(&town, "town_cadre", "/visits/new")
        .await;
    found
        .sees("陈一诺")
        .shows("聊了网店")
        .shows(&format!(r#"value="{chen}""#))
        .shows("data-keep-id");
    found.shows(&sheet.id());
    let more = sheet
        .clone_with("more", "problem")
        .problem(1, "想找岗位", "01");
    let more = more.post_to(&town, "town_cadre", "/visits/new").await;
    more.sees("诉求 2").shows("想找岗位");
    // The next button leads to the block that it makes, not to the top.
    more.shows(r#"formaction="/visits/new#p3-text""#)
        .shows(r#"formaction="/visits/new#n1-name""#);
    let less = sheet.clone_with("drop", "p1").problem(1, "想找岗位", "01");
    less.post_to(&town, "town_cadre", "/visits/new")
        .await
        .sees("聊了网店")
        .hides("想找岗位");
    let he = sheet.clone_with("find", "colleagues").with("cq", "苏见月");
    he.post_to(&town, "town_cadre", "/visits/new")
        .await
        .sees("苏见月 · ");
    // Typed and sent without choosing: the people found stand there to be chosen.
    sheet
        .post(&town, "town_cadre")
        .await
        .refuses("选一下是哪一位")
        .shows("陈一诺");
}

#[tokio::test]
async fn htmx_gets_the_part_it_asked_for() {
    let town = Town::new().await;
    youth(&town, "town_cadre", "陈一诺").await;
    let lin = town.signed_in("town_cadre");
    let request = lin
        .request("POST", "/visits/new")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("hx-request", "true")
        .header("hx-request-type", "partial")
        .body("find=youths&q=%E9%99%88".into());
    let part = lin.send(request.expect("a request")).await;
    part.sees("陈一诺").hides("<html").hides("聊了什么");
}

#[tokio::test]
async fn the_empty_form_for_the_phone_names_nobody() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town).with("youth", &chen);
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    let blank = town.signed_in("town_cadre").get("/visits/blank").await;
    blank
        .sees("记一次走访")
        .shows(r#"data-user="""#)
        .shows("下溪村");
    let account = town.world.person("town_cadre").account.to_string();
    blank
        .hides("陈一诺")
        .hides("林晓禾")
        .hides("贺知微")
        .hides(&account);
    town.signed_in("town_cadre")
        .get("/visits/paper")
        .await
        .sees("走访人签名");
}

#[tokio::test]
async fn the_round_button_stands_before_the_problems() {
    let town = Town::new().await;
    let page = town.signed_in("town_cadre").get("/visits").await;
    let tabs = page
        .text
        .split_once(r#"<nav class="tabs""#)
        .expect("tabs")
        .1;
    let at = |href: &str| tabs.find(&format!(r#"href="{href}""#)).expect("a tab");
    assert!(at("/") < at("/visits/new") && at("/visits/new") < at("/issues"));
}
