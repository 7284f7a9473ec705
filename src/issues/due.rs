//! How long a 诉求 may take: by category and urgency, in working days of the calendar, by the rules of
//! the city or these defaults (domain.md §2.5: 24 小时, 3, 15 个工作日, 按季).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::model::{Category, Urgency};
use crate::kit::workday::Calendar;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Hours(u32),
    WorkingDays(u32),
}

/// The rules of a city; those of one category come before those for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(HashMap<(Option<Category>, Urgency), Span>);

impl Rules {
    pub fn set(&mut self, category: Option<Category>, urgency: Urgency, span: Span) {
        self.0.insert((category, urgency), span);
    }

    /// What was set for exactly that.
    pub fn own(&self, category: Option<Category>, urgency: Urgency) -> Option<Span> {
        self.0.get(&(category, urgency)).copied()
    }

    /// Every rule that was set.
    pub fn all(&self) -> impl Iterator<Item = ((Option<Category>, Urgency), Span)> {
        self.0.iter().map(|(key, span)| (*key, *span))
    }

    /// For the day book.
    pub fn facts(&self) -> Vec<(String, String)> {
        let fact = |((category, urgency), span): ((Option<Category>, Urgency), Span)| {
            let category = category.map_or("", Category::code);
            let span = match span {
                Span::Hours(n) => format!("{n}h"),
                Span::WorkingDays(n) => format!("{n}d"),
            };
            (format!("{category}.{}", urgency.code()), span)
        };
        let mut facts: Vec<_> = self.all().map(fact).collect();
        facts.sort();
        facts
    }

    pub fn span(&self, category: Category, urgency: Urgency) -> Span {
        let own = self.0.get(&(Some(category), urgency));
        let all = || self.0.get(&(None, urgency));
        own.or_else(all).copied().unwrap_or(standard(urgency))
    }
}

/// Where the city has set nothing.
pub fn standard(urgency: Urgency) -> Span {
    match urgency {
        Urgency::Urgent => Span::Hours(24),
        Urgency::Soon => Span::WorkingDays(3),
        Urgency::Usual => Span::WorkingDays(15),
        Urgency::Lasting => Span::WorkingDays(60),
    }
}

/// The other limits of a city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Within which the receiver signs.
    pub sign_hours: i32,
    /// Yellow after this part of the time.
    pub warn_percent: i32,
    /// Working days past due after which it climbs, and climbs again.
    pub climb_days: i32,
    pub climb_again_days: i32,
    /// How long a matter may be suspended.
    pub suspend_days: i32,
    /// How long after its closing the young person, and a committee, may reopen it.
    pub reopen_days: i32,
    pub reopen_by_committee_days: i32,
    pub follow_up_percent: i32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_hours: 24,
            warn_percent: 80,
            climb_days: 2,
            climb_again_days: 5,
            suspend_days: 30,
            reopen_days: 15,
            reopen_by_committee_days: 90,
            follow_up_percent: 10,
        }
    }
}

/// When a matter that is counted from `start` has to be done.
pub fn of(
    calendar: &Calendar,
    rules: &Rules,
    (category, urgency): (Category, Urgency),
    start: DateTime<Utc>,
) -> DateTime<Utc> {
    match rules.span(category, urgency) {
        Span::Hours(n) => start + TimeDelta::hours(i64::from(n)),
        Span::WorkingDays(n) => calendar.end_of(start, n),
    }
}

/// Until when the receiver signs: of an urgent one by the hour, of another by the end of a working day.
pub fn sign_by(
    calendar: &Calendar,
    limits: &Limits,
    urgency: Urgency,
    handed: DateTime<Utc>,
) -> DateTime<Utc> {
    let hours = u32::try_from(limits.sign_hours).unwrap_or(24);
    match urgency {
        Urgency::Urgent => handed + TimeDelta::hours(i64::from(hours)),
        _ => calendar.end_of(handed, hours.div_ceil(24)),
    }
}

/// When it turns yellow.
pub fn warn_at(limits: &Limits, start: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
    let whole = (due - start).num_seconds().max(0);
    start + TimeDelta::seconds(whole * i64::from(limits.warn_percent) / 100)
}

/// The end of its time after a pause: as many working days later, or, where its time runs by the
/// hour, as much later.
pub fn shifted(
    calendar: &Calendar,
    due: DateTime<Utc>,
    (began, ended): (DateTime<Utc>, DateTime<Utc>),
) -> DateTime<Utc> {
    use crate::kit::clock::today;
    let day = today(due);
    if due != crate::kit::workday::end_of_day(day) {
        return due + (ended - began);
    }
    calendar.end_of(due, calendar.between(today(began), today(ended)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_rule_of_the_category_comes_first_then_that_for_all_then_ours() {
        let mut rules = Rules::default();
        let of = |rules: &Rules, urgency| rules.span(Category::Work, urgency);
        assert_eq!(of(&rules, Urgency::Soon), Span::WorkingDays(3));
        rules.set(None, Urgency::Soon, Span::WorkingDays(5));
        assert_eq!(of(&rules, Urgency::Soon), Span::WorkingDays(5));
        rules.set(Some(Category::Work), Urgency::Soon, Span::Hours(48));
        assert_eq!(of(&rules, Urgency::Soon), Span::Hours(48));
        assert_eq!(
            rules.span(Category::Health, Urgency::Soon),
            Span::WorkingDays(5)
        );
    }

    #[test]
    fn urgent_is_by_the_hour_and_the_rest_by_working_days() {
        let (calendar, rules) = (Calendar::china(), Rules::default());
        // A Wednesday evening before the seven days of the national holiday.
        let start = at("2026-09-30T12:00:00Z");
        let due = |urgency| of(&calendar, &rules, (Category::Work, urgency), start);
        assert_eq!(due(Urgency::Urgent), at("2026-10-01T12:00:00Z"));
        assert_eq!(due(Urgency::Soon), at("2026-10-10T15:59:59Z"));
        let limits = Limits::default();
        let by = |urgency| sign_by(&calendar, &limits, urgency, start);
        assert_eq!(by(Urgency::Urgent), at("2026-10-01T12:00:00Z"));
        assert_eq!(by(Urgency::Usual), at("2026-10-08T15:59:59Z"));
        let warn = warn_at(&limits, start, start + TimeDelta::hours(10));
        assert_eq!(warn, start + TimeDelta::hours(8));
    }

    #[test]
    fn a_pause_moves_the_end_by_its_working_days() {
        let calendar = Calendar::china();
        let due = at("2026-11-27T15:59:59Z");
        // Friday to Tuesday: two working days.
        let pause = (at("2026-11-20T04:00:00Z"), at("2026-11-24T04:00:00Z"));
        assert_eq!(shifted(&calendar, due, pause), at("2026-12-01T15:59:59Z"));
        let hourly = at("2026-11-25T04:00:00Z");
        assert_eq!(
            shifted(&calendar, hourly, pause),
            hourly + TimeDelta::days(4)
        );
    }
}
