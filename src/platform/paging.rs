//! Keyset pages: 25 rows, the total, and a mark where the next page begins. A mark belongs to one
//! list; the mark of another is refused.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Error, Result};
use crate::kit::clock::is_of_records;

pub const ROWS: i64 = 25;

/// The last row of the page before: its sort time and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl Mark {
    /// For an address: `visits.1795000000000000.0199…`.
    pub fn write(&self, list: &str) -> String {
        format!("{list}.{}.{}", self.at.timestamp_micros(), self.id)
    }

    /// From the field `after` of an address; empty is the first page.
    pub fn read(text: &str, list: &str) -> Result<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let foreign = Error::BadAddress("翻页的链接不完整，从第一页再看。");
        parse(text, list).map(Some).ok_or(foreign)
    }
}

fn parse(text: &str, list: &str) -> Option<Mark> {
    let mut parts = text.split('.');
    let named = parts.next()? == list;
    let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let id = Uuid::try_parse(parts.next()?).ok()?;
    let known = named && is_of_records(at.date_naive());
    (known && parts.next().is_none()).then_some(Mark { at, id })
}

/// One page of a list. Stores ask for `ROWS + 1` rows, so that the next page is known.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub total: i64,
    /// The mark of the next page, if there is one.
    pub next: Option<Mark>,
}

impl<T> Page<T> {
    pub fn cut(mut rows: Vec<T>, total: i64, mark: impl Fn(&T) -> Mark) -> Self {
        let more = rows.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
        if more {
            rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
        }
        let next = rows.last().filter(|_| more).map(mark);
        Self { rows, total, next }
    }

    /// For `p::pager`.
    pub fn shown(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark() -> Mark {
        Mark {
            at: DateTime::from_timestamp_micros(1_795_000_000_123_456).unwrap(),
            id: Uuid::from_u128(7),
        }
    }

    #[test]
    fn a_mark_is_read_as_written() {
        let text = mark().write("visits");
        assert_eq!(Mark::read(&text, "visits").unwrap(), Some(mark()));
        assert_eq!(Mark::read("", "visits").unwrap(), None);
    }

    #[test]
    fn a_foreign_or_broken_mark_is_refused() {
        let text = mark().write("youth");
        for bad in [
            text.as_str(),
            "visits",
            "visits.x.y",
            "visits.1.2",
            "visits.-8000000000000000000.0199f1a0-0000-7000-8000-000000000001",
            "visits.8000000000000000000.0199f1a0-0000-7000-8000-000000000001",
            "' or 1=1",
        ] {
            assert!(matches!(
                Mark::read(bad, "visits"),
                Err(Error::BadAddress(_))
            ));
        }
    }

    #[test]
    fn the_row_too_many_says_that_there_is_more() {
        let rows: Vec<i64> = (0..=ROWS).collect();
        let page = Page::cut(rows, 99, |_| mark());
        assert_eq!((page.shown(), page.next), (ROWS, Some(mark())));
        assert_eq!(Page::cut(vec![1], 1, |_| mark()).next, None);
    }
}
