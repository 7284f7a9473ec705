//! 团干部 and their appointments (任职): who holds which post at which committee, from when to when.
//! Names and posts are a directory in the whole tenant; phone and birth are read by the leaders of
//! one's own line. An admin takes into office, changes, ends; leaving ends access at once, records
//! stay with the committee. The pages of the tree stand here too, because they show who is in office.

mod engage;
mod form;
mod model;
mod pages;
pub mod store;

pub use engage::{Engaged, engage};
pub use model::{
    ADDED, APPOINTED, Access, Appointment, CHANGED, CODE_GIVEN, Cadre, ENDED, Education, Filter,
    Held, InOffice, Listed, Nature, NewAppointment, NewCadre, Particulars, Politics, Seat, Sex,
};

use crate::committees::KEEPERS;
use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "cadres",
    routes,
    menu: &[MenuEntry {
        order: 81,
        href: "/cadres",
        icon: "users",
        label: "团干部",
        who: Who::ADMINS,
        tab: false,
    }],
    verbs: &[ADDED, CHANGED, APPOINTED, ENDED, CODE_GIVEN],
    jobs: &[],
};

fn routes() -> Routes {
    tree().merge(people())
}

#[rustfmt::skip]
fn tree() -> Routes {
    use pages::tree;
    Routes::new()
        .get("/committees", KEEPERS, "团组织树", tree::index)
        .get("/committees/{id}", Who::ADMINS, "一个团组织和它的团干部", tree::one)
        .get("/committees/{id}/close", Who::ADMINS, "撤销团组织", tree::close::ask)
        .post("/committees/{id}/close", Who::ADMINS, "撤销团组织", tree::close::close)
        .get("/committees/{id}/founding", Who::OPERATOR, "任命第一位管理员", tree::founding::new)
        .post("/committees/{id}/founding", Who::OPERATOR, "任命第一位管理员", tree::founding::create)
}

#[rustfmt::skip]
fn people() -> Routes {
    use pages::{code, edit, leave, list, new, show};
    Routes::new()
        .get("/cadres", Who::ADMINS, "团干部名单", list::list)
        .post("/cadres/search", Who::ADMINS, "找团干部", list::search)
        .get("/cadres/new", Who::ADMINS, "添团干部", new::new)
        .post("/cadres", Who::ADMINS, "添团干部", new::create)
        .get("/cadres/{id}", Who::CADRES, "一名团干部；手机、生日只有本线书记和管理员看", show::show)
        .get("/cadres/{id}/edit", Who::ADMINS, "改团干部的资料", edit::edit)
        .post("/cadres/{id}/edit", Who::ADMINS, "改团干部的资料", edit::update)
        .get("/cadres/{id}/appointments/new", Who::ADMINS, "再任一职", new::new_office)
        .post("/cadres/{id}/appointments", Who::ADMINS, "再任一职", new::create_office)
        .get("/cadres/{id}/leave", Who::ADMINS, "结束任职", leave::ask)
        .post("/cadres/{id}/leave", Who::ADMINS, "结束任职，立即不能登录", leave::leave)
        .post("/cadres/{id}/code", Who::ADMINS, "发一次性口令", code::give)
}
