//! Databases with visits, loaded by `qingting demo --bulk` and kept for the next run.

use std::path::PathBuf;
use std::time::Instant;

use qingting::platform::db::MIGRATOR;

use crate::report::Report;
use crate::server::command;
use crate::{Failure, Result, Wanted};

#[derive(Debug)]
pub struct Data {
    pub dir: PathBuf,
}

impl Data {
    /// The kept one if it has today's tables, else a new one.
    pub fn get(wanted: &Wanted, visits: usize, report: &mut Report) -> Result<Self> {
        let name = format!("{}-{visits}-{:08x}", wanted.division, tables());
        let data = Self {
            dir: wanted.dir.join(&name),
        };
        let done = wanted.dir.join(format!("{name}.done"));
        if done.exists() {
            eprintln!("{visits} visits are there: {}", data.dir.display());
            return Ok(data);
        }
        if data.dir.exists() {
            std::fs::remove_dir_all(&data.dir)?;
        }
        eprintln!("loading {visits} visits …");
        let begun = Instant::now();
        let status = command(wanted)
            .args([
                "demo",
                "--bulk",
                &wanted.division.to_string(),
                &visits.to_string(),
            ])
            .arg("--data-dir")
            .arg(&data.dir)
            .status()?;
        if !status.success() {
            return Err(Failure::from("the visits could not be loaded"));
        }
        let seconds = begun.elapsed().as_secs_f64();
        let goal = (visits >= 2_000_000).then_some(("≤ 360", seconds <= 360.0));
        report.figure(
            &format!("loading {visits} visits, s"),
            &format!("{seconds:.0}"),
            goal,
        );
        std::fs::write(done, format!("{seconds:.0} s\n"))?;
        Ok(data)
    }
}

/// Changes with each change of a migration.
fn tables() -> u32 {
    let sums = MIGRATOR
        .iter()
        .flat_map(|migration| migration.checksum.iter());
    sums.fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}
