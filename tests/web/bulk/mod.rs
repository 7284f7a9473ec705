//! What is copied for measuring stands as if it had been written through the stores: walls, keys,
//! numbers and roll-ups are those of any other tenant, its pages open, and every figure is its rows.
//!
//! The same over a database that is already loaded, however large: `qingting demo --bulk 330000 2000000`,
//! then `qingting serve`, and while it runs `QINGTING_BULK_DATABASE_URL` as the serving role
//! (`postgres:///qingting?host=DATA/socket&user=qingting`) and `QINGTING_BULK_OWNER_URL` as the owner of
//! the tables (`user=qingting_owner`). It gets some sessions and day-book lines; nothing else is changed. Then
//! `cargo test --test web bulk:: -- --ignored`.

mod figures;
mod walls;

use std::sync::Arc;

use qingting::app;
use qingting::committees::{self, Committee};
use qingting::demo::bulk::{self, Order};
use qingting::kit::clock::{Clock, local};
use qingting::platform::db;
use qingting::platform::ids::{AccountId, AppointmentId, CommitteeId, TenantId};
use qingting::platform::request::Request;
use qingting::platform::scope::Scope;
use qingting::platform::site::Site;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::harness::cluster::Database;
use crate::harness::people::sign_in;
use crate::harness::{Browser, cluster, evening, site};

const VISITS: usize = 3_000;
/// 宁夏: a province of five cities, each a tenant.
const DIVISION: i64 = 640_000_000_000;

/// A loaded database, looked at by the server and by its owner.
struct Loaded {
    site: Arc<Site>,
    database: Database,
    owner: PgConnection,
}

/// What must be 0 when the rows are as `visits::record` writes them.
pub const ODD: [(&str, &str); 6] = [
    (
        "visits whose headcount is not who was met",
        "select count(*) from visits v
         where headcount <> walkins + (
             select count(*) from visit_youths y
             where y.tenant_id = v.tenant_id and y.visit_id = v.id)",
    ),
    (
        "visits without their author as the lead",
        "select count(*) from visits v
         where not exists (
             select from visit_cadres w
             where w.tenant_id = v.tenant_id and w.visit_id = v.id and w.cadre_id = v.author_id
                 and w.is_lead)",
    ),
    (
        "copies of hour, evening and place that differ",
        "select count(*) from visit_cadres w
         join visits v on v.tenant_id = w.tenant_id and v.id = w.visit_id
         where (w.started_at, w.evening, w.is_night, w.counts, w.place)
             is distinct from (v.started_at, v.evening, v.is_night,
                 v.headcount > 0 and v.state = 'submitted', v.place)",
    ),
    (
        "committees whose numbers have a gap",
        "select count(*) from counters c
         where kind = 'visit' and n <> (
             select count(*) from visits v
             where v.tenant_id = c.tenant_id and v.committee_id = c.committee_id
                 and extract(year from v.evening) = c.year)",
    ),
    (
        "records without a line of the day book",
        "select count(*) from (
             select tenant_id, id from visits union all select tenant_id, id from issues
             union all select tenant_id, id from youths) r
         where not exists (
             select from day_book b where b.tenant_id = r.tenant_id and b.object_id = r.id)",
    ),
    (
        "young people met whom the cadre does not know",
        "select count(*) from visit_youths y
         join visit_cadres w on w.tenant_id = y.tenant_id and w.visit_id = y.visit_id
         where y.counts and not exists (
             select from youth_cadres k
             where k.tenant_id = y.tenant_id and k.youth_id = y.youth_id
                 and k.cadre_id = w.cadre_id and k.last_met_on >= y.evening)",
    ),
];

/// Indicators counted by hand from the records of an interval, in this year.
const HANDS: [(&str, &str); 5] = [
    (
        "C02",
        "select count(*) from visits
         where state = 'submitted' and is_night and headcount > 0 and {within}",
    ),
    (
        "C05",
        "select count(distinct youth_id) from visit_youths where counts and {within}",
    ),
    (
        "C06",
        "select count(*) from visit_youths where counts and {within}",
    ),
    (
        "C07",
        "select count(distinct (scope / 100000000, evening)) from visits
         where state = 'submitted' and is_night and headcount > 0 and {within}",
    ),
    (
        "D01",
        "select count(*) from (select scope, raised_on as evening, state from issues) i
         where state not in ('void', 'merged') and {within}",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_copied_stands_as_if_it_had_been_written() {
    let database = cluster::empty_database().await;
    db::migrate(&database.owner).await.expect("all migrations");
    let site = site(&database, Clock::fixed(evening())).await;
    let order = Order {
        division: DIVISION,
        visits: VISITS,
        phc: "nobody signs in by password".into(),
    };
    let silent = Arc::new(|_: String| {});
    bulk::load(&site, &database.owner, order, silent)
        .await
        .expect("a load");
    let mut loaded = Loaded::new(site, database).await;
    let visits = n(&mut loaded.owner, "select count(*) from visits").await;
    assert_eq!(usize::try_from(visits), Ok(VISITS));
    loaded.holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "over a database that was loaded by hand"]
async fn a_loaded_database_stands_too() {
    let named = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} names no database"));
    let app = named("QINGTING_BULK_DATABASE_URL");
    let owner = named("QINGTING_BULK_OWNER_URL");
    let database = Database {
        name: String::new(),
        app,
        superuser: owner.clone(),
        owner,
    };
    let site = site(&database, Clock::system()).await;
    Loaded::new(site, database).await.holds().await;
}

impl Loaded {
    async fn new(site: Arc<Site>, database: Database) -> Self {
        let options = db::options(&database.owner).expect("an address");
        let owner = PgConnection::connect_with(&options).await;
        Self {
            site,
            database,
            owner: owner.expect("the owner"),
        }
    }

    async fn holds(mut self) {
        let faults = db::wall_faults(&self.site.pools).await.expect("the walls");
        assert!(faults.is_empty(), "{faults:?}");
        for (what, sql) in ODD {
            assert_eq!(n(&mut self.owner, sql).await, 0, "{what}");
        }
        let year = local(self.site.clock.now()).date().format("%Y").to_string();
        figures_are_right(&mut self.owner, &year).await;
        pages_open(&self.site, &mut self.owner).await;
        walls::rows_are_seen_from_inside_alone(&mut self).await;
        figures::page_rows_roll_up_and_excel_agree(&mut self).await;
        self.owner.close().await.expect("a clean end");
        self.site.pools.close().await;
    }

    /// A committee that the owner finds.
    async fn committee(&mut self, sql: &str) -> Committee {
        let id = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        let id: i32 = id
            .fetch_one(&mut self.owner)
            .await
            .unwrap_or_else(|fault| panic!("{sql}: {fault}"));
        let nobody = Scope::nobody(self.site.clone(), Arc::new(Request::internal()));
        let id = CommitteeId(id);
        let found = nobody
            .look(async |db| committees::store::get(db, id).await)
            .await;
        found.expect("a look").expect("a committee")
    }

    /// The 书记 of a committee, at his desk.
    async fn secretary(&mut self, of: &Committee) -> Browser {
        let row = sqlx::query(
            "select account_id, tenant_id, id from appointments
             where committee_id = $1 and role = 'secretary' and account_id is not null limit 1",
        );
        let row = row.bind(of.id.0).fetch_one(&mut self.owner).await;
        let row = row.unwrap_or_else(|fault| panic!("{}: {fault}", of.full_name));
        let appointment = (TenantId(row.get(1)), AppointmentId(row.get(2)));
        let token = sign_in(&self.site, AccountId(row.get(0)), Some(appointment)).await;
        let router = app::application(&self.site).expect("an application");
        Browser::of_session(router, &token)
    }
}

/// The first city with visits, counties and towns, and below it; and another city.
struct Places {
    city: Committee,
    county: Committee,
    sibling: Committee,
    town: Committee,
    other: Committee,
}

impl Places {
    async fn of(loaded: &mut Loaded) -> Self {
        let area = "select k.id from committees k where k.kind = 'area'";
        let busy = "exists (select from visits v where v.scope between k.code_lo and k.code_hi)";
        let at = async |loaded: &mut Loaded, level: i16, within: &Committee, skip: i32| {
            let (lo, hi) = (within.code_lo, within.code_hi);
            let sql = format!(
                "{area} and {busy} and k.level = {level} and k.code_lo between {lo} and {hi}
                 order by k.code_lo offset {skip} limit 1"
            );
            loaded.committee(&sql).await
        };
        let cities = format!("{area} and {busy} and k.level = 3 order by k.code_lo");
        let city = loaded.committee(&format!("{cities} limit 1")).await;
        let other = loaded
            .committee(&format!("{cities} offset 1 limit 1"))
            .await;
        let county = at(loaded, 4, &city, 0).await;
        Self {
            sibling: at(loaded, 4, &city, 1).await,
            town: at(loaded, 5, &county, 0).await,
            city,
            county,
            other,
        }
    }
}

async fn n(owner: &mut PgConnection, sql: &str) -> i64 {
    let counted = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
    counted
        .fetch_one(owner)
        .await
        .unwrap_or_else(|fault| panic!("{sql}: {fault}"))
}

/// The roll-up of this year says what the records say, for the city, each county and a town.
async fn figures_are_right(owner: &mut PgConnection, year: &str) {
    let units = sqlx::query(
        "(select id, code_lo, code_hi from committees where level in (3, 4) and kind = 'area')
         union all
         (select id, code_lo, code_hi from committees where level = 5 order by code_lo limit 1)",
    )
    .fetch_all(&mut *owner)
    .await
    .expect("committees");
    assert!(units.len() > 4);
    for unit in units {
        let (id, lo, hi): (i32, i64, i64) = (unit.get(0), unit.get(1), unit.get(2));
        let within = format!(
            "scope between {lo} and {hi} and evening between '{year}-01-01' and '{year}-12-31'"
        );
        for (code, sql) in HANDS {
            let hand = n(owner, &sql.replace("{within}", &within)).await;
            let rolled = format!(
                "select coalesce(sum(n), 0)::bigint from stats
                 where committee_id = {id} and period = 'year' and starts_on = '{year}-01-01'
                     and metric = '{code}'"
            );
            assert_eq!(n(owner, &rolled).await, hand, "{code} of committee {id}");
        }
    }
}

/// A county's secretary works; the neighbour's records are not there.
async fn pages_open(site: &Arc<Site>, owner: &mut PgConnection) {
    let counties = sqlx::query(
        "select a.account_id, a.tenant_id, a.id, v.id, v.place
         from appointments a
         join committees k on k.id = a.committee_id and k.level = 4 and k.kind = 'area'
         cross join lateral (
             select v.id, v.place from visits v
             where v.scope between k.code_lo and k.code_hi
             order by v.started_at desc, v.id desc limit 1) v
         where a.role = 'secretary'
         order by a.scope
         limit 2",
    )
    .fetch_all(owner)
    .await
    .expect("secretaries");
    let [one, other] = counties.as_slice() else {
        panic!("two counties with visits");
    };
    let appointment = (TenantId(one.get(1)), AppointmentId(one.get(2)));
    let token = sign_in(site, AccountId(one.get(0)), Some(appointment)).await;
    let router = app::application(site).expect("an application");
    let secretary = Browser::of_session(router, &token);
    let newest: uuid::Uuid = one.get(3);
    secretary.get("/visits").await.sees(&newest.to_string());
    let page = secretary.get(&format!("/visits/{newest}")).await;
    page.sees(one.get(4));
    for path in ["/", "/dashboard", "/issues", "/youth", "/reports/year-end"] {
        secretary.get(path).await.is(200);
    }
    let theirs: uuid::Uuid = other.get(3);
    secretary.get(&format!("/visits/{theirs}")).await.is(404);
}
