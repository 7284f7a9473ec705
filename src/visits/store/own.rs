//! Whom the acting cadre met himself: what his own page counts, and the rows behind it.

use chrono::NaiveDate;

use crate::kit::period::Period;
use crate::platform::Result;
use crate::platform::paging::ROWS;
use crate::platform::transaction::ScopedTx;
use crate::youth::YouthId;

/// A young person whom he met, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met {
    pub youth: YouthId,
    /// The last evening of the period.
    pub last_on: NaiveDate,
    /// On how many visits.
    pub visits: i64,
}

/// How many different young people he met on evenings of a period, at whatever committee.
pub async fn met_count(db: &mut ScopedTx, period: Period) -> Result<i64> {
    let (tenant, me) = (db.scope().tenant(), db.scope().cadre()?);
    let n = sqlx::query_scalar!(
        r#"select count(distinct y.youth_id) as "n!"
         from visit_cadres w
         join visit_youths y on y.tenant_id = w.tenant_id and y.visit_id = w.visit_id and y.counts
         where w.tenant_id = $1 and w.cadre_id = $2 and w.counts and w.evening between $3 and $4"#,
        tenant.0,
        me.0,
        period.from(),
        period.to(),
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// Those that `met_count` counts, met last first; `after` is the last row of the page before. One row
/// more than a page shows that there is another.
pub async fn met_list(
    db: &mut ScopedTx,
    period: Period,
    after: Option<(NaiveDate, YouthId)>,
) -> Result<Vec<Met>> {
    let (tenant, me) = (db.scope().tenant(), db.scope().cadre()?);
    let rows = sqlx::query_as!(
        Met,
        r#"select y.youth_id as "youth: YouthId", max(y.evening) as "last_on!",
             count(*) as "visits!"
         from visit_cadres w
         join visit_youths y on y.tenant_id = w.tenant_id and y.visit_id = w.visit_id and y.counts
         where w.tenant_id = $1 and w.cadre_id = $2 and w.counts and w.evening between $3 and $4
         group by y.youth_id
         having $5::date is null or (max(y.evening), y.youth_id) < ($5, $6)
         order by max(y.evening) desc, y.youth_id desc
         limit $7"#,
        tenant.0,
        me.0,
        period.from(),
        period.to(),
        after.map(|(day, _)| day),
        after.map(|(_, youth)| youth.0),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows)
}
