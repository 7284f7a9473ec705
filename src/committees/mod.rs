//! 团组织: the tree 省 → 市 → 县 → 乡镇街道 → 基层, each with its interval of codes. Names and kinds
//! are public; an admin adds, renames and closes committees below his own, the 系统管理员 plants a
//! city's whole tree from the real divisions.

pub mod divisions;
mod model;
pub mod planting;
pub mod store;
mod tree;

pub use model::{
    ADDED, CLOSED, Class, Committee, Kind, NewCommittee, Node, PLANTED, RENAMED, Tenant, What,
};
pub use tree::{Planted, SINCE, plant_tree};

use crate::platform::ids::CommitteeId;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

/// The same person at a committee inside the scope: drill-down. `NotFound` for every other.
pub async fn narrow(scope: &Scope, id: CommitteeId) -> Result<Scope> {
    if scope.committee() == id {
        return Ok(scope.clone());
    }
    let found = scope.look(async |db| store::get(db, id).await).await?;
    scope.narrow_to(found.ok_or(Error::NotFound)?.ground())
}
