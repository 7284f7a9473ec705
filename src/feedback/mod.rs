//! 投诉建议 (国办函〔2026〕12号 asks for it on every page): whoever is signed in says what is wrong or
//! could be better; the committee's admin reads and answers; the author sees the answer. The 系统管理员
//! stands at no committee, so that nothing of his could lie anywhere or be answered: he is told whom to ask.

mod form;
mod model;
mod pages;
pub mod store;

pub use model::{ADDED, ANSWERED, Feedback, FeedbackId, NewFeedback};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "feedback",
    routes,
    menu: &[MenuEntry {
        order: 85,
        href: "/feedback",
        icon: "message-square-text",
        label: "投诉建议",
        who: Who::ADMINS,
        tab: false,
    }],
    verbs: &[ADDED, ANSWERED],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/feedback", Who::SignedIn, "投诉建议", pages::list)
        .post("/feedback", Who::CADRES, "提一条投诉建议", pages::create)
        .get("/feedback/{id}", Who::CADRES, "一条投诉建议", pages::show)
        .post(
            "/feedback/{id}/answer",
            Who::ADMINS,
            "答复投诉建议",
            pages::answer,
        )
}
