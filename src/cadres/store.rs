//! Cadres, their particulars and appointments.

mod directory;
mod list;

pub use directory::{colleagues, count_in_office, in_office, names, seats};
pub use list::{Tally, list, search, tally};

use chrono::NaiveDate;

use super::model::{
    Access, Appointment, Cadre, Education, Held, Nature, NewAppointment, NewCadre, Particulars,
    Politics, Sex,
};
use crate::accounts;
use crate::kit::pinyin::search_words;
use crate::platform::error::on_constraint;
use crate::platform::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// One who appoints in a tenant at a time, until the transaction ends: the same form twice at once, or
/// two admins with one phone number, see what the other has written.
pub async fn line_up(db: &mut ScopedTx, tenant: TenantId) -> Result<()> {
    const APPOINTING: i32 = 0x5143;
    sqlx::query!("select pg_advisory_xact_lock($1, $2)", APPOINTING, tenant.0)
        .execute(db.conn())
        .await?;
    Ok(())
}

/// Writes a cadre down at a committee. `Stale` when the account is another cadre's.
pub async fn add(
    db: &mut ScopedTx,
    at: Place,
    new: &NewCadre,
    account: Option<AccountId>,
) -> Result<()> {
    let now = db.now();
    let outcome = sqlx::query!(
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
    .await;
    on_constraint(outcome, "cadres_account_once", || Error::Stale(""))?;
    sqlx::query!(
        "insert into cadre_particulars
             (tenant_id, cadre_id, scope, phone, sex, birth_on, politics, education, work_unit)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        at.tenant.0,
        new.id.0,
        at.scope,
        new.phone,
        new.sex.map(Sex::code),
        new.birth_on,
        new.politics.map(Politics::code),
        new.education.map(Education::code),
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

/// Appoints a cadre at a committee. `Stale` when he holds that post there.
pub async fn appoint(db: &mut ScopedTx, at: Place, new: &NewAppointment) -> Result<()> {
    let now = db.now();
    let outcome = sqlx::query!(
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
    .await;
    on_constraint(outcome, "appointments_once", || Error::Stale(""))?;
    Ok(())
}

/// From the directory of the tenant.
pub async fn get(db: &mut ScopedTx, id: CadreId) -> Result<Option<Cadre>> {
    let tenant = db.tenant_filter();
    let found = sqlx::query_as!(
        Cadre,
        r#"select id as "id: CadreId", tenant_id as "tenant_id: TenantId",
             committee_id as "committee_id: CommitteeId", scope, name,
             account_id as "account_id: AccountId", version
         from cadres
         where ($1::int is null or tenant_id = $1) and id = $2"#,
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// The cadre of a phone number in one tenant, wherever he is written down: by the account that signs
/// in with it, or, where he has none, by his particulars.
pub async fn by_number(db: &mut ScopedTx, tenant: TenantId, phone: &str) -> Result<Option<Cadre>> {
    let account = accounts::find(db, phone).await?;
    let key = accounts::phone_hash(phone);
    let found = sqlx::query_as!(
        Cadre,
        r#"select c.id as "id: CadreId", c.tenant_id as "tenant_id: TenantId",
             c.committee_id as "committee_id: CommitteeId", c.scope, c.name,
             c.account_id as "account_id: AccountId", c.version
         from cadres c
         where c.tenant_id = $1
             and (c.account_id = $2 or exists (
                 select
                 from cadre_particulars p
                 where p.tenant_id = c.tenant_id and p.cadre_id = c.id and p.phone_hash = $3))
         order by (c.account_id = $2) is true desc, c.created_at, c.id
         limit 1"#,
        tenant.0,
        account.map(|id| id.0),
        key,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Gives a cadre without one this account, and with it his posts, as far as they lie in the scope.
pub async fn open_posts(db: &mut ScopedTx, of: &Cadre, account: AccountId) -> Result<()> {
    sqlx::query!(
        "update cadres
         set account_id = $3, version = version + 1
         where tenant_id = $1 and id = $2 and account_id is null",
        of.tenant_id.0,
        of.id.0,
        account.0,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "update appointments
         set account_id = $3, version = version + 1
         where tenant_id = $1 and cadre_id = $2 and account_id is null",
        of.tenant_id.0,
        of.id.0,
        account.0,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Nothing out of the reader's line.
pub async fn particulars(db: &mut ScopedTx, of: &Cadre) -> Result<Option<Particulars>> {
    let found = sqlx::query_as!(
        Particulars,
        r#"select phone, sex as "sex: Sex", birth_on, politics as "politics: Politics",
             education as "education: Education", work_unit
         from cadre_particulars
         where tenant_id = $1 and cadre_id = $2"#,
        of.tenant_id.0,
        of.id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Name and particulars, if nobody has changed them since.
pub async fn save(db: &mut ScopedTx, old: &Cadre, name: &str, new: &Particulars) -> Result<()> {
    let outcome = sqlx::query!(
        "update cadres
         set name = $4, words = $5, version = version + 1
         where tenant_id = $1 and id = $2 and version = $3",
        old.tenant_id.0,
        old.id.0,
        old.version,
        name,
        words(name),
    )
    .execute(db.conn())
    .await?;
    if outcome.rows_affected() == 0 {
        return Err(Error::Stale(""));
    }
    sqlx::query!(
        "update cadre_particulars
         set phone = $3, sex = $4, birth_on = $5, politics = $6, education = $7, work_unit = $8
         where tenant_id = $1 and cadre_id = $2",
        old.tenant_id.0,
        old.id.0,
        new.phone,
        new.sex.map(Sex::code),
        new.birth_on,
        new.politics.map(Politics::code),
        new.education.map(Education::code),
        new.work_unit,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Every appointment of a cadre in the tenant, those that last first.
pub async fn appointments(db: &mut ScopedTx, cadre: CadreId) -> Result<Vec<Held>> {
    let (tenant, today) = (db.tenant_filter(), db.scope().today());
    let rows = sqlx::query!(
        r#"select a.id as "id: AppointmentId", a.tenant_id as "tenant_id: TenantId",
             a.committee_id as "committee_id: CommitteeId", a.scope, a.cadre_id as "cadre_id: CadreId",
             a.account_id as "account_id: AccountId", a.role as "role: Access", a.post,
             a.nature as "nature: Nature", a.starts_on, a.ends_on, a.is_primary, a.version, k.short_name
         from appointments a
         join committees k on k.id = a.committee_id
         where ($1::int is null or a.tenant_id = $1) and a.cadre_id = $2
         order by a.ends_on is null or a.ends_on > $3 desc, a.is_primary desc, a.starts_on desc, a.id"#,
        tenant,
        cadre.0,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    let held = rows.into_iter().map(|row| Held {
        appointment: Appointment {
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
        },
        committee: row.short_name,
    });
    Ok(held.collect())
}

/// An appointment of the tenant by its id: whether a form was sent before.
pub async fn appointment(
    db: &mut ScopedTx,
    tenant: TenantId,
    id: AppointmentId,
) -> Result<Option<Appointment>> {
    let found = sqlx::query_as!(
        Appointment,
        r#"select id as "id: AppointmentId", tenant_id as "tenant_id: TenantId",
             committee_id as "committee_id: CommitteeId", scope, cadre_id as "cadre_id: CadreId",
             account_id as "account_id: AccountId", role as "role: Access", post,
             nature as "nature: Nature", starts_on, ends_on, is_primary, version
         from appointments
         where tenant_id = $1 and id = $2"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found)
}

/// Whether he holds that post there, or will.
pub async fn holds(db: &mut ScopedTx, at: Place, cadre: CadreId, post: &str) -> Result<bool> {
    let today = db.scope().today();
    let held = sqlx::query_scalar!(
        r#"select exists (
             select from appointments
             where tenant_id = $1 and cadre_id = $2 and committee_id = $3 and post = $4
                 and (ends_on is null or ends_on > $5)) as "it!""#,
        at.tenant.0,
        cadre.0,
        at.committee.0,
        post,
        today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(held)
}

/// Ends an appointment on that day, or moves its end there.
pub async fn end(db: &mut ScopedTx, of: &Appointment, ends_on: NaiveDate) -> Result<()> {
    let outcome = sqlx::query!(
        "update appointments
         set ends_on = $4, version = version + 1
         where tenant_id = $1 and id = $2 and version = $3",
        of.tenant_id.0,
        of.id.0,
        of.version,
        ends_on,
    )
    .execute(db.conn())
    .await?;
    if outcome.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::Stale(""))
    }
}

/// Whether the account opens something outside this scope: then its password is not ours to reset. The
/// account must be open in `db`.
pub async fn reaches_beyond(db: &mut ScopedTx, account: AccountId) -> Result<bool> {
    let (lo, hi, today) = (db.lo(), db.hi(), db.scope().today());
    let beyond = sqlx::query_scalar!(
        r#"select exists (
             select from appointments
             where account_id = $1 and scope not between $2 and $3
                 and (ends_on is null or ends_on > $4)) as "it!""#,
        account.0,
        lo,
        hi,
        today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(beyond)
}

/// How many matters are still in his hands, within the scope.
pub async fn open_matters(db: &mut ScopedTx, of: &Cadre) -> Result<i64> {
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!" from cadre_matters where tenant_id = $1 and cadre_id = $2"#,
        of.tenant_id.0,
        of.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}
