//! Numbers, repeated ids, filters and pages.

use chrono::NaiveDate;
use qingting::issues::{Category, Urgency};
use qingting::platform::Error;

use super::{add, heard, new};
use crate::harness::Town;

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

/// Twenty-seven of the town, the county's to handle; two of them of October, urgent, the town's own.
async fn many(town: &Town) {
    for n in 0..27 {
        let mut issue = new(town, &format!("第 {n} 件想办的事"), "county");
        if n < 2 {
            issue.category = Category::Housing;
            issue.urgency = Urgency::Urgent;
            issue.handler.committee = town.world.committee("town").place;
            issue.raised_on = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date");
        }
        heard(town, "town_cadre", issue).await;
    }
}

#[tokio::test]
async fn the_list_has_pages() {
    let town = Town::new().await;
    many(&town).await;
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
    let marks = [
        "after=visits.1.0199f1a0-0000-7000-8000-000000000001",
        "after=%00",
    ];
    for foreign in marks {
        county.get(&format!("/issues?{foreign}")).await.is(400);
    }
}

#[tokio::test]
async fn the_list_is_filtered() {
    let town = Town::new().await;
    many(&town).await;
    let county = town.signed_in("county_secretary");
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

/// 一览 and 今天 count what the lists hold that they open, on every level.
#[tokio::test]
async fn each_queue_on_the_board_and_on_the_first_page_is_its_list() {
    let year = super::year::generate().await;
    let now = &year.towns[2];
    let mut compared = 0;
    for key in [
        "city_secretary",
        "county_secretary",
        "sibling_secretary",
        "town_secretary",
    ] {
        let who = super::today(now, key).await;
        let county = now.world.committee("county").place.committee;
        let mut pages = vec!["/dashboard".to_owned(), "/".to_owned()];
        if key == "city_secretary" {
            pages.push(format!("/dashboard/{county}"));
        }
        for page in pages {
            let seen = who.get(&page).await;
            seen.is(200);
            for part in seen.text.split("href=\"/issues?queue=").skip(1) {
                let (query, rest) = part.split_once('"').expect("an address");
                let shown: String = crate::figures::between(rest, ">", "</a>")
                    .chars()
                    .filter(char::is_ascii_digit)
                    .collect();
                let list = format!("/issues?queue={}", query.replace("&#38;", "&"));
                let list = who.get(&list).await;
                let total = if list.text.contains("没有这样的诉求") {
                    "0"
                } else {
                    crate::figures::between(&list.text, "共 ", " ")
                };
                assert_eq!(shown, total, "{key}, {page}: {query}");
                compared += 1;
            }
        }
    }
    assert!(compared > 35, "{compared}");
}
