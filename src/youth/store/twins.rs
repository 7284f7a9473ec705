//! Doubtful doubles (domain.md §2.6): the same number; else the same name, unless village or month of
//! birth tell the two apart; with two numbers, only where village or month are known to be the same.
//! Homonyms are common: nothing is ever merged here.

use chrono::NaiveDate;
use uuid::Uuid;

use super::home;
use crate::kit::phone;
use crate::organisations::{self, OrganisationId};
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;
use crate::youth::model::{Care, Consent, Marks, Shown, YouthId};
use crate::youth::record::{Likeness, Twin};

/// At most so many candidates for each.
const TWINS: i64 = 4;

/// Who, within the scope, may be the same as one of these; those of one and the same number first.
/// Guarded ones of committees below are not told to who has not met them.
pub async fn twins(db: &mut ScopedTx, of: &[Likeness]) -> Result<Vec<Twin>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let (me, home, today) = (
        db.scope().actor().cadre,
        home(db.scope()),
        db.scope().today(),
    );
    let asked = Columns::of(of);
    let rows = sqlx::query_as!(
        Alike,
        r#"with q as (
             select n, id, name, phone, birth_on, village_id
             from unnest($4::uuid[], $5::text[], $6::text[], $7::date[], $8::uuid[])
                 with ordinality as t (id, name, phone, birth_on, village_id, n)
         ), alike as (
             select q.n, y.id, true as same_phone
             from q
             join youths y on y.phone = q.phone
             where y.tenant_id = $1 and y.scope between $2 and $3 and y.id <> q.id
             union all
             select q.n, y.id, false
             from q
             join youths y on y.name collate "C" = q.name
             where y.tenant_id = $1 and y.scope between $2 and $3 and y.id <> q.id
                 and (y.village_id = q.village_id or q.village_id is null or y.village_id is null)
                 and (date_trunc('month', y.birth_on) = date_trunc('month', q.birth_on)
                     or y.birth_on is null or q.birth_on is null)
                 and (y.phone is null or q.phone is null
                     or y.phone <> q.phone and (y.village_id = q.village_id
                         or date_trunc('month', y.birth_on) = date_trunc('month', q.birth_on)))
         ), ranked as (
             select a.n, a.id, a.same_phone,
                 row_number() over (partition by a.n order by a.same_phone desc, a.id) as rank
             from alike a
         )
         select r.n as "n!", y.id as "id: YouthId", y.name, y.care as "care: Care", y.birth_on,
             y.consent as "consent: Consent",
             y.phone, y.last_met_on, y.village_id as "village_id: OrganisationId",
             y.committee_id, c.short_name as committee, c.place_name, r.same_phone as "same_phone!",
             k.cadre_id is not null as "met!"
         from ranked r
         join youths y on y.tenant_id = $1 and y.id = r.id
         join committees c on c.id = y.committee_id
         left join youth_cadres k
             on k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $9
         where r.rank <= $10 and y.state = 'active'
         order by r.n, r.same_phone desc, y.id"#,
        tenant.0,
        lo,
        hi,
        &asked.ids,
        &asked.names as &[&str],
        &asked.phones as &[Option<&str>],
        &asked.births as &[Option<NaiveDate>],
        &asked.villages as &[Option<Uuid>],
        me.map(|id| id.0),
        TWINS,
    )
    .fetch_all(db.conn())
    .await?;
    let villages: Vec<OrganisationId> = rows.iter().filter_map(|row| row.village_id).collect();
    let villages = organisations::store::names(db, &villages).await?;
    let twins = rows.into_iter().filter_map(|row| {
        let village = row.village_id.and_then(|id| villages.get(&id).cloned());
        row.twin(village, home, today)
    });
    Ok(twins.collect())
}

/// A row of the query.
struct Alike {
    n: i64,
    id: YouthId,
    name: String,
    care: Care,
    birth_on: Option<NaiveDate>,
    consent: Consent,
    phone: Option<String>,
    last_met_on: Option<NaiveDate>,
    village_id: Option<OrganisationId>,
    committee_id: i32,
    committee: String,
    place_name: String,
    same_phone: bool,
    met: bool,
}

impl Alike {
    /// As the reader may see it; a guarded one of another committee not at all.
    fn twin(self, village: Option<String>, home: Option<i32>, today: NaiveDate) -> Option<Twin> {
        let marks = Marks {
            care: self.care,
            birth_on: self.birth_on,
            consent: self.consent,
        };
        let shown = Shown::of(&self.name, marks, today, self.met);
        let is_shut = shown.is_guarded && shown.veiled;
        if is_shut && home != Some(self.committee_id) {
            return None;
        }
        Some(Twin {
            of: usize::try_from(self.n - 1).unwrap_or_default(),
            id: self.id,
            has_phone: self.same_phone,
            phone: masked(&shown, self.phone.as_deref()),
            birth: month(self.birth_on.filter(|_| !is_shut)),
            whereabouts: village.unwrap_or(self.place_name),
            committee: self.committee,
            last_met_on: self.last_met_on.filter(|_| !is_shut),
            shown,
        })
    }
}

/// The number whole for who knows them, else masked; of the guarded nothing.
fn masked(shown: &Shown, number: Option<&str>) -> String {
    match (number, shown.veiled, shown.is_guarded) {
        (Some(number), false, _) => number.to_owned(),
        (Some(number), true, false) => phone::mask(number),
        _ => String::new(),
    }
}

fn month(birth: Option<NaiveDate>) -> String {
    birth.map_or_else(String::new, |day| day.format("%Y-%m").to_string())
}

struct Columns<'a> {
    ids: Vec<Uuid>,
    names: Vec<&'a str>,
    phones: Vec<Option<&'a str>>,
    births: Vec<Option<NaiveDate>>,
    villages: Vec<Option<Uuid>>,
}

impl<'a> Columns<'a> {
    fn of(of: &'a [Likeness]) -> Self {
        Self {
            ids: of.iter().map(|one| one.id.0).collect(),
            names: of.iter().map(|one| one.name.as_str()).collect(),
            phones: of.iter().map(|one| one.phone.as_deref()).collect(),
            births: of.iter().map(|one| one.birth_on).collect(),
            villages: of.iter().map(|one| one.village.map(|id| id.0)).collect(),
        }
    }
}
