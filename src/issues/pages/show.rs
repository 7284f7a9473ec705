//! One issue: what was said, who has it, what happened; giving a purpose to read it; voiding it.

use askama::Template;
use axum::response::Response;

use crate::accounts;
use crate::issues::form::{PurposeForm, check_reason};
use crate::issues::history::{Event, What, events};
use crate::issues::lines::{HEAD, gist, met, names};
use crate::issues::model::{
    Act, Issue, IssueId, Move, MoveId, NewMove, Purpose, REVEALED, Sight, State,
};
use crate::issues::store;
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::daybook::{self, Line};
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::youth::Shown;

/// Lines of the day book on the page.
const EVENTS: i64 = 50;

#[derive(Template)]
#[template(path = "issues/show.html")]
struct ShowPage {
    chrome: Chrome,
    issue: Issue,
    youth: Option<Shown>,
    sight: Sight,
    /// The text is shown.
    is_open: bool,
    /// Until when, where a purpose was given.
    until: String,
    gist: String,
    times: [String; 4],
    events: Vec<Event>,
    may_correct: bool,
    may_void: bool,
    /// Where the password is given again, if it has to be.
    confirm: String,
    purposes: Vec<Choice>,
    words: String,
    reason: String,
    faults: Faults,
    today: chrono::NaiveDate,
}

/// What the page is made of.
struct Seen {
    issue: Issue,
    youth: Option<Shown>,
    sight: Sight,
    /// When the reader gave his purpose, if that still holds.
    revealed: Option<chrono::DateTime<chrono::Utc>>,
    events: Vec<Event>,
}

/// A form of the page that was refused, as it was typed.
#[derive(Default)]
struct Typed {
    purpose: PurposeForm,
    reason: String,
    faults: Faults,
}

pub async fn show(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let seen = scope.look(async |db| see(db, id).await).await?;
    render(&show_page(&scope, seen, Typed::default()))
}

/// Says why the text is opened: one line of the day book, ten minutes.
pub async fn reveal(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let purpose = PurposeForm::read(&fields);
    let seen = scope.look(async |db| see(db, id).await).await?;
    seen.sight.may_ask()?;
    if seen.sight == Sight::Purpose && !accounts::confirmed(&scope) {
        return Ok(go(&confirm(id)));
    }
    let words = match purpose.check() {
        Ok(words) => words,
        Err(faults) => {
            let typed = Typed {
                purpose,
                faults,
                ..Typed::default()
            };
            return refuse(&show_page(&scope, seen, typed));
        }
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

pub async fn void(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let raw = fields.text("reason");
    let reason = match check_reason(&raw) {
        Ok(reason) => reason,
        Err(faults) => {
            let seen = scope.look(async |db| see(db, id).await).await?;
            let typed = Typed {
                reason: raw,
                faults,
                ..Typed::default()
            };
            return refuse(&show_page(&scope, seen, typed));
        }
    };
    let new = NewMove {
        id: MoveId::new_v7(scope.now()),
        version: None,
        act: Act::Plain(Move::Void),
        words: Some(reason),
        is_shown: false,
    };
    scope
        .work(async |db| store::make(db, id, &new).await)
        .await?;
    Ok(go(&format!("/issues/{id}")))
}

/// One's own phone stays signed in for a month, so the password comes first.
fn confirm(id: IssueId) -> String {
    format!("/me/confirm?next=/issues/{id}")
}

async fn see(db: &mut ScopedTx, id: IssueId) -> Result<Seen> {
    let issue = store::get(db, id).await?;
    let names = names(db, std::slice::from_ref(&issue)).await?;
    let youth = issue.youth_id.and_then(|id| names.get(&id).cloned());
    let sight = issue.sight(db.scope(), met(youth.as_ref()));
    let entries = daybook::of_object(db, id.0, EVENTS).await?;
    let (me, since) = (db.scope().actor().cadre, db.now() - daybook::REVEALED);
    let mine = entries
        .iter()
        .find(|it| it.verb == REVEALED.code && it.cadre_id == me && it.at >= since);
    Ok(Seen {
        youth,
        sight,
        revealed: mine.map(|it| it.at),
        events: events(&issue, entries, db.now()),
        issue,
    })
}

fn show_page(scope: &Scope, seen: Seen, typed: Typed) -> ShowPage {
    let Seen {
        issue,
        youth,
        sight,
        revealed,
        events,
    } = seen;
    let is_revealed = sight == Sight::Purpose && revealed.is_some();
    let until = revealed.map(|at| clock::time(at + daybook::REVEALED));
    let day = |date| clock::short_date(date, scope.today());
    let kept = issue.handler_cadre.clone().unwrap_or_default();
    ShowPage {
        chrome: scope.chrome(),
        is_open: sight == Sight::Open || is_revealed,
        until: until.filter(|_| is_revealed).unwrap_or_default(),
        gist: gist(&issue.detail, HEAD),
        times: [day(issue.raised_on), kept, String::new(), String::new()],
        events,
        may_correct: issue.may_correct(scope).is_ok(),
        may_void: issue.state == State::Pending,
        confirm: if accounts::confirmed(scope) {
            String::new()
        } else {
            confirm(issue.id)
        },
        purposes: Choice::one(
            Purpose::ALL.iter().map(|it| (it.code(), it.label())),
            &typed.purpose.purpose,
        ),
        words: typed.purpose.words,
        reason: typed.reason,
        faults: typed.faults,
        today: scope.today(),
        youth,
        sight,
        issue,
    }
}
