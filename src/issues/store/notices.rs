//! The table of notices: written with the move that they tell of, read by whom they are for.

use uuid::Uuid;

use super::deputies;
use crate::cadres;
use crate::issues::model::{Issue, IssueId, News, Notice, NoticeId, Topic};
use crate::issues::notices::Told;
use crate::kit::ids::uuid_v7;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::paging::{Mark, Page, ROWS};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// What a notice is about: the matter, if there is one, what happened, and the record that it happened
/// by (a move, a deputyship), so that nothing is told twice.
#[derive(Clone, Copy, Debug)]
pub struct Tidings {
    pub issue: Option<IssueId>,
    pub topic: Topic,
    pub cause: Uuid,
}

/// Tells whoever is in office of those that are named and of the 书记 of those committees, and whoever is
/// deputy of one of them today; never whoever acts. `near`: committees where somebody with several posts
/// is told rather than at another.
pub async fn tell(
    db: &mut ScopedTx,
    news: Tidings,
    mut told: Told,
    near: &[CommitteeId],
) -> Result<()> {
    if told.cadres.is_empty() && told.leads.is_empty() {
        return Ok(());
    }
    let stand_ins = deputies::of(db, &told.cadres).await?;
    told.cadres.extend(stand_ins);
    let me = db.scope().actor().cadre;
    let mut seats = cadres::store::seats(db, (&told.cadres, &told.leads), near).await?;
    seats.retain(|seat| Some(seat.cadre) != me);
    if seats.is_empty() {
        return Ok(());
    }
    let (now, today, from) = (db.now(), db.scope().today(), db.scope().place());
    let ids: Vec<Uuid> = seats.iter().map(|_| uuid_v7(now)).collect();
    let committees: Vec<i32> = seats.iter().map(|it| it.place.committee.0).collect();
    let scopes: Vec<i64> = seats.iter().map(|it| it.place.scope).collect();
    let cadres: Vec<Uuid> = seats.iter().map(|it| it.cadre.0).collect();
    sqlx::query!(
        r#"insert into issue_notices (tenant_id, id, committee_id, scope, from_committee_id, from_scope,
             cadre_id, issue_id, kind, cause, at, on_day)
         select $1, u.id, u.committee, u.scope, $6, $7, u.cadre, $8, $9, $10, $11, $12
         from unnest($2::uuid[], $3::int[], $4::bigint[], $5::uuid[]) as u (id, committee, scope, cadre)
         on conflict (tenant_id, cadre_id, cause, kind) do nothing"#,
        from.tenant.0,
        &ids,
        &committees,
        &scopes,
        &cadres,
        from.committee.0,
        from.scope,
        news.issue.map(|id| id.0),
        news.topic.code(),
        news.cause,
        now,
        today,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// A matter that was heard and given to somebody else than whoever heard it.
pub(super) async fn tell_of_new(
    db: &mut ScopedTx,
    issue: IssueId,
    handler: crate::issues::model::Handler,
    at: CommitteeId,
) -> Result<()> {
    let committee = handler.committee.committee;
    let told = match handler.cadre {
        Some(cadre) => Told {
            cadres: vec![cadre],
            leads: Vec::new(),
        },
        None if committee != at => Told {
            cadres: Vec::new(),
            leads: vec![committee],
        },
        None => return Ok(()),
    };
    let news = Tidings {
        issue: Some(issue),
        topic: Topic::News(News::Added),
        cause: issue.0,
    };
    tell(db, news, told, &[committee]).await
}

/// The committees that a matter concerns.
pub(super) fn near(issue: &Issue) -> [CommitteeId; 2] {
    [issue.handler_committee_id, issue.committee_id]
}

/// Mine, newest first.
pub async fn list(db: &mut ScopedTx, after: Option<Mark>) -> Result<Page<Notice>> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let me = db.scope().cadre()?;
    let rows = sqlx::query_as!(
        Notice,
        r#"select n.id as "id: NoticeId", n.issue_id as "issue: IssueId", n.kind, k.short_name as "from",
             n.at, n.on_day, n.read_at
         from issue_notices n
         join committees k on k.id = n.from_committee_id
         where n.tenant_id = $1 and n.cadre_id = $2
             and (n.scope between $3 and $4 or n.from_scope between $3 and $4)
             and ($5::timestamptz is null or (n.at, n.id) < ($5, $6))
         order by n.at desc, n.id desc
         limit $7"#,
        tenant.0,
        me.0,
        lo,
        hi,
        after.map(|mark| mark.at),
        after.map(|mark| mark.id),
        ROWS + 1,
    )
    .fetch_all(db.conn())
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from issue_notices
         where tenant_id = $1 and cadre_id = $2 and (scope between $3 and $4 or from_scope between $3 and $4)"#,
        tenant.0,
        me.0,
        lo,
        hi,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(Page::cut(rows, total, |row| Mark {
        at: row.at,
        id: row.id.0,
    }))
}

/// How many I have not read.
pub async fn unread(db: &mut ScopedTx) -> Result<i64> {
    let (tenant, lo, hi) = (db.scope().tenant(), db.lo(), db.hi());
    let Some(me) = db.scope().actor().cadre else {
        return Ok(0);
    };
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from issue_notices
         where tenant_id = $1 and cadre_id = $2 and read_at is null
             and (scope between $3 and $4 or from_scope between $3 and $4)"#,
        tenant.0,
        me.0,
        lo,
        hi,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(n)
}

/// Reads one of mine; the matter that it opens. `NotFound` for another's.
pub async fn read(db: &mut ScopedTx, id: NoticeId) -> Result<Option<IssueId>> {
    let (tenant, now, me) = (db.scope().tenant(), db.now(), db.scope().cadre()?);
    let found = sqlx::query_scalar!(
        r#"update issue_notices
         set read_at = coalesce(read_at, $4)
         where tenant_id = $1 and id = $2 and cadre_id = $3
         returning issue_id as "issue: IssueId""#,
        tenant.0,
        id.0,
        me.0,
        now,
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// Reads all of mine up to that instant: what came later stays unread.
pub async fn read_all(db: &mut ScopedTx, upto: chrono::DateTime<chrono::Utc>) -> Result<()> {
    let (tenant, now, me) = (db.scope().tenant(), db.now(), db.scope().cadre()?);
    sqlx::query!(
        "update issue_notices
         set read_at = $4
         where tenant_id = $1 and cadre_id = $2 and read_at is null and at <= $3",
        tenant.0,
        me.0,
        upto,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// Reads mine of a matter that I am looking at, when a move of mine there goes through.
pub(super) async fn read_of(db: &mut ScopedTx, issue: IssueId, me: CadreId) -> Result<()> {
    let (tenant, now) = (db.scope().tenant(), db.now());
    sqlx::query!(
        "update issue_notices
         set read_at = $4
         where tenant_id = $1 and cadre_id = $2 and issue_id = $3 and read_at is null",
        tenant.0,
        me.0,
        issue.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
