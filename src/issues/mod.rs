//! 诉求: a young person's problem. It is heard (听), somebody stays with it (结), it is handled (办) and
//! the young person says how it went (评). What is possible stands in `moves`, what a move changes in
//! `effect`; the store makes it under a lock. The record changes hands between owner, handler and last
//! sender, and what hangs on it goes with it. Its text is read by the own committee and
//! by who handles it, superiors say why; of minors and people in need only who met them and the own
//! 书记 read it (`Issue::sight`).

pub mod alike;
pub mod clock;
pub mod due;
mod effect;
pub mod files;
pub mod follow;
mod form;
pub mod handoffs;
mod history;
mod lines;
mod model;
pub mod moves;
pub mod notices;
mod origin;
mod pages;
pub mod parts;
pub mod public;
pub mod recount;
pub mod store;
pub mod verdict;

pub use form::{DETAIL_MAX, check_detail};
pub use lines::{Due, Line, lines};
pub use model::{
    ADDED, ATTACHED, Act, Bar, CONTACTED, CORRECTED, Category, Closing, DEPUTY_ENDED, DEPUTY_SET,
    DeclineReason, Deputy, DeputyId, DueFrom, FileId, Filter, FollowedUp, Hand, Handler, Handoff,
    HandoffId, Issue, IssueId, Kind, LINKED, Link, MOVED, Means, Move, MoveId, NewDeputy,
    NewFollowUp, NewHandoff, NewIssue, NewMove, NewPart, NewPublic, NewVerdict, Outcome,
    PART_LINKED, Part, PartId, PartLink, PartState, PartStep, Partner, Queue, RECOUNTED, REVEALED,
    RULES_CHANGED, Satisfaction, Share, Side, Sight, Source, State, Truth, Urgency, VOIDED,
    Verdict, WITHDRAWN, Way, has_sensitive_words, number,
};
pub use origin::Origin;

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "issues",
    routes,
    menu: &[
        MenuEntry {
            order: 40,
            href: "/issues",
            icon: "message-square-text",
            label: "诉求",
            who: Who::CADRES,
            tab: true,
        },
        MenuEntry {
            order: 45,
            href: "/notices",
            icon: "bell",
            label: "提醒",
            who: Who::CADRES,
            tab: false,
        },
        MenuEntry {
            order: 83,
            href: "/rules",
            icon: "clock",
            label: "办理期限",
            who: Who::LEADERS,
            tab: false,
        },
        MenuEntry {
            order: 86,
            href: "/deputies",
            icon: "users",
            label: "请假代办",
            who: Who::CADRES,
            tab: false,
        },
    ],
    verbs: &[
        ADDED,
        CORRECTED,
        MOVED,
        VOIDED,
        REVEALED,
        LINKED,
        PART_LINKED,
        DEPUTY_SET,
        DEPUTY_ENDED,
        RULES_CHANGED,
        RECOUNTED,
        CONTACTED,
        WITHDRAWN,
        ATTACHED,
    ],
    jobs: &[
        clock::JOB,
        handoffs::JOB,
        follow::JOB,
        recount::JOB,
        files::JOB,
    ],
};

#[rustfmt::skip]
fn routes() -> Routes {
    Routes::new()
        .get("/issues", Who::CADRES, "诉求列表", pages::list)
        .get("/issues/hand", Who::CADRES, "几件诉求一起交办", pages::hand::form)
        .post("/issues/hand", Who::CADRES, "几件诉求一起交办", pages::hand::hand)
        .get("/issues/follow-ups", Who::CADRES, "待回访", pages::follow::list)
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
        .get("/issues/{id}/parts/new", Who::CADRES, "请别的单位或者部门协办的表", pages::parts::new)
        .post("/issues/{id}/parts/new", Who::CADRES, "请协办；办理这件事的人能请", pages::parts::create)
        .get("/issues/{id}/handoff", Who::CADRES, "报省团委的表", pages::handoff::form)
        .post("/issues/{id}/handoff", Who::CADRES, "报省团委；在市里办理这件事的人能报", pages::handoff::send)
        .get("/parts", Who::CADRES, "请本单位协办的", pages::part::list)
        .get("/parts/{id}", Who::CADRES, "一件协办：协办单位和看得到整件诉求的人", pages::part::show)
        .post("/parts/{id}/sign", Who::CADRES, "签收协办；协办单位的团干部", pages::part::sign)
        .post("/parts/{id}/answer", Who::CADRES, "答复或者退回协办；协办单位的团干部", pages::part::answer)
        .post("/parts/{id}/withdraw", Who::CADRES, "撤回协办；办理整件诉求的人", pages::part::withdraw)
        .post("/parts/{id}/link", Who::CADRES, "给没有账号的部门生成一次性链接和二维码", pages::part::link)
        .get("/d/{token}", Who::Anyone, "部门看协办的事，凭一次性链接", pages::department::form)
        .post("/d/{token}", Who::Anyone, "部门答复或者退回，凭一次性链接", pages::department::answer)
        .get("/issues/{id}/follow-up", Who::CADRES, "回访表", pages::follow::form)
        .post("/issues/{id}/follow-up", Who::CADRES, "存下回访；谁能回访见下表", pages::follow::make)
        .get("/notices", Who::CADRES, "给我的提醒", pages::notices::list)
        .post("/notices/read", Who::CADRES, "提醒都看过了", pages::notices::read_all)
        .post("/notices/{id}/open", Who::CADRES, "看一条提醒，打开那件诉求", pages::notices::open)
        .get("/rules", Who::CADRES, "办理期限", pages::rules::show)
        .post("/rules", Who::LEADERS, "改办理期限，先看会怎样；只有市级", pages::rules::save)
        .get("/deputies", Who::CADRES, "请假代办", pages::deputies::list)
        .post("/deputies", Who::CADRES, "设代办；给别人设只有书记、管理员", pages::deputies::set)
        .post("/deputies/{id}/end", Who::CADRES, "提前结束代办", pages::deputies::end)
        .post("/issues/{id}/contact", Who::CADRES, "看公开页反映人的姓名和电话", pages::contact::open)
        .get("/issues/{id}/files", Who::CADRES, "给进展、答复添附件", pages::files::form)
        .upload("/issues/{id}/files", Who::CADRES, "添一个附件", pages::files::add)
        .get("/files/{id}", Who::CADRES, "下载附件", pages::files::get)
        .get("/v/{token}", Who::Anyone, "青年评价页，凭一次性链接", pages::verdict::form)
        .post("/v/{token}", Who::Anyone, "青年评价，凭一次性链接", pages::verdict::give)
}
