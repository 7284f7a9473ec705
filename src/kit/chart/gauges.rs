//! How far along: ring, meter, panes of a month's nights, sparkline.

use std::f64::consts::TAU;
use std::fmt::Write;

use super::{esc, float, open, share, short};
use crate::kit::prose::{number, percent};

/// One ring: a value and what it is to reach this year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingPart {
    pub value: i64,
    pub target: i64,
}

/// Radius of the outer ring, of the inner one, and the width of both.
const RADII: [f64; 2] = [62.0, 44.0];
const RING_WIDTH: f64 = 12.0;
const CENTRE: f64 = 72.0;

/// One or two rings with the pace tick (share of the year gone, 0 to 1) and two short lines in the middle.
///
/// `finding` is the whole sentence for readers by ear. Behind is said in words; the ring never turns red.
pub fn ring(parts: &[RingPart], pace: Option<f64>, centre: [&str; 2], finding: &str) -> String {
    let mut svg = format!(
        r#"<svg width="144" height="144" viewBox="0 0 144 144" role="img" aria-label="{}">"#,
        esc(finding)
    );
    for (i, (part, radius)) in parts.iter().zip(RADII).enumerate() {
        let class = if i == 0 { "ra" } else { "ra two" };
        arc(&mut svg, class, radius, share(part.value, part.target));
    }
    for radius in RADII.iter().take(parts.len()) {
        if let Some(gone) = pace {
            tick(&mut svg, *radius, gone);
        }
    }
    let _ = write!(
        svg,
        r#"<text x="72" y="68" text-anchor="middle">{}</text><text class="lab" x="72" y="87" text-anchor="middle">{}</text></svg>"#,
        esc(centre[0]),
        esc(centre[1])
    );
    svg
}

fn arc(svg: &mut String, class: &str, radius: f64, share: f64) {
    let circle = |class: &str, more: &str| {
        format!(
            r#"<circle class="{class}" cx="72" cy="72" r="{radius}" stroke-width="{RING_WIDTH}"{more}/>"#
        )
    };
    svg.push_str(&circle("rg", ""));
    // A round cap would draw a dot for nothing.
    if share > 0.0 {
        let round = TAU * radius;
        let dash = format!(
            r#" stroke-dasharray="{} {}" transform="rotate(-90 72 72)""#,
            short(round * share),
            short(round)
        );
        svg.push_str(&circle(class, &dash));
    }
}

fn tick(svg: &mut String, radius: f64, gone: f64) {
    let (sin, cos) = (TAU * (gone.clamp(0.0, 1.0) - 0.25)).sin_cos();
    let reach = RING_WIDTH / 2.0 + 1.0;
    let (near, far) = (radius - reach, radius + reach);
    let _ = write!(
        svg,
        r#"<line class="k" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
        short(CENTRE + near * cos),
        short(CENTRE + near * sin),
        short(CENTRE + far * cos),
        short(CENTRE + far * sin)
    );
}

/// A bar to a target with the pace tick (share of the year gone, 0 to 1).
pub fn meter(name: &str, value: i64, target: i64, pace: Option<f64>) -> String {
    let mut finding = format!("{name}完成 {}", percent(value, target));
    if let Some(gone) = pace {
        let _ = write!(finding, "，时间进度 {:.0}%", gone * 100.0);
    }
    let mut svg = open("100%", 12.0, &finding);
    svg.push_str(r#"<rect class="t" y="2" width="100%" height="8" rx="4"/>"#);
    let done = share(value, target) * 100.0;
    if done > 0.0 {
        let _ = write!(
            svg,
            r#"<rect class="b" y="2" width="{}%" height="8" rx="4"/>"#,
            short(done)
        );
    }
    if let Some(gone) = pace {
        let x = short(gone.clamp(0.0, 1.0) * 100.0);
        let _ = write!(
            svg,
            r#"<line class="k" x1="{x}%" x2="{x}%" y1="0" y2="12"/>"#
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The evenings of a month as windows, lit for each one held; a cadre's own page only (DESIGN.md §0: no row of
/// stamps for each county or person).
pub fn panes(held: u32, of: u32) -> String {
    let panes = held.max(of).min(31);
    let mut svg = open(
        &(18 * panes).to_string(),
        16.0,
        &format!("{held} 晚，共 {of} 晚"),
    );
    for pane in 0..panes {
        let class = if pane < held { "bw" } else { "pe" };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{}" y="1.5" width="13" height="13" rx="2.5"/>"#,
            1 + pane * 18
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A small trend. `max` is the largest value of the whole column of sparklines: they share one scale from zero.
/// Nothing for an empty series.
pub fn sparkline(name: &str, values: &[i64], max: i64) -> String {
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return String::new();
    };
    let (left, right, top, base) = (2.0, 68.0, 3.0, 19.0);
    let gap = (right - left) / float(i64::try_from(values.len()).unwrap_or(i64::MAX) - 1).max(1.0);
    let y = |value: i64| base - share(value, max) * (base - top);
    let finding = format!(
        "{name}走势：从 {} 到 {}，共 {} 个月",
        number(*first),
        number(*last),
        values.len()
    );
    let mut svg = open("72", 22.0, &finding);
    let mut x = left;
    svg.push_str(r#"<polyline class="sp" points=""#);
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            x += gap;
            svg.push(' ');
        }
        let _ = write!(svg, "{},{}", short(x), short(y(*value)));
    }
    let _ = write!(
        svg,
        r#""/><circle class="spd" cx="{}" cy="{}" r="2.5"/></svg>"#,
        short(x),
        short(y(*last))
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::super::tests::is_sound;
    use super::*;

    #[test]
    fn the_ring_shows_share_and_pace() {
        let parts = [
            RingPart {
                value: 78,
                target: 100,
            },
            RingPart {
                value: 64,
                target: 100,
            },
        ];
        let svg = ring(
            &parts,
            Some(0.896),
            ["今年还有", "38 天"],
            "走访青年 78 人，目标 100；应到 90",
        );
        is_sound(&svg);
        // The figures of the mock: 78% and 64% of the circumference, ticks at 89.6% of the way round.
        for part in [
            "stroke-dasharray=\"303.85 389.56\"",
            "stroke-dasharray=\"176.93 276.46\"",
            "x1=\"38.56\" y1=\"28.33\" x2=\"30.05\" y2=\"17.21\"",
            "x1=\"49.51\" y1=\"42.62\" x2=\"41\" y2=\"31.51\"",
            ">今年还有</text>",
        ] {
            assert!(svg.contains(part), "{part}\n{svg}");
        }
        assert!(!svg.contains("br"), "no red");
    }

    #[test]
    fn an_empty_ring_has_no_dot_and_an_overfull_one_closes() {
        let none = ring(
            &[RingPart {
                value: 0,
                target: 100,
            }],
            None,
            ["", ""],
            "还没有",
        );
        assert!(!none.contains("class=\"ra") && !none.contains("class=\"k\""));
        let full = ring(
            &[RingPart {
                value: 130,
                target: 100,
            }],
            None,
            ["", ""],
            "到了",
        );
        assert!(full.contains("stroke-dasharray=\"389.56 389.56\""));
    }

    #[test]
    fn the_meter_says_where_it_stands() {
        let svg = meter("走访青年", 8642, 12_500, Some(0.896));
        is_sound(&svg);
        assert!(
            svg.contains("aria-label=\"走访青年完成 69.1%，时间进度 90%\""),
            "{svg}"
        );
        assert!(svg.contains("width=\"69.14%\"") && svg.contains("x1=\"89.6%\""));
        let none = meter("<b>", 3, 0, None);
        is_sound(&none);
        assert!(none.contains("aria-label=\"&lt;b&gt;完成 —\"") && !none.contains("class=\"b\""));
    }

    #[test]
    fn panes_light_up() {
        let svg = panes(2, 4);
        is_sound(&svg);
        assert_eq!(
            (svg.matches("\"bw\"").count(), svg.matches("\"pe\"").count()),
            (2, 2)
        );
        assert!(svg.contains("width=\"72\"") && svg.contains("aria-label=\"2 晚，共 4 晚\""));
        assert_eq!(panes(6, 4).matches("\"bw\"").count(), 6);
    }

    #[test]
    fn sparklines_share_a_scale_from_zero() {
        let svg = sparkline("走访青年", &[0, 50, 100], 200);
        is_sound(&svg);
        assert!(svg.contains("points=\"2,19 35,15 68,11\""), "{svg}");
        assert!(svg.contains("cx=\"68\" cy=\"11\""));
        is_sound(&sparkline("一个月", &[7], 7));
        is_sound(&sparkline("没有", &[0, 0], 0));
        assert_eq!(sparkline("空", &[], 10), "");
    }
}
