//! 办理期限: the parameters of a city. Everybody reads what holds; the city's 书记 and 管理员 change it, after
//! seeing what that does to what is open.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::calendar;
use crate::issues::due::{Limits, Rules};
use crate::issues::form::{LIMITS, Limit, RulesForm, rule_field};
use crate::issues::model::{Category, RULES_CHANGED, Urgency};
use crate::issues::recount::Outlook;
use crate::issues::store;
use crate::issues::store::recounts::Asked;
use crate::kit::clock;
use crate::platform::daybook::Line;
use crate::platform::extract::Form;
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

const REFUSED: &str = "办理期限由市级书记、管理员改。";
/// Matters that are looked at in one query before a change is saved.
const PAGE: i64 = 5_000;

#[derive(Template)]
#[template(path = "issues/rules.html")]
struct RulesPage {
    chrome: Chrome,
    may_set: bool,
    form: RulesForm,
    faults: Faults,
    groups: Vec<Group>,
    limits: &'static [Limit],
    /// What the change would do; it is saved from there.
    outlook: Option<Outlook>,
    is_stale: bool,
    last: Option<Asked>,
    now: DateTime<Utc>,
}

/// The rules of one category ("" for all of them), by urgency.
struct Group {
    label: &'static str,
    /// It has a rule of its own, or a fault.
    is_set: bool,
    cells: Vec<Cell>,
}

struct Cell {
    name: String,
    label: &'static str,
    value: String,
    /// As it is read by whoever may not change it.
    said: String,
    fault: String,
}

struct Held {
    rules: Rules,
    limits: Limits,
    version: i32,
    last: Option<Asked>,
}

/// The city's own committee, not one below it.
fn may_set(scope: &Scope) -> bool {
    let leads = matches!(scope.role(), Role::Secretary | Role::Admin);
    leads && scope.is_home(CommitteeId(scope.tenant().0))
}

async fn held(scope: &Scope) -> Result<Held> {
    scope
        .look(async |db| {
            let tenant = db.scope().tenant();
            Ok(Held {
                rules: store::rules(db, tenant).await?,
                limits: store::limits(db, tenant).await?,
                version: store::rules::version(db).await?,
                last: store::recounts::last(db).await?,
            })
        })
        .await
}

pub async fn show(scope: Scope) -> Result<Response> {
    let held = held(&scope).await?;
    let form = RulesForm::of(&held.rules, held.limits, held.version);
    render(&page(&scope, &held, form, Faults::default()))
}

pub async fn save(scope: Scope, Form(fields): Form) -> Result<Response> {
    if !may_set(&scope) {
        return Err(Error::Forbidden(REFUSED));
    }
    let form = RulesForm::read(&fields);
    let held = held(&scope).await?;
    let (rules, limits, version) = match form.check() {
        Ok(read) => read,
        Err(faults) => return refuse(&page(&scope, &held, form, faults)),
    };
    if version == held.version && (&rules, limits) == (&held.rules, held.limits) {
        return Ok(go("/rules"));
    }
    let is_stale = version != held.version;
    if !form.sure || is_stale {
        let outlook = outlook(&scope, &rules, &limits).await?;
        let form = form.over(held.version);
        let page = RulesPage {
            outlook: Some(outlook),
            is_stale: is_stale && fields.get("sure") == "on",
            ..page(&scope, &held, form, Faults::default())
        };
        let status = if page.is_stale {
            StatusCode::CONFLICT
        } else {
            StatusCode::OK
        };
        return show_as(status, &page);
    }
    let saved = scope
        .work(async |db| {
            if !store::rules::save(db, (&rules, &limits), version).await? {
                return Ok(db.unchanged(false));
            }
            store::recounts::ask(db, None).await?;
            let facts = serde_json::json!({"version": version + 1, "rules": rules.facts()});
            let line = Line::new(RULES_CHANGED, None, db.scope().place());
            db.log_line(line.detail(facts), true).await
        })
        .await?;
    if saved {
        Ok(go("/rules"))
    } else {
        Err(Error::Stale("办理期限刚才有人改过，刷新后再改。"))
    }
}

/// What is open, counted by those rules as it would be after saving.
async fn outlook(scope: &Scope, rules: &Rules, limits: &Limits) -> Result<Outlook> {
    let (mut outlook, mut after) = (Outlook::default(), None);
    loop {
        let (timed, calendar) = scope
            .look(async |db| {
                let timed = store::recounts::read(db, after, PAGE).await?;
                Ok((timed, calendar::store::get(db).await?))
            })
            .await?;
        for one in &timed {
            let counted = one.count((&calendar, rules, limits), scope.now());
            outlook.add(one, counted, scope.now());
        }
        after = timed.last().map(|it| it.id);
        if i64::try_from(timed.len()).unwrap_or(0) < PAGE {
            return Ok(outlook);
        }
    }
}

fn page(scope: &Scope, held: &Held, form: RulesForm, faults: Faults) -> RulesPage {
    RulesPage {
        chrome: scope.chrome(),
        may_set: may_set(scope),
        groups: groups(&form, &faults),
        limits: &LIMITS,
        form,
        faults,
        outlook: None,
        is_stale: false,
        last: held.last,
        now: scope.now(),
    }
}

/// For all categories, and for each that there is.
fn groups(form: &RulesForm, faults: &Faults) -> Vec<Group> {
    let categories = Category::ALL.iter().copied().map(Some);
    let all = std::iter::once(None).chain(categories);
    all.map(|category| group(category, form, faults)).collect()
}

fn group(category: Option<Category>, form: &RulesForm, faults: &Faults) -> Group {
    let cell = |urgency: &Urgency| {
        let name = rule_field(category, *urgency);
        let value = form.value(&name).to_owned();
        let said = match value.parse::<u32>() {
            Ok(n) => format!("{n} 个工作日"),
            Err(_) => value.clone(),
        };
        Cell {
            label: urgency.label(),
            fault: faults.of(&name).unwrap_or_default().to_owned(),
            name,
            value,
            said,
        }
    };
    let cells: Vec<Cell> = Urgency::ALL.iter().map(cell).collect();
    Group {
        label: category.map_or("", Category::label),
        is_set: cells
            .iter()
            .any(|it| !it.value.is_empty() || !it.fault.is_empty()),
        cells,
    }
}
