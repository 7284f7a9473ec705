//! 回访: those that wait for the reader, and the form of one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use super::see::{Seen, see};
use crate::issues::follow;
use crate::issues::form::FollowForm;
use crate::issues::lines::{HEAD, Line, gist, lines};
use crate::issues::model::{
    Bar, FollowUp, Issue, IssueId, Means, Move, MoveId, Satisfaction, Truth,
};
use crate::issues::moves::{Refusal, step};
use crate::issues::store::{self, Closed, Made, Standing};
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

const OPEN: &str = "这件诉求还没有办结，办结后再回访。";
const REFUSED: &str = "回访由听到的团干部、交办单位或上级来做，不由办理的人做。";

#[derive(Template)]
#[template(path = "issues/follow_ups.html")]
struct ListPage {
    chrome: Chrome,
    page: Page<(FollowUp, Line)>,
    first: &'static str,
    next: String,
    today: NaiveDate,
}

impl ListPage {
    /// Days past the day until which it should be done.
    fn over(&self, one: &FollowUp) -> i64 {
        (self.today - one.due_on).num_days()
    }

    fn day(&self, one: &FollowUp) -> String {
        clock::short_date(one.due_on, self.today)
    }
}

#[derive(Template)]
#[template(path = "issues/follow_up.html")]
struct FollowPage {
    chrome: Chrome,
    issue: Issue,
    gist: String,
    is_open: bool,
    /// Somebody was quicker.
    is_stale: bool,
    standing: Standing,
    closing: Option<Closed>,
    means: Vec<Choice>,
    truths: Vec<Choice>,
    steps: Vec<Choice>,
    form: FollowForm,
    faults: Faults,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let after = Mark::read(query.get("after"), "follow-ups")?;
    let page = scope
        .look(async |db| {
            let waiting = store::to_follow_up(db, after).await?;
            let ids: Vec<IssueId> = waiting.iter().map(|it| it.issue).collect();
            let issues = store::some(db, &ids).await?;
            let found = lines(db, issues).await?;
            let line = |it: FollowUp| {
                let line = found.iter().find(|line| line.id == it.issue).cloned();
                line.map(|line| (it, line))
            };
            let rows = waiting.into_iter().filter_map(line).collect();
            let total = store::count_to_follow_up(db).await?;
            Ok(Page::cut(rows, total, |(it, _)| Mark {
                at: clock::start_of(it.due_on),
                id: it.id.0,
            }))
        })
        .await?;
    let next = page
        .next
        .map(|mark| format!("/issues/follow-ups?after={}", mark.write("follow-ups")));
    show(&ListPage {
        chrome: scope.chrome(),
        first: if after.is_some() {
            "/issues/follow-ups"
        } else {
            ""
        },
        next: next.unwrap_or_default(),
        today: scope.today(),
        page,
    })
}

/// The matter with the closing that is asked about.
struct Room {
    seen: Seen,
    standing: Option<Standing>,
    closing: Option<Closed>,
}

async fn room(scope: &Scope, id: IssueId) -> Result<Room> {
    scope
        .look(async |db| {
            let seen = see(db, id).await?;
            let standing = store::standing(db, &seen.issue).await?;
            let closings = store::closings(db, &seen.issue).await?;
            Ok(Room {
                closing: closings.into_iter().find(|it| it.stands),
                standing,
                seen,
            })
        })
        .await
}

impl Room {
    /// The closing that whoever reads may follow up, done or not.
    fn may(&self, scope: &Scope) -> Result<Standing> {
        let issue = &self.seen.issue;
        match step(issue.state, None, Move::FollowUp, &self.seen.sides) {
            Ok(_) => {}
            Err(Refusal::State) => return Err(Error::Stale(OPEN)),
            Err(Refusal::Side) => return Err(Error::Forbidden(REFUSED)),
        }
        let standing = self.standing.ok_or(Error::Stale(OPEN))?;
        if Some(standing.closed_by) == scope.actor().cadre {
            return Err(Error::Forbidden(Bar::OwnClosing.label()));
        }
        Ok(standing)
    }
}

/// Where the closing is followed up; empty for whoever may not, and where it was.
pub(super) fn offer(scope: &Scope, seen: &Seen, standing: Option<Standing>) -> String {
    let room = standing.filter(|it| !it.is_followed && Some(it.closed_by) != scope.actor().cadre);
    let may = step(seen.issue.state, None, Move::FollowUp, &seen.sides).is_ok();
    match room {
        Some(_) if may => format!("/issues/{}/follow-up", seen.issue.id),
        _ => String::new(),
    }
}

pub async fn form(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let room = room(&scope, id).await?;
    let standing = room.may(&scope)?;
    if standing.is_followed {
        return Err(Error::Stale(Bar::FollowedUp.label()));
    }
    let form = FollowForm::fresh(&room.seen.issue, MoveId::new_v7(scope.now()));
    show(&page(&scope, room, standing, form, Faults::default()))
}

pub async fn make(scope: Scope, Path(id): Path<IssueId>, Form(fields): Form) -> Result<Response> {
    let form = FollowForm::read(&fields);
    let room = room(&scope, id).await?;
    let standing = room.may(&scope)?;
    let new = match form.check() {
        Ok(new) => new,
        Err(faults) => return refuse(&page(&scope, room, standing, form, faults)),
    };
    let made = scope
        .work(async |db| {
            let made = follow::give(db, id, &new).await?;
            Ok(db.unchanged(made))
        })
        .await;
    match made {
        Ok(Made::Done) => Ok(go(&format!("/issues/{id}#closing-{}", standing.n))),
        Ok(Made::Barred(bar)) => {
            let faults = Faults::one("means", bar.label());
            refuse(&page(&scope, room, standing, form, faults))
        }
        Ok(Made::Meanwhile(issue)) => late(&scope, room, standing, form, issue.version),
        Err(Error::Stale(_)) if standing.is_followed => {
            let version = room.seen.issue.version;
            late(&scope, room, standing, form, version)
        }
        Err(fault) => Err(fault),
    }
}

/// 409: somebody was quicker, and what was typed stays, over the version that there is now.
fn late(
    scope: &Scope,
    room: Room,
    standing: Standing,
    form: FollowForm,
    version: i32,
) -> Result<Response> {
    let form = FollowForm {
        version: version.to_string(),
        ..form
    };
    let page = FollowPage {
        is_stale: true,
        ..page(scope, room, standing, form, Faults::default())
    };
    show_as(StatusCode::CONFLICT, &page)
}

fn page(
    scope: &Scope,
    room: Room,
    standing: Standing,
    form: FollowForm,
    faults: Faults,
) -> FollowPage {
    let is_open = room.seen.is_open();
    let issue = room.seen.issue;
    FollowPage {
        chrome: scope.chrome(),
        gist: gist(&issue.detail, HEAD),
        is_open,
        is_stale: false,
        standing,
        closing: room.closing,
        means: Choice::one(
            Means::ALL.iter().map(|it| (it.code(), it.label())),
            &form.means,
        ),
        truths: Choice::one(
            Truth::ALL.iter().map(|it| (it.code(), it.label())),
            &form.truth,
        ),
        steps: Choice::one(
            Satisfaction::ALL.iter().map(|it| (it.code(), it.label())),
            &form.satisfaction,
        ),
        form,
        faults,
        issue,
    }
}
