//! Which of one's appointments one works in: one at a time.

use askama::Template;
use axum::response::Response;

use super::onward;
use crate::accounts::again::{Caller, Name};
use crate::accounts::form::NO_SUCH_APPOINTMENT;
use crate::accounts::model::SWITCHED;
use crate::accounts::store;
use crate::platform::Result;
use crate::platform::extract::{Form, Query};
use crate::platform::form::Faults;
use crate::platform::ids::AppointmentId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::Scope;
use crate::platform::session::{Office, offices};

#[derive(Template)]
#[template(path = "accounts/appointments.html")]
struct AppointmentsPage {
    chrome: Chrome,
    choices: Vec<Choice>,
    next: String,
    faults: Faults,
}

/// Whoever has none or one has nothing to choose.
pub async fn appointments(scope: Scope, Query(query): Query) -> Result<Response> {
    let open = open(&scope).await?;
    if open.len() < 2 {
        return Ok(go("/me"));
    }
    let next = query.text("next");
    show(&page(&scope, &open, next, Faults::default()))
}

pub async fn switch(scope: Scope, caller: Caller, Form(fields): Form) -> Result<Response> {
    let next = fields.text("next");
    let open = open(&scope).await?;
    let wanted = fields.get("appointment").parse::<AppointmentId>().ok();
    let Some(to) = open.iter().find(|office| Some(office.id) == wanted) else {
        let faults = Faults::one("appointment", NO_SUCH_APPOINTMENT);
        return refuse(&page(&scope, &open, next, faults));
    };
    let account = scope.account();
    if scope.actor().appointment != Some(to.id) {
        let to = to.key();
        scope
            .work(async |db| {
                store::switch(db, to).await?;
                store::log_self(db, SWITCHED, account.0, ()).await
            })
            .await?;
        scope.site().sessions.forget(account);
    }
    let name = Name {
        account,
        appointment: Some(to.id),
        token: caller.token().unwrap_or(""),
    };
    onward(&caller, name, &next).await
}

async fn open(scope: &Scope) -> Result<Vec<Office>> {
    let account = scope.account();
    let all = scope.look(async |db| offices(db, account).await).await?;
    Ok(all.into_iter().filter(|office| office.is_open).collect())
}

fn page(scope: &Scope, open: &[Office], next: String, faults: Faults) -> AppointmentsPage {
    let pairs = open
        .iter()
        .map(|it| (it.id, format!("{} {}", it.committee, it.post)));
    let current = scope.actor().appointment;
    let current = current.map(|id| id.to_string()).unwrap_or_default();
    AppointmentsPage {
        chrome: scope.chrome(),
        choices: Choice::one(pairs, &current),
        next,
        faults,
    }
}
