//! 期限重算: the rules of a city or the calendar have changed, so what is open and has its time by them is
//! counted again, from where it began, with the pauses that it had. What a sender or an extension set
//! stays. Counted page by page, each in a transaction: killed in the middle it goes on where it was, run
//! twice it changes nothing twice.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::due::{self, Limits, Rules};
use super::model::{Category, IssueId, RECOUNTED, Urgency};
use super::store;
use crate::calendar;
use crate::kit::workday::Calendar;
use crate::platform::Result;
use crate::platform::daybook::Line;
use crate::platform::feature::{Job, Running};
use crate::platform::scope::{Place, Scope};

pub const JOB: Job = Job {
    name: "issues: count deadlines again",
    every: Duration::from_mins(1),
    run,
};

/// How many are counted in one transaction.
const PAGE: i64 = 500;

/// What decides the end of the time of an open matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    pub id: IssueId,
    pub place: Place,
    pub category: Category,
    pub urgency: Urgency,
    pub start: DateTime<Utc>,
    pub due: DateTime<Utc>,
    pub warn: Option<DateTime<Utc>>,
    pub pressed: i16,
    /// Pauses that have ended, in their order, from and to.
    pub pauses: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// How it stands when it is counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub due: DateTime<Utc>,
    pub warn: DateTime<Utc>,
    /// It has time before it again: nothing has pressed it yet.
    pub is_fresh: bool,
}

impl Timed {
    /// None: nothing changes.
    pub fn count(
        &self,
        (calendar, rules, limits): (&Calendar, &Rules, &Limits),
        now: DateTime<Utc>,
    ) -> Option<Counted> {
        let kind = (self.category, self.urgency);
        let mut due = due::of(calendar, rules, kind, self.start);
        let mut warn = due::warn_at(limits, self.start, due);
        for pause in self.pauses.iter().filter(|(began, _)| *began >= self.start) {
            due = due::shifted(calendar, due, *pause);
            warn = due::shifted(calendar, warn, *pause);
        }
        let changes = due != self.due || Some(warn) != self.warn;
        changes.then_some(Counted {
            due,
            warn,
            is_fresh: self.pressed > 0 && warn > now,
        })
    }
}

/// What a change would do, to be shown before it is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Open and by the rules.
    pub all: i64,
    pub later: i64,
    pub earlier: i64,
    /// Past their time by the change alone, and no more past it.
    pub newly_over: i64,
    pub no_more_over: i64,
}

impl Outlook {
    pub fn add(&mut self, one: &Timed, counted: Option<Counted>, now: DateTime<Utc>) {
        self.all += 1;
        let Some(counted) = counted else { return };
        self.later += i64::from(counted.due > one.due);
        self.earlier += i64::from(counted.due < one.due);
        self.newly_over += i64::from(counted.due < now && one.due >= now);
        self.no_more_over += i64::from(counted.due >= now && one.due < now);
    }
}

fn run(scope: Scope) -> Running {
    Box::pin(async move { pass(&scope).await.map(|_| ()) })
}

/// Counts what is asked for; how many matters changed.
pub async fn pass(scope: &Scope) -> Result<usize> {
    notice_calendar(scope).await?;
    let mut changed = 0;
    while let Some(n) = page(scope).await? {
        changed += n;
    }
    Ok(changed)
}

/// The calendar has changed since this tenant's matters were counted: asks for it, once every server goes
/// by the new one.
async fn notice_calendar(scope: &Scope) -> Result<()> {
    let is_new = scope
        .look(async |db| {
            let changed = calendar::store::changed_at(db).await?;
            let settled = changed.filter(|at| *at + calendar::store::SETTLED <= db.now());
            let counted = store::recounts::calendar_at(db).await?;
            Ok(settled.filter(|at| Some(*at) > counted))
        })
        .await?;
    let Some(at) = is_new else { return Ok(()) };
    calendar::store::forget(scope.site());
    scope
        .work(async |db| {
            store::recounts::ask(db, Some(at)).await?;
            Ok(db.unchanged(()))
        })
        .await
}

/// The next page; None: all is counted.
async fn page(scope: &Scope) -> Result<Option<usize>> {
    scope
        .work(async |db| {
            let Some(after) = store::recounts::open(db).await? else {
                return Ok(db.unchanged(None));
            };
            let tenant = db.scope().tenant();
            let calendar = calendar::store::get(db).await?;
            let rules = store::rules(db, tenant).await?;
            let limits = store::limits(db, tenant).await?;
            let timed = store::recounts::timed(db, after, PAGE).await?;
            let now = db.now();
            let counted = timed.iter().filter_map(|one| {
                let counted = one.count((&calendar, &rules, &limits), now)?;
                Some((one, counted))
            });
            let counted: Vec<(&Timed, Counted)> = counted.collect();
            store::recounts::write(db, &counted).await?;
            for (one, counted) in &counted {
                let facts = serde_json::json!({"from": one.due, "to": counted.due});
                let line = Line::new(RECOUNTED, Some(one.id.0), one.place);
                db.note_line(line.detail(facts)).await?;
            }
            let is_last = i64::try_from(timed.len()).unwrap_or(PAGE) < PAGE;
            let last = timed.last().map(|it| it.id).filter(|_| !is_last);
            store::recounts::go_on(db, last, counted.len()).await?;
            Ok(db.unchanged(Some(counted.len())))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues::due::Span;
    use crate::platform::ids::{CommitteeId, TenantId};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_counted_from_its_beginning_with_its_pauses_and_stays_where_nothing_changed() {
        let (calendar, limits) = (Calendar::china(), Limits::default());
        let mut rules = Rules::default();
        let start = at("2026-11-02T04:00:00Z");
        let due = due::of(&calendar, &rules, (Category::Work, Urgency::Usual), start);
        let warn = due::warn_at(&limits, start, due);
        // Friday to Tuesday: two working days.
        let pause = (at("2026-11-06T04:00:00Z"), at("2026-11-10T04:00:00Z"));
        let one = Timed {
            id: IssueId::new_v7(start),
            place: Place {
                tenant: TenantId(1),
                committee: CommitteeId(1),
                scope: 1,
            },
            category: Category::Work,
            urgency: Urgency::Usual,
            start,
            due: due::shifted(&calendar, due, pause),
            warn: Some(due::shifted(&calendar, warn, pause)),
            pressed: 2,
            pauses: vec![pause],
        };
        let now = at("2026-11-27T04:00:00Z");
        assert_eq!(one.count((&calendar, &rules, &limits), now), None);
        rules.set(Some(Category::Work), Urgency::Usual, Span::WorkingDays(20));
        let counted = one.count((&calendar, &rules, &limits), now).unwrap();
        // Twenty working days after 2 November end on the thirtieth, two more on 2 December.
        assert_eq!(counted.due, at("2026-12-02T15:59:59Z"));
        assert!(counted.is_fresh || counted.warn <= now);
        let mut outlook = Outlook::default();
        outlook.add(&one, Some(counted), now);
        outlook.add(&one, None, now);
        assert_eq!((outlook.all, outlook.later, outlook.earlier), (2, 1, 0));
        assert_eq!((outlook.newly_over, outlook.no_more_over), (0, 1));
    }
}
