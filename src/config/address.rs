//! The address of a database, whose password nobody sees by accident.

use std::fmt;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::platform::embedded::without_password;

/// `postgres://role:password@host:port/database`, as sqlx and PostgreSQL's own programs read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    role: String,
}

impl Address {
    /// Says what is wrong without repeating the address.
    pub fn parse(url: &str) -> Result<Self, String> {
        let scheme = ["postgres://", "postgresql://"];
        if !scheme.iter().any(|scheme| url.starts_with(scheme)) {
            return Err("is not an address that begins with postgres://.".into());
        }
        if url
            .split_once('?')
            .is_some_and(|(_, rest)| rest.contains("password="))
        {
            return Err(
                "names the password after the question mark; write it as role:password@host."
                    .into(),
            );
        }
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| "cannot be read; a password with special characters wants percent signs, as in %40 for @.")?;
        Ok(Self {
            url: url.to_owned(),
            role: options.get_username().to_owned(),
        })
    }

    /// The whole address, password included: for connecting only.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The role that connects.
    pub fn role(&self) -> &str {
        &self.role
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.url).0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}
