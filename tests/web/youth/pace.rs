//! By hand: how long a search takes among 300 000 young people, and from which indexes.
//!
//! `cargo test --release --test web youth::pace -- --ignored --nocapture` prints the medians of city,
//! county and town, and the plans. Nothing is asserted: a machine that is busy is no fault.

use std::time::{Duration, Instant};

use qingting::kit::pinyin;
use qingting::platform::scope::Scope;
use qingting::youth::store;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::harness::Town;

const YOUTHS: i64 = 300_000;
const ROUNDS: usize = 15;

const ASKED: [&str; 15] = [
    "王",
    "王芳",
    "芳",
    "w",
    "wang",
    "wangxiaofang",
    "wxf",
    "1234",
    "小芳 1234",
    "wang li",
    "w x f",
    "fang wang",
    "f w",
    "wang f",
    "没有这个人",
];

const SURNAMES: &str =
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: &str =
    "芳伟敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰小红文晓建国志春梅云飞雪雨晨欣怡";

#[tokio::test]
#[ignore = "for measuring by hand"]
async fn search_among_three_hundred_thousand() {
    let town = Town::new().await;
    fill(&town).await;
    for (what, key) in [
        ("city", "city_secretary"),
        ("county", "county_secretary"),
        ("town", "town_cadre"),
    ] {
        let scope = town.scope(key);
        println!("{what}");
        for q in ASKED {
            let (found, median) = ask(&scope, q).await;
            println!("  {q:14} {found:3} found  {median:?}");
        }
    }
    plans(&town).await;
}

async fn ask(scope: &Scope, q: &str) -> (usize, Duration) {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let rows = scope.look(async |db| store::search(db, q, 25).await).await;
        times.push(start.elapsed());
        found = rows.expect("a search").len();
    }
    times.sort_unstable();
    (found, times[ROUNDS / 2])
}

/// As owner, over all towns and streets of the city, with the words that a registration writes.
async fn fill(town: &Town) {
    let mut owner = PgConnection::connect(&town.database.owner)
        .await
        .expect("the owner");
    let person = town.world.person("city_secretary");
    let city = person.home.expect("a city");
    let (lo, hi, tenant) = (city.place.scope, city.hi, city.place.tenant.0);
    let everything =
        format!("set app.lo = '{lo}'; set app.hi = '{hi}'; set app.tenant = '{tenant}'");
    owner
        .execute(AssertSqlSafe(everything))
        .await
        .expect("a scope");
    sqlx::query(
        "with towns as (
             select id, code_lo, row_number() over (order by code_lo) - 1 as n, count(*) over () as all_of
             from committees where tenant_id = $1 and level = 5)
         insert into youths (tenant_id, id, committee_id, scope, name, phone, groups, source,
             fingerprint, created_by, created_at, updated_at)
         select $1, gen_random_uuid(), t.id, t.code_lo,
             substr($3, 1 + (random() * random() * (length($3) - 1))::int, 1)
                 || substr($4, 1 + (random() * (length($4) - 1))::int, 1)
                 || case when random() < 0.6
                     then substr($4, 1 + (random() * (length($4) - 1))::int, 1) else '' end,
             '199' || lpad((random() * 99999999)::bigint::text, 8, '0'), '{NC}', 'import', '', $2,
             now(), now() - i * interval '1 second'
         from generate_series(1, $5) as i
         join towns t on t.n = i % t.all_of",
    )
    .bind(tenant)
    .bind(person.cadre.expect("a cadre").0)
    .bind(SURNAMES)
    .bind(GIVEN)
    .bind(YOUTHS)
    .execute(&mut owner)
    .await
    .expect("young people");
    words(&mut owner).await;
    owner
        .execute("vacuum analyze youths, youth_words, youth_cadres")
        .await
        .expect("a vacuum");
}

async fn words(owner: &mut PgConnection) {
    let rows = sqlx::query("select tenant_id, id, scope, name, phone from youths")
        .fetch_all(&mut *owner)
        .await
        .expect("all of them");
    for part in rows.chunks(10_000) {
        let (mut tenants, mut ids, mut scopes, mut all) = (vec![], vec![], vec![], vec![]);
        for row in part {
            let (name, phone): (&str, &str) = (row.get(3), row.get(4));
            for word in pinyin::search_words(name, phone) {
                tenants.push(row.get::<i32, _>(0));
                ids.push(row.get::<uuid::Uuid, _>(1));
                scopes.push(row.get::<i64, _>(2));
                all.push(word);
            }
        }
        sqlx::query(
            "insert into youth_words (tenant_id, youth_id, scope, word)
             select * from unnest($1::int[], $2::uuid[], $3::bigint[], $4::text[])",
        )
        .bind(tenants)
        .bind(ids)
        .bind(scopes)
        .bind(all)
        .execute(&mut *owner)
        .await
        .expect("their words");
    }
}

/// The two range queries as they stand in the store, explained for the serving role.
async fn plans(town: &Town) {
    let source = include_str!("../../../src/youth/store/search.rs");
    let ranges = source
        .split("r#\"select f.youth_id as \"id!\"")
        .skip(1)
        .map(|rest| rest.split("\"#").next().expect("the end of a query"));
    let mut app = PgConnection::connect(&town.database.app)
        .await
        .expect("the serving role");
    for (what, key) in [
        ("city", "city_secretary"),
        ("county", "county_secretary"),
        ("town", "town_cadre"),
    ] {
        let home = town.world.person(key).home.expect("a committee");
        let (lo, hi, tenant) = (home.place.scope, home.hi, home.place.tenant.0);
        let scope = format!(
            "set app.lo = '{lo}'; set app.hi = '{hi}'; set app.tenant = '{tenant}'; set plan_cache_mode = force_custom_plan"
        );
        app.execute(AssertSqlSafe(scope)).await.expect("a scope");
        for (several, sql) in ranges.clone().enumerate() {
            let explain =
                format!("explain (analyze, costs off, timing off) select f.youth_id {sql}");
            let mut query = sqlx::query(AssertSqlSafe(explain))
                .bind(vec![tenant])
                .bind("wang")
                .bind("wang\u{10FFFF}")
                .bind(lo)
                .bind(hi);
            if several == 1 {
                query = query.bind("li").bind("li\u{10FFFF}");
            }
            query = query.bind(vec![""; 0]).bind(vec![""; 0]);
            let rows = query.fetch_all(&mut app).await.expect("a plan");
            println!("\n{what}, {}", ["one word", "two words"][several]);
            for row in rows {
                println!("  {}", row.get::<&str, _>(0));
            }
        }
    }
}
