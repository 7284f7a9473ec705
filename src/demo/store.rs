//! What stands in a database before the demo is planted.

use std::sync::Arc;

use super::bulk::Planted;
use super::stage::DIVISION;
use crate::committees::{self, Committee};
use crate::issues::IssueId;
use crate::platform::Result;
use crate::platform::daybook::Verb;
use crate::platform::ids::{CommitteeId, TenantId};
use crate::platform::request::Request;
use crate::platform::scope::{Ground, Place, Scope};
use crate::platform::site::Site;
use crate::platform::transaction::ScopedTx;

/// How many cities besides the demo's are planted, and the demo's.
pub async fn tenants(db: &mut ScopedTx, demo: i64) -> Result<(i64, Option<Committee>)> {
    let others = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from committees
         where id = tenant_id and level = 3 and division_code is distinct from $1"#,
        demo,
    )
    .fetch_one(db.conn())
    .await?;
    let demo = committees::store::by_division(db, demo).await?;
    Ok((others, demo))
}

pub async fn is_planted(db: &mut ScopedTx, verb: Verb) -> Result<bool> {
    let tenant = db.scope().tenant();
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from day_book where tenant_id = $1 and verb = $2) as "found!""#,
        tenant.0,
        verb.code,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

/// The demo's city, its province, the centre: lowest first.
pub async fn roots(site: &Arc<Site>) -> Result<Vec<Ground>> {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    nobody
        .look(async |db| {
            let rows = sqlx::query!(
                r#"select a.id as "id: CommitteeId", a.tenant_id as "tenant_id: TenantId",
                     a.code_lo, a.code_hi, a.level, a.short_name, a.place_name
                 from committees c
                 join committees a on c.code_lo between a.code_lo and a.code_hi
                 where c.division_code = $1 and a.level <= c.level
                 order by a.level desc"#,
                DIVISION,
            )
            .fetch_all(db.conn())
            .await?;
            let ground = rows.into_iter().map(|row| Ground {
                place: Place {
                    tenant: row.tenant_id,
                    committee: row.id,
                    scope: row.code_lo,
                },
                hi: row.code_hi,
                level: row.level,
                short_name: row.short_name,
                place_name: row.place_name,
            });
            Ok(ground.collect())
        })
        .await
}

/// The areas and zones of the scope, in the order of their codes: those that go out.
pub async fn planted(db: &mut ScopedTx) -> Result<Vec<Planted>> {
    let (lo, hi) = (db.lo(), db.hi());
    let found = sqlx::query_as!(
        Planted,
        r#"select id, parent_id as parent, tenant_id as tenant, level, code_lo, place_name
         from committees
         where code_lo between $1 and $2 and kind in ('area', 'zone') and ends_on is null
         order by code_lo"#,
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Problems of the own committee that nobody has taken on yet, for everybody's eyes, heard before that day:
/// those that are not urgent first, then the newest.
pub async fn pending(
    db: &mut ScopedTx,
    before: chrono::NaiveDate,
    limit: i64,
) -> Result<Vec<IssueId>> {
    let at = db.scope().place();
    let found = sqlx::query_scalar!(
        r#"select id as "id: IssueId"
         from issues
         where tenant_id = $1 and committee_id = $2 and handler_committee_id = $2 and state = 'pending'
             and not is_sensitive and raised_on < $3
         order by urgency = '3' desc, urgency = '4' desc, raised_on desc, id
         limit $4"#,
        at.tenant.0,
        at.committee.0,
        before,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}
