//! Finding people by the words of `youth_words`, each a range `word >= lo and word < hi` of an index
//! that row-level security leaves usable (docs/architecture.md): names, their ends, pinyin, initials,
//! last four digits.

use uuid::Uuid;

use super::{adult_since, home, tail};
use crate::kit::pinyin;
use crate::organisations::{self, OrganisationId};
use crate::platform::Result;
use crate::platform::daybook::Line;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::youth::model::{Care, Consent, Found, Marks, SOUGHT, Shown, YouthId};
use crate::youth::query::{after, by_rarity, joined};

/// One line of the day book where a search told names of committees below, with whose they are. None
/// where it told none.
pub async fn sought(db: &mut ScopedTx, found: &[YouthId]) -> Result<Logged<()>> {
    if found.is_empty() {
        return Ok(db.unchanged(()));
    }
    let at = db.scope().place();
    let line = Line::new(SOUGHT, None, at).detail(serde_json::json!({ "youths": found }));
    db.log_line(line, ()).await
}

/// People within the scope whom all words of `q` find, at most `limit`. Those whom the acting cadre
/// knows come first, then those named exactly so, then those met lately. 困境、重点 and minors of
/// committees below are found by who met them only.
pub async fn search(db: &mut ScopedTx, q: &str, limit: i64) -> Result<Vec<Found>> {
    let words = pinyin::query_words(q);
    let tenants = tenants(db).await?;
    for joined in joined(&words) {
        let found = by_words(db, &tenants, &[joined], limit).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    by_words(db, &tenants, &by_rarity(words), limit).await
}

async fn by_words(
    db: &mut ScopedTx,
    tenants: &[i32],
    words: &[String],
    limit: i64,
) -> Result<Vec<Found>> {
    let Some((rarest, others)) = words.split_first() else {
        return Ok(Vec::new());
    };
    let ends: Vec<String> = words.iter().map(|word| after(word)).collect();
    let mut ids = known(db, tenants, words, &ends).await?;
    // Of one letter there are too many to be laid beside each other: it only sifts.
    let seconds = others.first().filter(|word| word.len() > 1);
    ids.extend(match seconds {
        None => by_one(db, tenants, words, &ends).await?,
        Some(_) => by_two(db, tenants, words, &ends).await?,
    });
    found(db, tenants, &ids, rarest, limit).await
}

/// One's own, or, from the province up, all of the scope: the words' index begins with the tenant.
async fn tenants(db: &mut ScopedTx) -> Result<Vec<i32>> {
    if let Some(tenant) = db.tenant_filter() {
        return Ok(vec![tenant]);
    }
    let (lo, hi) = (db.lo(), db.hi());
    let tenants = sqlx::query_scalar!(
        "select distinct tenant_id from committees where code_lo between $1 and $2 and level <= 3",
        lo,
        hi,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(tenants)
}

/// Of those whom the acting cadre knows: a few hundred, so each is asked.
async fn known(
    db: &mut ScopedTx,
    tenants: &[i32],
    words: &[String],
    ends: &[String],
) -> Result<Vec<Uuid>> {
    let me = db.scope().actor().cadre;
    let ids = sqlx::query_scalar!(
        "select k.youth_id
         from youth_cadres k
         where k.tenant_id = any($1) and k.cadre_id = $2
             and not exists (
                 select from unnest($3::text[], $4::text[]) as q (lo, hi)
                 where not exists (
                     select from youth_words v
                     where v.tenant_id = k.tenant_id and v.youth_id = k.youth_id
                         and v.scope = k.scope and v.word >= q.lo and v.word < q.hi))
         limit 100",
        tenants,
        me.map(|id| id.0),
        words,
        ends,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(ids)
}

/// By the rarest word, the others sift. The index is read in the order of words, so a name of exactly
/// that word is among the first.
async fn by_one(
    db: &mut ScopedTx,
    tenants: &[i32],
    words: &[String],
    ends: &[String],
) -> Result<Vec<Uuid>> {
    let (lo, hi) = (db.lo(), db.hi());
    let ids = sqlx::query_scalar!(
        r#"select f.youth_id as "id!"
         from (
             select w.youth_id
             from youth_words w
             where w.tenant_id = any($1) and w.word >= $2 and w.word < $3
                 and w.scope between $4 and $5
                 and not exists (
                     select from unnest($6::text[], $7::text[]) as q (lo, hi)
                     where not exists (
                         select from youth_words u
                         where u.tenant_id = w.tenant_id and u.youth_id = w.youth_id
                             and u.scope = w.scope and u.word >= q.lo and u.word < q.hi))
             limit 1000
         ) f
         group by f.youth_id
         limit 300"#,
        tenants,
        words[0],
        ends[0],
        lo,
        hi,
        &words[1..],
        &ends[1..],
    )
    .fetch_all(db.conn())
    .await?;
    Ok(ids)
}

/// The two rarest words by their ranges, the others sift.
async fn by_two(
    db: &mut ScopedTx,
    tenants: &[i32],
    words: &[String],
    ends: &[String],
) -> Result<Vec<Uuid>> {
    let (lo, hi) = (db.lo(), db.hi());
    let ids = sqlx::query_scalar!(
        r#"select f.youth_id as "id!"
         from (
             select w.youth_id
             from youth_words w
             where w.tenant_id = any($1) and w.word >= $2 and w.word < $3
                 and w.scope between $4 and $5
                 and exists (
                     select from youth_words v
                     where v.tenant_id = any($1) and v.tenant_id = w.tenant_id
                         and v.youth_id = w.youth_id and v.scope = w.scope
                         and v.scope between $4 and $5 and v.word >= $6 and v.word < $7)
                 and not exists (
                     select from unnest($8::text[], $9::text[]) as q (lo, hi)
                     where not exists (
                         select from youth_words u
                         where u.tenant_id = w.tenant_id and u.youth_id = w.youth_id
                             and u.scope = w.scope and u.word >= q.lo and u.word < q.hi))
             limit 1000
         ) f
         group by f.youth_id
         limit 300"#,
        tenants,
        words[0],
        ends[0],
        lo,
        hi,
        words[1],
        ends[1],
        &words[2..],
        &ends[2..],
    )
    .fetch_all(db.conn())
    .await?;
    Ok(ids)
}

/// The best of them, as the reader may see them.
async fn found(
    db: &mut ScopedTx,
    tenants: &[i32],
    ids: &[Uuid],
    rarest: &str,
    limit: i64,
) -> Result<Vec<Found>> {
    let (lo, hi) = (db.lo(), db.hi());
    let (me, home, today) = (
        db.scope().actor().cadre,
        home(db.scope()),
        db.scope().today(),
    );
    let rows = sqlx::query!(
        r#"select y.id as "id: YouthId", y.name, y.care as "care: Care", y.birth_on,
             y.consent as "consent: Consent", y.phone,
             y.last_met_on, y.committee_id, y.village_id as "village_id: OrganisationId", c.place_name,
             k.cadre_id is not null as "met!"
         from youths y
         join committees c on c.id = y.committee_id
         left join youth_cadres k
             on k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $5
         where y.tenant_id = any($1) and y.scope between $2 and $3 and y.id = any($4)
             and y.state = 'active'
             and (k.cadre_id is not null or y.committee_id = $6
                 or y.care = 'none' and coalesce(y.birth_on <= $7, y.consent <> 'guardian'))
         order by k.cadre_id is null,
             exists (
                 select from youth_words w
                 where w.tenant_id = y.tenant_id and w.youth_id = y.id and w.scope = y.scope
                     and w.word = $8) desc,
             y.last_met_on desc nulls last, y.id
         limit $9"#,
        tenants,
        lo,
        hi,
        ids,
        me.map(|id| id.0),
        home,
        adult_since(today),
        rarest,
        limit,
    )
    .fetch_all(db.conn())
    .await?;
    let villages: Vec<OrganisationId> = rows.iter().filter_map(|row| row.village_id).collect();
    let villages = organisations::store::names(db, &villages).await?;
    let found = rows.into_iter().map(|row| {
        let marks = Marks {
            care: row.care,
            birth_on: row.birth_on,
            consent: row.consent,
        };
        let shown = Shown::of(&row.name, marks, today, row.met);
        let village = row.village_id.and_then(|id| villages.get(&id).cloned());
        let is_below = shown.veiled && home != Some(row.committee_id);
        let number = row.phone.as_deref().filter(|_| !is_below);
        Found {
            id: row.id,
            tail: tail(&shown, number),
            shown,
            whereabouts: village.unwrap_or(row.place_name),
            last_met_on: row.last_met_on,
            is_below,
        }
    });
    Ok(found.collect())
}
