//! Backup and restore.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use tokio::runtime::Runtime;

use super::database::{self, Open};
use super::{Failure, run, say};
use crate::config::Config;
use crate::platform::embedded::{Clients, Place};

/// Writes everything to `file`, which must not exist. Until it is whole it is called `….part`.
pub(super) fn backup(config: &Config, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(format!("{} exists; a backup overwrites nothing.", file.display()).into());
    }
    let open = database::join(config)?;
    let clients = Clients::find(open.owner()?.as_str())?;
    let part = file.with_added_extension("part");
    let write = |fault| format!("Could not write {}: {fault}.", part.display());
    let target = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600) // names and telephone numbers are in it
        .open(&part)
        .map_err(write)?;
    let written = target.try_clone().map_err(write)?;
    let dumped = clients.dump(target, &mut |bytes| {
        say(format_args!("{} written", size(bytes)));
    });
    if let Err(fault) = dumped {
        let _best_effort = fs::remove_file(&part);
        return Err(fault.into());
    }
    written.sync_all().map_err(write)?;
    fs::rename(&part, file).map_err(write)?;
    let bytes = written.metadata().map_err(write)?.len();
    say(format_args!(
        "{} is whole: {}.",
        file.display(),
        size(bytes)
    ));
    Ok(())
}

/// Plays `file` into the database, in one transaction, then brings its tables up to date.
pub(super) fn restore(config: &Config, file: &Path, replace: bool) -> Result<(), Failure> {
    File::open(file).map_err(|fault| format!("Could not read {}: {fault}.", file.display()))?;
    let open = database::start(config)?;
    let place = if replace {
        Place::Replace
    } else {
        Place::Empty
    };
    play(&open, file, place)?;
    Runtime::new()?.block_on(run::migrate(open.owner()?))?;
    say(format_args!("{} is restored.", file.display()));
    Ok(())
}

fn play(open: &Open, file: &Path, place: Place) -> Result<(), Failure> {
    let clients = Clients::find(open.owner()?.as_str())?;
    if place == Place::Empty && !clients.is_empty()? {
        return Err(
            "The database is not empty, and a restore mixes nothing. Restore into an empty one, or say \
             --replace to throw away what is there now (back it up first)."
                .into(),
        );
    }
    let tick = &mut |bytes| say(format_args!("{} played", size(bytes)));
    Ok(clients.restore(file, place, tick)?)
}

/// For people: kilobytes and megabytes, as disks count them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
