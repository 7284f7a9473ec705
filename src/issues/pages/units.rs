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
    let all = if act == Move::Assign {
        below_and_beside(db, holder, &path).await?
    } else {
        above_and_elsewhere(db, tenant, path).await?
    };
    let today = db.scope().today();
    let is_fit = |it: &Committee| it.tenant_id == tenant && it.id != holder && it.is_open(today);
    Ok(all.into_iter().filter(is_fit).collect())
}

async fn below_and_beside(
    db: &mut ScopedTx,
    holder: CommitteeId,
    path: &[Committee],
) -> Result<Vec<Committee>> {
    let mut all = committees::store::children(db, holder).await?;
    if let Some(above) = path.iter().rev().nth(1) {
        all.extend(committees::store::children(db, above.id).await?);
    }
    Ok(all)
}

async fn above_and_elsewhere(
    db: &mut ScopedTx,
    tenant: TenantId,
    path: Vec<Committee>,
) -> Result<Vec<Committee>> {
    let known: Vec<CommitteeId> = path.iter().map(|it| it.id).collect();
    let city = path.iter().find(|it| it.tenant_id == tenant);
    let elsewhere = match city {
        Some(city) => committees::store::children(db, city.id).await?,
        None => Vec::new(),
    };
    let elsewhere = elsewhere.into_iter().filter(|it| !known.contains(&it.id));
    let elsewhere: Vec<Committee> = elsewhere.collect();
    Ok(path.into_iter().rev().skip(1).chain(elsewhere).collect())
}
