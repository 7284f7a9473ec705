//! axe-core finds nothing on any page, light and dark: each role follows its links, the cadre on the
//! phone, the others at a desk. What nobody comes by is named at the end.

use std::collections::{BTreeSet, VecDeque};

use qingting::app;
use serde_json::Value;

use crate::axe;
use crate::device::Device;
use crate::harness::new_id;
use crate::served::Served;
use crate::shares::{Shares, shares};
use crate::visit::earlier;

/// Addresses that are no page to look at, and why.
const NOT_LOOKED_AT: &[(&str, &str)] = &[
    ("/reports/visits.xlsx", "a file"),
    ("/reports/year-end.xlsx", "a file"),
    ("/appointments", "leads on who has one appointment"),
    ("/me/confirm", "leads on who just gave his password"),
    ("/files/{id}", "a file, no page"),
    ("/d/{token}", "looked at by its secret"),
    ("/v/{token}", "whoever holds the secret, once"),
];

/// What was looked at on devices of one shape.
#[derive(Default)]
struct Looked {
    /// Makes of page: addresses without ids, with the names in their query.
    makes: BTreeSet<String>,
    faults: BTreeSet<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_any_page() {
    let served = Served::new().await;
    earlier(&served).await;
    let visit = second(&served).await;
    let shares = shares(&served).await;
    let phone = on_the_phone(&served, &visit, &shares);
    let (mut phone, desk) = tokio::join!(phone, at_the_desk(&served, &shares));
    println!(
        "axe: {} makes of page on the phone, {} at the desk, each at 390 and 1440, light and dark",
        phone.makes.len(),
        desk.makes.len()
    );
    let makes = phone.makes.union(&desk.makes);
    let paths: BTreeSet<&str> = makes.filter_map(|make| make.split('?').next()).collect();
    for route in app::route_table().iter().filter(|it| it.method == "GET") {
        let excused = NOT_LOOKED_AT.iter().any(|(known, _)| *known == route.path);
        if !excused && !paths.iter().any(|path| leads_to(route.path, path)) {
            phone
                .faults
                .insert(format!("GET {}: nobody comes by", route.path));
        }
    }
    let all: Vec<_> = phone
        .faults
        .union(&desk.faults)
        .map(String::as_str)
        .collect();
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

fn leads_to(route: &str, path: &str) -> bool {
    // `{act}` is a word of the address, other names are ids.
    let fits = |(part, word): (&str, &str)| {
        part == word || part == "{act}" || part.starts_with('{') && word == "*"
    };
    route.split('/').count() == path.split('/').count()
        && route.split('/').zip(path.split('/')).all(fits)
}

/// Whoever has not signed in, then the cadre.
async fn on_the_phone(served: &Served, visit: &str, shares: &Shares) -> Looked {
    let mut looked = Looked::default();
    let phone = Device::phone(served).await;
    looked
        .follow(
            &phone,
            &["/login", "/privacy", "/no-such-page", &shares.link],
        )
        .await;
    phone.sign_in(served, "town_cadre").await;
    let (files, link) = (
        format!("{}/files", shares.closed),
        format!("{}/link", shares.closed),
    );
    let (merge, saved) = (format!("{visit}/merge"), format!("{visit}/saved"));
    let starts = [
        "/",
        "/visits/new",
        "/visits/blank",
        "/visits/paper",
        &merge,
        &saved,
        "/youth/pasted?added=1&same=0&skipped=0",
        "/parts",
        &shares.edit,
        &shares.give,
        &shares.part,
        &files,
        &link,
    ];
    looked.follow(&phone, &starts).await;
    phone.end().await;
    looked
}

/// Admin, secretary and operator: of a page that one of them saw the others only follow the links.
async fn at_the_desk(served: &Served, shares: &Shares) -> Looked {
    let mut looked = Looked::default();
    let ground = |key| served.town.world.committee(key).place.committee;
    let (city, village) = (ground("city"), ground("village"));
    let (close, edit) = (
        format!("/committees/{village}/close"),
        format!("/committees/{village}/edit"),
    );
    let reveal = format!("{}/reveal", youth(served).await);
    let follow_up = format!("{}/follow-up", shares.closed);
    let founding = format!("/committees/{city}/founding");
    for (key, starts) in [
        ("county_admin", ["/", &close, &edit]),
        ("county_secretary", [&follow_up, &reveal, "/dashboard"]),
        ("city_secretary", ["/parts", "/issues", &shares.hand_out]),
        ("operator", ["/committees", &founding, "/me"]),
    ] {
        let desk = Device::desk(served).await;
        desk.sign_in(served, key).await;
        looked.follow(&desk, &starts).await;
        desk.end().await;
    }
    looked
}

/// The address of a young person whom the cadre knows.
async fn youth(served: &Served) -> String {
    let page = served.town.signed_in("town_cadre").get("/youth").await;
    let links = page
        .text
        .split('"')
        .filter(|part| part.starts_with("/youth/"));
    let mut links = links.filter(|link| link.len() == "/youth/".len() + 36);
    links.next().expect("somebody").to_owned()
}

impl Looked {
    /// Follows the links from these addresses; one page of each make is looked at, in
    /// both sizes and lights.
    async fn follow(&mut self, device: &Device, starts: &[&str]) {
        let mut opened = BTreeSet::new();
        let mut queue: VecDeque<String> = starts.iter().map(|it| (*it).to_owned()).collect();
        while let Some(address) = queue.pop_front() {
            let make = make_of(&address);
            if make.contains(".xlsx") || !opened.insert(make.clone()) {
                continue;
            }
            device.open(&address).await;
            let script = "return [...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'));";
            let links = device.run(script, vec![]).await;
            let links = links
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str);
            queue.extend(links.map(str::to_owned));
            if self.makes.insert(make.clone()) {
                self.look_at(device, &make).await;
            }
        }
    }

    async fn look_at(&mut self, device: &Device, make: &str) {
        for fault in axe::faults_in_all_lights(device).await {
            self.faults.insert(format!("{make} at {fault}"));
        }
    }
}

/// One more visit at the same door, a problem, feedback: so that pages have something on them.
async fn second(served: &Served) -> String {
    let town = &served.town;
    let village = town.world.committee("village").place.committee.to_string();
    let cadre = town.signed_in("town_cadre");
    let id = new_id();
    let fields = [
        ("id", id.as_str()),
        ("day", "2026-11-24"),
        ("at", "19:40"),
        ("village", &village),
        ("kind", "home"),
        ("n1-name", "宋知夏"),
        ("n1-told", "on"),
        ("content", "聊了网店和鸡舍"),
        ("p1-text", "想找离家近的文员岗位"),
        ("p1-cat", "01"),
        ("p1-by", "me"),
        ("p1-urgency", "1"),
    ];
    cadre.post("/visits", &fields).await.goes_to("/visits/");
    let said = new_id();
    let fields = [("id", said.as_str()), ("text", "夜里字太小")];
    cadre.post("/feedback", &fields).await.goes_to("/feedback/");
    format!("/visits/{id}")
}

/// `/visits/0199…/edit?from=x` is one of `/visits/*/edit?from`.
fn make_of(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_id = |part: &str| {
        let figure = part.len() == 3 && part.starts_with(['A', 'C', 'D']);
        part.len() == 36 || figure || (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let parts = path
        .split('/')
        .map(|part| if is_id(part) { "*" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    let names = names.into_iter().collect::<Vec<_>>().join("&");
    if names.is_empty() {
        path
    } else {
        format!("{path}?{names}")
    }
}
