//! To whom an issue can be handed over, to choose from.

use crate::committees::{self, Committee};
use crate::issues::model::{Issue, Move};
use crate::platform::Result;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::transaction::ScopedTx;

/// 交办: the units below who has it, then those beside it. 上报: those above it up to the city, then
/// the other units of the city.
pub async fn units(db: &mut ScopedTx, issue: &Issue, act: Move) -> Result<Vec<Committee>> {
    units_of(db, issue.handler_committee_id, issue.tenant_id, act).await
}

pub async fn units_of(
    db: &mut ScopedTx,
    holder: CommitteeId,
    tenant: TenantId,
    act: Move,
) -> Result<Vec<Committee>> {
    let path = committees::store::path(db, holder).await?;
    let mut all = Vec::new();
    match act {
        Move::Assign => {
            all.extend(committees::store::children(db, holder).await?);
            let above = path.iter().rev().nth(1).map(|it| it.id);
            if let Some(above) = above {
                all.extend(committees::store::children(db, above).await?);
            }
        }
        _ => {
            all.extend(path.iter().rev().skip(1).cloned());
            let city = path.iter().find(|it| it.tenant_id == tenant);
            if let Some(city) = city {
                let below = committees::store::children(db, city.id).await?;
                let known: Vec<CommitteeId> = path.iter().map(|it| it.id).collect();
                all.extend(below.into_iter().filter(|it| !known.contains(&it.id)));
            }
        }
    }
    let today = db.scope().today();
    all.retain(|it| it.tenant_id == tenant && it.id != holder && it.is_open(today));
    Ok(all)
}
