//! The public page: a young person without account says something, follows it by a code, takes it back;
//! who may know who it was.

mod door;

use chrono::TimeDelta;
use qingting::issues::public::code_of;
use qingting::kit::clock::Clock;
use qingting::platform::session::COOKIE_NAME;

use crate::harness::{Browser, Seen, Town, evening, new_id};
use crate::issues::{does, today};
use crate::walls::{as_owner, texts};

/// A form that was opened a minute ago.
struct Sheet {
    path: String,
    fields: Vec<(&'static str, String)>,
}

impl Sheet {
    fn new(town: &Town, committee: &str) -> Self {
        let key = format!("{:0>64}", new_id().replace('-', ""));
        let opened = (evening() - TimeDelta::minutes(1)).timestamp().to_string();
        Self {
            path: format!("/p/{}", town.world.committee(committee).place.committee),
            fields: vec![
                ("id", new_id()),
                ("key", key),
                ("opened", opened),
                ("kind", "problem".into()),
                ("detail", "想学叉车证，培训班报满了".into()),
                ("agreed", "on".into()),
            ],
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.retain(|(n, _)| *n != name);
        self.fields.push((name, value.into()));
        self
    }

    fn code(&self) -> String {
        let key = self.fields.iter().find(|(name, _)| *name == "key");
        code_of(&key.expect("a key").1)
    }

    async fn post(&self, who: &Browser) -> Seen {
        let fields: Vec<_> = self.fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        who.post(&self.path, &fields).await
    }

    /// Taken; the address of the matter for a cadre.
    async fn taken(&self, town: &Town) -> String {
        let seen = self.post(&town.stranger()).await;
        let code = self.code();
        seen.sees("收到了")
            .shows(&format!("{}-{}", &code[..5], &code[5..]));
        let id = self.fields.iter().find(|(name, _)| *name == "id");
        format!("/issues/{}", id.expect("an id").1)
    }
}

async fn track(town: &Town, code: &str, fields: &[(&str, &str)]) -> Seen {
    let mut all = vec![("code", code)];
    all.extend_from_slice(fields);
    town.stranger().post("/track", &all).await
}

#[tokio::test]
async fn said_without_account_it_is_heard_answered_and_judged_by_the_code() {
    let town = Town::new().await;
    let page = town.stranger().get(&Sheet::new(&town, "county").path).await;
    page.sees("三个工作日内")
        .shows("12356")
        .shows("12355")
        .shows("110")
        .shows("未满 14 岁")
        .shows("溪口镇")
        .hides("短信")
        .hides("云栖区");
    assert!(page.headers.get("set-cookie").is_none());
    let place = town.world.committee("town").place.committee.to_string();
    let sheet = Sheet::new(&town, "county")
        .with("place", &place)
        .with("kind", "idea")
        .with("name", "陈小舟")
        .with("phone", "199 0000 4321");
    let at = sheet.taken(&town).await;
    let code = sheet.code();
    // It lies at the town, and says whence it came.
    let cadre = town.signed_in("town_cadre");
    let seen = cadre.get(&at).await;
    seen.sees("想学叉车证")
        .shows("公开页，有个想法")
        .shows("待受理");
    cadre.get("/issues?queue=pending").await.sees("想学叉车证");
    track(&town, &code, &[])
        .await
        .sees("等溪口镇")
        .hides("陈小舟");
    // More is asked, and said; an answer, and a verdict.
    does(
        &town,
        "town_cadre",
        &at,
        "ask",
        &[("words", "想学哪一种叉车")],
    )
    .await;
    track(&town, &code, &[])
        .await
        .sees("补充情况")
        .shows("想学哪一种叉车");
    let step = new_id();
    let more = [
        ("doing", "supplement"),
        ("id", step.as_str()),
        ("words", "内燃的"),
    ];
    track(&town, &code, &[("doing", "supplement")])
        .await
        .refuses("写下要补充的");
    track(&town, &code, &more).await.sees("补充收到了");
    track(&town, &code, &more).await.is(200);
    cadre.get(&at).await.sees("内燃的").shows("青年本人");
    does(
        &town,
        "town_cadre",
        &at,
        "accept",
        &[("points", "还有没有班")],
    )
    .await;
    does(&town, "town_cadre", &at, "take", &[]).await;
    let note = [("words", "正在跟县职校商量"), ("shown", "on")];
    does(&town, "town_cadre", &at, "progress", &note).await;
    does(
        &town,
        "town_cadre",
        &at,
        "progress",
        &[("words", "只写给自己人")],
    )
    .await;
    let closing = [
        ("outcome", "solved"),
        ("answer-1", "12 月加开一个班"),
        ("words", "留了名额"),
    ];
    does(&town, "town_cadre", &at, "close", &closing).await;
    track(&town, &code, &[])
        .await
        .sees("12 月加开一个班")
        .shows("正在跟县职校商量")
        .hides("只写给自己人")
        .shows("这件事办成了吗");
    let judged = [("doing", "judge"), ("verdict", "done"), ("words", "谢谢")];
    // Not on a browser on which a cadre was signed in.
    let former = town.browser(Some(format!("{COOKIE_NAME}={}", "0".repeat(64))));
    let mut theirs = vec![("code", code.as_str())];
    theirs.extend_from_slice(&judged);
    former.post("/track", &theirs).await.is(403);
    track(&town, &code, &judged)
        .await
        .sees("评价收到了")
        .shows("办完了");
    track(&town, &code, &judged).await.sees("进度已经变了");
    cadre
        .get(&at)
        .await
        .sees("青年评价：<b>办成了</b>")
        .shows("谢谢");
}

#[tokio::test]
async fn who_it_was_is_masked_opened_with_a_line_and_taken_away() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town, "town")
        .with("name", "陈小舟")
        .with("phone", "19900004321");
    let at = sheet.taken(&town).await;
    for key in ["town_cadre", "town_secretary", "county_secretary"] {
        let seen = town.signed_in(key).get(&at).await;
        seen.sees("陈**").shows("199****4321").hides("陈小舟");
    }
    let contact = format!("{at}/contact");
    for (key, status) in [
        ("county_secretary", 403),
        ("town2_cadre", 404),
        ("sibling_secretary", 404),
        ("other_cadre", 404),
    ] {
        town.signed_in(key).post(&contact, &[]).await.is(status);
    }
    let cadre = town.signed_in("town_cadre");
    cadre.post(&contact, &[]).await.goes_to(&at);
    cadre.get(&at).await.sees("陈小舟").shows("19900004321");
    town.signed_in("town_colleague")
        .get(&at)
        .await
        .hides("陈小舟");
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::minutes(11)))
        .await;
    let seen = later.signed_in("town_cadre").get(&at).await;
    seen.sees("陈**").hides("陈小舟");
    // Who only handles it never opens the name.
    does(&town, "town_secretary", &at, "accept", &[]).await;
    let unit = town.world.committee("county").place.committee.to_string();
    let up = [("unit", unit.as_str()), ("words", "请县里协调")];
    does(&town, "town_secretary", &at, "report", &up).await;
    let county = town.signed_in("county_secretary");
    county.get(&at).await.sees("陈**").hides("陈小舟");
    county.post(&contact, &[]).await.is(403);
    // Taken away by its owner, the matter goes on.
    let code = sheet.code();
    let forget = [("doing", "forget")];
    track(&town, &code, &forget).await.refuses("先打钩");
    let forget = [("doing", "forget"), ("sure", "on")];
    track(&town, &code, &forget).await.sees("已经删除");
    track(&town, &code, &forget).await.is(200);
    let cadre = today(&town, "town_secretary").await;
    cadre.get(&at).await.sees("本人已经删除姓名和电话");
    let mut owner = as_owner(&town.database).await;
    let sql = "select concat_ws(' ', name, phone, withdrawn_at is not null) from issue_reporters";
    assert_eq!(texts(&mut owner, sql).await, ["t"]);
    let lines = "select verb from day_book where verb in ('issue_contacted', 'issue_withdrawn') order by at";
    let wanted = ["issue_contacted", "issue_withdrawn"];
    assert_eq!(texts(&mut owner, lines).await, wanted);
    // What nobody has taken on is taken back as a whole.
    let sheet = Sheet::new(&town, "town");
    let at = sheet.taken(&town).await;
    let step = new_id();
    let back = [
        ("doing", "take_back"),
        ("sure", "on"),
        ("id", step.as_str()),
    ];
    track(&town, &sheet.code(), &back).await.sees("已经撤回");
    cadre.get(&at).await.sees("已作废").shows("本人撤回");
}

#[tokio::test]
async fn one_form_is_one_matter_and_bad_ones_are_none() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town, "town").with("category", "03");
    let who = town.stranger();
    let (a, b, c) = tokio::join!(sheet.post(&who), sheet.post(&who), sheet.post(&who));
    for seen in [a, b, c] {
        seen.sees("收到了");
    }
    let mut owner = as_owner(&town.database).await;
    let all =
        "select concat_ws(' ', state, source, category, received_by is null, due_at is not null,
            right(no, 2)) from issues";
    assert_eq!(texts(&mut owner, all).await, ["pending online 03 t t 1号"]);
    let changed = sheet.with("detail", "另一件事");
    changed
        .post(&who)
        .await
        .refuses("交过一次了")
        .shows("另一件事");
    for (field, value, sentence) in [
        ("detail", "", "写下青年说的事"),
        ("agreed", "", "同意以后才能提交"),
        ("phone", "12", "写 11 位手机号"),
        ("kind", "x", "选一个：遇到难处"),
        ("category", "16", "选一个方面"),
        ("place", "1", "选一个地方"),
        ("homepage", "http://a.example", "空着就好"),
        ("id", "x", "再点一次提交"),
        ("key", "x", "再点一次提交"),
        ("opened", "9999999999", "刚打开就提交了"),
    ] {
        let sheet = Sheet::new(&town, "town").with(field, value);
        sheet.post(&who).await.refuses(sentence);
    }
    assert_eq!(texts(&mut owner, all).await.len(), 1);
    // Only committees that have a page, and those below.
    for bad in ["/p/0", "/p/99999999", "/p/x"] {
        who.get(bad).await.is(404);
    }
    let sibling = town.world.committee("sibling").place.committee.to_string();
    let elsewhere = Sheet::new(&town, "county").with("place", &sibling);
    elsewhere.post(&who).await.refuses("选一个地方");
}

#[tokio::test]
async fn nothing_is_guessed_and_floods_are_slowed() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town, "town");
    sheet.taken(&town).await;
    let unknown = track(&town, "ABCDEFGHJK", &[]).await;
    let broken = track(&town, "0O1I", &[]).await;
    unknown.refuses("没有查到");
    let same = |seen: &Seen, typed: &str| {
        let number = seen.text.find("编号").map_or(seen.text.len(), |at| at);
        seen.text[..number].replace(typed, "")
    };
    assert_eq!(same(&unknown, "ABCDEFGHJK"), same(&broken, "0O1I"));
    town.stranger().get("/track").await.sees("查询码");
    for _ in 0..40 {
        track(&town, "ABCDEFGHJL", &[]).await;
    }
    track(&town, &sheet.code(), &[]).await.is(429);
    for _ in 0..40 {
        Sheet::new(&town, "town").post(&town.stranger()).await;
    }
    Sheet::new(&town, "town")
        .post(&town.stranger())
        .await
        .is(429);
    let mut owner = as_owner(&town.database).await;
    let n = texts(&mut owner, "select count(*)::text from issues").await;
    assert_eq!(n, ["30"]);
}
