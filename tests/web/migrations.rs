//! Each migration applies over data that the one before could hold: after each step every table there
//! is has a row, made from the catalogue, and no row is lost by the next. What no catalogue tells
//! stands in `migrations/<version>.sql` beside this file.

use std::collections::BTreeMap;
use std::path::Path;

use qingting::platform::db::{self, MIGRATOR, Pools};
use qingting::platform::ids::{CommitteeId, TenantId};
use qingting::platform::scope::Place;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::harness::cluster;
use crate::walls::filler::Filler;
use crate::walls::{refusal, texts};

/// The committee of the first sample.
const PLACE: Place = Place {
    tenant: TenantId(1),
    committee: CommitteeId(1),
    scope: 100,
};

#[tokio::test]
async fn each_applies_over_rows_of_the_one_before() {
    let database = cluster::empty_database().await;
    let options = db::options(&database.owner).expect("an address");
    let mut owner = PgConnection::connect_with(&options)
        .await
        .expect("the owner");
    let mut filler = Filler::new(&mut owner, PLACE).await;
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    let mut steps = 0;
    for migration in MIGRATOR
        .iter()
        .filter(|it| it.migration_type.is_up_migration())
    {
        let step = MIGRATOR.run_direct(Some(migration.version), &mut owner, false);
        step.await
            .unwrap_or_else(|fault| panic!("{}: {fault}", migration.version));
        assert_kept(&mut owner, &rows, migration.version).await;
        sample(&mut owner, migration.version).await;
        filler.look_again(&mut owner).await;
        let tables: Vec<String> = filler.tables.keys().cloned().collect();
        for table in tables.iter().filter(|table| *table != "committees") {
            let values = filler.fill(&mut owner, table).await;
            rows.insert(table.clone(), filler.tables[table].key_of(&values));
        }
        steps += 1;
    }
    assert!(rows.len() > 20, "{rows:?}");
    // What had been typed of a place stands where it was typed, and nowhere else.
    for (told, wanted) in [
        (
            "place from visits where place_text = '陈一诺家'",
            "溪口镇上溪村",
        ),
        (
            "place from visit_cadres where place like '溪口镇%'",
            "溪口镇上溪村",
        ),
        (
            "detail ->> 'place' from day_book where verb = 'youth_met'",
            "溪口镇上溪村",
        ),
    ] {
        let found = texts(&mut owner, &format!("select distinct {told}")).await;
        assert_eq!(found, [wanted], "{told}");
    }
    // A careless step would have been refused by the rows.
    for table in rows.keys() {
        let careless = format!("alter table {table} add column careless text not null");
        let said = refusal(&mut owner, &careless).await;
        assert_eq!(said.as_deref(), Some("23502"), "{table} is empty");
    }
    owner.close().await.expect("a clean end");
    db::migrate(&database.owner)
        .await
        .expect("nothing is left to do");
    let pools = Pools::connect(&database.app, None)
        .await
        .expect("the pools");
    let faults = db::wall_faults(&pools).await.expect("the walls are asked");
    assert_eq!(faults, Vec::<String>::new());
    pools.close().await;
    println!(
        "migrations: {steps} applied one by one over rows of {} tables",
        rows.len()
    );
}

async fn assert_kept(owner: &mut PgConnection, rows: &BTreeMap<String, String>, version: i64) {
    for (table, key) in rows {
        let sql = format!("select 'x'::text from {table} where {key}");
        let found = texts(owner, &sql).await.len();
        assert_eq!(found, 1, "migration {version} lost a row of {table}");
    }
}

async fn sample(owner: &mut PgConnection, version: i64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/migrations");
    let Ok(sql) = std::fs::read_to_string(folder.join(format!("{version}.sql"))) else {
        return;
    };
    let done = owner.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    done.unwrap_or_else(|fault| panic!("the sample of {version}: {fault}"));
}
