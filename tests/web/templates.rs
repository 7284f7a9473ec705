//! The templates as they are written: nothing the content policy forbids, icons that exist, nothing
//! let through unescaped but charts.

use std::collections::BTreeSet;

use qingting::app::FEATURES;

use crate::floors::{read, sources};
use crate::walls::pages::known_icons;

/// Expressions that are put in as they are, and why they may be.
const SAFE: &[(&str, &str)] = &[
    ("meter", "a gauge of kit::chart"),
    ("months.0", "bars of kit::chart"),
    ("categories.0", "bars of kit::chart"),
    ("nights.0", "the year of nights of kit::chart"),
    ("qr", "a square of kit::qr"),
];

#[test]
fn no_style_no_handler_no_script() {
    let mut faults = BTreeSet::new();
    let mut files = 0;
    for file in sources("templates", "html") {
        files += 1;
        let source = read(&file);
        for (number, line) in source.lines().enumerate() {
            for what in forbidden(line) {
                faults.insert(format!("{}:{}: {what}", file.display(), number + 1));
            }
        }
    }
    let all: Vec<_> = faults.into_iter().collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
    println!("templates: {files} files");
}

/// What only the script can do is not offered before it has run (app.js shows it).
#[test]
fn buttons_of_the_script_are_hidden_without_it() {
    let mut buttons = 0;
    for file in sources("templates", "html") {
        for button in read(&file).split("<button").skip(1) {
            let tag = button.split('>').next().unwrap_or_default();
            let needs = ["data-print", "data-copy", "data-toggle-password"];
            if needs.iter().any(|it| tag.contains(it)) {
                buttons += 1;
                assert!(tag.contains(" hidden"), "{}: {tag}", file.display());
            }
        }
    }
    assert!(buttons > 4, "{buttons}");
}

fn forbidden(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = line.to_ascii_lowercase();
    for (at, _) in lower.match_indices([' ', '"']) {
        let rest = &lower[at + 1..];
        let name: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == ':')
            .collect();
        let is_set = rest[name.len()..].starts_with("=\"") || rest[name.len()..].starts_with("='");
        let is_handler = name.starts_with("on") || name.starts_with("hx-on");
        if is_set && (name == "style" || is_handler) {
            found.push(format!("{name}="));
        }
    }
    for word in [
        "javascript:",
        "<style",
        "<iframe",
        "<object",
        "<embed",
        "hx-on",
    ] {
        if lower.contains(word) {
            found.push(word.to_owned());
        }
    }
    for (at, _) in lower.match_indices("<script") {
        let after = lower[at..].split_once('>').map_or("", |(_, after)| after);
        if !after.starts_with("</script>") {
            found.push("a script with content".into());
        }
    }
    let safe = line.match_indices("|safe").map(|(at, _)| {
        let start = line[..at].rfind("{{").map_or(0, |start| start + 2);
        line[start..at].trim()
    });
    for expression in safe {
        let is_known = SAFE.iter().any(|(known, _)| *known == expression);
        if !is_known {
            found.push(format!("{expression}|safe"));
        }
    }
    found
}

#[test]
fn a_careless_template_is_found_out() {
    for (line, words) in [
        (r#"<p style="color:red">"#, "style="),
        (r#"<a href="/" onclick="go()">"#, "onclick="),
        (r#"<a href="javascript:go()">"#, "javascript:"),
        ("<script>go()</script>", "a script with content"),
        (r#"<div hx-on:click="x">"#, "hx-on"),
        ("{{ form.text|safe }}", "form.text|safe"),
    ] {
        assert!(
            forbidden(line).iter().any(|it| it.contains(words)),
            "{line}: {:?}",
            forbidden(line)
        );
    }
    let good = r#"<script src="{{ url("app.js") }}" defer></script><p class="only" data-on="x">"#;
    assert_eq!(forbidden(good), Vec::<String>::new());
}

#[test]
fn icons_are_on_the_sheet() {
    let known = known_icons();
    let mut asked = BTreeSet::new();
    for file in sources("templates", "html") {
        let source = read(&file);
        for (at, _) in source.match_indices("icon(\"") {
            let name = source[at + 6..].split('"').next().unwrap_or_default();
            asked.insert((name.to_owned(), file.display().to_string()));
        }
    }
    for entry in FEATURES.iter().flat_map(|feature| feature.menu) {
        asked.insert((entry.icon.to_owned(), format!("the menu of {}", entry.href)));
    }
    assert!(asked.len() > 30, "{} icons are found", asked.len());
    for (name, place) in asked {
        assert!(known.contains(&name), "{place}: there is no icon {name}");
    }
}
