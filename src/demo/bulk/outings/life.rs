//! What became of an issue: taken on, handled, closed, and closed for good when no verdict came. Its
//! moves continue each other as the store would have written them.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::demo::bulk::Planted;
use crate::demo::bulk::rows::{Row, Rows};
use crate::demo::chance::Chance;
use crate::kit::clock::today;
use crate::kit::workday::Calendar;

/// Days after which whoever has not closed a matter yet has closed it: no backlog for the clock.
const LATEST: i64 = 15;
/// Days for a verdict.
const JUDGED: i64 = 15;
const WORDS: &str = "已和相关单位商量办好，当面答复过";

#[derive(Debug)]
pub(super) struct Life {
    accepted_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    /// When, how, and whether it can be judged no more.
    closed: Option<(DateTime<Utc>, &'static str, bool)>,
}

/// Of whom a move tells: the issue, where it lies, who handles it, the record that it hangs on.
pub(super) struct Of<'a> {
    pub at: &'a Planted,
    pub issue: Uuid,
    pub cadre: Uuid,
    pub category: &'a str,
    pub ids: [Uuid; 4],
}

impl Life {
    /// None: nobody has taken it on yet.
    pub fn draw(
        chance: &mut Chance,
        calendar: &Calendar,
        written: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let accepted_at = written + TimeDelta::hours(12);
        if accepted_at > now {
            return None;
        }
        let days = i64::try_from(1 + chance.below(14)).unwrap_or(LATEST);
        let closed_at = accepted_at + TimeDelta::days(days) + TimeDelta::hours(2);
        let outcome = match chance.below(100) {
            0..70 => "solved",
            70..85 => "partly",
            85..95 => "planned",
            _ => "transferred",
        };
        let over = closed_at + TimeDelta::days(JUDGED + 1) <= now;
        Some(Self {
            accepted_at,
            due_at: calendar.end_of(accepted_at, 15),
            closed: (closed_at <= now).then_some((closed_at, outcome, over)),
        })
    }

    fn steps(&self) -> i32 {
        match self.closed {
            None => 1,
            Some((_, _, false)) => 3,
            Some((_, _, true)) => 4,
        }
    }

    pub fn moves(&self, rows: &mut Rows, of: &Of) {
        let (closed_at, outcome, _) = self.closed.unwrap_or((self.accepted_at, "", false));
        let lapsed = closed_at + TimeDelta::days(JUDGED + 1);
        let all = [
            ("accept", "pending", "accepted", self.accepted_at),
            ("take", "accepted", "handling", self.accepted_at),
            ("close", "handling", "done", closed_at),
            ("lapse", "done", "closed", lapsed),
        ];
        for ((n, (act, from, to, at)), id) in (1..=self.steps()).zip(all).zip(of.ids) {
            let by_hand = act != "lapse";
            let row = rows.row().plain(of.at.tenant).plain(id).plain(of.issue);
            let row = row.plain(of.at.code_lo).plain(of.at.code_lo);
            let row = row.plain(of.at.code_lo).plain(n);
            let row = row.or_null((n > 1).then_some(n - 1)).plain(n + 1);
            let row = row.text(act).text(from).text(to);
            let row = row.text(if by_hand { "handler" } else { "system" });
            let row = row.or_null(by_hand.then_some(of.cadre));
            let row = row.or_null(by_hand.then_some(of.at.id)).time(at);
            let closes = act == "close";
            row.or_null(closes.then_some(outcome))
                .or_null(closes.then_some(WORDS))
                .plain(closes);
        }
    }

    pub fn closing(&self, rows: &mut Rows, of: &Of, calendar: &Calendar) {
        let Some((closed_at, outcome, _)) = self.closed else {
            return;
        };
        let days = calendar.between(today(self.accepted_at), today(closed_at));
        let row = rows.row().plain(of.at.tenant).plain(of.issue).plain(1);
        let row = row.plain(of.at.code_lo).plain(of.at.code_lo);
        let row = row.plain(of.at.code_lo).plain(of.ids[2]).text(outcome);
        let row = row.text("").plain("{\"\"}");
        let row = row.plain(format!("{{\"{WORDS}\"}}")).plain(of.cadre);
        let row = row.time(closed_at).plain(today(closed_at));
        let row = row.time(self.due_at).plain(closed_at <= self.due_at);
        row.plain(days).text(of.category);
    }
}

/// The last columns of an issue: when it was handed over, and how far it has come.
pub(super) fn state(row: Row<'_>, handed: Option<DateTime<Utc>>, life: Option<&Life>) {
    let row = row.time_or_null(handed);
    let Some(life) = life else {
        let row = row.text("pending").or_null(None::<i32>).plain(1);
        let row = row.time_or_null(None).time_or_null(None).time_or_null(None);
        let row = row
            .or_null(None::<i32>)
            .time_or_null(None)
            .time_or_null(None);
        row.or_null(None::<i32>).plain(0);
        return;
    };
    let steps = life.steps();
    let state = ["accepted", "accepted", "done", "closed"][usize::try_from(steps - 1).unwrap_or(0)];
    let whole = (life.due_at - life.accepted_at).num_seconds();
    let warn_at = life.accepted_at + TimeDelta::seconds(whole * 4 / 5);
    let closed = life.closed.map(|(at, outcome, _)| (at, outcome));
    let row = row.text(state).plain(steps).plain(steps + 1);
    let row = row.time(life.accepted_at).time(life.accepted_at);
    let row = row.time(life.due_at).text("rule").time(warn_at);
    let row = row.time_or_null(closed.map(|it| it.0));
    row.or_null(closed.map(|it| it.1))
        .plain(i32::from(closed.is_some()));
}
