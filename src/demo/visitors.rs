//! What came by the public page of one town: something new, something in hand, something that waits for
//! an answer to a question. One query code is the same each time, to look at the page behind it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::stage::Player;
use super::stage_visit::Team;
use crate::issues::{self, Act, Category, IssueId, Kind, Move, MoveId, NewMove, NewPublic, public};
use crate::kit::clock::Clock;
use crate::platform::request::Request;
use crate::platform::scope::{Role, Scope};
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Hours back, what was said, of which category, who says he is, what was done.
type Said = (
    i64,
    Kind,
    &'static str,
    Category,
    Option<&'static str>,
    &'static [Done],
);

#[derive(Clone, Copy, Debug)]
enum Done {
    Accept,
    Take,
    Note(&'static str),
    Ask(&'static str),
}

use Done::{Accept, Ask, Note, Take};

const SAID: &[Said] = &[
    (
        3,
        Kind::Problem,
        "晚上九点以后镇上没有回村的车，下夜班只能走回去",
        Category::Transport,
        None,
        &[],
    ),
    (
        70,
        Kind::Idea,
        "老粮站空着，能不能改成晚上看书、打乒乓球的地方",
        Category::Leisure,
        Some("小周"),
        &[Accept, Take, Note("和文化站看过房子，屋顶要先修，下周再碰")],
    ),
    (
        52,
        Kind::Problem,
        "想报夜校的电工班，不知道还招不招",
        Category::Learning,
        Some("阿宁"),
        &[Ask("想学高压还是低压？白天能不能来")],
    ),
];

pub async fn come(site: &Arc<Site>, town: &Team, now: DateTime<Utc>) -> Result<()> {
    for (n, said) in SAID.iter().enumerate() {
        one(site, town, now, (n, *said)).await?;
    }
    Ok(())
}

async fn one(
    site: &Arc<Site>,
    town: &Team,
    now: DateTime<Utc>,
    (n, (hours, kind, detail, category, name, done)): (usize, Said),
) -> Result<()> {
    let at = now - TimeDelta::hours(hours);
    let early = Arc::new(site.at(Clock::fixed(at)));
    let nobody = Scope::nobody(early, Arc::new(Request::internal()));
    let new = NewPublic {
        id: IssueId::new_v7(at),
        kind,
        detail: detail.into(),
        category,
        name: name.map(str::to_owned),
        phone: name.map(|_| format!("1990000{n:04}")),
    };
    let code = public::code_of(&format!("qingchuan {n}"));
    public::take(&nobody, town.committee.place(), &new, &code).await?;
    for (step, done) in done.iter().enumerate() {
        let later = at + TimeDelta::hours(1 + i64::try_from(step).map_err(Error::bug)?);
        act(site, town, (new.id, later), *done).await?;
    }
    Ok(())
}

async fn act(
    site: &Arc<Site>,
    town: &Team,
    (id, at): (IssueId, DateTime<Utc>),
    done: Done,
) -> Result<()> {
    let (act, words) = match done {
        Accept => {
            let (points, cadre) = (Vec::new(), None);
            (Act::Accept { points, cadre }, None)
        }
        Take => (Act::Name(Move::Take, None), None),
        Note(words) => (Act::Plain(Move::Progress), Some(words)),
        Ask(words) => (Act::Plain(Move::Ask), Some(words)),
    };
    let lead = |one: &&Player| one.actor.role == Role::Secretary && !one.left;
    let lead = town.players.iter().find(lead).ok_or(Error::NotFound)?;
    let new = &NewMove {
        id: MoveId::new_v7(at),
        version: None,
        is_shown: words.is_some(),
        words: words.map(str::to_owned),
        act,
    };
    let made = lead
        .at(site, at)
        .work(async |db| issues::store::make(db, id, new).await)
        .await?;
    match made {
        issues::store::Made::Done => Ok(()),
        other => Err(Error::bug(format!("a step of the demo: {other:?}"))),
    }
}
