//! A write that is under way while a roll-up counts is in the next one.

use std::sync::Arc;
use std::time::Duration;

use qingting::figures::rollup;
use qingting::platform::scope::Scope;
use qingting::platform::stale;
use tokio::sync::Semaphore;

use super::{Days, address, behind, catch_up, filled, rolled_up};
use crate::harness::Town;
use crate::visits::{Sheet, count};
use crate::walls::{as_owner, refusal};

const MARKS: &str = "select count(*) from stale_months
    where tenant_id in (select id from committees where level = 3)";

async fn city_counts(town: &Town) {
    let scope = Scope::of_ticker(town.site.clone(), town.world.committee("city"));
    rollup::catch_up(&scope).await.expect("a roll-up");
}

#[tokio::test]
async fn a_mark_that_is_renewed_goes_with_the_next_count() {
    let town = filled().await;
    assert_eq!(count(&town, MARKS).await, 0);
    let sheet = Sheet::new(&town)
        .with("confirm", "other")
        .with("at", "20:50");
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    assert!(count(&town, MARKS).await > 0);
    let before = rolled_up(&town, "city", "C02", "year").await;
    catch_up(&town).await;
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 1);
    assert_eq!(count(&town, MARKS).await, 0);
    // Run twice, it comes to the same.
    for key in ["city", "province"] {
        let scope = Scope::of_ticker(town.site.clone(), town.world.committee(key));
        rollup::refresh_all(&scope).await.expect("a refresh");
    }
    for place in ["city", "province"] {
        assert_eq!(rolled_up(&town, place, "C02", "year").await, before + 1);
    }
}

/// The province's night pass counts its own part; the sums of its cities stand meanwhile.
#[tokio::test]
async fn a_province_keeps_its_sums_while_its_own_part_is_counted() {
    let town = filled().await;
    let province = Scope::of_ticker(town.site.clone(), town.world.committee("province"));
    let before = rolled_up(&town, "province", "C05", "year").await;
    let days = "select coalesce(sum(n), 0)::bigint from stats
        where period = 'day' and metric = 'C06' and committee_id = tenant_id
            and committee_id in (select id from committees where level = 2)";
    let evenings = count(&town, days).await;
    assert!(before > 0 && evenings > 0);
    rollup::nightly(&province).await.expect("a pass");
    assert_eq!(rolled_up(&town, "province", "C05", "year").await, before);
    assert_eq!(count(&town, days).await, evenings);
    // What a city no longer has goes with the next sums.
    let mut owner = as_owner(&town.database).await;
    let gone = "delete from stats
        where metric <> 'pass' and committee_id in (select id from committees where level = 3)";
    assert_eq!(refusal(&mut owner, gone).await, None);
    rollup::catch_up(&province).await.expect("a roll-up");
    let own = rolled_up(&town, "province", "part.C05", "year").await;
    assert_eq!(rolled_up(&town, "province", "C05", "year").await, own);
}

/// 一览 says up to when all is counted: the oldest change, not the last.
#[tokio::test]
async fn a_mark_keeps_the_moment_of_the_oldest_change() {
    let town = filled().await;
    let scope = town.scope("town_cadre");
    let mark = async || {
        let marked = scope.work(async |db| {
            let at = db.scope().place();
            stale::mark(db, at, "2026-11-24".parse().expect("a date")).await?;
            Ok(db.unchanged(()))
        });
        marked.await.expect("a mark");
    };
    mark().await;
    let mut owner = as_owner(&town.database).await;
    let earlier = "update stale_months set marked_at = '2026-11-24 12:00+08'";
    assert_eq!(refusal(&mut owner, earlier).await, None);
    mark().await;
    let city = town.signed_in("city_secretary").get("/dashboard").await;
    city.sees("12:00");
}

/// Waits until so many backends stand in front of a lock.
async fn until_waiting(town: &Town) {
    for _ in 0..400 {
        let waiting = "select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'";
        if count(town, waiting).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nobody waits: this is no race");
}

/// The writer holds the row of its mark, the roll-up has counted without what he wrote and wants to take
/// the mark away: it has to wait for him, and then to leave it. The clock stands still meanwhile, so that
/// no time tells the two marks apart.
#[tokio::test]
async fn a_writer_whose_transaction_is_open_while_it_counts_is_not_lost() {
    let town = filled().await;
    let before = rolled_up(&town, "city", "C02", "year").await;
    let first = Sheet::new(&town)
        .with("confirm", "other")
        .with("at", "20:50");
    first.saved(&first.post(&town, "town_cadre").await);
    let (held, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let writer = {
        let (scope, held, go) = (town.scope("town_cadre"), held.clone(), go.clone());
        let id = first.id();
        tokio::spawn(async move {
            let (held, go, id) = (&held, &go, &id);
            let written = scope.work(async |db| {
                let at = db.scope().place();
                stale::mark(db, at, "2026-11-24".parse().expect("a date")).await?;
                let again = sqlx::query(
                    "insert into visits (tenant_id, id, committee_id, scope, no, mode, started_at,
                         is_night, evening, place_kind, place, walkins, headcount, author_id, source,
                         fingerprint, created_at, updated_at)
                     select tenant_id, gen_random_uuid(), committee_id, scope, no || '-2', mode,
                         started_at, is_night, evening, place_kind, place, walkins, headcount,
                         author_id, source, fingerprint, created_at, updated_at
                     from visits
                     where id = $1::uuid",
                );
                again.bind(id).execute(db.conn()).await?;
                held.add_permits(1);
                go.acquire().await.expect("a word").forget();
                Ok(db.unchanged(()))
            });
            written.await.expect("a visit");
        })
    };
    held.acquire().await.expect("a word").forget();
    let counting = {
        let scope = Scope::of_ticker(town.site.clone(), town.world.committee("city"));
        tokio::spawn(async move { rollup::catch_up(&scope).await.expect("a roll-up") })
    };
    until_waiting(&town).await;
    go.add_permits(1);
    writer.await.expect("the writer");
    counting.await.expect("the roll-up");
    // The first count did not see the second visit, and left the mark.
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 1);
    assert_eq!(count(&town, MARKS).await, 1);
    city_counts(&town).await;
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 2);
    assert_eq!(count(&town, MARKS).await, 0);
    let city = town.signed_in("city_secretary");
    let listed = behind(&city, &address(&town, "C02", "city", Days::NOW)).await;
    assert_eq!(listed.total, before + 2);
}

/// Two servers count the same tenant: whoever comes second counts after the first has written.
#[tokio::test]
async fn two_who_count_at_once_come_to_the_same() {
    let town = filled().await;
    let before = rolled_up(&town, "city", "C02", "year").await;
    for n in 0..3 {
        let sheet = Sheet::new(&town)
            .with("confirm", "other")
            .with("at", ["20:10", "20:20", "20:30"][n]);
        sheet.saved(&sheet.post(&town, "town_cadre").await);
        let ((), ()) = tokio::join!(city_counts(&town), city_counts(&town));
    }
    city_counts(&town).await;
    assert_eq!(rolled_up(&town, "city", "C02", "year").await, before + 3);
    assert_eq!(count(&town, MARKS).await, 0);
}
