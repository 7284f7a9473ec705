//! Who came by the public page, as whoever reads may know it: masked, or whole for ten minutes after one
//! tap that the day book keeps.

use axum::response::Response;

use super::see::{Seen, confirm, see};
use crate::issues::model::{CONTACTED, Issue, IssueId, Kind};
use crate::issues::store::Reporter;
use crate::kit::mask::{self, Veil};
use crate::platform::daybook::{self, Line};
use crate::platform::extract::Path;
use crate::platform::render::go;
use crate::platform::scope::{Role, Scope};
use crate::platform::{Error, Result};

const REFUSED: &str = "姓名和电话只有归属单位的书记和跟进人能看。";

/// On the page of its matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub kind: Kind,
    /// Empty: he gave none.
    pub name: String,
    pub phone: String,
    pub is_withdrawn: bool,
    /// It is masked, and the reader may see it whole.
    pub may_open: bool,
}

impl Contact {
    pub fn of(reporter: Reporter, seen: &Seen, scope: &Scope) -> Self {
        let (me, since) = (scope.actor().cadre, scope.now() - daybook::REVEALED);
        let is_mine =
            |it: &daybook::Entry| it.verb == CONTACTED.code && it.cadre_id == me && it.at >= since;
        let may = may_open(&seen.issue, scope);
        let is_whole = may && seen.entries.iter().any(is_mine);
        let has_any = reporter.name.is_some() || reporter.phone.is_some();
        let veil = |text: Option<String>, mask: fn(&str) -> String| match text {
            Some(text) if is_whole => text,
            Some(text) => mask(&text),
            None => String::new(),
        };
        Self {
            kind: reporter.kind,
            name: veil(reporter.name, |name| mask::name(name, Veil::Usual)),
            phone: veil(reporter.phone, mask::phone),
            is_withdrawn: reporter.withdrawn_at.is_some(),
            may_open: may && has_any && !is_whole,
        }
    }

    pub fn is_anonymous(&self) -> bool {
        self.name.is_empty() && self.phone.is_empty() && !self.is_withdrawn
    }
}

/// The 书记 of the committee it belongs to, and there whoever stays with it; who only handles it elsewhere,
/// and superiors, see it masked.
fn may_open(issue: &Issue, scope: &Scope) -> bool {
    let me = scope.actor().cadre;
    if me.is_none() || !scope.is_home(issue.committee_id) {
        return false;
    }
    let nobody_here = issue.handler_cadre_id.is_none() || issue.handler_scope != issue.scope;
    match scope.role() {
        Role::Secretary => true,
        Role::Cadre => issue.handler_cadre_id == me || nobody_here && !issue.is_sensitive,
        Role::Admin | Role::System => false,
    }
}

/// Opens name and telephone: one line of the day book.
pub async fn open(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let seen = scope.look(async |db| see(db, id).await).await?;
    if !may_open(&seen.issue, &scope) {
        return Err(Error::Forbidden(REFUSED));
    }
    let password = confirm(&scope, id);
    if !password.is_empty() {
        return Ok(go(&password));
    }
    let at = seen.issue.line_place(&scope);
    scope
        .work(async |db| db.log_line(Line::new(CONTACTED, Some(id.0), at), ()).await)
        .await?;
    Ok(go(&format!("/issues/{id}")))
}
