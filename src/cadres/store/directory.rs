//! The directory: who holds which post where. Read in the whole tenant; no phone, no birth.

use std::collections::HashMap;

use crate::cadres::model::{Access, InOffice, Nature, Seat};
use crate::kit::pinyin::query_words;
use crate::platform::Result;
use crate::platform::ids::{AppointmentId, CadreId, CommitteeId, TenantId};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;

const FOUND_AT_MOST: i64 = 20;

/// Colleagues in office whose name is like the text (characters, pinyin, initials), with the short name
/// of their committee: one's own committee first, then one's scope, then the tenant. Without a text,
/// one's own committee. At most twenty.
pub async fn colleagues(db: &mut ScopedTx, text: &str) -> Result<Vec<(CadreId, String, String)>> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let asked: Vec<String> = query_words(text)
        .iter()
        .map(|word| format!(" {word}"))
        .collect();
    let rows = sqlx::query!(
        r#"select c.id as "id: CadreId", c.name, min(k.short_name) as "committee!"
         from cadres c
         join appointments a on a.tenant_id = c.tenant_id and a.cadre_id = c.id
             and a.starts_on <= $4 and (a.ends_on is null or a.ends_on > $4)
         join committees k on k.id = a.committee_id
         where ($1::int is null or c.tenant_id = $1)
             and (cardinality($5::text[]) > 0 or a.scope = $2)
             and not exists (select from unnest($5::text[]) asked where strpos(c.words, asked) = 0)
         group by c.tenant_id, c.id
         order by bool_or(a.scope = $2) desc, bool_or(a.scope between $2 and $3) desc, min(a.scope),
             c.id
         limit $6"#,
        tenant,
        lo,
        hi,
        today,
        &asked,
        FOUND_AT_MOST,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.name, row.committee))
        .collect())
}

/// Who is in office today at a committee itself (not below it), leaders first.
pub async fn in_office(db: &mut ScopedTx, committee: CommitteeId) -> Result<Vec<InOffice>> {
    let (tenant, today) = (db.tenant_filter(), db.scope().today());
    let found = sqlx::query_as!(
        InOffice,
        r#"select c.id as "cadre: CadreId", c.name, a.id as "appointment: AppointmentId", a.role as "role: Access",
             a.post, a.nature as "nature: Nature"
         from appointments a
         join cadres c on c.tenant_id = a.tenant_id and c.id = a.cadre_id
         where ($1::int is null or a.tenant_id = $1) and a.committee_id = $2
             and a.starts_on <= $3 and (a.ends_on is null or a.ends_on > $3)
         order by a.role = 'secretary' desc, a.role = 'admin' desc, a.starts_on, a.id"#,
        tenant,
        committee.0,
        today,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Those in office of the cadres named, and the 书记 of the committees `leads` (the cadres of one that
/// has none): each once, at one of the committees `near` if he holds a post there, else at his main one.
pub async fn seats(
    db: &mut ScopedTx,
    (named, leads): (&[CadreId], &[CommitteeId]),
    near: &[CommitteeId],
) -> Result<Vec<Seat>> {
    let (tenant, today) = (db.scope().tenant(), db.scope().today());
    let rows = sqlx::query!(
        r#"select distinct on (a.cadre_id) a.cadre_id as "cadre: CadreId",
             a.tenant_id as "tenant: TenantId", a.committee_id as "committee: CommitteeId", a.scope
         from appointments a
         where a.tenant_id = $1 and a.starts_on <= $2 and (a.ends_on is null or a.ends_on > $2)
             and (a.cadre_id = any($3)
                 or a.committee_id = any($4) and (a.role = 'secretary' or a.role = 'cadre'
                     and not exists (
                         select
                         from appointments s
                         where s.tenant_id = a.tenant_id and s.committee_id = a.committee_id
                             and s.role = 'secretary' and s.starts_on <= $2
                             and (s.ends_on is null or s.ends_on > $2))))
         order by a.cadre_id, a.committee_id = any($5) desc, a.is_primary desc, a.starts_on, a.id"#,
        tenant.0,
        today,
        named as &[CadreId],
        leads as &[CommitteeId],
        near as &[CommitteeId],
    )
    .fetch_all(db.conn())
    .await?;
    let seat = rows.into_iter().map(|row| Seat {
        cadre: row.cadre,
        place: Place {
            tenant: row.tenant,
            committee: row.committee,
            scope: row.scope,
        },
    });
    Ok(seat.collect())
}

/// Their names; those of another tenant are left out.
pub async fn names(db: &mut ScopedTx, ids: &[CadreId]) -> Result<HashMap<CadreId, String>> {
    let tenant = db.tenant_filter();
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: CadreId", name
         from cadres
         where ($1::int is null or tenant_id = $1) and id = any ($2)"#,
        tenant,
        &ids,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// How many hold or will hold a post at a committee itself: it cannot be closed over their heads.
pub async fn count_in_office(db: &mut ScopedTx, committee: CommitteeId) -> Result<i64> {
    let today = db.scope().today();
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from appointments
         where committee_id = $1 and (ends_on is null or ends_on > $2)"#,
        committee.0,
        today,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}
