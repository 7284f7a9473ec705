//! Puts the cast on the stage: tree, cadres, young people, then every outing at its own time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::accounts::ACCOUNTS;
use super::cast::{self, Care};
use super::chance::Chance;
use super::evenings::outings;
use super::seats::{actor, cast_all};
use super::stage_visit::{self, Team, Troupe, houses};
use super::stories;
use crate::accounts::{self, store::First};
use crate::cadres::Sex;
use crate::committees::{self, Committee};
use crate::figures::rollup;
use crate::kit::clock::{Clock, instant, local};
use crate::organisations;
use crate::platform::daybook::Verb;
use crate::platform::ids::CadreId;
use crate::platform::request::Request;
use crate::platform::scope::{Actor, Role, Scope};
use crate::platform::site::Site;
use crate::platform::{Error, Result};
use crate::youth::{self, Consent, Group, NewYouth, Source, YouthId};

/// 清川市, invented.
pub const DIVISION: i64 = 991_200_000_000;
/// Written last: without it a planting was cut short.
pub const PLANTED: Verb = Verb::new("demo_planted", "demo", "建立演示数据");

const SEED: u64 = 20_261_124;
/// How often whoever waits hears of it.
const STEP: Duration = Duration::from_secs(2);

/// What a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Empty,
    Demo,
    /// A planting that did not come to its end.
    Half,
    /// Another tenant: the demo stays out.
    Other,
}

pub async fn standing(site: &Arc<Site>) -> Result<Standing> {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    let (tenants, demo) = nobody
        .look(async |db| super::store::tenants(db, DIVISION).await)
        .await?;
    let Some(demo) = demo else {
        return Ok(if tenants == 0 {
            Standing::Empty
        } else {
            Standing::Other
        });
    };
    if tenants > 0 {
        return Ok(Standing::Other);
    }
    let city = Scope::of_ticker(site.clone(), demo.ground());
    let ended = city
        .look(async |db| super::store::is_planted(db, PLANTED).await)
        .await?;
    Ok(if ended {
        Standing::Demo
    } else {
        Standing::Half
    })
}

/// Somebody who acts.
#[derive(Clone, Debug)]
pub struct Player {
    pub actor: Arc<Actor>,
    pub left: bool,
}

impl Player {
    pub fn cadre(&self) -> CadreId {
        self.actor.cadre.expect("every player is a cadre")
    }

    /// His scope at a time.
    pub fn at(&self, site: &Arc<Site>, time: DateTime<Utc>) -> Scope {
        let site = Arc::new(site.at(Clock::fixed(time)));
        Scope::of_session(site, self.actor.clone(), Arc::new(Request::internal()))
    }
}

/// Plants everything into an empty database. `phc` is the hash of the printed password; `tell` gets a
/// line for each step.
pub async fn plant(
    site: &Arc<Site>,
    phc: &str,
    tell: &(dyn Fn(String) + Send + Sync),
) -> Result<()> {
    let now = site.clock.now();
    let year = local(now).year() - 1;
    let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let begun = instant(start.and_hms_opt(9, 0, 0).unwrap_or_default());
    let early = Arc::new(site.at(Clock::fixed(begun)));
    let city = tree(&early, phc, DIVISION).await?;
    let mut chance = Chance::new(SEED);
    let troupes = cast_all(&early, &city, phc, &mut chance).await?;
    tell("tree and cadres stand".into());
    let troupes = people(&early, troupes, begun).await?;
    tell("young people are registered".into());
    let visits = play(site, troupes.clone(), now, tell).await?;
    tell(format!("{visits} visits are made"));
    stories::tell_all(site, &troupes, now).await?;
    tell("corrections, doubles and typed figures are there".into());
    Ok(())
}

/// Counts everything and says that the planting came to its end. The tables want to be analysed before.
pub async fn finish(site: &Arc<Site>) -> Result<()> {
    let roots = super::store::roots(site).await?;
    for ground in &roots {
        rollup::refresh_all(&Scope::of_ticker(site.clone(), ground.clone())).await?;
    }
    let Some(city) = roots.first() else {
        return Err(Error::bug("the demo has no city"));
    };
    let scope = Scope::of_ticker(site.clone(), city.clone());
    scope
        .work(async |db| db.log(PLANTED, None, db.scope().place(), ()).await)
        .await
}

/// A tree by its division, planted by the printed 系统管理员.
pub(super) async fn tree(site: &Arc<Site>, phc: &str, division: i64) -> Result<Committee> {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    let operator = ACCOUNTS[0];
    let account = nobody
        .work(async |db| {
            let first = First::Password(phc);
            let id = accounts::store::add(db, operator.phone, &first, Some(operator.name)).await?;
            Ok(db.unchanged(id))
        })
        .await?;
    let actor = Actor {
        role: Role::System,
        ..actor(account, None, None, Role::System, operator.name, "", None)
    };
    let scope = Scope::of_session(site.clone(), Arc::new(actor), Arc::new(Request::internal()));
    scope
        .work(async |db| {
            let planted = committees::plant_tree(db, division).await?;
            let line = planted.line();
            db.log_line(line, planted.top.clone()).await
        })
        .await
}

/// Registers the young people of every town, by its cadres in turn; each county side by side.
async fn people(
    site: &Arc<Site>,
    troupes: Vec<Troupe>,
    begun: DateTime<Utc>,
) -> Result<Vec<Troupe>> {
    let mut counties = JoinSet::new();
    let (mut all, mut first) = (vec![None; troupes.len()], 100);
    for (index, troupe) in troupes.into_iter().enumerate() {
        let (site, towns) = (site.clone(), troupe.teams.len() - 1);
        counties.spawn(async move {
            own_of(&site, &troupe, index, begun).await?;
            let peopled = people_of(&site, troupe, first, begun).await;
            peopled.map(|troupe| (index, troupe))
        });
        first += towns;
    }
    while let Some(done) = counties.join_next().await {
        let (index, troupe) = done.map_err(Error::bug)??;
        all[index] = Some(troupe);
    }
    Ok(all.into_iter().flatten().collect())
}

/// Who is registered at the county or the city itself; nobody goes to see them on these pages.
async fn own_of(
    site: &Arc<Site>,
    troupe: &Troupe,
    index: usize,
    begun: DateTime<Utc>,
) -> Result<()> {
    let seed = u64::try_from(900 + index).map_err(Error::bug)?;
    let mut chance = Chance::new(SEED ^ seed);
    let some = cast::guarded(&mut chance, index, troupe.is_mongolian);
    let scope = troupe.teams[0].players[0].at(site, begun);
    register(&scope, &some, &mut chance, begun).await?;
    Ok(())
}

/// `first` numbers its towns, so that no two draw the same people.
async fn people_of(
    site: &Arc<Site>,
    mut troupe: Troupe,
    first: usize,
    begun: DateTime<Utc>,
) -> Result<Troupe> {
    let mongolian = troupe.is_mongolian;
    let towns = troupe.teams.iter_mut().skip(1);
    for (team, number) in towns.zip(first..) {
        let seed = u64::try_from(number).map_err(Error::bug)?;
        let mut chance = Chance::new(SEED ^ seed);
        team.houses = houses(&team.committee.place_name, number);
        settle(site, team, begun).await?;
        let all = cast::youths(&mut chance, number, mongolian);
        let share = all.len().div_ceil(team.players.len());
        for (player, some) in team.players.iter().zip(all.chunks(share)) {
            let ids = register(&player.at(site, begun), some, &mut chance, begun).await?;
            team.youths.extend(ids);
        }
    }
    Ok(troupe)
}

/// What stands in a town: its villages, its firms and houses.
async fn settle(site: &Arc<Site>, team: &mut Team, begun: DateTime<Utc>) -> Result<()> {
    let scope = team.players[0].at(site, begun);
    team.villages = scope
        .look(async |db| organisations::store::villages(db).await)
        .await?;
    let houses = &team.houses;
    scope
        .work(async |db| {
            let at = db.scope().place();
            for (kind, name) in houses {
                organisations::store::find_or_add(db, at, *kind, name).await?;
            }
            Ok(db.unchanged(()))
        })
        .await
}

async fn register(
    scope: &Scope,
    some: &[cast::Somebody],
    chance: &mut Chance,
    begun: DateTime<Utc>,
) -> Result<Vec<YouthId>> {
    let new: Vec<NewYouth> = some
        .iter()
        .map(|one| new_youth(chance, one, begun))
        .collect();
    let new = &new;
    scope
        .work(async |db| {
            let at = db.scope().place();
            for one in new {
                youth::store::add(db, at, one).await?;
            }
            Ok(db.unchanged(()))
        })
        .await?;
    Ok(new.iter().map(|one| one.id).collect())
}

fn new_youth(chance: &mut Chance, one: &cast::Somebody, begun: DateTime<Utc>) -> NewYouth {
    let id = YouthId(uuid_at(chance, begun));
    let birth = local(begun).date().with_day(1).and_then(|day| {
        let year = day.year() + 1 - i32::try_from(one.age).ok()?;
        let month = u32::try_from(chance.below(12)).ok()? + 1;
        NaiveDate::from_ymd_opt(year, month, 1)
    });
    let child = one.age < 14;
    NewYouth {
        sex: Some(if one.female { Sex::Female } else { Sex::Male }),
        birth_on: birth,
        phone: one.phone.clone(),
        groups: vec![Group::ALL[one.group % Group::ALL.len()]],
        care: match one.care {
            Care::Usual => youth::Care::Usual,
            Care::Difficult => youth::Care::Difficult,
            Care::Key => youth::Care::Key,
        },
        consent: if child {
            Consent::Guardian
        } else {
            Consent::Told
        },
        guardian_name: child.then(|| "家长".to_owned()),
        guardian_phone: child.then(|| "19900000099".to_owned()),
        ..NewYouth::named(id, one.name.clone(), Source::Form)
    }
}

/// A UUID of version 7 that is the same each time.
pub fn uuid_at(chance: &mut Chance, at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&chance.next().to_be_bytes());
    random[8..].copy_from_slice(&chance.next().to_be_bytes()[..2]);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Each unit goes its own way, side by side; gives the number of visits.
async fn play(
    site: &Arc<Site>,
    troupes: Vec<Troupe>,
    now: DateTime<Utc>,
    tell: &(dyn Fn(String) + Send + Sync),
) -> Result<usize> {
    let mut units = JoinSet::new();
    let made = Arc::new(AtomicUsize::new(0));
    let towns = troupes.iter().flat_map(|t| t.teams.iter().skip(1));
    let towns: Arc<Vec<Team>> = Arc::new(towns.cloned().collect());
    for (index, troupe) in troupes.into_iter().enumerate() {
        let (site, towns, made) = (site.clone(), towns.clone(), made.clone());
        units.spawn(async move {
            let seed = u64::try_from(index).map_err(Error::bug)?;
            let mut chance = Chance::new(SEED.wrapping_mul(31).wrapping_add(seed));
            let teams = troupe.teams.len() - 1;
            for outing in outings(&mut chance, troupe.habit, teams, now) {
                let n = stage_visit::go(&site, &troupe, &towns, outing, &mut chance).await?;
                made.fetch_add(n, Ordering::Relaxed);
            }
            Ok::<(), Error>(())
        });
    }
    let mut clock = tokio::time::interval(STEP);
    clock.tick().await;
    loop {
        tokio::select! {
            done = units.join_next() => match done {
                Some(done) => done.map_err(Error::bug)??,
                None => return Ok(made.load(Ordering::Relaxed)),
            },
            _ = clock.tick() => tell(format!("{} visits so far", made.load(Ordering::Relaxed))),
        }
    }
}
