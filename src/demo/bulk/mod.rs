//! Two million visits over a province, for measuring: made from a number like the demo, but copied by
//! the owner of the tables, because through the stores it would take hours. Keys and policies stand
//! afterwards as before, and every row has passed them.

mod days;
mod outings;
mod people;
mod rows;
mod world;

pub use people::phone;
pub use world::Planted;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use self::outings::Outings;
use self::rows::Rows;
use self::world::World;
use super::chance::Chance;
use super::{stage, store};
use crate::figures::rollup;
use crate::kit::clock::{Clock, instant};
use crate::platform::loader::Loader;
use crate::platform::scope::Scope;
use crate::platform::site::Site;
use crate::platform::{Error, Result, ticker};

/// What is wanted: a province or city by its division, and how much happens there.
#[derive(Clone, Debug)]
pub struct Order {
    /// Twelve digits.
    pub division: i64,
    pub visits: usize,
    /// Everybody's password, hashed.
    pub phc: String,
}

/// One young person to so many visits: 300 000 with 2 000 000 visits.
const VISITS_A_YOUTH: usize = 6;
const YOUTHS_A_BATCH: usize = 20_000;
const BATCH: usize = 8 << 20;

/// Plants the tree and loads everything into an empty database; `tell` hears each step.
pub async fn load(
    site: &Arc<Site>,
    owner_url: &str,
    order: Order,
    tell: Arc<dyn Fn(String) + Send + Sync>,
) -> Result<()> {
    let now = site.clock.now();
    let since = instant(days::first(now).and_hms_opt(0, 5, 0).unwrap_or_default());
    let early = Arc::new(site.at(Clock::fixed(since)));
    let top = stage::tree(&early, &order.phc, order.division).await?;
    let planted = Scope::of_ticker(site.clone(), top.ground())
        .look(async |db| store::planted(db).await)
        .await?;
    tell(format!("{} committees stand", planted.len()));
    let world = World::new(planted, order.visits / VISITS_A_YOUTH, since, now);
    let mut loader = Loader::open(owner_url, &rows::ALL).await?;
    let (sender, receiver) = channel(16);
    let visits = order.visits;
    let generating = tokio::task::spawn_blocking(move || generate(world, &order, now, &sender));
    copy(&mut loader, receiver).await?;
    generating.await.map_err(Error::bug)?;
    tell(format!("{visits} visits are copied"));
    let steps = tell.clone();
    let step = move |done, all| {
        if done % 20 == 0 || done == all {
            steps(format!("{done} of {all} indexes and keys are built"));
        }
    };
    loader.finish(&step).await?;
    tell("tables are vacuumed and analysed".into());
    count(site, &*tell).await
}

/// Ends early when nobody takes the rows any more: then copying has failed and says why.
fn generate(world: World, order: &Order, now: DateTime<Utc>, to: &Sender<Rows>) {
    let _nobody_listens = generate_all(world, order, now, to);
}

fn generate_all(world: World, order: &Order, now: DateTime<Utc>, to: &Sender<Rows>) -> Option<()> {
    send(to, people::cast(&world, &order.phc))?;
    let mut outings = Outings::new(world, now);
    let mut chance = Chance::new(6);
    for (day, n) in days::shares(order.visits, now) {
        for at in days::times(&mut chance, day, n, now) {
            outings.go(at);
        }
        if outings.waiting() > BATCH {
            send(to, outings.take())?;
        }
    }
    send(to, outings.take())?;
    send(to, vec![outings.counters()])?;
    let world = outings.world;
    for from in (0..world.youths.len()).step_by(YOUTHS_A_BATCH) {
        send(to, people::youths(&world, from, YOUTHS_A_BATCH))?;
    }
    Some(())
}

fn send(to: &Sender<Rows>, all: Vec<Rows>) -> Option<()> {
    all.into_iter()
        .try_for_each(|rows| to.blocking_send(rows).ok())
}

async fn copy(loader: &mut Loader, mut receiver: Receiver<Rows>) -> Result<()> {
    while let Some(rows) = receiver.recv().await {
        loader.copy(rows.table, rows.into_bytes()).await?;
    }
    Ok(())
}

/// The roll-ups of every tenant, two at a time; what is above the cities adds up what they have.
async fn count(site: &Arc<Site>, tell: &(dyn Fn(String) + Send + Sync)) -> Result<()> {
    let mut roots = ticker::tenants(site).await?;
    let above = roots.split_off(roots.partition_point(|ground| ground.level >= 3));
    let mut left = roots.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < 2
            && let Some(ground) = left.next()
        {
            let scope = Scope::of_ticker(site.clone(), ground);
            running.spawn(async move { rollup::refresh_all(&scope).await });
        }
        match running.join_next().await {
            Some(done) => done.map_err(Error::bug)??,
            None => break,
        }
    }
    for ground in above {
        rollup::refresh_all(&Scope::of_ticker(site.clone(), ground)).await?;
    }
    tell("figures are counted".into());
    Ok(())
}
