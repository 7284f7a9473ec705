//! docs/permissions.md is the route table in words. `QINGTING_WRITE_DOCS=1 cargo test --test web
//! permissions::` writes it anew.

use std::fmt::Write;
use std::path::Path;

use qingting::app::FEATURES;
use qingting::platform::feature::Feature;
use qingting::platform::routes::Who;
use qingting::platform::scope::Role;

const HEAD: &str = "# Who may do what

Made from the route table by `tests/web/permissions.rs`; do not edit (`QINGTING_WRITE_DOCS=1 script/test permissions::`
writes it anew). A ● opens the route to a role; which record is seen then depends on the committee one stands in
(docs/architecture.md, \"The three walls\") and on the rules of the record kind (`sight`, `may_*` in its `model.rs`).
系统管理员 plants trees and appoints the first 管理员; no record is ever visible to him.
";

/// One column each; None is 未登录.
const COLUMNS: [(&str, Option<Role>); 5] = [
    ("团干部", Some(Role::Cadre)),
    ("书记", Some(Role::Secretary)),
    ("管理员", Some(Role::Admin)),
    ("系统管理员", Some(Role::System)),
    ("未登录", None),
];

#[test]
fn the_page_is_the_route_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/permissions.md");
    let wanted = page();
    if std::env::var_os("QINGTING_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).expect("docs/permissions.md is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = there.lines().zip(wanted.lines()).find(|(a, b)| a != b);
    assert!(
        there == wanted,
        "docs/permissions.md is not the route table: QINGTING_WRITE_DOCS=1 cargo test --test web permissions:: \
         writes it anew. First difference: {differs:?}"
    );
}

fn page() -> String {
    let features = FEATURES
        .iter()
        .filter(|it| !(it.routes)().table().is_empty());
    let sections: Vec<String> = features.map(section).collect();
    format!("{HEAD}\n{}", sections.join("\n"))
}

fn section(feature: &Feature) -> String {
    let heads: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut text = format!(
        "## {} (`{}`)\n\n| route | what | {} |\n|---|---|{}\n",
        feature
            .menu
            .first()
            .map_or(feature.key, |entry| entry.label),
        feature.key,
        heads.join(" | "),
        ":-:|".repeat(COLUMNS.len()),
    );
    for route in (feature.routes)().table() {
        let marks = COLUMNS.map(|(_, role)| mark(route.who, role));
        let _infallible = writeln!(
            text,
            "| `{} {}` | {} | {} |",
            route.method,
            route.path,
            route.what,
            marks.join(" | ")
        );
    }
    text
}

fn mark(who: Who, role: Option<Role>) -> &'static str {
    if who.allows(role) { "●" } else { "" }
}

/// A route said twice, or without a word of what it is, would make the page lie.
#[test]
fn every_route_is_said_once_and_has_words() {
    let table = qingting::app::route_table();
    for (at, route) in table.iter().enumerate() {
        let twins = table[..at]
            .iter()
            .filter(|it| it.path == route.path && it.method == route.method);
        assert_eq!(twins.count(), 0, "{} {}", route.method, route.path);
        assert!(
            route.what.chars().count() >= 2,
            "{} {}",
            route.method,
            route.path
        );
    }
}
