//! QR codes, drawn here as SVG: an address goes to no other site to become a picture.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Free modules around it (ISO/IEC 18004: four).
const QUIET: usize = 4;

/// The code of a text as an SVG element with that name for who does not see it; None when the text is too
/// long. Dark on light whatever the theme, else phones do not read it.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            let _infallible = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 2 * QUIET;
    let label = label
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    Some(format!(
        r##"<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {side} {side}" width="264" height="264" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_three_corners_and_a_free_margin() {
        let drawn = svg("https://qingting.example/v/abc", "评价\"码\"").unwrap();
        // Version 3: 29 modules and the margin.
        assert!(drawn.contains(r#"viewBox="0 0 37 37""#), "{drawn}");
        assert!(drawn.contains("评价&quot;码&quot;"));
        for corner in ["M4 4h", "M32 4h", "M4 32h"] {
            assert!(drawn.contains(corner), "{corner}");
        }
        assert!(!drawn.contains("M3 ") && !drawn.contains("M33 "));
        assert_eq!(svg(&"x".repeat(5000), ""), None);
    }
}
