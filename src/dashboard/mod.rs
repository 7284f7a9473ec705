//! 一览: a committee at a glance, drilling down the tree by its address. It reads the roll-ups only;
//! every number opens exactly its rows. Counties stand in administrative order, averages beside
//! totals; nothing is ranked.

mod board;
mod pages;
mod store;

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "dashboard",
    routes,
    menu: &[MenuEntry {
        order: 20,
        href: "/dashboard",
        icon: "layout-dashboard",
        label: "一览",
        who: Who::LEADERS,
        tab: false,
    }],
    verbs: &[],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/dashboard", Who::LEADERS, "一览", pages::home)
        .get(
            "/dashboard/{committee}",
            Who::LEADERS,
            "下级单位的一览",
            pages::below,
        )
}
