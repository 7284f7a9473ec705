//! pgbench with the server's statements, on the server's cluster, as the server's role.

use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use qingting::platform::db::options;
use sqlx::postgres::PgConnectOptions;

use crate::capture::Scripts;
use crate::cpu;
use crate::load::Outcome;
use crate::server::Server;
use crate::{CLIENTS, Result};

pub fn run(server: &Server, scripts: &Scripts, time: Duration) -> Result<Outcome> {
    let mut command = Command::new(program());
    command
        .env("PGOPTIONS", settings(server)?)
        .args(["-n", "-M", "prepared", "-j", "2"])
        .args(["-c", &CLIENTS.to_string()])
        .args(["-T", &time.as_secs().to_string()])
        .args(["-D", "n=0"]);
    let base = qingting::kit::clock::Clock::system().now().timestamp() % (1 << 29);
    command.args(["-D", &format!("base={base}")]);
    for (name, value) in &scripts.variables {
        command.args(["-D", &format!("{name}={value}")]);
    }
    for file in &scripts.files {
        command.arg("-f").arg(file);
    }
    let (before, asker) = (server.used()?, cpu::of_children()?);
    let output = command.arg(server.socket.app_url()).output()?;
    let used = server.used()?.since(before);
    let asker = cpu::of_children()? - asker;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let faults = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("pgbench failed:\n{text}\n{faults}").into());
    }
    let requests = figure(&text, "number of transactions actually processed: ")?;
    let per_second = figure(&text, "tps = ")?;
    Ok(Outcome {
        requests: usize::from_str(&requests)?,
        seconds: f64::from_str(&requests)? / f64::from_str(&per_second)?,
        used,
        asker,
        times: Vec::new(),
    })
}

/// Beside the server's own programs, where Debian puts it.
fn program() -> PathBuf {
    if let Some(dir) = std::env::var_os("QINGTING_PG_BIN") {
        return PathBuf::from(dir).join("pgbench");
    }
    let dirs = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<PathBuf> = dirs.map(|dir| dir.path().join("bin/pgbench")).collect();
    found.retain(|path| path.exists());
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from("pgbench"))
}

/// What the server's connections start with: row-level security reads it.
pub fn settings(server: &Server) -> Result<String> {
    let ours: PgConnectOptions = options(&server.socket.app_url())?;
    Ok(ours.get_options().unwrap_or_default().to_owned())
}

fn figure(text: &str, before: &str) -> Result<String> {
    let (_, rest) = text
        .split_once(before)
        .ok_or_else(|| format!("no {before:?} in:\n{text}"))?;
    let figure = rest.split_whitespace().next().unwrap_or_default();
    Ok(figure.split('/').next().unwrap_or_default().to_owned())
}
