//! 诉求: a young person's problem. It is heard (听), somebody stays with it (结), it is handled (办) and
//! the young person says how it went (评). What is possible stands in `moves`, what a move changes in
//! `effect`; the store makes it under a lock. The record changes hands between owner, handler and last
//! sender, and what hangs on it goes with it. Its text is read by the own committee and
//! by who handles it, superiors say why; of minors and people in need only who met them and the own
//! 书记 read it (`Issue::sight`).

pub mod clock;
pub mod due;
mod effect;
pub mod files;
mod form;
mod history;
mod lines;
mod model;
pub mod moves;
mod pages;
pub mod public;
pub mod store;
pub mod verdict;

pub use form::{DETAIL_MAX, check_detail};
pub use lines::{Due, Line, lines};
pub use model::{
    ADDED, ATTACHED, Act, Bar, CONTACTED, CORRECTED, Category, Closing, DeclineReason, DueFrom,
    FileId, Filter, Hand, Handler, Issue, IssueId, Kind, LINKED, Link, MOVED, Move, MoveId,
    NewIssue, NewMove, NewPublic, NewVerdict, Outcome, Queue, REVEALED, Side, Sight, Source, State,
    Urgency, VOIDED, Verdict, WITHDRAWN, Way, has_sensitive_words, number,
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
    verbs: &[
        ADDED, CORRECTED, MOVED, VOIDED, REVEALED, LINKED, CONTACTED, WITHDRAWN, ATTACHED,
    ],
    jobs: &[clock::JOB, files::JOB],
};

#[rustfmt::skip]
fn routes() -> Routes {
    Routes::new()
        .get("/issues", Who::CADRES, "诉求列表", pages::list)
        .get("/issues/hand", Who::CADRES, "几件诉求一起交办", pages::hand::form)
        .post("/issues/hand", Who::CADRES, "几件诉求一起交办", pages::hand::hand)
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
        .get("/issues/{id}/moves/{act}", Who::CADRES, "诉求的一步：受理、交办、办结……", pages::form)
        .post("/issues/{id}/moves/{act}", Who::CADRES, "走一步；谁能走哪一步见下表", pages::make)
        .get("/issues/{id}/link", Who::CADRES, "请青年评价：生成链接的表", pages::link::form)
        .post("/issues/{id}/link", Who::CADRES, "生成一次性的评价链接和二维码", pages::link::make)
        .post("/issues/{id}/contact", Who::CADRES, "看公开页反映人的姓名和电话", pages::contact::open)
        .get("/issues/{id}/files", Who::CADRES, "给进展、答复添附件", pages::files::form)
        .upload("/issues/{id}/files", Who::CADRES, "添一个附件", pages::files::add)
        .get("/files/{id}", Who::CADRES, "下载附件", pages::files::get)
        .get("/v/{token}", Who::Anyone, "青年评价页，凭一次性链接", pages::verdict::form)
        .post("/v/{token}", Who::Anyone, "青年评价，凭一次性链接", pages::verdict::give)
}
