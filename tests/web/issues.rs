//! 诉求: heard by a cadre, seen along the tree, its text only by whom it concerns.

use chrono::{NaiveDate, TimeDelta};
use qingting::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use qingting::kit::clock::Clock;
use qingting::platform::scope::Scope;
use qingting::platform::{Error, Result};
use qingting::youth::{self, Care, NewYouth, Source, YouthId};

use crate::harness::{Town, evening};

/// One that `key` hears at his own committee, for the handler of that key (a cadre by name, or the
/// committee of a place).
async fn heard(town: &Town, key: &str, new: NewIssue) -> IssueId {
    let added = add(&town.scope(key), &new).await;
    assert!(added.expect("an issue"));
    new.id
}

async fn add(scope: &Scope, new: &NewIssue) -> Result<bool> {
    scope
        .work(async |db| {
            let at = db.scope().place();
            let added = issues::store::add(db, at, new).await?;
            Ok(db.unchanged(added))
        })
        .await
}

fn new(town: &Town, detail: &str, committee: &str) -> NewIssue {
    NewIssue {
        id: IssueId::new_v7(evening()),
        detail: detail.into(),
        category: Category::Work,
        urgency: Urgency::Usual,
        youth: None,
        village: None,
        handler: Handler {
            committee: town.world.committee(committee).place,
            cadre: None,
        },
        raised_on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date"),
        is_sensitive: false,
    }
}

fn given_to(town: &Town, detail: &str, committee: &str, cadre: &str) -> NewIssue {
    let mut issue = new(town, detail, committee);
    issue.handler.cadre = town.world.person(cadre).cadre;
    issue
}

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
        who.post(&format!("{at}/void"), &[("reason", "x")])
            .await
            .is(404);
        who.post(&format!("{at}/correction"), &EDIT).await.is(404);
        who.get(&format!("{at}/edit")).await.is(404);
    }
    town.signed_in("operator").get("/issues").await.is(403);
    town.stranger().get(&at).await.goes_to("/login?next=");
}

const EDIT: [(&str, &str); 4] = [
    ("detail", "想找离家近的会计岗位"),
    ("category", "03"),
    ("urgency", "2"),
    ("version", "1"),
];

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
    handler
        .post(&format!("{at}/void"), &[("reason", "不归我管")])
        .await
        .is(403);
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

/// Somebody whom the cadre of that key has registered, so knows.
async fn known(town: &Town, key: &str, name: &str, care: Care) -> YouthId {
    let scope = town.scope(key);
    let id = YouthId::new_v7(evening());
    let new = NewYouth {
        care,
        ..NewYouth::named(id, name.into(), Source::Form)
    };
    scope
        .work(async |db| {
            let at = db.scope().place();
            assert!(youth::store::add(db, at, &new).await?);
            Ok(db.unchanged(()))
        })
        .await
        .expect("a young person");
    id
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
        town.signed_in(key)
            .get(&at)
            .await
            .sees("叶某某")
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

#[tokio::test]
async fn its_receiver_corrects_it_for_a_day() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的文员岗位", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (edit, save) = (format!("{at}/edit"), format!("{at}/correction"));
    let cadre = town.signed_in("town_cadre");
    cadre.get(&edit).await.sees("想找离家近的文员岗位");
    cadre.post(&save, &EDIT).await.goes_to(&at);
    cadre.post(&save, &EDIT).await.goes_to(&at);
    cadre
        .get(&at)
        .await
        .sees("会计岗位")
        .hides("文员")
        .shows("类别从“就业实习”改为“学习教育与技能提升”");
    // An older version: both texts, nothing saved, the next try is over the new version.
    let late = [
        ("detail", "想找远一点的岗位"),
        ("category", "01"),
        ("urgency", "2"),
        ("version", "1"),
    ];
    cadre
        .post(&save, &late)
        .await
        .is(409)
        .shows("会计岗位")
        .shows("远一点的岗位")
        .shows(r#"name="version" value="2""#);
    cadre.get(&at).await.sees("会计岗位").hides("远一点");
    // Others may not, and after a day nobody.
    for key in ["town_colleague", "town_secretary", "county_secretary"] {
        town.signed_in(key).post(&save, &EDIT).await.is(403);
    }
    let yesterday = Clock::fixed(evening() - TimeDelta::hours(25));
    let issue = new(&town, "昨天记下的一件", "town");
    let id = heard(&town.later(yesterday).await, "town_cadre", issue).await;
    let at = format!("/issues/{id}");
    cadre.get(&at).await.sees("昨天记下的一件").hides("/edit");
    cadre
        .get(&format!("{at}/edit"))
        .await
        .is(409)
        .shows("已满 24 小时");
    cadre.post(&format!("{at}/correction"), &EDIT).await.is(409);
}

#[tokio::test]
async fn a_void_one_keeps_its_number_and_counts_no_more() {
    let town = Town::new().await;
    let first = heard(&town, "town_cadre", new(&town, "村里公交停了", "town")).await;
    heard(&town, "town_cadre", new(&town, "夜校报不上名", "town")).await;
    let (at, cadre) = (format!("/issues/{first}"), town.signed_in("town_cadre"));
    town.signed_in("town_colleague")
        .post(&format!("{at}/void"), &[("reason", "记重了")])
        .await
        .is(403);
    cadre
        .post(&format!("{at}/void"), &[("reason", " ")])
        .await
        .refuses("写下为什么作废");
    let long = "长".repeat(201);
    cadre
        .post(&format!("{at}/void"), &[("reason", &long)])
        .await
        .refuses("最多 200 个")
        .shows(&long);
    for _ in 0..2 {
        cadre
            .post(&format!("{at}/void"), &[("reason", "记重了")])
            .await
            .goes_to(&at);
    }
    cadre
        .post(&format!("{at}/void"), &[("reason", "别的")])
        .await
        .is(409);
    cadre
        .get(&at)
        .await
        .sees("原因：记重了")
        .shows("清青溪诉〔2026〕1号");
    cadre
        .get("/issues")
        .await
        .sees("夜校")
        .hides("公交")
        .shows("共 1 件");
    cadre
        .get("/issues?state=void")
        .await
        .sees("公交")
        .shows("共 1 件");
    cadre.post(&format!("{at}/correction"), &EDIT).await.is(409);
    // The number is not given again.
    let third = heard(&town, "town_cadre", new(&town, "想学开叉车", "town")).await;
    cadre
        .get(&format!("/issues/{third}"))
        .await
        .sees("清青溪诉〔2026〕3号");
}

#[tokio::test]
async fn numbers_run_without_a_gap_in_each_committee_and_year() {
    let town = Town::new().await;
    let last_year = NaiveDate::from_ymd_opt(2025, 12, 31).expect("a date");
    for (key, year, no) in [
        ("county_cadre", 2026, "清青诉〔2026〕1号"),
        ("town_cadre", 2026, "清青溪诉〔2026〕1号"),
        ("town2_cadre", 2026, "清青茶诉〔2026〕1号"),
        ("town_cadre", 2025, "清青溪诉〔2025〕1号"),
        ("town_cadre", 2026, "清青溪诉〔2026〕2号"),
        ("city_secretary", 2026, "清诉〔2026〕1号"),
    ] {
        let mut issue = new(&town, "想找离家近的活", "county");
        if year == 2025 {
            issue.raised_on = last_year;
        }
        let id = heard(&town, key, issue).await;
        town.signed_in(key)
            .get(&format!("/issues/{id}"))
            .await
            .sees(no);
    }
}

#[tokio::test]
async fn a_repeated_add_makes_one_and_a_foreign_id_is_refused() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的活", "county");
    heard(&town, "town_cadre", issue.clone()).await;
    let again = add(&town.scope("town_cadre"), &issue).await;
    assert!(!again.expect("an answer"));
    let foreign = add(&town.scope("sibling_cadre"), &issue).await;
    let fault = foreign.expect_err("a foreign id");
    assert!(matches!(fault, Error::Stale(_)), "{fault:?}");
    town.signed_in("town_cadre")
        .get("/issues")
        .await
        .shows("共 1 件");
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let town = Town::new().await;
    for n in 0..27 {
        let mut issue = new(&town, &format!("第 {n} 件想办的事"), "county");
        if n < 2 {
            issue.category = Category::Housing;
            issue.urgency = Urgency::Urgent;
            issue.handler.committee = town.world.committee("town").place;
            issue.raised_on = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date");
        }
        heard(&town, "town_cadre", issue).await;
    }
    let county = town.signed_in("county_secretary");
    let page = county.get("/issues").await;
    page.sees("这一页 25 件，共 27 件");
    let next = page
        .text
        .split("href=\"/issues?after=")
        .nth(1)
        .expect("a next page");
    let next = next.split('"').next().expect("an address");
    county
        .get(&format!("/issues?after={next}"))
        .await
        .sees("这一页 2 件，共 27 件")
        .shows("回到第一页");
    let handler = town.world.committee("town").place.committee;
    for (filter, total) in [
        ("category=05".to_owned(), 2),
        ("urgency=1&category=05".to_owned(), 2),
        ("urgency=4".to_owned(), 0),
        ("state=pending".to_owned(), 27),
        ("from=2026-11-01".to_owned(), 25),
        ("to=2026-10-01&from=2026-10-01".to_owned(), 2),
        (format!("handler={handler}"), 2),
        (format!("committee={handler}"), 27),
        ("mine=on".to_owned(), 25),
    ] {
        let seen = county.get(&format!("/issues?{filter}")).await;
        seen.sees(&format!("共 {total} 件"));
    }
    let sibling = town.world.committee("sibling").place.committee;
    county
        .get(&format!("/issues?committee={sibling}"))
        .await
        .is(404);
    for bad in [
        "category=16",
        "urgency=9",
        "state=x",
        "handler=0",
        "handler=999999999",
        "committee=x",
        "from=2026-13-01",
        "to=x",
        "mine=yes",
        "from=2026-02-01&to=2026-01-01",
        "after=visits.1.0199f1a0-0000-7000-8000-000000000001",
        "after=%00",
        "category=%FF",
    ] {
        county.get(&format!("/issues?{bad}")).await.is(400);
    }
    county.get("/issues/not-an-id").await.is(404);
    county
        .get("/issues/0199f1a0-0000-7000-8000-000000000001")
        .await
        .is(404);
}

#[tokio::test]
async fn bad_words_get_a_sentence_and_stay() {
    let town = Town::new().await;
    let issue = new(&town, "想找离家近的文员岗位", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (save, cadre) = (format!("{at}/correction"), town.signed_in("town_cadre"));
    let with = |detail: &'static str| {
        [
            ("detail", detail),
            ("category", "01"),
            ("urgency", "3"),
            ("version", "1"),
        ]
    };
    cadre
        .post(&save, &[])
        .await
        .refuses("写下青年说的事")
        .shows("选一个类别");
    cadre.post(&save, &with("找活")).await.refuses("至少 4 个");
    cadre
        .post(&save, &with("想找\0岗位"))
        .await
        .refuses("看不见的字符");
    let long = "字".repeat(2001);
    cadre
        .post(
            &save,
            &[
                ("detail", &long),
                ("category", "16"),
                ("urgency", "9"),
                ("version", "x"),
            ],
        )
        .await
        .refuses("最多 2000 个")
        .shows("选一个紧急程度")
        .shows(&long);
    cadre
        .post_bytes(
            &save,
            b"detail=%FF%FE%FF%FE%FF&category=01&urgency=3&version=1".to_vec(),
        )
        .await
        .is(422);
    let huge = format!("detail={}", "x".repeat(1_100_000));
    let status = cadre
        .post_bytes(&save, huge.into_bytes())
        .await
        .status
        .as_u16();
    assert!(matches!(status, 413 | 422), "{status}");
    // Scripts, SQL, emoji and rare characters are words.
    let odd = "<script>alert(1)</script>'; drop table issues; --😀𠮷";
    cadre.post(&save, &with(odd)).await.goes_to(&at);
    cadre
        .get(&at)
        .await
        .sees("drop table issues; --😀𠮷")
        .hides("<script>alert");
}
