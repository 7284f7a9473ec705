//! 好久没见的青年: those whom the acting cadre knows and nobody has met for long.

use chrono::NaiveDate;

use crate::platform::Result;
use crate::platform::transaction::ScopedTx;
use crate::youth::model::{Care, Consent, Marks, Shown, YouthId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    pub id: YouthId,
    pub shown: Shown,
    /// Village, or the committee where there is none.
    pub whereabouts: String,
    pub last_met_on: NaiveDate,
}

/// The acting cadre has met or registered at least one.
pub async fn knows_anybody(db: &mut ScopedTx) -> Result<bool> {
    let (tenant, me) = (db.scope().tenant(), db.scope().cadre()?);
    let known = sqlx::query_scalar!(
        r#"select exists (
             select from youth_cadres where tenant_id = $1 and cadre_id = $2) as "is_known!""#,
        tenant.0,
        me.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(known)
}

/// Those last met before a day, by whomever; met longest ago first, with how many they are. Whoever
/// was never met is not among them. `after` is the last row of the page before.
pub async fn unseen(
    db: &mut ScopedTx,
    before: NaiveDate,
    after: Option<(NaiveDate, YouthId)>,
    limit: i64,
) -> Result<(Vec<Unseen>, i64)> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let (me, today) = (db.scope().cadre()?, db.scope().today());
    let rows = sqlx::query!(
        r#"with own as materialized (
             select y.id, y.name, y.care, y.birth_on, y.consent, y.last_met_on, y.village_id, y.committee_id
             from youth_cadres k
             join youths y on y.tenant_id = k.tenant_id and y.id = k.youth_id
             where k.tenant_id = $1 and k.cadre_id = $2 and y.scope between $3 and $4
                 and y.state = 'active' and y.last_met_on < $5)
         select f.id as "id!: YouthId", f.name as "name!", f.care as "care!: Care", f.birth_on,
             f.consent as "consent!: Consent",
             f.last_met_on as "last_met_on!", coalesce(o.name, c.place_name) as "whereabouts!",
             (select count(*) from own) as "total!"
         from own f
         join committees c on c.id = f.committee_id
         left join organisations o on o.tenant_id = $1 and o.id = f.village_id
         where $6::date is null or (f.last_met_on, f.id) > ($6, $7)
         order by f.last_met_on, f.id
         limit $8"#,
        tenant.0,
        me.0,
        lo,
        hi,
        before,
        after.map(|(day, _)| day),
        after.map(|(_, id)| id.0),
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let found = rows.into_iter().map(|row| {
        let marks = Marks {
            care: row.care,
            birth_on: row.birth_on,
            consent: row.consent,
        };
        Unseen {
            id: row.id,
            shown: Shown::of(&row.name, marks, today, true),
            whereabouts: row.whereabouts,
            last_met_on: row.last_met_on,
        }
    });
    Ok((found.collect(), total))
}
