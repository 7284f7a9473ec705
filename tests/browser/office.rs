//! LibreOffice, as the office has it: what it reads in a file of ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

/// Comma, quotes, UTF-8, from line 1, as shown; -1: each sheet into a file of its own.
const AS_CSV: &str =
    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/// What LibreOffice reads, by the name of the sheet, as CSV.
pub async fn tables(file: &Path) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    // A profile of its own: LibreOffice may be open, or never have been started.
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        folder.path().display()
    );
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", AS_CSV, "--outdir"])
        .args([&out, &file.to_owned()])
        .kill_on_drop(true)
        .output();
    let run = tokio::time::timeout(Duration::from_mins(2), run).await;
    let run = run.expect("LibreOffice takes more than two minutes");
    let run = run.unwrap_or_else(|fault| {
        panic!("LibreOffice does not start ({fault}); script/test installs it")
    });
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && out.is_dir(), "LibreOffice: {said}");
    let start = format!("{}-", file.file_stem().expect("a name").display());
    let files = std::fs::read_dir(&out).expect("its folder");
    let files = files.map(|file| file.expect("a file").path());
    let sheets = files.map(|path| {
        let name = path.file_stem().expect("a name").display().to_string();
        let name = name
            .strip_prefix(&start)
            .expect("file and sheet")
            .to_owned();
        (name, std::fs::read_to_string(path).expect("UTF-8"))
    });
    sheets.collect()
}
