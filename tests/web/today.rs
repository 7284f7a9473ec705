//! 今天: one's own numbers, each the number of rows on the page that it opens.

use chrono::{NaiveDate, TimeDelta};
use qingting::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use qingting::kit::clock::Clock;
use qingting::youth::YouthId;

use crate::harness::{Browser, Seen, Town, evening};
use crate::visits::{Sheet, youth};

/// A problem that the cadre of that key hears and keeps.
async fn keeps(town: &Town, key: &str, detail: &str, urgency: Urgency) {
    let scope = town.scope(key);
    let new = NewIssue {
        id: IssueId::new_v7(evening()),
        detail: detail.into(),
        category: Category::Work,
        urgency,
        youth: None,
        village: None,
        handler: Handler {
            committee: scope.place(),
            cadre: scope.actor().cadre,
        },
        raised_on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date"),
        is_sensitive: false,
    };
    scope
        .work(async |db| {
            let at = db.scope().place();
            assert!(issues::store::add(db, at, &new).await?);
            Ok(db.unchanged(()))
        })
        .await
        .expect("an issue");
}

/// The page behind a link of 今天 says the same number.
async fn opens(who: &Browser, today: &Seen, href: &str, link: &str, total: &str) {
    today.sees(&format!(r#"href="{href}">{link}"#));
    who.get(&href.replace("&#38;", "&")).await.sees(total);
}

#[tokio::test]
async fn problems_in_ones_hands_stand_there_and_open_their_rows() {
    let town = Town::new().await;
    for (detail, urgency) in [
        ("长期想学一门手艺", Urgency::Lasting),
        ("想找离家近的活", Urgency::Usual),
        ("明天就要交的材料", Urgency::Urgent),
        ("夜校报不上名", Urgency::Soon),
    ] {
        keeps(&town, "town_cadre", detail, urgency).await;
    }
    keeps(&town, "town_colleague", "同事手上的一件", Urgency::Urgent).await;
    let cadre = town.signed_in("town_cadre");
    let today = cadre.get("/").await;
    today
        .sees("11 月 24 日")
        .shows("周二")
        .shows("晚上好，林晓禾")
        .shows("明天就要交的材料")
        .shows("夜校报不上名")
        .shows("想找离家近的活")
        .hides("长期想学一门手艺")
        .hides("同事手上的一件")
        .shows("data-drafts")
        .shows(r#"href="/visits/new""#)
        .hides("/dashboard");
    opens(&cadre, &today, "/issues?mine=on", "全部 4 件", "共 4 件").await;
    town.signed_in("sibling_cadre")
        .get("/")
        .await
        .sees("全部 0 件")
        .hides("本单位等着办的")
        .hides("明天就要交的材料");
}

/// A visit on which these were met, on that evening of November; gives its address.
async fn visited(town: &Town, key: &str, day: &str, youths: &[YouthId]) -> String {
    let mut sheet = Sheet::new(town).with("day", day).without("walkins");
    if day < "2026-11-17" {
        sheet = sheet.with("late", "手机坏了");
    }
    for youth in youths {
        sheet = sheet.and("youth", &youth.to_string());
    }
    sheet.saved(&sheet.post(town, key).await)
}

/// Chips count what waits for the committee, not only for the reader: they say so.
#[tokio::test]
async fn what_waits_for_the_committee_is_called_so() {
    let town = Town::new().await;
    let waits = crate::issues::new(&town, "村里没有路灯", "town");
    crate::issues::heard(&town, "town_cadre", waits).await;
    let today = town.signed_in("town_colleague").get("/").await;
    let chips = today.text.split_once("本单位等着办的</span><a");
    let chips = chips.expect("the committee's own words").1;
    assert!(chips.starts_with(r#" class="btn mini" href="/issues?queue="#));
}

#[tokio::test]
async fn own_visits_and_young_people_open_their_rows() {
    let town = Town::new().await;
    let song = youth(&town, "town_cadre", "宋知夏").await;
    let ye = youth(&town, "town_cadre", "叶舟").await;
    visited(&town, "town_cadre", "2025-12-30", &[song]).await;
    visited(&town, "town_cadre", "2026-10-01", &[ye]).await;
    visited(&town, "town_cadre", "2026-11-22", &[song]).await;
    visited(&town, "town_cadre", "2026-11-23", &[song]).await;
    let void = visited(&town, "town_cadre", "2026-11-24", &[song]).await;
    let cadre = town.signed_in("town_cadre");
    let reason = [("reason", "记重了")];
    cadre.post(&format!("{void}/void"), &reason).await.is(303);

    let today = cadre.get("/").await;
    today
        .sees(r#"今年见了 <span class="num">2</span> 位青年"#)
        .shows("54 天没见");
    let met = cadre.get("/today/met").await;
    met.sees("共 2 位")
        .shows("宋知夏")
        .shows("，今年 2 次")
        .shows("叶舟");
    let own = "/visits?mine=1&#38;from=2026-01-01";
    opens(&cadre, &today, own, "全部 3 次", "共 3 次").await;
    opens(&cadre, &today, "/today/unseen", "全部 1 位", "共 1 位").await;
    cadre
        .get("/today/unseen")
        .await
        .shows("叶舟")
        .hides("宋知夏");
    nights(&cadre, &today, 2).await;

    // A colleague has his own numbers; the evenings are the committee's.
    let colleague = town.signed_in("town_colleague");
    let today = colleague.get("/").await;
    today
        .sees(r#"今年见了 <span class="num">0</span> 位青年"#)
        .hides("宋知夏")
        .hides("叶舟");
    nights(&colleague, &today, 2).await;
    colleague
        .get("/today/met")
        .await
        .sees("共 0 位")
        .hides("宋知夏");
    // Another town's evenings are another's, the county's are those below it.
    let other = town.signed_in("town2_cadre");
    nights(&other, &other.get("/").await, 0).await;
    let county = town.signed_in("county_cadre");
    nights(&county, &county.get("/").await, 2).await;
    let city = town.signed_in("city_secretary");
    nights(&city, &city.get("/").await, 0).await;
}

/// 集中夜访 of the month stands there, and behind it as many rows.
async fn nights(who: &Browser, today: &Seen, n: i64) {
    today.sees(&format!("{n}／4 晚</a>"));
    let href = today.text.split("本单位本月集中夜访 <a href=\"").nth(1);
    let href = href
        .and_then(|rest| rest.split('"').next())
        .expect("a link");
    let href = href.replace("&#38;", "&");
    who.get(&href).await.sees(&format!("共 {n} 条"));
}

#[tokio::test]
async fn long_lists_have_pages_and_refuse_foreign_marks() {
    let town = Town::new().await;
    let mut youths = Vec::new();
    for n in 0..27 {
        let name = format!("宋{}", char::from_u32(0x4e00 + n).expect("a character"));
        let name: &'static str = name.leak();
        youths.push(youth(&town, "town_cadre", name).await);
    }
    visited(&town, "town_cadre", "2026-10-01", &youths).await;
    let cadre = town.signed_in("town_cadre");
    for path in ["/today/met", "/today/unseen"] {
        let page = cadre.get(path).await;
        page.sees("这一页 25 位，共 27 位");
        let start = format!("href=\"{path}?after=");
        let next = page.text.split(&start).nth(1).expect("a next page");
        let next = next.split('"').next().expect("a mark");
        let second = cadre.get(&format!("{path}?after={next}")).await;
        second.sees("这一页 2 位，共 27 位").shows("回到第一页");
        for name in page.text.split("<b>宋").skip(1) {
            let name = name.split('<').next().expect("a name");
            second.hides(&format!("<b>宋{name}</b>"));
        }
        cadre.get(&format!("{path}?after=visits.1.2")).await.is(400);
    }
    town.signed_in("operator").get("/today/met").await.is(403);
    town.stranger().get("/today/met").await.goes_to("/login");
}

#[tokio::test]
async fn who_leads_gets_the_overview_and_the_operator_the_committees() {
    let town = Town::new().await;
    for key in ["town_secretary", "county_admin", "city_secretary"] {
        let who = town.signed_in(key);
        who.get("/").await.sees(r#"href="/dashboard""#);
    }
    let operator = town.signed_in("operator").get("/").await;
    assert_eq!(operator.goes_to("/"), "/committees");
    town.stranger().get("/").await.goes_to("/login");
}

#[tokio::test]
async fn in_the_morning_it_says_so() {
    let town = Town::at(Clock::fixed(evening() - TimeDelta::hours(13))).await;
    town.signed_in("town_cadre")
        .get("/")
        .await
        .sees("早上好，林晓禾")
        .hides("今晚");
}
