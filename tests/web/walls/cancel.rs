//! Transactions cut short at random: whoever borrows a connection next meets no open transaction and
//! no foreign scope.

use std::time::{Duration, Instant};

use qingting::feedback::{self, FeedbackId, NewFeedback};
use qingting::platform::scope::Scope;
use qingting::platform::{Error, Result};
use qingting::{committees, organisations};

use crate::harness::{Town, evening};

/// What a connection says of itself: the interval it is bound to, and rows that it sees.
async fn look(scope: &Scope) -> Result<(usize, i64)> {
    scope
        .look(async |db| {
            let villages = organisations::store::towns(db).await?.len();
            let said = feedback::store::list(db, None, None).await?.total;
            Ok((villages, said))
        })
        .await
}

async fn say(scope: &Scope, text: &str) -> Result<()> {
    let new = NewFeedback {
        id: FeedbackId::new_v7(evening()),
        text: text.into(),
        page: None,
    };
    let new = &new;
    scope
        .work(async |db| {
            feedback::store::add(db, new).await?;
            committees::store::get(db, db.scope().committee()).await?;
            let at = db.scope().place();
            db.log(feedback::ADDED, Some(new.id.0), at, ()).await
        })
        .await
}

#[tokio::test]
async fn cut_at_random_nothing_leaks() {
    let town = Town::new().await;
    let (mine, theirs) = (town.scope("town_cadre"), town.scope("sibling_cadre"));
    let at_home = look(&mine).await.expect("a look").0;
    let begun = Instant::now();
    say(&mine, "量一量要多久").await.expect("said");
    let usual = u64::try_from(begun.elapsed().as_micros()).expect("not that long");
    let (mut cut, mut whole) = (0, 1);
    for round in 0..150_u64 {
        // Spread over the whole transaction, and a little beyond it.
        let patience = Duration::from_micros(usual * (round % 50) / 25);
        match tokio::time::timeout(patience, say(&mine, "被打断的话")).await {
            Ok(outcome) => {
                outcome.expect("said");
                whole += 1;
            }
            Err(_) => cut += 1,
        }
        let strangers = look(&theirs).await.expect("a look");
        assert_eq!(
            strangers.1, 0,
            "round {round}: a neighbour reads what was said here"
        );
        if round % 10 == 0 {
            let (towns, said) = look(&mine).await.expect("a look");
            assert_eq!(towns, at_home, "round {round}");
            assert!(
                said >= whole,
                "round {round}: {said} of {whole} that were acknowledged"
            );
        }
    }
    assert!(
        cut > 10 && whole > 10,
        "{cut} cut, {whole} whole: the cuts do not fall within"
    );
    println!("walls: {cut} transactions cut short, {whole} whole, no scope leaked");
}

/// A timer counts in milliseconds, which is too coarse for a post that takes two.
async fn spin(patience: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        tokio::task::yield_now().await;
    }
}

/// A handler whose caller goes away runs to its end.
#[tokio::test]
async fn a_caller_who_hangs_up_cuts_nothing() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    let post = |id: String| {
        let cadre = &cadre;
        async move {
            let fields = [("id", id.as_str()), ("text", "说到一半没了信号")];
            cadre.post("/feedback", &fields).await
        }
    };
    post(crate::harness::new_id()).await;
    let begun = Instant::now();
    post(crate::harness::new_id()).await;
    let usual = begun.elapsed();
    let mut rounds = 0;
    for round in 0..30_u32 {
        let patience = usual * round / 15;
        let outcome = tokio::select! {
            biased;
            reply = post(crate::harness::new_id()) => Some(reply),
            () = spin(patience) => None,
        };
        rounds += usize::from(outcome.is_none());
        let neighbour = town.signed_in("sibling_cadre").get("/feedback").await;
        neighbour.sees("共 0 条");
    }
    let seen = cadre.get("/feedback").await;
    seen.sees("说到一半没了信号");
    assert!(rounds > 3, "{rounds} callers hung up");
    let left = match look(&town.scope("town_cadre")).await {
        Ok((_, said)) => said,
        Err(Error::Busy) => panic!("the pool is empty"),
        Err(other) => panic!("{other:?}"),
    };
    assert!(left > 0);
}
