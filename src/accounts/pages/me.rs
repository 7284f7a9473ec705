//! 我的: one's appointments, the devices one is signed in on, how pages look.

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::add_cookie;
use crate::accounts::form::read_display;
use crate::accounts::model::{Device, Display, SESSION_ENDED, device_name};
use crate::accounts::store;
use crate::kit::clock;
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome, MenuItem, to};
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::Scope;
use crate::platform::session::{Office, clear_cookie, offices};
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "accounts/me.html")]
struct MePage {
    chrome: Chrome,
    /// The password was just changed.
    changed: bool,
    appointments: Vec<AppointmentRow>,
    can_choose: bool,
    devices: Vec<DeviceRow>,
    themes: Vec<Choice>,
    large: bool,
    faults: Faults,
}

impl MePage {
    /// What the menu of a desk opens and no tab of a phone does.
    fn links(&self) -> Vec<&MenuItem> {
        let chrome = &self.chrome;
        let all = chrome.menu.iter().chain(&chrome.more);
        let elsewhere = [to::ME, to::FEEDBACK];
        all.filter(|it| chrome.tabs.iter().all(|tab| tab.href != it.href))
            .filter(|it| !elsewhere.contains(&it.href))
            .collect()
    }
}

struct AppointmentRow {
    title: String,
    from: String,
    to: Option<String>,
    is_current: bool,
    is_open: bool,
}

struct DeviceRow {
    id: Uuid,
    name: String,
    since: String,
    own_phone: bool,
    is_this: bool,
}

pub async fn me(scope: Scope, Query(query): Query) -> Result<Response> {
    let actor = scope.actor();
    let (theme, large) = (actor.theme.clone(), actor.large_text);
    let page = page(&scope, &theme, large, Faults::default()).await?;
    show(&MePage {
        changed: query.get("done") == "password",
        ..page
    })
}

pub async fn display(scope: Scope, Form(fields): Form) -> Result<Response> {
    let (theme, large) = match read_display(&fields) {
        Ok(display) => display,
        Err(faults) => {
            let large = fields.has("large");
            return refuse(&page(&scope, "", large, faults).await?);
        }
    };
    scope
        .work(async |db| {
            store::set_display(db, theme.code(), large).await?;
            // Nobody's record but one's own taste: no line.
            Ok(db.unchanged(()))
        })
        .await?;
    scope.site().sessions.forget(scope.account());
    Ok(go("/me"))
}

pub async fn end_device(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    scope
        .work(async |db| {
            if store::end_device(db, id).await? {
                return store::log_self(db, SESSION_ENDED, id, ()).await;
            }
            if store::has_device(db, id).await? {
                Ok(db.unchanged(()))
            } else {
                Err(Error::NotFound)
            }
        })
        .await?;
    scope.site().sessions.forget(scope.account());
    if scope.actor().session != Some(id) {
        return Ok(go("/me"));
    }
    let mut response = go("/login");
    add_cookie(&mut response, &clear_cookie())?;
    Ok(response)
}

pub async fn end_others(scope: Scope) -> Result<Response> {
    scope
        .work(async |db| {
            for session in store::end_other_sessions(db).await? {
                store::note_self(db, SESSION_ENDED, session).await?;
            }
            Ok(db.unchanged(()))
        })
        .await?;
    scope.site().sessions.forget(scope.account());
    Ok(go("/me"))
}

async fn page(scope: &Scope, theme: &str, large: bool, faults: Faults) -> Result<MePage> {
    let account = scope.account();
    let (offices, devices) = scope
        .look(async |db| Ok((offices(db, account).await?, store::devices(db).await?)))
        .await?;
    let labels = Display::ALL.iter().map(|it| (it.code(), it.label()));
    Ok(MePage {
        chrome: scope.chrome(),
        changed: false,
        can_choose: offices.iter().filter(|it| it.is_open).count() > 1,
        appointments: offices
            .iter()
            .map(|it| appointment_row(scope, it))
            .collect(),
        devices: devices.iter().map(|it| device_row(scope, it)).collect(),
        themes: Choice::one(labels, theme),
        large,
        faults,
    })
}

fn appointment_row(scope: &Scope, office: &Office) -> AppointmentRow {
    AppointmentRow {
        title: format!("{} {}", office.committee, office.post),
        from: clock::iso_date(office.starts_on),
        to: office.ends_on.map(clock::iso_date),
        is_current: scope.actor().appointment == Some(office.id),
        is_open: office.is_open,
    }
}

fn device_row(scope: &Scope, device: &Device) -> DeviceRow {
    DeviceRow {
        id: device.id,
        name: device_name(&device.agent),
        since: clock::stamp(device.since, scope.now()),
        own_phone: device.own_phone,
        is_this: scope.actor().session == Some(device.id),
    }
}
