//! Cadres, their particulars and appointments.

mod directory;

pub use directory::{colleagues, in_office, names};

use super::model::{Appointment, Cadre, Nature, NewAppointment, NewCadre};
use crate::kit::pinyin::search_words;
use crate::platform::Result;
use crate::platform::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;

/// Writes a cadre down at a committee.
pub async fn add(
    db: &mut ScopedTx,
    at: Place,
    new: &NewCadre,
    account: Option<AccountId>,
) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "insert into cadres (tenant_id, id, committee_id, scope, name, words, account_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.name,
        words(&new.name),
        account.map(|id| id.0),
        now,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "insert into cadre_particulars
             (tenant_id, cadre_id, scope, phone, sex, birth_on, politics, education, work_unit)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        at.tenant.0,
        new.id.0,
        at.scope,
        new.phone,
        new.sex,
        new.birth_on,
        new.politics,
        new.education,
        new.work_unit,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The words of a name between spaces, so that a search for ` zhang` finds beginnings only.
fn words(name: &str) -> String {
    format!(" {} ", search_words(name, "").join(" "))
}

/// Appoints a cadre at a committee.
pub async fn appoint(db: &mut ScopedTx, at: Place, new: &NewAppointment) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "insert into appointments (tenant_id, id, committee_id, scope, cadre_id, account_id, role,
             post, nature, starts_on, is_primary, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.cadre.0,
        new.account.map(|id| id.0),
        new.role.code(),
        new.post,
        new.nature.code(),
        new.starts_on,
        new.is_primary,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// From the directory of the tenant.
pub async fn get(db: &mut ScopedTx, id: CadreId) -> Result<Option<Cadre>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        Cadre,
        r#"select id as "id: CadreId", tenant_id as "tenant_id: TenantId",
             committee_id as "committee_id: CommitteeId", scope, name,
             account_id as "account_id: AccountId", state, version
         from cadres
         where ($1::int is null or tenant_id = $1) and id = $2"#,
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The open appointments of an account, in whatever tenants; the account must be open in `db`.
/// The one marked as primary first.
pub async fn appointments_of(
    db: &mut ScopedTx,
    account: AccountId,
) -> Result<Vec<(Appointment, String)>> {
    let today = db.scope().today();
    let rows = sqlx::query!(
        r#"select a.id as "id: AppointmentId", a.tenant_id as "tenant_id: TenantId",
             a.committee_id as "committee_id: CommitteeId", a.scope, a.cadre_id as "cadre_id: CadreId",
             a.account_id as "account_id: AccountId", a.role, a.post, a.nature as "nature: Nature",
             a.starts_on, a.ends_on, a.is_primary, a.version, k.short_name
         from appointments a
         join committees k on k.id = a.committee_id
         where a.account_id = $1 and a.starts_on <= $2 and (a.ends_on is null or a.ends_on >= $2)
         order by a.is_primary desc, k.level, a.starts_on"#,
        account.0,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let appointment = Appointment {
                id: row.id,
                tenant_id: row.tenant_id,
                committee_id: row.committee_id,
                scope: row.scope,
                cadre_id: row.cadre_id,
                account_id: row.account_id,
                role: row.role,
                post: row.post,
                nature: row.nature,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                is_primary: row.is_primary,
                version: row.version,
            };
            (appointment, row.short_name)
        })
        .collect())
}
