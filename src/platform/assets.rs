//! Static files: embedded at build time, already compressed, named after their content.
//!
//! `src/build.rs` makes the list; here the right bytes are picked. A hashed name may be kept by the
//! browser for ever; `/sw.js` keeps its name, so it must be asked for anew each time.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// One static file in its three forms.
#[derive(Debug)]
pub struct File {
    /// The name templates use: `core.css`.
    pub name: &'static str,
    /// Its address: `/static/core.<hash>.css`.
    pub path: &'static str,
    pub mime: &'static str,
    /// Quoted, as the header wants it.
    pub etag: &'static str,
    pub raw: &'static [u8],
    pub br: &'static [u8],
    pub gz: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of a static file, for templates: `{{ crate::platform::assets::url("core.css") }}`.
///
/// # Panics
/// On a name that `src/build.rs` does not list; the tests render every layout, so it shows there.
pub fn url(name: &str) -> &'static str {
    let file = FILES.iter().find(|file| file.name == name);
    file.map(|file| file.path)
        .expect("static file is listed in src/build.rs")
}

/// Answers `/static/{file}` and `/sw.js`, 404 for what is not there.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.path == uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == file.etag)
        });
    if unchanged {
        return with_headers(file, None, Body::empty(), StatusCode::NOT_MODIFIED);
    }
    let (encoding, bytes) = pick(file, &headers);
    with_headers(file, encoding, Body::from(bytes), StatusCode::OK)
}

fn with_headers(
    file: &File,
    encoding: Option<&'static str>,
    body: Body,
    status: StatusCode,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let keep = if file.path.starts_with("/static/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::ETAG, HeaderValue::from_static(file.etag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Brotli, gzip or plain. Small files can grow by packing; they are sent plain.
fn pick(file: &File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let packed = [("br", file.br), ("gzip", file.gz)];
    let fits = packed
        .into_iter()
        .find(|(name, bytes)| accepts(headers, name) && bytes.len() < file.raw.len());
    fits.map_or((None, file.raw), |(name, bytes)| (Some(name), bytes))
}

/// Whether `Accept-Encoding` names the coding, and not with `q=0`.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    all.iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
            name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS_LIMIT: usize = 8 * 1024;
    const JS_LIMIT: usize = 20 * 1024;
    const ICONS_LIMIT: usize = 4 * 1024;

    fn packed(names: &[&str]) -> usize {
        names
            .iter()
            .map(|name| {
                FILES
                    .iter()
                    .find(|file| file.name == *name)
                    .expect("as made here")
                    .br
                    .len()
            })
            .sum()
    }

    #[test]
    fn what_a_page_loads_stays_within_the_budget() {
        for page in ["cadre.css", "desk.css", "gate.css"] {
            let bytes = packed(&["core.css", page, "dark.css", "print.css", "large.css"]);
            println!("css with {page}: {bytes}");
            assert!(
                bytes <= CSS_LIMIT,
                "css with {page} is {bytes} bytes packed"
            );
        }
        let (scripts, own, icons) = (
            packed(&["app.js", "htmx.js"]),
            packed(&["app.js"]),
            packed(&["icons.svg"]),
        );
        println!("scripts {scripts}, own {own}, icons {icons}");
        assert!(
            scripts <= JS_LIMIT && own <= 6 * 1024,
            "scripts: {scripts}, own {own} bytes packed"
        );
        assert!(icons <= ICONS_LIMIT, "icons: {icons} bytes packed");
    }

    #[test]
    fn packed_forms_are_the_same_file() {
        use std::io::Read as _;
        for file in FILES {
            let (mut br, mut gz) = (Vec::new(), Vec::new());
            brotli::Decompressor::new(file.br, 4096)
                .read_to_end(&mut br)
                .expect("as made here");
            flate2::read::GzDecoder::new(file.gz)
                .read_to_end(&mut gz)
                .expect("as made here");
            assert!(br == file.raw && gz == file.raw, "{}", file.name);
        }
    }

    async fn get(path: &str, header: Option<(&'static str, &str)>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, HeaderValue::from_str(value).expect("as made here"));
        }
        serve(path.parse().expect("as made here"), headers).await
    }

    #[tokio::test]
    async fn the_coding_follows_what_the_browser_accepts() {
        for (accept, expected) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("identity", None),
        ] {
            let answer = get(url("core.css"), Some(("accept-encoding", accept))).await;
            let coding = answer
                .headers()
                .get("content-encoding")
                .map(|value| value.to_str().expect("as made here"));
            assert_eq!(coding, expected, "{accept}");
            assert_eq!(answer.headers()["vary"], "accept-encoding");
            assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
        }
    }

    #[tokio::test]
    async fn a_known_file_is_not_sent_twice() {
        let first = get(url("app.js"), None).await;
        let tag = first.headers()["etag"]
            .to_str()
            .expect("as made here")
            .to_owned();
        assert!(
            first.headers()["cache-control"]
                .to_str()
                .expect("as made here")
                .contains("immutable")
        );
        let again = get(url("app.js"), Some(("if-none-match", &tag))).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(
            get("/static/app.0.js", None).await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[tokio::test]
    async fn the_worker_is_asked_for_each_time_and_knows_the_files() {
        let answer = get("/sw.js", None).await;
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        let worker = FILES
            .iter()
            .find(|file| file.name == "sw.js")
            .expect("as made here");
        let text = std::str::from_utf8(worker.raw).expect("as made here");
        assert!(
            text.contains(url("core.css"))
                && !text.contains("VERSION")
                && !text.contains("'FILES'")
        );
    }
}
