//! The page, read in one transaction.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::lists::{long_ago, this_year};
use crate::figures::{self, Ask, Unit};
use crate::issues::store::instructions::Awaited;
use crate::issues::{self, Due, IssueId, Line, Queue};
use crate::kit::clock;
use crate::kit::period::Period;
use crate::platform::page::Chrome;
use crate::platform::render::{go, show as render};
use crate::platform::scope::{Role, Scope};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::visits::store::Listed;
use crate::visits::{self, Filter};
use crate::youth;
use crate::youth::store::Unseen;

/// How many of each stand here; the rest is one tap away.
const PROBLEMS: i64 = 3;
const VISITS: usize = 3;
const YOUTHS: i64 = 2;
const INSTRUCTED: i64 = 5;

#[derive(Template)]
#[template(path = "today/today.html")]
struct TodayPage {
    chrome: Chrome,
    name: String,
    hour: Hour,
    now: DateTime<Utc>,
    today: NaiveDate,
    /// 书记 and 管理员 have an overview of their committee.
    leads: bool,
    nights: Nights,
    seen: Seen,
    visits_href: String,
}

impl TodayPage {
    fn days(&self, one: &Unseen) -> i64 {
        (visits::tonight(self.now) - one.last_met_on).num_days()
    }
}

struct Seen {
    nights: i64,
    problems: Vec<Line>,
    problems_total: i64,
    /// What waits, by queue; empty ones are left out.
    queues: Vec<(Queue, i64)>,
    /// 协办 that waits for the own committee.
    parts: i64,
    /// How many wait for his 回访.
    follow_ups: i64,
    visits: Vec<Listed>,
    visits_total: i64,
    met: i64,
    unseen: Vec<Unseen>,
    unseen_total: i64,
    knows_anybody: bool,
    /// 提醒 that I have not read.
    unread: i64,
    /// 批示 that wait for me, or that I wait for.
    instructed: Vec<(Awaited, Line)>,
}

/// 集中夜访 of the month, as the figure C07 counts them.
struct Nights {
    unit: Unit,
    period: Period,
    href: String,
}

/// What part of the day it is, for the greeting and for 今晚.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hour {
    Morning,
    Noon,
    Afternoon,
    Night,
}

impl Hour {
    /// Night begins where night visits begin.
    fn of(now: DateTime<Utc>) -> Self {
        match clock::local(now).hour() {
            6..11 => Self::Morning,
            11..13 => Self::Noon,
            13..18 => Self::Afternoon,
            _ => Self::Night,
        }
    }
}

impl Nights {
    /// Of the evening's month. A city's own evenings (市本级) are those of its own committee; from a
    /// county down all below it are one unit.
    fn of(scope: &Scope) -> Self {
        let ground = scope.ground();
        let own = ground.level <= 3;
        let evening = visits::tonight(scope.now());
        let period = Period::new(evening.with_day(1).unwrap_or(evening), evening);
        let period = period.unwrap_or(Period::month_of(evening));
        let unit = Unit {
            committee: ground.place.committee,
            own,
            level: ground.level,
            lo: ground.place.scope,
            hi: if own { ground.place.scope } else { ground.hi },
        };
        Self {
            href: figures::href("C07", unit.committee, own, period),
            unit,
            period,
        }
    }

    async fn count(&self, db: &mut ScopedTx) -> Result<i64> {
        let indicator = figures::dictionary::get("C07");
        let ask = Ask {
            indicator: indicator.ok_or_else(|| Error::bug("C07 is in the dictionary"))?,
            unit: self.unit,
            period: self.period,
            part: None,
        };
        Ok(figures::store::count(db, &ask).await?.rows())
    }
}

pub async fn today(scope: Scope) -> Result<Response> {
    if scope.role() == Role::System {
        return Ok(go("/committees"));
    }
    let nights = Nights::of(&scope);
    let filter = Filter {
        from: Some(this_year(&scope).from()),
        to: None,
        is_night: false,
        mode: None,
        state: visits::State::Submitted,
        is_mine: true,
        committee: None,
    };
    let seen = scope
        .look(async |db| see(db, &nights, &filter).await)
        .await?;
    render(&TodayPage {
        chrome: scope.chrome().with_unread(seen.unread),
        name: scope.actor().name.clone(),
        hour: Hour::of(scope.now()),
        now: scope.now(),
        today: scope.today(),
        leads: matches!(scope.role(), Role::Secretary | Role::Admin),
        visits_href: format!("/visits?mine=1&from={}", this_year(&scope).from()),
        nights,
        seen,
    })
}

async fn see(db: &mut ScopedTx, nights: &Nights, filter: &Filter) -> Result<Seen> {
    let year = this_year(db.scope());
    let before = long_ago(db.scope());
    let (problems, problems_total) = issues::store::mine(db, PROBLEMS).await?;
    let queues = issues::store::queues(db).await?;
    let mut visits = visits::store::mine(db, filter, None).await?;
    visits.rows.truncate(VISITS);
    let (unseen, unseen_total) = youth::store::unseen(db, before, None, YOUTHS).await?;
    let knows_anybody = unseen_total > 0 || youth::store::knows_anybody(db).await?;
    Ok(Seen {
        nights: nights.count(db).await?,
        problems: issues::lines(db, problems).await?,
        problems_total,
        follow_ups: issues::store::count_to_follow_up(db).await?,
        queues: queues.into_iter().filter(|(_, n)| *n > 0).collect(),
        parts: issues::store::parts_waiting(db).await?,
        visits: visits.rows,
        visits_total: visits.total,
        met: visits::store::met_count(db, year).await?,
        unseen,
        unseen_total,
        knows_anybody,
        unread: issues::store::notices::unread(db).await?,
        instructed: instructed(db).await?,
    })
}

/// Most have none, and then it is one query more.
async fn instructed(db: &mut ScopedTx) -> Result<Vec<(Awaited, Line)>> {
    let awaited = issues::store::instructions::awaited(db, INSTRUCTED).await?;
    let ids: Vec<IssueId> = awaited.iter().map(|it| it.issue).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = issues::store::some(db, &ids).await?;
    let lines = issues::lines(db, found).await?;
    let line = |it: Awaited| {
        let line = lines.iter().find(|line| line.id == it.issue);
        line.map(|line| (it, line.clone()))
    };
    Ok(awaited.into_iter().filter_map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_follows_the_hour() {
        let at = |text: &str| {
            let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
            Hour::of(clock::instant(local.unwrap()))
        };
        for (text, hour) in [
            ("2026-11-24 05:59", Hour::Night),
            ("2026-11-24 06:00", Hour::Morning),
            ("2026-11-24 12:59", Hour::Noon),
            ("2026-11-24 17:59", Hour::Afternoon),
            ("2026-11-24 18:00", Hour::Night),
        ] {
            assert_eq!(at(text), hour, "{text}");
        }
    }
}
