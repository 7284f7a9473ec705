//! Who reads the text and the name, who says why first, who only counts it.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;
use qingting::youth::Care;
use sqlx::{Connection, PgConnection};

use super::{EDIT, given_to, heard, known, new};
use crate::harness::{Town, evening};

#[tokio::test]
async fn a_problem_is_read_by_owner_and_handler_and_by_nobody_else() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的文员岗位", "county");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    for key in ["town_cadre", "town_colleague", "county_secretary"] {
        let who = town.signed_in(key);
        who.get(&at)
            .await
            .sees("想找离家近的文员岗位")
            .shows("待定跟进人");
        who.get("/issues")
            .await
            .sees("想找离家近的文员岗位")
            .shows("共 1 件");
    }
    for key in [
        "town2_cadre",
        "sibling_secretary",
        "sibling_cadre",
        "other_admin",
    ] {
        let who = town.signed_in(key);
        who.get(&at).await.is(404);
        who.get("/issues").await.hides("文员").shows("共 0 件");
        who.post(&format!("{at}/reveal"), &[("purpose", "handle")])
            .await
            .is(404);
        who.post(&format!("{at}/moves/void"), &[("words", "x")])
            .await
            .is(404);
        who.post(&format!("{at}/correction"), &EDIT).await.is(404);
        who.get(&format!("{at}/edit")).await.is(404);
    }
    town.signed_in("operator").get("/issues").await.is(403);
    town.stranger().get(&at).await.goes_to("/login?next=");
}

#[tokio::test]
async fn a_sibling_sees_what_is_handed_to_him_and_his_county_too() {
    let town = Town::new().await;
    let issue = given_to(&town, "茶园想装滴灌，找懂的人", "town2", "town2_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let handler = town.signed_in("town2_cadre");
    handler
        .get(&at)
        .await
        .sees("茶园想装滴灌")
        .shows("苏见月")
        .shows("已有人跟进");
    handler
        .get("/issues?mine=on")
        .await
        .sees("茶园想装滴灌")
        .shows("共 1 件");
    handler.get(&format!("{at}/edit")).await.is(403);
    handler.get(&format!("{at}/moves/void")).await.is(403);
    town.signed_in("town_cadre")
        .get("/issues?mine=on")
        .await
        .shows("共 0 件");
    // To the handler's county it has come too; to the other county not.
    town.signed_in("county_cadre")
        .get("/issues")
        .await
        .shows("共 1 件")
        .hides("滴灌");
    town.signed_in("sibling_cadre")
        .get("/issues")
        .await
        .shows("共 0 件");
}

#[tokio::test]
async fn a_superior_says_why_and_reads_for_ten_minutes() {
    let town = Town::new().await;
    let issue = new(&town, "想学一门短视频剪辑", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let city = town.signed_in("city_secretary");
    city.get("/issues")
        .await
        .sees("清青溪诉〔2026〕1号")
        .hides("剪辑");
    city.get(&at).await.hides("剪辑").shows("为什么要看");
    let reveal = format!("{at}/reveal");
    city.post(&reveal, &[])
        .await
        .refuses("选一个事由")
        .hides("剪辑");
    city.post(&reveal, &[("purpose", "other"), ("words", " ")])
        .await
        .refuses("写下是什么事");
    city.post(&reveal, &[("purpose", "check"), ("words", "<b>月报</b>")])
        .await
        .goes_to(&at);
    city.get(&at).await.sees("剪辑").shows("显示到 21:30");
    // Another superior has to say it himself; the own committee sees who looked and why.
    town.signed_in("county_secretary")
        .get(&at)
        .await
        .hides("剪辑");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("周予安")
        .shows("核对上报的数字：&#60;b&#62;月报");
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::minutes(11)))
        .await;
    later
        .signed_in("city_secretary")
        .get(&at)
        .await
        .hides("剪辑");
}

#[tokio::test]
async fn on_ones_own_phone_the_password_comes_first() {
    let town = Town::new().await;
    let issue = new(&town, "想学一门短视频剪辑", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let mut superuser = PgConnection::connect(&town.database.superuser)
        .await
        .expect("a connection");
    sqlx::query("update sessions set own_phone = true, confirmed_at = $1 where account_id = $2")
        .bind(evening() - TimeDelta::minutes(31))
        .bind(town.world.person("city_secretary").account.0)
        .execute(&mut superuser)
        .await
        .expect("an old phone");
    let city = town.signed_in("city_secretary");
    let confirm = format!("/me/confirm?next={at}");
    city.get(&at).await.sees(&confirm).hides("为什么要看");
    let reveal = format!("{at}/reveal");
    let asked = city.post(&reveal, &[("purpose", "check")]).await;
    assert_eq!(asked.goes_to("/me/confirm"), confirm);
    city.get(&at).await.hides("剪辑");
}

#[tokio::test]
async fn what_is_sensitive_is_open_to_few_and_counted_by_the_rest() {
    let town = Town::new().await;
    let mut issue = given_to(&town, "弟弟上初中没人管", "town", "town_colleague");
    issue.is_sensitive = true;
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    town.signed_in("town_cadre").get(&at).await.sees("没人管");
    town.signed_in("town_secretary")
        .get(&at)
        .await
        .sees("没人管");
    // Who handles it says why.
    let handler = town.signed_in("town_colleague");
    handler.get(&at).await.hides("没人管").shows("为什么要看");
    handler
        .post(&format!("{at}/reveal"), &[("purpose", "handle")])
        .await
        .goes_to(&at);
    handler.get(&at).await.sees("没人管");
    for key in [
        "county_secretary",
        "county_admin",
        "city_secretary",
        "province_secretary",
    ] {
        let who = town.signed_in(key);
        who.get(&at).await.hides("没人管").shows("这里只计数");
        who.get("/issues").await.hides("没人管").shows("共 1 件");
        who.post(&format!("{at}/reveal"), &[("purpose", "check")])
            .await
            .is(403);
        who.get(&at).await.hides("没人管");
    }
}

#[tokio::test]
async fn the_name_is_whole_to_who_met_them_and_masked_to_who_only_handles() {
    let town = Town::new().await;
    let mut issue = given_to(&town, "想找离家近的活", "county", "county_cadre");
    issue.youth = Some(known(&town, "town_cadre", "宋知夏", Care::Usual).await);
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    for path in [at.as_str(), "/issues"] {
        let who = town.signed_in("town_cadre");
        who.get(path).await.sees("宋知夏").shows("想找离家近的活");
        for key in ["town_colleague", "county_cadre", "county_secretary"] {
            let who = town.signed_in(key);
            who.get(path).await.sees("宋**").hides("宋知夏");
        }
    }
    town.signed_in("county_cadre")
        .get("/")
        .await
        .sees("宋**")
        .hides("宋知夏");
    // A handler beside them learns the problem and not the person.
    let mut issue = given_to(&town, "想学炒茶的手艺", "town2", "town2_cadre");
    issue.youth = Some(known(&town, "town_cadre", "江望秋", Care::Usual).await);
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    town.signed_in("town2_cadre")
        .get(&at)
        .await
        .sees("想学炒茶的手艺")
        .shows("本人信息只有走访单位能看")
        .hides("江");
}

#[tokio::test]
async fn a_young_person_in_need_makes_it_sensitive() {
    let town = Town::new().await;
    let mut issue = new(&town, "想转去县里的学校", "county");
    issue.youth = Some(known(&town, "town_cadre", "叶小舟", Care::Key).await);
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let cadre = town.signed_in("town_cadre");
    cadre.get(&at).await.sees("叶小舟").shows("想转去县里");
    town.signed_in("town_secretary")
        .get(&at)
        .await
        .sees("叶某某")
        .shows("想转去县里");
    for key in ["town_colleague", "county_cadre", "city_secretary"] {
        let mask = if key == "town_colleague" {
            "叶某某"
        } else {
            "叶**"
        };
        town.signed_in(key)
            .get(&at)
            .await
            .sees(mask)
            .shows("这里只计数")
            .hides("叶小舟")
            .hides("想转去县里");
    }
}

#[tokio::test]
async fn words_of_illness_make_it_sensitive_by_themselves() {
    let town = Town::new().await;
    let issue = new(&town, "父亲确诊尿毒症，问大病救助", "county");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    town.signed_in("town_cadre").get(&at).await.sees("尿毒症");
    town.signed_in("town_colleague")
        .get(&at)
        .await
        .hides("尿毒症");
    town.signed_in("county_cadre")
        .get(&at)
        .await
        .hides("尿毒症");
    town.signed_in("county_secretary")
        .get(&at)
        .await
        .hides("尿毒症")
        .shows("为什么要看");
}
