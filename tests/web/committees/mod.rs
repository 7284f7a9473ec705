//! The tree: planted by the 系统管理员, kept by the admins of each committee.

mod changes;

use crate::harness::{Browser, Seen, Town, new_id};

const HUZHOU: &str = "330500000000";

/// The address under which a committee of the world stands.
fn address(town: &Town, key: &str) -> String {
    format!("/committees/{}", town.world.committee(key).place.committee)
}

fn new_village<'a>(id: &'a str, name: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("id", id),
        ("what", "village"),
        ("name", name),
        ("starts_on", "2026-11-24"),
    ]
}

/// The version that a form carries.
fn version(page: &Seen) -> String {
    let (_, rest) = page
        .text
        .split_once(r#"name="version" value=""#)
        .expect("a version");
    rest.split('"').next().expect("a number").to_owned()
}

async fn add_village(admin: &Browser, parent: &str, name: &str) -> String {
    let id = new_id();
    let (form, fields) = (format!("{parent}/new"), new_village(&id, name));
    admin.post(&form, &fields).await.goes_to("/committees/")
}

#[tokio::test]
async fn the_operator_plants_a_city_and_appoints_its_first_admin() {
    let town = Town::new().await;
    let operator = town.signed_in("operator");
    operator
        .get("/committees")
        .await
        .sees("共青团清川市委员会")
        .hides("林晓禾");
    let chosen = "/committees/plant?province=330000000000";
    operator.get(chosen).await.sees("湖州市").sees("全部市县");
    let preview = format!("/committees/plant?place={HUZHOU}");
    operator
        .get(&preview)
        .await
        .sees("5 个：")
        .sees("72 个")
        .sees("1301 个")
        .sees("团德清县委");
    let founding = operator
        .post("/committees/plant", &[("division", HUZHOU)])
        .await
        .goes_to("/committees/");
    assert!(founding.ends_with("/founding"), "{founding}");
    operator.get(&preview).await.sees("已经建好");
    let again = operator
        .post("/committees/plant", &[("division", HUZHOU)])
        .await
        .goes_to("/committees/");
    assert_eq!(again, founding, "a second plant finds the tree");
    let id = new_id();
    let first = [
        ("id", id.as_str()),
        ("name", "丁一舟"),
        ("phone", "19900000090"),
        ("post", "干事"),
        ("nature", "full"),
        ("starts_on", "2026-11-24"),
    ];
    operator
        .post(&founding, &first)
        .await
        .sees("一次性口令")
        .sees("19900000090");
    operator.post(&founding, &first).await.sees("已经有账号");
    let second = [
        &[
            ("id", &*new_id()),
            ("name", "丁二舟"),
            ("phone", "19900000091"),
        ],
        &first[3..],
    ];
    operator.post(&founding, &second.concat()).await.is(409);
    operator.get(&founding).await.sees("已经有管理员");
    operator.get("/committees").await.sees("共青团湖州市委员会");
}

#[tokio::test]
async fn a_province_is_planted_around_its_city() {
    let town = Town::new().await;
    let operator = town.signed_in("operator");
    let post = [("division", "990000000000")];
    operator
        .post("/committees/plant", &post)
        .await
        .goes_to("/committees/");
    let city = address(&town, "city");
    let admin = town.signed_in("city_admin");
    admin.get(&city).await.sees("团清川市委").sees("沈未央");
    operator
        .get("/committees/plant?place=990000000000")
        .await
        .sees("已经建好");
}

#[tokio::test]
async fn the_operator_sees_no_record_and_nobody_else_plants() {
    let town = Town::new().await;
    let operator = town.signed_in("operator");
    for path in [
        &address(&town, "city") as &str,
        "/cadres",
        "/cadres/new",
        "/organisations",
    ] {
        operator.get(path).await.is(403);
    }
    let county = format!("{}/founding", address(&town, "county"));
    operator.get(&county).await.is(404);
    operator.get("/committees/plant?place=1").await.is(400);
    operator.get("/committees/plant?place=x'--").await.is(400);
    let post = [("division", "330521000000")];
    operator.post("/committees/plant", &post).await.is(400);
    let admin = town.signed_in("city_admin");
    admin.get("/committees/plant").await.is(403);
    let founding = format!("{}/founding", address(&town, "city"));
    admin.get(&founding).await.is(403);
    admin
        .post("/committees/plant", &[("division", HUZHOU)])
        .await
        .is(403);
}

#[tokio::test]
async fn an_admin_walks_down_his_tree() {
    let town = Town::new().await;
    let admin = town.signed_in("city_admin");
    admin
        .get("/committees")
        .await
        .sees("市本级")
        .sees("团青溪县委")
        .sees("直属系统")
        .hides("上溪村");
    let county = address(&town, "county");
    admin
        .get(&county)
        .await
        .sees("秦望舒")
        .sees("溪口镇")
        .hides("市本级")
        .hides("最近登录");
    admin.get(&address(&town, "town")).await.sees("上溪村");
    admin.get("/committees?q=溪口").await.sees("溪口镇团委");
    admin.get("/committees?q=没有的").await.sees("没有叫");
}

#[tokio::test]
async fn who_may_not_gets_nothing() {
    let town = Town::new().await;
    let (county, sibling) = (address(&town, "county"), address(&town, "sibling"));
    let admin = town.signed_in("county_admin");
    for path in [
        sibling.clone(),
        address(&town, "city"),
        address(&town, "other_county"),
        format!("{sibling}/new"),
        format!("{sibling}/edit"),
        format!("{sibling}/close"),
        "/committees/999999".into(),
        "/committees/x".into(),
    ] {
        admin.get(&path).await.is(404);
    }
    for verb in ["new", "edit", "close"] {
        let form = format!("{sibling}/{verb}");
        let fields = new_village("x", "新桥村");
        admin.post(&form, &fields).await.is(404);
    }
    // One's own committee is renamed and closed from above.
    admin.get(&format!("{county}/edit")).await.is(403);
    admin.get(&format!("{county}/close")).await.is(403);
    for key in ["county_secretary", "town_cadre"] {
        let who = town.signed_in(key);
        who.get("/committees").await.is(403);
        who.get(&county).await.is(403);
        who.post(&format!("{county}/new"), &new_village("x", "新桥村"))
            .await
            .is(403);
    }
    town.stranger().get(&county).await.goes_to("/login?next=");
}

#[tokio::test]
async fn an_admin_adds_a_village_once() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let parent = address(&town, "town");
    let form = format!("{parent}/new");
    admin.get(&form).await.sees("村、社区").hides("条线");
    let id = new_id();
    let first = admin
        .post(&form, &new_village(&id, "新桥村"))
        .await
        .goes_to("/committees/");
    let second = admin
        .post(&form, &new_village(&id, "新桥村"))
        .await
        .goes_to("/committees/");
    assert_eq!(first, second, "a double tap makes one");
    admin.post(&form, &new_village(&id, "别的村")).await.is(409);
    let twin = new_village(&new_id(), "新桥村").map(|(k, v)| (k.to_owned(), v.to_owned()));
    let twin: Vec<(&str, &str)> = twin.iter().map(|(k, v)| (&**k, &**v)).collect();
    admin.post(&form, &twin).await.refuses("这里已经有");
    admin
        .get(&first)
        .await
        .sees("共青团溪口镇新桥村支部委员会")
        .sees("新建团组织")
        .sees("陆之遥");
}

#[tokio::test]
async fn a_school_a_street_and_a_line_find_their_place() {
    let town = Town::new().await;
    let admin = town.signed_in("city_admin");
    let add = async |parent: &str, fields: &[(&str, &str)]| {
        let id = new_id();
        let common = [("id", id.as_str()), ("starts_on", "2026-11-24")];
        let fields = [&common[..], fields].concat();
        let form = format!("{parent}/new");
        admin.post(&form, &fields).await.goes_to("/committees/")
    };
    let county = address(&town, "county");
    let school = [("what", "unit"), ("name", "青溪中学"), ("class", "JW")];
    let school = add(&county, &school).await;
    admin.get(&school).await.sees("共青团青溪中学委员会");
    let branch = [("what", "unit"), ("name", "高一（1）班")];
    let branch = add(&school, &branch).await;
    admin.get(&branch).await.sees("高一（1）班团支部");
    let street = [("what", "town"), ("name", "新城街道"), ("class", "GW")];
    let street = add(&county, &street).await;
    admin.get(&street).await.sees("新城街道团工委");
    let page = admin.get("/committees").await;
    let lines = page.text.split("直属系统").next().expect("a tree");
    let lines = lines.rsplit(r#"href=""#).next().expect("a link");
    let lines = lines.split('"').next().expect("an address");
    let line = [("what", "line"), ("name", "邮政系统")];
    let line = add(lines, &line).await;
    admin.get(&line).await.sees("邮政系统团工委");
    admin.get(&county).await.sees("青溪中学").sees("新城街道");
    let wrong = [("id", &*new_id()), ("what", "line"), ("name", "邮政系统")];
    admin
        .post(&format!("{county}/new"), &wrong)
        .await
        .refuses("选一种要添的团组织");
}

#[tokio::test]
async fn bad_input_gets_a_sentence_and_stays() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let form = format!("{}/new", address(&town, "town"));
    let id = new_id();
    for (name, sentence) in [
        ("", "写地名或单位的名称"),
        (&*"长".repeat(31), "最多 30 个"),
        ("a\0b", "看不见的字符"),
    ] {
        admin
            .post(&form, &new_village(&id, name))
            .await
            .refuses(sentence);
    }
    let tomorrow = [
        ("id", id.as_str()),
        ("what", "village"),
        ("name", "<script>alert(1)</script>"),
        ("starts_on", "2026-11-25"),
    ];
    admin
        .post(&form, &tomorrow)
        .await
        .refuses("不能晚于今天")
        .shows("&#60;script&#62;")
        .hides("<script>alert");
    admin.post(&form, &[]).await.refuses("选一种");
    let bytes = b"id=x&what=%FF&name=%FF".to_vec();
    admin.post_bytes(&form, bytes).await.is(422);
    let rare = add_village(&admin, &address(&town, "town"), "𠮷水🌾村").await;
    admin.get(&rare).await.sees("𠮷水🌾村");
}
