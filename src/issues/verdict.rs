//! 评: the young person's verdict by a link, made in one transaction with what comes of it. 没办成
//! reopens; after it was reopened twice it climbs a level as well.

use super::clock::{above, climb};
use super::model::{Act, Bar, Link, Move, MoveId, NewMove, NewVerdict, Side, Verdict};
use super::store::{self, Made, Near};
use crate::platform::scope::Scope;
use crate::platform::session;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// How often 没办成 only reopens.
const REOPENINGS: i16 = 2;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Given,
    /// It was judged, reopened or closed for good meanwhile.
    Over,
    /// Too long after its closing.
    Late,
    /// From the device on which it was closed, or its link was made.
    Handler,
}

/// The link behind a token; None: nobody has made it.
pub async fn open(nobody: &Scope, token: &str) -> Result<Option<Link>> {
    let hash = session::hash(token);
    nobody.look(async |db| store::linked(db, &hash).await).await
}

/// Of whoever holds the link.
pub fn scope_of(nobody: &Scope, link: &Link) -> Scope {
    nobody.by_link(link.place, link.level)
}

/// Gives the verdict, under the scope of the link.
pub async fn give(scope: &Scope, link: &Link, new: &NewVerdict) -> Result<Outcome> {
    let given = scope
        .work(async |db| {
            let given = write(db, link, new).await?;
            Ok(db.unchanged(given))
        })
        .await;
    match given {
        // Two at once: the other was quicker.
        Err(Error::Stale(_)) => Ok(Outcome::Over),
        other => other,
    }
}

async fn write(db: &mut ScopedTx, link: &Link, new: &NewVerdict) -> Result<Outcome> {
    let issue = store::get(db, link.issue).await?;
    if !issue.awaits_verdict() || issue.closings != link.closing {
        return Ok(Outcome::Over);
    }
    let near = store::near(db, link, &new.from).await?;
    if near == Near::Device {
        return Ok(Outcome::Handler);
    }
    let act = match new.verdict {
        Verdict::Done => Move::VerdictDone,
        Verdict::Half => Move::VerdictHalf,
        Verdict::Not => Move::VerdictNot,
    };
    let mut act = NewMove {
        id: MoveId::new_v7(db.now()),
        version: Some(issue.version),
        act: Act::Plain(act),
        words: new.words.clone(),
        is_shown: true,
    };
    match store::apply_as(db, issue.id, &act, Side::Youth).await? {
        Made::Done => {}
        Made::Barred(Bar::TooLate) => return Ok(Outcome::Late),
        Made::Barred(_) | Made::Meanwhile(_) => return Ok(Outcome::Over),
    }
    store::add_verdict(db, &issue, link, (new, near)).await?;
    if new.verdict == Verdict::Not
        && issue.reopenings >= REOPENINGS
        && let Some(to) = above(db, &issue).await?
    {
        act = NewMove {
            id: MoveId::new_v7(db.now()),
            version: None,
            act: climb(to),
            words: None,
            is_shown: false,
        };
        store::apply_as(db, issue.id, &act, Side::System).await?;
    }
    Ok(Outcome::Given)
}
