//! The public page of a committee: a young person says what is hard or what could be, without account and
//! without script, and follows it by a query code. It reads nothing of the committee; the matter itself is
//! `issues::public`.

mod form;
mod pages;
mod visitor;

use crate::platform::feature::Feature;
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "intake",
    routes,
    menu: &[],
    verbs: &[],
    jobs: &[],
};

#[rustfmt::skip]
fn routes() -> Routes {
    Routes::new()
        .get("/poster", Who::CADRES, "本级公开页的二维码海报", pages::poster::show)
        .get("/p/{committee}", Who::Anyone, "公开页：跟团委说说", pages::ask::form)
        .post("/p/{committee}", Who::Anyone, "公开页提交一件事", pages::ask::take)
        .get("/track", Who::Anyone, "输查询码看进展", pages::track::form)
        .post("/track", Who::Anyone, "凭查询码看进展、补充、评价、删除自己的信息", pages::track::show)
}
