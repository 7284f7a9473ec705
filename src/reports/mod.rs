//! 年终表: the figures of any two dates beside last year's same period, by unit and for the level
//! itself, as page, print and Excel; each figure as a sentence to copy. An earlier figure that no
//! record carries may be typed once, with its 口径 and source, and is marked as such.

mod excel;
mod form;
mod model;
mod pages;
mod sentence;
mod store;
mod turns;
mod visits_file;

pub use model::{EXPORTED, NewTyped, TYPED, TypedId};
pub use store::save_typed;

use model::UNTYPED;

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "reports",
    routes,
    menu: &[MenuEntry {
        order: 60,
        href: "/reports/year-end",
        icon: "file-spreadsheet",
        label: "年终表",
        who: Who::LEADERS,
        tab: false,
    }],
    verbs: &[EXPORTED, TYPED, UNTYPED],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/reports/year-end", Who::LEADERS, "年终表", pages::year_end)
        .get(
            "/reports/year-end.xlsx",
            Who::LEADERS,
            "年终表的 Excel",
            pages::year_end_file,
        )
        .get(
            "/reports/sentence",
            Who::LEADERS,
            "一个数字的句子",
            pages::sentence,
        )
        .get(
            "/reports/typed",
            Who::LEADERS,
            "填上年的数",
            pages::typed_form,
        )
        .post(
            "/reports/typed",
            Who::LEADERS,
            "存上年的数",
            pages::typed_save,
        )
        .post(
            "/reports/typed/remove",
            Who::LEADERS,
            "撤掉填的上年的数",
            pages::typed_remove,
        )
        .get(
            "/reports/visits.xlsx",
            Who::LEADERS,
            "走访清单的 Excel",
            pages::visits_file,
        )
}
