//! What the program can do beside what its database can do: loads visits, runs the real server, asks
//! it for pages, and lets pgbench run the same SQL on the same cluster. `script/bench` starts it;
//! docs/performance.md has the goals and the figures of a full run.

mod capture;
mod client;
mod cpu;
mod data;
mod export;
mod load;
mod matters;
mod pages;
mod pgbench;
mod report;
mod server;
mod standing;

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use data::Data;
use report::Report;
use server::Server;

type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// Clients that ask at the same time.
const CLIENTS: usize = 16;

#[derive(Parser, Debug)]
#[command(about = "Measures the server beside pgbench on the same cluster")]
struct Wanted {
    /// The program to measure
    #[arg(long)]
    qingting: PathBuf,
    /// Where loaded databases are kept for the next run
    #[arg(long)]
    dir: PathBuf,
    /// A province or city, by its division
    #[arg(long, default_value_t = 330_000)]
    division: i64,
    /// Visits of the large database
    #[arg(long, default_value_t = 2_000_000)]
    visits: usize,
    /// Visits of the small database
    #[arg(long, default_value_t = 20_000)]
    small: usize,
    /// Rows of the exported file
    #[arg(long, default_value_t = 100_000)]
    rows: i64,
    /// Seconds that each page is asked for
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How often server and pgbench take turns at each page
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Sign-ins and pages after which memory is looked at
    #[arg(long, default_value_t = 1_000)]
    sign_ins: usize,
    #[arg(long, default_value_t = 10_000)]
    pages: usize,
    /// The machine, as it shall be called in the report
    #[arg(long, default_value = "")]
    machine: String,
    /// `cargo bench` adds it
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let wanted = Wanted::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(&wanted))
}

async fn run(wanted: &Wanted) -> Result<()> {
    let mut report = Report::new(&wanted.machine);
    std::fs::create_dir_all(&wanted.dir)?;
    standing::starts(wanted, &mut report)?;
    let small = Data::get(wanted, wanted.small, &mut report)?;
    let large = Data::get(wanted, wanted.visits, &mut report)?;
    let server = Server::start(wanted, &large.dir)?;
    server.settle()?;
    let cast = pages::cast(&server).await?;
    for page in pages::ALL {
        beside_pgbench(wanted, &server, &cast, page, &mut report).await?;
    }
    matters::measure(wanted, &server, &mut report).await?;
    export::measure(wanted, &server, &cast, &mut report).await?;
    standing::memory(wanted, &server, &cast, &mut report).await?;
    pages::overview_of_both(wanted, &server, &cast, &small, &mut report).await?;
    server.stop()?;
    report.print();
    Ok(())
}

/// Server and pgbench by turns at one page; the round in the middle counts.
async fn beside_pgbench(
    wanted: &Wanted,
    server: &Server,
    cast: &pages::Cast,
    page: pages::Page,
    report: &mut Report,
) -> Result<()> {
    let scripts = capture::scripts(server, cast, page).await?;
    let time = Duration::from_secs(wanted.seconds);
    let mut rounds = Vec::new();
    for round in 0..wanted.rounds {
        eprintln!("{}: round {} of {}", page.name(), round + 1, wanted.rounds);
        let ours = load::run(server, cast, page, time).await?;
        let theirs = pgbench::run(server, &scripts, time)?;
        rounds.push(report::Round { ours, theirs });
    }
    report.page(page.name(), scripts.statements(), rounds);
    Ok(())
}
