//! 回访 in the demo: the clock draws, the 书记 of the county has asked about one closing, what else was
//! drawn waits.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::stage::Player;
use crate::issues::store::Made;
use crate::issues::{self, IssueId, Means, MoveId, NewFollowUp, Satisfaction, Truth, follow};
use crate::platform::scope::Scope;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// One closing of the town, asked about on the telephone.
pub async fn ask(site: &Arc<Site>, county: &Player, id: IssueId, at: DateTime<Utc>) -> Result<()> {
    let made = county
        .at(site, at)
        .work(async |db| {
            let new = NewFollowUp {
                id: MoveId::new_v7(at),
                version: issues::store::get(db, id).await?.version,
                means: Means::Phone,
                truth: Truth::So,
                satisfaction: Satisfaction::Content,
                words: Some("已经去上了两次课，跟得上".into()),
            };
            let made = follow::give(db, id, &new).await?;
            Ok(db.unchanged(made))
        })
        .await?;
    match made {
        Made::Done => Ok(()),
        other => Err(Error::bug(format!("a 回访 of the demo: {other:?}"))),
    }
}

/// The draw of a city.
pub async fn draw(city: &Scope) -> Result<()> {
    follow::pass(city).await.map(|_| ())
}
