//! Lists of visits: those within the scope, and those a cadre went on.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::platform::Result;
use crate::platform::ids::CadreId;
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;
use crate::visits::model::{Filter, Mode, State, VisitId};

/// A line of a list. Of a visit of another committee only what `visit_cadres` carries is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: VisitId,
    pub started_at: DateTime<Utc>,
    pub evening: NaiveDate,
    pub is_night: bool,
    pub place: String,
    pub committee: Option<String>,
    pub author: Option<String>,
    pub author_id: Option<CadreId>,
    pub headcount: Option<i32>,
    pub mode: Option<Mode>,
    pub state: Option<State>,
    /// Who was met, by id.
    pub youths: Vec<Uuid>,
    pub problems: i64,
}

/// Newest first, within the scope. The page is cut before anything is joined to it: the planner thinks
/// fewer rows fit than do, and would rather sort them all than walk the index that has them in order.
pub async fn list(db: &mut ScopedTx, filter: &Filter, after: Option<Mark>) -> Result<Page<Listed>> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let rows = sqlx::query_as!(
        Row,
        r#"with page as materialized (
             select v.tenant_id, v.id, v.started_at
             from visits v
             where ($1::int is null or v.tenant_id = $1) and v.scope between $2 and $3
                 and ($4::date is null or v.evening >= $4) and ($5::date is null or v.evening <= $5)
                 and (not $6 or v.is_night) and ($7::text is null or v.mode = $7) and v.state = $8
                 and ($9::timestamptz is null or (v.started_at, v.id) < ($9, $10))
             order by v.started_at desc, v.id desc
             limit $11)
         select v.id as "id: VisitId", v.started_at, v.evening, v.is_night, v.place,
             k.short_name as "committee?", c.name as "author?", v.author_id as "author_id?: CadreId",
             v.headcount as "headcount?", v.mode as "mode?: Mode", v.state as "state?: State",
             array(
                 select y.youth_id
                 from visit_youths y
                 where y.tenant_id = v.tenant_id and y.visit_id = v.id and y.scope = v.scope
                 order by y.youth_id) as "youths!",
             (select count(*)
              from visit_problems p
              where p.tenant_id = v.tenant_id and p.visit_id = v.id and p.scope = v.scope) as "problems!",
             (select count(*)
              from visits t
              where ($1::int is null or t.tenant_id = $1) and t.scope between $2 and $3
                  and ($4::date is null or t.evening >= $4) and ($5::date is null or t.evening <= $5)
                  and (not $6 or t.is_night) and ($7::text is null or t.mode = $7)
                  and t.state = $8) as "total!"
         from page
         join visits v on v.tenant_id = page.tenant_id and v.id = page.id
         join committees k on k.id = v.committee_id
         join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         order by v.started_at desc, v.id desc"#,
        tenant,
        lo,
        hi,
        filter.from,
        filter.to,
        filter.is_night,
        filter.mode.map(Mode::code),
        filter.state.code(),
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(page(rows))
}

/// Those the acting cadre went on, also with another committee.
pub async fn mine(db: &mut ScopedTx, filter: &Filter, after: Option<Mark>) -> Result<Page<Listed>> {
    let (tenant, me) = (db.scope().tenant(), db.scope().cadre()?);
    let rows = sqlx::query_as!(
        Row,
        r#"with own as materialized (
             select w.visit_id, w.started_at, w.evening, w.is_night, w.place
             from visit_cadres w
             left join visits v on v.tenant_id = w.tenant_id and v.id = w.visit_id
             where w.tenant_id = $1 and w.cadre_id = $2
                 and ($3::date is null or w.evening >= $3) and ($4::date is null or w.evening <= $4)
                 and (not $5 or w.is_night) and ($6::text is null or v.mode = $6)
                 and coalesce(v.state, 'submitted') = $7)
         select w.visit_id as "id!: VisitId", w.started_at as "started_at!", w.evening as "evening!",
             w.is_night as "is_night!", w.place as "place!",
             k.short_name as "committee?", c.name as "author?", v.author_id as "author_id?: CadreId",
             v.headcount as "headcount?", v.mode as "mode?: Mode", v.state as "state?: State",
             array(
                 select y.youth_id
                 from visit_youths y
                 where y.tenant_id = v.tenant_id and y.visit_id = v.id and y.scope = v.scope
                 order by y.youth_id) as "youths!",
             (select count(*)
              from visit_problems p
              where p.tenant_id = v.tenant_id and p.visit_id = v.id and p.scope = v.scope) as "problems!",
             (select count(*) from own) as "total!"
         from own w
         left join visits v on v.tenant_id = $1 and v.id = w.visit_id
         left join committees k on k.id = v.committee_id
         left join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         where $8::timestamptz is null or (w.started_at, w.visit_id) < ($8, $9)
         order by w.started_at desc, w.visit_id desc
         limit $10"#,
        tenant.0,
        me.0,
        filter.from,
        filter.to,
        filter.is_night,
        filter.mode.map(Mode::code),
        filter.state.code(),
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(page(rows))
}

/// A row of either, with how many there are of all.
struct Row {
    id: VisitId,
    started_at: DateTime<Utc>,
    evening: NaiveDate,
    is_night: bool,
    place: String,
    committee: Option<String>,
    author: Option<String>,
    author_id: Option<CadreId>,
    headcount: Option<i32>,
    mode: Option<Mode>,
    state: Option<State>,
    youths: Vec<Uuid>,
    problems: i64,
    total: i64,
}

fn page(rows: Vec<Row>) -> Page<Listed> {
    let total = rows.first().map_or(0, |row| row.total);
    let rows = rows.into_iter().map(|row| Listed {
        id: row.id,
        started_at: row.started_at,
        evening: row.evening,
        is_night: row.is_night,
        place: row.place,
        committee: row.committee,
        author: row.author,
        author_id: row.author_id,
        headcount: row.headcount,
        mode: row.mode,
        state: row.state,
        youths: row.youths,
        problems: row.problems,
    });
    Page::cut(rows.collect(), total, mark)
}

fn mark(row: &Listed) -> Mark {
    Mark {
        at: row.started_at,
        id: row.id.0,
    }
}
