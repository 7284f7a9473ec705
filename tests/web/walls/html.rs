//! As much of HTML as our own templates write: tags with their attributes, parents and text, and the
//! forms on a page. A tag that is never closed, or closed twice, is a fault.

#[derive(Clone, Debug, Default)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub parent: Option<usize>,
    /// The text directly in it, decoded.
    pub text: String,
}

#[derive(Clone, Debug, Default)]
pub struct Html {
    pub tags: Vec<Tag>,
    pub faults: Vec<String>,
}

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "!doctype",
];
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|(n, _)| n == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }
}

impl Html {
    pub fn parse(source: &str) -> Self {
        let mut html = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = source;
        while let Some(start) = rest.find('<') {
            html.add_text(&open, &rest[..start]);
            rest = &rest[start..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let (tag, after) = split_tag(rest);
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                html.close(&mut open, &name.trim().to_ascii_lowercase());
                continue;
            }
            let index = html.open(tag.trim_end_matches('/'), open.last().copied());
            let name = html.tags[index].name.clone();
            if RAW.contains(&name.as_str()) {
                let end = format!("</{name}");
                let until = rest.find(&end).unwrap_or(rest.len());
                html.tags[index].text = decode(&rest[..until]);
                rest = &rest[until..];
            }
            if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
                open.push(index);
            }
        }
        for index in open {
            html.faults
                .push(format!("<{}> is never closed", html.tags[index].name));
        }
        html
    }

    fn open(&mut self, tag: &str, parent: Option<usize>) -> usize {
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        self.tags.push(Tag {
            name: name.to_ascii_lowercase(),
            attributes: attributes_of(attributes),
            parent,
            text: String::new(),
        });
        self.tags.len() - 1
    }

    fn close(&mut self, open: &mut Vec<usize>, name: &str) {
        match open.last().map(|index| self.tags[*index].name.clone()) {
            Some(last) if last == name => {
                open.pop();
            }
            last => {
                self.faults
                    .push(format!("</{name}> closes <{}>", last.unwrap_or_default()));
                if let Some(at) = open.iter().rposition(|i| self.tags[*i].name == name) {
                    open.truncate(at);
                }
            }
        }
    }

    fn add_text(&mut self, open: &[usize], text: &str) {
        if let Some(index) = open.last() {
            self.tags[*index].text.push_str(&decode(text));
        }
    }

    pub fn named<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = (usize, &'a Tag)> {
        let all = self.tags.iter().enumerate();
        all.filter(move |(_, tag)| tag.is(names))
    }

    /// The nearest ancestor of that name.
    pub fn around(&self, index: usize, name: &str) -> Option<usize> {
        let mut at = self.tags[index].parent;
        while let Some(parent) = at {
            if self.tags[parent].name == name {
                return Some(parent);
            }
            at = self.tags[parent].parent;
        }
        None
    }

    /// In a `<template>`: not part of the page until script copies it.
    pub fn is_inert(&self, index: usize) -> bool {
        self.around(index, "template").is_some()
    }

    /// All text in a tag, with what lies within it.
    pub fn text_of(&self, index: usize) -> String {
        let mut text = self.tags[index].text.clone();
        for (child, tag) in self.tags.iter().enumerate().skip(index + 1) {
            if tag.parent == Some(index) {
                text.push_str(&self.text_of(child));
            }
        }
        text
    }

    pub fn forms(&self) -> Vec<Form> {
        self.named(&["form"])
            .map(|(index, tag)| self.form(index, tag))
            .collect()
    }

    fn form(&self, index: usize, tag: &Tag) -> Form {
        let id = tag.get("id");
        let ours = |(at, control): &(usize, &Tag)| match control.get("form") {
            Some(named) => Some(named) == id,
            None => self.around(*at, "form") == Some(index) && !self.is_inert(*at),
        };
        let controls: Vec<_> = self
            .named(&["input", "textarea", "select", "button"])
            .filter(ours)
            .collect();
        let fields = controls
            .iter()
            .filter_map(|(at, control)| self.field(*at, control));
        let actions = controls.iter().filter_map(|(_, c)| c.get("formaction"));
        Form {
            method: tag.get("method").unwrap_or("get").to_ascii_lowercase(),
            action: tag.get("action").unwrap_or_default().to_owned(),
            fields: fields.collect(),
            other_actions: actions.map(str::to_owned).collect(),
        }
    }

    fn field(&self, index: usize, control: &Tag) -> Option<Field> {
        let name = control.get("name").filter(|name| !name.is_empty())?;
        let value = control.get("value");
        let (value, is_sent) = match control.name.as_str() {
            "textarea" => (control.text.trim_start_matches('\n').to_owned(), true),
            "select" => (self.chosen(index), true),
            "button" => (value.unwrap_or_default().to_owned(), false),
            _ => match control.get("type") {
                Some("checkbox" | "radio") => {
                    (value.unwrap_or("on").to_owned(), control.has("checked"))
                }
                _ => (value.unwrap_or_default().to_owned(), true),
            },
        };
        Some(Field {
            name: name.to_owned(),
            kind: match control.name.as_str() {
                "input" => control.get("type").unwrap_or("text").to_owned(),
                other => other.to_owned(),
            },
            value,
            is_sent,
            options: self.options(index),
        })
    }

    fn chosen(&self, select: usize) -> String {
        let mut all = self.named(&["option"]);
        let chosen = all.find(|(at, option)| {
            option.has("selected") && self.around(*at, "select") == Some(select)
        });
        let chosen = chosen.map(|(at, option)| self.value_of(at, option));
        chosen
            .or_else(|| self.options(select).into_iter().next())
            .unwrap_or_default()
    }

    fn options(&self, select: usize) -> Vec<String> {
        self.named(&["option"])
            .filter(|(at, _)| self.around(*at, "select") == Some(select))
            .map(|(at, option)| self.value_of(at, option))
            .collect()
    }

    fn value_of(&self, at: usize, option: &Tag) -> String {
        let value = option.get("value");
        value.map_or_else(|| self.text_of(at), str::to_owned)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub method: String,
    pub action: String,
    pub fields: Vec<Field>,
    /// Where its buttons send it instead.
    pub other_actions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// The type of an input, else `textarea`, `select`, `button`.
    pub kind: String,
    pub value: String,
    /// A browser sends it as the page stands.
    pub is_sent: bool,
    /// Of a select.
    pub options: Vec<String>,
}

impl Field {
    pub fn is_typed(&self) -> bool {
        let typed = [
            "text", "textarea", "tel", "search", "number", "date", "time",
        ];
        typed.contains(&self.kind.as_str())
    }
}

impl Form {
    /// What a browser sends when nothing is touched.
    pub fn sent(&self) -> Vec<(String, String)> {
        let sent = self.fields.iter().filter(|field| field.is_sent);
        sent.map(|field| (field.name.clone(), field.value.clone()))
            .collect()
    }

    /// Each name once.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.fields.iter().map(|field| field.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// From `<` on: what stands between it and its `>`, quotes respected, and what follows.
fn split_tag(source: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, letter) in source.char_indices().skip(1) {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            (None, '>') => return (&source[1..at], &source[at + 1..]),
            _ => {}
        }
    }
    (&source[1..], "")
}

fn attributes_of(mut source: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    loop {
        source = source.trim_start();
        let end = source
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(source.len());
        if end == 0 {
            return all;
        }
        let name = source[..end].to_ascii_lowercase();
        source = &source[end..];
        let Some(value) = source.strip_prefix('=') else {
            all.push((name, String::new()));
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((value, "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        all.push((name, decode(value)));
        source = after;
    }
}

fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').map(|(name, _)| name);
        let letter = entity.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "nbsp" => Some('\u{a0}'),
            _ => {
                let code = name
                    .strip_prefix("#x")
                    .map(|hex| u32::from_str_radix(hex, 16));
                let code = code.or_else(|| name.strip_prefix('#').map(str::parse));
                char::from_u32(code?.ok()?)
            }
        });
        if let (Some(letter), Some(name)) = (letter, entity) {
            out.push(letter);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn reads_forms_as_a_browser_sends_them() {
    let html = Html::parse(
        r#"<!doctype html><form method="post" action="/a?x=1&amp;y=2" id=f><label>Name <input name="n" value="&lt;&#39;"></label>
        <textarea name="t">
a &gt; b</textarea><select name="s"><option value="1">x</option><option selected>two</option></select>
        <input type="checkbox" name="c" checked><input type="radio" name="r" value="2"><button name="go" formaction="/b">go</button></form><input form="f" name="out" value="o">"#,
    );
    assert_eq!(html.faults, Vec::<String>::new());
    let form = &html.forms()[0];
    assert_eq!(form.action, "/a?x=1&y=2");
    assert_eq!(form.other_actions, ["/b"]);
    let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
    let sent = [
        pair("n", "<'"),
        pair("t", "a > b"),
        pair("s", "two"),
        pair("c", "on"),
        pair("out", "o"),
    ];
    assert_eq!(form.sent(), sent);
    assert_eq!(form.names().len(), 7);
    assert_eq!(Html::parse("<p><b></p>").faults.len(), 1);
}
