//! 今天: the first page of a cadre. What is on tonight, what is still in the phone, whom he met this
//! year, which problems are in his hands, whom nobody has seen for long. No target, no ranking; each
//! number opens exactly its rows.

mod lists;
mod pages;

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "today",
    routes,
    menu: &[MenuEntry {
        order: 10,
        href: "/",
        icon: "house",
        label: "今天",
        who: Who::CADRES,
        tab: true,
    }],
    verbs: &[],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/", Who::SignedIn, "今天", pages::today)
        .get("/today/met", Who::CADRES, "我今年见过的青年", lists::met)
        .get(
            "/today/unseen",
            Who::CADRES,
            "我好久没见的青年",
            lists::unseen,
        )
}
