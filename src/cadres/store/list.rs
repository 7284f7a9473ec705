//! Lists and counts of cadres within the scope.

use std::collections::HashMap;

use crate::cadres::form::POSTS;
use crate::cadres::model::{Filter, ListMark, Listed};
use crate::kit::pinyin::query_words;
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::paging::ROWS;
use crate::platform::transaction::ScopedTx;

/// Those who hold, or held, a post within the scope: the committees in administrative order, in each the
/// posts in theirs, in those who was written down first. With the place of the last row, if there are more.
pub async fn list(
    db: &mut ScopedTx,
    filter: Filter,
    after: Option<ListMark>,
) -> Result<(Vec<Listed>, i64, Option<ListMark>)> {
    let (tenant, lo, hi, today) = (db.tenant_filter(), db.lo(), db.hi(), db.scope().today());
    let nature = filter.nature.map(crate::cadres::model::Nature::code);
    let posts = POSTS.map(str::to_owned);
    let mut rows = sqlx::query_as!(
        Listed,
        r#"select id as "id: CadreId", name, posts as "posts!", natures as "natures!",
             is_in_office as "is_in_office!", rank as "rank!"
         from (
             select c.id, c.name,
                 string_agg(k.short_name || ' ' || a.post, '、' order by a.is_primary desc, a.starts_on) as posts,
                 string_agg(distinct a.nature, ' ') as natures,
                 bool_or(a.ends_on is null or a.ends_on > $4) as is_in_office,
                 min(a.scope * 100 + coalesce(array_position($10::text[], a.post), 99)) as rank
             from cadres c
             join appointments a on a.tenant_id = c.tenant_id and a.cadre_id = c.id
                 and a.scope between $2 and $3
             join committees k on k.id = a.committee_id
             where ($1::int is null or c.tenant_id = $1)
                 and ($5::text is null or a.nature = $5)
             group by c.tenant_id, c.id
             having bool_or(a.ends_on is null or a.ends_on > $4) <> $6
         ) listed
         where $7::bigint is null or (rank, id) > ($7, $8)
         order by rank, id
         limit $9"#,
        tenant,
        lo,
        hi,
        today,
        nature,
        filter.left,
        after.map(|mark| mark.rank),
        after.map(|mark| mark.id.0),
        ROWS + 1,
        &posts,
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
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| ListMark {
        rank: row.rank,
        id: row.id,
    });
    Ok((rows, total, next))
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
        r#"select c.id as "id: CadreId", c.name, 0::bigint as "rank!",
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
