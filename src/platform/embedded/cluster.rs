//! The files of one cluster: where they lie, and how they come to be.
//!
//! A new cluster is made whole in a side directory (initdb, settings, roles, database) and then
//! renamed: whatever is killed on the way, there is never half a cluster.

use std::fs::{self, DirBuilder, File, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use super::account::{Account, hand_over};
use super::binaries::Binaries;
use super::fault::Fault;
use super::{APP, DATABASE, OWNER, SUPERUSER, Settings, sys};

/// Longest socket directory: sun_path has 107 bytes, `/.s.PGSQL.5432.lock` takes 19 of them.
const SOCKET_DIR_MAX: usize = 107 - 19;

/// Settings of a new cluster, for 2 cores and 4 GB; whoever runs more edits its postgresql.conf.
/// Terse errors, because DETAIL would write names and phones into the log.
const CONF: &str = "
# Written once by Qingting; yours to change.
max_connections = 60
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 128MB
max_parallel_workers_per_gather = 0
jit = off
random_page_cost = 1.1
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
log_error_verbosity = terse
";

/// Where everything lies below the data directory.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub data_dir: PathBuf,
    pub cluster: PathBuf,
    pub socket: PathBuf,
    pub log: PathBuf,
}

impl Layout {
    /// `data_dir` must be absolute and without symbolic links: it is compared with /proc/PID/cwd.
    pub fn new(data_dir: PathBuf) -> Self {
        let socket = socket_dir(&data_dir);
        Self {
            cluster: data_dir.join("cluster"),
            log: data_dir.join("postgres.log"),
            socket,
            data_dir,
        }
    }

    pub fn exists(&self) -> bool {
        self.cluster.join("PG_VERSION").exists()
    }

    pub fn pid_file(&self) -> PathBuf {
        self.cluster.join("postmaster.pid")
    }

    /// A socket directory that only root and the account can enter: the cluster trusts whoever
    /// reaches the socket.
    pub fn open_socket_dir(&self, account: &Account) -> Result<(), Fault> {
        let dir = &self.socket;
        match DirBuilder::new().mode(0o700).create(dir) {
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => {
                made.map_err(Fault::io("make the socket directory", dir))?;
                hand_over(dir, account)?;
            }
        }
        let meta = fs::symlink_metadata(dir).map_err(Fault::io("look at", dir))?;
        if !meta.is_dir() || meta.uid() != account.uid {
            let owner = format!("somebody other than {}", account.name);
            return Err(Fault::NotOurs {
                dir: dir.clone(),
                owner,
            });
        }
        fs::set_permissions(dir, Permissions::from_mode(0o700))
            .map_err(Fault::io("close to others", dir))
    }
}

/// Beside the cluster, or in /tmp under a name made from the path when that would be too long.
fn socket_dir(data_dir: &Path) -> PathBuf {
    let beside = data_dir.join("socket");
    if beside.as_os_str().len() <= SOCKET_DIR_MAX {
        return beside;
    }
    let mut hasher = DefaultHasher::new();
    data_dir.hash(&mut hasher);
    PathBuf::from(format!("/tmp/qingting-{:016x}", hasher.finish()))
}

/// Makes the cluster. Nothing is left of an earlier attempt that was killed.
pub(super) fn create(
    layout: &Layout,
    settings: &Settings,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), Fault> {
    let side = layout.data_dir.join("cluster.new");
    if side.exists() {
        fs::remove_dir_all(&side).map_err(Fault::io("remove", &side))?;
    }
    DirBuilder::new()
        .mode(0o700)
        .create(&side)
        .map_err(Fault::io("make", &side))?;
    hand_over(&side, account)?;
    initdb(&side, settings, binaries, account)?;
    let conf = side.join("postgresql.conf");
    let mut file = File::options()
        .append(true)
        .open(&conf)
        .map_err(Fault::io("open", &conf))?;
    file.write_all(CONF.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(Fault::io("write", &conf))?;
    single(
        &side,
        "postgres",
        &first_statements(),
        settings,
        binaries,
        account,
    )?;
    single(
        &side,
        DATABASE,
        &second_statements(),
        settings,
        binaries,
        account,
    )?;
    fs::rename(&side, &layout.cluster).map_err(Fault::io("move into place", &side))?;
    let parent = &layout.data_dir;
    File::open(parent)
        .and_then(|dir| dir.sync_all())
        .map_err(Fault::io("write", parent))
}

fn initdb(
    side: &Path,
    settings: &Settings,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), Fault> {
    let mut command = account.command(&binaries.initdb());
    command
        .arg("-D")
        .arg(side)
        .args(["-U", SUPERUSER, "-A", "trust"]);
    command.args(["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]);
    if settings.throwaway {
        command.arg("--no-sync");
    }
    sys::die_with_this_thread(&mut command);
    let output = command.stdin(Stdio::null()).output();
    succeeded(&output.map_err(Fault::io("run", &binaries.initdb()))?)
}

/// Runs statements, one a line, in single-user mode: no socket, no password, no client program.
fn single(
    side: &Path,
    database: &str,
    statements: &str,
    settings: &Settings,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), Fault> {
    let program = binaries.postgres();
    let mut command = account.command(&program);
    command
        .arg("--single")
        .arg("-D")
        .arg(side)
        .args(["-c", "exit_on_error=on"]);
    command.args(["-c", "log_checkpoints=off"]);
    if settings.throwaway {
        command.arg("-F");
    }
    command
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    sys::die_with_this_thread(&mut command);
    let mut child = command.spawn().map_err(Fault::io("run", &program))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A server that died early closes the pipe; its output says why, so that is reported instead.
        let _closed_early = stdin.write_all(statements.as_bytes());
    }
    succeeded(
        &child
            .wait_with_output()
            .map_err(Fault::io("wait for", &program))?,
    )
}

fn succeeded(output: &Output) -> Result<(), Fault> {
    if output.status.success() {
        return Ok(());
    }
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    Err(Fault::Init(last_lines(&String::from_utf8_lossy(&both), 12)))
}

/// The owner makes and changes tables, and policies do not hide rows from it: a migration that
/// rewrites rows would silently change none, and a backup would be refused. The app role serves, and
/// row-level security binds it.
/// Its plans are made anew for each scope: a plan kept from a wide scope is ruinous in a narrow one.
fn first_statements() -> String {
    format!(
        "create role {OWNER} login nosuperuser nocreatedb nocreaterole bypassrls\n\
         create role {APP} login nosuperuser nocreatedb nocreaterole nobypassrls\n\
         alter role {APP} set plan_cache_mode = force_custom_plan\n\
         create database {DATABASE} owner {OWNER}\n\
         revoke all on database {DATABASE} from public\n\
         grant connect on database {DATABASE} to {APP}\n"
    )
}

/// The same rights on `public` in every version: before 15 everybody could create tables there.
fn second_statements() -> String {
    format!(
        "alter schema public owner to {OWNER}\n\
         revoke all on schema public from public\n\
         grant usage on schema public to {APP}\n"
    )
}

/// The end of a text, for showing.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_path_gets_a_short_socket() {
        assert_eq!(
            socket_dir(Path::new("/var/lib/qingting")),
            Path::new("/var/lib/qingting/socket")
        );
        let deep = PathBuf::from(format!("/{}", "d".repeat(100)));
        let short = socket_dir(&deep);
        assert!(
            short.as_os_str().len() <= SOCKET_DIR_MAX,
            "{}",
            short.display()
        );
        assert_eq!(
            short,
            socket_dir(&deep),
            "the next start must find the same"
        );
        assert_ne!(short, socket_dir(&deep.join("e")));
    }

    #[test]
    fn the_end_of_a_text() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }
}
