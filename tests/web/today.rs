//! 今天: one's own numbers, each the number of rows on the page that it opens.

use chrono::{NaiveDate, TimeDelta};
use qingting::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use qingting::kit::clock::Clock;

use crate::harness::{Browser, Seen, Town, evening};

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
        .hides("明天就要交的材料");
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
