//! What the pages of one issue are made of: the record, who reads it in which capacity, what is
//! possible for him.

use chrono::{DateTime, Utc};

use crate::accounts;
use crate::issues::form::{ASKED, Asked};
use crate::issues::lines::{met, names};
use crate::issues::model::{Issue, IssueId, REVEALED, Side, Sight};
use crate::issues::moves::step;
use crate::issues::store;
use crate::platform::Result;
use crate::platform::daybook::{self, Entry};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::youth::Shown;

/// Lines of the day book that are read at most.
const ENTRIES: i64 = 50;

pub struct Seen {
    pub issue: Issue,
    pub youth: Option<Shown>,
    pub sight: Sight,
    /// When the reader gave his purpose, if that still holds.
    pub revealed: Option<DateTime<Utc>>,
    pub entries: Vec<Entry>,
    pub sides: Vec<Side>,
}

pub async fn see(db: &mut ScopedTx, id: IssueId) -> Result<Seen> {
    let issue = store::get(db, id).await?;
    seen(db, issue).await
}

pub async fn seen(db: &mut ScopedTx, issue: Issue) -> Result<Seen> {
    let names = names(db, std::slice::from_ref(&issue)).await?;
    let youth = issue.youth_id.and_then(|id| names.get(&id).cloned());
    let sight = issue.sight(db.scope(), met(youth.as_ref()));
    let entries = daybook::of_object(db, issue.id.0, ENTRIES).await?;
    let (me, since) = (db.scope().actor().cadre, db.now() - daybook::REVEALED);
    let mine = entries
        .iter()
        .find(|it| it.verb == REVEALED.code && it.cadre_id == me && it.at >= since);
    let sides = store::sides(db, &issue).await?;
    // Who stands in for the cadre who handles it reads as he would, saying why.
    let sight = match sight {
        Sight::Closed if sides.contains(&Side::Handler) => Sight::Purpose,
        sight => sight,
    };
    Ok(Seen {
        youth,
        sight,
        revealed: mine.map(|it| it.at),
        sides,
        entries,
        issue,
    })
}

impl Seen {
    /// Text and words are shown.
    pub fn is_open(&self) -> bool {
        self.sight == Sight::Open || self.sight == Sight::Purpose && self.revealed.is_some()
    }

    /// The moves with a form that whoever reads may make.
    pub fn offers(&self) -> Vec<&'static Asked> {
        let may = |asked: &&Asked| {
            let back = self.issue.resume_state;
            step(self.issue.state, back, asked.act, &self.sides).is_ok()
        };
        ASKED.iter().filter(may).collect()
    }
}

/// Where the password is given again; empty when it need not be.
pub fn confirm(scope: &Scope, id: IssueId) -> String {
    if accounts::confirmed(scope) {
        String::new()
    } else {
        format!("/me/confirm?next=/issues/{id}")
    }
}
