//! What the form offers to tap: young people and colleagues chosen, near and found, villages, names of
//! organisations. Read in one look.

use chrono::NaiveDate;

use crate::cadres;
use crate::organisations::{self, OrganisationId, Village};
use crate::platform::Result;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::page::Choice;
use crate::platform::transaction::ScopedTx;
use crate::visits::form::VisitForm;
use crate::visits::model::PlaceKind;
use crate::visits::{store, youths};
use crate::youth::YouthId;

/// Ticks of one's own committee in 同行团干部; more are found by name.
const COLLEAGUES: usize = 8;
/// From this level down all villages are offered at once, above it those of one town.
const TOWN: i16 = 5;

#[derive(Clone, Debug, Default)]
pub struct Offers {
    pub chosen: Vec<Choice>,
    /// 今晚顺路
    pub near: Vec<Choice>,
    /// What the search found; None when nothing was asked.
    pub found: Option<Vec<Choice>>,
    pub went: Vec<Choice>,
    pub colleagues: Vec<Choice>,
    pub found_colleagues: Option<Vec<Choice>>,
    /// Empty where villages are offered at once.
    pub towns: Vec<Choice>,
    pub villages: Vec<Choice>,
    /// 团县委, where there is a committee above in the city.
    pub above: Option<String>,
}

/// For a fresh form: it is filled with where the cadre was last, and with whom he may meet there.
pub async fn fresh(db: &mut ScopedTx, form: &mut VisitForm, evening: NaiveDate) -> Result<Offers> {
    let start = store::start(db, evening).await?;
    if form.kind.is_empty() {
        form.kind = start.place_kind.unwrap_or(PlaceKind::Home).code().into();
    }
    if form.kind == PlaceKind::Online.code() {
        form.kind = PlaceKind::Home.code().into();
    }
    let (towns, villages) = villages(db, form, start.village_id).await?;
    let chosen = read_ids(&form.youths);
    let near: Vec<YouthId> = start
        .near
        .into_iter()
        .filter(|id| !chosen.contains(id))
        .collect();
    let all: Vec<YouthId> = chosen.iter().chain(&near).copied().collect();
    let names = youths::names(db, &all).await?;
    let (went, colleagues) = colleagues(db, form).await?;
    Ok(Offers {
        chosen: youths::ticks(&chosen, &names, youths::Tick::Set),
        near: youths::ticks(&near, &names, youths::Tick::Offered),
        went,
        colleagues,
        towns,
        villages,
        above: start.above,
        ..Offers::default()
    })
}

/// For a form that comes back: what was chosen, what the two searches find.
pub async fn again(db: &mut ScopedTx, form: &VisitForm) -> Result<Offers> {
    let chosen = read_ids(&form.youths);
    let names = youths::names(db, &chosen).await?;
    let found = found_youths(db, form).await?;
    let (went, colleagues) = colleagues(db, form).await?;
    let (towns, villages) = villages(db, &mut form.clone(), None).await?;
    Ok(Offers {
        chosen: youths::ticks(&chosen, &names, youths::Tick::Set),
        near: Vec::new(),
        found,
        went,
        colleagues,
        found_colleagues: found_colleagues(db, form).await?,
        towns,
        villages,
        above: store::above(db).await?.map(|(_, name)| name),
    })
}

/// For the form that the phone keeps: nobody's name, nobody's last village.
pub async fn nobodys(db: &mut ScopedTx) -> Result<Offers> {
    let (towns, villages) = villages(db, &mut VisitForm::default(), None).await?;
    Ok(Offers {
        towns,
        villages,
        above: store::above(db).await?.map(|(_, name)| name),
        ..Offers::default()
    })
}

/// The villages of the town that was chosen.
pub async fn of_town(db: &mut ScopedTx, form: &VisitForm) -> Result<Offers> {
    let (towns, villages) = villages(db, &mut form.clone(), None).await?;
    Ok(Offers {
        towns,
        villages,
        ..Offers::default()
    })
}

/// Young people like the text who are not chosen yet.
pub async fn found_youths(db: &mut ScopedTx, form: &VisitForm) -> Result<Option<Vec<Choice>>> {
    if form.q.trim().is_empty() {
        return Ok(None);
    }
    let found = youths::found(db, &form.q).await?;
    let is_new = |one: &Choice| !form.youths.contains(&one.value);
    Ok(Some(found.into_iter().filter(is_new).collect()))
}

pub async fn found_colleagues(db: &mut ScopedTx, form: &VisitForm) -> Result<Option<Vec<Choice>>> {
    if form.cq.trim().is_empty() {
        return Ok(None);
    }
    let me = db.scope().cadre()?;
    let found = cadres::store::colleagues(db, &form.cq).await?;
    let others = found
        .into_iter()
        .filter(|(id, ..)| *id != me && !form.cadres.contains(&id.to_string()));
    Ok(Some(
        others
            .map(|(id, name, committee)| tick(id, format!("{name} · {committee}"), false))
            .collect(),
    ))
}

/// Who is ticked already, and the others of one's own committee.
async fn colleagues(db: &mut ScopedTx, form: &VisitForm) -> Result<(Vec<Choice>, Vec<Choice>)> {
    let me = db.scope().cadre()?;
    let own = cadres::store::colleagues(db, "").await?;
    let ids: Vec<CadreId> = read_ids(&form.cadres);
    let mut went = Vec::new();
    if !ids.is_empty() {
        let names = cadres::store::names(db, &ids).await?;
        let chosen = ids.iter().filter_map(|id| Some((*id, names.get(id)?)));
        went.extend(chosen.map(|(id, name)| tick(id, name.clone(), true)));
    }
    let own = own
        .into_iter()
        .filter(|(id, ..)| *id != me && !ids.contains(id));
    let own = own
        .take(COLLEAGUES)
        .map(|(id, name, _)| tick(id, name, false));
    Ok((went, own.collect()))
}

/// Towns and villages to choose from, the chosen or last one marked and first.
async fn villages(
    db: &mut ScopedTx,
    form: &mut VisitForm,
    last: Option<OrganisationId>,
) -> Result<(Vec<Choice>, Vec<Choice>)> {
    match db.scope().ground().level {
        TOWN.. => {
            let all = organisations::store::villages(db).await?;
            Ok((Vec::new(), village_choices(all, form, last, TOWN)))
        }
        3 | 4 => {
            if form.town.is_empty()
                && let Some(last) = last
            {
                form.town = town_of(db, last).await?;
            }
            let of_town = match form.town.parse::<CommitteeId>() {
                Ok(town) => organisations::store::villages_of(db, town).await?,
                Err(_) => Vec::new(),
            };
            let towns = organisations::store::towns(db).await?;
            let level = db.scope().ground().level;
            let label = |town: &organisations::Town| match level {
                4 => town.name.clone(),
                _ => format!("{} {}", town.county, town.name),
            };
            let pairs = towns.iter().map(|town| (town.committee, label(town)));
            let towns = Choice::one(pairs, &form.town);
            Ok((towns, village_choices(of_town, form, last, level)))
        }
        _ => Ok((Vec::new(), Vec::new())),
    }
}

async fn town_of(db: &mut ScopedTx, village: OrganisationId) -> Result<String> {
    let organisation = organisations::store::get(db, village).await?;
    let Some(organisation) = organisation else {
        return Ok(String::new());
    };
    let committee = crate::committees::store::get(db, organisation.committee_id).await?;
    let town = committee.and_then(|committee| committee.parent_id);
    Ok(town.map(|town| town.to_string()).unwrap_or_default())
}

fn village_choices(
    mut all: Vec<Village>,
    form: &mut VisitForm,
    last: Option<OrganisationId>,
    level: i16,
) -> Vec<Choice> {
    if form.village.is_empty()
        && let Some(last) = all
            .iter()
            .find(|one| last.is_some() && one.organisation == last)
    {
        form.village = last.committee.to_string();
    }
    if form.village.is_empty()
        && let [only] = all.as_slice()
    {
        form.village = only.committee.to_string();
    }
    let chosen = form.village.clone();
    all.sort_by_key(|one| one.committee.to_string() != chosen);
    let several = level == TOWN && all.iter().any(|one| one.town != all[0].town);
    let label = |one: &Village| {
        if several {
            format!("{} {}", one.town, one.name)
        } else {
            one.name.clone()
        }
    };
    let pairs = all.iter().map(|one| (one.committee, label(one)));
    Choice::one(pairs, &chosen)
}

fn tick(id: CadreId, label: String, chosen: bool) -> Choice {
    Choice {
        value: id.to_string(),
        label,
        chosen,
    }
}

fn read_ids<T: std::str::FromStr>(raw: &[String]) -> Vec<T> {
    raw.iter().filter_map(|id| id.parse().ok()).collect()
}
