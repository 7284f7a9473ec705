//! Why the embedded cluster cannot be started, said so that the reader knows what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::binaries::OLDEST;

/// A reason not to start. `Display` gives whole English sentences for the terminal.
#[derive(Debug)]
pub enum Fault {
    /// No directory with both `postgres` and `initdb` was found.
    NoBinaries,
    /// `QINGTING_PG_BIN` names a directory without the two programs.
    WrongBinDir(PathBuf),
    /// The cluster was made by another major version than those found.
    WrongMajor {
        dir: PathBuf,
        needs: u32,
        found: Vec<u32>,
    },
    /// Only versions are installed that lack what the tables need (15 brought `security_invoker`).
    TooOld { found: u32 },
    /// The account that PostgreSQL must run as cannot enter a directory.
    NotEnterable {
        path: PathBuf,
        blocked_at: PathBuf,
        account: String,
    },
    /// The data directory belongs to somebody else and we are not root.
    NotOurs { dir: PathBuf, owner: String },
    /// Another process supervises this data directory.
    Held(PathBuf),
    /// As root PostgreSQL refuses to run, and neither `postgres` nor `nobody` exists.
    NoAccount,
    /// `initdb` or the making of the roles failed; the end of its output.
    Init(String),
    /// `postgres` ended instead of serving; the end of its log and where the log is.
    NotServing { log: PathBuf, tail: String },
    /// The caller asked to stop before the server was ready.
    Stopped,
    /// No directory with `pg_dump`, `pg_restore` and `psql` was found.
    NoClients,
    /// One of these three programs failed; its last words.
    Client { program: &'static str, tail: String },
    /// A file or process could not be handled.
    Io {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

impl Fault {
    /// For `map_err`: what was being done, to which path.
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBinaries => f.write_str(
                "PostgreSQL is not installed: no directory with both `postgres` and `initdb` was found. \
                 Install the server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install \
                 postgresql-server; Alpine: apk add postgresql), or name the directory of its programs \
                 in QINGTING_PG_BIN, or set DATABASE_URL to use a server of your own.",
            ),
            Self::WrongBinDir(dir) => write!(
                f,
                "QINGTING_PG_BIN is {}, but that directory does not hold both `postgres` and `initdb`.",
                dir.display()
            ),
            Self::WrongMajor { dir, needs, found } => write!(
                f,
                "The data in {} was made by PostgreSQL {needs}, but only {} is installed. Install \
                 PostgreSQL {needs} beside it, or back up with the old version and restore with the new.",
                dir.display(),
                found.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
            ),
            Self::TooOld { found } => write!(
                f,
                "PostgreSQL {found} is installed, but {OLDEST} or later is needed. Install a newer one beside it, \
                 or name the directory of its programs in QINGTING_PG_BIN."
            ),
            Self::NotEnterable { path, blocked_at, account } => write!(
                f,
                "PostgreSQL does not run as root, and the account {account} cannot enter {} (stopped at {}). \
                 Choose a directory outside of it (the default for root is /var/lib/qingting), or open \
                 it with chmod o+x.",
                path.display(),
                blocked_at.display()
            ),
            Self::NotOurs { dir, owner } => write!(
                f,
                "The data directory {} belongs to {owner}. Run as {owner} or as root, or choose another directory.",
                dir.display()
            ),
            Self::Held(dir) => write!(
                f,
                "Another Qingting is running on {}. Stop it first, or choose another data directory.",
                dir.display()
            ),
            Self::NoAccount => f.write_str(
                "PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody`.",
            ),
            Self::Init(tail) => write!(f, "PostgreSQL could not make a new cluster. Its last words:\n{tail}"),
            Self::NotServing { log, tail } => write!(
                f,
                "PostgreSQL ended instead of serving. The end of {}:\n{tail}",
                log.display()
            ),
            Self::Stopped => f.write_str("PostgreSQL was told to stop before it was ready."),
            Self::NoClients => f.write_str(
                "PostgreSQL's programs pg_dump, pg_restore and psql were not found. Install them (Debian, \
                 Ubuntu: apt-get install postgresql-client), or name their directory in QINGTING_PG_BIN.",
            ),
            Self::Client { program, tail } => write!(f, "{program} failed. Its last words:\n{tail}"),
            Self::Io { what, path, source } => write!(f, "Could not {what} {}: {source}.", path.display()),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
