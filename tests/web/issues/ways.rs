//! A matter in every state, and everybody who could do something to it.

use chrono::NaiveDate;
use qingting::issues::moves::TABLE;
use qingting::issues::store::{self, Made};
use qingting::issues::{
    Act, Closing, DeclineReason, Hand, IssueId, Move, MoveId, NewMove, Outcome, Side, State,
};
use qingting::platform::scope::{Role, Scope};

use super::{given_to, heard, new};
use crate::harness::people::{Newcomer, join, scope_of};
use crate::harness::{Town, evening};

/// Owner is the town, handler a cadre of the next town, sender the town again.
const PEOPLE: [(&str, &[Side]); 8] = [
    ("town2_cadre", &[Side::Handler]),
    ("town2_secretary", &[Side::Lead]),
    ("town_colleague", &[Side::Sender]),
    ("town_cadre", &[Side::Sender, Side::Receiver]),
    ("town_secretary", &[Side::Sender, Side::Owner]),
    ("county_secretary", &[Side::Superior]),
    ("county_admin", &[]),
    ("county_cadre", &[]),
];

/// Capacities that no session gives.
pub const WITHOUT: [Side; 3] = [Side::Partner, Side::Youth, Side::System];

pub struct World {
    pub town: Town,
    pub people: Vec<(&'static str, Scope, &'static [Side])>,
    target: IssueId,
}

pub async fn world() -> World {
    let town = Town::new().await;
    let newcomer = Newcomer {
        name: "温书瑶",
        phone: "19900000088".into(),
        role: Role::Secretary,
        post: "书记",
        home: town.world.committee("town2"),
    };
    let lead = join(&town.site, newcomer, "no password").await;
    let scope = |key: &str| match key {
        "town2_secretary" => scope_of(&town.site, &lead),
        _ => town.scope(key),
    };
    let people = PEOPLE.map(|(key, sides)| (key, scope(key), sides));
    let target = heard(&town, "town_cadre", new(&town, "路灯不亮的那一件", "town2")).await;
    World {
        people: people.into(),
        target,
        town,
    }
}

/// With what each move is tried.
pub fn sample(world: &World, act: Move) -> NewMove {
    let cadre = world.town.world.person("town2_cadre").cadre;
    let day = NaiveDate::from_ymd_opt(2026, 12, 18).expect("a date");
    let sibling = world.town.world.committee("sibling").place;
    let hand = |to| Hand {
        to,
        cadre: None,
        due_on: Some(day),
    };
    let closing = |outcome| Closing {
        outcome,
        answers: vec!["推了两个岗位".into()],
    };
    let act = match act {
        Move::Accept => Act::Accept {
            points: Vec::new(),
            cadre,
        },
        Move::Decline => Act::Decline(DeclineReason::Court),
        Move::Assign => Act::Hand(act, hand(sibling)),
        Move::Report | Move::Climb => {
            Act::Hand(act, hand(world.town.world.committee("county").place))
        }
        Move::Sign | Move::Take | Move::Appoint => Act::Name(act, cadre),
        Move::Suspend => Act::Suspend(day),
        Move::AskExtension => {
            Act::AskExtension(NaiveDate::from_ymd_opt(2027, 3, 1).expect("a date"))
        }
        Move::Close => Act::Close(act, closing(Outcome::Solved)),
        Move::Explain => Act::Close(act, closing(Outcome::Explained)),
        Move::Merge => Act::Merge(world.target),
        _ => Act::Plain(act),
    };
    NewMove {
        id: MoveId::new_v7(evening()),
        version: None,
        act,
        words: Some("因为要试".into()),
        is_shown: false,
    }
}

/// By which moves a state is reached, from a matter that the next town handles.
fn way(state: State) -> &'static [Move] {
    use Move::{
        Accept, Ask, Close, Decline, Explain, Merge, Refer, Suspend, Take, VerdictDone, VerdictNot,
        Void,
    };
    match state {
        State::Pending | State::Assigned | State::Reported => &[],
        State::Accepted => &[Accept],
        State::Waiting => &[Accept, Ask],
        State::Handling => &[Accept, Take],
        State::Coordinating => &[Accept, Take, Refer],
        State::Suspended => &[Accept, Suspend],
        State::Done => &[Accept, Take, Close],
        State::Explained => &[Accept, Explain],
        State::Closed => &[Accept, Explain, VerdictDone],
        State::Reopened => &[Accept, Explain, VerdictNot],
        State::Declined => &[Decline],
        State::Void => &[Void],
        State::Merged => &[Merge],
    }
}

/// An issue in that state: handed over by the town, or made through the store from where it was born.
pub async fn in_state(world: &World, state: State) -> IssueId {
    let handed = [
        (State::Assigned, Move::Assign),
        (State::Reported, Move::Report),
    ];
    let handed = handed.iter().find(|(it, _)| *it == state);
    let Some((_, act)) = handed else {
        let issue = given_to(&world.town, "一件要试的事", "town2", "town2_cadre");
        let id = heard(&world.town, "town_cadre", issue).await;
        for act in way(state) {
            let side = TABLE
                .iter()
                .find(|rule| rule.act == *act)
                .expect("a rule")
                .by[0];
            walk(world, "town2_cadre", id, sample(world, *act), side).await;
        }
        return id;
    };
    let issue = given_to(&world.town, "一件要试的事", "town", "town_cadre");
    let id = heard(&world.town, "town_cadre", issue).await;
    let hand = Hand {
        to: world.town.world.committee("town2").place,
        cadre: world.town.world.person("town2_cadre").cadre,
        due_on: None,
    };
    let new = NewMove {
        act: Act::Hand(*act, hand),
        ..sample(world, *act)
    };
    walk(world, "town_cadre", id, new, Side::Handler).await;
    id
}

async fn walk(world: &World, key: &str, id: IssueId, new: NewMove, side: Side) {
    let scope = world.town.scope(key);
    let made = scope
        .work(async |db| store::make_as(db, id, &new, side).await)
        .await;
    assert_eq!(made.expect("a step"), Made::Done, "{}", new.act.word());
}
