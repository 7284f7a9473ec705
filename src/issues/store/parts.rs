//! Parts of a matter: given with their move, ended once.

use chrono::Utc;

use crate::issues::model::{
    Category, Issue, IssueId, NewPart, Part, PartId, PartLink, PartState, Partner,
};
use crate::kit::workday::end_of_day;
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;

/// Under the lock of its matter, after the move that gives it.
pub async fn add_part(db: &mut ScopedTx, issue: &Issue, new: &NewPart) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    let (unit, department, contact, phone) = match &new.to {
        Partner::Unit(place) => (Some(*place), None, None, None),
        Partner::Department {
            name,
            contact,
            phone,
        } => (None, Some(name), contact.as_ref(), phone.as_ref()),
    };
    sqlx::query!(
        "insert into issue_parts (tenant_id, id, issue_id, scope, handler_scope, sender_scope,
             part_committee_id, part_scope, department, contact_name, contact_phone, matter, task,
             shown_name, due_at, given_by, given_at, no, category)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         on conflict (tenant_id, id) do nothing",
        issue.tenant_id.0,
        new.id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        unit.map(|it| it.committee.0),
        unit.map(|it| it.scope),
        department,
        contact,
        phone,
        new.matter,
        new.task,
        new.shown_name,
        new.due_on.map(end_of_day),
        by.0,
        now,
        issue.no,
        issue.category.code(),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// How it goes on; false: it is at its end already, or so far.
pub async fn step_part(
    db: &mut ScopedTx,
    part: &Part,
    to: PartState,
    words: Option<&str>,
) -> Result<bool> {
    let (by, now) = (db.scope().actor().cadre, db.now());
    let answered = to == PartState::Answered;
    let done = sqlx::query!(
        "update issue_parts
         set state = $3, version = version + 1,
             signed_at = case when $3 in ('signed', 'answered') then coalesce(signed_at, $4) else signed_at end,
             answer = case when $5 then $6 else answer end,
             ended_reason = case when $3 in ('returned', 'withdrawn') then $6 else ended_reason end,
             answered_by = case when $3 in ('answered', 'returned') then $7::uuid else answered_by end,
             answered_at = case when $3 in ('answered', 'returned', 'withdrawn') then $4 else answered_at end
         where tenant_id = $1 and id = $2
             and (state = 'open' or state = 'signed' and $3 <> 'signed')",
        part.place.tenant.0,
        part.id.0,
        to.code(),
        now,
        answered,
        words,
        by.map(|id| id.0),
    )
    .execute(db.conn())
    .await?;
    if !to.is_open() {
        use_links(db, part).await?;
    }
    Ok(done.rows_affected() == 1)
}

/// A part at its end needs no link any more.
async fn use_links(db: &mut ScopedTx, part: &Part) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "update issue_links set used_at = $3
         where tenant_id = $1 and part_id = $2 and kind = 'part' and used_at is null",
        part.place.tenant.0,
        part.id.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Parts and handoffs of a matter that are without an answer.
pub async fn parts_open(db: &mut ScopedTx, issue: &Issue) -> Result<i64> {
    let n = sqlx::query_scalar!(
        r#"select (select count(*) from issue_parts
              where tenant_id = $1 and issue_id = $2 and state in ('open', 'signed'))
             + (select count(*) from issue_handoffs
                where tenant_id = $1 and issue_id = $2 and answered_at is null and returned_at is null) as "n!""#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// Of one matter, in the order in which they were given.
pub async fn parts(db: &mut ScopedTx, issue: &Issue) -> Result<Vec<Part>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: PartId"
         from issue_parts
         where tenant_id = $1 and issue_id = $2
         order by given_at, id"#,
        issue.tenant_id.0,
        issue.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    some_parts(db, &ids).await
}

pub async fn part(db: &mut ScopedTx, id: PartId) -> Result<Option<Part>> {
    Ok(some_parts(db, &[id]).await?.pop())
}

async fn some_parts(db: &mut ScopedTx, ids: &[PartId]) -> Result<Vec<Part>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select p.id as "id: PartId", p.issue_id as "issue: IssueId", p.tenant_id as "tenant: TenantId",
             p.scope, o.id as "owner: CommitteeId", o.level, p.no, p.category as "category: Category",
             p.part_committee_id as "committee: CommitteeId", coalesce(k.short_name, p.department, '') as "unit!",
             p.contact_name, p.contact_phone, p.matter, p.task, p.shown_name, p.due_at, g.name as given_by,
             h.short_name as giver, p.given_at, p.state as "state: PartState", p.signed_at, p.answer,
             a.name as "answered_by?", p.answered_at, p.ended_reason
         from issue_parts p
         join committees o on o.code_lo = p.scope
         join committees h on h.code_lo = p.handler_scope
         join cadres g on g.tenant_id = p.tenant_id and g.id = p.given_by
         left join committees k on k.id = p.part_committee_id
         left join cadres a on a.tenant_id = p.tenant_id and a.id = p.answered_by
         where ($1::int is null or p.tenant_id = $1) and p.id = any($2)
         order by p.given_at, p.id"#,
        tenant,
        ids as &[PartId],
    )
    .fetch_all(db.conn())
    .await?;
    let part = rows.into_iter().map(|row| Part {
        id: row.id,
        issue: row.issue,
        place: Place {
            tenant: row.tenant,
            committee: row.owner,
            scope: row.scope,
        },
        level: row.level,
        no: row.no,
        category: row.category,
        committee: row.committee,
        unit: row.unit,
        contact_name: row.contact_name,
        contact_phone: row.contact_phone,
        matter: row.matter,
        task: row.task,
        shown_name: row.shown_name,
        due_at: row.due_at,
        given_by: row.given_by,
        giver: row.giver,
        given_at: row.given_at,
        state: row.state,
        signed_at: row.signed_at,
        answer: row.answer,
        answered_by: row.answered_by,
        answered_at: row.answered_at,
        ended_reason: row.ended_reason,
    });
    Ok(part.collect())
}

/// Those that the reader's own committee has, the last given first. `all`: also those at their end.
pub async fn parts_here(
    db: &mut ScopedTx,
    which: Which,
    after: Option<Mark>,
) -> Result<Page<Part>> {
    let (tenant, scope) = (db.scope().tenant(), home(db));
    let all = which == Which::All;
    let ids = sqlx::query_scalar!(
        r#"select id as "id: PartId"
         from issue_parts
         where tenant_id = $1 and part_scope = $2 and ($3 or state in ('open', 'signed'))
             and ($4::timestamptz is null or (given_at, id) < ($4, $5))
         order by given_at desc, id desc
         limit $6"#,
        tenant.0,
        scope,
        all,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let mut rows = some_parts(db, &ids).await?;
    rows.reverse();
    let total = count_here(db, which).await?;
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.given_at,
        id: row.id.0,
    }))
}

/// Which of the parts of one's own committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for it.
    Open,
    All,
}

/// How many parts wait for the reader's own committee.
pub async fn parts_waiting(db: &mut ScopedTx) -> Result<i64> {
    count_here(db, Which::Open).await
}

async fn count_here(db: &mut ScopedTx, which: Which) -> Result<i64> {
    let (tenant, scope) = (db.scope().tenant(), home(db));
    let all = which == Which::All;
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from issue_parts
         where tenant_id = $1 and part_scope = $2 and ($3 or state in ('open', 'signed'))"#,
        tenant.0,
        scope,
        all,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

fn home(db: &ScopedTx) -> Option<i64> {
    let home = db.scope().actor().home.as_ref();
    home.map(|home| home.place.scope)
}

/// A link for a department's part. Those made before for it are good no more.
pub async fn make_part_link(
    db: &mut ScopedTx,
    issue: &Issue,
    part: PartId,
    token_hash: &str,
    expires_at: chrono::DateTime<Utc>,
) -> Result<()> {
    let (by, now): (CadreId, _) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "update issue_links set expires_at = $3
         where tenant_id = $1 and part_id = $2 and kind = 'part' and used_at is null",
        issue.tenant_id.0,
        part.0,
        now,
    )
    .execute(db.conn())
    .await?;
    sqlx::query!(
        "insert into issue_links (tenant_id, token_hash, issue_id, scope, handler_scope, sender_scope, kind,
             part_id, made_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, 'part', $7, $8, $9, $10)",
        issue.tenant_id.0,
        token_hash,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        part.0,
        by.0,
        now,
        expires_at,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// The department's link of that secret's hash, which the transaction opens. None: nobody has made it.
pub async fn linked_part(db: &mut ScopedTx, token_hash: &str) -> Result<Option<PartLink>> {
    db.open_session(token_hash).await?;
    let found = sqlx::query!(
        r#"select l.part_id as "part: PartId", l.tenant_id as "tenant: TenantId",
             c.id as "committee: CommitteeId", l.scope, c.level, l.expires_at, l.used_at
         from issue_links l
         join committees c on c.code_lo = l.scope
         where l.token_hash = $1 and l.kind = 'part'"#,
        token_hash,
    )
    .fetch_optional(db.conn())
    .await?;
    Ok(found.and_then(|row| {
        Some(PartLink {
            part: row.part?,
            place: Place {
                tenant: row.tenant,
                committee: row.committee,
                scope: row.scope,
            },
            level: row.level,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
    }))
}

/// When its open link was opened first, and until when it is good.
pub async fn part_link_until(
    db: &mut ScopedTx,
    part: &Part,
) -> Result<Option<chrono::DateTime<Utc>>> {
    let now = db.now();
    let found = sqlx::query_scalar!(
        "select max(expires_at)
         from issue_links
         where tenant_id = $1 and part_id = $2 and kind = 'part' and used_at is null and expires_at > $3",
        part.place.tenant.0,
        part.id.0,
        now,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}
