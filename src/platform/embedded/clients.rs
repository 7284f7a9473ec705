//! Backup and restore by PostgreSQL's own `pg_dump`, `pg_restore` and `psql`, on any database,
//! embedded or not.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::binaries::client_dirs;
use super::cluster::last_lines;
use super::fault::Fault;

/// Everything that somebody made; extensions bring relations of their own.
const RELATIONS: &str =
    "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
 and c.relkind in ('r', 'p', 'v', 'm', 'S')
 and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')";

const TICK: Duration = Duration::from_secs(2);

/// What `restore` does with what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing is there; if something is, the restore fails and changes nothing.
    Empty,
    /// It goes, in the same transaction.
    Replace,
}

/// A directory with the three programs, and the database they are to work on.
#[derive(Clone, Debug)]
pub struct Clients {
    dir: PathBuf,
    address: String,
    password: Option<String>,
}

impl Clients {
    /// The programs for the database at `url`: those of the server's own major version if they are
    /// there, else the highest. Connects once.
    pub fn find(url: &str) -> Result<Self, Fault> {
        let all = ["pg_dump", "pg_restore", "psql"];
        let complete = |dir: &Path| all.iter().all(|program| dir.join(program).is_file());
        let mut dirs = client_dirs();
        dirs.retain(|(_, dir)| complete(dir));
        let (address, password) = without_password(url);
        let (_, dir) = dirs.first().cloned().ok_or(Fault::NoClients)?;
        let found = Self {
            dir,
            address,
            password,
        };
        let server: u32 = found.ask("show server_version_num")?.parse().unwrap_or(0);
        let own = dirs
            .into_iter()
            .find(|(major, _)| *major == Some(server / 10_000));
        Ok(match own {
            Some((_, dir)) => Self { dir, ..found },
            None => found,
        })
    }

    /// Writes the database to `file` in pg_dump's custom format. `tick` is called with the bytes
    /// written, about every two seconds.
    pub fn dump(&self, file: File, tick: &mut dyn FnMut(u64)) -> Result<(), Fault> {
        let progress = file
            .try_clone()
            .map_err(Fault::io("open", Path::new("the backup")))?;
        let mut command = self.command("pg_dump");
        command.args([
            "--format=custom",
            "--no-password",
            "--dbname",
            &self.address,
        ]);
        command.stdin(Stdio::null()).stdout(file);
        let mut dumping = Running::start("pg_dump", command)?;
        let mut last = Instant::now();
        while dumping.lives()? {
            std::thread::sleep(Duration::from_millis(20));
            if last.elapsed() >= TICK {
                last = Instant::now();
                tick(progress.metadata().map_or(0, |m| m.len()));
            }
        }
        dumping.finish()
    }

    /// True when the database holds no table, view or sequence.
    pub fn is_empty(&self) -> Result<bool, Fault> {
        Ok(self.ask(RELATIONS)? == "0")
    }

    /// Plays a file of pg_dump's custom format into the database, in one transaction, so that a
    /// failure leaves what was there. `tick` is called with the bytes played, about every two seconds.
    pub fn restore(
        &self,
        file: &Path,
        place: Place,
        tick: &mut dyn FnMut(u64),
    ) -> Result<(), Fault> {
        let mut read = self.command("pg_restore");
        read.args(["--no-owner", "--no-comments", "--exit-on-error", "--file=-"]);
        read.arg("--").arg(file);
        read.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut read = Running::start("pg_restore", read)?;
        let mut write = self.psql();
        write.args(["-f", "-"]);
        write.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut write = Running::start("psql", write)?;
        let (Some(from), Some(mut to)) = (read.child.stdout.take(), write.child.stdin.take())
        else {
            return Err(Fault::NoClients);
        };
        let played = play(from, &mut to, place, tick);
        let whole = read.finish();
        if played.is_ok() && whole.is_ok() {
            // Only now: a file that breaks off must not leave half a database.
            let _psql_says_why = to.write_all(b"\ncommit;\n");
        }
        drop(to);
        let written = write.finish();
        // The one that failed by itself speaks; the other only lost its partner.
        match (played.is_ok(), whole) {
            (true, Err(broken)) => Err(broken),
            _ => written,
        }
    }

    fn ask(&self, question: &str) -> Result<String, Fault> {
        let mut command = self.psql();
        command.args(["-At", "-c", question]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut asking = Running::start("psql", command)?;
        let mut answer = String::new();
        if let Some(mut stdout) = asking.child.stdout.take() {
            let _psql_says_why = stdout.read_to_string(&mut answer);
        }
        asking.finish().map(|()| answer.trim().to_owned())
    }

    fn psql(&self) -> Command {
        let mut command = self.command("psql");
        command.args([
            "-X",
            "-q",
            "-w",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &self.address,
        ]);
        command
    }

    /// The password goes by the environment: everybody on the machine can read arguments.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.dir.join(program));
        command
            .env("PGCLIENTENCODING", "UTF8")
            .env("LC_ALL", "C.UTF-8");
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
    }
}

/// Copies the script between the two programs, inside a transaction that is left open.
fn play(
    mut from: ChildStdout,
    to: &mut ChildStdin,
    place: Place,
    tick: &mut dyn FnMut(u64),
) -> io::Result<()> {
    to.write_all(b"begin;\n")?;
    if place == Place::Replace {
        to.write_all(b"drop schema public cascade;\ncreate schema public;\n")?;
    }
    let mut buffer = vec![0; 64 << 10];
    let (mut played, mut last) = (0_u64, Instant::now());
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..length])?;
        played += length as u64;
        if last.elapsed() >= TICK {
            last = Instant::now();
            tick(played);
        }
    }
}

/// One of the programs at work; what it complains goes to a file, so that it never blocks on us.
struct Running {
    program: &'static str,
    child: Child,
    complaints: File,
}

impl Running {
    fn start(program: &'static str, mut command: Command) -> Result<Self, Fault> {
        let path = PathBuf::from(command.get_program());
        let complaints = tempfile::tempfile().map_err(Fault::io("write beside", &path))?;
        let copy = complaints
            .try_clone()
            .map_err(Fault::io("write beside", &path))?;
        let child = command
            .stderr(copy)
            .spawn()
            .map_err(Fault::io("run", &path))?;
        Ok(Self {
            program,
            child,
            complaints,
        })
    }

    fn lives(&mut self) -> Result<bool, Fault> {
        let status = self.child.try_wait();
        Ok(status
            .map_err(Fault::io("wait for", Path::new(self.program)))?
            .is_none())
    }

    fn finish(mut self) -> Result<(), Fault> {
        let status = self.child.wait();
        let status = status.map_err(Fault::io("wait for", Path::new(self.program)))?;
        if status.success() {
            return Ok(());
        }
        let mut said = Vec::new();
        let read = self
            .complaints
            .rewind()
            .and_then(|()| self.complaints.read_to_end(&mut said));
        let tail = match read {
            Ok(_) => last_lines(&String::from_utf8_lossy(&said), 12),
            Err(fault) => fault.to_string(),
        };
        Err(Fault::Client {
            program: self.program,
            tail,
        })
    }
}

/// An address without its password, and the password.
pub fn without_password(url: &str) -> (String, Option<String>) {
    let whole = || (url.to_owned(), None);
    let Some((scheme, rest)) = url.split_once("://") else {
        return whole();
    };
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some(at) = rest[..authority].rfind('@') else {
        return whole();
    };
    let Some((user, password)) = rest[..at].split_once(':') else {
        return whole();
    };
    let bare = format!("{scheme}://{user}{}", &rest[at..]);
    (bare, Some(unescaped(password)))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        let apart = |url| without_password(url);
        assert_eq!(
            apart("postgres://me:a%40b:c@db.example:5432/q?sslmode=require"),
            (
                "postgres://me@db.example:5432/q?sslmode=require".into(),
                Some("a@b:c".into())
            )
        );
        for plain in [
            "postgres://me@db/q",
            "postgres:///q?host=%2Fa&user=b:c@d",
            "postgres://db",
            "nonsense",
        ] {
            assert_eq!(apart(plain), (plain.into(), None));
        }
    }

    #[test]
    fn percent_signs_that_mean_nothing_stay() {
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%41%e9%9d%92"), "%zzA青");
    }
}
