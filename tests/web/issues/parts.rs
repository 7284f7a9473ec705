//! 协办: parts of other units, and of departments by a link; the whole waits for them.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;
use qingting::youth::Care;

use super::{act, does, given_to, heard, known, today};
use crate::harness::{Seen, Town, evening};
use crate::walls::{as_owner, texts};

const TASK: &str = "查一查见习补贴到哪一步";
const MATTER: &str = "见习三个月，补贴还没到";

/// A matter of the town's cadre, in hand.
async fn in_hand(town: &Town, text: &str) -> String {
    let issue = given_to(town, text, "town", "town_cadre");
    let at = format!("/issues/{}", heard(town, "town_cadre", issue).await);
    does(town, "town_cadre", &at, "accept", &[]).await;
    does(town, "town_cadre", &at, "take", &[]).await;
    at
}

fn hidden(seen: &Seen, name: &str) -> String {
    let start = format!(r#"name="{name}" value=""#);
    let rest = seen.text.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("a value").to_owned()
}

/// Opens the form and sends it with these fields.
async fn ask(town: &Town, key: &str, at: &str, fields: &[(&str, &str)]) -> Seen {
    let (path, who) = (format!("{at}/parts/new"), today(town, key).await);
    let form = who.get(&path).await;
    form.is(200);
    let (id, version) = (hidden(&form, "id"), hidden(&form, "version"));
    let mut all = vec![("id", id.as_str()), ("version", version.as_str())];
    all.extend([("task", TASK), ("matter", MATTER)]);
    all.extend_from_slice(fields);
    who.post(&path, &all).await
}

async fn to_unit(town: &Town, at: &str, unit: &str) -> String {
    let unit = town.world.committee(unit).place.committee.to_string();
    let fields = [("who", "unit"), ("unit", unit.as_str())];
    ask(town, "town_cadre", at, &fields)
        .await
        .goes_to("/parts/")
}

async fn to_department(town: &Town, at: &str) -> String {
    let fields = [
        ("who", "department"),
        ("department", "县人社局就业股"),
        ("contact", "方主任"),
        ("phone", "0990-5550199"),
    ];
    ask(town, "town_cadre", at, &fields)
        .await
        .goes_to("/parts/")
}

async fn answer(town: &Town, key: &str, part: &str, step: &str, words: &str) -> Seen {
    let who = today(town, key).await;
    let id = hidden(&who.get(part).await, "id");
    let fields = [("id", id.as_str()), ("step", step), ("words", words)];
    who.post(&format!("{part}/answer"), &fields).await
}

async fn link(town: &Town, part: &str) -> String {
    let who = today(town, "town_cadre").await;
    let seen = who.post(&format!("{part}/link"), &[]).await;
    let seen = seen.sees("只显示这一次").shows("<svg class=\"qr\"");
    let rest = seen.text.split("/d/").nth(1).expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    format!("/d/{token}")
}

/// A matter with a department's part and the secret of its link; and one in the city's hands.
#[derive(Clone, Default)]
pub struct Shared {
    pub issue: String,
    pub part: String,
    pub token: String,
    pub above: String,
}

/// For the sweeps; besides, the town has a part in a matter of the county.
pub async fn share_one(town: &Town) -> Shared {
    let at = in_hand(town, "想问问见习补贴").await;
    let part = to_department(town, &at).await;
    let path = link(town, &part).await;
    let county = given_to(town, "想问县里的见习岗位", "county", "county_cadre");
    let county = format!("/issues/{}", heard(town, "county_cadre", county).await);
    does(town, "county_cadre", &county, "accept", &[]).await;
    let unit = town.world.committee("town").place.committee.to_string();
    let fields = [("who", "unit"), ("unit", unit.as_str())];
    let asked = ask(town, "county_cadre", &county, &fields).await;
    asked.goes_to("/parts/");
    let above = super::handoffs::at_city(town).await;
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    Shared {
        issue: last(&at),
        part: last(&part),
        token: last(&path),
        above: last(&above),
    }
}

const CLOSING: [(&str, &str); 3] = [
    ("outcome", "solved"),
    ("answer-1", "补贴到账了"),
    ("words", "和人社局核过"),
];

#[tokio::test]
async fn a_unit_reads_its_part_alone_and_the_whole_waits_for_it() {
    let town = Town::new().await;
    let at = in_hand(&town, "补贴没到，家在老樟树后头").await;
    let part = to_unit(&town, &at, "sibling").await;
    let giver = today(&town, "town_cadre").await;
    giver.get(&at).await.sees("还没有答复：").sees(TASK);
    // Nothing closes while it is open.
    let form = giver.get(&format!("{at}/moves/close")).await;
    form.sees("还没有答复：");
    let closed = act(&town, "town_cadre", &at, "close", &CLOSING).await;
    closed.refuses("还有协办没有答复");
    // The partner sees what was written for it, and not the matter.
    let partner = today(&town, "sibling_secretary").await;
    partner.get("/").await.sees("协办 1");
    partner.get("/issues").await.shows("href=\"/parts\"");
    partner.get("/parts").await.sees(TASK).hides("老樟树");
    let seen = partner.get(&part).await;
    seen.sees(MATTER).hides("老樟树");
    partner.get(&at).await.is(404);
    // Nobody else does.
    for key in ["town2_cadre", "other_cadre", "sibling_cadre"] {
        let who = today(&town, key).await;
        who.get(&part).await.is(404);
        who.post(&format!("{part}/sign"), &[]).await.is(404);
    }
    // Who asked cannot answer, who answers cannot take back.
    let step = [
        ("id", crate::harness::new_id()),
        ("step", "answered".into()),
    ];
    let step: Vec<(&str, &str)> = step.iter().map(|(k, v)| (*k, v.as_str())).collect();
    giver.post(&format!("{part}/answer"), &step).await.is(403);
    giver.post(&format!("{part}/sign"), &[]).await.is(403);
    partner
        .post(&format!("{part}/withdraw"), &step)
        .await
        .is(403);
    partner.post(&format!("{part}/link"), &[]).await.is(403);
    partner
        .post(&format!("{part}/sign"), &[])
        .await
        .goes_to(&part);
    partner
        .post(&format!("{part}/sign"), &[])
        .await
        .goes_to(&part);
    giver.get(&at).await.sees("签收协办").sees("协办中");
    let empty = answer(&town, "sibling_secretary", &part, "answered", "").await;
    empty.refuses("写下答复");
    let done = answer(&town, "sibling_secretary", &part, "answered", "周五到账").await;
    done.goes_to(&part);
    giver
        .get(&at)
        .await
        .sees("周五到账")
        .sees("协办答复")
        .hides("还没有答复：");
    does(&town, "town_cadre", &at, "close", &CLOSING).await;
    let mut db = as_owner(&town.database).await;
    let moves = texts(
        &mut db,
        "select move || ' ' || side from issue_moves where move like 'part%' order by n",
    )
    .await;
    assert_eq!(
        moves,
        ["part handler", "part_answer partner", "part_answer partner"]
    );
}

#[tokio::test]
async fn a_part_is_returned_or_taken_back_and_who_comes_late_keeps_the_text() {
    let town = Town::new().await;
    let at = in_hand(&town, "补贴没到").await;
    let part = to_unit(&town, &at, "town2").await;
    let returned = answer(&town, "town2_cadre", &part, "returned", "").await;
    returned.refuses("写下为什么退回");
    let returned = answer(&town, "town2_cadre", &part, "returned", "不在本镇");
    returned.await.goes_to(&part);
    let giver = today(&town, "town_cadre").await;
    giver.get(&at).await.sees("已退回").sees("不在本镇");
    // Taken back while the other writes.
    let part = to_unit(&town, &at, "town2").await;
    let id = crate::harness::new_id();
    let back = [("id", id.as_str()), ("words", "重复请了")];
    giver
        .post(&format!("{part}/withdraw"), &[])
        .await
        .refuses("写下为什么撤回");
    giver
        .post(&format!("{part}/withdraw"), &back)
        .await
        .goes_to(&part);
    giver
        .post(&format!("{part}/withdraw"), &back)
        .await
        .goes_to(&part);
    let other = crate::harness::new_id();
    let late = [
        ("id", other.as_str()),
        ("step", "answered"),
        ("words", "写了半天的答复"),
    ];
    let partner = today(&town, "town2_cadre").await;
    let seen = partner.post(&format!("{part}/answer"), &late).await;
    seen.is(409).shows("已撤回").shows("写了半天的答复");
    giver.get(&at).await.sees("撤回协办").hides("还没有答复：");
    does(&town, "town_cadre", &at, "close", &CLOSING).await;
}

#[tokio::test]
async fn a_form_that_is_badly_filled_or_late_keeps_what_was_typed() {
    let town = Town::new().await;
    let youth = known(&town, "town_cadre", "司马照临", Care::Usual).await;
    let mut issue = given_to(
        &town,
        "司马照临的补贴没到，打19900005678",
        "town",
        "town_cadre",
    );
    issue.youth = Some(youth);
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let who = today(&town, "town_cadre").await;
    let path = format!("{at}/parts/new");
    who.get(&path).await.is(409);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let form = who.get(&path).await;
    form.sees("司马**的补贴没到，打***");
    let department = [("who", "department"), ("department", "县人社局")];
    let with = |matter: &'static str| {
        let mut all = department.to_vec();
        all.push(("matter", matter));
        all
    };
    // `ask` sends a matter first; the form reads the first.
    let (id, version) = (hidden(&form, "id"), hidden(&form, "version"));
    let base = [
        ("id", id.as_str()),
        ("version", version.as_str()),
        ("task", TASK),
    ];
    let post = |more: Vec<(&'static str, &'static str)>| {
        let mut all = base.to_vec();
        all.extend(more);
        let (who, path) = (who.clone(), path.clone());
        async move { who.post(&path, &all).await }
    };
    post(with("司马照临的补贴"))
        .await
        .refuses("里面有青年的姓名")
        .shows("司马照临的补贴");
    post(with("打19900005678"))
        .await
        .refuses("里面有电话或者证件号");
    post(vec![("matter", MATTER)])
        .await
        .refuses("选交给单位还是部门");
    post(vec![("matter", MATTER), ("who", "unit")])
        .await
        .refuses("选一个单位");
    let mut gone = with(MATTER);
    gone.push(("day", "2026-11-01"));
    post(gone).await.refuses("期限要在今天或以后").shows(MATTER);
    // Somebody acts meanwhile: 409, with the text; then it goes through, and twice is once.
    does(&town, "town_cadre", &at, "take", &[]).await;
    let stale = post(with(MATTER)).await;
    stale.is(409).shows("刚才有人动过").shows(MATTER);
    let version = hidden(&stale, "version");
    let mut all = vec![
        ("id", id.as_str()),
        ("version", version.as_str()),
        ("task", TASK),
    ];
    let mut shown = with(MATTER);
    shown.push(("shown", "on"));
    all.extend(shown);
    let part = who.post(&path, &all).await.goes_to("/parts/");
    assert_eq!(who.post(&path, &all).await.goes_to("/parts/"), part);
    who.get(&part).await.sees("司马照临");
    let mut db = as_owner(&town.database).await;
    let parts = texts(&mut db, "select count(*)::text from issue_parts").await;
    assert_eq!(parts, ["1"]);
    for key in ["town2_cadre", "county_admin", "town_colleague"] {
        let seen = today(&town, key).await.get(&path).await;
        assert!([403, 404].contains(&seen.status.as_u16()), "{key}");
    }
}

#[tokio::test]
async fn a_department_answers_once_by_a_link_and_the_last_answer_brings_it_on() {
    let town = Town::new().await;
    let at = in_hand(&town, "补贴没到，家在老樟树后头").await;
    let part = to_department(&town, &at).await;
    let giver = today(&town, "town_cadre").await;
    giver
        .get(&at)
        .await
        .sees("协调部门办理中")
        .sees("县人社局就业股");
    let other = to_unit(&town, &at, "county").await;
    let old = link(&town, &part).await;
    let path = link(&town, &part).await;
    let guest = town.stranger();
    guest.get(&old).await.is(410).shows("过期");
    let page = guest.get(&path).await;
    page.sees(MATTER).sees(TASK).hides("老樟树");
    assert!(page.headers.get("set-cookie").is_none());
    guest.post(&path, &[]).await.refuses("选答复还是退回");
    let id = hidden(&page, "id");
    let said = [
        ("id", id.as_str()),
        ("step", "answered"),
        ("words", "材料齐了，月底到账"),
    ];
    // Not on a browser on which a cadre is signed in.
    giver.post(&path, &said).await.is(403).shows("材料齐了");
    guest.get(&format!("/d/{}", "0".repeat(64))).await.is(404);
    guest
        .post(&path, &said)
        .await
        .goes_to(&format!("{path}?given=on"));
    guest.get(&format!("{path}?given=on")).await.sees("收到了");
    guest
        .post(&path, &said)
        .await
        .goes_to(&format!("{path}?given=on"));
    let again = [
        ("id", id.as_str()),
        ("step", "answered"),
        ("words", "又想起一点"),
    ];
    guest.post(&path, &again).await.is(410).shows("又想起一点");
    // One part is open still.
    giver.get(&at).await.sees("协调部门办理中").sees("月底到账");
    answer(&town, "county_cadre", &other, "answered", "县里知道了")
        .await
        .goes_to(&other);
    giver
        .get(&at)
        .await
        .sees("部门已答复")
        .hides("还没有答复：");
    let mut db = as_owner(&town.database).await;
    let state = texts(
        &mut db,
        "select state || ' ' || step from issues where no like '%1号'",
    )
    .await;
    assert_eq!(state, ["handling 7"]);
    let sql = "select move || ' ' || side || ' ' || coalesce(actor_committee_id::text, '') from issue_moves
        where move in ('gather', 'part_answer') and cadre_id is null";
    assert_eq!(texts(&mut db, sql).await, ["part_answer partner "]);
}

#[tokio::test]
async fn a_link_ends_and_a_part_travels_with_its_matter() {
    let town = Town::new().await;
    let at = in_hand(&town, "补贴没到").await;
    let part = to_department(&town, &at).await;
    let path = link(&town, &part).await;
    let county = town.world.committee("county").place.committee.to_string();
    let fields = [("unit", county.as_str()), ("words", "请县里协调")];
    does(&town, "town_cadre", &at, "report", &fields).await;
    // The town has let it go; the county takes the part back.
    let giver = today(&town, "town_cadre").await;
    let id = crate::harness::new_id();
    let back = [("id", id.as_str()), ("words", "不用了")];
    giver.post(&format!("{part}/withdraw"), &back).await.is(403);
    town.stranger().get(&path).await.sees(TASK);
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(31)))
        .await;
    later.stranger().get(&path).await.is(410).shows("过期");
    does(&town, "county_secretary", &at, "sign", &[]).await;
    let lead = today(&town, "county_secretary").await;
    lead.post(&format!("{part}/withdraw"), &back)
        .await
        .goes_to(&part);
    town.stranger().get(&path).await.is(410).shows("撤回");
}
