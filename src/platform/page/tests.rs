//! Renders every layout, part and error page.

use askama::Template;

use super::*;
use crate::kit::table::{Cell, Column, Table};

/// Also the example of how the parts are called.
#[derive(Template)]
#[template(path = "_parts/sample.html", blocks = ["rows"])]
struct Sample {
    chrome: Chrome,
    faults: Vec<(&'static str, &'static str)>,
    lengths: Vec<Choice>,
    kinds: Vec<Choice>,
    views: Vec<View>,
    stage: i32,
    table: Table,
}

#[derive(Template)]
#[template(
    source = r#"{% extends "_layout/focus.html" %}{% block title %}记一次走访{% endblock %}"#,
    ext = "html"
)]
struct Focus {
    chrome: Chrome,
}

#[derive(Template)]
#[template(
    source = r#"{% extends "_layout/plain.html" %}{% block title %}登录{% endblock %}"#,
    ext = "html"
)]
struct Plain {
    chrome: Chrome,
}

static FILING: std::sync::LazyLock<Filing> = std::sync::LazyLock::new(|| Filing {
    icp: "清ICP备00000000号".into(),
    ..Filing::default()
});

fn chrome() -> Chrome {
    let menu = [
        ("/", "house", "今天"),
        ("/issues", "message-square-text", "诉求"),
    ];
    let menu: Vec<_> = menu
        .map(|(href, icon, label)| MenuItem::new(href, icon, label).at("/issues/7"))
        .into();
    let mut chrome = Chrome::signed_in(&FILING, "7F3K2", "12");
    chrome.committee_name = "共青团清川市委员会".into();
    chrome.cadre_name = "林晓禾".into();
    chrome.tabs = vec![menu[0].clone(); 5];
    chrome.menu = menu;
    chrome.menu[1].count = Some(9);
    chrome
}

fn sample() -> Sample {
    let columns = vec![
        Column::text("county", "县（市、区）"),
        Column::number("youth", "走访青年", "人"),
    ];
    let mut table = Table::new("各县（市、区）", columns);
    table.push(vec![
        Cell::text("石桥县"),
        Cell::int(1846).link("/visits?at=7"),
    ]);
    table.foot.push(vec![Cell::text("全市"), Cell::int(1840)]);
    Sample {
        chrome: chrome(),
        faults: vec![("at", "到达时间不能晚于现在（21:20）")],
        lengths: Choice::one([(30, "半小时内"), (60, "1 小时")], "60"),
        kinds: Choice::many([("job", "求职"), ("farm", "务农")], &["farm".to_owned()]),
        views: vec![View {
            href: "/issues".into(),
            label: "超期".into(),
            count: Some(4),
            current: true,
        }],
        stage: 3,
        table,
    }
}

#[test]
fn the_frame_shows_where_one_is_and_the_duties_of_every_page() {
    let html = sample().render().expect("renders");
    assert!(html.contains(r#"<a href="/issues" aria-current="page">"#));
    assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
    for seen in [
        "投诉建议",
        "清ICP备00000000号",
        "共青团清川市委员会",
        r#"data-user="12""#,
        r#"<span class="tag lamp">9</span>"#,
    ] {
        assert!(html.contains(seen), "{seen} is missing");
    }
    assert!(
        Focus { chrome: chrome() }
            .render()
            .expect("renders")
            .contains("投诉建议")
    );
    let plain = Plain {
        chrome: Chrome::plain(&FILING, "7F3K2"),
    }
    .render()
    .expect("renders");
    assert!(!plain.contains("投诉建议") && !plain.contains("htmx.") && plain.contains("隐私说明"));
}

#[test]
fn a_fault_is_said_twice_in_the_same_words_and_linked() {
    let html = sample().render().expect("renders");
    assert_eq!(html.matches("到达时间不能晚于现在（21:20）").count(), 2);
    assert!(html.contains("<a href=\"#at\">") && html.contains("id=\"at\""));
    assert!(html.contains(r#"aria-invalid="true" aria-describedby="at-e at-h""#));
    assert!(html.contains(r#"value="60" checked"#) && html.contains(r#"value="farm" checked"#));
    assert!(
        html.contains("&#60;b&#62;") && !html.contains("<b>1</b>"),
        "values are escaped"
    );
}

#[test]
fn a_block_can_be_sent_alone() {
    let rows = sample().as_rows().render().expect("renders");
    assert!(rows.contains("办：办理中") && !rows.contains("<html"));
}

#[test]
fn theme_and_large_text_are_in_the_page() {
    let mut page = sample();
    assert!(
        page.render()
            .expect("renders")
            .contains("media=\"(prefers-color-scheme: dark)\"")
    );
    page.chrome.theme = Theme::Light;
    page.chrome.large = true;
    page.chrome.saved = Some("018f".into());
    let html = page.render().expect("renders");
    assert!(!html.contains("/static/dark."));
    assert!(
        html.contains("/static/large.") && html.contains(r#"<meta name="saved" content="018f">"#)
    );
}

#[test]
fn each_error_page_has_the_number_and_a_way_on() {
    let (at, back) = ("11-24 21:20".to_owned(), "/visits/new".to_owned());
    let make: [fn(Chrome, String, String) -> ErrorPage; 7] = [
        |chrome, at, _| ErrorPage::NotFound { chrome, at },
        |chrome, at, _| ErrorPage::Forbidden {
            chrome,
            at,
            reason: String::new(),
        },
        |chrome, at, back| ErrorPage::Broken { chrome, at, back },
        |chrome, at, back| ErrorPage::Stale {
            chrome,
            at,
            back,
            heading: String::new(),
            reason: String::new(),
        },
        |chrome, at, back| ErrorPage::TooLarge { chrome, at, back },
        |chrome, at, back| ErrorPage::TooMany { chrome, at, back },
        |chrome, at, back| ErrorPage::BadRequest {
            chrome,
            at,
            back,
            reason: String::new(),
        },
    ];
    for make in make {
        let html = make(chrome(), at.clone(), back.clone())
            .render()
            .expect("renders");
        assert!(html.contains("编号 7F3K2"), "{html}");
        assert_eq!(html.matches("btn primary").count(), 1);
    }
}

#[test]
fn a_table_opens_its_rows_and_names_its_cells_on_phones() {
    let html = sample().render().expect("renders");
    assert!(
        html.contains(r#"<td class="n" data-l="走访青年"><a href="/visits?at=7">1,846</a></td>"#)
    );
    assert!(html.contains(r#"<tr class="sum"><th scope="row">全市</th>"#));
}

/// The strict CSP forbids inline style and script, and an icon that is not in the sprite is a hole.
#[test]
fn templates_keep_to_the_content_policy_and_to_known_icons() {
    let sprite = include_str!("../../../static/icons.svg");
    let mut html = sample().render().expect("renders");
    html += &Focus { chrome: chrome() }.render().expect("renders");
    html += &Plain {
        chrome: Chrome::plain(&FILING, "7F3K2"),
    }
    .render()
    .expect("renders");
    for forbidden in [
        " style=",
        "<style",
        " onclick=",
        " onload=",
        "javascript:",
        "hx-on",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for used in html.split(".svg#").skip(1) {
        let id = used.split('"').next().expect("the attribute ends");
        assert!(sprite.contains(&format!("id=\"{id}\"")), "no icon {id}");
    }
}
