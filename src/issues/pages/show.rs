//! One issue: what was said, where it stands, who has it until when, what happened; giving a purpose
//! to read it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::contact::Contact;
use super::files::takes_files;
use super::follow;
use super::parts::{expected, waiting};
use super::see::{Seen, confirm, see};
use crate::calendar;
use crate::issues::alike::{Probe, Sign, alike};
use crate::issues::due::Span;
use crate::issues::effect::EXTENSIONS;
use crate::issues::form::{Also, Asked, MoveForm, PurposeForm, asked_of};
use crate::issues::handoffs;
use crate::issues::history::{Event, What, events};
use crate::issues::lines::{Due, HEAD, Line as IssueLine, gist};
use crate::issues::model::{
    FollowedUp, Handoff, Instruction, Issue, IssueId, Move, MoveId, Part, Purpose, REVEALED, Sight,
};
use crate::issues::moves::step;
use crate::issues::store::{self, Asking, Closed, File, Given, Moved, Reporter, Standing};
use crate::kit::clock;
use crate::kit::workday::Calendar;
use crate::platform::Result;
use crate::platform::daybook::{self, Line};
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::youth::Shown;

/// Moves on the page.
const MOVES: i64 = 100;

#[derive(Template)]
#[template(path = "issues/show.html")]
struct ShowPage {
    chrome: Chrome,
    issue: Issue,
    youth: Option<Shown>,
    /// Who came by the public page.
    contact: Option<Contact>,
    sight: Sight,
    /// The text is shown.
    is_open: bool,
    /// Until when, where a purpose was given.
    until: String,
    gist: String,
    times: [String; 4],
    due: Due,
    /// How long its urgency gives.
    span: Span,
    events: Vec<Event>,
    only_shown: bool,
    files: Vec<File>,
    /// Where a file is added; empty for who wrote no note and no answer.
    attach: String,
    closings: Vec<Closed>,
    verdicts: Vec<Given>,
    asking: Option<Asking>,
    instructions: Vec<Instruction>,
    merged: Vec<(IssueId, String)>,
    into: Option<(IssueId, String)>,
    /// Those that may be the same, for whoever may merge it.
    alike: Vec<(IssueLine, Sign)>,
    /// A year whose holidays are not known, in which its time ends.
    unknown_year: Option<i32>,
    calendar: Arc<Calendar>,
    /// The note that is written without leaving the page.
    progress: Option<(&'static Asked, MoveForm)>,
    offers: Vec<&'static Asked>,
    shared: Shared,
    /// What the receiver is to do, where it was handed over and not sent back.
    expected: Option<Moved>,
    /// Where the link for a verdict is made; empty for whoever may not.
    verdict: String,
    follow_ups: Vec<FollowedUp>,
    /// Where the closing is followed up; empty for whoever may not, and where it was.
    follow_up: String,
    /// Where it is reopened, for whoever may.
    reopen: String,
    may_correct: bool,
    /// Where the password is given again, if it has to be.
    confirm: String,
    purposes: Vec<Choice>,
    words: String,
    faults: Faults,
    today: NaiveDate,
    now: DateTime<Utc>,
}

/// What others have in it.
struct Shared {
    /// Whose answer the whole waits for.
    waiting: Vec<String>,
    parts: Vec<Part>,
    handoffs: Vec<Handoff>,
    /// A part may be given.
    may_give: bool,
    /// It may be put before the province.
    may_hand_out: bool,
}

impl Shared {
    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.handoffs.is_empty()
    }
}

/// What hangs on it.
struct Told {
    parts: Vec<Part>,
    handoffs: Vec<Handoff>,
    has_province: bool,
    moves: Vec<Moved>,
    closings: Vec<Closed>,
    verdicts: Vec<Given>,
    follow_ups: Vec<FollowedUp>,
    standing: Option<Standing>,
    asking: Option<Asking>,
    instructions: Vec<Instruction>,
    merged: Vec<(IssueId, String)>,
    into: Option<(IssueId, String)>,
    reporter: Option<Reporter>,
    files: Vec<File>,
    span: Span,
    calendar: Arc<Calendar>,
    alike: Vec<(IssueLine, Sign)>,
}

/// `?saved=` follows a correction: the phone lets go the draft of that id.
pub async fn show(scope: Scope, Path(id): Path<IssueId>, Query(query): Query) -> Result<Response> {
    let only_shown = query.get("shown") == "on";
    let mut page = page(&scope, id, PurposeForm::default(), Faults::default()).await?;
    if let Ok(draft) = query.get("saved").parse() {
        page.chrome = scope.chrome_after(draft);
    }
    render(&ShowPage {
        events: shown_only(page.events, only_shown),
        only_shown,
        ..page
    })
}

/// What the young person may read too.
fn shown_only(events: Vec<Event>, only: bool) -> Vec<Event> {
    let is_shown = |event: &Event| match &event.what {
        What::Heard => true,
        What::Moved(moved) => moved.is_shown,
        What::Corrected { .. } | What::Revealed { .. } | What::Recounted(_) => false,
    };
    events
        .into_iter()
        .filter(|it| !only || is_shown(it))
        .collect()
}

/// Says why the text is opened: one line of the day book, ten minutes.
pub async fn reveal(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let purpose = PurposeForm::read(&fields);
    let seen = scope.look(async |db| see(db, id).await).await?;
    seen.sight.may_ask()?;
    let password = confirm(&scope, id);
    if seen.sight == Sight::Purpose && !password.is_empty() {
        return Ok(go(&password));
    }
    let words = match purpose.check() {
        Ok(words) => words,
        Err(faults) => return refuse(&page(&scope, id, purpose, faults).await?),
    };
    if seen.sight == Sight::Purpose && seen.revealed.is_none() {
        let at = seen.issue.line_place(&scope);
        scope
            .work(async |db| {
                let line = Line::new(REVEALED, Some(id.0), at).purpose(&words);
                db.log_line(line, ()).await
            })
            .await?;
    }
    Ok(go(&format!("/issues/{id}")))
}

async fn page(
    scope: &Scope,
    id: IssueId,
    purpose: PurposeForm,
    faults: Faults,
) -> Result<ShowPage> {
    let (seen, told) = scope
        .look(async |db| {
            let seen = see(db, id).await?;
            let mut told = told(db, &seen.issue).await?;
            if seen.is_open() && seen.offers().iter().any(|it| it.act == Move::Merge) {
                told.alike = alike(db, &Probe::of(&seen.issue)).await?;
            }
            Ok((seen, told))
        })
        .await?;
    Ok(show_page(scope, seen, told, (purpose, faults)))
}

async fn told(db: &mut ScopedTx, issue: &Issue) -> Result<Told> {
    let rules = store::rules(db, issue.tenant_id).await?;
    let into = match issue.merged_into {
        Some(id) => store::some(db, &[id]).await?.pop(),
        None => None,
    };
    Ok(Told {
        moves: store::moved(db, issue, MOVES).await?,
        closings: store::closings(db, issue).await?,
        verdicts: store::verdicts(db, issue).await?,
        follow_ups: store::followed_up(db, issue).await?,
        standing: store::standing(db, issue).await?,
        asking: store::asking(db, issue).await?,
        instructions: store::instructions::list(db, issue).await?,
        merged: store::merged(db, issue).await?,
        into: into.map(|it| (it.id, it.no)),
        reporter: store::reporter(db, issue).await?,
        files: store::files(db, issue).await?,
        span: rules.span(issue.category, issue.urgency),
        parts: store::parts(db, issue).await?,
        handoffs: store::handoffs(db, issue).await?,
        has_province: handoffs::province(db, issue).await?.is_some(),
        calendar: calendar::store::get(db).await?,
        alike: Vec::new(),
    })
}

fn show_page(
    scope: &Scope,
    seen: Seen,
    told: Told,
    (purpose, faults): (PurposeForm, Faults),
) -> ShowPage {
    let is_open = seen.is_open();
    let is_revealed = seen.sight == Sight::Purpose && seen.revealed.is_some();
    let until = seen
        .revealed
        .filter(|_| is_revealed)
        .map(|at| clock::time(at + daybook::REVEALED));
    let attach = attach(scope, &seen.issue, &told.moves);
    let contact = told.reporter.clone();
    let contact = contact.map(|it| Contact::of(it, &seen, scope));
    let times = times(&seen.issue, &told, scope.today());
    let offers = offers(&seen, &told, scope.now());
    let verdict = if seen.issue.may_pass_on(&seen.sides) {
        format!("/issues/{}/link", seen.issue.id)
    } else {
        String::new()
    };
    let follow_up = follow::offer(scope, &seen, told.standing);
    let reopens = offers.iter().any(|it| it.act == Move::Reopen);
    let reopen = if reopens {
        format!("/issues/{}/moves/reopen", seen.issue.id)
    } else {
        String::new()
    };
    let progress =
        asked_of(Move::Progress).filter(|asked| offers.iter().any(|it| it.act == asked.act));
    let can = |act: Move| step(seen.issue.state, None, act, &seen.sides).is_ok();
    let shared = Shared {
        waiting: waiting(&seen.issue, &told.parts, &told.handoffs),
        may_give: can(Move::Part),
        may_hand_out: told.has_province
            && can(Move::HandOut)
            && !told.handoffs.iter().any(Handoff::is_open),
        parts: told.parts,
        handoffs: told.handoffs,
    };
    let expected = expected(&seen.issue, &told.moves);
    let fresh = MoveForm::fresh(&seen.issue, MoveId::new_v7(scope.now()));
    let Seen {
        issue,
        youth,
        sight,
        entries,
        ..
    } = seen;
    ShowPage {
        chrome: scope.chrome(),
        contact,
        is_open,
        until: until.unwrap_or_default(),
        gist: gist(&issue.detail, HEAD),
        times,
        due: Due::of(&issue, scope.now()),
        span: told.span,
        events: events(&issue, entries, told.moves, scope.now()),
        only_shown: false,
        files: told.files,
        attach,
        closings: told.closings,
        verdicts: told.verdicts,
        verdict,
        follow_ups: told.follow_ups,
        follow_up,
        reopen,
        asking: told.asking,
        instructions: told.instructions,
        merged: told.merged,
        into: told.into,
        shared,
        expected,
        unknown_year: unknown_year(&issue, &told.calendar),
        calendar: told.calendar,
        alike: told.alike,
        progress: progress.map(|asked| (asked, fresh)),
        offers: offers
            .into_iter()
            .filter(|it| it.also != Also::Shown)
            .collect(),
        may_correct: issue.may_correct(scope).is_ok(),
        confirm: confirm(scope, issue.id),
        purposes: Choice::one(
            Purpose::ALL.iter().map(|it| (it.code(), it.label())),
            &purpose.purpose,
        ),
        words: purpose.words,
        faults,
        today: scope.today(),
        now: scope.now(),
        youth,
        sight,
        issue,
    }
}

/// Where whoever wrote a note or an answer adds a file to it.
fn attach(scope: &Scope, issue: &Issue, moves: &[Moved]) -> String {
    let Some(me) = scope.actor().cadre else {
        return String::new();
    };
    let is_own = |it: &Moved| it.cadre_id == Some(me) && takes_files(it.act);
    if moves.iter().any(is_own) {
        format!("/issues/{}/files", issue.id)
    } else {
        String::new()
    }
}

/// Those that are worth a button: time is asked for while there is some, answered when it was asked.
fn offers(seen: &Seen, told: &Told, now: DateTime<Utc>) -> Vec<&'static Asked> {
    let is_asked = told.asking.is_some();
    let issue = &seen.issue;
    let has_time = issue.due_at.is_some_and(|due| due >= now) && issue.extensions < EXTENSIONS;
    let is_worth = |asked: &&'static Asked| match asked.act {
        Move::Grant | Move::Refuse => is_asked,
        Move::InstructSign => told.instructions.iter().any(|it| it.signed_at.is_none()),
        Move::InstructAnswer => told.instructions.iter().any(Instruction::is_open),
        Move::AskExtension => has_time && !is_asked,
        _ => true,
    };
    seen.offers().into_iter().filter(is_worth).collect()
}

/// When it was heard, who stays with it, what was done last, when it was closed or judged.
fn times(issue: &Issue, told: &Told, today: NaiveDate) -> [String; 4] {
    let day = |at: DateTime<Utc>| clock::short_date(clock::today(at), today);
    let kept = issue.handler_cadre.clone().unwrap_or_default();
    let last = told.moves.first().filter(|_| issue.state.is_open());
    let verdict = issue.verdict.map(|it| it.label().to_owned());
    [
        clock::short_date(issue.raised_on, today),
        kept,
        last.map(|it| day(it.at)).unwrap_or_default(),
        verdict.or(issue.closed_at.map(day)).unwrap_or_default(),
    ]
}

fn unknown_year(issue: &Issue, calendar: &Calendar) -> Option<i32> {
    let due = issue.due_at.filter(|_| issue.state.is_open())?;
    let year = clock::today(due).year();
    (!calendar.knows(year)).then_some(year)
}

impl ShowPage {
    /// Working days since it was taken on, while it is open.
    fn used(&self) -> Option<u32> {
        let from = self
            .issue
            .accepted_at
            .filter(|_| self.issue.state.is_open())?;
        Some(self.calendar.between(clock::today(from), self.today))
    }
}
