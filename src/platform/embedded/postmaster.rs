//! One run of the server process: clear what an earlier one left, start, wait until it serves, stop.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::account::{Account, hand_over};
use super::binaries::Binaries;
use super::cluster::{Layout, last_lines};
use super::fault::Fault;
use super::leftovers;
use super::sys::{self, Signal};

const PORT: &str = "5432"; // names the socket file only; nothing listens on TCP

/// Orphans of a postmaster killed with -9 hold its shared memory until they notice; measured 1–5 s.
const ORPHANS: Duration = Duration::from_secs(20);
/// A fast shutdown writes a checkpoint; after this long it is cut short.
pub(super) const FAST: Duration = Duration::from_mins(1);
const LOG_MAX: u64 = 16 << 20;

/// Only for tests and development: a crash may lose everything, and nobody minds.
/// A test's pool may outlive it, so there is room for many.
const CARELESS: [&str; 7] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=500",
];

/// What is needed to start the server again and again.
pub(super) struct Plan {
    pub layout: Layout,
    pub binaries: Binaries,
    pub account: Account,
    pub throwaway: bool,
}

/// Sleeps, unless the order to stop comes (or the one who could give it is gone).
pub(super) fn nap(stop: &Receiver<()>, time: Duration) -> Result<(), Fault> {
    match stop.recv_timeout(time) {
        Err(RecvTimeoutError::Timeout) => Ok(()),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => Err(Fault::Stopped),
    }
}

impl Plan {
    /// Starts the server and returns when it accepts connections.
    pub fn start(&self, stop: &Receiver<()>) -> Result<Child, Fault> {
        leftovers::clear(&self.layout, &self.account, stop)?;
        let give_up = Instant::now() + ORPHANS;
        loop {
            let (mut child, log_from) = self.spawn()?;
            match self.wait_ready(&mut child, stop) {
                Ok(true) => return Ok(child),
                Ok(false) => {}
                Err(fault) => {
                    halt(&mut child);
                    return Err(fault);
                }
            }
            let said = self.log_since(log_from);
            let orphans = said.contains("shared memory block") && Instant::now() < give_up;
            if !orphans {
                return Err(Fault::NotServing {
                    log: self.layout.log.clone(),
                    tail: last_lines(&said, 12),
                });
            }
            nap(stop, Duration::from_millis(200))?;
        }
    }

    fn spawn(&self) -> Result<(Child, u64), Fault> {
        let (log, log_from) = self.open_log()?;
        let errors = log
            .try_clone()
            .map_err(Fault::io("open", &self.layout.log))?;
        let program = self.binaries.postgres();
        let mut command = self.account.command(&program);
        command
            .arg("-D")
            .arg(&self.layout.cluster)
            .args(["-p", PORT, "-c", "listen_addresses="]);
        command
            .arg("-k")
            .arg(&self.layout.socket)
            .args(["-c", "unix_socket_permissions=0700"]);
        if self.throwaway {
            command.args(CARELESS.iter().flat_map(|setting| ["-c", setting]));
        }
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        command.process_group(0); // Ctrl-C in the terminal is for us; the server goes last
        sys::die_with_this_thread(&mut command);
        let child = command.spawn().map_err(Fault::io("run", &program))?;
        Ok((child, log_from))
    }

    /// The log, opened by us and handed on, and its length so far. It is turned over at a start.
    fn open_log(&self) -> Result<(File, u64), Fault> {
        let path = &self.layout.log;
        if fs::metadata(path).is_ok_and(|m| m.len() > LOG_MAX) {
            let old = path.with_extension("log.1");
            fs::rename(path, &old).map_err(Fault::io("move", path))?;
        }
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .map_err(Fault::io("open", path))?;
        hand_over(path, &self.account)?;
        let length = file.metadata().map_err(Fault::io("look at", path))?.len();
        Ok((file, length))
    }

    fn log_since(&self, from: u64) -> String {
        let mut text = Vec::new();
        let read = File::open(&self.layout.log).and_then(|mut file| {
            file.seek(SeekFrom::Start(from))?;
            file.read_to_end(&mut text)
        });
        match read {
            Ok(_) => String::from_utf8_lossy(&text).into_owned(),
            Err(fault) => fault.to_string(),
        }
    }

    /// True when the server serves, false when it ended. Recovery after a crash may take minutes
    /// and must not be cut short, so there is no limit while the process lives.
    fn wait_ready(&self, child: &mut Child, stop: &Receiver<()>) -> Result<bool, Fault> {
        let begun = Instant::now();
        let mut told = 0;
        loop {
            if child
                .try_wait()
                .map_err(Fault::io("wait for", &self.layout.cluster))?
                .is_some()
            {
                return Ok(false);
            }
            let seen = read_pid_file(&self.layout.pid_file());
            if seen.is_some_and(|p| p.ready && p.pid == child.id()) {
                return Ok(true);
            }
            let seconds = begun.elapsed().as_secs();
            if seconds >= told + 2 {
                told = seconds;
                tracing::info!(seconds, "PostgreSQL is recovering from its log");
            }
            nap(stop, Duration::from_millis(4))?;
        }
    }
}

/// Ends our own server: fast, and after a minute at once.
pub(super) fn halt(child: &mut Child) {
    for (signal, patience) in [(Signal::Fast, FAST), (Signal::Immediate, FAST)] {
        sys::send(child.id(), signal);
        let until = Instant::now() + patience;
        while Instant::now() < until {
            match child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(4)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        tracing::warn!("PostgreSQL did not end within {} s", patience.as_secs());
    }
}

/// Whether the pid file says that its server accepts connections.
pub(super) fn is_ready(path: &Path) -> bool {
    read_pid_file(path).is_some_and(|p| p.ready && leftovers::lives(p.pid))
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub pid: u32,
    pub ready: bool,
}

pub(super) fn read_pid_file(path: &Path) -> Option<PidFile> {
    parse_pid_file(&fs::read_to_string(path).ok()?)
}

/// Line 1 is the postmaster's pid (negative in single-user mode), line 8 its state.
fn parse_pid_file(text: &str) -> Option<PidFile> {
    let mut lines = text.lines();
    let pid: i64 = lines.next()?.trim().parse().ok()?;
    let ready = lines.nth(6).is_some_and(|state| state.trim() == "ready");
    Some(PidFile {
        pid: u32::try_from(pid.abs()).ok()?,
        ready,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVING: &str = "4711\n/var/lib/q/cluster\n1700000000\n5432\n/var/lib/q/socket\n\n  5432001  32\nready   \n";

    #[test]
    fn reads_the_pid_file() {
        assert_eq!(
            parse_pid_file(SERVING),
            Some(PidFile {
                pid: 4711,
                ready: true
            })
        );
        let starting = SERVING.replace("ready   ", "starting");
        assert_eq!(
            parse_pid_file(&starting),
            Some(PidFile {
                pid: 4711,
                ready: false
            })
        );
        assert_eq!(
            parse_pid_file("4711\n/var"),
            Some(PidFile {
                pid: 4711,
                ready: false
            })
        );
        assert_eq!(
            parse_pid_file("-4711\n/var"),
            Some(PidFile {
                pid: 4711,
                ready: false
            })
        );
        assert_eq!(parse_pid_file(""), None);
        assert_eq!(parse_pid_file("garbage"), None);
    }
}
