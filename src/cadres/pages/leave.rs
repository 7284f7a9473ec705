//! Ending appointments: access ends with the answer of this page, records stay where they are.

use askama::Template;
use axum::response::Response;

use crate::accounts;
use crate::cadres::form::LeaveForm;
use crate::cadres::model::{Appointment, Cadre, ENDED, Held};
use crate::cadres::store;
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::{Place, Scope};
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/leave.html")]
struct LeavePage {
    chrome: Chrome,
    cadre: Cadre,
    form: LeaveForm,
    appointments: Vec<Choice>,
    /// 诉求 that are still in his hands, of those that the reader sees.
    open_matters: i64,
    faults: Faults,
}

pub async fn ask(scope: Scope, Path(id): Path<CadreId>) -> Result<Response> {
    let leaver = leaver(&scope, id).await?;
    let form = LeaveForm {
        appointments: leaver
            .ending
            .iter()
            .map(|it| it.appointment.id.to_string())
            .collect(),
        ends_on: scope.today().to_string(),
    };
    show(&page(&scope, leaver, form, Faults::default()))
}

pub async fn leave(scope: Scope, Path(id): Path<CadreId>, Form(fields): Form) -> Result<Response> {
    let leaver = leaver(&scope, id).await?;
    let form = LeaveForm::read(&fields);
    if leaver.is_done(&form) {
        return Ok(go(&format!("/cadres/{id}")));
    }
    let held: Vec<&Appointment> = leaver.ending.iter().map(|it| &it.appointment).collect();
    let checked = form.check(&held, scope.today());
    let (ended, ends_on) = match checked {
        Ok((ended, day)) => (ended.into_iter().cloned().collect::<Vec<_>>(), day),
        Err(faults) => return refuse(&page(&scope, leaver, form, faults)),
    };
    let account = leaver.cadre.account_id;
    scope
        .work(async |db| {
            if let Some(account) = account {
                accounts::end_sessions_of(db, account).await?;
            }
            for one in &ended[1..] {
                store::end(db, one, ends_on).await?;
                db.note_line(line(one, ends_on)).await?;
            }
            store::end(db, &ended[0], ends_on).await?;
            db.log_line(line(&ended[0], ends_on), ()).await
        })
        .await?;
    if let Some(account) = account {
        scope.site().sessions.forget(account);
    }
    Ok(go(&format!("/cadres/{id}")))
}

fn line(of: &Appointment, ends_on: chrono::NaiveDate) -> Line<'static> {
    let at = Place {
        tenant: of.tenant_id,
        committee: of.committee_id,
        scope: of.scope,
    };
    let detail = serde_json::json!({ "appointment": of.id, "since": ends_on });
    Line::new(ENDED, Some(of.cadre_id.0), at).detail(detail)
}

/// A cadre with what of his can be ended here.
struct Leaver {
    cadre: Cadre,
    ending: Vec<Held>,
    /// Ended already.
    ended: Vec<Held>,
    open_matters: i64,
}

impl Leaver {
    /// Everything that the form names has ended on that day: it was sent twice.
    fn is_done(&self, form: &LeaveForm) -> bool {
        let is_ended = |id: &String| {
            let mut ended = self.ended.iter().map(|it| &it.appointment);
            ended.any(|it| {
                it.id.to_string() == *id
                    && it
                        .ends_on
                        .is_some_and(|day| day.to_string() == form.ends_on)
            })
        };
        !form.appointments.is_empty() && form.appointments.iter().all(is_ended)
    }
}

async fn leaver(scope: &Scope, id: CadreId) -> Result<Leaver> {
    let (cadre, held, open_matters) = scope
        .look(async |db| {
            let cadre = store::get(db, id).await?.ok_or(Error::NotFound)?;
            let held = store::appointments(db, id).await?;
            let open_matters = store::open_matters(db, &cadre).await?;
            Ok((cadre, held, open_matters))
        })
        .await?;
    let (ending, rest): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|it| it.can_end(scope));
    let ended: Vec<Held> = rest
        .into_iter()
        .filter(|it| scope.ground().contains(it.appointment.scope))
        .collect();
    if ending.is_empty() && ended.is_empty() {
        return Err(Error::NotFound);
    }
    cadre.may_leave(scope)?;
    Ok(Leaver {
        cadre,
        ending,
        ended,
        open_matters,
    })
}

fn page(scope: &Scope, leaver: Leaver, form: LeaveForm, faults: Faults) -> LeavePage {
    let named = leaver.ending.iter().map(|it| {
        let label = format!("{} {}", it.committee, it.appointment.post);
        (it.appointment.id, label)
    });
    LeavePage {
        chrome: scope.chrome(),
        appointments: Choice::many(named, &form.appointments),
        cadre: leaver.cadre,
        open_matters: leaver.open_matters,
        form,
        faults,
    }
}
