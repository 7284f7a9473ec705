//! Build script: makes the static files ready to send.
//!
//! CSS files are joined into bundles; every file is compressed (brotli 11, gzip 9) and named after
//! its content, so that the server only picks the right bytes. The result is a list of `File` in
//! `$OUT_DIR/assets.rs`, included by `src/platform/assets.rs`. Cargo also learns here to rebuild
//! when a migration or a template changes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

/// Logical name, source files under `static/` (joined in this order).
///
/// What a page loads: `core.css` + one of cadre, desk, gate + dark, print, large as asked.
const BUNDLES: &[(&str, &[&str])] = &[
    (
        "core.css",
        &[
            "css/tokens.css",
            "css/base.css",
            "css/layout.css",
            "css/form.css",
            "css/parts.css",
        ],
    ),
    ("cadre.css", &["css/chart.css", "css/cadre.css"]),
    (
        "desk.css",
        &["css/data.css", "css/chart.css", "css/board.css"],
    ),
    ("gate.css", &["css/gate.css"]),
    ("dark.css", &["css/dark.css"]),
    ("large.css", &["css/large.css"]),
    ("print.css", &["css/print.css"]),
    ("app.js", &["js/app.js"]),
    ("htmx.js", &["vendor/htmx-4.0.1.min.js"]),
    ("icons.svg", &["icons.svg"]),
    ("mark.svg", &["mark.svg"]),
];

/// The service worker stands at the root (its scope is its folder) under a name that never changes.
const WORKER: &str = "js/sw.js";

/// A page without network; it names other static files.
const OFFLINE: &str = "offline.html";

fn main() -> io::Result<()> {
    for watched in ["migrations", "static", "templates", "src/build.rs"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut list = String::from("pub static FILES: &[File] = &[\n");
    let mut names = Vec::new();
    for (name, sources) in BUNDLES {
        let bytes = join(sources)?;
        let path = address(name, &bytes);
        list.push_str(&entry(&out, name, &path, &bytes)?);
        names.push((*name, path));
    }
    let mut page = fs::read_to_string(Path::new("static").join(OFFLINE))?;
    for (name, path) in &names {
        page = page.replace(&format!("/static/{name}"), path);
    }
    let path = address(OFFLINE, page.as_bytes());
    list.push_str(&entry(&out, OFFLINE, &path, page.as_bytes())?);
    names.push((OFFLINE, path));
    let worker = worker(&names)?;
    list.push_str(&entry(&out, "sw.js", "/sw.js", worker.as_bytes())?);
    list.push_str("];\n");
    fs::write(out.join("assets.rs"), list)
}

/// `/static/<stem>.<hash>.<ending>`
fn address(name: &str, bytes: &[u8]) -> String {
    let (stem, ending) = name.split_once('.').expect("a file name has an ending");
    format!("/static/{stem}.{}.{ending}", hash(bytes))
}

fn join(sources: &[&str]) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    for source in sources {
        let bytes = fs::read(Path::new("static").join(source))?;
        if Path::new(source)
            .extension()
            .is_some_and(|ending| ending == "css")
        {
            all.extend(slim(&String::from_utf8_lossy(&bytes)).into_bytes());
        } else {
            all.extend(bytes);
        }
    }
    Ok(all)
}

/// CSS without comments and indents; our files hold no string with `/*` in it.
fn slim(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        bare.push_str(part.split_once("*/").map_or("", |(_, rest)| rest));
    }
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Twelve hexadecimal digits of SHA-256: enough to tell versions apart.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(6)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The worker learns which files it may keep, and a version that changes with any of them.
fn worker(names: &[(&str, String)]) -> io::Result<String> {
    let source = fs::read_to_string(Path::new("static").join(WORKER))?;
    let files: Vec<_> = names.iter().map(|(_, path)| format!("'{path}'")).collect();
    let files = files.join(", ");
    let version = hash(format!("{source}{files}").as_bytes());
    Ok(source
        .replace("'FILES'", &files)
        .replace("VERSION", &version))
}

/// Writes the three forms of one file and returns its line of the list.
fn entry(out: &Path, name: &str, path: &str, bytes: &[u8]) -> io::Result<String> {
    let put = |ending: &str, bytes: &[u8]| {
        let target = out.join(format!("{name}{ending}"));
        fs::write(&target, bytes)
            .map(|()| format!("include_bytes!({:?})", target.display().to_string()))
    };
    let (raw, br, gz) = (
        put("", bytes)?,
        put(".br", &brotli(bytes)?)?,
        put(".gz", &gzip(bytes)?)?,
    );
    let (mime, etag) = (mime(name), hash(bytes));
    Ok(format!(
        "    File {{ name: {name:?}, path: {path:?}, mime: {mime:?}, etag: \"\\\"{etag}\\\"\", \
         raw: {raw}, br: {br}, gz: {gz} }},\n"
    ))
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("html") => "text/html; charset=utf-8",
        _ => panic!("no media type known for {name}"),
    }
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}
