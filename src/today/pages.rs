//! The page, read in one transaction.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Timelike, Utc};

use crate::issues::{self, Line};
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::page::Chrome;
use crate::platform::render::{go, show as render};
use crate::platform::scope::{Role, Scope};

/// How many of each stand here; the rest is one tap away.
const PROBLEMS: i64 = 3;

#[derive(Template)]
#[template(path = "today/today.html")]
struct TodayPage {
    chrome: Chrome,
    name: String,
    hour: Hour,
    today: NaiveDate,
    /// 书记 and 管理员 have an overview of their committee.
    leads: bool,
    problems: Vec<Line>,
    problems_total: i64,
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
            5..11 => Self::Morning,
            11..13 => Self::Noon,
            13..18 => Self::Afternoon,
            _ => Self::Night,
        }
    }
}

pub async fn today(scope: Scope) -> Result<Response> {
    if scope.role() == Role::System {
        return Ok(go("/committees"));
    }
    let (problems, problems_total) = scope
        .look(async |db| {
            let (mine, total) = issues::store::mine(db, PROBLEMS).await?;
            Ok((issues::lines(db, mine).await?, total))
        })
        .await?;
    render(&TodayPage {
        chrome: scope.chrome(),
        name: scope.actor().name.clone(),
        hour: Hour::of(scope.now()),
        today: scope.today(),
        leads: matches!(scope.role(), Role::Secretary | Role::Admin),
        problems,
        problems_total,
    })
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
            ("2026-11-24 04:59", Hour::Night),
            ("2026-11-24 05:00", Hour::Morning),
            ("2026-11-24 12:59", Hour::Noon),
            ("2026-11-24 17:59", Hour::Afternoon),
            ("2026-11-24 18:00", Hour::Night),
        ] {
            assert_eq!(at(text), hour, "{text}");
        }
    }
}
