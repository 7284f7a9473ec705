//! Young people, the words they are found by, and who knows them.

mod change;
mod list;
mod read;
mod search;
mod twins;
mod unseen;

pub use change::save;
pub use list::list;
pub use read::{Editable, Friend, get, is_revealed, known_by, open_for_edit};
pub use search::{search, sought};
pub use twins::twins;
pub use unseen::{Unseen, knows_anybody, unseen};

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use super::model::{
    ADDED, Acquaintance, Care, Consent, Lies, MET, Marks, NewYouth, Shown, UNMET, Unmet, YouthId,
};
use crate::cadres::{Education, Politics, Sex};
use crate::kit::{phone, pinyin};
use crate::platform::daybook::Line;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::{Place, Scope};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// Registers somebody; the acting cadre knows them from now on. False when the id is there already
/// with the same content; other content is `Stale`.
pub async fn add(db: &mut ScopedTx, at: Place, new: &NewYouth) -> Result<bool> {
    let (now, cadre) = (db.now(), db.scope().cadre()?);
    let groups: Vec<&str> = new.groups.iter().map(|group| group.code()).collect();
    let fingerprint = new.fingerprint();
    let consent_at = (new.consent.code() != "none").then_some(now);
    let outcome = sqlx::query!(
        "insert into youths (tenant_id, id, committee_id, scope, name, sex, birth_on, phone, wechat,
             groups, politics, education, village_id, work_unit, occupation, skill, is_local_talent,
             care, consent, consent_at, guardian_name, guardian_phone, note, source, fingerprint,
             created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23, $24, $25, $26, $27, $27)
         on conflict do nothing",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.name,
        new.sex.map(Sex::code),
        new.birth_on,
        new.phone,
        new.wechat,
        &groups as &[&str],
        new.politics.map(Politics::code),
        new.education.map(Education::code),
        new.village.map(|id| id.0),
        new.work_unit,
        new.occupation,
        new.skill,
        new.is_local_talent,
        new.care.code(),
        new.consent.code(),
        consent_at,
        new.guardian_name,
        new.guardian_phone,
        new.note,
        new.source.code(),
        fingerprint,
        cadre.0,
        now,
    )
    .execute(db.conn())
    .await?;
    if outcome.rows_affected() == 0 {
        return if is_same(db, at, new.id, &fingerprint).await? {
            Ok(false)
        } else {
            Err(Error::Stale(""))
        };
    }
    add_words(db, at, new.id, &new.name, new.phone.as_deref()).await?;
    know(db, at, &[new.id], &[cadre], None).await?;
    db.note(ADDED, Some(new.id.0), at).await?;
    Ok(true)
}

async fn is_same(db: &mut ScopedTx, at: Place, id: YouthId, fingerprint: &str) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select fingerprint = $3 as "same!" from youths where tenant_id = $1 and id = $2"#,
        at.tenant.0,
        id.0,
        fingerprint,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.unwrap_or(false))
}

/// Writes anew what somebody is found by.
async fn write_words(
    db: &mut ScopedTx,
    at: Place,
    id: YouthId,
    name: &str,
    number: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "delete from youth_words where tenant_id = $1 and youth_id = $2 and scope = $3",
        at.tenant.0,
        id.0,
        at.scope,
    )
    .execute(db.conn())
    .await?;
    add_words(db, at, id, name, number).await
}

async fn add_words(
    db: &mut ScopedTx,
    at: Place,
    id: YouthId,
    name: &str,
    number: Option<&str>,
) -> Result<()> {
    let words = pinyin::search_words(name, number.unwrap_or_default());
    sqlx::query!(
        "insert into youth_words (tenant_id, word, scope, youth_id)
         select $1, word, $3, $2
         from unnest($4::text[]) as word",
        at.tenant.0,
        id.0,
        at.scope,
        &words,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// These cadres know these young people of one committee, perhaps since they met on an evening.
async fn know(
    db: &mut ScopedTx,
    at: Place,
    youths: &[YouthId],
    cadres: &[CadreId],
    evening: Option<NaiveDate>,
) -> Result<()> {
    let now = db.now();
    let youths: Vec<Uuid> = youths.iter().map(|id| id.0).collect();
    let cadres: Vec<Uuid> = cadres.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into youth_cadres as k (tenant_id, youth_id, cadre_id, scope, since, last_met_on)
         select $1, y, c, $2, $5, $6
         from unnest($3::uuid[]) as y
         cross join unnest($4::uuid[]) as c
         on conflict (tenant_id, youth_id, cadre_id)
         do update set last_met_on = greatest(k.last_met_on, excluded.last_met_on)",
        at.tenant.0,
        at.scope,
        &youths,
        &cadres,
        now,
        evening,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// These cadres met these young people on a visit. One line of the day book each; `whereabouts` is
/// what their timeline says of it (a village or an organisation, never what was typed).
pub async fn met(
    db: &mut ScopedTx,
    youths: &[Lies],
    cadres: &[CadreId],
    visit: Uuid,
    evening: NaiveDate,
    whereabouts: &str,
) -> Result<()> {
    for (place, ids) in by_place(youths) {
        know(db, place, &ids, cadres, Some(evening)).await?;
    }
    let ids: Vec<Uuid> = youths.iter().map(|lies| lies.youth.0).collect();
    let tenant = db.tenant_filter();
    sqlx::query!(
        "update youths
         set last_met_on = greatest(last_met_on, $3)
         where ($1::int is null or tenant_id = $1) and id = any($2)",
        tenant,
        &ids,
        evening,
    )
    .execute(db.conn())
    .await?;
    for lies in youths {
        let detail =
            serde_json::json!({ "visit": visit, "evening": evening, "place": whereabouts });
        let line = Line::new(MET, Some(lies.youth.0), lies.place).detail(detail);
        db.note_line(line).await?;
    }
    Ok(())
}

/// The visit on which they were met is void: the last evening is set back. What each cadre has left of
/// it is for `settle`.
pub async fn unmet(db: &mut ScopedTx, visit: Uuid, youths: &[Unmet]) -> Result<()> {
    let ids: Vec<YouthId> = youths.iter().map(|unmet| unmet.youth).collect();
    for lies in place_of(db, &ids).await? {
        let last = youths.iter().find(|unmet| unmet.youth == lies.youth);
        sqlx::query!(
            "update youths set last_met_on = $3 where tenant_id = $1 and id = $2",
            lies.place.tenant.0,
            lies.youth.0,
            last.and_then(|unmet| unmet.last_met_on),
        )
        .execute(db.conn())
        .await?;
        let detail = serde_json::json!({ "visit": visit });
        let line = Line::new(UNMET, Some(lies.youth.0), lies.place).detail(detail);
        db.note_line(line).await?;
    }
    Ok(())
}

/// Sets back when each of these cadres met each of these young people last. Whom no meeting is left of
/// and who did not register them knows them no more. Where some meetings are out of sight, what is
/// known stays, and is no later than when anybody met them.
pub async fn settle(db: &mut ScopedTx, tenant: TenantId, all: &[Acquaintance]) -> Result<()> {
    let youths: Vec<Uuid> = all.iter().map(|one| one.youth.0).collect();
    let cadres: Vec<Uuid> = all.iter().map(|one| one.cadre.0).collect();
    let last: Vec<Option<NaiveDate>> = all.iter().map(|one| one.last_met_on).collect();
    let hidden: Vec<bool> = all.iter().map(|one| one.is_partly_hidden).collect();
    sqlx::query!(
        "with said as (
             select *
             from unnest($2::uuid[], $3::uuid[], $4::date[], $5::bool[])
                 as s (youth_id, cadre_id, last, hidden)),
         gone as (
             delete from youth_cadres k
             using said s, youths y
             where k.tenant_id = $1 and k.youth_id = s.youth_id and k.cadre_id = s.cadre_id
                 and y.tenant_id = $1 and y.id = k.youth_id and y.created_by <> k.cadre_id
                 and s.last is null and not s.hidden)
         update youth_cadres k
         set last_met_on = case
             when s.hidden then greatest(s.last, least(k.last_met_on, y.last_met_on))
             else s.last
         end
         from said s, youths y
         where k.tenant_id = $1 and k.youth_id = s.youth_id and k.cadre_id = s.cadre_id
             and y.tenant_id = $1 and y.id = k.youth_id
             and (y.created_by = k.cadre_id or s.last is not null or s.hidden)",
        tenant.0,
        &youths,
        &cadres,
        &last as &[Option<NaiveDate>],
        &hidden,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Those whom the acting person may say he met, and where their records lie: whom he knows, who are of
/// his own committee, or who are not guarded (as `search` finds them), and `already` chosen ones.
pub async fn choosable(
    db: &mut ScopedTx,
    youths: &[YouthId],
    already: &[YouthId],
) -> Result<Vec<Lies>> {
    let (me, home) = (db.scope().actor().cadre, home(db.scope()));
    let tenant = db.tenant_filter();
    let known = sqlx::query_scalar!(
        r#"select youth_id as "id: YouthId"
         from youth_cadres
         where ($1::int is null or tenant_id = $1) and cadre_id = $2 and youth_id = any($3)"#,
        tenant,
        me.map(|id| id.0),
        youths as &[YouthId],
    )
    .fetch_all(db.conn())
    .await?;
    let mut lies = place_of(db, youths).await?;
    lies.retain(|one| {
        let is_home = home == Some(one.place.committee.0);
        let stands = [&known[..], already].concat().contains(&one.youth);
        !one.is_guarded || is_home || stands
    });
    Ok(lies)
}

/// Where their records lie; those out of sight are left out.
pub async fn place_of(db: &mut ScopedTx, youths: &[YouthId]) -> Result<Vec<Lies>> {
    let ids: Vec<Uuid> = youths.iter().map(|id| id.0).collect();
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let rows = sqlx::query!(
        r#"select id as "id: YouthId", tenant_id as "tenant_id: TenantId",
             committee_id as "committee_id: CommitteeId", scope, care as "care: Care", birth_on,
             consent as "consent: Consent"
         from youths
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3 and id = any($4)
             and state = 'active'
         order by id"#,
        tenant,
        lo,
        hi,
        &ids,
    )
    .fetch_all(db.conn())
    .await?;
    let lies = rows.into_iter().map(|row| Lies {
        youth: row.id,
        place: Place {
            tenant: row.tenant_id,
            committee: row.committee_id,
            scope: row.scope,
        },
        is_guarded: Marks {
            care: row.care,
            birth_on: row.birth_on,
            consent: row.consent,
        }
        .is_guarded(today),
    });
    Ok(lies.collect())
}

fn by_place(lies: &[Lies]) -> Vec<(Place, Vec<YouthId>)> {
    let mut groups: Vec<(Place, Vec<YouthId>)> = Vec::new();
    for one in lies {
        match groups.iter_mut().find(|(place, _)| *place == one.place) {
            Some((_, ids)) => ids.push(one.youth),
            None => groups.push((one.place, vec![one.youth])),
        }
    }
    groups
}

/// Names as the acting person may see them; those out of sight are left out. Only their own committee knows
/// who of them is guarded: to others all masks are alike, so that none is a label.
pub async fn names(db: &mut ScopedTx, ids: &[YouthId]) -> Result<HashMap<YouthId, Shown>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let (me, today) = (db.scope().actor().cadre, db.scope().today());
    let home = home(db.scope());
    let rows = sqlx::query!(
        r#"select y.id as "id: YouthId", y.name, y.care as "care: Care", y.birth_on,
             y.consent as "consent: Consent", y.committee_id, k.cadre_id is not null as "met!"
         from youths y
         left join youth_cadres k
             on k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $5
         where ($1::int is null or y.tenant_id = $1) and y.scope between $2 and $3
             and y.id = any($4)"#,
        tenant,
        lo,
        hi,
        &ids,
        me.map(|id| id.0),
    )
    .fetch_all(db.conn())
    .await?;
    let shown = rows.into_iter().map(|row| {
        let marks = Marks {
            care: row.care,
            birth_on: row.birth_on,
            consent: row.consent,
        };
        let shown = Shown::of(&row.name, marks, today, row.met);
        if row.met || home == Some(row.committee_id) {
            return (row.id, shown);
        }
        (row.id, shown.from_outside(&row.name))
    });
    Ok(shown.collect())
}

/// The home committee of the acting person; of whoever has none, none.
fn home(scope: &Scope) -> Option<i32> {
    let home = scope.actor().home.as_ref();
    home.map(|home| home.place.committee.0)
}

/// Born on that day or before, somebody is of age on `today`.
fn adult_since(today: NaiveDate) -> NaiveDate {
    today
        .checked_sub_months(Months::new(12 * 18))
        .unwrap_or(today)
}

/// Last four digits, or nothing: of the guarded not even these are shown to who has not met them.
fn tail(shown: &Shown, number: Option<&str>) -> String {
    let number = number.filter(|_| !(shown.is_guarded && shown.veiled));
    let tail = number.and_then(phone::tail4);
    tail.unwrap_or_default().to_owned()
}
