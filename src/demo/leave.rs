//! What a city's leaders say of some problems of one town, and a colleague who stands in for another: 批示
//! that waits, one that is late, one that was reported on, a leave with its deputy.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::chance::Chance;
use super::stage::{Player, uuid_at};
use super::stage_visit::Team;
use crate::issues::store::deputies;
use crate::issues::{self, Act, DeputyId, IssueId, Move, MoveId, NewDeputy, NewMove};
use crate::kit::clock::{instant, local};
use crate::platform::daybook::Line;
use crate::platform::scope::Role;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Days back on which it is given, days from now on which it is due, words, and the report if there is one.
const SAID: [(i64, i64, &str, &str); 3] = [
    (
        1,
        4,
        "请县里牵头，和交通部门一周内议一次，把结果告诉本人。",
        "",
    ),
    (3, -1, "这件事拖得久了，先把能办的办了。", ""),
    (
        5,
        -1,
        "材料一次说全，不要让青年跑第二趟。",
        "材料清单已经当面给本人，周三一次办齐。",
    ),
];

/// `town`: whose problems they are; `above`: the county that it lies in.
pub async fn tell(
    site: &Arc<Site>,
    (town, above): (&Team, &Team),
    ids: &[IssueId],
    now: DateTime<Utc>,
) -> Result<()> {
    for (id, said) in ids.iter().zip(SAID) {
        instruct(site, (town, above), *id, said, now).await?;
    }
    leave(site, town, now).await
}

fn lead(team: &Team) -> Result<&Player> {
    let lead = team
        .players
        .iter()
        .find(|one| one.actor.role == Role::Secretary && !one.left);
    lead.ok_or_else(|| Error::bug("a committee of the demo has no 书记"))
}

fn morning(now: DateTime<Utc>, back: i64) -> DateTime<Utc> {
    let day = local(now).date() - TimeDelta::days(back);
    instant(day.and_time(NaiveTime::MIN)) + TimeDelta::minutes(10 * 60 + 30)
}

async fn instruct(
    site: &Arc<Site>,
    (town, above): (&Team, &Team),
    id: IssueId,
    (back, due, words, report): (i64, i64, &str, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    let due_on = local(now).date() + TimeDelta::days(due);
    let given = (morning(now, back), Act::Instruct(due_on), words);
    make(site, lead(above)?, id, given).await?;
    if report.is_empty() {
        return Ok(());
    }
    let answered = Act::Plain(Move::InstructAnswer);
    let answered = (morning(now, back - 3), answered, report);
    make(site, lead(town)?, id, answered).await
}

async fn make(
    site: &Arc<Site>,
    player: &Player,
    id: IssueId,
    (at, act, words): (DateTime<Utc>, Act, &str),
) -> Result<()> {
    let new = &NewMove {
        id: MoveId::new_v7(at),
        version: None,
        act,
        words: Some(words.to_owned()),
        is_shown: false,
    };
    let scope = player.at(site, at);
    let made = scope
        .work(async |db| issues::store::make(db, id, new).await)
        .await?;
    match made {
        issues::store::Made::Done => Ok(()),
        other => Err(Error::bug(format!("an instruction of the demo: {other:?}"))),
    }
}

/// One of the town is away for a week and has asked another.
async fn leave(site: &Arc<Site>, town: &Team, now: DateTime<Utc>) -> Result<()> {
    let at = morning(now, 2);
    let mut here = town
        .players
        .iter()
        .filter(|one| !one.left && one.actor.role == Role::Cadre);
    let (Some(cadre), Some(deputy)) = (here.next(), here.next()) else {
        return Ok(());
    };
    let from_on = local(at).date();
    let new = &NewDeputy {
        id: DeputyId(uuid_at(&mut Chance::new(30), at)),
        cadre: cadre.cadre(),
        deputy: deputy.cadre(),
        from_on,
        to_on: from_on + TimeDelta::days(9),
    };
    let place = town.committee.place();
    cadre
        .at(site, at)
        .work(async |db| {
            deputies::set(db, place, new).await?;
            let line = Line::new(issues::DEPUTY_SET, Some(new.id.0), place);
            db.log_line(line, ()).await
        })
        .await
}
