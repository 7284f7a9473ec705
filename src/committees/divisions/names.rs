//! How the bureau's names are shown. The words are those of the data, so they stand here and not in a template.

use std::borrow::Cow;

use super::Level;

/// What follows the name of a village in the data, longest first.
const VILLAGE: [&str; 2] = ["村民委员会", "村委会"];
const COMMUNITY: [&str; 3] = ["社区居民委员会", "社区居委会", "社区委员会"];
const RESIDENTS: [&str; 2] = ["居民委员会", "居委会"];

pub(super) fn display(level: Level, name: &'static str) -> Cow<'static, str> {
    match level {
        Level::Village => village(name),
        Level::Street => street(name),
        _ => Cow::Borrowed(name),
    }
}

pub(super) fn is_virtual(name: &str) -> bool {
    name.contains("虚拟")
}

/// `保康街道办事处` is the office, `保康街道` the place.
fn street(name: &'static str) -> Cow<'static, str> {
    let place = name
        .strip_suffix("办事处")
        .filter(|place| place.ends_with("街道"));
    Cow::Borrowed(place.unwrap_or(name))
}

/// Without the committee that governs it, but still with a word that says what it is: `织里居委会` becomes `织里社区`,
/// since 织里 alone would read as the town, and a village beside it may have the same name.
fn village(name: &'static str) -> Cow<'static, str> {
    if let Some(place) = without(name, &COMMUNITY) {
        return Cow::Owned(format!("{place}社区"));
    }
    if let Some(place) = without(name, &VILLAGE) {
        return with_word(place, "村", &["村", "嘎查"]);
    }
    if let Some(place) = without(name, &RESIDENTS) {
        return with_word(place, "社区", &["村", "区"]);
    }
    Cow::Borrowed(name)
}

fn without(name: &'static str, suffixes: &[&str]) -> Option<&'static str> {
    let place = suffixes
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))?;
    Some(place).filter(|place| !place.is_empty())
}

fn with_word(place: &'static str, word: &str, already: &[&str]) -> Cow<'static, str> {
    if already.iter().any(|end| place.ends_with(end)) {
        return Cow::Borrowed(place);
    }
    Cow::Owned(format!("{place}{word}"))
}
