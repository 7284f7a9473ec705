//! Finds the PostgreSQL programs: `QINGTING_PG_BIN`, Debian's version directories, PATH.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fault::Fault;

/// Where Debian keeps the versions side by side, each in `<major>/bin`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The first version whose views can obey the caller's policies (`security_invoker`).
pub(super) const OLDEST: u32 = 15;

/// A directory with `postgres` and `initdb`, and their major version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    pub dir: PathBuf,
    pub major: u32,
}

impl Binaries {
    pub fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }
}

/// The programs for `cluster`: those of its own major version if it exists, else the highest.
pub(super) fn find(cluster: &Path) -> Result<Binaries, Fault> {
    let found = candidates(env::var_os("QINGTING_PG_BIN"), env::var_os("PATH").as_ref())?;
    let Ok(version) = fs::read_to_string(cluster.join("PG_VERSION")) else {
        let highest = choose(&found, None).ok_or(Fault::NoBinaries)?;
        if highest.major < OLDEST {
            let found = highest.major;
            return Err(Fault::TooOld { found });
        }
        return Ok(highest);
    };
    let needs = version.trim().parse().unwrap_or(0);
    choose(&found, Some(needs)).ok_or_else(|| {
        if found.is_empty() {
            return Fault::NoBinaries;
        }
        let mut majors: Vec<u32> = found.iter().map(|b| b.major).collect();
        majors.sort_unstable();
        majors.dedup();
        Fault::WrongMajor {
            dir: cluster.to_owned(),
            needs,
            found: majors,
        }
    })
}

/// Where PostgreSQL's client programs may lie, best first, with the major version where the path tells
/// it: the named directory, Debian's versions from the highest, PATH. A machine without a server has no
/// `initdb`, but may have these.
pub(super) fn client_dirs() -> Vec<(Option<u32>, PathBuf)> {
    let named = env::var_os("QINGTING_PG_BIN").filter(|dir| !dir.is_empty());
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions
        .filter_map(|v| {
            let major = v.file_name().to_str()?.parse().ok()?;
            Some((Some(major), v.path().join("bin")))
        })
        .collect();
    debian.sort_unstable_by(|a, b| b.cmp(a));
    let on_path = env::var_os("PATH").unwrap_or_default();
    let unknown = |dir: PathBuf| (None, dir);
    let named = named.map(PathBuf::from).into_iter().map(unknown);
    named
        .chain(debian)
        .chain(env::split_paths(&on_path).map(unknown))
        .collect()
}

/// All usable directories, best source first. A named directory is the only one looked at: who
/// names one does not want another to be taken silently.
fn candidates(named: Option<OsString>, path: Option<&OsString>) -> Result<Vec<Binaries>, Fault> {
    if let Some(dir) = named.filter(|d| !d.is_empty()).map(PathBuf::from) {
        let found = probe(&dir).ok_or(Fault::WrongBinDir(dir))?;
        return Ok(vec![found]);
    }
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut found: Vec<Binaries> = versions.filter_map(|v| versioned(&v.path())).collect();
    let on_path = path.into_iter().flat_map(env::split_paths);
    found.extend(on_path.filter_map(|dir| probe(&dir)));
    Ok(found)
}

/// The highest of the major version asked for, or of all. Of equals the first wins.
fn choose(found: &[Binaries], major: Option<u32>) -> Option<Binaries> {
    let fits = found.iter().filter(|b| major.is_none_or(|m| m == b.major));
    fits.rev().max_by_key(|b| b.major).cloned()
}

/// `/usr/lib/postgresql/15` → its `bin`, if both programs are there.
fn versioned(version: &Path) -> Option<Binaries> {
    let major = version.file_name()?.to_str()?.parse().ok()?;
    let dir = version.join("bin");
    has_both(&dir).then_some(Binaries { dir, major })
}

fn probe(dir: &Path) -> Option<Binaries> {
    if !has_both(dir) {
        return None;
    }
    let output = Command::new(dir.join("postgres"))
        .arg("--version")
        .current_dir("/")
        .output()
        .ok()?;
    let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries {
        dir: dir.to_owned(),
        major,
    })
}

fn has_both(dir: &Path) -> bool {
    dir.is_absolute() && dir.join("postgres").is_file() && dir.join("initdb").is_file()
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` → 15; also `18beta1`.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    let digits = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    number[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(dir: &str, major: u32) -> Binaries {
        Binaries {
            dir: dir.into(),
            major,
        }
    }

    #[test]
    fn reads_the_major_version() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("postgres (PostgreSQL) 17"), Some(17));
        assert_eq!(major_of("something else 12"), None);
    }

    #[test]
    fn takes_the_highest_unless_the_cluster_needs_another() {
        let found = [
            at("/a/9", 9),
            at("/a/17", 17),
            at("/a/15", 15),
            at("/path", 17),
        ];
        assert_eq!(choose(&found, None), Some(at("/a/17", 17)));
        assert_eq!(choose(&found, Some(15)), Some(at("/a/15", 15)));
        assert_eq!(choose(&found, Some(16)), None);
        assert_eq!(choose(&[], None), None);
    }

    #[test]
    fn a_named_directory_without_the_programs_is_a_fault() {
        let empty = tempfile::tempdir().unwrap();
        let fault = candidates(Some(empty.path().into()), None).unwrap_err();
        assert!(matches!(fault, Fault::WrongBinDir(_)), "{fault}");
    }

    #[test]
    fn another_major_is_named() {
        let cluster = tempfile::tempdir().unwrap();
        fs::write(cluster.path().join("PG_VERSION"), "3\n").unwrap();
        match find(cluster.path()) {
            Err(Fault::WrongMajor { needs: 3, .. } | Fault::NoBinaries) => {}
            other => panic!("{other:?}"),
        }
    }
}
