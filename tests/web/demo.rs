//! The demo tenant: a city of the size that the brief of the demo names, alive at whatever hour it is
//! planted, with what goes wrong in a real year; and every row as a user would have left it.
//!
//! `QINGTING_DEMO_AT=2028-02-28T09:00:00` plants it at another time (of China).

use std::sync::Arc;

use chrono::{DateTime, Days, Utc};
use qingting::demo::{self, Standing};
use qingting::kit::clock::{Clock, instant, local};
use qingting::platform::db;
use qingting::platform::site::Site;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::bulk::ODD;
use crate::harness::{cluster, site};

/// An hour that leaves little: the year, the month and the day have just begun.
const HARD: &str = "2026-01-01T09:00:00";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_a_city_with_a_year_behind_it() {
    let at = std::env::var("QINGTING_DEMO_AT").unwrap_or_else(|_| HARD.into());
    let now = instant(at.parse().expect("a time like 2028-02-28T09:00:00"));
    let database = cluster::empty_database().await;
    db::migrate(&database.owner).await.expect("all migrations");
    let site = site(&database, Clock::fixed(now)).await;
    demo::plant(&site, "nobody signs in by password", &|_| {})
        .await
        .expect("a planting");
    db::analyse(&database.owner).await.expect("statistics");
    demo::finish(&site).await.expect("the figures");
    let standing = demo::standing(&site).await.expect("a look");
    assert_eq!(standing, Standing::Demo);
    let faults = db::wall_faults(&site.pools).await.expect("the walls");
    assert!(faults.is_empty(), "{faults:?}");
    let mut owner = PgConnection::connect(&database.owner)
        .await
        .expect("the owner");
    its_size(&mut owner, now).await;
    its_life(&mut owner, now).await;
    its_stories(&mut owner).await;
    its_shares(&mut owner).await;
    for (what, sql) in ODD {
        assert_eq!(n(&mut owner, sql).await, 0, "{what}");
    }
    last_year_is_typed(&site, &mut owner, now).await;
    owner.close().await.expect("a clean end");
    site.pools.close().await;
}

async fn n(owner: &mut PgConnection, sql: &str) -> i64 {
    let counted = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
    counted
        .fetch_one(owner)
        .await
        .unwrap_or_else(|fault| panic!("{sql}: {fault}"))
}

/// As domain knowledge has it of a city, from and to: 4 000 young people, 70 villages, 120 cadres, 1 400
/// sessions and 3 200 problems in the year that began on `{day}`.
const SIZE: [(&str, i64, i64, &str); 18] = [
    (
        "kinds of guarded people at a county's or the city's own, at least",
        3,
        3,
        "select min(kinds)
         from (
             select count(distinct y.care) as kinds
             from committees k
             left join youths y on y.committee_id = k.id
             where k.kind = 'area' and k.level in (3, 4)
             group by k.id) as own",
    ),
    ("young people", 3_900, 4_600, "select count(*) from youths"),
    (
        "in need of care, in a hundred",
        9,
        15,
        "select 100 * count(*) filter (where care <> 'none') / count(*) from youths",
    ),
    (
        "children with a guardian, in a thousand",
        15,
        45,
        "select 1000 * count(*) filter (where consent = 'guardian') / count(*) from youths",
    ),
    ("cadres", 115, 125, "select count(*) from cadres"),
    (
        "villages visited",
        66,
        70,
        "select count(distinct village_id) from visits",
    ),
    (
        "sessions in a year",
        1_200,
        1_600,
        "select count(*) from visits where evening > '{day}' and state = 'submitted' and headcount > 0",
    ),
    (
        "by night, in a hundred",
        58,
        72,
        "select 100 * count(*) filter (where is_night) / count(*) from visits
                 where evening > '{day}' and state = 'submitted' and headcount > 0",
    ),
    (
        "problems in a year",
        2_800,
        3_600,
        "select count(*) from issues where raised_on > '{day}'",
    ),
    (
        "categories of problems",
        16,
        16,
        "select count(distinct category) from issues where raised_on > '{day}'",
    ),
    (
        "nobody met, in a hundred",
        5,
        11,
        "select 100 * count(*) filter (where headcount = 0) / count(*) from visits where evening > '{day}'",
    ),
    (
        "states of problems",
        15,
        15,
        "select count(distinct state) from issues where raised_on > '{day}'",
    ),
    (
        "problems past their time",
        3,
        12,
        "select count(*) from issues where closed_at is null and due_at < '{day}'::date + 365
             and state not in ('waiting', 'suspended', 'void', 'merged')",
    ),
    (
        "problems that climbed by themselves",
        1,
        8,
        "select count(distinct issue_id) from issue_moves where move = 'climb'",
    ),
    (
        "problems reopened by the young person",
        1,
        3,
        "select count(*) from issues where reopenings > 0 and state = 'reopened'",
    ),
    ("verdicts", 4, 6, "select count(*) from issue_verdicts"),
    (
        "回访 that wait",
        1,
        4,
        "select count(*) from issue_followups where done_at is null",
    ),
    (
        "回访 done",
        1,
        2,
        "select count(*) from issue_followups where done_at is not null",
    ),
];

async fn its_size(owner: &mut PgConnection, now: DateTime<Utc>) {
    let day = (local(now).date() - Days::new(365)).to_string();
    for (what, from, to, sql) in SIZE {
        let counted = n(owner, &sql.replace("{day}", &day)).await;
        assert!((from..=to).contains(&counted), "{what}: {counted}");
        println!("{counted:6} {what}");
    }
}

/// What others have in some problems.
async fn its_shares(owner: &mut PgConnection) {
    for (what, expected, sql) in [
        (
            "parts that are open",
            2,
            "select count(*) from issue_parts where state = 'open'",
        ),
        (
            "answers of a department",
            1,
            "select count(*) from issue_parts where state = 'answered' and department is not null",
        ),
        (
            "matters that the province has too",
            1,
            "select count(*) from issue_handoffs x join issues i on i.id = x.linked_issue_id
             where i.source = 'handoff' and i.tenant_id = x.to_tenant_id and x.holder is not null",
        ),
    ] {
        assert_eq!(n(owner, sql).await, expected, "{what}");
    }
}

async fn its_life(owner: &mut PgConnection, now: DateTime<Utc>) {
    let at = local(now);
    let (today, last) = (at.date(), at.date() - Days::new(1));
    let evening = at.time() > "18:30:00".parse().expect("a time");
    let met = "select count(*) from visits where state = 'submitted' and headcount > 0";
    let mine =
        "author_id in (select cadre_id from appointments a join cadres c on c.id = a.cadre_id
        where c.name in ('林晓禾', '程听雪'))";
    for (what, wanted, sql) in [
        (
            "last night",
            true,
            format!("{met} and is_night and evening = '{last}'"),
        ),
        (
            "tonight",
            evening,
            format!("{met} and is_night and evening = '{today}'"),
        ),
        (
            "this month",
            true,
            format!("{met} and date_trunc('month', evening) = date_trunc('month', date '{today}')"),
        ),
        (
            "a visit of one's own",
            true,
            format!("{met} and {mine} and evening >= '{last}'"),
        ),
    ] {
        let counted = n(owner, &sql).await;
        assert!((counted > 0) == wanted, "{what}: {counted}");
    }
    let late =
        format!("select count(*) from visits where started_at > '{now}' or created_at > '{now}'");
    assert_eq!(n(owner, &late).await, 0, "visits from the future");
}

/// What goes wrong in a real year, and how often at least.
const STORIES: [(&str, i64, &str); 13] = [
    (
        "a void visit",
        1,
        "select count(*) from visits where state = 'void'",
    ),
    (
        "a merged visit",
        1,
        "select count(*) from visits where state = 'merged'",
    ),
    (
        "a double that stands",
        1,
        "select count(*) from visits a join visits b on b.tenant_id = a.tenant_id
                 and b.author_id = a.author_id and b.village_id = a.village_id and b.id > a.id
                 and b.evening = a.evening and b.state = a.state
                 and abs(extract(epoch from b.started_at - a.started_at)) < 5400
             where a.state = 'submitted'",
    ),
    (
        "corrected within a day, without a word",
        1,
        "select count(*) from visit_corrections where reason is null",
    ),
    (
        "corrected later, with a reason",
        1,
        "select count(*) from visit_corrections c
             join visits v on v.tenant_id = c.tenant_id and v.id = c.visit_id
             where c.reason is not null and c.at > v.created_at + interval '1 day'",
    ),
    (
        "a merged village",
        1,
        "select count(*) from organisations where state = 'merged'",
    ),
    ("typed figures", 6, "select count(*) from typed_figures"),
    (
        "cadres who left",
        2,
        "select count(*) from appointments where ends_on is not null",
    ),
    (
        "companions of another county",
        20,
        "select count(*) from visit_cadres w
             join visits v on v.tenant_id = w.tenant_id and v.id = w.visit_id
             join cadres c on c.tenant_id = w.tenant_id and c.id = w.cadre_id
             where c.scope / 100000000 <> v.scope / 100000000",
    ),
    (
        "companions who are no cadres",
        50,
        "select count(*) from visits where companions is not null",
    ),
    (
        "instructions, one of them with a report",
        1,
        "select count(*) from issue_instructions where answer is not null
             and 3 = (select count(*) from issue_instructions)",
    ),
    (
        "a leave with its deputy, and notices",
        1,
        "select count(*) from deputies where exists (select from issue_notices)",
    ),
    (
        "an answer to feedback",
        2,
        "select count(*) from feedback where answered_at is not null",
    ),
];

async fn its_stories(owner: &mut PgConnection) {
    for (what, least, sql) in STORIES {
        let counted = n(owner, sql).await;
        assert!(counted >= least, "{what}: {counted}");
    }
}

/// The year-end table of the day shows what was typed.
async fn last_year_is_typed(site: &Arc<Site>, owner: &mut PgConnection, now: DateTime<Utc>) {
    use crate::harness::Browser;
    use crate::harness::people::sign_in;
    use qingting::platform::ids::{AccountId, AppointmentId, TenantId};
    let row = sqlx::query_as::<_, (uuid::Uuid, i32, uuid::Uuid)>(
        "select a.account_id, a.tenant_id, a.id from appointments a
         join cadres c on c.tenant_id = a.tenant_id and c.id = a.cadre_id where c.name = '周予安'",
    );
    let (account, tenant, id) = row.fetch_one(owner).await.expect("the secretary");
    let appointment = (TenantId(tenant), AppointmentId(id));
    let token = sign_in(site, AccountId(account), Some(appointment)).await;
    let router = qingting::app::application(site).expect("an application");
    let secretary = Browser::of_session(router, &token);
    let today = local(now).date();
    secretary.get("/reports/year-end").await.sees("◇");
    let year = today.format("%Y");
    let whole = format!("/reports/year-end?from={year}-01-01&to={year}-12-31");
    secretary.get(&whole).await.is(200);
    for path in [
        "/",
        "/dashboard",
        "/visits",
        "/issues",
        "/youth",
        "/organisations",
    ] {
        let seen = secretary.get(path).await;
        assert!(matches!(seen.status.as_u16(), 200 | 403), "{path}");
    }
}
