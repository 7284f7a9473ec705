//! Which account PostgreSQL runs as (it refuses root), and whether that account gets to the data.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::fault::Fault;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
    pub name: String,
    /// We are root and must become this account; else it is our own.
    pub lowered: bool,
}

impl Account {
    /// A command that runs as this account, in `/`, undisturbed by the caller's PG* variables.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if self.lowered {
            command.uid(self.uid).gid(self.gid); // std drops the supplementary groups with them
        }
        command
    }

    /// Every directory down to `path` must let this account pass: data below a private home
    /// (a checkout under /root) would make every later step fail with a puzzling message.
    pub fn enters(&self, path: &Path) -> Result<(), Fault> {
        if !self.lowered {
            return Ok(());
        }
        let blocked = path.ancestors().filter(|dir| {
            fs::metadata(dir).is_ok_and(|m| !self.may_pass(m.uid(), m.gid(), m.mode()))
        });
        match blocked.last() {
            None => Ok(()),
            Some(outermost) => Err(Fault::NotEnterable {
                path: path.to_owned(),
                blocked_at: outermost.to_owned(),
                account: self.name.clone(),
            }),
        }
    }

    fn may_pass(&self, uid: u32, gid: u32, mode: u32) -> bool {
        let bit = if uid == self.uid {
            0o100
        } else if gid == self.gid {
            0o010
        } else {
            0o001
        };
        mode & bit != 0
    }
}

/// An ordinary user stays who they are. Root becomes the owner of the cluster (or of the data
/// directory, before there is a cluster), else `postgres`, else `nobody`.
pub(super) fn choose(data_dir: &Path, cluster: &Path) -> Result<Account, Fault> {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let me = fs::metadata("/proc/self").map_err(Fault::io("look at", Path::new("/proc/self")))?;
    let owner = [cluster, data_dir]
        .into_iter()
        .find_map(|dir| fs::metadata(dir).ok());
    let owner = owner.map_or((me.uid(), me.gid()), |m| (m.uid(), m.gid()));
    if me.uid() != 0 {
        if owner.0 != me.uid() {
            let owner = name_of(&passwd, owner.0);
            return Err(Fault::NotOurs {
                dir: data_dir.to_owned(),
                owner,
            });
        }
        let name = name_of(&passwd, me.uid());
        return Ok(Account {
            uid: me.uid(),
            gid: me.gid(),
            name,
            lowered: false,
        });
    }
    if owner.0 != 0 {
        let name = name_of(&passwd, owner.0);
        return Ok(Account {
            uid: owner.0,
            gid: owner.1,
            name,
            lowered: true,
        });
    }
    let named = ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| by_name(&passwd, name));
    named.ok_or(Fault::NoAccount)
}

fn by_name(passwd: &str, wanted: &str) -> Option<Account> {
    entries(passwd)
        .find(|(name, uid, _)| *name == wanted && *uid != 0)
        .map(|(name, uid, gid)| Account {
            uid,
            gid,
            name: name.to_owned(),
            lowered: true,
        })
}

/// The account's name, or its number when /etc/passwd does not know it.
fn name_of(passwd: &str, uid: u32) -> String {
    entries(passwd)
        .find(|entry| entry.1 == uid)
        .map_or_else(|| format!("uid {uid}"), |(name, ..)| name.to_owned())
}

fn entries(passwd: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some((name, uid, gid))
    })
}

/// Gives a directory or file to the account, when we are root and may: who today runs as root may
/// run as that account tomorrow.
pub(super) fn hand_over(path: &Path, account: &Account) -> Result<(), Fault> {
    if !account.lowered {
        return Ok(());
    }
    std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid))
        .map_err(Fault::io("give to the account of PostgreSQL", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          nobody:x:65534:65533:nobody:/:/usr/sbin/nologin\n\
                          broken line\n\
                          postgres:x:101:104::/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn reads_accounts() {
        let postgres = by_name(PASSWD, "postgres").unwrap();
        assert_eq!((postgres.uid, postgres.gid), (101, 104));
        assert_eq!(by_name(PASSWD, "root"), None);
        assert_eq!(by_name(PASSWD, "mysql"), None);
        assert_eq!(name_of(PASSWD, 65534), "nobody");
        assert_eq!(name_of(PASSWD, 7), "uid 7");
    }

    #[test]
    fn a_private_directory_stops_others() {
        let postgres = by_name(PASSWD, "postgres").unwrap();
        assert!(!postgres.may_pass(0, 0, 0o700));
        assert!(postgres.may_pass(0, 0, 0o711));
        assert!(postgres.may_pass(0, 104, 0o710));
        assert!(postgres.may_pass(101, 0, 0o700));
        assert!(!postgres.may_pass(101, 0, 0o077));
    }
}
