//! The floors of docs/architecture.md hold in the sources: who imports whom, where SQL and Chinese may
//! stand, whose tables a slice names, that every feature has its stories, that a file stays readable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use qingting::app::FEATURES;

/// Modules that name sqlx although they are no store, and why.
const SQLX: &[(&str, &str)] = &[
    (
        "src/config/address.rs",
        "checks that an address can be read",
    ),
    ("src/kit/ids.rs", "ids are read from and written to columns"),
    ("src/kit/words.rs", "closed vocabularies are columns too"),
];

/// Slices that read across: they own the SQL that joins the others' tables.
const ACROSS: [&str; 4] = ["figures", "dashboard", "reports", "demo"];

/// Names and posts, places visited, the tree: every list joins them for what it shows.
const DIRECTORIES: [&str; 4] = ["cadres", "appointments", "organisations", "committees"];

#[test]
fn imports_go_down() {
    let floors = floors();
    let (mut imports, mut faults) = (0, BTreeSet::new());
    for file in sources("src", "rs").chain(sources("templates", "html")) {
        let Some(home) = module_of(&file) else {
            continue;
        };
        let Some(own) = floors.get(home.as_str()) else {
            faults.insert(format!("{home} is no floor of docs/architecture.md"));
            continue;
        };
        for name in imported(&read(&file)) {
            imports += 1;
            match floors.get(name.as_str()) {
                Some(floor) if *floor > *own || name == home => {}
                Some(_) => {
                    faults.insert(format!("{}: {home} imports {name}, above it", shown(&file)));
                }
                None => {
                    faults.insert(format!("{}: crate::{name} is no floor", shown(&file)));
                }
            }
        }
    }
    assert_none(&faults);
    println!("floors: {} floors, {imports} imports go down", floors.len());
}

#[test]
fn a_higher_floor_would_be_found() {
    let found = imported(
        "use crate::{kit::clock, visits};\nuse crate::app;\n// crate::no\nlet x = crate::youth::store::names(db);",
    );
    assert_eq!(found, ["kit", "visits", "app", "youth"]);
    let floors = floors();
    assert!(floors["app"] < floors["visits"] && floors["visits"] < floors["youth"]);
    assert!(floors["youth"] < floors["platform"] && floors["platform"] < floors["kit"]);
}

#[test]
fn sql_stands_in_stores() {
    let mut faults = BTreeSet::new();
    let mut stores = 0;
    for file in sources("src", "rs") {
        let path = shown(&file);
        let is_room = path.starts_with("src/platform/")
            || path
                .split('/')
                .skip(2)
                .any(|part| matches!(part, "store" | "store.rs" | "figures" | "figures.rs"))
            || path.starts_with("src/figures/");
        stores += usize::from(is_room);
        let code = code_of(&read(&file));
        let names = code.contains("sqlx::") || code.contains("use sqlx");
        if names && !is_room && !SQLX.iter().any(|(known, _)| *known == path) {
            faults.insert(format!("{path} names sqlx"));
        }
    }
    assert!(stores > 30, "{stores} stores are found");
    assert_none(&faults);
}

#[test]
fn stores_say_nothing_in_chinese() {
    let is_store = |path: &str| path.contains("/store") || path.ends_with("/figures.rs");
    let mut faults = BTreeSet::new();
    for file in sources("src", "rs").filter(|file| is_store(&shown(file))) {
        for (number, line) in code_of(&read(&file)).lines().enumerate() {
            if line.contains('"') && line.chars().any(is_han) {
                faults.insert(format!("{}:{}: {}", shown(&file), number + 1, line.trim()));
            }
        }
    }
    assert_none(&faults);
}

/// A slice names only its own tables, besides the directories. Whose a table is, its migration says:
/// tables of `…_visits.sql` belong to `visits`.
#[test]
fn a_slice_names_its_own_tables() {
    let tables = tables();
    let mut faults = BTreeSet::new();
    for file in sources("src", "rs").filter(|file| !shown(file).starts_with("src/platform/")) {
        let Some(home) = module_of(&file) else {
            continue;
        };
        if ACROSS.contains(&home.as_str()) {
            continue;
        }
        for table in named_tables(&code_of(&read(&file))) {
            let Some(owner) = tables.get(&table) else {
                continue;
            };
            if *owner != home && !DIRECTORIES.contains(&table.as_str()) {
                faults.insert(format!("{} names {table} of {owner}", shown(&file)));
            }
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    assert_none(&faults);
}

#[test]
fn every_feature_has_its_stories() {
    let root = root().join("tests/web");
    let main = read(&root.join("main.rs"));
    let mut faults = BTreeSet::new();
    for feature in FEATURES {
        let key = feature.key;
        let has_file = root.join(format!("{key}.rs")).is_file() || root.join(key).is_dir();
        if !has_file || !main.contains(&format!("mod {key};")) {
            faults.insert(format!("{key} has no stories in tests/web/{key}.rs"));
        }
    }
    assert_none(&faults);
}

#[test]
fn files_stay_readable() {
    let all = sources("src", "rs")
        .chain(sources("tests", "rs"))
        .chain(sources("templates", "html"))
        .chain(sources("static/css", "css"));
    let long = all.filter_map(|file| {
        let lines = read(&file).lines().count();
        (lines > 400).then(|| format!("{}: {lines} lines", shown(&file)))
    });
    assert_none(&long.collect());
}

#[track_caller]
fn assert_none(faults: &BTreeSet<String>) {
    let all: Vec<_> = faults.iter().map(String::as_str).collect();
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

/// Every floor of the drawing with its place, counted from the roof.
fn floors() -> BTreeMap<String, usize> {
    let page = read(&root().join("docs/architecture.md"));
    let drawing = page
        .split("## Floors")
        .nth(1)
        .expect("the section of the floors");
    let drawing = drawing
        .split("```")
        .nth(1)
        .expect("the drawing of the floors");
    let names = drawing.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = names.filter(|name| !name.is_empty()).enumerate();
    names
        .map(|(place, name)| (name.to_owned(), place))
        .collect()
}

/// `src/visits/store.rs` and `templates/visits/list.html` belong to `visits`; the frame of all pages to
/// `platform`. `lib.rs` and the build script stand outside.
fn module_of(file: &Path) -> Option<String> {
    let path = shown(file);
    let mut parts = path.split('/').skip(1);
    let first = parts.next()?.trim_end_matches(".rs");
    match first {
        "lib" | "build" => None,
        frame if frame.starts_with('_') => Some("platform".into()),
        other => Some(other.to_owned()),
    }
}

/// The names that follow `crate::`, also in braces.
fn imported(source: &str) -> Vec<String> {
    let code = code_of(source);
    let mut all = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => all.extend(top_names(group)),
            None => all.extend(first_name(rest)),
        }
    }
    all
}

fn first_name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    (end > 0).then(|| text[..end].to_owned())
}

/// Of `kit::{a, b}, visits}`: kit and visits.
fn top_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            other => names.last_mut().expect("one at least").push(other),
        }
    }
    let firsts = names.iter().map(|name| format!("{} ", name.trim()));
    firsts.filter_map(|name| first_name(&name)).collect()
}

/// Without comments; line numbers stay.
fn code_of(source: &str) -> String {
    let lines = source.lines().map(|line| match line.trim_start() {
        comment if comment.starts_with("//") || comment.starts_with("{#") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn named_tables(code: &str) -> BTreeSet<String> {
    let words: Vec<&str> = code
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.windows(2);
    let after = ["from", "join", "into", "update"];
    pairs
        .filter(|pair| after.contains(&pair[0]))
        .map(|pair| pair[1].to_owned())
        .collect()
}

/// Tables with the slice that owns them.
fn tables() -> BTreeMap<String, String> {
    let slices: BTreeSet<String> = sources("src", "rs")
        .filter_map(|file| module_of(&file))
        .collect();
    let mut tables = BTreeMap::new();
    for file in sources("migrations", "sql") {
        let name = shown(&file);
        let stem = name
            .trim_end_matches(".sql")
            .rsplit_once('_')
            .map(|(_, stem)| stem);
        for line in read(&file).lines() {
            let Some(table) = line.strip_prefix("create table ") else {
                continue;
            };
            let table = table.trim_end_matches(" (").to_owned();
            let owner = match (stem, table.as_str()) {
                (_, "accounts" | "sessions" | "parked_posts") => "accounts",
                (_, "committees") => "committees",
                (_, "day_book" | "counters" | "stale_months") => "platform",
                (Some(slice), _) if slices.contains(slice) => slice,
                other => panic!("whose is {other:?}?"),
            };
            tables.insert(table, owner.to_owned());
        }
    }
    tables
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shown(file: &Path) -> String {
    let path = file.strip_prefix(root()).expect("a file of ours");
    path.to_string_lossy().into_owned()
}

pub fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// Every file below a folder with that ending, in order.
pub fn sources(folder: &str, ending: &str) -> impl Iterator<Item = PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files.into_iter()
}
