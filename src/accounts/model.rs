//! The rules of signing in that need no database: how long things last, who may reset whom, where a
//! sign-in may lead, what a browser calls itself.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::kit::words::words;
use crate::platform::daybook::Verb;
use crate::platform::ids::AccountId;
use crate::platform::scope::{Role, Scope};
use crate::platform::session::Office;

pub const SIGNED_IN: Verb = Verb::new("signed_in", "account", "登录");
pub const SIGN_IN_FAILED: Verb = Verb::new("sign_in_failed", "account", "登录没有成功");
pub const CODE_USED: Verb = Verb::new("code_used", "account", "用一次性口令登录");
pub const SIGNED_OUT: Verb = Verb::new("signed_out", "session", "退出登录");
pub const SESSION_ENDED: Verb = Verb::new("session_ended", "session", "让一台设备退出登录");
pub const SWITCHED: Verb = Verb::new("appointment_switched", "account", "换一个任职");
pub const CONFIRMED: Verb = Verb::new("password_confirmed", "account", "再次输入密码");
pub const CONFIRM_FAILED: Verb = Verb::new("password_not_confirmed", "account", "再次输入密码不对");
pub const PASSWORD_CHANGED: Verb = Verb::new("password_changed", "account", "修改密码");
pub const INVITED: Verb = Verb::new("account_invited", "account", "开通账号");
pub const RESET: Verb = Verb::new("password_reset", "account", "重置密码");

pub const VERBS: &[Verb] = &[
    SIGNED_IN,
    SIGN_IN_FAILED,
    CODE_USED,
    SIGNED_OUT,
    SESSION_ENDED,
    SWITCHED,
    CONFIRMED,
    CONFIRM_FAILED,
    PASSWORD_CHANGED,
    INVITED,
    RESET,
];

/// A one-time code of an invitation (domain.md §1.1: twenty days, as the national system's).
pub const INVITATION: TimeDelta = TimeDelta::days(20);
/// A one-time code after a reset: its owner is on the telephone.
pub const RESET_CODE: TimeDelta = TimeDelta::hours(24);
/// Wrong tries after which a one-time code is worth nothing.
pub const CODE_TRIES: i16 = 5;
/// How long a password that was given again opens sensitive data on one's own phone.
pub const CONFIRMED_FOR: TimeDelta = TimeDelta::minutes(30);

words! {
    /// Light or dark; the stored words are those of `page::Theme`.
    pub enum Display {
        System "system" "跟随手机",
        Light "light" "浅色",
        Dark "dark" "深色",
    }
}

/// An account as signing in sees it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// PHC string; None until the owner has chosen one.
    pub password: Option<String>,
}

/// What is known of a one-time code that can still be tried.
#[derive(Clone, Debug)]
pub struct Code {
    pub hash: String,
    pub expires_at: DateTime<Utc>,
}

/// A session that is going on, for its owner.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: Uuid,
    /// As the browser says it.
    pub agent: String,
    pub since: DateTime<Utc>,
    pub own_phone: bool,
}

/// Whether the password was given so lately that sensitive data may be opened. A session at a desk
/// always was: it lasts half an hour without a click.
pub fn confirmed(scope: &Scope) -> bool {
    let actor = scope.actor();
    !actor.own_phone || scope.now() - actor.confirmed_at <= CONFIRMED_FOR
}

/// An admin resets whoever holds all his posts within the admin's own line. Whoever has a post
/// elsewhere too is reset by the committee above both; otherwise appointing a number would be enough
/// to take over what another committee has entrusted to it.
pub fn may_reset(scope: &Scope, is_operator: bool, offices: &[Office]) -> Result<(), &'static str> {
    if scope.role() != Role::Admin {
        return Err("重置密码要由管理员来做。");
    }
    let mut open = offices.iter().filter(|office| office.is_open);
    if is_operator || open.any(|it| !scope.ground().contains(it.place.scope)) {
        return Err("这个账号在您的团组织之外还有任职，请上级团组织的管理员来重置。");
    }
    Ok(())
}

/// Where to go after signing in: an address of this site, else home. What a browser would read as
/// another host (`//evil`, `/\evil`, a tab in between) is none; nor is a way around in a circle.
pub fn local_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let ours = next.starts_with('/') && !next.starts_with("//");
    let path = next.split(['?', '#']).next().unwrap_or("");
    let circle = matches!(path, "/login" | "/logout" | "/me/password" | "/me/confirm");
    (plain && ours && !circle && next.len() <= 500).then_some(next)
}

/// What a browser calls itself, in plain words: 安卓手机 · 微信.
pub fn device_name(agent: &str) -> String {
    // The first that fits: a phone says Linux too, Chrome says Safari, WeChat says all of them.
    const MACHINES: [(&str, &str); 9] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("HarmonyOS", "鸿蒙手机"),
        ("OpenHarmony", "鸿蒙手机"),
        ("Android", "安卓手机"),
        ("Windows", "Windows 电脑"),
        ("Macintosh", "苹果电脑"),
        ("CrOS", "电脑"),
        ("Linux", "Linux 电脑"),
    ];
    const BROWSERS: [(&str, &str); 11] = [
        ("wxwork", "企业微信"),
        ("MicroMessenger", "微信"),
        ("DingTalk", "钉钉"),
        ("UCBrowser", "UC 浏览器"),
        ("MQQBrowser", "QQ 浏览器"),
        ("HuaweiBrowser", "华为浏览器"),
        ("MiuiBrowser", "小米浏览器"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let first = |list: &[(&str, &'static str)]| {
        let mut fits = list.iter().filter(|(sign, _)| agent.contains(sign));
        fits.next().map(|(_, name)| *name)
    };
    match (first(&MACHINES), first(&BROWSERS)) {
        (Some(machine), Some(browser)) => format!("{machine} · {browser}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "一台设备".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_only_to_addresses_of_this_site() {
        for ours in [
            "/",
            "/visits?after=1",
            "/issues/1#log",
            "/figures/C07?from=2026-01-01",
        ] {
            assert_eq!(local_path(ours), Some(ours));
        }
        for other in [
            "",
            "visits",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nset-cookie: a=b",
            "/走访",
            "/login?next=/login",
            "/logout",
            "/me/password",
        ] {
            assert_eq!(local_path(other), None, "{other:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(500))), None);
    }

    #[test]
    fn devices_have_names_that_people_know() {
        let cases = [
            (
                "Mozilla/5.0 (Linux; Android 14; V2254A) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Version/4.0 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
                "安卓手机 · 微信",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
                "iPhone · Safari",
            ),
            (
                "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 \
                 HuaweiBrowser/5.0",
                "鸿蒙手机 · 华为浏览器",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/130.0 Safari/537.36 Edg/130.0",
                "Windows 电脑 · Edge",
            ),
            ("curl/8.5", "一台设备"),
            ("", "一台设备"),
        ];
        for (agent, name) in cases {
            assert_eq!(device_name(agent), name);
        }
    }
}
