//! 诉求: a young person's problem, heard on a visit. Here it is born (待受理), corrected within a day
//! by who received it, and voided with a reason; its further life hangs on the same record, which
//! changes hands between owner, handler and last sender. Its text is read by the own committee and
//! by who handles it, superiors say why; of minors and people in need only who met them and the own
//! 书记 read it (`Issue::sight`).

mod form;
mod history;
mod lines;
mod model;
mod pages;
pub mod store;

pub use form::{DETAIL_MAX, check_detail};
pub use lines::{Line, lines};
pub use model::{
    ADDED, CORRECTED, Category, Filter, Handler, Issue, IssueId, NewIssue, REVEALED, Sight, State,
    Urgency, VOIDED, has_sensitive_words, number,
};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "issues",
    routes,
    menu: &[MenuEntry {
        order: 40,
        href: "/issues",
        icon: "message-square-text",
        label: "诉求",
        who: Who::CADRES,
        tab: true,
    }],
    verbs: &[ADDED, CORRECTED, VOIDED, REVEALED],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get("/issues", Who::CADRES, "诉求列表", pages::list)
        .get("/issues/{id}", Who::CADRES, "一件诉求", pages::show)
        .get("/issues/{id}/edit", Who::CADRES, "更正诉求", pages::edit)
        .post(
            "/issues/{id}/correction",
            Who::CADRES,
            "保存诉求的更正",
            pages::correct,
        )
        .post(
            "/issues/{id}/reveal",
            Who::CADRES,
            "说明事由查看诉求内容",
            pages::reveal,
        )
        .post("/issues/{id}/void", Who::CADRES, "作废诉求", pages::void)
}
