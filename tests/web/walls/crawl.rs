//! Follows the links that a person sees, from 今天 on: each leads to a page that this person may open.

use std::collections::{HashMap, VecDeque};

use qingting::platform::routes::Route;

use super::html::{Form, Html};
use super::samples::route_of;
use crate::harness::{Browser, Seen};

/// Addresses of one make (route, names of the query) that are opened; lists are long.
const OF_A_MAKE: usize = 3;

/// A page that was found by a link.
pub struct Found {
    pub path: &'static str,
    pub seen: Seen,
    pub html: Html,
}

#[derive(Default)]
pub struct Crawl {
    pub pages: Vec<Found>,
    pub faults: Vec<String>,
}

/// Everything that `browser`, which is `who`'s, reaches from these addresses.
pub async fn crawl(table: &[Route], who: &str, browser: &Browser, starts: &[String]) -> Crawl {
    let mut crawl = Crawl::default();
    let mut makes: HashMap<String, usize> = HashMap::new();
    let mut queue: VecDeque<(String, String)> = VecDeque::new();
    queue.extend(starts.iter().map(|start| (start.clone(), String::new())));
    while let Some((address, from)) = queue.pop_front() {
        let Some(route) = route_of(table, "GET", &address) else {
            continue; // told by the sweep of the routes
        };
        let count = makes.entry(make_of(route.path, &address)).or_default();
        *count += 1;
        // Lists with a filter differ by what is chosen, not by how often.
        let most = if address.contains('?') {
            OF_A_MAKE - 1
        } else {
            OF_A_MAKE
        };
        if *count > most {
            continue;
        }
        let seen = browser.get(&address).await;
        let status = seen.status.as_u16();
        if let Some(to) = seen.headers.get("location").and_then(|to| to.to_str().ok()) {
            // Who has one appointment is led on; where to is a link like others.
            queue.push_back((to.to_owned(), from.clone()));
        } else if status != 200 && !from.is_empty() {
            crawl
                .faults
                .push(format!("{who} is led from {from} to {address}: {status}"));
        }
        let html = if status == 200 && is_html(&seen) {
            Html::parse(&seen.text)
        } else {
            Html::default()
        };
        for link in links(&html).into_iter().chain(asked(&html)) {
            queue.push_back((link, address.clone()));
        }
        crawl.pages.push(Found {
            path: route.path,
            seen,
            html,
        });
    }
    crawl
}

impl Crawl {
    /// The first form that goes to each of these addresses, with the page it stands on.
    pub fn forms(&self) -> Vec<(&'static str, Form)> {
        let pages = self.pages.iter();
        pages
            .flat_map(|page| page.html.forms().into_iter().map(|form| (page.path, form)))
            .collect()
    }
}

pub fn is_html(seen: &Seen) -> bool {
    let kind = seen
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn links(html: &Html) -> Vec<String> {
    let addresses = html.named(&["a"]).filter_map(|(_, link)| link.get("href"));
    let ours = addresses.filter(|href| href.starts_with('/') && !href.starts_with("/static/"));
    ours.map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// Where the forms that only ask lead: as they stand, and with something chosen and searched for.
fn asked(html: &Html) -> Vec<String> {
    let mut all = Vec::new();
    for form in html.forms().iter().filter(|form| form.method == "get") {
        all.push(address_of(form, form.sent()));
        let filled = form
            .fields
            .iter()
            .filter(|field| field.is_sent)
            .map(|field| {
                let value = match field.kind.as_str() {
                    "search" => "溪口".to_owned(),
                    "select" => field.options.last().cloned().unwrap_or_default(),
                    _ => field.value.clone(),
                };
                (field.name.clone(), value)
            });
        all.push(address_of(form, filled.collect()));
    }
    all
}

fn address_of(form: &Form, pairs: Vec<(String, String)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let path = form.action.split('?').next().unwrap_or_default();
    format!("{path}?{}", query.finish())
}

fn make_of(path: &str, address: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let mut names: Vec<_> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .collect();
    names.sort_unstable();
    format!("{path}?{}", names.join("&"))
}
