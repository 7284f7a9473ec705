//! docs/permissions.md is the route table in words. `QINGTING_WRITE_DOCS=1 cargo test --test web
//! permissions::` writes it anew.

use std::fmt::Write;
use std::path::Path;

use qingting::app::FEATURES;
use qingting::issues::moves::{Rule, TABLE, To};
use qingting::issues::{Side, State};
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
    format!("{HEAD}\n{}\n{}", sections.join("\n"), moves())
}

const MOVES: &str = "## What may be done to a 诉求 (`issues::moves`)

Each row a state, each column a capacity; a cell holds the moves that somebody in it may make. One person can act in
several. 经办人 is whom it was given to by name, or, where nobody is named and nothing is sensitive, a cadre of the
handling committee; 交办单位 handed it over last; 上级书记 stands above one of the committees concerned, in the same
city. `tests/web/issues/moves.rs` tries every cell against the store, and the database has the same steps as a check.
";

/// State × capacity × move, and where each move leads.
fn moves() -> String {
    let heads: Vec<_> = Side::ALL.iter().map(|side| side.label()).collect();
    let mut text = format!(
        "{MOVES}\n| state | {} |\n|---|{}\n",
        heads.join(" | "),
        "---|".repeat(heads.len())
    );
    for state in State::ALL {
        let cells: Vec<String> = Side::ALL.iter().map(|side| cell(*state, *side)).collect();
        let _infallible = writeln!(text, "| {state} | {} |", cells.join(" | "));
    }
    text.push_str("\n| move | code | from | to |\n|---|---|---|---|\n");
    for rule in TABLE {
        let from: Vec<&str> = rule.from.iter().map(|state| state.label()).collect();
        let to = match rule.to {
            To::State(state) => state.label(),
            To::Same => "as it was",
            To::Back => "where it stood before the pause",
        };
        let (label, code) = (rule.act.label(), rule.act.code());
        let _infallible = writeln!(text, "| {label} | `{code}` | {} | {to} |", from.join("、"));
    }
    text
}

fn cell(state: State, side: Side) -> String {
    let may = |rule: &&Rule| rule.from.contains(&state) && rule.by.contains(&side);
    let all: Vec<&str> = TABLE
        .iter()
        .filter(may)
        .map(|rule| rule.act.label())
        .collect();
    all.join("、")
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
