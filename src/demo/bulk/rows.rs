//! Rows in the text format of COPY: one line a row, tabs between the columns, `\N` for nothing.

use std::fmt::{Display, Write as _};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::platform::loader::Table;

pub const ACCOUNTS: Table = Table {
    name: "accounts",
    columns: "id, phone_hash, password, must_change, created_at, changed_at",
};
pub const CADRES: Table = Table {
    name: "cadres",
    columns: "tenant_id, id, committee_id, scope, name, words, account_id, created_at",
};
pub const PARTICULARS: Table = Table {
    name: "cadre_particulars",
    columns: "tenant_id, cadre_id, scope, phone",
};
pub const APPOINTMENTS: Table = Table {
    name: "appointments",
    columns: "tenant_id, id, committee_id, scope, cadre_id, account_id, role, post, nature, \
        starts_on, is_primary, created_at",
};
pub const ORGANISATIONS: Table = Table {
    name: "organisations",
    columns: "tenant_id, id, committee_id, scope, kind, name, created_at",
};
pub const YOUTHS: Table = Table {
    name: "youths",
    columns: "tenant_id, id, committee_id, scope, name, sex, birth_on, phone, groups, care, consent, \
        consent_at, guardian_name, source, last_met_on, fingerprint, created_by, created_at, updated_at",
};
pub const YOUTH_WORDS: Table = Table {
    name: "youth_words",
    columns: "tenant_id, word, scope, youth_id",
};
pub const YOUTH_CADRES: Table = Table {
    name: "youth_cadres",
    columns: "tenant_id, youth_id, cadre_id, scope, since, last_met_on",
};
pub const VISITS: Table = Table {
    name: "visits",
    columns: "tenant_id, id, committee_id, scope, no, mode, started_at, minutes, is_night, evening, \
        place_kind, place, village_id, organisation_id, place_text, walkins, headcount, unmet_reason, \
        content, author_id, source, fingerprint, created_at, updated_at",
};
pub const VISIT_CADRES: Table = Table {
    name: "visit_cadres",
    columns: "tenant_id, visit_id, cadre_id, scope, cadre_committee_id, cadre_scope, is_lead, \
        started_at, evening, is_night, counts, place",
};
pub const VISIT_YOUTHS: Table = Table {
    name: "visit_youths",
    columns: "tenant_id, visit_id, youth_id, scope, youth_scope, started_at, evening, counts",
};
pub const ISSUES: Table = Table {
    name: "issues",
    columns: "tenant_id, id, committee_id, scope, handler_committee_id, handler_scope, \
        handler_cadre_id, sender_scope, no, detail, category, urgency, source, youth_id, village_id, \
        is_sensitive, raised_on, received_by, received_at, updated_at, handed_at, state, step, version, accepted_at, \
        due_start_at, due_at, due_from, warn_at, closed_at, outcome, closings",
};
pub const ISSUE_MOVES: Table = Table {
    name: "issue_moves",
    columns: "tenant_id, id, issue_id, scope, handler_scope, sender_scope, n, after, version, move, \
        from_state, to_state, side, cadre_id, actor_committee_id, at, reason, words, is_shown",
};
pub const ISSUE_CLOSINGS: Table = Table {
    name: "issue_closings",
    columns: "tenant_id, issue_id, n, scope, handler_scope, sender_scope, move_id, outcome, words, \
        points, answers, cadre_id, closed_at, closed_on, due_at, is_on_time, working_days, category",
};
pub const VISIT_PROBLEMS: Table = Table {
    name: "visit_problems",
    columns: "tenant_id, visit_id, issue_id, scope",
};
pub const COUNTERS: Table = Table {
    name: "counters",
    columns: "tenant_id, committee_id, scope, kind, year, n",
};
pub const DAY_BOOK: Table = Table {
    name: "day_book",
    columns: "tenant_id, id, committee_id, scope, at, verb, object_kind, object_id, account_id, \
        cadre_id, actor_committee_id, request_id",
};

/// Every table that is loaded.
pub const ALL: [Table; 17] = [
    ACCOUNTS,
    CADRES,
    PARTICULARS,
    APPOINTMENTS,
    ORGANISATIONS,
    YOUTHS,
    YOUTH_WORDS,
    YOUTH_CADRES,
    VISITS,
    VISIT_CADRES,
    VISIT_YOUTHS,
    ISSUES,
    ISSUE_MOVES,
    ISSUE_CLOSINGS,
    VISIT_PROBLEMS,
    COUNTERS,
    DAY_BOOK,
];

/// Rows of one table that wait to be copied.
#[derive(Debug)]
pub struct Rows {
    pub table: Table,
    text: String,
}

impl Rows {
    pub fn new(table: Table) -> Self {
        Self {
            table,
            text: String::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Begins a row; it ends when what is given back is dropped.
    pub fn row(&mut self) -> Row<'_> {
        Row {
            text: &mut self.text,
            begun: false,
        }
    }
}

/// One row, column by column in the order of the table's.
#[derive(Debug)]
pub struct Row<'a> {
    text: &'a mut String,
    begun: bool,
}

impl Row<'_> {
    fn next(&mut self) -> &mut String {
        if self.begun {
            self.text.push('\t');
        }
        self.begun = true;
        self.text
    }

    /// A number, a UUID, a date: anything whose text has no tab, line end or backslash.
    pub fn plain(mut self, value: impl Display) -> Self {
        let _infallible = write!(self.next(), "{value}");
        self
    }

    pub fn text(mut self, value: &str) -> Self {
        let text = self.next();
        for c in value.chars() {
            match c {
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\\' => text.push_str("\\\\"),
                c => text.push(c),
            }
        }
        self
    }

    pub fn time(self, at: DateTime<Utc>) -> Self {
        let text = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        self.plain(text)
    }

    /// As `plain`, or nothing.
    pub fn or_null<T: Display>(mut self, value: Option<T>) -> Self {
        if let Some(value) = value {
            return self.plain(value);
        }
        self.next().push_str("\\N");
        self
    }

    pub fn time_or_null(self, at: Option<DateTime<Utc>>) -> Self {
        match at {
            Some(at) => self.time(at),
            None => self.or_null(None::<i32>),
        }
    }

    pub fn date(self, day: Option<NaiveDate>) -> Self {
        self.or_null(day)
    }
}

impl Drop for Row<'_> {
    fn drop(&mut self) {
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_line_and_odd_characters_are_kept() {
        let mut rows = Rows::new(COUNTERS);
        rows.row().plain(1).text("a\tb\\c\nd").or_null(None::<i32>);
        rows.row().plain(true).date("2026-11-24".parse().ok());
        let bytes = rows.into_bytes();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "1\ta\\tb\\\\c\\nd\t\\N\ntrue\t2026-11-24\n");
    }

    #[test]
    fn tables_are_named_once() {
        let mut names: Vec<_> = ALL.iter().map(|table| table.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
