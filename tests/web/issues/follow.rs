//! 回访: drawn by the clock, done by somebody else, apart from the closing; and verdicts that come from
//! where the matter is handled.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use qingting::issues::follow;
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;

use super::verdict::{close, closed, in_days, link};
use super::{does, today};
use crate::harness::{Browser, Seen, Town, new_id};
use crate::walls::{as_owner, texts};

const GOOD: [(&str, &str); 3] = [("means", "phone"), ("truth", "yes"), ("satisfaction", "4")];

fn ticker(town: &Town) -> Scope {
    Scope::of_ticker(town.site.clone(), town.world.committee("city"))
}

async fn pass(town: &Town) -> u64 {
    follow::pass(&ticker(town)).await.expect("a pass")
}

async fn rows(town: &Town, sql: &str) -> Vec<String> {
    texts(&mut as_owner(&town.database).await, sql).await
}

/// The share of the city, in a hundred.
pub async fn draws(town: &Town, percent: i32) {
    let mut owner = as_owner(&town.database).await;
    let city = town.world.committee("city").place;
    let (id, scope) = (city.committee.0, city.scope);
    let sql = format!(
        "set app.lo = 0; set app.hi = 99999999999999; set app.tenant = {id};
         insert into issue_limits (tenant_id, committee_id, scope, follow_up_percent)
         values ({id}, {id}, {scope}, {percent})
         on conflict (tenant_id, committee_id) do update set follow_up_percent = {percent}"
    );
    let done = sqlx::Executor::execute(&mut owner, sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await;
    done.expect("a limit");
}

async fn judged(town: &Town, at: &str, way: &str) {
    let path = link(town, "town_cadre", at, way).await;
    let done = [("verdict", "done")];
    town.stranger().post(&path, &done).await.goes_to(&path);
}

/// What a form of it sends, opened by `key`.
async fn fresh(town: &Town, key: &str, at: &str) -> (Browser, String, [String; 2]) {
    let (who, path) = (today(town, key).await, format!("{at}/follow-up"));
    let form = who.get(&path).await;
    form.is(200);
    let hidden = |name: &str| {
        let start = format!(r#"name="{name}" value=""#);
        let rest = form.text.split(&start).nth(1).expect("a hidden field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let both = [hidden("id"), hidden("version")];
    (who, path, both)
}

async fn follow_up(town: &Town, key: &str, at: &str, fields: &[(&str, &str)]) -> Seen {
    let (who, path, [id, version]) = fresh(town, key, at).await;
    let mut all = vec![("id", id.as_str()), ("version", version.as_str())];
    all.extend_from_slice(fields);
    who.post(&path, &all).await
}

#[tokio::test]
async fn the_clock_draws_once_and_the_spot_before_all() {
    let town = Town::new().await;
    draws(&town, 100).await;
    let sent = closed(&town, "想问夜校").await;
    let spot = closed(&town, "贷款材料").await;
    let open = closed(&town, "还没有评价").await;
    judged(&town, &sent, "sent").await;
    judged(&town, &spot, "spot").await;
    assert_eq!(pass(&town).await, 2);
    assert_eq!(pass(&town).await, 0);
    let why = "select why || ' ' || (due_on - drawn_on) from issue_followups order by due_on";
    // Working days over a week's end.
    assert_eq!(rows(&town, why).await, ["on_the_spot 3", "sample 14"]);
    // What nobody judged is drawn when the young person's time is over.
    let late = town.later(Clock::fixed(in_days(17))).await;
    qingting::issues::clock::pass(&ticker(&late))
        .await
        .expect("a pass");
    assert_eq!(pass(&late).await, 1);
    let secretary = town.signed_in("town_secretary");
    let list = secretary.get("/issues/follow-ups").await;
    list.sees("待回访").shows("共 3 件").shows("当面扫码评的");
    let at = |id: &str| list.text.find(&format!("{id}/follow-up")).expect("a row");
    assert!(at(&spot) < at(&sent) && at(&sent) < at(&open));
    secretary
        .get("/issues")
        .await
        .sees("待回访 <span class=\"s faint\">3<");
    // Who closed them has nothing to follow up; nor has another county, nor a cadre who has no part in it.
    for (key, n) in [
        ("town_cadre", 0),
        ("town_colleague", 0),
        ("county_secretary", 3),
        ("county_cadre", 0),
        ("city_secretary", 3),
        ("sibling_secretary", 0),
        ("other_cadre", 0),
    ] {
        let seen = town.signed_in(key).get("/issues/follow-ups").await;
        let rows = seen.is(200).text.matches("/follow-up\"").count();
        assert_eq!(rows, n, "{key}");
    }
}

#[tokio::test]
async fn the_share_is_what_the_city_says_and_none_is_none() {
    let town = Town::new().await;
    draws(&town, 0).await;
    let at = closed(&town, "想问夜校").await;
    judged(&town, &at, "spot").await;
    assert_eq!(pass(&town).await, 0);
    draws(&town, 1).await;
    // Certain whatever the share.
    assert_eq!(pass(&town).await, 1);
    // The draw is even: of a thousand ids a tenth, within what chance leaves open.
    let drawn = "select count(*)::text from generate_series(1, 1000) n
         where ('x' || left(md5(md5(n::text)::uuid::text || '1'), 8))::bit(32)::bigint % 100 < 10";
    let drawn: i64 = rows(&town, drawn).await[0].parse().expect("a number");
    assert!((60..=140).contains(&drawn), "{drawn}");
}

#[tokio::test]
async fn somebody_else_follows_up_once_and_it_stands_apart() {
    let town = Town::new().await;
    draws(&town, 100).await;
    let at = closed(&town, "贷款能不能批").await;
    let path = format!("{at}/follow-up");
    for (key, status) in [
        ("town_cadre", 403),
        ("town_colleague", 403),
        ("county_cadre", 403),
        ("sibling_secretary", 404),
        ("other_cadre", 404),
        ("town_secretary", 200),
        ("county_secretary", 200),
    ] {
        let who = today(&town, key).await;
        who.get(&path).await.is(status);
        if status != 200 {
            let id = new_id();
            let mut all = vec![("id", id.as_str()), ("version", "4")];
            all.extend_from_slice(&GOOD);
            who.post(&path, &all).await.is(status);
        }
    }
    judged(&town, &at, "spot").await;
    pass(&town).await;
    follow_up(&town, "town_secretary", &at, &[])
        .await
        .refuses("选怎样回访的")
        .shows("选青年满意不满意");
    let bad = [("means", "visit"), ("truth", "no"), ("satisfaction", "2")];
    let refused = follow_up(&town, "town_secretary", &at, &bad).await;
    refused
        .refuses("写下青年怎么说")
        .shows("value=\"visit\" checked");
    // Two open the form; the first is in, the second keeps what he wrote.
    let (county, _, late) = fresh(&town, "county_secretary", &at).await;
    let (who, _, [id, version]) = fresh(&town, "town_secretary", &at).await;
    let mut all = vec![("id", id.as_str()), ("version", version.as_str())];
    all.extend_from_slice(&bad);
    all.push(("words", "银行说还要等"));
    who.post(&path, &all).await.goes_to(&at);
    who.post(&path, &all).await.goes_to(&at);
    let mut other = vec![("id", late[0].as_str()), ("version", late[1].as_str())];
    other.extend_from_slice(&GOOD);
    other.push(("words", "我也问过了"));
    let second = county.post(&path, &other).await;
    second.is(409).shows("刚才有人动过").shows("我也问过了");
    county.get(&path).await.is(409);
    // Over the newest version it is still followed up but once.
    let version = (late[1].parse::<i32>().expect("a number") + 1).to_string();
    other[1].1 = &version;
    county.post(&path, &other).await.is(409);
    let row =
        "select concat_ws(' ', why, way, is_true, satisfaction, version) from issue_followups";
    assert_eq!(rows(&town, row).await, ["on_the_spot visit f 2 2"]);
    let moves = "select count(*)::text from issue_moves where move = 'follow_up'";
    assert_eq!(rows(&town, moves).await, ["1"]);
    let page = town.signed_in("town_secretary").get(&at).await;
    page.sees("回访：<b>不满意</b>，<b>不属实</b>，银行说还要等")
        .shows("青年评价：<b>办成了</b>")
        .shows("重开这件诉求");
    does(
        &town,
        "town_secretary",
        &at,
        "reopen",
        &[("words", "回访说没办成")],
    )
    .await;
    // The next closing has its own.
    close(&town, "town_cadre", &at).await;
    follow_up(&town, "county_secretary", &at, &GOOD)
        .await
        .goes_to(&at);
    let row = "select n || why from issue_followups order by n";
    assert_eq!(rows(&town, row).await, ["1on_the_spot", "2asked"]);
    // An open matter has no 回访.
    let open = town.signed_in("town_secretary");
    let other = super::heard(&town, "town_cadre", super::new(&town, "另一件", "town")).await;
    open.get(&format!("/issues/{other}/follow-up"))
        .await
        .is(409);
}

/// What no page does the store and the database refuse as well.
#[tokio::test]
async fn who_closed_it_never_follows_it_up() {
    let town = Town::new().await;
    draws(&town, 100).await;
    let at = closed(&town, "想学剪辑").await;
    judged(&town, &at, "spot").await;
    pass(&town).await;
    let mut owner = as_owner(&town.database).await;
    let sql = "set app.lo = 0; set app.hi = 99999999999999;
         update issue_followups set cadre_id = closed_by, way = 'phone', is_true = true, satisfaction = 5,
             done_at = now(), done_on = current_date, move_id = (select id from issue_moves limit 1)";
    let done = sqlx::Executor::execute(&mut owner, sqlx::raw_sql(sql)).await;
    let fault = done.expect_err("a check").to_string();
    assert!(fault.contains("issue_followups_another"), "{fault}");
}

/// Posts from an address with a browser's name.
async fn from(who: &Browser, path: &str, body: &'static str, address: &str, agent: &str) -> Seen {
    let address: SocketAddr = address.parse().expect("an address");
    let request = who
        .request("POST", path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", agent)
        .extension(ConnectInfo(address))
        .body(Body::from(body));
    who.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_verdict_from_the_handlers_phone_is_refused_and_one_from_his_network_looked_at_again() {
    let town = Town::new().await;
    let (office, home) = ("203.0.113.7:4000", "198.51.100.9:4000");
    let at = closed(&town, "村里公交停了").await;
    let handler = today(&town, "town_cadre").await;
    let make = async |at: &str| {
        let asked = format!("{at}/link");
        let seen = from(&handler, &asked, "way=sent", office, "phone of the cadre").await;
        let rest = seen.text.split("/v/").nth(1).expect("a link").to_owned();
        let token: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        format!("/v/{token}")
    };
    let path = make(&at).await;
    let guest = town.stranger();
    let same = from(&guest, &path, "verdict=done", office, "phone of the cadre").await;
    same.is(403).shows("自己的手机、自己的流量");
    assert!(
        rows(&town, "select verdict from issue_verdicts")
            .await
            .is_empty()
    );
    // The same phone on another network cannot be told apart from the young person's; another phone on the
    // same network is looked at again.
    let near = from(&guest, &path, "verdict=done", office, "another phone").await;
    near.goes_to(&path);
    assert_eq!(
        rows(&town, "select is_near::text from issue_verdicts").await,
        ["true"]
    );
    draws(&town, 1).await;
    assert_eq!(pass(&town).await, 1);
    assert_eq!(
        rows(&town, "select why from issue_followups").await,
        ["on_the_spot"]
    );
    // From elsewhere there is nothing to say.
    let at = closed(&town, "想学炒茶").await;
    let path = make(&at).await;
    from(&guest, &path, "verdict=done", home, "another phone")
        .await
        .goes_to(&path);
    let near = "select is_near::text from issue_verdicts order by given_at, is_near desc";
    assert_eq!(rows(&town, near).await, ["true", "false"]);
}
