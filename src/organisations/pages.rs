//! The organisations of one's committees: list, one with what can be done to it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::{OrganisationForm, already, check_name};
use super::model::{
    CLOSED, Filter, Kind, MERGED, Organisation, OrganisationId, RENAMED, State, Suggestion,
};
use super::store;
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::paging::{Mark, Page};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::stale;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "organisations/list.html")]
struct ListPage {
    chrome: Chrome,
    form: OrganisationForm,
    faults: Faults,
    /// To add one of.
    typed: Vec<Choice>,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    q: String,
    rows: Vec<Organisation>,
    total: i64,
    next: String,
    first: String,
}

#[derive(Template)]
#[template(path = "organisations/show.html")]
struct ShowPage {
    chrome: Chrome,
    it: Organisation,
    /// What stands in the field: the name, or what was typed. (The form's parts have a `name` of their own.)
    typed: String,
    faults: Faults,
    q: String,
    candidates: Vec<Choice>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let form = OrganisationForm {
        id: OrganisationId::new_v7(scope.now()).to_string(),
        ..OrganisationForm::default()
    };
    render(&list_page(&scope, &query, form, Faults::default()).await?)
}

pub async fn create(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = OrganisationForm::read(&fields);
    let (id, kind, name) = match form.check() {
        Ok(new) => new,
        Err(faults) => {
            return refuse(&list_page(&scope, &Fields::default(), form, faults).await?);
        }
    };
    let at = scope.place();
    let near = scope
        .look(async |db| store::nearby(db, at, kind, &name).await)
        .await?;
    if let Some(near) = near.filter(|near| near.id != id && form.other != "on") {
        let faults = Faults::one("other", super::form::nearby(&name, &near.committee));
        return refuse(&list_page(&scope, &Fields::default(), form, faults).await?);
    }
    let is_there = scope
        .work(async |db| {
            let is_added = store::add(db, at, id, kind, &name).await?;
            if is_added {
                return Ok(db.unchanged(true)); // `add` has written its line
            }
            match store::get(db, id).await? {
                Some(it) => {
                    let same =
                        it.committee_id == at.committee && it.kind == kind && it.name == name;
                    same.then(|| db.unchanged(true)).ok_or(Error::Stale(""))
                }
                None if store::is_named(db, at, kind, &name).await? => Ok(db.unchanged(false)),
                None => Err(Error::Stale("")),
            }
        })
        .await?;
    if is_there {
        return Ok(go(&format!("/organisations/{id}")));
    }
    let faults = Faults::one("name", already(&name));
    refuse(&list_page(&scope, &Fields::default(), form, faults).await?)
}

pub async fn show(
    scope: Scope,
    Path(id): Path<OrganisationId>,
    Query(query): Query,
) -> Result<Response> {
    let it = readable(&scope, id).await?;
    let q = query.get("q").to_owned();
    render(&show_page(&scope, it, q, None, Faults::default()).await?)
}

pub async fn rename(
    scope: Scope,
    Path(id): Path<OrganisationId>,
    Form(fields): Form,
) -> Result<Response> {
    let old = readable(&scope, id).await?;
    old.may_rename()?;
    let raw = fields.text("name");
    let name = match check_name(&raw) {
        Ok(name) => name,
        Err(text) => {
            let faults = Faults::one("name", text);
            return refuse(&show_page(&scope, old, String::new(), Some(raw), faults).await?);
        }
    };
    if name == old.name {
        return Ok(go(&format!("/organisations/{id}")));
    }
    if fields.get("version") != old.version.to_string() {
        let faults = Faults::one("name", super::form::changed_to(&old.name));
        let page = show_page(&scope, old, String::new(), Some(raw), faults).await?;
        return show_as(StatusCode::CONFLICT, &page);
    }
    let is_free = scope
        .work(async |db| {
            if store::is_named(db, old.place(), old.kind, &name).await? {
                return Ok(db.unchanged(false));
            }
            store::rename(db, &old, &name).await?;
            let line = Line::new(RENAMED, Some(id.0), old.place());
            let detail = serde_json::json!({ "from": old.name, "to": name });
            db.log_line(line.detail(detail), true).await
        })
        .await?;
    if is_free {
        return Ok(go(&format!("/organisations/{id}")));
    }
    let faults = Faults::one("name", already(&name));
    refuse(&show_page(&scope, old, String::new(), Some(raw), faults).await?)
}

pub async fn merge(
    scope: Scope,
    Path(id): Path<OrganisationId>,
    Form(fields): Form,
) -> Result<Response> {
    let old = readable(&scope, id).await?;
    let into = fields.get("into").parse::<OrganisationId>().ok();
    if old.state == State::Merged && old.successor_id == into {
        return Ok(go(&format!("/organisations/{id}")));
    }
    old.may_change()?;
    let target = match into {
        Some(into) => scope.look(async |db| store::get(db, into).await).await?,
        None => None,
    };
    let Some(target) = target.filter(|target| old.fits_into(target)) else {
        let faults = Faults::one("into", super::form::CHOOSE);
        let q = fields.text("q");
        return refuse(&show_page(&scope, old, q, None, faults).await?);
    };
    is_current(&old, &fields)?;
    scope
        .work(async |db| {
            if !store::merge(db, &old, target.id).await? {
                return Err(Error::Forbidden("有别处的单位并入过它，由上级管理员来并。"));
            }
            stale::mark_merge(db, old.place()).await?;
            let line = Line::new(MERGED, Some(id.0), old.place());
            let detail = serde_json::json!({ "into": target.id });
            db.log_line(line.detail(detail), ()).await
        })
        .await?;
    Ok(go(&format!("/organisations/{id}")))
}

pub async fn close(
    scope: Scope,
    Path(id): Path<OrganisationId>,
    Form(fields): Form,
) -> Result<Response> {
    let old = readable(&scope, id).await?;
    if old.state == State::Closed {
        return Ok(go(&format!("/organisations/{id}")));
    }
    old.may_change()?;
    is_current(&old, &fields)?;
    scope
        .work(async |db| {
            store::close(db, &old).await?;
            db.log(CLOSED, Some(id.0), old.place(), ()).await
        })
        .await?;
    Ok(go(&format!("/organisations/{id}")))
}

fn is_current(old: &Organisation, fields: &Fields) -> Result<()> {
    if fields.get("version") == old.version.to_string() {
        Ok(())
    } else {
        Err(Error::Stale(""))
    }
}

async fn readable(scope: &Scope, id: OrganisationId) -> Result<Organisation> {
    let found = scope.look(async |db| store::get(db, id).await).await?;
    let it = found.ok_or(Error::NotFound)?;
    it.may_read(scope)?;
    Ok(it)
}

async fn list_page(
    scope: &Scope,
    query: &Fields,
    form: OrganisationForm,
    faults: Faults,
) -> Result<ListPage> {
    let filter = filter(query)?;
    let after = Mark::read(query.get("after"), "organisations")?;
    let page = scope
        .look(async |db| store::list(db, &filter, after).await)
        .await?;
    let Page { rows, total, next } = page;
    let next = next.map(|mark| address(&filter, Some(&mark.write("organisations"))));
    let kind = filter.kind.map_or("", Kind::code);
    let state = filter.state.map_or("", State::code);
    let labels = |kinds: &[Kind]| -> Vec<(&'static str, &'static str)> {
        kinds.iter().map(|it| (it.code(), it.label())).collect()
    };
    Ok(ListPage {
        chrome: scope.chrome(),
        typed: Choice::one(labels(&Kind::TYPED), &form.kind),
        kinds: Choice::one(labels(Kind::ALL), kind),
        states: Choice::one(State::ALL.iter().map(|it| (it.code(), it.label())), state),
        first: after.map(|_| address(&filter, None)).unwrap_or_default(),
        q: filter.q,
        form,
        faults,
        rows,
        total,
        next: next.unwrap_or_default(),
    })
}

fn filter(query: &Fields) -> Result<Filter> {
    const UNKNOWN: Error = Error::BadAddress("筛选的链接不完整，重新选一次。");
    let kind = match query.get("kind") {
        "" => None,
        code => Some(Kind::from_code(code).ok_or(UNKNOWN)?),
    };
    let state = match query.get("state") {
        "" => None,
        code => Some(State::from_code(code).ok_or(UNKNOWN)?),
    };
    let q = query.get("q").trim().chars().take(30).collect();
    Ok(Filter { kind, state, q })
}

fn address(filter: &Filter, after: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::for_suffix(
        String::from("/organisations?"),
        "/organisations?".len(),
    );
    for (name, value) in [
        ("kind", filter.kind.map(Kind::code)),
        ("state", filter.state.map(State::code)),
        ("q", Some(filter.q.as_str()).filter(|q| !q.is_empty())),
        ("after", after),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

async fn show_page(
    scope: &Scope,
    it: Organisation,
    q: String,
    typed: Option<String>,
    faults: Faults,
) -> Result<ShowPage> {
    let text = match q.trim() {
        "" => it.name.chars().take(2).collect(),
        q => q.chars().take(30).collect::<String>(),
    };
    let kinds: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.is_village() == it.kind.is_village())
        .collect();
    let found = scope
        .look(async |db| {
            let mut found: Vec<Suggestion> = Vec::new();
            for kind in &kinds {
                found.extend(store::suggest(db, *kind, &text).await?);
            }
            Ok(found)
        })
        .await?;
    let others = found.into_iter().filter(|other| other.id != it.id);
    let named = others.map(|other| (other.id, format!("{}（{}）", other.name, other.committee)));
    Ok(ShowPage {
        chrome: scope.chrome(),
        candidates: Choice::one(named.take(8), ""),
        typed: typed.unwrap_or_else(|| it.name.clone()),
        it,
        faults,
        q,
    })
}
