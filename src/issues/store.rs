//! The table of issues. A row is seen from its owner's, its handler's and its last sender's committee.

mod alike;
mod around;
mod carry;
mod clock;
pub mod deputies;
mod files;
mod follow;
mod handoffs;
mod heard;
mod history;
pub mod instructions;
mod links;
mod list;
mod moves;
pub mod notices;
mod parts;
mod public;
mod read;
pub mod recounts;
pub mod rules;
mod write;

pub use alike::{candidates, standing_in};
pub use around::{limits, rules};
pub use clock::ticking;
pub use files::{File, NewFile, add_file, file, files, keys_of_files};
pub(super) use follow::follow_up;
pub use follow::{Standing, count_to_follow_up, draw, followed_up, standing, to_follow_up};
pub use handoffs::{
    Linked, add_handoff, answer_handoff, answered, handed_in, handoff, handoffs, link_handoff,
    make_linked, mirror_linked, settled, unlinked,
};
pub use heard::heard_on;
pub use history::{Asking, Closed, Moved, asking, closings, latest, merged, moved};
pub use links::{Given, Near, add_verdict, linked, make_link, near, tracked, verdicts};
pub use list::{count, list, queues};
pub use moves::{Made, apply, apply_as, make, make_as, sides};
pub use parts::{
    Which, add_part, linked_part, make_part_link, part, part_link_until, parts, parts_here,
    parts_open, parts_waiting, step_part,
};
pub use public::{Reporter, reporter, take_in, withdraw};
pub use read::{by_number, get, mine, some};

use super::model::{
    ADDED, CORRECTED, Change, Issue, IssueId, NewIssue, has_sensitive_words, number,
};
use crate::platform::daybook::Line;
use crate::platform::error::on_constraint;
use crate::platform::ids::CommitteeId;
use crate::platform::scope::{Place, Scope};
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result, counters, stale};
use crate::youth::{self, YouthId};

/// Writes a problem down at a committee, in state 待受理, with its number and its line of the day
/// book. False when the id is there already: a repeated post.
pub async fn add(db: &mut ScopedTx, at: Place, new: &NewIssue) -> Result<bool> {
    if exists(db, at, new).await? {
        return Ok(false);
    }
    let year = chrono::Datelike::year(&new.raised_on);
    let short = short_of(db, at.committee).await?;
    let no = number(&short, year, counters::next(db, at, "issue", year).await?);
    insert(db, at, new, &no).await?;
    stale::mark(db, at, new.raised_on).await?;
    notices::tell_of_new(db, new.id, new.handler, at.committee).await?;
    db.note(ADDED, Some(new.id.0), at).await?;
    Ok(true)
}

/// Writes down what was heard on one visit: new ids, one evening, numbers in this order, with their
/// lines of the day book. Whoever calls knows by the visit that it is no repeated post, says of each
/// whether it is sensitive by its young person, and marks the month of the evening.
pub async fn add_heard(db: &mut ScopedTx, at: Place, heard: &[NewIssue]) -> Result<()> {
    let Some(first) = heard.first() else {
        return Ok(());
    };
    let year = chrono::Datelike::year(&first.raised_on);
    let short = short_of(db, at.committee).await?;
    let mut n = counters::next_of(db, at, "issue", year, heard.len()).await?;
    for new in heard {
        let is_sensitive = new.is_sensitive || has_sensitive_words(&new.detail);
        write(db, at, new, &number(&short, year, n), is_sensitive).await?;
        notices::tell_of_new(db, new.id, new.handler, at.committee).await?;
        db.note(ADDED, Some(new.id.0), at).await?;
        n += 1;
    }
    Ok(())
}

/// Looked for first, so that a repeated post uses up no number. An id that another committee has
/// taken is not seen here: the insert then meets the key, and the whole post is refused as stale.
async fn exists(db: &mut ScopedTx, at: Place, new: &NewIssue) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from issues where tenant_id = $1 and id = $2) as "found!""#,
        at.tenant.0,
        new.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(found)
}

async fn insert(db: &mut ScopedTx, at: Place, new: &NewIssue, no: &str) -> Result<()> {
    let is_sensitive =
        new.is_sensitive || has_sensitive_words(&new.detail) || is_guarded(db, new.youth).await?;
    write(db, at, new, no, is_sensitive).await
}

async fn write(
    db: &mut ScopedTx,
    at: Place,
    new: &NewIssue,
    no: &str,
    is_sensitive: bool,
) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    let outcome = sqlx::query!(
        "insert into issues (tenant_id, id, committee_id, scope, handler_committee_id, handler_scope,
             handler_cadre_id, sender_scope, no, detail, category, urgency, source, youth_id,
             village_id, is_sensitive, raised_on, received_by, received_at, updated_at, handed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $4, $8, $9, $10, $11, 'visit', $12, $13, $14, $15, $16,
             $17, $17, $18)",
        at.tenant.0,
        new.id.0,
        at.committee.0,
        at.scope,
        new.handler.committee.committee.0,
        new.handler.committee.scope,
        new.handler.cadre.map(|id| id.0),
        no,
        new.detail,
        new.category.code(),
        new.urgency.code(),
        new.youth.map(|id| id.0),
        new.village.map(|id| id.0),
        is_sensitive,
        new.raised_on,
        by.0,
        now,
        (new.handler.committee.scope != at.scope).then_some(now),
    )
    .execute(db.conn())
    .await;
    on_constraint(outcome, "issues_pkey", || Error::Stale(""))?;
    Ok(())
}

/// A minor, or marked 困境 or 重点.
async fn is_guarded(db: &mut ScopedTx, youth: Option<YouthId>) -> Result<bool> {
    let Some(id) = youth else { return Ok(false) };
    let names = youth::store::names(db, &[id]).await?;
    Ok(names.get(&id).is_some_and(|it| it.is_guarded))
}

/// The first characters of the place names from the city down to the committee, each as many as are
/// needed to tell it from its siblings, closed ones too: 清望 for 清川市 望江区. A committee above
/// every city goes by its own name.
async fn short_of(db: &mut ScopedTx, committee: CommitteeId) -> Result<String> {
    let short = sqlx::query_scalar!(
        r#"select string_agg(left(a.place_name, coalesce(n.least, 99)), '' order by a.level) as "short!"
         from committees c
         join committees a on c.code_lo between a.code_lo and a.code_hi and a.level <= c.level
         cross join lateral (
             select min(k) as least
             from generate_series(1, char_length(a.place_name)) k
             where not exists (
                 select from committees s
                 where s.parent_id = a.parent_id and s.id <> a.id
                     and left(s.place_name, k) = left(a.place_name, k))) n
         where c.id = $1 and (a.level >= 3 or a.id = c.id)"#,
        committee.0,
    )
    .fetch_one(db.conn())
    .await?;
    Ok(short)
}

/// An issue, locked, that whoever asks may change. Only `open_for_edit` makes one.
#[derive(Debug)]
pub struct Editable(Issue);

impl Editable {
    pub fn issue(&self) -> &Issue {
        &self.0
    }
}

/// Locks the row. `may` is the rule that the change stands under; its refusal is passed on.
pub async fn open_for_edit(
    db: &mut ScopedTx,
    id: IssueId,
    may: fn(&Issue, &Scope) -> Result<()>,
) -> Result<Editable> {
    let tenant = db.tenant_filter();
    sqlx::query!(
        "select version from issues where ($1::int is null or tenant_id = $1) and id = $2 for update",
        tenant,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let issue = get(db, id).await?;
    may(&issue, db.scope())?;
    Ok(Editable(issue))
}

/// Writes the corrected words, with a line of the day book that names what was changed.
pub async fn save(
    db: &mut ScopedTx,
    was: &Editable,
    change: &Change,
) -> Result<Logged<Option<Issue>>> {
    let (issue, now) = (was.issue(), db.now());
    sqlx::query!(
        "update issues
         set detail = $3, category = $4, urgency = $5, is_sensitive = $6, updated_at = $7,
             version = version + 1
         where tenant_id = $1 and id = $2",
        issue.tenant_id.0,
        issue.id.0,
        change.detail,
        change.category.code(),
        change.urgency.code(),
        issue.is_sensitive || has_sensitive_words(&change.detail),
        now,
    )
    .execute(db.conn())
    .await?;
    stale::mark(db, issue.place(), issue.raised_on).await?;
    let line = Line::new(CORRECTED, Some(issue.id.0), issue.place()).detail(change.facts(issue));
    db.log_line(line, None).await
}
