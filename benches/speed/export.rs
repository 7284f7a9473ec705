//! The list of visits as a file, beside `COPY … TO` of the same joined query.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::Row;

use crate::capture::{self, Statement};
use crate::client::Client;
use crate::pages::{Cast, Seat};
use crate::report::Report;
use crate::server::Server;
use crate::{Result, Wanted, cpu, pgbench};

pub async fn measure(
    wanted: &Wanted,
    server: &Server,
    cast: &Cast,
    report: &mut Report,
) -> Result<()> {
    let (seat, from, to, rows) = period(server, cast, wanted.rows).await?;
    let mut client = Client::signed_in(server, &seat.phone).await?;
    let path = format!(
        "/reports/visits.xlsx?committee={}&from={from}&to={to}",
        seat.committee
    );
    client.get(&path).await?;
    let idle = server.resident()?;
    let (mut file, mut copied, mut peak, mut bytes) = (f64::MAX, f64::MAX, 0.0_f64, 0);
    let statements = capture::of_path(server, &mut client, &path).await?;
    for round in 0..wanted.rounds {
        eprintln!(
            "file of {rows} visits: round {} of {}",
            round + 1,
            wanted.rounds
        );
        let watch = Watch::begin(server.pid());
        let begun = Instant::now();
        bytes = client.get(&path).await?;
        file = file.min(begun.elapsed().as_secs_f64());
        peak = peak.max(watch.end());
        let begun = Instant::now();
        copy(server, &statements)?;
        copied = copied.min(begun.elapsed().as_secs_f64());
    }
    let ratio = file / copied;
    report.figure(
        &format!(".xlsx of {rows} visits ÷ COPY … TO"),
        &format!(
            "{ratio:.1} ({file:.2} s, {} KB ÷ {copied:.2} s)",
            bytes / 1024
        ),
        Some(("≤ 10", ratio <= 10.0)),
    );
    let more = peak - idle;
    report.figure(
        "memory while it is written, MB over idle",
        &format!("{more:.0}"),
        Some(("≤ 64", more <= 64.0)),
    );
    Ok(())
}

/// A city and a period from its first visit in which it has about so many.
async fn period(server: &Server, cast: &Cast, rows: i64) -> Result<(Seat, String, String, i64)> {
    let mut db = server.superuser().await?;
    let mut best: Option<(Seat, i64)> = None;
    for seat in &cast.cities {
        let sql = "select count(*) from visits where tenant_id = $1 and state = 'submitted'";
        let n: i64 = sqlx::query_scalar(sql)
            .bind(seat.tenant)
            .fetch_one(&mut db)
            .await?;
        if best.as_ref().is_none_or(|(_, most)| n > *most) {
            best = Some((seat.clone(), n));
        }
    }
    let (seat, n) = best.ok_or("no city")?;
    let sql = "with days as (
             select evening, sum(count(*)) over (order by evening) as so_far
             from visits
             where tenant_id = $1 and state = 'submitted'
             group by evening)
         select min(evening)::text as first, max(evening)::text as last, max(so_far)::bigint as n
         from days
         where so_far <= $2 or evening = (select min(evening) from days)";
    let row = sqlx::query(sql)
        .bind(seat.tenant)
        .bind(rows.min(n))
        .fetch_one(&mut db)
        .await?;
    Ok((seat, row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// The joined query of the file.
fn copy(server: &Server, statements: &[Statement]) -> Result<()> {
    let is_query = |statement: &&Statement| statement.sql.contains("from visits v");
    let at = statements.iter().position(|statement| is_query(&statement));
    let at = at.ok_or("the query of the file was not logged")?;
    let begin = &statements[..at]
        .iter()
        .rev()
        .find(|one| one.sql.starts_with("begin"));
    let begin = begin.map(|one| one.sql.clone()).ok_or("no transaction")?;
    let query = literal(&statements[at]);
    let sql = format!("{begin}; copy ({query}) to stdout; commit");
    let status = Command::new("psql")
        .env("PGOPTIONS", pgbench::settings(server)?)
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", &sql])
        .arg(server.socket.app_url())
        .stdout(Stdio::null())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("COPY failed".into())
    }
}

/// Highest number first, so that `$1` does not eat `$10`.
fn literal(statement: &Statement) -> String {
    let numbered = statement.parameters.iter().enumerate().rev();
    numbered.fold(statement.sql.clone(), |sql, (index, value)| {
        let value = value.as_ref().map_or("null".to_owned(), |value| {
            format!("'{}'", value.replace('\'', "''"))
        });
        sql.replace(&format!("${}", index + 1), &value)
    })
}

/// Looks at a process's memory until told to end.
struct Watch {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<f64>,
}

impl Watch {
    fn begin(pid: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let thread = std::thread::spawn(move || {
            let mut peak = 0.0_f64;
            while !told.load(Ordering::Relaxed) {
                peak = peak.max(cpu::resident(pid).unwrap_or(0.0));
                std::thread::sleep(Duration::from_millis(20));
            }
            peak
        });
        Self { stop, thread }
    }

    fn end(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or(0.0)
    }
}
