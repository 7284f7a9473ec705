//! Every form of ours, found on the pages, with every field of it filled badly (issue §7): never a
//! 500, always a sentence, what was typed stands there again, nothing typed becomes markup.

use std::collections::BTreeMap;

use qingting::app;
use qingting::platform::routes::Route;
use qingting::platform::session::COOKIE_NAME;

use super::crawl::{crawl, is_html};
use super::html::{Form, Html};
use super::pages;
use super::routes::Findings;
use super::samples::{Samples, route_of};
use super::{as_owner, texts};
use crate::harness::{Browser, Seen, new_id};

const SCRIPT: &str = "\"><script>alert(1)</script>";
/// A family joined of three, and a rare character beyond the first plane.
const EMOJI: &str = "林👨‍👩‍👧𠮷好";

/// Posts that no page has a form for, and why.
const WITHOUT_FORM: &[(&str, &str)] = &[
    (
        "/issues/{id}/contact",
        "only what came by the public page has one; intake tries it",
    ),
    (
        "/reports/typed/remove",
        "only a figure that was typed has one; its story is in reports",
    ),
];

/// Texts that are not kept although the form is taken, and why.
const NOT_KEPT: &[(&str, &str)] = &[
    (
        "/visits/{id}/edit late",
        "only a visit of a week ago asks for it",
    ),
    (
        "/visits/{id}/edit organisation",
        "the kind of place chosen has none",
    ),
    (
        "/visits/{id}/edit place_text",
        "another kind of place is chosen",
    ),
    ("/visits/{id}/edit reason", "nothing else was changed"),
    ("/visits organisation", "the kind of place chosen has none"),
    ("/visits place_text", "another kind of place is chosen"),
];

/// What is tried in fields that offer a choice or are not shown.
const FOR_CHOICES: [&str; 9] = [
    "invalid UTF-8",
    "NUL",
    "an unknown id",
    "a huge number",
    "a negative number",
    "a wrong type",
    "script",
    "emoji",
    "empty",
];

/// Who looks for forms: each role, and who has two posts and must give his password again.
const FINDERS: [&str; 7] = [
    "town_cadre",
    "town_secretary",
    "two_posts",
    "county_admin",
    "city_admin",
    "city_secretary",
    "operator",
];

/// What stands in a field instead. What may be accepted comes last.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("invalid UTF-8", vec![b'a', 0xff, 0xfe, 0xc3]),
        ("NUL", text("a\0b")),
        ("1 MB", vec![b'x'; 1024 * 1024]),
        ("3000 characters", text(&"长".repeat(3000))),
        (
            "an unknown id",
            text("0199f1a0-0000-7000-8000-00000000dead"),
        ),
        ("a huge number", text("99999999999999999999")),
        ("a negative number", text("-1")),
        ("a wrong type", text("no such thing")),
        ("a future day", text("2099-12-31")),
        ("a day that is none", text("2026-02-30")),
        ("full-width digits", text("１２３４")),
        ("SQL", text("'; drop table visits; --")),
        ("script", text(SCRIPT)),
        ("emoji", text(EMOJI)),
        ("empty", Vec::new()),
    ]
}

/// A form as somebody finds it.
#[derive(Clone)]
struct Target {
    who: &'static str,
    address: String,
    form: Form,
}

#[tokio::test]
async fn every_form_filled_badly() {
    let samples = Samples::new().await;
    let table = app::route_table();
    let mut findings = Findings::default();
    let targets = targets(&samples, &table).await;
    let posts = table.iter().filter(|route| route.method == "POST");
    for route in posts {
        let excused = WITHOUT_FORM.iter().any(|(path, _)| *path == route.path);
        if !targets.contains_key(route.path) && !excused {
            findings.add(format!("POST {}: no page has a form for it", route.path));
        }
    }
    samples.town.site.pools.close().await;
    let mut fields = 0;
    for (path, target) in &targets {
        fields += target.form.names().len();
        fill(&samples, path, target, &mut findings).await;
    }
    println!(
        "walls: {} forms, {fields} fields, {} bad inputs, {} posts",
        targets.len(),
        inputs().len() + 2,
        findings.asked
    );
    findings.assert_none();
}

/// For each post the form with the most fields that anybody inside finds.
async fn targets(samples: &Samples, table: &[Route]) -> BTreeMap<&'static str, Target> {
    let gets = table.iter().filter(|route| route.method == "GET");
    let mut starts = vec!["/".to_owned()];
    starts.extend(gets.filter_map(|route| Some(samples.address(route).ok()?.0)));
    let mut targets: BTreeMap<&'static str, Target> = BTreeMap::new();
    let finders = FINDERS.map(|key| (key, Some(samples.visitor(key).role)));
    for (key, role) in finders.into_iter().chain([("nobody", None)]) {
        let found = crawl(table, key, &samples.browser(key), &starts).await;
        for (_, form) in found.forms() {
            if form.method != "post" {
                continue;
            }
            for address in std::iter::once(&form.action).chain(&form.other_actions) {
                let Some(route) = route_of(table, "POST", address) else {
                    continue;
                };
                let known = targets
                    .get(route.path)
                    .map_or(0, |it| it.form.fields.len() + 1);
                if route.who.allows(role) && form.fields.len() >= known {
                    let target = Target {
                        who: key,
                        address: address.clone(),
                        form: form.clone(),
                    };
                    targets.insert(route.path, target);
                }
            }
        }
    }
    targets
}

/// One form: every field with every input, the others as they stand.
async fn fill(samples: &Samples, path: &str, target: &Target, findings: &mut Findings) {
    let mut copy = samples.copy().await;
    let mut is_fresh = true;
    // A megabyte once a form: where most may be typed.
    let areas = target.form.fields.iter().rev();
    let largest = areas.max_by_key(|it| (it.kind == "textarea", it.is_typed()));
    let largest = largest.map(|field| &field.name);
    whole(&copy, path, target, findings).await;
    for name in target.form.names() {
        let field = target.form.field(&name);
        let is_typed = field.is_some_and(super::html::Field::is_typed);
        let mut bodies: Vec<_> = inputs()
            .into_iter()
            .filter(|(what, _)| *what != "1 MB" || largest == Some(&name))
            .filter(|(what, _)| is_typed || FOR_CHOICES.contains(what))
            .map(|(what, value)| (what, body(target, &name, &[value])))
            .collect();
        bodies.push(("missing", body(target, &name, &[])));
        bodies.push((
            "twice",
            body(target, &name, &[b"a".to_vec(), b"b".to_vec()]),
        ));
        for (what, sent) in bodies {
            let mut seen = post(&copy.browser(target.who), target, &sent).await;
            let is_spent = matches!(seen.status.as_u16(), 403 | 404 | 409 | 410);
            if is_spent && !is_fresh {
                copy = samples.copy().await;
                is_fresh = true;
                seen = post(&copy.browser(target.who), target, &sent).await;
            }
            is_fresh &= seen.status != 303;
            let what = format!("POST {path} {name}, {what}");
            check(&what, &seen, findings);
            if seen.status == 422 {
                shown_again(&what, target, &name, &sent, &seen, findings);
            }
            if seen.status == 303 {
                accepted(&what, &copy, target, &name, &seen, findings).await;
            }
        }
    }
}

/// The form as a whole: after the session has ended it waits, too large it is refused; and as it
/// stands it does what it says, or says what is missing.
async fn whole(copy: &Samples, path: &str, target: &Target, findings: &mut Findings) {
    let as_it_stands = body(target, "", &[]);
    let ended = format!("{COOKIE_NAME}={}", "x".repeat(43));
    let ended = copy.town.browser(Some(ended));
    let seen = post(&ended, target, &as_it_stands).await;
    let to = seen.headers.get("location").and_then(|to| to.to_str().ok());
    let is_open = [
        "/d/{token}",
        "/login",
        "/logout",
        "/p/{committee}",
        "/track",
        "/v/{token}",
    ]
    .contains(&path);
    let to_sign_in = seen.status == 303 && to.is_some_and(|to| to.starts_with("/login"));
    if !is_open && !to_sign_in {
        findings.add(format!(
            "POST {path} after the session: {} to {to:?}",
            seen.status
        ));
    }
    let browser = copy.browser(target.who);
    let huge = vec![("huge".to_owned(), vec![b'x'; 3 * 1024 * 1024])];
    let seen = post(&browser, target, &huge).await;
    // Nothing of a form that has no fields is read.
    let takes_file = path.ends_with("/files");
    if !target.form.names().is_empty() && !takes_file && seen.status != 413 {
        findings.add(format!("POST {path} with 3 MB: {}", seen.status));
    }
    if target.form.names().is_empty() {
        let seen = post(&browser, target, &as_it_stands).await;
        check(&format!("POST {path} as it stands"), &seen, findings);
    }
}

fn check(what: &str, seen: &Seen, findings: &mut Findings) {
    findings.asked += 1;
    let status = seen.status.as_u16();
    if status != 303 && status != 200 && !(400..500).contains(&status) {
        findings.add(format!("{what}: {status}"));
    }
    if seen.text.contains("<script>alert") {
        findings.add(format!("{what}: the script stands in the page"));
    }
    if is_html(seen) {
        for fault in pages::faults(&Html::parse(&seen.text)) {
            findings.add(format!("{what} ({status}): {fault}"));
        }
    }
}

/// After 422 the page says how many faults there are, and every text stands in its field again.
fn shown_again(
    what: &str,
    target: &Target,
    bad: &str,
    sent: &[(String, Vec<u8>)],
    seen: &Seen,
    findings: &mut Findings,
) {
    let html = Html::parse(&seen.text);
    let title = html
        .named(&["title"])
        .next()
        .map(|(_, tag)| tag.text.clone());
    // A wrong password is the fault of no field.
    let says = |title: &str| title.starts_with("有 ") && title.contains("处要改");
    if !title.is_some_and(|title| says(&title) || title.starts_with("没有登录：")) {
        findings.add(format!(
            "{what}: the title does not say how many faults there are"
        ));
    }
    let forms = html.forms();
    let typed = |name: &String| {
        target
            .form
            .field(name)
            .is_some_and(super::html::Field::is_typed)
    };
    // A choice that the page does not offer may stand for anything.
    let others = typed(&bad.to_owned());
    let expected = |name: &String| typed(name) && (others || name == bad);
    for (name, value) in sent.iter().filter(|(name, _)| expected(name)) {
        let Ok(value) = str::from_utf8(value) else {
            continue;
        };
        if value.contains('\0') {
            continue;
        }
        let mut fields = forms.iter().flat_map(|form| &form.fields);
        let shown = fields.any(|field| field.name == *name && same(&field.value, value));
        let repeated = sent.iter().filter(|(n, _)| n == name).count() > 1;
        if !shown && !repeated {
            let of = if name == bad { "it" } else { name };
            findings.add(format!("{what}: {of} is not shown again as typed"));
        }
    }
}

/// The field may have been tidied: spaces, line ends, full-width digits.
fn same(shown: &str, typed: &str) -> bool {
    let tidy = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '０'..='９' => {
                    char::from(u8::try_from(u32::from(c) - 0xff10).unwrap_or(0) + b'0')
                }
                other => other,
            })
            .collect::<String>()
    };
    shown == typed || tidy(shown) == tidy(typed)
}

/// What was taken is kept whole, and the page after it is a good page too.
async fn accepted(
    what: &str,
    copy: &Samples,
    target: &Target,
    name: &str,
    seen: &Seen,
    findings: &mut Findings,
) {
    let to = seen.headers.get("location").and_then(|to| to.to_str().ok());
    let Some(to) = to.filter(|to| to.starts_with('/')) else {
        findings.add(format!("{what}: leads nowhere"));
        return;
    };
    let next = copy.browser(target.who).get(to).await;
    check(&format!("{what}, the page after"), &next, findings);
    let kind = target.form.field(name).map(|field| field.kind.as_str());
    let excused = |(field, _): &(&str, &str)| what == format!("POST {field}, emoji").as_str();
    if NOT_KEPT.iter().any(excused)
        || !what.ends_with("emoji")
        || !matches!(kind, Some("text" | "textarea"))
    {
        return;
    }
    let mut owner = as_owner(&copy.town.database).await;
    let tables = "select relname::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'";
    for table in texts(&mut owner, tables).await {
        let sql = format!("select 'x'::text from {table} t where t::text like '%{EMOJI}%' limit 1");
        if !texts(&mut owner, &sql).await.is_empty() {
            return;
        }
    }
    findings.add(format!("{what}: taken, and kept nowhere as it was typed"));
}

/// The form as it stands, with these values for one name. A record that is to be made gets an id of
/// its own each time.
fn body(target: &Target, name: &str, values: &[Vec<u8>]) -> Vec<(String, Vec<u8>)> {
    let others = target.form.sent().into_iter().filter(|(n, _)| n != name);
    let mut body: Vec<(String, Vec<u8>)> = others
        .map(|(n, value)| {
            let value = if n == "id" { new_id() } else { value };
            (n, value.into_bytes())
        })
        .collect();
    body.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    body
}

async fn post(browser: &Browser, target: &Target, fields: &[(String, Vec<u8>)]) -> Seen {
    let encode = |bytes: &[u8]| form_urlencoded::byte_serialize(bytes).collect::<String>();
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name.as_bytes()), encode(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    browser.post_bytes(&target.address, body.into_bytes()).await
}
