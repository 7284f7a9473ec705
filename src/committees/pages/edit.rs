//! An admin adds a committee below one of his, or changes its names.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::committees::divisions;
use crate::committees::form::{CommitteeForm, RenameForm};
use crate::committees::model::{ADDED, Class, Committee, Names, NewCommittee, RENAMED, What};
use crate::committees::planting::intervals::{Interval, Rank, next_free};
use crate::committees::{forget, store, within};
use crate::kit::ids::{parse_uuid, uuid_v7};
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path};
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "committees/new.html")]
struct NewPage {
    chrome: Chrome,
    parent: Committee,
    form: CommitteeForm,
    faults: Faults,
    whats: Vec<Choice>,
    divisions: Vec<Choice>,
    classes: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "committees/edit.html")]
struct EditPage {
    chrome: Chrome,
    committee: Committee,
    form: RenameForm,
    faults: Faults,
    /// Somebody changed it meanwhile: both are shown, and sending it again overwrites knowingly.
    is_stale: bool,
}

pub async fn new(scope: Scope, Path(id): Path<CommitteeId>) -> Result<Response> {
    let parent = within(&scope, id).await?;
    parent.may_grow()?;
    let form = CommitteeForm {
        id: uuid_v7(scope.now()).to_string(),
        starts_on: scope.today().to_string(),
        ..CommitteeForm::default()
    };
    show(&new_page(&scope, parent, form, Faults::default()).await?)
}

pub async fn create(
    scope: Scope,
    Path(id): Path<CommitteeId>,
    Form(fields): Form,
) -> Result<Response> {
    let parent = within(&scope, id).await?;
    parent.may_grow()?;
    let form = CommitteeForm::read(&fields);
    let codes = scope
        .look(async |db| offered(db, &parent, &form).await)
        .await?;
    let new = match form.check(&parent, &codes, scope.today()) {
        Ok(new) => new,
        Err(faults) => return refuse(&new_page(&scope, parent, form, faults).await?),
    };
    let added = scope
        .work(async |db| match add(db, &parent, &new).await? {
            Added::New(made) => {
                let line = Line::new(ADDED, Some(made.object()), made.place());
                db.log_line(line, Ok(made.id)).await
            }
            Added::Before(id) => Ok(db.unchanged(Ok(id))),
            Added::Not(faults) => Ok(db.unchanged(Err(faults))),
        })
        .await?;
    forget(scope.site());
    match added {
        Ok(id) => Ok(go(&format!("/committees/{id}"))),
        Err(faults) => refuse(&new_page(&scope, parent, form, faults).await?),
    }
}

enum Added {
    New(Committee),
    /// By the same form.
    Before(CommitteeId),
    Not(Faults),
}

async fn add(db: &mut ScopedTx, parent: &Committee, new: &NewCommittee) -> Result<Added> {
    store::lock(db).await?;
    if let Some(id) = store::by_form(db, new.form_id).await? {
        let made = store::get(db, id).await?.ok_or(Error::NotFound)?;
        let same = made.parent_id == Some(parent.id)
            && made.full_name == new.full_name
            && made.class == new.class;
        return if same {
            Ok(Added::Before(id))
        } else {
            Err(Error::Stale(""))
        };
    }
    let beside = store::children(db, parent.id).await?;
    if let Err(faults) = new.fits_beside(&beside) {
        return Ok(Added::Not(faults));
    }
    let taken: Vec<Interval> = beside.iter().map(Committee::codes).collect();
    let rank = new.what.rank(new.division_code);
    let Some(codes) = next_free(parent.codes(), rank, new.division_code, &taken) else {
        let full = "这里的编号已经用完，不能再添下级";
        return Ok(Added::Not(Faults::one("what", full)));
    };
    let id = store::add(db, parent, new, rank, codes).await?;
    let made = store::get(db, id).await?.ok_or(Error::NotFound)?;
    Ok(Added::New(made))
}

/// The divisions that the form may name. A repeated post may name its own, which is planted by now.
async fn offered(db: &mut ScopedTx, parent: &Committee, form: &CommitteeForm) -> Result<Vec<i64>> {
    let free = unplanted(parent, &store::children(db, parent.id).await?);
    let mut codes: Vec<i64> = free.into_iter().map(|(code, _)| code).collect();
    if let Ok(id) = parse_uuid(&form.id)
        && store::by_form(db, id).await?.is_some()
    {
        codes.extend(form.division.parse::<i64>());
    }
    Ok(codes)
}

pub async fn edit(scope: Scope, Path(id): Path<CommitteeId>) -> Result<Response> {
    let committee = within(&scope, id).await?;
    committee.may_change(&scope)?;
    let form = RenameForm::of(&committee, scope.today());
    show(&edit_page(&scope, committee, form, Faults::default()))
}

pub async fn update(
    scope: Scope,
    Path(id): Path<CommitteeId>,
    Form(fields): Form,
) -> Result<Response> {
    let old = within(&scope, id).await?;
    old.may_change(&scope)?;
    let form = RenameForm::read(&fields);
    let (names, since) = match form.check(&old, scope.today()) {
        Ok(checked) => checked,
        Err(faults) => return refuse(&edit_page(&scope, old, form, faults)),
    };
    let there = old.names();
    if there == names {
        return Ok(go(&format!("/committees/{id}")));
    }
    if form.version != old.version.to_string() {
        let page = edit_page(&scope, old, form, Faults::default());
        let page = EditPage {
            is_stale: true,
            ..page
        };
        return show_as(StatusCode::CONFLICT, &page);
    }
    scope
        .work(async |db| {
            store::rename(db, &old, &names).await?;
            let line = Line::new(RENAMED, Some(old.object()), old.place());
            let detail = serde_json::json!({
                "since": since, "from": there.full, "to": names.full,
            });
            db.log_line(line.detail(detail), ()).await
        })
        .await?;
    forget(scope.site());
    Ok(go(&format!("/committees/{id}")))
}

fn edit_page(scope: &Scope, committee: Committee, form: RenameForm, faults: Faults) -> EditPage {
    EditPage {
        chrome: scope.chrome(),
        form: RenameForm {
            version: committee.version.to_string(),
            ..form
        },
        committee,
        faults,
        is_stale: false,
    }
}

async fn new_page(
    scope: &Scope,
    parent: Committee,
    form: CommitteeForm,
    faults: Faults,
) -> Result<NewPage> {
    let id = parent.id;
    let children = scope.look(async |db| store::children(db, id).await).await?;
    let free = unplanted(&parent, &children);
    let mut whats = What::below(&parent);
    whats.retain(|what| *what != What::Division || !free.is_empty());
    let mut classes: Vec<Class> = whats.iter().flat_map(|it| it.classes()).copied().collect();
    classes.sort_unstable();
    classes.dedup();
    Ok(NewPage {
        chrome: scope.chrome(),
        whats: Choice::one(whats.iter().map(|it| (it.code(), it.label())), &form.what),
        divisions: Choice::one(free, &form.division),
        classes: Choice::one(
            classes.iter().map(|it| (it.code(), it.label())),
            &form.class,
        ),
        parent,
        form,
        faults,
    })
}

/// Divisions directly below the parent's that have no open committee yet: code and name.
fn unplanted(parent: &Committee, children: &[Committee]) -> Vec<(i64, String)> {
    let Some(code) = parent.division_code else {
        return Vec::new();
    };
    let stands = |code| {
        let mut children = children.iter();
        children.any(|it| it.division_code == Some(code) && it.ends_on.is_none())
    };
    let below = divisions::load().within(code).iter();
    below
        .filter(|it| it.parent == Some(code) && !it.is_virtual() && !it.is_zone())
        .filter(|it| Rank::of(it.level) >= Rank::County && !stands(it.code))
        .map(|it| (it.code, it.display().into_owned()))
        .collect()
}

impl Committee {
    fn names(&self) -> Names {
        Names {
            full: self.full_name.clone(),
            short: self.short_name.clone(),
            place: self.place_name.clone(),
        }
    }
}
