//! Addresses of the cluster's databases, for sqlx and for PostgreSQL's own programs.

use std::path::PathBuf;

use super::{APP, DATABASE, OWNER, SUPERUSER};

/// The socket of a running cluster: whoever may enter its directory may connect in any role.
#[derive(Clone, Debug)]
pub struct Socket {
    pub(super) dir: PathBuf,
}

impl Socket {
    /// For migrations, backup and restore.
    pub fn owner_url(&self) -> String {
        self.url(OWNER, DATABASE)
    }

    /// For serving.
    pub fn app_url(&self) -> String {
        self.url(APP, DATABASE)
    }

    /// For cloning databases in tests; never for serving.
    pub fn superuser_url(&self) -> String {
        self.url(SUPERUSER, DATABASE)
    }

    /// The address of any database in any role.
    pub fn url(&self, role: &str, database: &str) -> String {
        let socket = escaped(&self.dir.to_string_lossy());
        format!(
            "postgres:///{}?host={socket}&user={}",
            escaped(database),
            escaped(role)
        )
    }
}

/// Percent-encoding that both sqlx and libpq read (libpq does not take `+` for a space).
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_in_an_address() {
        assert_eq!(escaped("/var/lib/q t+1"), "%2Fvar%2Flib%2Fq%20t%2B1");
        assert_eq!(escaped("青"), "%E9%9D%92");
    }
}
