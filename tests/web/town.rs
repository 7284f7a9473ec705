//! What a hostile tester of a town tripped over, each told once more.

use crate::harness::Town;
use crate::visits::{Sheet, count, youth, youth_with};
use qingting::youth::Care;

#[tokio::test]
async fn the_words_for_the_work_group_do_not_tell_who_is_guarded() {
    let town = Town::new().await;
    let usual = youth(&town, "town_cadre", "梁清照").await.to_string();
    let guarded = youth_with(&town, "town_cadre", "高远山", |new| {
        new.care = Care::Difficult;
    })
    .await
    .to_string();
    let sheet = Sheet::new(&town)
        .without("walkins")
        .and("youth", &usual)
        .and("youth", &guarded);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get(&format!("{at}/saved"))
        .await
        .sees("梁某某")
        .shows("高某某")
        .hides("梁**");
}

#[tokio::test]
async fn who_looks_for_somebody_below_is_written_down_and_gets_no_digits() {
    let town = Town::new().await;
    youth_with(&town, "town_cadre", "王小芳", |new| {
        new.phone = Some("19900000101".into());
    })
    .await;
    let lines = "select count(*) from day_book where verb = 'youth_sought'";
    let asked = [("q", "王小芳")];
    let own = town.signed_in("town_colleague");
    own.post("/youth/search", &asked)
        .await
        .sees("王**")
        .shows("尾号 0101");
    assert_eq!(count(&town, lines).await, 0);
    let above = town.signed_in("county_admin");
    above
        .post("/youth/search", &asked)
        .await
        .sees("王**")
        .hides("0101");
    assert_eq!(count(&town, lines).await, 1);
    let asked = [("q", "王小芳"), ("find", "youths")];
    let form = above.post("/visits/new", &asked).await;
    form.sees("王**").hides("· 0101");
    assert_eq!(count(&town, lines).await, 2);
}

#[tokio::test]
async fn after_midnight_it_is_said_which_evening_counts() {
    let town = Town::new().await;
    let dated = Sheet::new(&town)
        .with("day", "other")
        .with("date", "2026-11-23")
        .with("at", "00:10");
    let at = dated.saved(&dated.post(&town, "town_cadre").await);
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&format!("{at}/saved"))
        .await
        .sees("11 月 23 日 00:10 到的，算 11 月 22 日晚。");
    cadre.get("/visits/new").await.sees("算前一天晚上");
}

#[tokio::test]
async fn nobody_is_missed_who_is_chosen_already() {
    let town = Town::new().await;
    let chosen = youth(&town, "town_cadre", "韩丽娟").await.to_string();
    let sheet = Sheet::new(&town)
        .with("q", "韩丽")
        .with("youth", &chosen)
        .with("at", "");
    let refused = sheet.post(&town, "town_cadre").await;
    refused.refuses("写下到达时间").hides("没找到");
}

#[tokio::test]
async fn who_is_near_is_still_offered_when_the_form_comes_back() {
    let town = Town::new().await;
    let known = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let before = Sheet::new(&town)
        .without("walkins")
        .with("youth", &known)
        .with("day", "2026-11-23");
    before.saved(&before.post(&town, "town_cadre").await);
    town.signed_in("town_cadre")
        .get("/visits/new")
        .await
        .sees("今晚顺路")
        .shows("陈一诺");
    let sheet = Sheet::new(&town).with("at", "");
    let refused = sheet.post(&town, "town_cadre").await;
    refused
        .refuses("写下到达时间")
        .shows("今晚顺路")
        .shows("陈一诺");
}

#[tokio::test]
async fn a_form_without_a_session_leads_back_to_it() {
    let town = Town::new().await;
    let stranger = town.stranger();
    for (path, next) in [("/visits", "%2Fvisits%2Fnew"), ("/feedback", "%2Ffeedback")] {
        let to = stranger.post(path, &[]).await.goes_to("/login");
        assert_eq!(to, format!("/login?unsent=1&next={next}"));
        stranger.get(&to).await.sees("刚才那张表没有提交");
    }
    let to = stranger.post("/me/password", &[]).await.goes_to("/login");
    assert_eq!(to, "/login", "no password is anywhere kept");
}

#[tokio::test]
async fn what_was_voided_says_so_and_leads_to_itself() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let cadre = town.signed_in("town_cadre");
    let void = format!("{at}/void");
    let long = "字".repeat(201);
    cadre
        .post(&void, &[("reason", &long)])
        .await
        .refuses("作废原因：写了 201 个字，最多 200 个");
    cadre.post(&void, &[("reason", "记错了")]).await;
    for step in ["edit", "void"] {
        cadre
            .get(&format!("{at}/{step}"))
            .await
            .is(409)
            .shows("<h1>这次走访已经作废，不能再改</h1>")
            .hides("刚才有人改过")
            .shows(&format!(r#"href="{at}""#));
    }
}

#[tokio::test]
async fn short_words_are_a_problem_and_a_new_cadre_knows_nobody() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    cadre
        .get("/")
        .await
        .sees("还没有认识的青年。")
        .hides("30 天里都有人");
    let sheet = Sheet::new(&town)
        .problem(1, "工作", "01")
        .with("minutes", "61");
    sheet
        .post(&town, "town_cadre")
        .await
        .refuses("聊了多久重新选一下")
        .hides("至少");
}
