//! The list of young people.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{adult_since, home};
use crate::kit::{clock, phone};
use crate::organisations::{self, OrganisationId};
use crate::platform::Result;
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;
use crate::youth::model::{Care, Consent, Group, Marks, Shown, YouthId};
use crate::youth::record::{Filter, Guarded, Listed, Roll};

/// 25 a page, lately changed first. 困境、重点 and minors whose page the reader may not open are
/// counted in the total and left out of the rows, unless they are of his own committee.
pub async fn list(db: &mut ScopedTx, filter: &Filter, after: Option<Mark>) -> Result<Roll> {
    let asked = Asked::of(db, filter);
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let rows = sqlx::query_as!(
        Row,
        r#"select y.id as "id: YouthId", y.name, y.care as "care: Care", y.birth_on,
             y.consent as "consent: Consent", y.phone,
             y.groups as "groups: Vec<Group>", y.village_id as "village_id: OrganisationId",
             y.last_met_on, y.updated_at, c.short_name as committee, c.place_name,
             k.cadre_id is not null as "met!"
         from youths y
         join committees c on c.id = y.committee_id
         left join youth_cadres k
             on k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $4
         where ($1::int is null or y.tenant_id = $1) and y.scope between $2 and $3
             and y.state = 'active'
             and (k.cadre_id is not null or y.committee_id = $5
                 or y.care = 'none' and coalesce(y.birth_on <= $6, y.consent <> 'guardian'))
             and (not $7 or k.cadre_id is not null)
             and ($8::text[] is null or y.groups @> $8)
             and ($9::uuid is null or y.village_id = $9)
             and ($10::text is null
                 or y.committee_id = $5 and (y.care = $10 or $10 = 'minor'
                     and not coalesce(y.birth_on <= $6, y.consent <> 'guardian')))
             and ($11::date is null
                 or coalesce(y.last_met_on < $11, y.created_at < $12))
             and ($13::timestamptz is null or (y.updated_at, y.id) < ($13, $14))
         order by y.updated_at desc, y.id desc
         limit $15"#,
        tenant,
        lo,
        hi,
        asked.me,
        asked.home,
        asked.adult_since,
        asked.is_mine,
        asked.group.as_deref(),
        asked.village,
        asked.care,
        asked.unseen_since,
        asked.unseen_since.map(clock::start_of),
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let (total, closed) = count(db, &asked).await?;
    let villages: Vec<OrganisationId> = rows.iter().filter_map(|row| row.village_id).collect();
    let villages = organisations::store::names(db, &villages).await?;
    let rows = rows.into_iter().map(|row| {
        let village = row.village_id.and_then(|id| villages.get(&id).cloned());
        row.listed(village, asked.today)
    });
    let page = Page::cut(rows.collect(), total, |row: &Listed| Mark {
        at: row.updated_at,
        id: row.id.0,
    });
    Ok(Roll { page, closed })
}

struct Row {
    id: YouthId,
    name: String,
    care: Care,
    birth_on: Option<NaiveDate>,
    consent: Consent,
    phone: Option<String>,
    groups: Vec<Group>,
    village_id: Option<OrganisationId>,
    last_met_on: Option<NaiveDate>,
    updated_at: DateTime<Utc>,
    committee: String,
    place_name: String,
    met: bool,
}

impl Row {
    /// Numbers are masked in a list for everybody: lists are copied and left open. Of the guarded only
    /// that they are there.
    fn listed(self, village: Option<String>, today: NaiveDate) -> Listed {
        let marks = Marks {
            care: self.care,
            birth_on: self.birth_on,
            consent: self.consent,
        };
        let shown = Shown::of(&self.name, marks, today, self.met);
        let is_shut = shown.is_guarded && shown.veiled;
        let number = self.phone.filter(|_| !is_shut);
        Listed {
            id: self.id,
            groups: if is_shut { Vec::new() } else { self.groups },
            phone: number.as_deref().map(phone::mask).unwrap_or_default(),
            shown,
            whereabouts: village.filter(|_| !is_shut).unwrap_or(self.place_name),
            committee: self.committee,
            last_met_on: self.last_met_on.filter(|_| !is_shut),
            updated_at: self.updated_at,
        }
    }
}

/// All that the filter finds, and how many of them are only counted.
async fn count(db: &mut ScopedTx, asked: &Asked) -> Result<(i64, i64)> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let row = sqlx::query!(
        r#"select count(*) as "total!",
             count(*) filter (
                 where not (k.cadre_id is not null or y.committee_id = $5
                     or y.care = 'none' and coalesce(y.birth_on <= $6, y.consent <> 'guardian')))
                 as "closed!"
         from youths y
         left join youth_cadres k
             on k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $4
         where ($1::int is null or y.tenant_id = $1) and y.scope between $2 and $3
             and y.state = 'active'
             and (not $7 or k.cadre_id is not null)
             and ($8::text[] is null or y.groups @> $8)
             and ($9::uuid is null or y.village_id = $9)
             and ($10::text is null
                 or y.committee_id = $5 and (y.care = $10 or $10 = 'minor'
                     and not coalesce(y.birth_on <= $6, y.consent <> 'guardian')))
             and ($11::date is null
                 or coalesce(y.last_met_on < $11, y.created_at < $12))"#,
        tenant,
        lo,
        hi,
        asked.me,
        asked.home,
        asked.adult_since,
        asked.is_mine,
        asked.group.as_deref(),
        asked.village,
        asked.care,
        asked.unseen_since,
        asked.unseen_since.map(clock::start_of),
    )
    .fetch_one(db.conn())
    .await?;
    Ok((row.total, row.closed))
}

/// A filter in the words of the table.
struct Asked {
    me: Option<uuid::Uuid>,
    home: Option<i32>,
    today: NaiveDate,
    adult_since: NaiveDate,
    is_mine: bool,
    group: Option<Vec<String>>,
    village: Option<uuid::Uuid>,
    care: Option<&'static str>,
    unseen_since: Option<NaiveDate>,
}

impl Asked {
    fn of(db: &ScopedTx, filter: &Filter) -> Self {
        let today = db.scope().today();
        let back = |days: u16| today.checked_sub_days(Days::new(days.into()));
        Self {
            me: db.scope().actor().cadre.map(|id| id.0),
            home: home(db.scope()),
            today,
            adult_since: adult_since(today),
            is_mine: filter.is_mine,
            group: filter.group.map(|group| vec![group.code().to_owned()]),
            village: filter.village.map(|id| id.0),
            care: filter.care.map(|care| match care {
                Guarded::Difficult => Care::Difficult.code(),
                Guarded::Key => Care::Key.code(),
                Guarded::Minor => "minor",
            }),
            unseen_since: filter.unseen_days.and_then(back),
        }
    }
}
