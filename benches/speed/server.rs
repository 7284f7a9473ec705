//! The real program, on its embedded cluster, as a child process.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use qingting::platform::embedded::{self, Socket};
use sqlx::{Connection, PgConnection};

use crate::cpu::{self, Used};
use crate::{Result, Wanted};

#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// Seconds from start to serving, as the program prints them.
    pub took: f64,
    pub socket: Socket,
    pub data_dir: PathBuf,
    postmaster: u32,
}

impl Server {
    /// Starts it and waits for its line. Its log, one line a request, goes to a file.
    pub fn start(wanted: &Wanted, data_dir: &Path) -> Result<Self> {
        let log = File::create(wanted.dir.join("server.log"))?;
        let mut child = command(wanted)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let line = BufReader::new(output)
            .lines()
            .map_while(std::result::Result::ok)
            .find(|line| line.starts_with("Qingting serves on "));
        let line = line.ok_or("the server did not start; see server.log")?;
        let (address, took) = announced(&line).ok_or("what the server says is not understood")?;
        let socket = embedded::running(data_dir).ok_or("the cluster does not run")?;
        let data_dir = data_dir.canonicalize()?;
        let pid_file = std::fs::read_to_string(data_dir.join("cluster/postmaster.pid"))?;
        let postmaster = pid_file.lines().next().ok_or("no postmaster")?.parse()?;
        Ok(Self {
            child,
            address,
            took,
            socket,
            data_dir,
            postmaster,
        })
    }

    /// As an operator stops it.
    pub fn stop(mut self) -> Result<()> {
        self.terminate()
    }

    fn terminate(&mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        self.child.wait()?;
        Ok(())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn used(&self) -> Result<Used> {
        Used::now(self.child.id(), self.postmaster)
    }

    pub fn resident(&self) -> Result<f64> {
        cpu::resident(self.child.id())
    }

    /// Waits until what the server does by itself (the night's roll-up of an older database) is done.
    pub fn settle(&self) -> Result<()> {
        let patience = Instant::now();
        let mut quiet = 0;
        while quiet < 2 {
            let before = self.used()?;
            std::thread::sleep(Duration::from_secs(3));
            let used = self.used()?.since(before);
            quiet = if used.database < 0.1 { quiet + 1 } else { 0 };
            if patience.elapsed() > Duration::from_mins(20) {
                return Err("the server does not come to rest".into());
            }
        }
        Ok(())
    }

    /// For what is asked beside the server: who there is, and how statements are logged.
    pub async fn superuser(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.socket.superuser_url()).await?)
    }

    /// What PostgreSQL writes.
    pub fn database_log(&self) -> PathBuf {
        self.data_dir.join("postgres.log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ended_anyway = self.terminate();
        }
    }
}

/// The program with no configuration but the arguments that follow.
pub fn command(wanted: &Wanted) -> Command {
    let mut command = Command::new(&wanted.qingting);
    for (name, _) in qingting::config::VARIABLES {
        if name != "QINGTING_PG_BIN" {
            command.env_remove(name);
        }
    }
    command
}

/// `Qingting serves on http://127.0.0.1:8090/ (start after a clean stop: 0.31 s). …`
fn announced(line: &str) -> Option<(SocketAddr, f64)> {
    let (_, rest) = line.split_once("http://")?;
    let (address, rest) = rest.split_once('/')?;
    let (_, seconds) = rest.split_once(": ")?;
    let (seconds, _) = seconds.split_once(" s)")?;
    Some((address.parse().ok()?, seconds.parse().ok()?))
}
