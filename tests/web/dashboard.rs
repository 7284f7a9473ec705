//! 一览: the figures of `figures.rs`, each opening its rows; the address is the scope.

use crate::figures::{LEVELS, PERIOD, by_hand, filled};

#[tokio::test]
async fn the_dashboard_shows_the_same_and_opens_it() {
    let town = filled().await;
    for (place, who) in LEVELS {
        let committee = town.world.committee(place).place.committee;
        let page = town.signed_in(who).get("/dashboard").await;
        for code in ["C05", "C02", "C07", "C09", "D01"] {
            let link = format!("/figures/{code}?committee={committee}&#38;{PERIOD}");
            let link = link.replace("&from", "&#38;from").replace("&to", "&#38;to");
            let after = page.text.split(&link).nth(1).or_else(|| {
                let plain = link.replace("&#38;", "&");
                page.text.split(&plain).nth(1)
            });
            let after =
                after.unwrap_or_else(|| panic!("{place} has no link {link}: {}", page.text));
            let hand = by_hand(code, place).to_string();
            let shown = after.split("</a>").next().expect("a link");
            assert!(
                shown.contains(&hand),
                "{code} at {place}: {shown} is not {hand}"
            );
        }
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
    city.get("/figures/C05?from=x").await.is(400);
    city.get("/figures/C05?after=C06~2026-01-01~x")
        .await
        .is(400);
    city.get("/figures/X99").await.is(404);
    city.get("/figures/D09?category=77").await.is(400);
}
