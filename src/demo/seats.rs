//! Appoints the cast: each committee's cadres, some of them with a printed account.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use super::accounts::ACCOUNTS;
use super::cast::{self, Member};
use super::chance::Chance;
use super::evenings::Habit;
use super::stage::Player;
use super::stage_visit::{Team, Troupe};
use crate::accounts::{self, store::First};
use crate::cadres::{self, NewAppointment, NewCadre};
use crate::committees::{self, Committee};
use crate::kit::clock::local;
use crate::platform::Result;
use crate::platform::ids::{AccountId, AppointmentId, CadreId};
use crate::platform::scope::{Actor, Ground, Role, Scope};
use crate::platform::site::Site;

/// The city's own troupe first, then one for each county, with its towns as teams.
pub async fn cast_all(
    site: &Arc<Site>,
    city: &Committee,
    phc: &str,
    chance: &mut Chance,
) -> Result<Vec<Troupe>> {
    let members = printed(
        cast::members(chance, 3, 0, false),
        &["", "周予安", "沈未央"],
    );
    let own = Team::new(city.clone(), engage(site, city, &members, phc).await?);
    let mut troupes = vec![Troupe::new(vec![own], habit(city))];
    let mut towns_so_far = 0;
    for (index, county) in below(site, city).await?.into_iter().enumerate() {
        let mongolian = county.place_name == "塔拉旗";
        let names: &[&str] = if county.place_name == "青溪县" {
            &["", "秦望舒", "陆之遥"]
        } else {
            &[]
        };
        let members = printed(cast::members(chance, 4, index, mongolian), names);
        let mut teams = vec![Team::new(
            county.clone(),
            engage(site, &county, &members, phc).await?,
        )];
        for town in below(site, &county).await? {
            let mut members = cast::members(chance, 5, towns_so_far, mongolian);
            if let Some(name) = printed_in(&town.place_name) {
                name.clone_into(&mut members[1].name);
                members[1].is_printed = true;
            }
            towns_so_far += 1;
            teams.push(Team::new(
                town.clone(),
                engage(site, &town, &members, phc).await?,
            ));
        }
        troupes.push(Troupe::new(teams, habit(&county)));
    }
    Ok(troupes)
}

/// Gives the first seats the printed names.
fn printed(mut members: Vec<Member>, names: &[&str]) -> Vec<Member> {
    for (member, name) in members.iter_mut().zip(names.iter().skip(1)) {
        (*name).clone_into(&mut member.name);
        member.is_printed = true;
    }
    members
}

fn printed_in(town: &str) -> Option<&'static str> {
    match town {
        "溪口镇" => Some("林晓禾"),
        "梅岭乡" => Some("程听雪"),
        _ => None,
    }
}

/// 塔拉旗 missed an evening in March, 白鹭县 goes out less.
fn habit(committee: &Committee) -> Habit {
    let (teams, evenings, lapse) = match committee.place_name.as_str() {
        "塔拉旗" => (3, 5, Some(3)),
        "白鹭县" => (2, 4, Some(5)),
        _ if committee.level == 3 => (1, 5, None),
        _ => (3, 5, None),
    };
    Habit {
        teams,
        evenings,
        lapse,
    }
}

async fn below(site: &Arc<Site>, committee: &Committee) -> Result<Vec<Committee>> {
    let scope = Scope::of_ticker(site.clone(), committee.ground());
    let all = scope
        .look(async |db| committees::store::children(db, committee.id).await)
        .await?;
    Ok(all
        .into_iter()
        .filter(|one| one.kind == committees::Kind::Area)
        .collect())
}

async fn engage(
    site: &Arc<Site>,
    committee: &Committee,
    members: &[Member],
    phc: &str,
) -> Result<Vec<Player>> {
    let scope = Scope::of_ticker(site.clone(), committee.ground());
    scope
        .work(async |db| {
            let mut players = Vec::new();
            for member in members {
                players.push(engage_one(db, committee, member, phc).await?);
            }
            let at = committee.place();
            db.log(cadres::ADDED, None, at, players).await
        })
        .await
}

async fn engage_one(
    db: &mut crate::platform::transaction::ScopedTx,
    committee: &Committee,
    member: &Member,
    phc: &str,
) -> Result<Player> {
    let (at, now) = (committee.place(), db.now());
    let printed = ACCOUNTS.iter().find(|account| account.name == member.name);
    let (phone, account) = match printed.filter(|_| member.is_printed) {
        Some(account) => {
            let first = First::Password(phc);
            let id = accounts::store::add(db, account.phone, &first, None).await?;
            (account.phone.to_owned(), Some(id))
        }
        None => (member.phone.clone(), None),
    };
    let (cadre, appointment) = (CadreId::new_v7(now), AppointmentId::new_v7(now));
    let new = NewCadre {
        id: cadre,
        name: member.name.clone(),
        phone,
        sex: None,
        birth_on: None,
        politics: None,
        education: None,
        work_unit: None,
    };
    cadres::store::add(db, at, &new, account).await?;
    db.note(cadres::ADDED, Some(cadre.0), at).await?;
    let office = NewAppointment {
        id: appointment,
        cadre,
        account,
        role: member.role,
        post: member.post.to_owned(),
        nature: member.nature,
        starts_on: local(now).date() - TimeDelta::days(300),
        is_primary: true,
    };
    cadres::store::appoint(db, at, &office).await?;
    db.note(cadres::APPOINTED, Some(appointment.0), at).await?;
    let actor = actor(
        account.unwrap_or(AccountId(cadre.0)),
        Some(cadre),
        Some(appointment),
        member.role,
        &member.name,
        member.post,
        Some(committee.ground()),
    );
    Ok(Player {
        actor: Arc::new(actor),
        left: member.left,
    })
}

pub fn actor(
    account: AccountId,
    cadre: Option<CadreId>,
    appointment: Option<AppointmentId>,
    role: Role,
    name: &str,
    post: &str,
    home: Option<Ground>,
) -> Actor {
    Actor {
        account,
        cadre,
        appointment,
        role,
        name: name.to_owned(),
        post: post.to_owned(),
        theme: "system".into(),
        large_text: false,
        must_change: false,
        session: None,
        own_phone: false,
        confirmed_at: DateTime::UNIX_EPOCH,
        home,
    }
}
