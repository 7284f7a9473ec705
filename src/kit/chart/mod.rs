//! Charts as SVG written by the server (DESIGN.md §9): pure functions to a string, no script, no inline style.
//!
//! Colours come from the classes of static/css/chart.css alone, so that dark mode and print follow. Without a viewBox
//! x is in percent and y in pixels, so text never scales; rings and calendars have a fixed size. Each chart is one
//! image to a reader by ear: its label states the finding, and the page puts a data table beside it.

mod bars;
mod gauges;
mod nights;

pub use bars::{Category, Month, categories, months};
pub use gauges::{RingPart, meter, panes, ring, sparkline};
pub use nights::{NIGHT_STEPS, night_step, nights};

use super::float;

/// Text for HTML and SVG, between tags and in attributes.
pub fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// `<svg …>` of this size, an image whose label is the finding.
fn open(width: &str, height: f64, finding: &str) -> String {
    format!(
        r#"<svg width="{width}" height="{}" role="img" aria-label="{}">"#,
        short(height),
        esc(finding)
    )
}

/// A coordinate with at most two decimals: 12, 12.5, 12.25.
fn short(n: f64) -> String {
    let text = format!("{n:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// The share of a target, 0 to 1; 0 without a target.
fn share(value: i64, target: i64) -> f64 {
    if target <= 0 {
        0.0
    } else {
        (float(value) / float(target)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What every chart must be: one image with a label, well-formed, without style, script or a bare number NaN.
    pub fn is_sound(svg: &str) {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert_eq!(svg.matches("role=\"img\"").count(), 1);
        assert_eq!(svg.matches("aria-label=\"").count(), 1);
        for never in [
            "style=",
            "<script",
            "NaN",
            "inf",
            "aria-label=\"\"",
            "=\"-",
            " on",
        ] {
            assert!(!svg.contains(never), "{never} in {svg}");
        }
        let mut tags: Vec<&str> = Vec::new();
        for piece in svg.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("each tag is closed");
            let name = tag
                .trim_start_matches('/')
                .split([' ', '/'])
                .next()
                .unwrap();
            if tag.starts_with('/') {
                assert_eq!(tags.pop(), Some(name), "{svg}");
            } else if !tag.ends_with('/') {
                tags.push(name);
            }
        }
        assert!(tags.is_empty(), "{tags:?}");
    }

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            esc(r#"<b a="1" c='2'>&"#),
            "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;"
        );
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(
            [12.0, 12.5, 12.254, 0.0, -0.001, 100.0].map(short),
            ["12", "12.5", "12.25", "0", "0", "100"]
        );
    }

    #[test]
    fn shares_stay_on_the_scale() {
        assert!((share(69, 100) - 0.69).abs() < 1e-9);
        assert!((share(150, 100) - 1.0).abs() < 1e-9);
        assert!(share(5, 0).abs() < 1e-9);
    }
}
