//! PostgreSQL of our own: without `DATABASE_URL` the program starts a cluster in its data directory
//! over the system's binaries, reachable by a unix socket alone, and stops it when it ends.
//!
//! A keeper thread holds the directory's lock and the server process. It starts the server again if
//! that dies; if we die, in whatever way, the kernel tells the server to shut down and frees the
//! lock. A cluster left behind by a crash is shut down or recovered at the next start.

mod account;
mod address;
mod binaries;
mod clients;
mod cluster;
mod fault;
mod leftovers;
mod postmaster;
mod sys;

use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use address::Socket;
pub use clients::{Clients, Place, without_password};
pub use fault::Fault;

use cluster::Layout;
use postmaster::{Plan, halt, nap};

/// Runs migrations, backs up and restores; owns the database and its tables; no superuser.
pub const OWNER: &str = "qingting_owner";
/// Serves; owns nothing, and row-level security binds it.
pub const APP: &str = "qingting";
/// Makes the roles; clones databases in tests.
pub const SUPERUSER: &str = "postgres";
pub const DATABASE: &str = "qingting";

#[derive(Clone, Debug)]
pub struct Settings {
    /// Made if missing. Holds `cluster/`, `postgres.log`, `socket/` and the lock.
    pub data_dir: PathBuf,
    /// For tests and development: no fsync, no autovacuum; a crash may lose everything.
    pub throwaway: bool,
}

/// A running cluster. Dropping it shuts the server down and returns when it has ended.
#[derive(Debug)]
pub struct Embedded {
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
    socket: Socket,
    begin: Begin,
    took: Duration,
}

/// What a start found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// No cluster: this start made it.
    New,
    /// A cluster that was shut down in order.
    Clean,
    /// A cluster whose server, or whose supervisor, was killed.
    Recovered,
}

/// `/var/lib/qingting` for root (whose home PostgreSQL's account cannot enter), else
/// `$XDG_DATA_HOME/qingting`, else `~/.local/share/qingting`.
pub fn default_data_dir() -> PathBuf {
    let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
    };
    if root {
        return PathBuf::from("/var/lib/qingting");
    }
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map_or_else(
            || PathBuf::from("qingting-data"),
            |share| share.join("qingting"),
        )
}

/// Starts the cluster, making it first if there is none, and returns when it accepts connections.
/// Blocks; may be called from any thread. Recovery after a crash takes as long as it takes.
pub fn start(settings: &Settings) -> Result<Embedded, Fault> {
    let called = Instant::now();
    let settings = settings.clone();
    let (stop, stopped) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let keeper = std::thread::Builder::new()
        .name("postgres-keeper".into())
        .spawn(move || keep(&settings, &stopped, &tell))
        .map_err(Fault::io("start a thread for", Path::new("postgres")))?;
    let Ok(started) = told.recv() else {
        return Err(Fault::Stopped);
    };
    let (dir, begin) = started?;
    Ok(Embedded {
        stop: Some(stop),
        keeper: Some(keeper),
        socket: Socket { dir },
        begin,
        took: called.elapsed(),
    })
}

/// The socket of a cluster that another process of ours keeps running, if there is one. So backup
/// and the like work beside the server.
pub fn running(data_dir: &Path) -> Option<Socket> {
    let layout = Layout::new(data_dir.canonicalize().ok()?);
    let lock = File::open(layout.data_dir.join(LOCK)).ok()?;
    let held = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
    (held && postmaster::is_ready(&layout.pid_file())).then_some(Socket { dir: layout.socket })
}

impl Embedded {
    /// Where to connect.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// For migrations.
    pub fn owner_url(&self) -> String {
        self.socket.owner_url()
    }

    /// For serving.
    pub fn app_url(&self) -> String {
        self.socket.app_url()
    }

    /// For cloning databases in tests; never for serving.
    pub fn superuser_url(&self) -> String {
        self.socket.superuser_url()
    }

    /// The address of any database in any role.
    pub fn url(&self, role: &str, database: &str) -> String {
        self.socket.url(role, database)
    }

    /// From the call of `start` until the server accepted connections.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// What this start found.
    pub fn begin(&self) -> Begin {
        self.begin
    }

    /// This start made the cluster.
    pub fn is_new(&self) -> bool {
        self.begin == Begin::New
    }

    /// Ends the server: open transactions are rolled back, and the next start needs no recovery.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take()
            && keeper.join().is_err()
        {
            tracing::error!("the thread that keeps PostgreSQL panicked");
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.end();
    }
}

type Started = (PathBuf, Begin);

/// The life of the keeper thread. It must not end while the server is wanted: the kernel shuts the
/// server down with the thread that started it.
fn keep(settings: &Settings, stop: &Receiver<()>, tell: &Sender<Result<Started, Fault>>) {
    let (lock, plan, child, begin) = match open(settings, stop) {
        Ok(opened) => opened,
        Err(fault) => {
            let _nobody_waits = tell.send(Err(fault));
            return;
        }
    };
    let _nobody_waits = tell.send(Ok((plan.layout.socket.clone(), begin)));
    guard(&plan, child, stop);
    // Only now may another supervisor come. Closing the file would not do: a process that another
    // thread is just starting holds a copy of it until its program runs.
    if let Err(fault) = lock.unlock() {
        tracing::warn!(%fault, "the lock of the data directory stays until the process ends");
    }
}

/// Watches the server until told to stop, and starts it again when it dies by itself.
fn guard(plan: &Plan, mut child: Child, stop: &Receiver<()>) {
    let mut pause = Duration::from_millis(100);
    loop {
        if nap(stop, Duration::from_millis(100)).is_err() {
            return halt(&mut child);
        }
        let Ok(Some(status)) = child.try_wait() else {
            continue;
        };
        tracing::error!(%status, log = %plan.layout.log.display(), "PostgreSQL ended by itself; starting it again");
        child = loop {
            match plan.start(stop) {
                Ok(child) => break child,
                Err(Fault::Stopped) => return,
                Err(fault) => tracing::error!("{fault}"),
            }
            pause = (pause * 2).min(Duration::from_secs(30));
            if nap(stop, pause).is_err() {
                return;
            }
        };
        pause = Duration::from_millis(100);
        tracing::info!("PostgreSQL serves again");
    }
}

fn open(settings: &Settings, stop: &Receiver<()>) -> Result<(File, Plan, Child, Begin), Fault> {
    let data_dir = make_data_dir(&settings.data_dir)?;
    let layout = Layout::new(data_dir);
    let account = account::choose(&layout.data_dir, &layout.cluster)?;
    let lock = lock(&layout.data_dir)?;
    account::hand_over(&layout.data_dir.join(LOCK), &account)?;
    let made = !layout.exists();
    if made && is_unused(&layout.data_dir) {
        account::hand_over(&layout.data_dir, &account)?;
    }
    account.enters(&layout.data_dir)?;
    let binaries = binaries::find(&layout.cluster)?;
    account.enters(&binaries.dir)?;
    if made {
        tracing::info!(dir = %layout.data_dir.display(), "making a new PostgreSQL cluster");
        cluster::create(&layout, settings, &binaries, &account)?;
    }
    layout.open_socket_dir(&account)?;
    let begin = match (made, layout.pid_file().exists()) {
        (true, _) => Begin::New,
        (false, true) => Begin::Recovered,
        (false, false) => Begin::Clean,
    };
    let plan = Plan {
        layout,
        binaries,
        account,
        throwaway: settings.throwaway,
    };
    let child = plan.start(stop)?;
    Ok((lock, plan, child, begin))
}

/// What lies there is personal data: nobody else gets in. The parents are as usual.
fn make_data_dir(dir: &Path) -> Result<PathBuf, Fault> {
    if !dir.exists() {
        if let Some(parent) = dir.parent() {
            fs::create_dir_all(parent).map_err(Fault::io("make", parent))?;
        }
        DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(dir)
            .map_err(Fault::io("make", dir))?;
    }
    dir.canonicalize().map_err(Fault::io("enter", dir))
}

const LOCK: &str = ".supervisor.lock";

/// One supervisor a directory. The kernel frees the lock however the holder ends.
fn lock(data_dir: &Path) -> Result<File, Fault> {
    let path = data_dir.join(LOCK);
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(Fault::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::Held(data_dir.to_owned())),
        Err(TryLockError::Error(e)) => Err(Fault::io("lock", &path)(e)),
    }
}

/// Nothing there but our lock: then the directory may be given to PostgreSQL's account. A directory
/// with other things in it keeps its owner.
fn is_unused(data_dir: &Path) -> bool {
    fs::read_dir(data_dir)
        .is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name() == LOCK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_directory_is_absolute() {
        assert!(default_data_dir().is_absolute());
    }

    #[test]
    fn a_directory_with_other_things_is_used() {
        let dir = tempfile::tempdir().unwrap();
        assert!(is_unused(dir.path()));
        let first = lock(dir.path()).unwrap();
        assert!(is_unused(dir.path()));
        assert!(matches!(lock(dir.path()), Err(Fault::Held(_))));
        drop(first);
        fs::write(dir.path().join("letters"), "x").unwrap();
        assert!(!is_unused(dir.path()));
    }
}
