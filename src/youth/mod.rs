//! 青年: the young people a committee stays in touch with, and nothing more of them than that takes.
//! Lent to us: whoever met or registered them sees the name whole; the own committee reads the rest
//! under masked names; the committees above see masked lists, and a page after saying why. 困境、重点
//! and minors are for who met them and the committee's 书记, and are only counted by all others.

mod form;
mod history;
mod model;
mod pages;
mod query;
mod record;
pub mod store;

pub use model::{
    ADDED, Acquaintance, CALLED, Care, Consent, EDITED, Found, Group, Lies, MET, NewYouth, PASTED,
    REVEALED, Shown, Source, UNMET, Unmet, YouthId, age_on,
};
pub use record::{Filter, Likeness, Listed, Roll, Sight, Twin, Youth};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "youth",
    routes,
    menu: &[MenuEntry {
        order: 50,
        href: "/youth",
        icon: "users",
        label: "青年",
        who: Who::CADRES,
        tab: true,
    }],
    verbs: &[ADDED, EDITED, MET, UNMET, REVEALED, CALLED, PASTED],
    jobs: &[],
};

#[rustfmt::skip]
fn routes() -> Routes {
    Routes::new()
        .get("/youth", Who::CADRES, "青年名单", pages::list)
        .post("/youth", Who::CADRES, "登记青年", pages::create)
        .get("/youth/new", Who::CADRES, "登记青年的表", pages::new)
        .post("/youth/search", Who::CADRES, "找青年", pages::search)
        .get("/youth/paste", Who::CADRES, "粘贴名单的表", pages::paste_form)
        .post("/youth/paste", Who::CADRES, "看粘贴的名单、加上", pages::paste)
        .get("/youth/pasted", Who::CADRES, "粘贴名单的结果", pages::pasted)
        .get("/youth/{id}", Who::CADRES, "一位青年的档案", pages::show)
        .post("/youth/{id}", Who::CADRES, "保存改过的档案", pages::update)
        .get("/youth/{id}/edit", Who::CADRES, "改青年的档案", pages::edit)
        .get("/youth/{id}/reveal", Who::CADRES, "查看青年档案前说明事由", pages::ask)
        .post("/youth/{id}/reveal", Who::CADRES, "说明事由查看青年档案", pages::reveal)
        .post("/youth/{id}/call", Who::CADRES, "拨打青年的电话", pages::call)
}
