//! 放假安排: which days are off and which weekend days are worked (调休), by the State Council's notice of
//! each year. Years up to 2026 come with the program; later ones are typed in by the 系统管理员, once for
//! every city, because the notice is the same for all of them and nothing is to be asked twice. A year
//! whose notice is not known counts weekends only, and whoever shows a deadline says so.

mod form;
mod model;
mod pages;
pub mod store;

pub use model::{CHANGED, NewYear, Year};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "calendar",
    routes,
    menu: &[MenuEntry {
        order: 82,
        href: "/calendar",
        icon: "calendar-days",
        label: "放假安排",
        who: Who::OPERATOR,
        tab: false,
    }],
    verbs: &[CHANGED],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/calendar", Who::SignedIn, "放假和调休", pages::show)
        .post(
            "/calendar",
            Who::OPERATOR,
            "录入一年的放假安排，先看认出的日子",
            pages::save,
        )
}
