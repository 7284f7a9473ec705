//! What every page of ours keeps to, whoever looks at it: language, title, one heading, names on all
//! controls, links that lead somewhere, and nothing that the content policy forbids.

use std::collections::HashSet;

use super::html::{Html, Tag};

/// Every fault of a page, in words.
pub fn faults(html: &Html) -> Vec<String> {
    let mut faults = html.faults.clone();
    faults.extend(head(html));
    faults.extend(ids(html));
    faults.extend(controls(html));
    faults.extend(forbidden(html));
    faults.extend(icons(html));
    faults
}

fn head(html: &Html) -> Vec<String> {
    let mut faults = Vec::new();
    let lang = html
        .named(&["html"])
        .next()
        .and_then(|(_, t)| t.get("lang"));
    if lang != Some("zh-CN") {
        faults.push("no lang".into());
    }
    let title = html.named(&["title"]).next().map(|(_, t)| t.text.trim());
    if !title.is_some_and(|t| t.ends_with("· 青听") && !t.starts_with('·')) {
        faults.push(format!("the title is {title:?}"));
    }
    let headings = html.named(&["h1"]).count();
    if headings != 1 {
        faults.push(format!("{headings} h1"));
    }
    faults
}

fn ids(html: &Html) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (index, tag) in html.tags.iter().enumerate() {
        let Some(id) = tag.get("id") else { continue };
        if !seen.insert(id) && !html.is_inert(index) {
            faults.push(format!("id {id} twice"));
        }
    }
    for tag in &html.tags {
        for attribute in [
            "for",
            "aria-describedby",
            "aria-labelledby",
            "aria-controls",
            "list",
        ] {
            let named = tag.get(attribute).unwrap_or_default().split_whitespace();
            for id in named.filter(|id| !seen.contains(id)) {
                faults.push(format!("{attribute} names {id}, which is not there"));
            }
        }
        // A fault in the summary leads to its field; so does every other link within the page.
        if let Some(id) = tag.get("href").and_then(|href| href.strip_prefix('#'))
            && tag.name == "a"
            && !seen.contains(id)
        {
            faults.push(format!("a link leads to #{id}, which is not there"));
        }
    }
    faults
}

/// Whatever is filled in or pressed has a name for those who do not see it.
fn controls(html: &Html) -> Vec<String> {
    let labelled: HashSet<&str> = html
        .named(&["label"])
        .filter_map(|(_, label)| label.get("for"))
        .collect();
    let mut faults = Vec::new();
    for (index, tag) in html.named(&["input", "select", "textarea"]) {
        if tag.get("type") == Some("hidden") {
            continue;
        }
        let by_id = tag.get("id").is_some_and(|id| labelled.contains(id));
        let named = tag.has("aria-label") || tag.has("aria-labelledby");
        if !(by_id || named || html.around(index, "label").is_some()) {
            faults.push(format!("{} {:?} has no label", tag.name, tag.get("name")));
        }
        if !tag.has("name") {
            faults.push(format!("{} {:?} has no name", tag.name, tag.get("id")));
        }
    }
    for (index, tag) in html.named(&["button", "a"]) {
        let words = html.text_of(index);
        if words.trim().is_empty() && !tag.has("aria-label") {
            faults.push(format!("{} {:?} has no words", tag.name, tag.get("href")));
        }
    }
    for form in html.forms() {
        if !form.action.starts_with('/') && form.method != "dialog" {
            faults.push(format!("a form goes to {:?}", form.action));
        }
    }
    faults
}

fn forbidden(html: &Html) -> Vec<String> {
    let mut faults = Vec::new();
    for tag in &html.tags {
        for (name, value) in &tag.attributes {
            let is_handler = name.starts_with("on") || name.starts_with("hx-on");
            let is_script = value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("javascript:");
            if name == "style" || is_handler || is_script {
                faults.push(format!("{} with {name}={value}", tag.name));
            }
        }
        if tag.name == "style" || (tag.name == "script" && !tag.text.trim().is_empty()) {
            faults.push(format!("inline {}", tag.name));
        }
        if tag.is(&["iframe", "object", "embed", "base"]) {
            faults.push(tag.name.clone());
        }
        let address = ["href", "src", "action"]
            .into_iter()
            .find_map(|n| tag.get(n));
        if address.is_some_and(|a| a.contains("//") && !is_abroad(tag, a)) {
            faults.push(format!("{} leads to {address:?}", tag.name));
        }
    }
    faults
}

/// The register of filings may be linked; nothing is loaded from elsewhere.
fn is_abroad(tag: &Tag, address: &str) -> bool {
    tag.name == "a" && address.starts_with("https://beian.")
}

/// Icons are drawn from one sheet; an unknown one shows nothing at all.
fn icons(html: &Html) -> Vec<String> {
    let known = known_icons();
    let mut faults = Vec::new();
    for (_, tag) in html.named(&["use"]) {
        let id = tag.get("href").and_then(|href| href.split_once('#'));
        if !id.is_some_and(|(_, id)| known.contains(id)) {
            faults.push(format!("the icon {:?} is not there", tag.get("href")));
        }
    }
    faults
}

pub fn known_icons() -> HashSet<String> {
    let sheet = Html::parse(include_str!("../../../static/icons.svg"));
    let ids = sheet.tags.iter().filter_map(|tag| tag.get("id"));
    ids.map(str::to_owned).collect()
}

#[test]
fn a_careless_page_is_found_out() {
    let html = Html::parse(
        r##"<html><title>青听</title><h1>a</h1><h1>b</h1><p id="x" style="a"></p><p id="x"></p>
        <input name="q"><a href="#gone" onclick="x()"></a><script>1</script>
        <img src="https://elsewhere.example/x.png"><svg><use href="#no-such"/></svg></html>"##,
    );
    let found = faults(&html).join("\n");
    for words in [
        "no lang",
        "the title is",
        "2 h1",
        "id x twice",
        "#gone",
        "has no label",
        "has no words",
        "style=a",
        "onclick",
        "inline script",
        "img leads to",
        "no-such",
    ] {
        assert!(found.contains(words), "{words}: {found}");
    }
}
