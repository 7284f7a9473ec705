//! What can go wrong in a handler, and the page each fault gets. The reader sees a sentence and a
//! number; the cause goes to the log and nowhere else.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which one to use: `NotFound` for whatever is out of the reader's sight (never say more),
/// `Forbidden` for a role that may not, inside one's own scope; the rest as named.
#[derive(Debug)]
pub enum Error {
    /// 404, in the same words whether it is not there or another's.
    NotFound,
    /// 403, with the sentence that says whom to ask.
    Forbidden(&'static str),
    /// 303 to the sign-in page for a page; 401 for a partial.
    SignIn,
    /// 409: somebody changed the record meanwhile, or its id is taken by other content.
    Stale(&'static str),
    /// 400: an address that no page of ours makes (an unknown filter value, a foreign page mark).
    BadAddress(&'static str),
    /// 403: a post that did not come from our own pages.
    ForeignOrigin,
    /// 405: the address is there, but not for this.
    WrongMethod,
    /// 429, with the seconds to wait.
    TooMany(u64),
    /// 413.
    TooLarge,
    /// 503: the database or the hashing thread is busy or away; what was typed is safe.
    Busy,
    /// 500.
    Bug(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn bug(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Bug(cause.into())
    }

    /// For the log: a bug with its whole chain of causes, in their own words. Never `Debug`, with which the
    /// database's faults quote the row that was in the way.
    pub fn cause(&self) -> String {
        let Self::Bug(cause) = self else {
            return format!("{self:?}");
        };
        let mut chain = cause.to_string();
        let mut next = cause.source();
        while let Some(cause) = next {
            chain.push_str(": ");
            chain.push_str(&cause.to_string());
            next = cause.source();
        }
        chain
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Stale(_) => StatusCode::CONFLICT,
            Self::BadAddress(_) => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Bug(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(fault: sqlx::Error) -> Self {
        Self::Bug(Box::new(fault))
    }
}

impl From<askama::Error> for Error {
    fn from(fault: askama::Error) -> Self {
        Self::Bug(Box::new(fault))
    }
}

/// A fault on its way to the one middleware that renders it (it alone knows shell and number).
#[derive(Clone, Debug)]
pub struct Carried(pub Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

/// Turns the violation of one named constraint into a value; every other fault stays a fault.
pub fn on_constraint<T>(
    outcome: Result<T, sqlx::Error>,
    constraint: &str,
    otherwise: impl FnOnce() -> Error,
) -> Result<T> {
    match outcome {
        Err(sqlx::Error::Database(fault)) if fault.constraint() == Some(constraint) => {
            Err(otherwise())
        }
        other => other.map_err(Error::from),
    }
}
