//! A 诉求 from the night it was heard to its closing and back again, by those whose turn it is.

use chrono::{DateTime, TimeDelta, Utc};
use qingting::issues::{self, Act, IssueId, Move, MoveId, NewMove, Side};
use qingting::kit::clock::Clock;
use qingting::youth::Care;

use super::{act, does, given_to, heard, known, new, today};
use crate::harness::{Town, evening, new_id};

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

fn in_days(days: i64) -> DateTime<Utc> {
    evening() + TimeDelta::days(days)
}

#[tokio::test]
async fn its_time_stands_still_while_the_young_person_is_asked() {
    let town = Town::new().await;
    let issue = given_to(&town, "想学一门短视频剪辑", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    does(&town, "town_cadre", &at, "accept", &[]).await;
    does(
        &town,
        "town_cadre",
        &at,
        "ask",
        &[("words", "哪天有空来上课")],
    )
    .await;
    let cadre = town.signed_in("town_cadre");
    cadre
        .get(&at)
        .await
        .sees("退回补充")
        .shows("暂停计时")
        .shows("之后回到“已受理”");
    cadre.get("/issues?queue=waiting").await.shows("共 1 件");
    // A week later: five working days longer.
    let later = town.later(Clock::fixed(in_days(7))).await;
    does(
        &later,
        "town_cadre",
        &at,
        "supplement",
        &[("words", "周末都行")],
    )
    .await;
    today(&later, "town_cadre")
        .await
        .get(&at)
        .await
        .sees("已受理")
        .shows("12 月 22 日");
    // Suspended, at most thirty days, and back by the clock.
    let suspend = |day: &'static str| [("day", day), ("words", "等培训班开班")];
    act(&later, "town_cadre", &at, "suspend", &suspend("2027-03-01"))
        .await
        .refuses("超过了规定的天数");
    act(&later, "town_cadre", &at, "suspend", &suspend("2026-12-01"))
        .await
        .refuses("期限要在今天或以后");
    does(&later, "town_cadre", &at, "suspend", &suspend("2026-12-20")).await;
    today(&later, "town_cadre")
        .await
        .get(&at)
        .await
        .sees("挂起")
        .shows("自动恢复");
}

#[tokio::test]
async fn more_time_is_asked_before_the_end_and_given_by_who_set_it_twice_at_most() {
    let town = Town::new().await;
    let issue = new(&town, "创业贷款贴息材料被退三次", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let town2 = town.world.committee("town2").place.committee.to_string();
    let hand = [
        ("unit", town2.as_str()),
        ("words", "请办"),
        ("day", "2026-11-30"),
    ];
    does(&town, "town_cadre", &at, "assign", &hand).await;
    does(&town, "town2_cadre", &at, "sign", &[]).await;
    let ask = |day: &'static str| [("day", day), ("words", "银行要两周")];
    act(
        &town,
        "town2_cadre",
        &at,
        "ask_extension",
        &ask("2026-11-30"),
    )
    .await
    .refuses("比现在的期限晚");
    for day in ["2026-12-04", "2026-12-11"] {
        does(&town, "town2_cadre", &at, "ask_extension", &ask(day)).await;
        act(
            &town,
            "town2_cadre",
            &at,
            "ask_extension",
            &ask("2027-01-04"),
        )
        .await
        .refuses("已经申请了延期");
        town.signed_in("town2_cadre")
            .get(&format!("{at}/moves/grant"))
            .await
            .is(403);
        does(&town, "town_cadre", &at, "grant", &[]).await;
    }
    let cadre = town.signed_in("town_cadre");
    cadre.get(&at).await.sees("12 月 11 日").shows("延期后");
    act(
        &town,
        "town2_cadre",
        &at,
        "ask_extension",
        &ask("2027-01-04"),
    )
    .await
    .refuses("已经延期两次");
    act(&town, "town_cadre", &at, "refuse", &[("words", "不行")])
        .await
        .refuses("没有等答复的延期申请");
    let late = town.later(Clock::fixed(in_days(30))).await;
    today(&late, "town_cadre")
        .await
        .get("/issues?queue=overdue")
        .await
        .shows("共 1 件")
        .shows("超 13 天");
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
    let late = town.later(Clock::fixed(in_days(91))).await;
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

#[tokio::test]
async fn two_at_once_one_goes_through_and_the_other_sees_what_happened() {
    let town = Town::new().await;
    let issue = new(&town, "村里公交停了，上夜校不方便", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (id, other) = (new_id(), new_id());
    let accept = [
        ("id", id.as_str()),
        ("version", "1"),
        ("points", "公交哪天恢复"),
    ];
    let late = [
        ("id", other.as_str()),
        ("version", "1"),
        ("words", "要问是哪条线路"),
    ];
    let (mine, theirs) = (
        town.signed_in("town_cadre"),
        town.signed_in("town_secretary"),
    );
    let path = format!("{at}/moves/accept");
    mine.post(&path, &accept).await.goes_to(&at);
    // A double tap, a retry: nothing twice.
    mine.post(&path, &accept).await.goes_to(&at);
    theirs
        .post(&format!("{at}/moves/ask"), &late)
        .await
        .is(409)
        .shows("刚才有人动过")
        .shows("林晓禾")
        .shows("要问是哪条线路")
        .shows(r#"name="version" value="2""#);
    mine.get(&at).await.sees("已受理");
    // The same over the new version goes through; what is not possible any more keeps its text too.
    let again = [
        ("id", other.as_str()),
        ("version", "2"),
        ("words", "要问是哪条线路"),
    ];
    theirs
        .post(&format!("{at}/moves/ask"), &again)
        .await
        .goes_to(&at);
    let third = new_id();
    let void = [
        ("id", third.as_str()),
        ("version", "1"),
        ("words", "记重了的这一件"),
    ];
    mine.post(&format!("{at}/moves/void"), &void)
        .await
        .is(409)
        .shows("这一步不能做了")
        .shows("记重了的这一件");
    // An id that another move has is nobody's.
    let stolen = [("id", id.as_str()), ("version", "3"), ("words", "补充")];
    theirs
        .post(&format!("{at}/moves/supplement"), &stolen)
        .await
        .is(409);
    // Many at once: exactly one.
    let (a, b, c) = (new_id(), new_id(), new_id());
    let post = |who: &crate::harness::Browser, id: &str| {
        let (who, path) = (who.clone(), format!("{at}/moves/supplement"));
        let id = id.to_owned();
        async move {
            let fields = [("id", id.as_str()), ("version", "3"), ("words", "是 3 路")];
            who.post(&path, &fields).await.status.as_u16()
        }
    };
    let (x, y, z) = tokio::join!(post(&mine, &a), post(&theirs, &b), post(&mine, &c));
    let mut all = [x, y, z];
    all.sort_unstable();
    assert_eq!(all, [303, 409, 409]);
}

#[tokio::test]
async fn what_is_sensitive_moves_by_few_hands_and_shows_its_words_to_few() {
    let town = Town::new().await;
    let mut issue = new(&town, "弟弟上初中没人管", "county");
    issue.is_sensitive = true;
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    // Any cadre of the county cannot take it; its 书记 names one.
    town.signed_in("county_cadre")
        .get(&format!("{at}/moves/accept"))
        .await
        .is(403);
    let named = town.world.person("county_cadre").cadre.expect("a cadre");
    let named = named.to_string();
    does(
        &town,
        "county_secretary",
        &at,
        "accept",
        &[("cadre", &named)],
    )
    .await;
    does(
        &town,
        "county_cadre",
        &at,
        "progress",
        &[("words", "和班主任谈过")],
    )
    .await;
    let city = town.signed_in("city_secretary");
    city.get(&at)
        .await
        .sees("办理")
        .hides("班主任")
        .hides("没人管");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("和班主任谈过");
    // Nobody who does not hold a post there is named.
    let stranger = town.world.person("town2_cadre").cadre.expect("a cadre");
    let stranger = stranger.to_string();
    act(
        &town,
        "county_secretary",
        &at,
        "appoint",
        &[("cadre", &stranger)],
    )
    .await
    .refuses("不在办理单位任职");
}
