//! 走访: cadres go out in the evening and listen. One submission makes the visit, the young people newly
//! met and the problems heard. It is corrected by its author within a day, later by him or the 书记 with
//! a reason, both texts kept; voided with a reason; doubles are pointed out and merged by hand. The own
//! committee reads the text, superiors after giving a purpose; with a minor or somebody in need among
//! those met only who went and the own 书记.

mod correct;
mod form;
mod model;
mod pages;
mod record;
pub mod store;
mod youths;

pub use correct::{Corrected, correct, merge, void};
pub use form::{Newcomer, People};
pub use model::{
    ADDED, CORRECTED, Filter, MERGED, Mode, Mood, PlaceKind, REVEALED, Source, State, Unmet,
    VOIDED, Visit, VisitId, When, number, tonight,
};
pub use record::{By, NewProblem, NewVisit, Outcome, Site, record};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "visits",
    routes,
    menu: &[
        MenuEntry {
            order: 30,
            href: "/visits",
            icon: "moon-star",
            label: "走访",
            who: Who::CADRES,
            tab: false,
        },
        MenuEntry {
            order: 35,
            href: "/visits/new",
            icon: "pen-line",
            label: "记走访",
            who: Who::CADRES,
            tab: true,
        },
    ],
    verbs: &[ADDED, CORRECTED, VOIDED, MERGED, REVEALED],
    jobs: &[],
};

fn routes() -> Routes {
    let who = Who::CADRES;
    Routes::new()
        .get("/visits", who, "走访列表", pages::list)
        .get("/visits/new", who, "走访表", pages::new)
        .post("/visits/new", who, "在走访表上找人、添一块", pages::retype)
        .post("/visits", who, "记一次走访", pages::create)
        .get("/visits/blank", who, "手机里留着的空走访表", pages::blank)
        .get("/visits/paper", who, "打印空白走访记录表", pages::paper)
        .get("/visits/{id}", who, "一次走访", pages::show)
        .get("/visits/{id}/saved", who, "记下了", pages::saved)
        .post(
            "/visits/{id}/reveal",
            who,
            "说明事由看走访内容",
            pages::reveal,
        )
        .get("/visits/{id}/edit", who, "更正走访", pages::edit)
        .post("/visits/{id}/edit", who, "保存更正", pages::update)
        .get("/visits/{id}/void", who, "作废走访", pages::void_form)
        .post("/visits/{id}/void", who, "确认作废", pages::void)
        .get("/visits/{id}/merge", who, "合并重复走访", pages::merge_form)
        .post("/visits/{id}/merge", who, "确认合并", pages::merge)
}
