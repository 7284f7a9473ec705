//! What every page needs around its content: the frame (menu, tabs, theme, footer) and form choices.
//!
//! A page is a struct with `chrome`, its template extends one of three frames: `_layout/shell.html`
//! (signed in), `_layout/focus.html` (signed in, one form, no menu on phones), `_layout/plain.html`.
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "visits/list.html", blocks = ["rows"])]
//! struct ListPage { chrome: Chrome, visits: Vec<Visit> }
//!
//! {% extends "_layout/shell.html" %}
//! {% import "_parts/page.html" as p %}
//! {% block title %}走访{% endblock %}
//! {% block main %}
//! <h1>走访</h1>{% block rows %}{% for v in visits %}{{ p::tag("ok", v.village) }}{% endfor %}{% endblock %}
//! {% endblock %}
//! ```

mod choice;
mod errors;
#[cfg(test)]
mod tests;

pub use choice::{Choice, View};
pub use errors::ErrorPage;

/// Addresses that the frame links to. Their routes belong to the slices.
pub mod to {
    pub const HOME: &str = "/";
    pub const LOGIN: &str = "/login";
    pub const LOGOUT: &str = "/logout";
    /// List of one's appointments, to choose the one in whose name one works.
    pub const APPOINTMENTS: &str = "/appointments";
    pub const ME: &str = "/me";
    /// Complaints and suggestions: linked from every signed-in page (国办函〔2026〕12号).
    pub const FEEDBACK: &str = "/feedback";
    /// 提醒 of one cadre: the bell.
    pub const NOTICES: &str = "/notices";
    pub const PRIVACY: &str = "/privacy";
    /// The tabs of a phone in their order, which is not that of the menu: the round button is the third.
    pub const TABS: [&str; 5] = [HOME, "/youth", "/visits/new", "/issues", ME];
}

/// Light or dark, as the user chose; `System` follows the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// From the stored word; anything else is `System`.
    pub fn from_code(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The `media` of the dark style sheet; none when it is not to be loaded.
    pub fn dark_media(self) -> Option<&'static str> {
        match self {
            Self::System => Some("(prefers-color-scheme: dark)"),
            Self::Light => None,
            Self::Dark => Some("all"),
        }
    }

    /// The `color-scheme` of the page, for the browser's own controls.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// One link of the side menu or the tab bar.
#[derive(Debug, Clone)]
pub struct MenuItem {
    pub href: &'static str,
    /// Id of a symbol in `static/icons.svg`.
    pub icon: &'static str,
    pub label: &'static str,
    /// What waits there for this cadre; `None` and `Some(0)` show nothing.
    pub count: Option<i64>,
    pub current: bool,
}

impl MenuItem {
    pub fn new(href: &'static str, icon: &'static str, label: &'static str) -> Self {
        Self {
            href,
            icon,
            label,
            count: None,
            current: false,
        }
    }

    /// Marks the item when `path` is its page or one below it; home only when it is home itself.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        let below = path
            .strip_prefix(self.href)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        self.current = if self.href == to::HOME {
            path == to::HOME
        } else {
            below
        };
        self
    }

    /// The number to show, if there is one.
    pub fn waiting(&self) -> Option<i64> {
        self.count.filter(|count| *count > 0)
    }
}

/// Who runs this installation, and the numbers under which it is filed: configuration, on every page.
#[derive(Debug, Clone, Default)]
pub struct Filing {
    /// The body that runs it: 共青团清川市委员会.
    pub operator: String,
    /// 政务移动应用程序备案号.
    pub app: String,
    /// ICP 备案号.
    pub icp: String,
    /// 公网安备.
    pub police: String,
}

impl Filing {
    /// The lines that are set, in the order in which they are shown.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        [&self.operator, &self.app, &self.icp, &self.police]
            .into_iter()
            .map(String::as_str)
            .filter(|line| !line.is_empty())
    }
}

/// The frame around a page.
#[derive(Debug, Clone)]
pub struct Chrome {
    pub signed_in: bool,
    /// Keys the drafts in the phone: two people who share a phone don't see each other's. Empty when signed out.
    pub account_id: String,
    pub committee_name: String,
    /// Where the committee is, short, for the phone's top bar: 望川县 · 柳坪镇.
    pub place_line: String,
    pub cadre_name: String,
    pub post_label: String,
    /// Whether there is another appointment to change to.
    pub can_switch: bool,
    pub menu: Vec<MenuItem>,
    /// Second group of the side menu: committees and cadres, settings.
    pub more: Vec<MenuItem>,
    /// Five, the middle one is the round button.
    pub tabs: Vec<MenuItem>,
    /// Unread messages, for the bell.
    pub unread: i64,
    pub theme: Theme,
    /// Large text (大字): everything a quarter larger.
    pub large: bool,
    pub request_id: String,
    pub filing: &'static Filing,
    /// One sentence from the operator, on top of every page: tonight's upgrade.
    pub public_notice: Option<String>,
    /// Set on the page that follows a saved form: its id. The phone then forgets the draft.
    pub saved: Option<String>,
}

impl Chrome {
    /// The frame of a page that needs no session: login, public form, errors.
    pub fn plain(filing: &'static Filing, request_id: impl Into<String>) -> Self {
        Self {
            signed_in: false,
            account_id: String::new(),
            committee_name: String::new(),
            place_line: String::new(),
            cadre_name: String::new(),
            post_label: String::new(),
            can_switch: false,
            menu: Vec::new(),
            more: Vec::new(),
            tabs: Vec::new(),
            unread: 0,
            theme: Theme::System,
            large: false,
            request_id: request_id.into(),
            filing,
            public_notice: None,
            saved: None,
        }
    }

    /// The frame of a signed-in page. The caller fills in menu, tabs and names:
    /// `Chrome { menu, tabs, ..Chrome::signed_in(filing, request_id, account_id) }`.
    pub fn signed_in(
        filing: &'static Filing,
        request_id: impl Into<String>,
        account_id: impl Into<String>,
    ) -> Self {
        Self {
            signed_in: true,
            account_id: account_id.into(),
            ..Self::plain(filing, request_id)
        }
    }

    /// The same with how many 提醒 have not been read: only pages that show the bell's number ask for it.
    #[must_use]
    pub fn with_unread(mut self, unread: i64) -> Self {
        self.unread = unread;
        for item in self.menu.iter_mut().filter(|it| it.href == to::NOTICES) {
            item.count = Some(unread);
        }
        self
    }

    /// The frame of the empty visit form that the worker keeps in the phone: signed-in, nobody's name.
    /// `data-user=""` tells the script to take the account that used this phone last.
    pub fn nobody(filing: &'static Filing) -> Self {
        Self {
            signed_in: true,
            ..Self::plain(filing, "")
        }
    }
}
