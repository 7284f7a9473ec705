//! The rows that a move writes: itself, the issue, and what hangs on it.

use uuid::Uuid;

use super::instructions;
use crate::issues::Origin;
use crate::issues::effect::{Around, working_days};
use crate::issues::model::{
    Act, Closing, DueFrom, Issue, Move, NewMove, Outcome, PartStep, Side, Source, State, Verdict,
};
use crate::kit::clock::today;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result, stale};

/// The move, and the issue as it stands after it.
pub(super) async fn moved(
    db: &mut ScopedTx,
    was: &Issue,
    next: &Issue,
    new: &NewMove,
    side: Side,
) -> Result<()> {
    add(db, was, next, new, side).await?;
    save(db, next).await
}

async fn add(
    db: &mut ScopedTx,
    was: &Issue,
    next: &Issue,
    new: &NewMove,
    side: Side,
) -> Result<()> {
    let (now, actor) = (db.now(), db.scope().actor());
    let (cadre, appointment) = (actor.cadre, actor.appointment);
    // The clock stands nowhere.
    let home = actor.home.as_ref().filter(|_| cadre.is_some());
    let home = home.map(|home| home.place.committee.0);
    let told = Told::of(new);
    let outcome = sqlx::query!(
        "insert into issue_moves (tenant_id, id, issue_id, scope, handler_scope, sender_scope, n, after,
             version, move, from_state, to_state, side, cadre_id, appointment_id, actor_committee_id, at,
             reason, words, is_shown, to_committee_id, to_cadre_id, until_at, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24)",
        was.tenant_id.0,
        new.id.0,
        was.id.0,
        was.scope,
        was.handler_scope,
        was.sender_scope,
        next.step,
        was.step,
        next.version,
        new.act.word().code(),
        was.state.code(),
        next.state.code(),
        side.code(),
        cadre.map(|id| id.0),
        appointment.map(|id| id.0),
        home,
        now,
        told.reason,
        new.words,
        new.is_shown,
        told.committee,
        told.cadre,
        told.until,
        told.detail,
    )
    .execute(db.conn())
    .await;
    crate::platform::error::on_constraint(outcome, "issue_moves_pkey", || Error::Stale(""))?;
    Ok(())
}

/// What the row of a move says besides its words.
#[derive(Default)]
struct Told {
    reason: Option<&'static str>,
    committee: Option<i32>,
    cadre: Option<Uuid>,
    until: Option<chrono::DateTime<chrono::Utc>>,
    detail: Option<serde_json::Value>,
}

impl Told {
    fn of(new: &NewMove) -> Self {
        use crate::kit::workday::end_of_day;
        let none = Self::default();
        match &new.act {
            Act::Plain(_) => none,
            Act::Accept { cadre, .. } | Act::Name(_, cadre) => Self {
                cadre: cadre.map(|id| id.0),
                ..none
            },
            Act::Decline(ground) => Self {
                reason: Some(ground.code()),
                ..none
            },
            Act::Hand(_, hand) => Self {
                committee: Some(hand.to.committee.0),
                cadre: hand.cadre.map(|id| id.0),
                until: hand.due_on.map(end_of_day),
                ..none
            },
            Act::Suspend(day) | Act::AskExtension(day) | Act::Instruct(day) => Self {
                until: Some(end_of_day(*day)),
                ..none
            },
            Act::Close(_, closing) => Self {
                reason: Some(closing.outcome.code()),
                ..none
            },
            Act::Merge(into) => Self {
                detail: Some(serde_json::json!({"into": into})),
                ..none
            },
            Act::Share(_, share) => Self {
                reason: share.step.map(PartStep::code),
                committee: share.to.map(|id| id.0),
                until: share.until.map(end_of_day),
                detail: share
                    .department
                    .as_ref()
                    .map(|it| serde_json::json!({"department": it})),
                ..none
            },
        }
    }
}

async fn save(db: &mut ScopedTx, next: &Issue) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "update issues
         set handler_committee_id = $3, handler_scope = $4, handler_cadre_id = $5, sender_scope = $6,
             points = $7, state = $8, state_reason = $9, step = $10, accepted_at = $11, handed_at = $12,
             sign_by = $13, due_at = $14, due_from = $15, due_start_at = $16, warn_at = $17,
             extensions = $18, resume_state = $19, resume_on = $20, pressed = $21, pressed_at = $22,
             outcome = $23, closings = $24, reopenings = $25, closed_at = $26, verdict = $27,
             merged_into = $28, version = $29, updated_at = $30
         where tenant_id = $1 and id = $2",
        next.tenant_id.0,
        next.id.0,
        next.handler_committee_id.0,
        next.handler_scope,
        next.handler_cadre_id.map(|id| id.0),
        next.sender_scope,
        &next.points,
        next.state.code(),
        next.state_reason,
        next.step,
        next.accepted_at,
        next.handed_at,
        next.sign_by,
        next.due_at,
        next.due_from.map(DueFrom::code),
        next.due_start_at,
        next.warn_at,
        next.extensions,
        next.resume_state.map(State::code),
        next.resume_on,
        next.pressed,
        next.pressed_at,
        next.outcome.map(Outcome::code),
        next.closings,
        next.reopenings,
        next.closed_at,
        next.verdict.map(Verdict::code),
        next.merged_into.map(|id| id.0),
        next.version,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// What the move begins or ends beside the issue: a pause, an extension, a closing; and the months
/// whose figures are to be counted anew. The rows carry the sides as they were: `carry` moves them.
pub(super) async fn hanging(
    db: &mut ScopedTx,
    was: &Issue,
    next: &Issue,
    around: &Around,
    new: &NewMove,
) -> Result<()> {
    if was.state.is_paused() && !next.state.is_paused() {
        end_pause(db, was, around).await?;
    }
    if !was.state.is_paused() && next.state.is_paused() {
        begin_pause(db, next).await?;
    }
    match &new.act {
        Act::Instruct(day) => instructions::give(db, was, *day, new).await?,
        Act::Plain(Move::InstructSign) => instructions::sign(db, was).await?,
        Act::Plain(Move::InstructAnswer) => instructions::answer(db, was, new).await?,
        Act::AskExtension(wanted) => ask_extension(db, was, *wanted, new).await?,
        Act::Plain(act @ (Move::Grant | Move::Refuse)) => answer(db, was, *act, new).await?,
        Act::Close(_, closing) => close(db, was, next, around, (new, closing)).await?,
        Act::Decline(_) => {
            let closing = Closing {
                outcome: Outcome::Declined,
                answers: Vec::new(),
            };
            close(db, was, next, around, (new, &closing)).await?;
        }
        _ => {}
    }
    if was.handler_scope != next.handler_scope || !next.state.is_open() {
        lapse(db, was).await?;
    }
    if let Some(closed_at) = was.closed_at.filter(|_| next.closed_at.is_none()) {
        fall(db, was).await?;
        stale::mark(db, was.place(), today(closed_at)).await?;
    }
    if was.state.counts() != next.state.counts() {
        stale::mark(db, was.place(), was.raised_on).await?;
    }
    Ok(())
}

async fn begin_pause(db: &mut ScopedTx, issue: &Issue) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "insert into issue_pauses (tenant_id, issue_id, n, scope, handler_scope, sender_scope, kind,
             began_at, until_on)
         select $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8
         from issue_pauses
         where tenant_id = $1 and issue_id = $2",
        issue.tenant_id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        issue.state.code(),
        now,
        issue.resume_on,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn end_pause(db: &mut ScopedTx, issue: &Issue, around: &Around) -> Result<()> {
    let began = around.paused_at.unwrap_or(around.now);
    let days = around.calendar.between(today(began), today(around.now));
    sqlx::query!(
        "update issue_pauses
         set ended_at = $3, working_days = $4
         where tenant_id = $1 and issue_id = $2 and ended_at is null",
        issue.tenant_id.0,
        issue.id.0,
        around.now,
        i32::try_from(days).unwrap_or(i32::MAX),
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn ask_extension(
    db: &mut ScopedTx,
    issue: &Issue,
    wanted: chrono::NaiveDate,
    new: &NewMove,
) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    sqlx::query!(
        "insert into issue_extensions (tenant_id, issue_id, n, scope, handler_scope, sender_scope,
             asked_by, asked_at, reason, wanted_on)
         select $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8, $9
         from issue_extensions
         where tenant_id = $1 and issue_id = $2",
        issue.tenant_id.0,
        issue.id.0,
        issue.scope,
        issue.handler_scope,
        issue.sender_scope,
        by.0,
        now,
        new.words.clone().unwrap_or_default(),
        wanted,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn answer(db: &mut ScopedTx, issue: &Issue, act: Move, new: &NewMove) -> Result<()> {
    let (by, now) = (db.scope().cadre()?, db.now());
    let state = if act == Move::Grant {
        "granted"
    } else {
        "refused"
    };
    sqlx::query!(
        "update issue_extensions
         set state = $3, answered_by = $4, answered_at = $5, words = $6
         where tenant_id = $1 and issue_id = $2 and state = 'asked'",
        issue.tenant_id.0,
        issue.id.0,
        state,
        by.0,
        now,
        new.words,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

/// A request for more time that nobody has answered is of no use any more.
async fn lapse(db: &mut ScopedTx, issue: &Issue) -> Result<()> {
    let now = db.now();
    sqlx::query!(
        "update issue_extensions
         set state = 'lapsed', answered_at = $3
         where tenant_id = $1 and issue_id = $2 and state = 'asked'",
        issue.tenant_id.0,
        issue.id.0,
        now,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}

async fn close(
    db: &mut ScopedTx,
    was: &Issue,
    next: &Issue,
    around: &Around,
    (new, closing): (&NewMove, &Closing),
) -> Result<()> {
    let by = db.scope().cadre()?;
    let from = Origin::of(db.scope().request(), was.id);
    let paused = sqlx::query_scalar!(
        r#"select coalesce(sum(working_days), 0)::int as "days!"
         from issue_pauses
         where tenant_id = $1 and issue_id = $2"#,
        was.tenant_id.0,
        was.id.0,
    )
    .fetch_one(db.conn())
    .await?;
    let points = match (closing.answers.len(), was.points.is_empty()) {
        (0, _) => Vec::new(),
        (_, true) => vec![String::new()],
        _ => was.points.clone(),
    };
    sqlx::query!(
        "insert into issue_closings (tenant_id, issue_id, n, scope, handler_scope, sender_scope, move_id,
             outcome, words, points, answers, cadre_id, closed_at, closed_on, due_at, is_on_time,
             working_days, category, counts, device_hash, network_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        was.tenant_id.0,
        was.id.0,
        next.closings,
        was.scope,
        was.handler_scope,
        was.sender_scope,
        new.id.0,
        closing.outcome.code(),
        new.words.clone().unwrap_or_default(),
        &points,
        &closing.answers,
        by.0,
        around.now,
        today(around.now),
        was.due_at,
        was.due_at.is_none_or(|due| around.now <= due),
        working_days(was, around, paused),
        was.category.code(),
        was.source != Source::Handoff,
        from.device,
        from.network,
    )
    .execute(db.conn())
    .await?;
    stale::mark(db, was.place(), today(around.now)).await
}

/// The closing does not stand any more: it was reopened.
async fn fall(db: &mut ScopedTx, issue: &Issue) -> Result<()> {
    sqlx::query!(
        "update issue_closings set stands = false where tenant_id = $1 and issue_id = $2 and stands",
        issue.tenant_id.0,
        issue.id.0,
    )
    .execute(db.conn())
    .await?;
    Ok(())
}
