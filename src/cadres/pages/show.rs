//! A cadre: name and posts for the whole tenant; phone and birth for the leaders of his own line.

use askama::Template;
use axum::response::Response;

use crate::cadres::model::{
    ADDED, APPOINTED, CHANGED, CODE_GIVEN, Cadre, ENDED, Held, Particulars,
};
use crate::cadres::store;
use crate::kit::clock;
use crate::platform::daybook::{self, Entry};
use crate::platform::extract::Path;
use crate::platform::ids::CadreId;
use crate::platform::page::Chrome;
use crate::platform::render::show as render;
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

const HISTORY: i64 = 30;

#[derive(Template)]
#[template(path = "cadres/show.html")]
struct ShowPage {
    chrome: Chrome,
    cadre: Cadre,
    held: Vec<Held>,
    today: chrono::NaiveDate,
    /// Only in his own line.
    known: Option<Particulars>,
    history: Vec<Told>,
    may_change: bool,
    may_appoint: bool,
    may_leave: bool,
}

struct Told {
    day: String,
    what: &'static str,
    who: String,
}

pub async fn show(scope: Scope, Path(id): Path<CadreId>) -> Result<Response> {
    let (cadre, held, known, entries) = scope
        .look(async |db| {
            let cadre = store::get(db, id).await?.ok_or(Error::NotFound)?;
            let held = store::appointments(db, id).await?;
            if !cadre.may_be_known(db.scope()) {
                return Ok((cadre, held, None, Vec::new()));
            }
            let known = store::particulars(db, &cadre).await?;
            let entries = daybook::of_object(db, id.0, HISTORY).await?;
            Ok((cadre, held, known, entries))
        })
        .await?;
    let is_admin = scope.role() == Role::Admin;
    let ends_here = held.iter().any(|it| it.can_end(&scope));
    render(&ShowPage {
        chrome: scope.chrome(),
        today: scope.today(),
        may_change: cadre.may_change(&scope).is_ok(),
        may_appoint: is_admin,
        may_leave: is_admin && ends_here && cadre.may_leave(&scope).is_ok(),
        history: entries
            .into_iter()
            .filter(|it| is_ours(&it.verb))
            .map(|it| told(&scope, it))
            .collect(),
        cadre,
        held,
        known,
    })
}

impl Held {
    /// It lasts, and lies in the scope.
    pub fn can_end(&self, scope: &Scope) -> bool {
        let lasts = self
            .appointment
            .ends_on
            .is_none_or(|end| end > scope.today());
        lasts && scope.ground().contains(self.appointment.scope)
    }
}

/// What was done to his entry, and nothing that he did himself.
fn is_ours(verb: &str) -> bool {
    [ADDED, CHANGED, APPOINTED, ENDED, CODE_GIVEN]
        .iter()
        .any(|it| it.code == verb)
}

fn told(scope: &Scope, entry: Entry) -> Told {
    let who = [entry.committee, entry.cadre];
    Told {
        day: clock::iso_date(clock::local(entry.at).date()),
        what: scope.site().label_of(&entry.verb),
        who: who.into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}
