//! 回访: the clock draws closings, those whose verdict came over the phone or the network of who handles
//! the matter before all others, of the rest as many in a hundred as the city says; the draw follows from
//! the matter alone, so that it is the same however often it is made. Somebody else than who closed it
//! asks, and what he finds stands apart from the closing.

use std::time::Duration;

use super::model::{Act, IssueId, Move, NewFollowUp, NewMove};
use super::store::{self, Made};
use crate::calendar;
use crate::platform::Result;
use crate::platform::feature::{Job, Running};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;

pub const JOB: Job = Job {
    name: "issues: draw for 回访",
    every: Duration::from_mins(10),
    run,
};

/// Working days until it should be done: sooner where the verdict is less certain.
const SPOT_DAYS: u32 = 3;
const SAMPLE_DAYS: u32 = 10;

fn run(scope: Scope) -> Running {
    Box::pin(async move { pass(&scope).await.map(|_| ()) })
}

/// Draws for one tenant; how many came new.
pub async fn pass(scope: &Scope) -> Result<u64> {
    scope
        .work(async |db| {
            let (tenant, today) = (db.scope().tenant(), db.scope().today());
            let limits = store::limits(db, tenant).await?;
            let calendar = calendar::store::get(db).await?;
            let due = [SPOT_DAYS, SAMPLE_DAYS].map(|days| calendar.add(today, days));
            let drawn = store::draw(db, &limits, due).await?;
            Ok(db.unchanged(drawn))
        })
        .await
}

/// Writes down what was found, with its move, in one transaction. `Stale` where the closing was followed
/// up before.
pub async fn give(db: &mut ScopedTx, id: IssueId, new: &NewFollowUp) -> Result<Made> {
    let step = NewMove {
        id: new.id,
        version: Some(new.version),
        act: Act::Plain(Move::FollowUp),
        words: None,
        is_shown: false,
    };
    let made = store::apply(db, id, &step).await?;
    if made == Made::Done {
        let issue = store::get(db, id).await?;
        store::follow_up(db, &issue, new).await?;
    }
    Ok(made)
}
