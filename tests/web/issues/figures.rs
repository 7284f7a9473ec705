//! D02 to D06: closings, whoever made them, counted once at the committee that owns the issue; each
//! number is its rows on every level.

use chrono::{DateTime, TimeDelta, Utc};
use qingting::issues::store::{self, Made};
use qingting::issues::{
    Act, Closing, DeclineReason, Hand, IssueId, Move, MoveId, NewMove, Outcome, Side,
};
use qingting::kit::clock::Clock;

use super::{given_to, heard};
use crate::figures::{Days, address, behind, catch_up, rolled_up};
use crate::harness::{Town, evening};

fn close(outcome: Outcome) -> Act {
    let answers = vec!["推了两个岗位".into()];
    Act::Close(Move::Close, Closing { outcome, answers })
}

pub fn accept() -> Act {
    Act::Accept {
        points: Vec::new(),
        cadre: None,
    }
}

pub async fn walk(town: &Town, key: &str, id: IssueId, acts: Vec<Act>) {
    for act in acts {
        let new = NewMove {
            id: MoveId::new_v7(evening()),
            version: None,
            act,
            words: Some("说明".into()),
            is_shown: false,
        };
        let scope = town.scope(key);
        let made = scope.work(async |db| store::make(db, id, &new).await).await;
        let made = made.unwrap_or_else(|fault| panic!("{key}: {:?}: {fault:?}", new.act));
        assert_eq!(made, Made::Done, "{key}: {:?}", new.act);
    }
}

async fn one(town: &Town) -> IssueId {
    let issue = given_to(town, "想找离家近的文员岗位", "town", "town_cadre");
    heard(town, "town_cadre", issue).await
}

pub fn on(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// Heard in the town on 24 November: solved the same evening; partly on 27 November; explained on the
/// spot on 30 November; declined; one past its time in January; one that did not stand; one that another
/// county solved; one that stays open, and one that was voided.
async fn year(town: &Town) -> Town {
    let take = || vec![accept(), Act::Name(Move::Take, None)];
    let mut all = Vec::new();
    for _ in 0..9 {
        all.push(one(town).await);
    }
    for id in [all[0], all[1], all[4], all[5]] {
        walk(town, "town_cadre", id, take()).await;
    }
    walk(town, "town_cadre", all[0], vec![close(Outcome::Solved)]).await;
    walk(town, "town_cadre", all[2], vec![accept()]).await;
    walk(
        town,
        "town_cadre",
        all[3],
        vec![Act::Decline(DeclineReason::Court)],
    )
    .await;
    walk(town, "town_cadre", all[8], vec![Act::Plain(Move::Void)]).await;
    let hand = Hand {
        to: town.world.committee("sibling").place,
        cadre: None,
        due_on: None,
    };
    walk(
        town,
        "town_cadre",
        all[6],
        vec![Act::Hand(Move::Assign, hand)],
    )
    .await;
    let at = |time: &'static str| town.later(Clock::fixed(on(time)));
    let friday = at("2026-11-27T02:00:00Z").await;
    walk(&friday, "town_cadre", all[1], vec![close(Outcome::Partly)]).await;
    let sign = vec![Act::Name(Move::Sign, None), close(Outcome::Solved)];
    walk(&friday, "sibling_secretary", all[6], sign).await;
    walk(&friday, "town_cadre", all[5], vec![close(Outcome::Solved)]).await;
    let reopen = NewMove {
        id: MoveId::new_v7(evening()),
        version: None,
        act: Act::Plain(Move::VerdictNot),
        words: None,
        is_shown: false,
    };
    let made = friday
        .scope("town_cadre")
        .work(async |db| store::make_as(db, all[5], &reopen, Side::Youth).await)
        .await;
    assert_eq!(made.expect("a verdict"), Made::Done);
    let monday = at("2026-11-30T02:00:00Z").await;
    let explain = Closing {
        outcome: Outcome::Explained,
        answers: vec!["到转入地办".into()],
    };
    walk(
        &monday,
        "town_cadre",
        all[2],
        vec![Act::Close(Move::Explain, explain)],
    )
    .await;
    let january = at("2027-01-05T02:00:00Z").await;
    walk(&january, "town_cadre", all[4], vec![close(Outcome::Solved)]).await;
    january
}

#[tokio::test]
async fn each_number_is_its_rows_and_what_the_hand_counts() {
    let town = Town::new().await;
    let now = year(&town).await;
    catch_up(&now).await;
    let this = Days("2026-01-01", "2026-12-31");
    let next = Days("2027-01-01", "2027-01-05");
    // code, days, as printed, rows
    let wanted = [
        ("D01", this, " 8 件", 8),
        ("D02", this, " 3 件", 3),
        ("D03", this, " 5 件", 5),
        ("D04", this, "5／8", 5),
        ("D04A", this, " 8 件", 8),
        ("D05", this, "5／5", 5),
        // 0 (solved at once), 0 (declined), 3, 3, 4.
        ("D06", this, " 3 工作日", 5),
        ("D02", next, " 1 件", 1),
        // What was open on the first day: the late one, the reopened one, the one never touched.
        ("D04A", next, " 3 件", 3),
        ("D04", next, "1／3", 1),
        ("D05", next, "0／1", 0),
    ];
    for (place, who) in [
        ("town", "town_secretary"),
        ("county", "county_secretary"),
        ("city", "city_secretary"),
    ] {
        let browser = super::today(&now, who).await;
        for (code, days, printed, rows) in wanted {
            let found = behind(&browser, &address(&now, code, place, days)).await;
            let at = format!("{code} at {place}, {days:?}: {}", found.figure);
            assert!(found.figure.contains(printed), "{at} is not {printed}");
            assert_eq!(found.total, rows, "{at}");
            assert_eq!(i64::try_from(found.rows.len()), Ok(rows), "{at}");
        }
    }
    // The other county solved it, and it counts where it was heard.
    let sibling = super::today(&now, "sibling_secretary").await;
    for code in ["D01", "D02", "D03", "D04A"] {
        let found = behind(&sibling, &address(&now, code, "sibling", this)).await;
        assert_eq!(found.total, 0, "{code}");
    }
    assert_eq!(rolled_up(&now, "county", "D03", "year").await, 5);
}

/// What is marked is counted again by the ticker: a closing, and the closing that falls.
#[tokio::test]
async fn a_roll_up_follows_a_closing_and_its_fall() {
    let town = Town::new().await;
    let id = one(&town).await;
    catch_up(&town).await;
    let acts = vec![
        accept(),
        Act::Name(Move::Take, None),
        close(Outcome::Solved),
    ];
    walk(&town, "town_cadre", id, acts).await;
    catch_up(&town).await;
    assert_eq!(rolled_up(&town, "city", "D02", "year").await, 1);
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::days(1)))
        .await;
    walk(&later, "town_secretary", id, vec![Act::Plain(Move::Reopen)]).await;
    catch_up(&later).await;
    assert_eq!(rolled_up(&later, "city", "D02", "year").await, 0);
}
