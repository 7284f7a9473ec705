//! 走访的团组织、单位: villages and communities, enterprises, schools, youth homes. A village is one with
//! its committee of level 6; the others lie at the committee that first wrote them down. The whole
//! tenant reads them; an admin renames, merges and closes those of his own committees.

mod form;
mod model;
mod pages;
pub mod store;

pub use form::check_name;
pub use model::{
    ADDED, CLOSED, Filter, Kind, MERGED, Organisation, OrganisationId, RENAMED, State, Suggestion,
    Town, Village,
};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::routes::{Routes, Who};

pub const FEATURE: Feature = Feature {
    key: "organisations",
    routes,
    menu: &[MenuEntry {
        order: 82,
        href: "/organisations",
        icon: "map-pin",
        label: "走访单位",
        who: Who::ADMINS,
        tab: false,
    }],
    verbs: &[ADDED, RENAMED, MERGED, CLOSED],
    jobs: &[],
};

#[rustfmt::skip]
fn routes() -> Routes {
    Routes::new()
        .get("/organisations", Who::ADMINS, "走访的单位", pages::list)
        .post("/organisations", Who::ADMINS, "添一个走访的单位", pages::create)
        .get("/organisations/{id}", Who::ADMINS, "一个走访的单位", pages::show)
        .post("/organisations/{id}/name", Who::ADMINS, "改单位的名称", pages::rename)
        .post("/organisations/{id}/merge", Who::ADMINS, "并入另一个单位", pages::merge)
        .post("/organisations/{id}/close", Who::ADMINS, "停用单位", pages::close)
}
