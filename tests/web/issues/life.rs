//! A 诉求 from the night it was heard to its closing and back again, by those whose turn it is.

use chrono::TimeDelta;
use qingting::issues::{self, Act, IssueId, Move, MoveId, NewMove, Side};
use qingting::kit::clock::Clock;
use qingting::youth::Care;

use super::{act, does, given_to, heard, known, new};
use crate::harness::{Town, evening};

const CLOSING: [(&str, &str); 3] = [
    ("outcome", "solved"),
    ("answer-1", "开发区三家厂在招"),
    ("words", "推了两个岗位，已经上班"),
];

/// The young person by a link, or the clock.
async fn as_side(town: &Town, id: IssueId, act: Move, side: Side) {
    let new = NewMove {
        id: MoveId::new_v7(evening()),
        version: None,
        act: Act::Plain(act),
        words: None,
        is_shown: false,
    };
    let made = town
        .scope("city_secretary")
        .work(async |db| issues::store::make_as(db, id, &new, side).await)
        .await;
    assert_eq!(made.expect("a move"), issues::store::Made::Done);
}

#[tokio::test]
async fn from_the_town_up_to_the_county_solved_and_done() {
    let town = Town::new().await;
    let mut issue = given_to(&town, "想找离家近的文员岗位", "town", "town_cadre");
    issue.youth = Some(known(&town, "town_cadre", "宋知夏", Care::Usual).await);
    let id = heard(&town, "town_cadre", issue).await;
    let at = format!("/issues/{id}");
    // Taken on: its time begins, fifteen working days.
    does(
        &town,
        "town_cadre",
        &at,
        "accept",
        &[("points", "岗位在哪\n要什么证")],
    )
    .await;
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&at)
        .await
        .sees("已受理")
        .shows("15 个工作日")
        .shows("12 月 15 日")
        .shows("岗位在哪");
    // Up to the county, with what is expected of it.
    act(&town, "town_cadre", &at, "report", &[("unit", "")])
        .await
        .refuses("选一个单位")
        .shows("写下要上级协调什么");
    let county = town.world.committee("county").place.committee.to_string();
    let fields = [("unit", county.as_str()), ("words", "请县里联系人社局")];
    does(&town, "town_cadre", &at, "report", &fields).await;
    cadre
        .get(&at)
        .await
        .sees("已上报")
        .shows("前签收")
        .shows("请县里联系人社局");
    cadre.get("/issues?queue=sign").await.shows("共 1 件");
    // The county has it now, sees the mask, and signs.
    let handler = town.signed_in("county_cadre");
    handler
        .get(&at)
        .await
        .sees("宋**")
        .hides("宋知夏")
        .shows("请县里联系人社局");
    handler.get("/issues?queue=sign").await.shows("共 1 件");
    does(&town, "county_cadre", &at, "sign", &[]).await;
    cadre.get(&at).await.sees("办理中").shows("江临川");
    // The original cadre stays the contact: he may note, and does not close.
    does(
        &town,
        "town_cadre",
        &at,
        "progress",
        &[("words", "和青年通了电话")],
    )
    .await;
    cadre.get(&format!("{at}/moves/close")).await.is(403);
    // Each point has its answer.
    let half = [
        ("outcome", "solved"),
        ("answer-1", "开发区"),
        ("words", "说了"),
    ];
    act(&town, "county_cadre", &at, "close", &half)
        .await
        .refuses("每一点都要答复");
    let whole = [
        ("outcome", "solved"),
        ("answer-1", "开发区三家厂在招"),
        ("answer-2", "不要证"),
        ("words", "推了两个岗位"),
    ];
    does(&town, "county_cadre", &at, "close", &whole).await;
    cadre
        .get(&at)
        .await
        .sees("已办结待评价")
        .shows("不要证")
        .shows("用了 0 个工作日");
    cadre.get("/issues?queue=verdict").await.shows("共 1 件");
    as_side(&town, id, Move::VerdictDone, Side::Youth).await;
    cadre.get(&at).await.sees("评价办成了").shows("办成了");
    // At an end nobody does anything but look back.
    handler.get(&format!("{at}/moves/close")).await.is(409);
}

#[tokio::test]
async fn who_gets_it_may_send_it_back_and_who_sent_it_may_take_it_back() {
    let town = Town::new().await;
    let issue = new(&town, "茶园想装滴灌，找懂的人", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let town2 = town.world.committee("town2").place.committee.to_string();
    let hand = [
        ("unit", town2.as_str()),
        ("words", "请帮着找懂滴灌的人"),
        ("day", "2026-11-30"),
    ];
    does(&town, "town_cadre", &at, "assign", &hand).await;
    let other = town.signed_in("town2_cadre");
    other
        .get(&at)
        .await
        .sees("请帮着找懂滴灌的人")
        .shows("11-30 23:59");
    act(&town, "town2_cadre", &at, "send_back", &[])
        .await
        .refuses("写下为什么退回");
    does(
        &town,
        "town2_cadre",
        &at,
        "send_back",
        &[("words", "我们镇也没有")],
    )
    .await;
    // Who sent it back still sees what became of it; who gave it has it again.
    other.get(&at).await.sees("我们镇也没有");
    town.signed_in("town_cadre")
        .get("/issues?mine=on")
        .await
        .shows("共 1 件");
    does(&town, "town_cadre", &at, "assign", &hand).await;
    does(&town, "town_cadre", &at, "recall", &[]).await;
    other.get(&at).await.is(404);
    // Downwards is 交办, upwards 上报: the other list does not hold the unit.
    let county = town.world.committee("county").place.committee.to_string();
    act(
        &town,
        "town_cadre",
        &at,
        "assign",
        &[("unit", &county), ("words", "请办")],
    )
    .await
    .refuses("选一个单位");
    act(
        &town,
        "town_cadre",
        &at,
        "assign",
        &[("unit", &town2), ("words", "请办"), ("day", "2026-11-01")],
    )
    .await
    .refuses("期限要在今天或以后");
}

#[tokio::test]
async fn what_was_not_solved_is_opened_again_and_its_closing_does_not_stand() {
    let town = Town::new().await;
    let issue = given_to(&town, "想找离家近的文员岗位", "town", "town_cadre");
    let id = heard(&town, "town_cadre", issue).await;
    let at = format!("/issues/{id}");
    does(&town, "town_cadre", &at, "accept", &[]).await;
    does(&town, "town_cadre", &at, "take", &[]).await;
    does(&town, "town_cadre", &at, "close", &CLOSING).await;
    as_side(&town, id, Move::VerdictNot, Side::Youth).await;
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&at)
        .await
        .sees("退回重办")
        .shows("已重开")
        .shows("青年本人");
    cadre.get("/issues?queue=failed").await.shows("共 1 件");
    does(&town, "town_cadre", &at, "take", &[]).await;
    does(&town, "town_cadre", &at, "close", &CLOSING).await;
    cadre.get(&at).await.sees("第 2 次办结");
    // The committee may reopen it for ninety days, with a reason.
    let late = town
        .later(Clock::fixed(evening() + TimeDelta::days(91)))
        .await;
    act(
        &late,
        "town_secretary",
        &at,
        "reopen",
        &[("words", "又没去成")],
    )
    .await
    .refuses("办结太久了");
    does(
        &town,
        "town_secretary",
        &at,
        "reopen",
        &[("words", "又没去成")],
    )
    .await;
    cadre.get(&at).await.sees("退回重办").shows("2 次");
}

#[tokio::test]
async fn declined_with_a_reason_answered_on_the_spot_merged() {
    let town = Town::new().await;
    let mut all = Vec::new();
    for text in [
        "欠薪的事想仲裁",
        "问社保怎么转",
        "夜里路灯不亮",
        "村口路灯不亮",
    ] {
        let issue = given_to(&town, text, "town", "town_cadre");
        all.push(format!(
            "/issues/{}",
            heard(&town, "town_cadre", issue).await
        ));
    }
    let cadre = town.signed_in("town_cadre");
    let decline = [("reason", "court"), ("words", "请到劳动仲裁委")];
    act(
        &town,
        "town_cadre",
        &all[0],
        "decline",
        &[("words", "不办")],
    )
    .await
    .refuses("选一个原因");
    does(&town, "town_cadre", &all[0], "decline", &decline).await;
    cadre
        .get(&all[0])
        .await
        .sees("不予受理")
        .shows("应当通过诉讼、仲裁、复议解决");
    does(
        &town,
        "town_cadre",
        &all[0],
        "reopen",
        &[("words", "有新情况")],
    )
    .await;
    cadre.get(&all[0]).await.sees("待受理");
    does(&town, "town_cadre", &all[1], "accept", &[]).await;
    does(
        &town,
        "town_cadre",
        &all[1],
        "explain",
        &[("answer-1", "到转入地办")],
    )
    .await;
    cadre
        .get(&all[1])
        .await
        .sees("已解释说明")
        .shows("到转入地办");
    let into = |no: &'static str| [("number", no)];
    act(
        &town,
        "town_cadre",
        &all[3],
        "merge",
        &into("清青溪诉〔2026〕99号"),
    )
    .await
    .refuses("没有这样一件");
    act(
        &town,
        "town_cadre",
        &all[3],
        "merge",
        &into("清青溪诉〔2026〕4号"),
    )
    .await
    .refuses("不能并入自己");
    does(
        &town,
        "town_cadre",
        &all[3],
        "merge",
        &into("清青溪诉〔2026〕3号"),
    )
    .await;
    cadre.get(&all[3]).await.sees("已合并").shows(&all[2]);
    cadre.get(&all[2]).await.sees("并入本件的").shows(&all[3]);
    cadre.get("/issues").await.shows("共 3 件");
}
