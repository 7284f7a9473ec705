//! Callers who hang up: what they wrote is written whole, what they only asked for is given up.
//! (`cancellation.rs` cuts the transactions themselves.)

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use super::as_owner;
use crate::harness::{Town, new_id};
use crate::visits::count;

/// Lets it go on so many steps; whether it came to its end.
async fn steps(what: impl Future, most: usize) -> bool {
    let mut what = pin!(what);
    for _ in 0..most {
        let step = poll_fn(|context| Poll::Ready(what.as_mut().poll(context).is_ready()));
        if step.await {
            return true;
        }
        yield_now().await;
    }
    false
}

/// A handler whose caller goes away, in whatever step, runs to its end.
#[tokio::test]
async fn a_caller_who_hangs_up_cuts_nothing() {
    const CALLERS: usize = 40;
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    let mut cut = 0;
    for most in 1..=CALLERS {
        let id = new_id();
        let fields = [("id", id.as_str()), ("text", "说到一半没了信号")];
        cut += usize::from(!steps(cadre.post("/feedback", &fields), most).await);
        if most % 10 == 0 {
            let neighbour = town.signed_in("sibling_cadre").get("/feedback").await;
            neighbour.sees("共 0 条");
        }
    }
    assert!(cut > 0, "the first step is never the last");
    let written = "select count(*) from feedback where text = '说到一半没了信号'";
    for _ in 0..500 {
        if count(&town, written).await == i64::try_from(CALLERS).expect("a few") {
            println!("walls: {cut} callers hung up, all {CALLERS} were written");
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{} of {CALLERS} are written", count(&town, written).await);
}

/// More callers than there are connections for long reads ask for a file that is long in the making, and
/// go away.
#[tokio::test]
async fn a_file_that_nobody_waits_for_holds_no_connection() {
    let town = Town::new().await;
    let mut owner = as_owner(&town.database).await;
    let lock = "begin; lock table visits in access exclusive mode";
    sqlx::raw_sql(lock)
        .execute(&mut owner)
        .await
        .expect("a lock");
    let patience = Duration::from_millis(300);
    for who in [
        "city_admin",
        "city_secretary",
        "county_admin",
        "county_secretary",
    ] {
        let browser = town.signed_in(who);
        let file = timeout(patience, browser.get("/reports/visits.xlsx")).await;
        assert!(file.is_err(), "the file is not there at once");
    }
    // Its figures are rolled up, on the same connections.
    let page = timeout(Duration::from_secs(4), async {
        town.signed_in("city_secretary").get("/dashboard").await
    });
    page.await.expect("a connection is free").is(200);
}
