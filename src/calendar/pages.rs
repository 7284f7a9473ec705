//! The page: what is known of each year, and for the 系统管理员 the form of one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};

use super::form::YearForm;
use super::model::{CHANGED, NewYear, Year};
use super::store;
use crate::accounts;
use crate::kit::clock;
use crate::kit::workday::Calendar;
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render, show_as};
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "calendar/show.html")]
struct CalendarPage {
    chrome: Chrome,
    /// This year and the next ones, with whether their notice is known.
    years: Vec<Shown>,
    keeps: bool,
    form: YearForm,
    faults: Faults,
    choices: Vec<Choice>,
    /// What was recognised, to be looked at before it is saved.
    read: Option<NewYear>,
    is_stale: bool,
}

struct Shown {
    year: i32,
    has_notice: bool,
    off: Vec<NaiveDate>,
    on: Vec<NaiveDate>,
}

/// This year and the two after it.
fn offered(scope: &Scope) -> Vec<i32> {
    let year = scope.today().year();
    (year..year + 3).collect()
}

pub async fn show(scope: Scope, Query(query): Query) -> Result<Response> {
    let (kept, calendar) = read(&scope).await?;
    let next = scope.today().year() + 1;
    let year = query.get("year").parse().unwrap_or(next);
    let there = kept.iter().find(|it| it.year == year);
    let form = YearForm {
        year: year.to_string(),
        version: there.map_or(0, |it| it.version).to_string(),
        text: there.map(|it| it.text.clone()).unwrap_or_default(),
        sure: false,
    };
    render(&page(&scope, &calendar, form, Faults::default()))
}

async fn read(scope: &Scope) -> Result<(Vec<Year>, Calendar)> {
    let kept = scope.look(async |db| store::list(db).await).await?;
    let mut calendar = Calendar::china();
    for year in &kept {
        calendar.set_year(year.year, &year.holidays, &year.workdays);
    }
    Ok((kept, calendar))
}

pub async fn save(scope: Scope, Form(fields): Form) -> Result<Response> {
    let form = YearForm::read(&fields);
    let (kept, calendar) = read(&scope).await?;
    let (new, version) = match form.check(&offered(&scope)) {
        Ok(read) => read,
        Err(faults) => return refuse(&page(&scope, &calendar, form, faults)),
    };
    let there = kept.iter().find(|it| it.year == new.year);
    if !form.sure {
        // The form may have been opened for another year.
        let form = YearForm {
            version: there.map_or(0, |it| it.version).to_string(),
            ..form
        };
        let page = page(&scope, &calendar, form, Faults::default());
        return render(&CalendarPage {
            read: Some(new),
            ..page
        });
    }
    let same = |it: &Year| {
        (it.year, &it.holidays, &it.workdays, &it.text)
            == (new.year, &new.holidays, &new.workdays, &new.text)
    };
    if there.is_some_and(same) {
        return Ok(go("/calendar"));
    }
    let saved = scope
        .work(async |db| {
            if !store::save(db, &new, version).await? {
                return Ok(db.unchanged(false));
            }
            let centre = accounts::store::centre(db).await?;
            let at = centre.ok_or(Error::NotFound)?;
            let facts = serde_json::json!({
                "year": new.year, "off": new.holidays.len(), "on": new.workdays.len(),
            });
            db.log_line(Line::new(CHANGED, None, at).detail(facts), true)
                .await
        })
        .await?;
    if saved {
        store::forget(scope.site());
        return Ok(go("/calendar"));
    }
    let version = there.map_or(0, |it| it.version);
    let form = YearForm {
        version: version.to_string(),
        ..form
    };
    let page = page(&scope, &calendar, form, Faults::default());
    let page = CalendarPage {
        is_stale: true,
        read: Some(new),
        ..page
    };
    show_as(StatusCode::CONFLICT, &page)
}

fn page(scope: &Scope, calendar: &Calendar, form: YearForm, faults: Faults) -> CalendarPage {
    let years = offered(scope);
    let shown = |year: &i32| Shown {
        year: *year,
        has_notice: calendar.knows(*year),
        off: calendar.holidays_of(*year),
        on: calendar.workdays_of(*year),
    };
    CalendarPage {
        chrome: scope.chrome(),
        keeps: scope.role() == Role::System,
        choices: Choice::one(years.iter().map(|it| (it, format!("{it} 年"))), &form.year),
        years: years.iter().map(shown).collect(),
        form,
        faults,
        read: None,
        is_stale: false,
    }
}

impl CalendarPage {
    /// Days in a row as spans, in words.
    fn spans(days: &[NaiveDate]) -> String {
        let mut spans: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for day in days {
            match spans
                .last_mut()
                .filter(|(_, to)| to.succ_opt() == Some(*day))
            {
                Some((_, to)) => *to = *day,
                None => spans.push((*day, *day)),
            }
        }
        let words = spans.iter().map(|(from, to)| {
            if from == to {
                clock::day_words(*from)
            } else {
                [clock::day_words(*from), clock::day_words(*to)].join("—")
            }
        });
        words.collect::<Vec<_>>().join("，")
    }
}
