//! The commands of the binary: serve (the default), migrate, demo, create-admin, backup, restore.
//!
//! What people read goes to standard output, the log to standard error. Exit status: 0 done,
//! 1 failed, 2 wrong arguments or configuration.

mod database;
mod dump;
mod keep;
mod run;
mod serve;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Arguments;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, Log, LogFormat, VARIABLES};

/// Why a command failed; `Display` is what the person at the terminal reads.
pub type Failure = Box<dyn Error + Send + Sync>;

const EXAMPLES: &str = "\
Examples:
  qingting                                      serve on http://127.0.0.1:8090 with an embedded PostgreSQL
  qingting serve --public-url https://qt.example.cn
                                                behind a TLS proxy on the same machine
  qingting create-admin --phone 13800000000 --name 王芳
                                                make a system administrator, print the one-time code
  qingting backup /srv/backup/qingting.dump     also while it serves
  qingting restore /srv/backup/qingting.dump    into an empty database

Environment:
";

#[derive(Parser)]
#[command(
    name = "qingting",
    version,
    about,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Args, Default)]
struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The https address people use, when a TLS proxy stands in front
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Plant the demo tenant if the embedded database is empty
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args, Default)]
struct DataArgs {
    /// Where the embedded PostgreSQL keeps its data
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until Ctrl-C or SIGTERM (what happens without a command)
    Serve(ServeArgs),
    /// Bring the tables up to date (serve does it too, when it may)
    Migrate(DataArgs),
    /// Plant the demo tenant in an empty embedded database and print its accounts
    Demo {
        /// For measuring: load so many visits over a province or city instead
        #[arg(long, hide = true, num_args = 2, value_names = ["DIVISION", "VISITS"])]
        bulk: Option<Vec<i64>>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Make a system administrator and print the one-time code for the first sign-in
    CreateAdmin {
        /// Mobile number to sign in with
        #[arg(long)]
        phone: String,
        /// Name as colleagues see it
        #[arg(long)]
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Write everything to a new file, in pg_dump's custom format
    Backup {
        file: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Play a backup into an empty database, then bring its tables up to date
    Restore {
        file: PathBuf,
        /// Throw away what is in the database now
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Run the embedded PostgreSQL alone and print its addresses
    #[command(hide = true)]
    Keep(DataArgs),
}

/// Runs the command of the process's arguments.
pub fn main() -> ExitCode {
    let begun = Instant::now();
    let cli = Cli::command().after_help(help()).get_matches();
    let cli = Cli::from_arg_matches(&cli).unwrap_or_else(|fault| fault.exit());
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    let config = match Config::read(&variables(command.data(), &command)) {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(2);
        }
    };
    start_log(&config.log);
    match command.run(&config, begun) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn data(&self) -> &DataArgs {
        match self {
            Self::Serve(ServeArgs { data, .. })
            | Self::Migrate(data)
            | Self::Demo { data, .. }
            | Self::CreateAdmin { data, .. }
            | Self::Backup { data, .. }
            | Self::Restore { data, .. }
            | Self::Keep(data) => data,
        }
    }

    fn run(self, config: &Config, begun: Instant) -> Result<(), Failure> {
        match self {
            Self::Serve(ServeArgs { demo, .. }) => serve::serve(config, demo, begun),
            Self::Migrate(_) => database::migrate(config),
            Self::Demo { bulk, .. } => database::demo(config, bulk.as_deref()),
            Self::CreateAdmin { phone, name, .. } => database::create_admin(config, &phone, &name),
            Self::Backup { file, .. } => dump::backup(config, &file),
            Self::Restore { file, replace, .. } => dump::restore(config, &file, replace),
            Self::Keep(_) => keep::keep(config),
        }
    }
}

/// The environment, with the flags in the place of the variables they stand for.
fn variables(data: &DataArgs, command: &Command) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let mut flags = vec![("QINGTING_DATA_DIR", &data.data_dir)];
    if let Command::Serve(serve) = command {
        flags.push(("QINGTING_LISTEN", &serve.listen));
        flags.push(("QINGTING_PUBLIC_URL", &serve.public_url));
    }
    for (name, flag) in flags {
        if let Some(value) = flag {
            all.insert(name.to_owned(), value.clone());
        }
    }
    all
}

fn help() -> String {
    let line = |(name, meaning): &(&str, &str)| format!("  {name:24}{meaning}\n");
    let lines: Vec<String> = VARIABLES.iter().map(line).collect();
    EXAMPLES.to_owned() + &lines.concat()
}

/// Tells the person at the terminal. Whether somebody still listens is no reason to stop serving.
fn say(text: Arguments<'_>) {
    let _nobody_reads = writeln!(std::io::stdout(), "{text}");
}

/// The filter was parsed once already, when the configuration was read.
fn start_log(log: &Log) {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&log.filter))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().init(),
    }
    std::panic::set_hook(Box::new(log_panic));
}

/// Where, and what stands in the source; a message that was put together may quote a record.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string);
    let literal = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(at, literal, "a panic");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_stand_for_variables() {
        let cli = Cli::parse_from([
            "qingting",
            "serve",
            "--listen",
            "[::1]:9",
            "--data-dir",
            "/d",
        ]);
        let command = cli.command.unwrap();
        let all = variables(command.data(), &command);
        assert_eq!(all["QINGTING_LISTEN"], "[::1]:9");
        assert_eq!(all["QINGTING_DATA_DIR"], "/d");
        let bare = Cli::parse_from(["qingting", "--demo", "--public-url", "https://a.example"]);
        assert!(bare.command.is_none() && bare.serve.demo);
    }
}
