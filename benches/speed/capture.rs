//! What the server asks of PostgreSQL for a page: the statements as PostgreSQL logs them, made into
//! scripts for pgbench. So pgbench runs the same SQL, with the same parameters, in the same
//! transactions, by construction.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use sqlx::{Executor, PgConnection};

use crate::client::Client;
use crate::load::count;
use crate::pages::{Cast, Page, Seat};
use crate::server::Server;
use crate::{CLIENTS, Result};

mod fresh;

/// A statement with its parameters; `None` is null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub sql: String,
    pub parameters: Vec<Option<String>>,
}

/// One script for each client.
#[derive(Debug)]
pub struct Scripts {
    pub files: Vec<PathBuf>,
    pub variables: Vec<(String, String)>,
    statements: usize,
}

impl Scripts {
    /// Messages a page, each with its answer.
    pub fn statements(&self) -> f64 {
        count(self.statements) / count(self.files.len())
    }
}

/// Asks for the page once for each client and writes down what PostgreSQL was asked.
pub async fn scripts(server: &Server, cast: &Cast, page: Page) -> Result<Scripts> {
    let mut clients = Vec::new();
    for index in 0..CLIENTS {
        let seat = cast.seat(page, index);
        let mut client = Client::signed_in(server, &seat.phone).await?;
        page.ask(&mut client, &seat).await?;
        clients.push((client, seat));
    }
    let dir = server.data_dir.join("scripts");
    fs::create_dir_all(&dir)?;
    let mut scripts = Scripts {
        files: Vec::new(),
        variables: Vec::new(),
        statements: 0,
    };
    let mut db = server.superuser().await?;
    tell_all(&mut db).await?;
    for (index, (client, seat)) in clients.iter_mut().enumerate() {
        let statements = of_page(server, client, seat, page).await?;
        let text = fresh::script(&statements, index, &mut scripts.variables);
        let file = dir.join(format!("{index}.sql"));
        fs::write(&file, text)?;
        scripts.statements += statements.len();
        scripts.files.push(file);
    }
    tell_nothing(&mut db).await?;
    Ok(scripts)
}

/// What PostgreSQL is asked while `path` is got.
pub async fn of_path(server: &Server, client: &mut Client, path: &str) -> Result<Vec<Statement>> {
    let mut db = server.superuser().await?;
    tell_all(&mut db).await?;
    let from = length(server)?;
    client.get(path).await?;
    tell_nothing(&mut db).await?;
    statements(&read_from(server, from)?)
}

/// Asked twice: the first time a session is looked up, which then stands in memory.
async fn of_page(
    server: &Server,
    client: &mut Client,
    seat: &Seat,
    page: Page,
) -> Result<Vec<Statement>> {
    page.ask(client, seat).await?;
    let from = length(server)?;
    page.ask(client, seat).await?;
    tokio::time::sleep(Duration::from_millis(30)).await;
    let found = statements(&read_from(server, from)?)?;
    if found.is_empty() {
        return Err(format!("no statement of {} was logged", page.name()).into());
    }
    Ok(found)
}

async fn tell_all(db: &mut PgConnection) -> Result<()> {
    db.execute("alter system set log_statement = 'all'").await?;
    db.execute("alter system set log_error_verbosity = 'default'")
        .await?;
    reload(db).await
}

async fn tell_nothing(db: &mut PgConnection) -> Result<()> {
    db.execute("alter system reset log_statement").await?;
    db.execute("alter system reset log_error_verbosity").await?;
    reload(db).await
}

async fn reload(db: &mut PgConnection) -> Result<()> {
    db.execute("select pg_reload_conf()").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    Ok(())
}

fn length(server: &Server) -> Result<u64> {
    Ok(fs::metadata(server.database_log())?.len())
}

fn read_from(server: &Server, from: u64) -> Result<String> {
    let mut file = File::open(server.database_log())?;
    file.seek(SeekFrom::Start(from))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// Whose work it is: a page's transactions name an account, those of the ticker and of looking a
/// session up name none.
const NOBODY: &str = "app.account = '00000000-0000-0000-0000-000000000000'";

/// The statements of all transactions of accounts, in order.
fn statements(log: &str) -> Result<Vec<Statement>> {
    let mut running: Vec<(u32, Vec<Statement>)> = Vec::new();
    let mut done = Vec::new();
    for entry in entries(log) {
        if let Some(parameters) = entry.text.strip_prefix("DETAIL:  parameters: ") {
            let of = running.iter_mut().find(|(pid, _)| *pid == entry.pid);
            if let Some(last) = of.and_then(|(_, statements)| statements.last_mut()) {
                last.parameters = parse_parameters(parameters)?;
            }
            continue;
        }
        let Some(sql) = sql_of(&entry.text) else {
            continue;
        };
        if sql.starts_with("begin") {
            running.retain(|(pid, _)| *pid != entry.pid);
            running.push((entry.pid, Vec::new()));
        }
        let Some(at) = running.iter().position(|(pid, _)| *pid == entry.pid) else {
            continue;
        };
        let ends = sql == "commit" || sql == "rollback";
        running[at].1.push(Statement {
            sql,
            parameters: Vec::new(),
        });
        if ends {
            let (_, statements) = running.swap_remove(at);
            if !statements[0].sql.contains(NOBODY) {
                done.extend(statements);
            }
        }
    }
    Ok(done)
}

/// One message of the log: `2026-11-24 10:20:00.123 UTC [77] LOG:  …`, further lines after a tab.
struct Entry {
    pid: u32,
    text: String,
}

fn entries(log: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in log.lines() {
        if let (Some(further), Some(last)) = (line.strip_prefix('\t'), entries.last_mut()) {
            last.text.push('\n');
            last.text.push_str(further);
        } else if let Some(entry) = first_line(line) {
            entries.push(entry);
        }
    }
    entries
}

fn first_line(line: &str) -> Option<Entry> {
    let (_, rest) = line.split_once(" [")?;
    let (pid, text) = rest.split_once("] ")?;
    Some(Entry {
        pid: pid.parse().ok()?,
        text: text.to_owned(),
    })
}

fn sql_of(text: &str) -> Option<String> {
    let text = text.strip_prefix("LOG:  ")?;
    let sql = match text.strip_prefix("statement: ") {
        Some(sql) => sql,
        None => text.strip_prefix("execute ")?.split_once(": ")?.1,
    };
    Some(sql.trim().trim_end_matches(';').to_owned())
}

/// `$1 = 'a', $2 = NULL`, in which a quote is doubled.
fn parse_parameters(text: &str) -> Result<Vec<Option<String>>> {
    let mut parameters = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (_, value) = rest
            .split_once(" = ")
            .ok_or("parameters that are not understood")?;
        if let Some(after) = value.strip_prefix("NULL") {
            parameters.push(None);
            rest = after.trim_start_matches(", ");
            continue;
        }
        let mut value = value.strip_prefix('\'').ok_or("a value without quotes")?;
        let mut plain = String::new();
        loop {
            let (before, after) = value.split_once('\'').ok_or("a value without end")?;
            plain.push_str(before);
            if let Some(after) = after.strip_prefix('\'') {
                plain.push('\'');
                value = after;
            } else {
                rest = after.trim_start_matches(", ");
                break;
            }
        }
        parameters.push(Some(plain));
    }
    Ok(parameters)
}
