//! The whole table: every state × everybody × every move is tried against the store, and every step of
//! states against the database alone.

use qingting::issues::moves::{BACK, TABLE, To, step};
use qingting::issues::store;
use qingting::issues::{IssueId, Move, NewMove, Side, State};
use qingting::platform::scope::Scope;
use qingting::platform::transaction::ScopedTx;
use qingting::platform::{Error, Result};
use sqlx::{Connection, PgConnection};

use super::ways::{WITHOUT, in_state, sample, world};
use super::{given_to, heard};
use crate::harness::Town;
use crate::walls::{as_owner, texts};

#[derive(Debug, PartialEq, Eq)]
enum Tried {
    /// The table lets it through, to this state (None: something else is in the way).
    May(Option<State>),
    Not,
    Never,
    Unseen,
}

/// Makes the move to its last check, and takes it back.
async fn attempt(scope: &Scope, id: IssueId, new: &NewMove, side: Option<Side>) -> Tried {
    let outcome: Result<()> = scope
        .work(async |db| {
            let said = tried(db, id, new, side).await;
            sqlx::query("set constraints all immediate")
                .execute(db.conn())
                .await?;
            Err(Error::bug(said.code()))
        })
        .await;
    match outcome {
        Err(Error::Bug(said)) => Tried::of(&said.to_string()),
        other => panic!("{}: {other:?}", new.act.word()),
    }
}

/// All those that are to be refused, in one transaction that writes nothing.
async fn refused(scope: &Scope, id: IssueId, all: &[NewMove], side: Option<Side>) -> Vec<Tried> {
    scope
        .work(async |db| {
            let mut said = Vec::new();
            for new in all {
                said.push(tried(db, id, new, side).await);
            }
            Ok(db.unchanged(said))
        })
        .await
        .expect("answers")
}

async fn tried(db: &mut ScopedTx, id: IssueId, new: &NewMove, side: Option<Side>) -> Tried {
    let outcome = match side {
        Some(side) => store::make_as(db, id, new, side).await,
        None => store::make(db, id, new).await,
    };
    match outcome.map(|logged| format!("{logged:?}")) {
        Ok(said) if said.contains("Barred") => Tried::May(None),
        Ok(said) if said.contains("Done") => {
            let issue = store::get(db, id).await;
            Tried::May(issue.ok().map(|it| it.state))
        }
        Err(Error::Forbidden(_)) => Tried::Not,
        Err(Error::Stale(_)) => Tried::Never,
        Err(Error::NotFound) => Tried::Unseen,
        other => panic!("{}: {other:?}", new.act.word()),
    }
}

impl Tried {
    fn code(&self) -> String {
        format!("{self:?}")
    }

    fn of(code: &str) -> Self {
        let all = State::ALL.iter().map(|state| Self::May(Some(*state)));
        let mut all = all.chain([Self::May(None), Self::Not, Self::Never, Self::Unseen]);
        all.find(|it| it.code() == code).expect("an outcome")
    }
}

fn wanted(state: State, back: Option<State>, act: Move, sides: &[Side]) -> Tried {
    use qingting::issues::moves::Refusal;
    match step(state, back, act, sides) {
        Ok((to, _)) => Tried::May(Some(to)),
        Err(Refusal::Side) => Tried::Not,
        Err(Refusal::State) => Tried::Never,
    }
}

#[tokio::test]
async fn every_state_everybody_every_move() {
    let world = world().await;
    let stranger = world.town.scope("sibling_secretary");
    let county = &world.people[5].1;
    let people = world.people.iter();
    let people = people.map(|(key, scope, sides)| (*key, scope, sides.to_vec(), None));
    let others = WITHOUT.iter();
    let others = others.map(|side| (side.code(), county, vec![*side], Some(*side)));
    let everybody: Vec<_> = people.chain(others).collect();
    let (mut let_through, mut kept_out, mut faults) = (0, 0, Vec::new());
    for state in State::ALL {
        let id = in_state(&world, *state).await;
        let back = state.is_paused().then_some(State::Accepted);
        for (who, scope, sides, side) in &everybody {
            let wanted = |act: Move| wanted(*state, back, act, sides);
            let is_let = |act: &&Move| matches!(wanted(**act), Tried::May(_));
            let (may, may_not): (Vec<&Move>, Vec<&Move>) = Move::ALL.iter().partition(is_let);
            for act in may {
                let got = attempt(scope, id, &sample(&world, *act), *side).await;
                let is_barred = got == Tried::May(None)
                    && matches!(
                        act,
                        Move::Grant | Move::Refuse | Move::InstructSign | Move::InstructAnswer
                    );
                if got != wanted(*act) && !is_barred {
                    faults.push(format!("{state} {who} {act}: {got:?}"));
                }
                let_through += 1;
            }
            let all: Vec<NewMove> = may_not.iter().map(|act| sample(&world, **act)).collect();
            for (act, got) in may_not.iter().zip(refused(scope, id, &all, *side).await) {
                if got != wanted(**act) {
                    faults.push(format!("{state} {who} {act}: {got:?}"));
                }
                kept_out += 1;
            }
        }
        let all: Vec<NewMove> = Move::ALL.iter().map(|act| sample(&world, *act)).collect();
        let unseen = refused(&stranger, id, &all, None).await;
        assert!(unseen.iter().all(|it| *it == Tried::Unseen), "{state}");
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    println!("issues: {let_through} moves let through, {kept_out} refused");
}

/// The check of the database has the same steps as the table, and no others.
#[tokio::test]
async fn the_database_knows_the_same_steps() {
    let town = Town::new().await;
    let mut owner = as_owner(&town.database).await;
    let check = texts(
        &mut owner,
        "select regexp_replace(pg_get_constraintdef(oid), '^CHECK ', '')
         from pg_constraint where conname = 'issue_moves_possible'",
    )
    .await;
    let quoted = |words: Vec<&str>| {
        let all: Vec<String> = words.iter().map(|word| format!("('{word}')")).collect();
        all.join(", ")
    };
    let acts = quoted(Move::ALL.iter().map(|it| it.code()).collect());
    let states = quoted(State::ALL.iter().map(|it| it.code()).collect());
    let sql = format!(
        "select move || ' ' || from_state || ' ' || to_state
         from (values {acts}) m (move), (values {states}) f (from_state), (values {states}) t (to_state)
         where {}",
        check[0]
    );
    let mut there = texts(&mut owner, &sql).await;
    there.sort();
    let mut wanted = Vec::new();
    for rule in TABLE {
        for from in rule.from {
            let backs = BACK.to_vec();
            let to = match rule.to {
                To::State(to) => vec![to],
                To::Same => vec![*from],
                To::Back if *from == State::Suspended => backs
                    .into_iter()
                    .filter(|it| *it != State::Pending)
                    .collect(),
                To::Back => backs,
            };
            let code = |to: State| format!("{} {} {}", rule.act.code(), from.code(), to.code());
            wanted.extend(to.into_iter().map(code));
        }
    }
    wanted.sort();
    assert_eq!(there, wanted);
    println!(
        "issues: {} steps in the table and in the database",
        wanted.len()
    );
}

/// Beside the store, the serving role cannot bring an issue anywhere that no move leads to.
#[tokio::test]
async fn a_state_without_its_move_is_refused_below() {
    let town = Town::new().await;
    let issue = given_to(&town, "一件要试的事", "town", "town_cadre");
    let id = heard(&town, "town_cadre", issue).await;
    let ground = town.world.committee("county");
    let mut app = PgConnection::connect(&town.database.app)
        .await
        .expect("a connection");
    let insert = |n: i32, after: &str, act: &str, from: &str, to: &str| {
        format!(
            "insert into issue_moves (tenant_id, id, issue_id, scope, handler_scope, sender_scope, n, after,
                 version, move, from_state, to_state, side, at)
             select tenant_id, gen_random_uuid(), id, scope, handler_scope, sender_scope, {n}, {after}, 2,
                 '{act}', '{from}', '{to}', 'handler', now()
             from issues where id = '{id}'"
        )
    };
    let state = |state: &str, step: &str| {
        format!("update issues set state = '{state}', step = {step} where id = '{id}'")
    };
    for (what, statements) in [
        ("no move at all", vec![state("accepted", "null")]),
        ("a move that is not there", vec![state("accepted", "1")]),
        (
            "a step that is none",
            vec![insert(1, "null", "accept", "pending", "handling")],
        ),
        (
            "a move of another state",
            vec![insert(1, "null", "take", "accepted", "handling")],
        ),
        (
            "a move that does not follow",
            vec![
                insert(1, "null", "accept", "pending", "accepted"),
                insert(2, "1", "sign", "assigned", "handling"),
                state("handling", "2"),
            ],
        ),
        (
            "another state than the move's",
            vec![
                insert(1, "null", "accept", "pending", "accepted"),
                state("handling", "1"),
            ],
        ),
    ] {
        let all = format!(
            "begin; set local app.lo = '{}'; set local app.hi = '{}'; {}; commit",
            ground.place.scope,
            ground.hi,
            statements.join("; ")
        );
        let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(all))
            .execute(&mut app)
            .await;
        assert!(outcome.is_err(), "{what} went through");
        sqlx::raw_sql("rollback")
            .execute(&mut app)
            .await
            .expect("an end");
    }
}
