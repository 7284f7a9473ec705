//! Rows of the year, by the loader of bulk data: every key and index is checked when it ends. What is
//! written is counted here too, in sets, as it is written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use qingting::kit::clock::{evening_of, instant};
use qingting::platform::loader::{Loader, Table};
use uuid::Uuid;

use super::plan::{Place, Unit};

const CADRES: Table = Table {
    name: "cadres",
    columns: "tenant_id, id, committee_id, scope, name, created_at",
};
const APPOINTMENTS: Table = Table {
    name: "appointments",
    columns: "tenant_id, id, committee_id, scope, cadre_id, role, post, nature, starts_on, ends_on, \
        is_primary, created_at",
};
const ORGANISATIONS: Table = Table {
    name: "organisations",
    columns: "tenant_id, id, committee_id, scope, kind, name, successor_id, state, created_at",
};
const VISITS: Table = Table {
    name: "visits",
    columns: "tenant_id, id, committee_id, scope, no, mode, started_at, is_night, evening, place_kind, \
        place, village_id, organisation_id, walkins, headcount, unmet_reason, state, state_reason, \
        merged_into, author_id, source, fingerprint, created_at, updated_at",
};
const VISIT_CADRES: Table = Table {
    name: "visit_cadres",
    columns: "tenant_id, visit_id, cadre_id, scope, cadre_committee_id, cadre_scope, is_lead, \
        started_at, evening, is_night, counts, place",
};
const ISSUES: Table = Table {
    name: "issues",
    columns: "tenant_id, id, committee_id, scope, handler_committee_id, handler_scope, sender_scope, no, \
        detail, category, urgency, source, is_sensitive, state, step, raised_on, received_by, received_at, \
        updated_at",
};
/// An issue that is no longer 待受理 has the move that made it so.
const ISSUE_MOVES: Table = Table {
    name: "issue_moves",
    columns: "tenant_id, id, issue_id, scope, handler_scope, sender_scope, n, version, move, from_state, \
        to_state, side, cadre_id, actor_committee_id, at, reason",
};
const VISIT_PROBLEMS: Table = Table {
    name: "visit_problems",
    columns: "tenant_id, visit_id, issue_id, scope",
};
const ALL: [Table; 8] = [
    ORGANISATIONS,
    CADRES,
    APPOINTMENTS,
    VISITS,
    VISIT_CADRES,
    ISSUES,
    ISSUE_MOVES,
    VISIT_PROBLEMS,
];

pub const NOTHING: &str = "\\N";
macro_rules! row {
    ($to:expr, $table:expr, $($cell:expr),+ $(,)?) => {{
        let cells = [$($cell.to_string()),+];
        let text: &mut String = $to.text.entry($table.name).or_default();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }};
}

/// What a visit is, besides its unit, place and time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Counts,
    /// Entered by a second phone.
    Merged(Uuid),
    Void,
    /// Nobody was met.
    Unmet,
}

/// A cadre at the committee where he is written down.
#[derive(Clone, Copy)]
pub struct Cadre {
    pub id: Uuid,
    pub at: Place,
}

/// A place that is visited.
#[derive(Clone, Copy)]
pub struct Site {
    pub id: Uuid,
    pub is_village: bool,
}

/// What has been written of the year, counted by unit.
#[derive(Default)]
pub struct Counted {
    pub cadres: i64,
    pub attendances: i64,
    pub villages: BTreeSet<Uuid>,
    pub night_cadres: BTreeSet<Uuid>,
    pub bound: BTreeSet<Uuid>,
    pub categories: BTreeMap<&'static str, i64>,
}

pub struct Writer<'a> {
    tenant: i32,
    pub units: &'a [Unit],
    text: BTreeMap<&'static str, String>,
    next: u128,
    /// Villages of counties that the city committee visited too.
    pub shared: Vec<Site>,
    pub counted: Vec<Counted>,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl<'a> Writer<'a> {
    pub fn new(tenant: i32, units: &'a [Unit]) -> Self {
        Self {
            tenant,
            units,
            text: BTreeMap::new(),
            next: 0x0190_0000_0000_7000_8000_0000_0000_0000,
            shared: Vec::new(),
            counted: Vec::new(),
        }
    }

    pub async fn load(mut self, owner_url: &str) -> Vec<Counted> {
        let mut loader = Loader::open(owner_url, &ALL).await.expect("a loader");
        for table in ALL {
            let text = self.text.remove(table.name).unwrap_or_default();
            loader
                .copy(table, text.into_bytes())
                .await
                .expect(table.name);
        }
        loader.finish(&|_, _| ()).await.expect("all keys hold");
        self.counted
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    pub fn organisation(
        &mut self,
        at: Place,
        kind: &str,
        name: &str,
        successor: Option<Uuid>,
    ) -> Site {
        let id = self.id();
        let state = if successor.is_some() {
            "merged"
        } else {
            "active"
        };
        let successor = successor.map_or(NOTHING.to_owned(), |id| id.to_string());
        row! {
            self, ORGANISATIONS, self.tenant, id, at.id, at.scope, kind, name, successor, state,
            "2016-01-01 00:00Z"
        }
        Site {
            id,
            is_village: kind == "village",
        }
    }

    pub fn cadre(&mut self, at: Place) -> Cadre {
        let id = self.id();
        row! {
            self, CADRES, self.tenant, id, at.id, at.scope, "白一舟", "2016-01-01 00:00Z"
        }
        Cadre { id, at }
    }

    pub fn post(&mut self, cadre: Cadre, at: Place, nature: &str, until: &str, is_primary: bool) {
        let id = self.id();
        row! {
            self, APPOINTMENTS, self.tenant, id, at.id, at.scope, cadre.id, "cadre", "委员", nature,
            "2016-01-01", until, is_primary, "2016-01-01 00:00Z"
        }
    }

    pub fn visit(
        &mut self,
        index: usize,
        site: Site,
        begun: DateTime<Utc>,
        went: &[Cadre],
        fate: Fate,
    ) -> Uuid {
        let id = self.id();
        let (is_night, evening) = evening_of(begun, 18);
        let lead = went[0];
        let village = if site.is_village {
            site.id.to_string()
        } else {
            NOTHING.to_owned()
        };
        let (met, unmet) = if fate == Fate::Unmet {
            (0, "away")
        } else {
            (2, NOTHING)
        };
        let (state, reason, into) = match fate {
            Fate::Merged(into) => ("merged", "记了两遍", into.to_string()),
            Fate::Void => ("void", "记错了人", NOTHING.to_owned()),
            _ => ("submitted", NOTHING, NOTHING.to_owned()),
        };
        // Written down the next morning: the event decides, not the time when it came.
        let written = begun + TimeDelta::hours(9);
        row! {
            self, VISITS, self.tenant, id, lead.at.id, lead.at.scope, id, "RH", begun, is_night,
            evening, "home", "某处", village, site.id, met, met, unmet, state, reason, into, lead.id,
            "phone", "x", written, written
        }
        let counts = fate == Fate::Counts;
        for (n, cadre) in went.iter().enumerate() {
            row! {
                self, VISIT_CADRES, self.tenant, id, cadre.id, lead.at.scope, cadre.at.id,
                cadre.at.scope, n == 0, begun, evening, is_night, counts, "某处"
            }
        }
        let year = day("2017-06-01")..=day("2018-05-31");
        if counts && year.contains(&evening) {
            let counted = &mut self.counted[index];
            counted.attendances += i64::try_from(went.len()).expect("few");
            if is_night {
                counted.night_cadres.extend(went.iter().map(|it| it.id));
            }
        }
        id
    }

    pub fn issue(
        &mut self,
        at: Place,
        category: &str,
        state: &str,
        raised: NaiveDate,
        by: Cadre,
    ) -> Uuid {
        let id = self.id();
        let received = instant(raised.and_time(NaiveTime::MIN)) + TimeDelta::hours(20);
        row! {
            self, ISSUES, self.tenant, id, at.id, at.scope, at.id, at.scope, at.scope, id,
            "想找离家近的工作", category, "3", "visit", false, state,
            if state == "pending" { NOTHING } else { "1" }, raised, by.id, received, received
        }
        let act = match state {
            "pending" => return id,
            "void" => "void",
            _ => "merge",
        };
        let step = self.id();
        row! {
            self, ISSUE_MOVES, self.tenant, step, id, at.scope, at.scope, at.scope, 1, 1, act, "pending",
            state, "owner", by.id, at.id, received, "记了两遍"
        }
        id
    }

    pub fn heard(&mut self, visit: Uuid, issue: Uuid, at: Place) {
        row! { self, VISIT_PROBLEMS, self.tenant, visit, issue, at.scope }
    }
}
