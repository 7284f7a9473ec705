//! The list: masked by the rule, filters in the address, pages of 25.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use crate::committees::{self, Committee};
use crate::organisations::{self, Village};
use crate::platform::Result;
use crate::platform::extract::Query;
use crate::platform::page::{Choice, Chrome, View};
use crate::platform::paging::Mark;
use crate::platform::render::show as render;
use crate::platform::scope::{Role, Scope};
use crate::youth::form::{CARE, FilterForm, UNSEEN};
use crate::youth::history::unseen;
use crate::youth::model::Group;
use crate::youth::record::{Listed, Roll};
use crate::youth::store;

/// From this level down villages are offered; above it a committee is chosen first.
const TOWN: i16 = 5;

#[derive(Template)]
#[template(path = "youth/list.html")]
struct ListPage {
    chrome: Chrome,
    form: FilterForm,
    views: Vec<View>,
    committees: Vec<Choice>,
    villages: Vec<Choice>,
    groups: Vec<Choice>,
    cares: Vec<Choice>,
    unseens: Vec<Choice>,
    roll: Roll,
    /// The search field, empty here.
    q: String,
    first: String,
    next: String,
    today: NaiveDate,
}

impl ListPage {
    fn groups_of(row: &Listed) -> String {
        let labels: Vec<&str> = row.groups.iter().map(|it| it.label()).collect();
        labels.join("、")
    }

    fn seen(&self, row: &Listed) -> String {
        row.last_met_on
            .map_or_else(|| "—".into(), |last| unseen(last, self.today))
    }

    fn is_shut(row: &Listed) -> bool {
        row.shown.is_guarded && row.shown.veiled
    }
}

struct Found {
    roll: Roll,
    below: Vec<Committee>,
    villages: Vec<Village>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let form = FilterForm::read(&query);
    let filter = form.check(&scope)?;
    let after = Mark::read(query.get("after"), "youth")?;
    let narrowed = match form.committee()? {
        Some(id) => committees::narrow(&scope, id).await?,
        None => scope.clone(),
    };
    let own = scope.committee();
    let found = narrowed
        .look(async |db| {
            Ok(Found {
                roll: store::list(db, &filter, after).await?,
                below: committees::store::children(db, own).await?,
                villages: match db.scope().ground().level {
                    TOWN.. => organisations::store::villages(db).await?,
                    _ => Vec::new(),
                },
            })
        })
        .await?;
    render(&list_page(&scope, form, after.is_some(), found))
}

fn list_page(scope: &Scope, form: FilterForm, is_later: bool, found: Found) -> ListPage {
    let address = address(&form, None);
    let next = found.roll.page.next.map(|mark| mark.write("youth"));
    let leads = scope.role() == Role::Secretary;
    let today = scope.today();
    // Above a town's level the committees below are towns and counties; a town's are its villages,
    // where nobody is registered.
    let below: &[Committee] = match scope.ground().level {
        TOWN.. => &[],
        _ => &found.below,
    };
    let visited = found.villages.iter();
    let visited = visited.filter_map(|one| Some((one.organisation?, &one.name)));
    ListPage {
        chrome: scope.chrome(),
        views: views(&form),
        committees: Choice::one(below.iter().map(|c| (c.id, &c.short_name)), &form.committee),
        villages: Choice::one(visited, &form.village),
        groups: Choice::one(Group::ALL.iter().map(|it| (it.code(), it)), &form.group),
        cares: if leads {
            Choice::one(CARE.iter().map(|it| (it.0, it.1)), &form.care)
        } else {
            Vec::new()
        },
        unseens: Choice::one(UNSEEN, &form.unseen),
        first: if is_later {
            address.clone()
        } else {
            String::new()
        },
        next: next
            .map(|mark| with(&address, "after", &mark))
            .unwrap_or_default(),
        roll: found.roll,
        q: String::new(),
        form,
        today,
    }
}

fn views(form: &FilterForm) -> Vec<View> {
    let view = |label: &str, mine: &str| View {
        href: address(form, Some(mine)),
        label: label.into(),
        count: None,
        current: form.mine == mine,
    };
    vec![view("全部", ""), view("我认识的", "on")]
}

/// The list with its filter; `mine` in the place of what the filter says of it.
fn address(form: &FilterForm, mine: Option<&str>) -> String {
    let pairs = form.pairs().map(|(name, value)| match (name, mine) {
        ("mine", Some(mine)) => (name, mine),
        _ => (name, value),
    });
    let kept = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    kept.fold("/youth".to_owned(), |to, (name, value)| {
        with(&to, name, value)
    })
}

fn with(address: &str, name: &str, value: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{address}{mark}{name}={value}")
}
