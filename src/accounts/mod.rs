//! Accounts: a phone number that signs in, by password or, the first time and after a reset, by a
//! one-time code; its sessions, and 我的, the page about oneself.
//!
//! Nobody is told when somebody else signed in. Who has left is out at once; what he wrote stays.

mod again;
mod form;
pub mod hasher;
mod invite;
mod model;
pub mod operator;
mod pages;
pub mod password;
mod sign_in;
pub mod store;
pub mod throttle;

pub use invite::{Invited, change_phone, invite, kept_by, reset};
pub use model::confirmed;
pub use sign_in::enter_once;
pub use store::{end_sessions_of, find, phone_hash};

use std::time::Duration;

use crate::platform::feature::{Feature, Job, MenuEntry, Running};
use crate::platform::routes::{Routes, Who};
use crate::platform::scope::Scope;

pub const FEATURE: Feature = Feature {
    key: "accounts",
    routes,
    menu: &[MenuEntry {
        order: 90,
        href: "/me",
        icon: "user-round",
        label: "我的",
        who: Who::SignedIn,
        tab: true,
    }],
    verbs: model::VERBS,
    jobs: &[Job {
        name: "sweep ended sessions and parked forms",
        every: Duration::from_mins(10),
        run: sweep,
    }],
};

fn routes() -> Routes {
    Routes::new()
        .get("/login", Who::Anyone, "登录页", pages::login)
        .post("/login", Who::Anyone, "登录", pages::enter)
        .post("/logout", Who::Anyone, "退出登录", pages::leave)
        .get("/privacy", Who::Anyone, "隐私说明", pages::privacy)
        .get(
            "/appointments",
            Who::SignedIn,
            "自己的任职",
            pages::appointments,
        )
        .post("/appointments", Who::SignedIn, "换一个任职", pages::switch)
        .get("/me", Who::SignedIn, "我的", pages::me)
        .post("/me/display", Who::SignedIn, "改自己的显示", pages::display)
        .get("/me/password", Who::SignedIn, "改密码的表", pages::password)
        .post("/me/password", Who::SignedIn, "改自己的密码", pages::change)
        .get(
            "/me/confirm",
            Who::SignedIn,
            "再次输入密码的表",
            pages::confirm_form,
        )
        .post("/me/confirm", Who::SignedIn, "再次输入密码", pages::confirm)
        .post(
            "/me/sessions/{id}/end",
            Who::SignedIn,
            "让自己的一台设备退出登录",
            pages::end_device,
        )
        .post(
            "/me/sessions/end-others",
            Who::SignedIn,
            "让自己的其他设备退出登录",
            pages::end_others,
        )
}

/// Sessions and parked forms have no tenant: once a round is enough, at the centre's turn.
fn sweep(scope: Scope) -> Running {
    const CENTRE: i16 = 1;
    Box::pin(async move {
        if scope.ground().level != CENTRE {
            return Ok(());
        }
        scope
            .work(async |db| {
                store::sweep(db).await?;
                Ok(db.unchanged(()))
            })
            .await
    })
}
