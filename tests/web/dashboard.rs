//! 一览: the figures of `figures.rs`, each opening its rows; the address is the scope.

use std::sync::{Arc, Mutex};

use crate::figures::{Days, LEVELS, address, behind, between, by_hand, filled};

#[tokio::test]
async fn the_dashboard_shows_the_same_and_opens_it() {
    let town = filled().await;
    for (place, who) in LEVELS.into_iter().filter(|(place, _)| *place != "own") {
        let page = town.signed_in(who).get("/dashboard").await;
        for code in ["C05", "C02", "C07", "C09", "D01"] {
            let link = address(&town, code, place, Days::NOW).replace('&', "&#38;");
            let kpi = format!("<a class=\"card kpi\" href=\"{link}\">");
            let shown = between(&page.text, &kpi, "</a>");
            let (now, before) = (
                by_hand(code, place, Days::NOW).0,
                by_hand(code, place, Days::BEFORE).0,
            );
            assert!(
                shown.contains(&format!(">{now} <")),
                "{code} at {place}: {shown} is not {now}"
            );
            assert!(
                shown.contains(&format!("上年同期 {before}，")),
                "{code} at {place}: {shown} does not say {before}"
            );
        }
    }
    // The level below, and 市本级, each opening its rows.
    let city = town.signed_in("city_secretary").get("/dashboard").await;
    for place in ["county", "sibling", "own"] {
        for code in ["A07", "C05", "C06", "C02", "C07", "D01"] {
            let link = address(&town, code, place, Days::NOW).replace('&', "&#38;");
            let shown = between(&city.text, &format!("href=\"{link}\">"), "</a>");
            let hand = by_hand(code, place, Days::NOW).0;
            assert_eq!(shown, hand.to_string(), "{code} at {place}");
        }
    }
}

/// Of a chart's table, this year's and last year's number open their rows.
#[tokio::test]
async fn months_of_both_years_open_their_rows() {
    let town = filled().await;
    let browser = town.signed_in("county_secretary");
    let page = browser.get("/dashboard").await;
    for days in [
        Days("2026-11-01", "2026-11-30"),
        Days("2026-10-01", "2026-10-31"),
        Days("2025-11-01", "2025-11-30"),
        Days("2025-12-01", "2025-12-31"),
        Days("2025-02-01", "2025-02-28"),
    ] {
        let address = address(&town, "C05", "county", days);
        let link = address.replace('&', "&#38;");
        let shown = between(&page.text, &format!("href=\"{link}\">"), "</a>");
        let hand = by_hand("C05", "county", days).0;
        assert_eq!(shown, hand.to_string(), "{days:?}");
        assert_eq!(behind(&browser, &address).await.total, hand, "{days:?}");
    }
    page.hides("2026-12-01");
}

#[tokio::test]
async fn sorting_has_a_way_back_and_paper_a_button() {
    let town = filled().await;
    let browser = town.signed_in("city_secretary");
    let plain = browser.get("/dashboard").await;
    plain
        .sees("按行政区划顺序")
        .hides("回到行政区划顺序")
        .shows("data-print");
    let city = town.world.committee("city").place.committee;
    let sorted = browser
        .get(&format!("/dashboard/{city}?span=year&sort=C05"))
        .await;
    sorted.sees("回到行政区划顺序").shows("aria-sort");
    let order = |text: &str| {
        let at = |name: &str| text.find(&format!(">{name}</a></th>")).expect("a row");
        at("望江区") < at("青溪县")
    };
    assert!(order(&plain.text) && !order(&sorted.text));
    let back = sorted
        .text
        .split_once("\">回到行政区划顺序")
        .expect("a link")
        .0;
    let back = back.rsplit_once("href=\"").expect("an address").1;
    let back = back.replace("&#38;", "&");
    let again = browser
        .get(back.split('#').next().expect("an address"))
        .await;
    assert!(order(&again.text));
    // The time may be changed without losing the order.
    sorted.shows("span=month&#38;sort=C05");
}

/// The log line of a request says how many.
#[tokio::test]
async fn a_page_asks_the_database_five_times_at_most() {
    let town = filled().await;
    let log = Log::default();
    let lines = log.clone();
    let listener = tracing_subscriber::fmt().with_writer(move || lines.clone());
    let _listening = tracing::subscriber::set_default(listener.with_ansi(false).finish());
    // Other tests, which nobody listens to, may have met the log line first.
    tracing::callsite::rebuild_interest_cache();
    let county = town.world.committee("county").place.committee;
    let browser = town.signed_in("city_secretary");
    // The session and the line of a committee are believed for a while: read once before. Opening the
    // transaction counts as one.
    for address in ["/dashboard".to_owned(), format!("/dashboard/{county}")] {
        browser.get(&address).await.is(200);
        browser.get(&address).await.is(200);
        println!("{address}: {} queries", log.queries());
        assert!(log.queries() <= 5);
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Of the last request.
    fn queries(&self) -> u32 {
        let bytes = self.0.lock().expect("the log").clone();
        let text = String::from_utf8(bytes).expect("text");
        let line = text.lines().rfind(|line| line.contains("queries="));
        let line = line.unwrap_or_else(|| panic!("no request in: {text}"));
        between(line, "queries=", " ").parse().expect("a number")
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn drilling_down_is_the_address_and_a_sibling_is_not_there() {
    let town = filled().await;
    let id = |key| town.world.committee(key).place.committee;
    let city = town.signed_in("city_secretary");
    city.get("/dashboard")
        .await
        .sees("青溪县")
        .shows("市本级")
        .shows("直属系统");
    city.get(&format!("/dashboard/{}", id("county")))
        .await
        .sees("溪口镇");
    let county = town.signed_in("county_secretary");
    county
        .get(&format!("/dashboard/{}", id("sibling")))
        .await
        .is(404);
    county
        .get(&format!("/dashboard/{}", id("city")))
        .await
        .is(404);
    county
        .get(&format!("/dashboard/{}", id("other_city")))
        .await
        .is(404);
    county
        .get(&format!("/figures/C05?committee={}", id("sibling")))
        .await
        .is(404);
    county
        .get(&format!("/reports/year-end?committee={}", id("sibling")))
        .await
        .is(404);
    town.signed_in("town_cadre").get("/dashboard").await.is(403);
    city.get("/dashboard?span=decade").await.is(400);
    city.get("/dashboard?sort=name").await.is(400);
    city.get("/dashboard?period=zz").await.is(400);
    city.get("/figures/C05?from=x").await.is(400);
    city.get("/figures/C05?after=C06~2026-01-01~x")
        .await
        .is(400);
    // A row of a sum is named by record and key.
    city.get("/figures/C02?after=C02~2026-01-01~x")
        .await
        .is(400);
    city.get("/figures/X99").await.is(404);
    city.get("/figures/D09?category=77").await.is(400);
}
