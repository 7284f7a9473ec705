//! The frame of a page, filled for who is there: menu by role, names, theme.

use super::page::{Chrome, MenuItem, Theme, to};
use super::request::Request;
use super::scope::{Actor, Scope};
use super::site::Site;

/// Entries from here on stand in the second group of the side menu: committees, settings.
const SECOND_GROUP: u8 = 80;

impl Scope {
    /// The frame of a page for this person.
    pub fn chrome(&self) -> Chrome {
        of(self.site(), self.actor(), self.request())
    }

    /// The frame of the page that follows a saved form: the phone forgets the draft of this id.
    pub fn chrome_after(&self, saved: uuid::Uuid) -> Chrome {
        Chrome {
            saved: Some(saved.to_string()),
            ..self.chrome()
        }
    }
}

pub(super) fn of(site: &Site, actor: &Actor, request: &Request) -> Chrome {
    let path = request.path_only();
    let allowed = || site.menu().filter(|e| e.who.allows(Some(actor.role)));
    let item = |e: &super::feature::MenuEntry| MenuItem::new(e.href, e.icon, e.label).at(path);
    let home = actor.home.as_ref();
    Chrome {
        committee_name: home.map(|h| h.short_name.clone()).unwrap_or_default(),
        place_line: home.map(|h| h.place_name.clone()).unwrap_or_default(),
        cadre_name: actor.name.clone(),
        post_label: actor.post.clone(),
        can_switch: actor.appointment.is_some(),
        menu: allowed()
            .filter(|e| e.order < SECOND_GROUP)
            .map(item)
            .collect(),
        more: allowed()
            .filter(|e| e.order >= SECOND_GROUP)
            .map(item)
            .collect(),
        tabs: tabs(allowed().filter(|e| e.tab).map(item).collect()),
        theme: Theme::from_code(&actor.theme),
        large: actor.large_text,
        ..Chrome::signed_in(site.filing, request.id(), actor.account.to_string())
    }
}

fn tabs(mut items: Vec<MenuItem>) -> Vec<MenuItem> {
    items.sort_by_key(|item| to::TABS.iter().position(|href| *href == item.href));
    items
}
