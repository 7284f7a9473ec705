//! Every query that a page of ours puts into an address, with every value of it bad: a page or a
//! sentence, never a 500, never markup; an unknown choice and the mark of another list are 400.

use std::collections::{BTreeMap, BTreeSet};

use qingting::app;
use qingting::platform::routes::Route;

use super::crawl::{crawl, is_html};
use super::html::Html;
use super::pages;
use super::routes::Findings;
use super::samples::{Samples, route_of};

const BAD: [&str; 16] = [
    "",
    "no such thing",
    "-1",
    "0",
    "99999999999999999999",
    "0199f1a0-0000-7000-8000-00000000dead",
    "2026-02-30",
    "-99999-01-01",
    "+262142-12-31",
    "a\0b",
    "\"><script>alert(1)</script>",
    "'; drop table visits; --",
    "林👨‍👩‍👧𠮷好",
    "１２３",
    "nowhere.1795000000000000.0199f1a0-0000-7000-8000-000000000001",
    "%",
];
/// Looks for pages; who may do most in his tenant, and who only reads his own.
const FINDERS: [&str; 3] = ["county_admin", "town_cadre", "operator"];

/// What a route is asked with.
#[derive(Default)]
struct Asked {
    who: &'static str,
    /// A whole address that works.
    address: String,
    names: BTreeSet<String>,
    /// Those whose values a page offers: every other one is unknown.
    choices: BTreeSet<String>,
    /// It is a list whose pages are turned.
    turns: bool,
}

#[tokio::test]
async fn every_address_filled_badly() {
    let samples = Samples::new().await;
    let table = app::route_table();
    let mut findings = Findings::default();
    let asked = asked(&samples, &table).await;
    for (path, asked) in &asked {
        for name in &asked.names {
            for bad in BAD {
                let address = with(&asked.address, name, bad);
                try_one(&samples, path, asked, name, (bad, &address), &mut findings).await;
            }
            if name == "after" && asked.turns {
                marks(&samples, path, asked, &mut findings).await;
            }
            let raw = format!("{}?{name}=%ff%fe", path_of(&asked.address));
            try_one(
                &samples,
                path,
                asked,
                name,
                ("not UTF-8", &raw),
                &mut findings,
            )
            .await;
        }
    }
    let names: usize = asked.values().map(|it| it.names.len()).sum();
    assert!(names > 20, "{names} names are found");
    println!(
        "walls: {} addresses with {names} queries, {} requests",
        asked.len(),
        findings.asked
    );
    findings.assert_none();
}

async fn try_one(
    samples: &Samples,
    path: &str,
    asked: &Asked,
    name: &str,
    (bad, address): (&str, &str),
    findings: &mut Findings,
) {
    let what = format!("GET {path} {name}={bad}");
    let seen = samples.browser(asked.who).get(address).await;
    findings.asked += 1;
    let status = seen.status.as_u16();
    if ![200, 303, 400, 403, 404, 422].contains(&status) {
        findings.add(format!("{what}: {status}"));
    }
    // What is well-formed and unknown is found nowhere; every other choice is a broken address.
    let is_id = uuid::Uuid::try_parse(bad).is_ok();
    let is_unknown = !bad.is_empty() && !is_id && asked.choices.contains(name);
    let is_foreign_mark = !bad.is_empty() && name == "after" && asked.turns;
    if (is_unknown || is_foreign_mark) && !matches!(status, 400 | 404) {
        findings.add(format!("{what}: {status}, not 400"));
    }
    if seen.text.contains("<script>alert") {
        findings.add(format!("{what}: the script stands in the page"));
    }
    if is_html(&seen) {
        for fault in pages::faults(&Html::parse(&seen.text)) {
            findings.add(format!("{what} ({status}): {fault}"));
        }
    }
}

const ID: &str = "0199f1a0-0000-7000-8000-000000000001";

/// A list reads its own mark, and refuses it with a moment that PostgreSQL does not know.
async fn marks(samples: &Samples, path: &str, asked: &Asked, findings: &mut Findings) {
    let list = path_of(&asked.address)
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let mark = |at: &str, day: &str| match path {
        "/figures/{code}" => format!("{list}~{day}~{ID}/{ID}"),
        _ => format!("{list}.{at}.{ID}"),
    };
    for (at, day, expected) in [
        ("1795000000000000", "2026-11-23", 200),
        ("-8000000000000000000", "-99999-01-01", 400),
        ("8000000000000000000", "+262142-12-31", 400),
    ] {
        let mark = mark(at, day);
        let address = with(&asked.address, "after", &mark);
        let status = samples.browser(asked.who).get(&address).await.status;
        findings.asked += 1;
        if status != expected {
            findings.add(format!("GET {path} after={mark}: {status}, not {expected}"));
        }
    }
}

/// From links and from forms that only ask.
async fn asked(samples: &Samples, table: &[Route]) -> BTreeMap<&'static str, Asked> {
    let mut all: BTreeMap<&'static str, Asked> = BTreeMap::new();
    for who in FINDERS {
        let gets = table.iter().filter(|route| route.method == "GET");
        let mut starts = vec!["/".to_owned()];
        starts.extend(gets.filter_map(|route| Some(samples.address(route).ok()?.0)));
        for page in crawl(table, who, &samples.browser(who), &starts)
            .await
            .pages
        {
            note(table, who, &page.html, &mut all);
            let mut tags = page.html.tags.iter();
            let turns = tags.any(|tag| tag.get("class").is_some_and(|it| it.contains("pager")));
            all.entry(page.path).or_default().turns |= turns;
        }
    }
    // A page without a link to it has no address yet: it is asked plainly.
    for (path, asked) in &mut all {
        if asked.turns {
            asked.names.insert("after".into());
        }
        if asked.address.is_empty() {
            let route = table
                .iter()
                .find(|it| it.path == *path && it.method == "GET");
            let address = route.map(|route| samples.address(route));
            asked.address = address
                .and_then(Result::ok)
                .map_or_else(|| "/".into(), |it| it.0);
            asked.who = FINDERS[0];
        }
    }
    all
}

fn note(table: &[Route], who: &'static str, html: &Html, all: &mut BTreeMap<&'static str, Asked>) {
    let links = html.named(&["a"]).filter_map(|(_, link)| link.get("href"));
    for link in links.filter(|link| link.starts_with('/') && link.contains('?')) {
        let Some(route) = route_of(table, "GET", link) else {
            continue;
        };
        let asked = all.entry(route.path).or_default();
        asked.names.extend(names_of(link));
        if asked.address.len() < link.len() {
            (asked.who, asked.address) = (who, link.to_owned());
        }
    }
    for form in html.forms().iter().filter(|form| form.method == "get") {
        let Some(route) = route_of(table, "GET", &form.action) else {
            continue;
        };
        let asked = all.entry(route.path).or_default();
        asked.names.extend(form.names());
        let chosen = form
            .fields
            .iter()
            .filter(|it| matches!(it.kind.as_str(), "select" | "radio"));
        asked.choices.extend(chosen.map(|field| field.name.clone()));
        if asked.address.is_empty() {
            (asked.who, asked.address) = (who, form.action.clone());
        }
    }
}

fn names_of(address: &str) -> Vec<String> {
    let query = address.split(['?', '#']).nth(1).unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

fn path_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The address with this value in place of the one that stood there.
fn with(address: &str, name: &str, value: &str) -> String {
    let query = address.split(['?', '#']).nth(1).unwrap_or_default();
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(n, _)| n != name);
    let mut changed = form_urlencoded::Serializer::new(String::new());
    changed.extend_pairs(others);
    changed.append_pair(name, value);
    format!("{}?{}", path_of(address), changed.finish())
}
