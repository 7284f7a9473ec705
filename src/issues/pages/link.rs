//! 请青年评价: a one-time link and its QR code, shown once to whoever passes it on.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

use super::see::see;
use crate::issues::lines::{HEAD, gist};
use crate::issues::model::{Issue, IssueId, LINKED, Way};
use crate::issues::store;
use crate::kit::{clock, qr};
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{refuse, show};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result, session};

const REFUSED: &str = "评价链接由听到这件事的团干部或者办理的人转给青年。";
const PAST: &str = "这件诉求现在不等评价，链接不用再给。";

#[derive(Template)]
#[template(path = "issues/link.html")]
struct LinkPage {
    chrome: Chrome,
    issue: Issue,
    gist: String,
    ways: Vec<Choice>,
    faults: Faults,
    made: Option<Made>,
}

/// Shown this once: only its hash is kept.
struct Made {
    address: String,
    /// None: sent, not shown on the spot.
    qr: Option<String>,
    until: String,
}

/// The matter, if the reader may pass its link on, and until when the link is good.
async fn closed(scope: &Scope, id: IssueId) -> Result<(Issue, String, DateTime<Utc>)> {
    let (seen, limits) = scope
        .look(async |db| {
            let seen = see(db, id).await?;
            let limits = store::limits(db, seen.issue.tenant_id).await?;
            Ok((seen, limits))
        })
        .await?;
    let gist = if seen.is_open() {
        gist(&seen.issue.detail, HEAD)
    } else {
        format!("{}诉求", seen.issue.category)
    };
    let Some(at) = seen.issue.closed_at.filter(|_| seen.issue.awaits_verdict()) else {
        return Err(Error::Stale(PAST));
    };
    if !seen.issue.may_pass_on(&seen.sides) {
        return Err(Error::Forbidden(REFUSED));
    }
    let until = at + TimeDelta::days(i64::from(limits.reopen_days));
    Ok((seen.issue, gist, until))
}

pub async fn form(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let (issue, gist, _) = closed(&scope, id).await?;
    show(&page(&scope, (issue, gist), "", None, Faults::default()))
}

pub async fn make(
    scope: Scope,
    Path(id): Path<IssueId>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response> {
    let (issue, gist, until) = closed(&scope, id).await?;
    let chosen = fields.text("way");
    let Some(way) = Way::from_code(&chosen) else {
        let faults = Faults::one("way", "选怎样给青年");
        return refuse(&page(&scope, (issue, gist), &chosen, None, faults));
    };
    let token = way.token(&session::token()?);
    let hash = session::hash(&token);
    let at = issue.line_place(&scope);
    scope
        .work(async |db| {
            store::make_link(db, &issue, &hash, until).await?;
            let line = Line::new(LINKED, Some(id.0), at);
            let facts = serde_json::json!({"way": way, "closing": issue.closings});
            db.log_line(line.detail(facts), ()).await
        })
        .await?;
    let address = format!("{}/v/{token}", origin(&scope, &headers));
    let label = "青年评价的二维码";
    let made = Made {
        qr: (way == Way::Spot)
            .then(|| qr::svg(&address, label))
            .flatten(),
        until: clock::long_date(clock::today(until), scope.today()),
        address,
    };
    let page = page(
        &scope,
        (issue, gist),
        &chosen,
        Some(made),
        Faults::default(),
    );
    show(&page)
}

/// How phones reach this site: as it is configured, else as this very page was reached.
pub(super) fn origin(scope: &Scope, headers: &HeaderMap) -> String {
    if let Some(url) = &scope.site().settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}

fn page(
    scope: &Scope,
    (issue, gist): (Issue, String),
    chosen: &str,
    made: Option<Made>,
    faults: Faults,
) -> LinkPage {
    let ways = Way::ALL.iter().map(|it| (it.code(), it.label()));
    LinkPage {
        chrome: scope.chrome(),
        gist,
        ways: Choice::one(ways, chosen),
        faults,
        made,
        issue,
    }
}
