//! Lists and counts of cadres within the scope.

use std::collections::HashMap;

use crate::cadres::model::{Filter, Listed};
use crate::kit::pinyin::query_words;
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;

/// Those who hold, or held, a post within the scope; who was written down last comes first.
pub async fn list(db: &mut ScopedTx, filter: Filter, after: Option<Mark>) -> Result<Page<Listed>> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let nature = filter.nature.map(crate::cadres::model::Nature::code);
    let rows = sqlx::query_as!(
        Listed,
        r#"select c.id as "id: CadreId", c.name, c.created_at,
             string_agg(k.short_name || ' ' || a.post, '、' order by a.is_primary desc, a.starts_on) as "posts!",
             string_agg(distinct a.nature, ' ') as "natures!",
             bool_or(a.ends_on is null or a.ends_on > $4) as "is_in_office!"
         from cadres c
         join appointments a on a.tenant_id = c.tenant_id and a.cadre_id = c.id
             and a.scope between $2 and $3
         join committees k on k.id = a.committee_id
         where ($1::int is null or c.tenant_id = $1)
             and ($5::text is null or a.nature = $5)
             and ($7::timestamptz is null or (c.created_at, c.id) < ($7, $8))
         group by c.tenant_id, c.id
         having bool_or(a.ends_on is null or a.ends_on > $4) <> $6
         order by c.created_at desc, c.id desc
         limit $9"#,
        tenant,
        lo,
        hi,
        today,
        nature,
        filter.left,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from (
             select
             from appointments
             where ($1::int is null or tenant_id = $1) and scope between $2 and $3
                 and ($5::text is null or nature = $5)
             group by tenant_id, cadre_id
             having bool_or(ends_on is null or ends_on > $4) <> $6
         ) cadres"#,
        tenant,
        lo,
        hi,
        today,
        nature,
        filter.left,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.created_at,
        id: row.id.0,
    }))
}

/// Those within the scope whose name is like the text, at most one page; they may have left.
pub async fn search(db: &mut ScopedTx, text: &str) -> Result<Vec<Listed>> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let asked: Vec<String> = query_words(text)
        .iter()
        .map(|word| format!(" {word}"))
        .collect();
    let found = sqlx::query_as!(
        Listed,
        r#"select c.id as "id: CadreId", c.name, c.created_at,
             string_agg(k.short_name || ' ' || a.post, '、' order by a.is_primary desc, a.starts_on) as "posts!",
             string_agg(distinct a.nature, ' ') as "natures!",
             bool_or(a.ends_on is null or a.ends_on > $4) as "is_in_office!"
         from cadres c
         join appointments a on a.tenant_id = c.tenant_id and a.cadre_id = c.id
             and a.scope between $2 and $3
         join committees k on k.id = a.committee_id
         where ($1::int is null or c.tenant_id = $1) and cardinality($5::text[]) > 0
             and not exists (select from unnest($5::text[]) asked where strpos(c.words, asked) = 0)
         group by c.tenant_id, c.id
         order by 6 desc, c.id
         limit $6"#,
        tenant,
        lo,
        hi,
        today,
        &asked,
        ROWS,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// Cadres in office in a committee with everything below it, and at the committee itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub whole: i64,
    pub own: i64,
}

/// Of several committees within the scope; who has two posts counts once in each.
pub async fn tally(
    db: &mut ScopedTx,
    committees: &[CommitteeId],
) -> Result<HashMap<CommitteeId, Tally>> {
    let (tenant, today) = (db.tenant_filter(), db.scope().today());
    let ids: Vec<i32> = committees.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select k.id as "id: CommitteeId", count(distinct a.cadre_id) as "whole!",
             count(distinct a.cadre_id) filter (where a.scope = k.code_lo) as "own!"
         from committees k
         join appointments a on a.scope between k.code_lo and k.code_hi
             and a.starts_on <= $2 and (a.ends_on is null or a.ends_on > $2)
         where k.id = any ($1) and ($3::int is null or a.tenant_id = $3)
         group by k.id"#,
        &ids,
        today,
        tenant,
    )
    .fetch_all(db.conn())
    .await?;
    let tally = rows.into_iter().map(|row| {
        let tally = Tally {
            whole: row.whole,
            own: row.own,
        };
        (row.id, tally)
    });
    Ok(tally.collect())
}
