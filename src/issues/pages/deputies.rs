//! 代办: who acts for me, or for a cadre of my line, while he is on leave.

use askama::Template;
use axum::response::Response;

use crate::cadres::{self, Access, InOffice, Seat};
use crate::committees;
use crate::issues::form::DeputyForm;
use crate::issues::model::{DEPUTY_ENDED, DEPUTY_SET, Deputy, DeputyId, NewDeputy, News, Topic};
use crate::issues::notices::Told;
use crate::issues::store;
use crate::issues::store::deputies::Set;
use crate::issues::store::notices::{Tidings, tell};
use crate::kit::clock;
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::{Role, Scope};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

const REFUSED: &str = "给别人设代办，要由他所在单位或者上级的书记、管理员来做。";

#[derive(Template)]
#[template(path = "issues/deputies.html")]
struct DeputiesPage {
    chrome: Chrome,
    /// Sees and sets those of his whole line.
    leads: bool,
    me: Option<CadreId>,
    rows: Vec<Deputy>,
    /// Whose leave it is, when it is not the reader's own.
    cadre: Option<String>,
    form: DeputyForm,
    faults: Faults,
    cadres: Vec<Choice>,
    deputies: Vec<Choice>,
    today: chrono::NaiveDate,
}

/// Who is on leave, where he is told of it, and who could stand in.
struct Room {
    seat: Seat,
    name: String,
    able: Vec<InOffice>,
    /// Whose deputy a leader may set besides his own: cadres of his committee.
    own: Vec<InOffice>,
    rows: Vec<Deputy>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let form = DeputyForm {
        id: DeputyId::new_v7(scope.now()).to_string(),
        cadre: query.text("cadre"),
        from: scope.today().to_string(),
        ..DeputyForm::default()
    };
    let room = room(&scope, &form).await?;
    render(&deputies_page(&scope, room, form, Faults::default()))
}

pub async fn set(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = DeputyForm::read(&fields);
    let room = room(&scope, &form).await?;
    let new = match form.check(room.seat.cadre, &room.able, scope.today()) {
        Ok(new) => new,
        Err(faults) => return refuse(&deputies_page(&scope, room, form, faults)),
    };
    let seat = room.seat;
    let done = scope
        .work(async |db| {
            let done = store::deputies::set(db, seat.place, &new).await?;
            if done != Set::Done {
                return Ok(db.unchanged(done));
            }
            tell_of(db, &new, News::Deputy).await?;
            let facts = serde_json::json!({"cadre": new.cadre, "deputy": new.deputy});
            let line = Line::new(DEPUTY_SET, Some(new.id.0), seat.place).detail(facts);
            db.log_line(line, done).await
        })
        .await?;
    match done {
        Set::Done | Set::Same => Ok(go("/deputies")),
        Set::Taken(name) => {
            let faults = DeputyForm::taken(&name);
            refuse(&deputies_page(&scope, room, form, faults))
        }
    }
}

pub async fn end(scope: Scope, Path(id): Path<DeputyId>) -> Result<Response> {
    scope
        .work(async |db| {
            let deputy = store::deputies::get(db, id).await?;
            deputy.may_end(db.scope())?;
            let today = db.scope().today();
            if !store::deputies::end(db, &deputy, today).await? {
                return Ok(db.unchanged(()));
            }
            let new = NewDeputy {
                id,
                cadre: deputy.cadre_id,
                deputy: deputy.deputy_id,
                from_on: deputy.from_on,
                to_on: deputy.to_on,
            };
            tell_of(db, &new, News::DeputyEnded).await?;
            db.log(DEPUTY_ENDED, Some(id.0), deputy.place(), ()).await
        })
        .await?;
    Ok(go("/deputies"))
}

async fn tell_of(db: &mut ScopedTx, new: &NewDeputy, news: News) -> Result<()> {
    let told = Told {
        cadres: vec![new.cadre, new.deputy],
        leads: Vec::new(),
    };
    let tidings = Tidings {
        issue: None,
        topic: Topic::News(news),
        cause: new.id.0,
    };
    tell(db, tidings, told, &[]).await
}

fn leads(scope: &Scope) -> bool {
    matches!(scope.role(), Role::Secretary | Role::Admin)
}

/// Of the cadre that the form names, else of whoever asks.
async fn room(scope: &Scope, form: &DeputyForm) -> Result<Room> {
    let me = scope.cadre()?;
    let cadre = match form.cadre.as_str() {
        "" => me,
        text => text.parse().map_err(|_| Error::NotFound)?,
    };
    scope
        .look(async |db| {
            let here = db.scope().committee();
            let seats = cadres::store::seats(db, (&[cadre], &[]), &[here]).await?;
            let seat = *seats.first().ok_or(Error::NotFound)?;
            if cadre != me && !db.scope().ground().contains(seat.place.scope) {
                return Err(Error::NotFound);
            }
            if cadre != me && !leads(db.scope()) {
                return Err(Error::Forbidden(REFUSED));
            }
            let names = cadres::store::names(db, &[cadre]).await?;
            Ok(Room {
                name: names.get(&cadre).cloned().unwrap_or_default(),
                able: able(db, &seat).await?,
                own: cadres::store::in_office(db, here).await?,
                rows: store::deputies::list(db, leads(db.scope())).await?,
                seat,
            })
        })
        .await
}

/// Colleagues at the same committee, and those of the one directly above, who see its matters too. A
/// 管理员 handles none.
async fn able(db: &mut ScopedTx, seat: &Seat) -> Result<Vec<InOffice>> {
    let mut able = cadres::store::in_office(db, seat.place.committee).await?;
    let here = committees::store::get(db, seat.place.committee).await?;
    if let Some(parent) = here.and_then(|it| it.parent_id) {
        let above = committees::store::get(db, parent).await?;
        if above.is_some_and(|it| it.tenant_id == seat.place.tenant) {
            able.extend(cadres::store::in_office(db, parent).await?);
        }
    }
    let mut known = std::collections::HashSet::new();
    able.retain(|it| it.role != Access::Admin && it.cadre != seat.cadre && known.insert(it.cadre));
    Ok(able)
}

fn deputies_page(scope: &Scope, room: Room, form: DeputyForm, faults: Faults) -> DeputiesPage {
    let label = |it: &InOffice| (it.cadre, format!("{}（{}）", it.name, it.post));
    let me = scope.actor().cadre;
    let others = room.own.iter().filter(|it| Some(it.cadre) != me);
    DeputiesPage {
        chrome: scope.chrome(),
        leads: leads(scope),
        cadre: Some(room.name).filter(|_| Some(room.seat.cadre) != me),
        cadres: Choice::one(others.map(label), ""),
        deputies: Choice::one(room.able.iter().map(label), &form.deputy),
        rows: room.rows,
        today: scope.today(),
        me,
        form,
        faults,
    }
}

impl DeputiesPage {
    fn may_end(&self, row: &Deputy) -> bool {
        self.leads && self.me != Some(row.deputy_id) || self.me == Some(row.cadre_id)
    }
}
