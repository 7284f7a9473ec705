//! Pages: list and search, one person, the form, a pasted list.

mod edit;
mod list;
mod new;
mod offers;
mod paste;
mod search;
mod show;

pub use edit::{edit, update};
pub use list::list;
pub use new::{create, new};
pub use paste::{paste, paste_form, pasted};
pub use search::search;
pub use show::{ask, call, reveal, show};

use super::model::YouthId;
use super::record::Youth;
use crate::accounts;
use crate::platform::render::go;
use crate::platform::scope::Scope;
use axum::response::Response;

/// On an own phone the password is asked again before the record of somebody guarded is opened, and
/// before anybody's is revealed. Where to send the reader, or nothing.
fn ask_password(scope: &Scope, next: &str) -> Option<Response> {
    (!accounts::confirmed(scope)).then(|| go(&format!("/me/confirm?next={next}")))
}

fn address(id: YouthId) -> String {
    format!("/youth/{id}")
}

/// Whether opening this record asks for the password.
fn is_sensitive(youth: &Youth, scope: &Scope) -> bool {
    youth.is_guarded(scope.today())
}
