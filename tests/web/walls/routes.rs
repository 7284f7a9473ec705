//! Every route of the table, by every visitor. Nothing is ever a 500, nobody outside sees a record or
//! learns that it is there, and every page keeps to `pages.rs`.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use qingting::app;
use qingting::platform::routes::{Route, Who};

use super::crawl::{crawl, is_html};
use super::html::Html;
use super::pages;
use super::samples::{MARKS, NAMES, Reach, Samples, Side, Visitor, route_of};
use crate::harness::{Browser, Seen};

/// What the sweep found, told all at once.
#[derive(Default)]
pub struct Findings {
    faults: BTreeSet<String>,
    /// Addresses that are no route, and the pages that lead there.
    dead_ends: BTreeMap<String, BTreeSet<&'static str>>,
    pub asked: usize,
    /// Pages that were read whole.
    pub pages: usize,
}

impl Findings {
    pub fn add(&mut self, fault: String) {
        self.faults.insert(fault);
    }

    #[track_caller]
    pub fn assert_none(&self) {
        let dead = self.dead_ends.iter().map(|(end, pages)| {
            let page = pages.first().copied().unwrap_or_default();
            format!(
                "{end}, which is no route (GET {page} and {} more)",
                pages.len() - 1
            )
        });
        let all: Vec<_> = self.faults.iter().cloned().chain(dead).collect();
        assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
    }

    fn want(&mut self, what: &str, seen: &Seen, allowed: &[u16]) {
        self.asked += 1;
        let status = seen.status.as_u16();
        if !allowed.contains(&status) {
            self.add(format!("{what}: {status}, not {allowed:?}"));
        }
    }
}

#[tokio::test]
async fn every_route_by_every_visitor() {
    let samples = Samples::new().await;
    let table = app::route_table();
    let mut findings = Findings::default();
    let mut opened: BTreeMap<&str, bool> = BTreeMap::new();
    for route in &table {
        let (address, reach) = match samples.address(route) {
            Ok(found) => found,
            Err(fault) => {
                findings.add(fault);
                continue;
            }
        };
        by_a_stranger(&samples, route, &address, &mut findings).await;
        for visitor in samples.visitors() {
            if let Some(seen) = by(visitor, route, &address, reach, &mut findings).await {
                let open = opened.entry(route.path).or_default();
                *open |= matches!(seen.status.as_u16(), 200);
                look_at(&table, route, visitor, &seen, &mut findings);
            }
        }
        bad_ids(&samples, route, &mut findings).await;
        from_elsewhere(&samples, route, &address, &mut findings).await;
    }
    for visitor in samples.visitors() {
        let starts = ["/".to_owned()];
        let found = crawl(&table, visitor.key, &visitor.browser, &starts).await;
        findings.asked += found.pages.len();
        for page in &found.pages {
            *opened.entry(page.path).or_default() |= page.seen.status == 200;
            let route = table
                .iter()
                .find(|it| it.path == page.path && it.method == "GET");
            let route = route.expect("the route of a page");
            look_at(&table, route, visitor, &page.seen, &mut findings);
        }
        for fault in found.faults {
            findings.add(fault);
        }
    }
    let nobody = samples.town.stranger();
    let open = table
        .iter()
        .filter(|it| it.who == Who::Anyone && it.method == "GET");
    let starts: Vec<_> = open
        .filter_map(|it| Some(samples.address(it).ok()?.0))
        .collect();
    let found = crawl(&table, "nobody", &nobody, &starts).await;
    for page in &found.pages {
        *opened.entry(page.path).or_default() |= page.seen.status == 200;
        read(&table, page.path, &page.seen, &mut findings);
    }
    for (path, open) in opened {
        if !open {
            findings.add(format!("GET {path}: nobody ever sees it"));
        }
    }
    println!(
        "walls: {} routes, {} visitors, {} requests, {} pages read",
        table.len(),
        samples.visitors().count() + 1,
        findings.asked,
        findings.pages
    );
    findings.assert_none();
}

/// Without a session: the sign-in page, or 401 for a part of a page.
async fn by_a_stranger(samples: &Samples, route: &Route, address: &str, findings: &mut Findings) {
    let stranger = samples.town.stranger();
    let what = format!("{} {} by nobody", route.method, route.path);
    let seen = send(&stranger, route, address).await;
    if route.who == Who::Anyone {
        findings.want(&what, &seen, &[200, 303, 404, 422, 429]);
        return;
    }
    findings.want(&what, &seen, &[303]);
    let to = seen.headers.get("location").and_then(|to| to.to_str().ok());
    let signs_in = |to: &str| {
        to == "/login" || to.starts_with("/login?next=") || to.starts_with("/login?unsent=1&next=")
    };
    if !to.is_some_and(signs_in) {
        findings.add(format!("{what}: goes to {to:?}"));
    }
    if route.method == "GET" {
        let part = stranger
            .request("GET", address)
            .header("hx-request", "true");
        let seen = stranger
            .send(part.body(Body::empty()).expect("a request"))
            .await;
        findings.want(&format!("{what}, a part"), &seen, &[401]);
    }
}

/// What a GET shows; posts are sent only by those who must not.
async fn by(
    visitor: &Visitor,
    route: &Route,
    address: &str,
    reach: Reach,
    findings: &mut Findings,
) -> Option<Seen> {
    let what = format!("{} {} by {}", route.method, route.path, visitor.key);
    let may = route.who.allows(Some(visitor.role));
    let is_get = route.method == "GET";
    let inside = visitor.side == Side::Inside || reach == Reach::Same;
    if may && !is_get && inside {
        return None;
    }
    let seen = send(&visitor.browser, route, address).await;
    let allowed: &[u16] = match (may, visitor.side, reach) {
        (false, ..) => &[403],
        (true, Side::Neighbour, Reach::Own)
        | (true, Side::Stranger, Reach::Own | Reach::Tenant) => &[404],
        (true, Side::Neighbour, Reach::Tenant) if is_get => &[200, 403, 404],
        (true, Side::Neighbour, Reach::Tenant) => &[403, 404],
        _ => &[200, 303, 403, 404, 409, 422],
    };
    findings.want(&what, &seen, allowed);
    (is_get && may).then_some(seen)
}

/// Reads a page: marks of records where none may be, masks that do not hold, and its make.
fn look_at(
    table: &[Route],
    route: &Route,
    visitor: &Visitor,
    seen: &Seen,
    findings: &mut Findings,
) {
    let what = format!(
        "GET {} by {} ({})",
        route.path,
        visitor.key,
        seen.status.as_u16()
    );
    for mark in MARKS {
        if visitor.side != Side::Inside && seen.text.contains(mark) {
            findings.add(format!("{what} shows {mark}"));
        }
    }
    for (whole, masks) in NAMES {
        if masks.iter().any(|mask| seen.text.contains(mask)) && seen.text.contains(whole) {
            // The text to copy for the work group is masked for everybody.
            let copied = route.path == "/visits/{id}/saved" && visitor.key == "town_cadre";
            if !copied {
                findings.add(format!("{what} shows {whole} masked and whole"));
            }
        }
    }
    read(table, route.path, seen, findings);
}

fn read(table: &[Route], path: &'static str, seen: &Seen, findings: &mut Findings) {
    if !is_html(seen) {
        return;
    }
    findings.pages += 1;
    let html = Html::parse(&seen.text);
    for fault in pages::faults(&html) {
        findings.add(format!("GET {path} ({}): {fault}", seen.status.as_u16()));
    }
    for end in dead_ends(table, &html) {
        findings.dead_ends.entry(end).or_default().insert(path);
    }
}

/// Links and forms that lead to no route of ours, or to one that this page's reader may not use.
fn dead_ends(table: &[Route], html: &Html) -> Vec<String> {
    let files = ["/static/", "/sw.js"];
    let mut faults = Vec::new();
    for (_, link) in html.named(&["a"]) {
        let href = link.get("href").unwrap_or_default();
        let ours = href.starts_with('/') && !files.iter().any(|file| href.starts_with(file));
        if ours && route_of(table, "GET", href).is_none() {
            faults.push(format!("a link leads to {href}"));
        }
    }
    for form in html.forms() {
        let method = form.method.to_ascii_uppercase();
        for action in std::iter::once(&form.action).chain(&form.other_actions) {
            if method != "DIALOG" && route_of(table, &method, action).is_none() {
                faults.push(format!(
                    "a form goes to {method} {action}, which is no route"
                ));
            }
        }
    }
    faults
}

/// What is no id, or nobody's, is not there.
async fn bad_ids(samples: &Samples, route: &Route, findings: &mut Findings) {
    const BAD: [&str; 11] = [
        "not-an-id",
        "0",
        "-1",
        "99999999999999999999",
        "00000000-0000-0000-0000-000000000000",
        "0199f1a0-0000-7000-8000-00000000dead",
        "%00",
        "%FF",
        "..%2F..",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "' or 1=1 --",
    ];
    let keys = ["town_cadre", "county_secretary", "county_admin", "operator"];
    let mut visitors = keys.iter().map(|key| samples.visitor(key));
    let visitor = visitors.find(|it| route.who.allows(Some(it.role)));
    let (Some(visitor), true) = (visitor, route.path.contains('{')) else {
        return;
    };
    for bad in BAD {
        let parts = route.path.split('/');
        let address: Vec<_> = parts
            .map(|p| if p.starts_with('{') { bad } else { p })
            .collect();
        let address = address.join("/").replace(' ', "%20");
        let seen = send(&visitor.browser, route, &address).await;
        findings.want(&format!("{} {address}", route.method), &seen, &[404]);
        if seen.text.contains("<script>alert") {
            findings.add(format!(
                "{} {address}: the script stands in the page",
                route.method
            ));
        }
    }
}

/// A post that does not come from our own pages is refused before anything else, by whomever.
async fn from_elsewhere(samples: &Samples, route: &Route, address: &str, findings: &mut Findings) {
    const SIGNS: [&[(&str, &str)]; 5] = [
        &[],
        &[("origin", "https://elsewhere.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ];
    if route.method == "GET" {
        return;
    }
    let nobody = samples.town.stranger();
    let insider = samples
        .visitors()
        .find(|it| route.who.allows(Some(it.role)));
    let browsers = insider.map(|it| &it.browser).into_iter().chain([&nobody]);
    for browser in browsers {
        for signs in SIGNS {
            let request = browser
                .request("POST", address)
                .header("content-type", "application/x-www-form-urlencoded");
            let request = signs
                .iter()
                .fold(request, |r, (name, value)| r.header(*name, *value));
            let seen = browser
                .send(request.body(Body::from("a=1")).expect("a request"))
                .await;
            findings.want(
                &format!("POST {} with {signs:?}", route.path),
                &seen,
                &[403],
            );
        }
    }
}

async fn send(browser: &Browser, route: &Route, address: &str) -> Seen {
    if route.method == "GET" {
        browser.get(address).await
    } else {
        browser.post(address, &[]).await
    }
}
