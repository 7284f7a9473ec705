//! What an earlier run left behind: a server that outlived its supervisor, or a pid file whose number
//! now belongs to another process, or to one that is dead but not yet collected.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::account::Account;
use super::cluster::Layout;
use super::fault::Fault;
use super::postmaster::{FAST, nap, read_pid_file};
use super::sys::{self, Signal};

/// How long a dying process may take to vanish. Who should collect it may never do so (a container
/// without an init), and until then PostgreSQL takes it for a running server.
const FADING: Duration = Duration::from_secs(5);

/// Whose number stands in the pid file.
#[derive(Debug, PartialEq, Eq)]
enum Holder {
    /// Nobody's: PostgreSQL sees that itself.
    Gone,
    /// The postmaster of this cluster, serving.
    Ours,
    /// A process that is ending or ended, or that shows nothing of itself.
    Fading,
    /// Certainly not a postmaster of this cluster.
    Stranger,
}

/// Leaves the cluster so that a server can start. We hold the lock of the data directory, so nobody
/// else is starting one. Removing the pid file takes no safety away: orphans of a killed postmaster
/// are found by their shared memory, whose key PostgreSQL derives from the directory.
pub(super) fn clear(layout: &Layout, account: &Account, stop: &Receiver<()>) -> Result<(), Fault> {
    let path = layout.pid_file();
    let look_until = Instant::now() + FADING;
    while let Some(pid) = read_pid_file(&path).map(|file| file.pid) {
        match holder(pid, &layout.cluster, account) {
            Holder::Gone => break,
            Holder::Ours => {
                tracing::info!(
                    pid,
                    "an earlier PostgreSQL is still running; shutting it down"
                );
                if !end(pid, stop)? {
                    break; // then PostgreSQL itself refuses and says so
                }
            }
            Holder::Fading if Instant::now() < look_until => nap(stop, Duration::from_millis(10))?,
            Holder::Fading | Holder::Stranger => {
                tracing::warn!(pid, "postmaster.pid names no server of ours; removing it");
                fs::remove_file(&path).map_err(Fault::io("remove", &path))?;
            }
        }
    }
    for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
        let _absent_is_fine = fs::remove_file(layout.socket.join(name));
    }
    Ok(())
}

/// The postmaster of a cluster works in its directory.
fn holder(pid: u32, cluster: &Path, account: &Account) -> Holder {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let Some((name, state)) = parse_stat(&stat) else {
        return Holder::Gone;
    };
    if !matches!(name, "postgres" | "postmaster") {
        return Holder::Stranger;
    }
    if ended(state) {
        return Holder::Fading;
    }
    match cwd_of(pid, account) {
        Some(cwd) if cwd == cluster => Holder::Ours,
        Some(_) => Holder::Stranger,
        None => Holder::Fading,
    }
}

/// Whether there is such a process, and it has not ended.
pub(super) fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    parse_stat(&stat).is_some_and(|(_, state)| !ended(state))
}

fn ended(state: char) -> bool {
    matches!(state, 'Z' | 'X')
}

/// `4711 (postgres) S 1 …` → name and state. The name may hold anything, also brackets.
fn parse_stat(stat: &str) -> Option<(&str, char)> {
    let (head, tail) = stat.rsplit_once(") ")?;
    let (_, name) = head.split_once(" (")?;
    Some((name, tail.chars().next()?))
}

/// Root in a container may lack the right to read this link of another account's process; that
/// account itself may.
fn cwd_of(pid: u32, account: &Account) -> Option<PathBuf> {
    let link = PathBuf::from(format!("/proc/{pid}/cwd"));
    if let Ok(cwd) = fs::read_link(&link) {
        return Some(cwd);
    }
    let mut command = account.command(Path::new("/usr/bin/readlink"));
    let output = command.arg(&link).output().ok()?;
    let cwd = String::from_utf8(output.stdout).ok()?;
    let read = output.status.success();
    read.then(|| PathBuf::from(cwd.trim_end_matches('\n')))
}

/// Ends a postmaster that is not our child; false if it would not.
fn end(pid: u32, stop: &Receiver<()>) -> Result<bool, Fault> {
    for signal in [Signal::Fast, Signal::Immediate] {
        sys::send(pid, signal);
        let until = Instant::now() + FAST;
        while Instant::now() < until {
            if !lives(pid) {
                return Ok(true);
            }
            nap(stop, Duration::from_millis(4))?;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_living() {
        assert!(lives(std::process::id()));
        assert!(!lives(u32::MAX));
    }

    #[test]
    fn reads_any_name() {
        assert_eq!(parse_stat("7 (postgres) S 1 7"), Some(("postgres", 'S')));
        assert_eq!(parse_stat("7 (a) b (c)) Z 1"), Some(("a) b (c)", 'Z')));
        assert_eq!(parse_stat(""), None);
    }

    #[test]
    fn a_dead_child_that_nobody_collected_fades() {
        let postgres = tempfile::tempdir().unwrap();
        let program = postgres.path().join("postgres");
        std::os::unix::fs::symlink("/bin/true", &program).unwrap();
        let mut child = std::process::Command::new(&program).spawn().unwrap();
        let account = super::super::account::choose(postgres.path(), postgres.path()).unwrap();
        let until = Instant::now() + FADING;
        while lives(child.id()) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        assert_eq!(
            holder(child.id(), postgres.path(), &account),
            Holder::Fading
        );
        child.wait().unwrap();
        assert_eq!(holder(child.id(), postgres.path(), &account), Holder::Gone);
        assert_eq!(
            holder(std::process::id(), postgres.path(), &account),
            Holder::Stranger
        );
    }
}
