//! 指标: every figure has one definition, one view and one way to count it; page, list, Excel and
//! roll-up all go through here. Each number opens exactly its rows.

mod behind;
pub mod dictionary;
mod indicator;
pub mod kept;
mod pages;
mod part;
pub mod rollup;
pub mod store;
mod units;
mod value;

pub use dictionary::{Counted, Indicator, Rollup};
pub use part::Part;
pub use store::Ask;
pub use units::{Unit, below, units_of};
pub use value::Value;

use std::time::Duration;

use crate::platform::feature::{Feature, Job, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "figures",
    routes,
    menu: &[MenuEntry {
        order: 65,
        href: "/indicators",
        icon: "file-text",
        label: "指标口径",
        who: Who::LEADERS,
        tab: false,
    }],
    verbs: &[],
    jobs: &[
        Job {
            name: "roll-up",
            every: Duration::from_secs(5),
            run: |scope| Box::pin(async move { rollup::catch_up(&scope).await }),
        },
        Job {
            name: "last-year-to-date",
            every: Duration::from_mins(10),
            run: |scope| Box::pin(async move { rollup::nightly(&scope).await }),
        },
    ],
};

fn routes() -> Routes {
    Routes::new()
        .get("/indicators", Who::CADRES, "指标口径", pages::dictionary)
        .get(
            "/figures/{code}",
            Who::CADRES,
            "一个数字背后的记录",
            pages::rows,
        )
}

/// Where a number leads: exactly its rows.
pub fn href(
    code: &str,
    committee: crate::platform::ids::CommitteeId,
    own: bool,
    period: crate::kit::period::Period,
) -> String {
    let own = if own { "&own=1" } else { "" };
    format!(
        "/figures/{code}?committee={committee}&{}{own}",
        period.query()
    )
}
