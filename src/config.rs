//! What the program is told from outside: environment variables (and the flags that stand for them),
//! read once into a typed `Config`. There are no configuration files.
//!
//! Reading is a pure function of a map, reports all faults at once, and never shows a password.

mod address;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::Uri;
use tracing_subscriber::EnvFilter;

use crate::kit::network::{self, Network};
use crate::platform::{db, embedded};

pub use address::Address;

/// Every variable with its meaning, for `--help`; a test compares docs/operations.md with it.
pub const VARIABLES: [(&str, &str); 15] = [
    (
        "DATABASE_URL",
        "a PostgreSQL of your own, as the role that serves; without it an embedded one is started",
    ),
    (
        "DATABASE_OWNER_URL",
        "the same database as the role that owns the tables: migrate, backup, restore",
    ),
    (
        "DATABASE_REPLICA_URL",
        "a read-only copy for overviews and exports (default: DATABASE_URL)",
    ),
    (
        "QINGTING_DATA_DIR",
        "where the embedded PostgreSQL keeps its data (root: /var/lib/qingting)",
    ),
    (
        "QINGTING_FILES_DIR",
        "where attachments lie (default: files in the data directory); a backup does not hold them",
    ),
    (
        "QINGTING_PG_BIN",
        "directory of PostgreSQL's programs, if they are not found",
    ),
    (
        "QINGTING_LISTEN",
        "address and port (default 127.0.0.1:8090)",
    ),
    (
        "QINGTING_PUBLIC_URL",
        "the address people use, https://…, when a TLS proxy stands in front",
    ),
    (
        "QINGTING_TRUSTED_PROXY",
        "addresses or networks whose X-Forwarded-For is believed (with a public URL: this machine)",
    ),
    (
        "QINGTING_NIGHT_START",
        "hour from which a visit counts as a night visit, 12 to 23 (default 18)",
    ),
    (
        "QINGTING_FILING",
        "number of the filing as a government mobile application, shown at the foot of pages",
    ),
    ("QINGTING_ICP", "ICP number, shown at the foot of pages"),
    (
        "QINGTING_POLICE",
        "number of the filing with the police, shown at the foot of pages",
    ),
    (
        "QINGTING_LOG",
        "what is logged, as in RUST_LOG (default info)",
    ),
    ("QINGTING_LOG_FORMAT", "text or json (default text)"),
];

/// The whole configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub database: Database,
    /// Where attachments lie.
    pub files_dir: PathBuf,
    pub listen: SocketAddr,
    /// Scheme, host and port, without a slash at the end. None: reached at `listen`, without TLS.
    pub public_url: Option<String>,
    /// Peers whose `X-Forwarded-For` is believed; see [`client_address`].
    pub trusted_proxies: Vec<Network>,
    /// First hour of the night, 12 to 23, local time.
    pub night_start: u32,
    pub filing: Filing,
    pub log: Log,
}

/// Which PostgreSQL holds the records.
#[derive(Clone, Debug)]
pub enum Database {
    /// One that the program starts itself, with its data here.
    Embedded { data_dir: PathBuf },
    /// One that somebody else runs.
    Given(Urls),
}

/// Where the database is, by role.
#[derive(Clone, Debug)]
pub struct Urls {
    /// Serves; row-level security binds it.
    pub app: Address,
    /// Owns the tables; a server that may not migrate is not told it.
    pub owner: Option<Address>,
    /// A read-only copy for overviews and exports.
    pub replica: Option<Address>,
}

/// Numbers that must stand at the foot of each page once the operator has them.
#[derive(Clone, Debug, Default)]
pub struct Filing {
    /// 政务移动互联网应用程序备案号
    pub app: Option<String>,
    /// ICP备案号
    pub icp: Option<String>,
    /// 公网安备号
    pub police: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Log {
    /// Directives of `tracing_subscriber::EnvFilter`, already parsed once.
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Everything that is wrong with the configuration, one sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Faults {}

impl Config {
    /// Reads the variables of a map; those without value count as absent.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Self, Faults> {
        let mut reader = Reader {
            variables,
            faults: Vec::new(),
        };
        reader.strangers();
        let public_url = reader.parsed("QINGTING_PUBLIC_URL", public_url);
        let config = Self {
            database: reader.database(),
            files_dir: reader
                .get("QINGTING_FILES_DIR")
                .map_or_else(|| reader.data_dir().join("files"), PathBuf::from),
            listen: reader
                .parsed("QINGTING_LISTEN", listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8090))),
            trusted_proxies: reader
                .parsed("QINGTING_TRUSTED_PROXY", network::list)
                .unwrap_or_else(|| network::this_machine(public_url.is_some())),
            public_url,
            night_start: reader
                .parsed("QINGTING_NIGHT_START", night_start)
                .unwrap_or(18),
            filing: Filing {
                app: reader.parsed("QINGTING_FILING", number),
                icp: reader.parsed("QINGTING_ICP", number),
                police: reader.parsed("QINGTING_POLICE", number),
            },
            log: Log {
                filter: reader
                    .parsed("QINGTING_LOG", filter)
                    .unwrap_or_else(|| format!("info,{}", db::QUIET)),
                format: reader
                    .parsed("QINGTING_LOG_FORMAT", log_format)
                    .unwrap_or(LogFormat::Text),
            },
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(Faults(reader.faults))
        }
    }
}

/// Reads one variable after another and remembers what is wrong.
struct Reader<'a> {
    variables: &'a BTreeMap<String, String>,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        let value = self.variables.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The value if it is there and good; a bad one is a fault.
    fn parsed<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        match parse(self.get(name)?) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.faults.push(format!("{name} {fault}"));
                None
            }
        }
    }

    /// A mistyped name would be ignored in silence.
    fn strangers(&mut self) {
        let known = |name: &str| VARIABLES.iter().any(|(known, _)| *known == name);
        let ours = self
            .variables
            .keys()
            .filter(|name| name.starts_with("QINGTING_"));
        for name in ours.filter(|name| !known(name)) {
            self.faults
                .push(format!("{name} is not a variable of this program."));
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.get("QINGTING_DATA_DIR")
            .map_or_else(embedded::default_data_dir, PathBuf::from)
    }

    fn database(&mut self) -> Database {
        let app = self.parsed("DATABASE_URL", Address::parse);
        let owner = self.parsed("DATABASE_OWNER_URL", Address::parse);
        let replica = self.parsed("DATABASE_REPLICA_URL", Address::parse);
        if self.get("DATABASE_URL").is_none() {
            for name in ["DATABASE_OWNER_URL", "DATABASE_REPLICA_URL"] {
                if self.get(name).is_some() {
                    let fault =
                        format!("{name} is set, but DATABASE_URL is not: set both or neither.");
                    self.faults.push(fault);
                }
            }
        }
        if let (Some(app), Some(owner)) = (&app, &owner)
            && app.role() == owner.role()
        {
            self.faults.push(format!(
                "DATABASE_URL and DATABASE_OWNER_URL both name the role {}: who serves may not own the tables.",
                app.role()
            ));
        }
        match app {
            Some(app) => Database::Given(Urls {
                app,
                owner,
                replica,
            }),
            None => Database::Embedded {
                data_dir: self.data_dir(),
            },
        }
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("is {text:?}, not an address with a port such as 127.0.0.1:8090 or [::]:8090.")
    })
}

/// Only https: the session cookie does not travel without it. On this machine itself browsers make
/// an exception, which tests and trials use.
fn public_url(text: &str) -> Result<String, String> {
    let fault = || {
        format!("is {text:?}, not an address such as https://qingting.example.cn, without a path.")
    };
    let uri: Uri = text.parse().map_err(|_| fault())?;
    let authority = uri.authority().ok_or_else(fault)?;
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host());
    let secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => local,
        _ => false,
    };
    let bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
    if secure && bare {
        Ok(text.trim_end_matches('/').to_ascii_lowercase())
    } else {
        Err(fault())
    }
}

/// The evening of a night is the date of the noon before it, so it starts after noon.
fn night_start(text: &str) -> Result<u32, String> {
    let hour = text.parse().ok().filter(|hour| (12..=23).contains(hour));
    hour.ok_or_else(|| format!("is {text:?}, not an hour from 12 to 23."))
}

fn number(text: &str) -> Result<String, String> {
    if text.chars().count() > 60 || text.chars().any(char::is_control) {
        return Err("is longer than 60 characters or holds control characters.".into());
    }
    Ok(text.to_owned())
}

fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(fault) => Err(format!(
            "is {text:?}, not a log filter such as info or info,sqlx=warn ({fault})."
        )),
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("is {text:?}, neither text nor json.")),
    }
}

#[cfg(test)]
mod tests;
