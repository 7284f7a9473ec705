//! 团组织: the tree 省 → 市 → 县 → 乡镇街道 → 基层, each with its interval of codes. Names and kinds
//! are public; an admin adds, renames and closes committees below his own, the 系统管理员 plants a
//! city's whole tree from the real divisions. The pages that show a committee stand in `cadres`,
//! because they show who is in office.

pub mod divisions;
mod form;
mod kept;
mod model;
mod pages;
pub mod planting;
pub mod store;
mod tree;

pub use form::{CloseForm, date};
pub use kept::{forget, narrow};
pub use model::{
    ADDED, CLOSED, Class, Committee, Kind, NewCommittee, Node, PLANTED, RENAMED, Tenant, What,
};
pub use tree::{Planted, SINCE, plant_tree};

use crate::platform::feature::{Feature, MenuEntry};
use crate::platform::ids::CommitteeId;
use crate::platform::routes::{Routes, Who};
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

/// 管理员 see their own tree, the 系统管理员 the heads of all.
pub const KEEPERS: Who = Who::Roles(&[Role::Admin, Role::System]);

pub const FEATURE: Feature = Feature {
    key: "committees",
    routes,
    menu: &[MenuEntry {
        order: 80,
        href: "/committees",
        icon: "network",
        label: "团组织",
        who: KEEPERS,
        tab: false,
    }],
    verbs: &[PLANTED, ADDED, RENAMED, CLOSED],
    jobs: &[],
};

fn routes() -> Routes {
    Routes::new()
        .get(
            "/committees/plant",
            Who::OPERATOR,
            "选一个市，看要建的团组织树",
            pages::plant::choose,
        )
        .post(
            "/committees/plant",
            Who::OPERATOR,
            "建立一个市的团组织树",
            pages::plant::plant,
        )
        .get(
            "/committees/{id}/new",
            Who::ADMINS,
            "添下级团组织",
            pages::edit::new,
        )
        .post(
            "/committees/{id}/new",
            Who::ADMINS,
            "添下级团组织",
            pages::edit::create,
        )
        .get(
            "/committees/{id}/edit",
            Who::ADMINS,
            "改团组织的名称",
            pages::edit::edit,
        )
        .post(
            "/committees/{id}/edit",
            Who::ADMINS,
            "改团组织的名称",
            pages::edit::update,
        )
}

/// A committee inside the scope; `NotFound` for every other.
pub async fn within(scope: &Scope, id: CommitteeId) -> Result<Committee> {
    let found = scope.look(async |db| store::get(db, id).await).await?;
    found
        .filter(|it| scope.ground().contains(it.code_lo))
        .ok_or(Error::NotFound)
}
