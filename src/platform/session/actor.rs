//! Whom a session stands for: the account, the cadre, the appointment that was chosen. These tables
//! belong to the ground, because there is no scope before they are read.

use chrono::{DateTime, NaiveDate, Utc};

use super::Former;
use crate::platform::Result;
use crate::platform::ids::{AccountId, AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Actor, Ground, Place, Role};
use crate::platform::transaction::ScopedTx;

/// An appointment of one's own, with what its holder is to see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    pub id: AppointmentId,
    pub place: Place,
    pub role: String,
    pub post: String,
    pub committee: String,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    /// It lets its holder in today.
    pub is_open: bool,
}

impl Office {
    pub fn key(&self) -> (TenantId, AppointmentId) {
        (self.place.tenant, self.id)
    }
}

/// All appointments of an account that is open in `db`, in whatever tenants: those that let in today
/// first, the primary one before others, then the latest.
///
/// An appointment that ends today lets in no more: who ends one today ends it now. Nor does one at a
/// committee that is closed. The 系统管理员 has none, whoever may have written down his number.
pub async fn offices(db: &mut ScopedTx, account: AccountId) -> Result<Vec<Office>> {
    let today = db.scope().today();
    let rows = sqlx::query!(
        r#"select p.id as "id: AppointmentId", p.tenant_id as "tenant_id: TenantId",
             p.committee_id as "committee_id: CommitteeId", p.scope, p.role, p.post, p.starts_on,
             p.ends_on, k.short_name,
             (p.starts_on <= $2 and (p.ends_on is null or p.ends_on > $2)
                 and (k.ends_on is null or k.ends_on > $2)) as "is_open!"
         from appointments p
         join committees k on k.id = p.committee_id
         join accounts a on a.id = p.account_id and a.system_name is null
         where p.account_id = $1
         order by 10 desc, p.is_primary desc, k.level, p.starts_on desc, p.id"#,
        account.0,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    let office = rows.into_iter().map(|row| Office {
        id: row.id,
        place: Place {
            tenant: row.tenant_id,
            committee: row.committee_id,
            scope: row.scope,
        },
        role: row.role,
        post: row.post,
        committee: row.short_name,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        is_open: row.is_open,
    });
    Ok(office.collect())
}

/// What the database says of a session.
pub(super) struct Found {
    pub actor: Actor,
    pub former: Former,
    pub seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// The appointment of the session lets nobody in any more.
    pub left: bool,
}

pub(super) async fn look_up(db: &mut ScopedTx, token_hash: &str) -> Result<Option<Found>> {
    db.open_session(token_hash).await?;
    let session = sqlx::query!(
        r#"select id, account_id as "account_id: AccountId",
             appointment_tenant_id as "tenant_id: TenantId",
             appointment_id as "appointment_id: AppointmentId",
             own_phone, seen_at, confirmed_at, ends_at
         from sessions
         where token_hash = $1"#,
        token_hash,
    )
    .fetch_optional(db.conn())
    .await?;
    let Some(session) = session else {
        return Ok(None);
    };
    db.open_account(session.account_id).await?;
    let appointment = session.tenant_id.zip(session.appointment_id);
    let (actor, left) = actor_of(db, session.account_id, appointment).await?;
    Ok(Some(Found {
        actor: Actor {
            session: Some(session.id),
            own_phone: session.own_phone,
            confirmed_at: session.confirmed_at,
            ..actor
        },
        former: Former {
            account: session.account_id,
            appointment: session.appointment_id,
        },
        seen_at: session.seen_at,
        ends_at: session.ends_at,
        left,
    }))
}

/// The person of an account that is open in `db`, under that appointment, as a session just begun
/// would show him; and whether the appointment lets nobody in any more.
pub async fn actor_of(
    db: &mut ScopedTx,
    account: AccountId,
    appointment: Option<(TenantId, AppointmentId)>,
) -> Result<(Actor, bool)> {
    let (today, now) = (db.scope().today(), db.now());
    let row = sqlx::query!(
        r#"select a.theme, a.large_text, a.must_change, a.system_name,
             p.id as "appointment_id?: AppointmentId", p.role as "role?", p.post as "post?",
             p.cadre_id as "cadre_id?: CadreId", c.name as "name?",
             (p.starts_on <= $4 and (p.ends_on is null or p.ends_on > $4)
                 and (k.ends_on is null or k.ends_on > $4)) as is_open,
             k.id as "committee_id?: CommitteeId", k.tenant_id as "tenant_id?: TenantId",
             k.code_lo as "code_lo?", k.code_hi as "code_hi?", k.level as "level?",
             k.short_name as "short_name?", k.place_name as "place_name?"
         from accounts a
         left join appointments p on p.tenant_id = $2 and p.id = $3 and p.account_id = a.id
             and a.system_name is null
         left join cadres c on c.tenant_id = p.tenant_id and c.id = p.cadre_id
         left join committees k on k.id = p.committee_id
         where a.id = $1"#,
        account.0,
        appointment.map(|(tenant, _)| tenant.0),
        appointment.map(|(_, id)| id.0),
        today,
    )
    .fetch_one(db.conn())
    .await?;
    let bounds = row.tenant_id.zip(row.committee_id).zip(row.code_lo);
    let home = bounds.zip(row.code_hi).zip(row.level);
    let home = home.map(|((((tenant, committee), scope), hi), level)| Ground {
        place: Place {
            tenant,
            committee,
            scope,
        },
        hi,
        level,
        short_name: row.short_name.unwrap_or_default(),
        place_name: row.place_name.unwrap_or_default(),
    });
    let role = row.role.as_deref().and_then(Role::from_code);
    let is_system = row.system_name.is_some();
    let left = !is_system && (role.is_none() || row.is_open != Some(true));
    // Whoever holds no post is nobody in particular, never the one who plants.
    let otherwise = if is_system { Role::System } else { Role::Cadre };
    let actor = Actor {
        account,
        cadre: row.cadre_id,
        appointment: row.appointment_id,
        role: role.unwrap_or(otherwise),
        name: row.name.or(row.system_name).unwrap_or_default(),
        post: row.post.unwrap_or_default(),
        theme: row.theme,
        large_text: row.large_text,
        must_change: row.must_change,
        session: None,
        own_phone: false,
        confirmed_at: now,
        home,
    };
    Ok((actor, left))
}
