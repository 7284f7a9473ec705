//! CPU time of processes, from /proc.

use std::fs;

use crate::Result;

/// The kernel's ticks, a hundred a second on Linux.
const TICK: f64 = 0.01;

/// CPU seconds used so far by the server and by all of PostgreSQL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    pub server: f64,
    pub database: f64,
}

impl Used {
    pub fn now(server: u32, postmaster: u32) -> Result<Self> {
        let own = Stat::of(server)?;
        let postmaster_stat = Stat::of(postmaster)?;
        // Backends that have ended are in the postmaster's account of its children.
        let mut database = postmaster_stat.own + postmaster_stat.children;
        for stat in Stat::all() {
            if stat.parent == postmaster {
                database += stat.own;
            }
        }
        Ok(Self {
            server: own.own,
            database,
        })
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            database: self.database - before.database,
        }
    }
}

/// CPU seconds of the children of this process that have ended and were waited for.
pub fn of_children() -> Result<f64> {
    Ok(Stat::of(std::process::id())?.children)
}

/// Resident memory in MB.
pub fn resident(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kb.ok_or("no VmRSS")? / 1024.0)
}

struct Stat {
    parent: u32,
    own: f64,
    children: f64,
}

impl Stat {
    fn of(pid: u32) -> Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Self::parse(&text).ok_or_else(|| format!("/proc/{pid}/stat cannot be read").into())
    }

    /// The name stands in parentheses and may hold anything; after it come state, parent …
    fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: (ticks(11)? + ticks(12)?) * TICK,
            children: (ticks(13)? + ticks(14)?) * TICK,
        })
    }

    fn all() -> Vec<Self> {
        let Ok(entries) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        let pids = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid| Self::of(pid).ok()).collect()
    }
}
