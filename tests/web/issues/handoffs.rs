//! Up to the province's own tenant, and back.

use std::sync::Arc;

use qingting::issues::handoffs;
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;

use super::{does, given_to, heard, today};
use crate::harness::{Seen, Town, evening, new_id};
use crate::walls::{as_owner, texts};

const TASK: &str = "请省里协调异地社保转移";

fn hidden(seen: &Seen, name: &str) -> String {
    let start = format!(r#"name="{name}" value=""#);
    let rest = seen.text.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("a value").to_owned()
}

/// The clock of one tenant strikes.
async fn strike(town: &Town, root: &str) -> usize {
    let site = Arc::new(town.site.at(Clock::fixed(evening())));
    let scope = Scope::of_ticker(site, town.world.committee(root));
    handoffs::pass(&scope).await.expect("a pass")
}

/// Heard in the town, in the city's hands.
pub async fn at_city(town: &Town) -> String {
    let issue = given_to(town, "社保转不过来，住老樟树后头", "town", "town_cadre");
    let at = format!("/issues/{}", heard(town, "town_cadre", issue).await);
    let city = town.world.committee("city").place.committee.to_string();
    does(town, "town_cadre", &at, "accept", &[]).await;
    let fields = [("unit", city.as_str()), ("words", "请市里协调")];
    does(town, "town_cadre", &at, "report", &fields).await;
    does(town, "city_secretary", &at, "sign", &[]).await;
    at
}

async fn send(town: &Town, at: &str) {
    let (path, who) = (format!("{at}/handoff"), today(town, "city_secretary").await);
    let form = who.get(&path).await;
    form.is(200).sees("听到的团干部仍是青年的联系人");
    let (id, version) = (hidden(&form, "id"), hidden(&form, "version"));
    let base = [("id", id.as_str()), ("version", version.as_str())];
    let mut all = base.to_vec();
    all.extend([("task", TASK), ("matter", ""), ("day", "2026-12-20")]);
    who.post(&path, &all)
        .await
        .refuses("写下给对方看的情况")
        .shows(TASK);
    let mut all = base.to_vec();
    all.extend([
        ("task", TASK),
        ("matter", "社保转移卡在系统里"),
        ("day", "2026-12-20"),
    ]);
    who.post(&path, &all).await.goes_to(at);
    who.post(&path, &all).await.goes_to(at);
}

#[tokio::test]
async fn a_matter_goes_up_to_the_province_and_its_answer_flows_back_once() {
    let town = Town::new().await;
    let at = at_city(&town).await;
    // Only who has it in the city.
    for key in ["town_cadre", "county_secretary", "other_cadre"] {
        let seen = today(&town, key).await.get(&format!("{at}/handoff")).await;
        assert!([403, 404].contains(&seen.status.as_u16()), "{key}");
    }
    send(&town, &at).await;
    let city = today(&town, "city_secretary").await;
    city.get(&at)
        .await
        .sees("还没有收到")
        .sees("协调部门办理中")
        .hides(">报省团委</a>");
    // The province's clock makes it there, once, though two strike together.
    assert_eq!(strike(&town, "city").await, 0);
    let (one, two) = tokio::join!(strike(&town, "province"), strike(&town, "province"));
    assert_eq!(one + two, 1);
    assert_eq!(strike(&town, "province").await, 0);
    let mut db = as_owner(&town.database).await;
    let linked = texts(
        &mut db,
        "select id::text from issues where source = 'handoff'",
    )
    .await;
    let [linked] = linked.try_into().expect("one");
    let there = format!("/issues/{linked}");
    let province = today(&town, "province_secretary").await;
    let seen = province.get(&there).await;
    seen.sees("社保转移卡在系统里")
        .sees(TASK)
        .hides("老樟树")
        .sees("报来");
    city.get(&there).await.is(404);
    does(&town, "province_secretary", &there, "accept", &[]).await;
    does(&town, "province_secretary", &there, "take", &[]).await;
    strike(&town, "province").await;
    // The city sees who holds it until when.
    city.get(&at)
        .await
        .sees("费远山")
        .sees("办理中")
        .sees("期限到 12-20 23:59");
    let closing = [
        ("outcome", "solved"),
        ("answer-1", "系统已修好，下周可转"),
        ("words", "人社厅答复"),
    ];
    does(&town, "province_secretary", &there, "close", &closing).await;
    province.get(&there).await.hides("请青年评价</a>");
    province.get(&format!("{there}/link")).await.is(403);
    let (one, two) = tokio::join!(strike(&town, "province"), strike(&town, "province"));
    assert_eq!(one + two, 1);
    let (one, two) = tokio::join!(strike(&town, "city"), strike(&town, "city"));
    assert_eq!(one + two, 1);
    assert_eq!(strike(&town, "city").await, 0);
    city.get(&at)
        .await
        .sees("系统已修好")
        .sees("省团委答复")
        .sees("已答复");
    province
        .get(&there)
        .await
        .sees("由它请青年评价")
        .hides("请青年评价</a>");
    let sql = "select state from issues where source <> 'handoff'";
    assert_eq!(texts(&mut db, sql).await, ["handling"]);
    let closing = [
        ("outcome", "solved"),
        ("answer-1", "下周可转"),
        ("words", "省里答复"),
    ];
    does(&town, "city_secretary", &at, "close", &closing).await;
    // The cadre who heard it passes the link on.
    today(&town, "town_cadre")
        .await
        .get(&at)
        .await
        .sees("请青年评价");
    // It counts once, where it was heard.
    for figure in ["d01", "d02", "d03", "d04a", "d05", "d06"] {
        let sql = format!("select tenant_id::text from figure_{figure}");
        let city = town.world.committee("city").place.tenant.to_string();
        assert_eq!(texts(&mut db, &sql).await, [city], "{figure}");
    }
}

#[tokio::test]
async fn one_that_the_province_voids_comes_back_and_one_waits_for_the_other_parts() {
    let town = Town::new().await;
    let at = at_city(&town).await;
    send(&town, &at).await;
    let who = today(&town, "city_secretary").await;
    let form = who.get(&format!("{at}/parts/new")).await;
    let (id, version) = (hidden(&form, "id"), hidden(&form, "version"));
    let fields = [
        ("id", id.as_str()),
        ("version", version.as_str()),
        ("who", "department"),
        ("department", "市人社局"),
        ("task", "查一查"),
        ("matter", "社保"),
    ];
    let part = who
        .post(&format!("{at}/parts/new"), &fields)
        .await
        .goes_to("/parts/");
    strike(&town, "province").await;
    let mut db = as_owner(&town.database).await;
    let linked = texts(
        &mut db,
        "select id::text from issues where source = 'handoff'",
    )
    .await;
    let there = format!("/issues/{}", linked[0]);
    does(
        &town,
        "province_secretary",
        &there,
        "void",
        &[("words", "不归省里管")],
    )
    .await;
    strike(&town, "province").await;
    assert_eq!(strike(&town, "city").await, 1);
    who.get(&at)
        .await
        .sees("不归省里管")
        .sees("退回协办")
        .sees("协调部门办理中");
    let id = new_id();
    let back = [("id", id.as_str()), ("words", "不用了")];
    who.post(&format!("{part}/withdraw"), &back)
        .await
        .goes_to(&part);
    let moves = texts(
        &mut db,
        "select move || ' ' || side from issue_moves where tenant_id <> 0 order by n desc limit 2",
    )
    .await;
    assert_eq!(moves[0], "part handler");
    // Put before it anew.
    who.get(&at).await.sees("报省团委");
}
