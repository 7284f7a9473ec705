//! Villages to choose from: all of a town at once, above that those of a town chosen first.

use crate::committees::{self, Committee};
use crate::organisations::store::{towns, villages, villages_of};
use crate::organisations::{self, OrganisationId, Town, Village};
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Choice;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::form::{Draft, VILLAGE_ELSEWHERE, YouthForm};

const TOWN: i16 = 5;
const CITY: i16 = 3;

#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Empty where villages are offered at once.
    pub towns: Vec<Choice>,
    pub villages: Vec<Choice>,
    all: Vec<Village>,
}

impl Offers {
    /// The village that was chosen, or empty.
    pub fn village_name(&self) -> &str {
        let chosen = self.villages.iter().find(|one| one.chosen);
        chosen.map_or("", |one| one.label.as_str())
    }

    /// The organisation of a village that is offered, if anybody has visited it yet.
    pub fn organisation(&self, village: Option<CommitteeId>) -> Option<OrganisationId> {
        let offered = self.all.iter().find(|one| Some(one.committee) == village);
        offered.and_then(|one| one.organisation)
    }
}

/// A checked form, unless its village is none of the scope's.
pub async fn placed(
    db: &mut ScopedTx,
    checked: Result<Draft, Faults>,
) -> Result<Result<Draft, Faults>> {
    let village = checked.as_ref().ok().and_then(|draft| draft.village);
    if let Some(village) = village
        && !organisations::store::is_village(db, village).await?
    {
        return Ok(Err(Faults::one("village", VILLAGE_ELSEWHERE)));
    }
    Ok(checked)
}

/// For a form as it stands: what was chosen is marked.
pub async fn offers(db: &mut ScopedTx, form: &YouthForm) -> Result<Offers> {
    let level = db.scope().ground().level;
    if level < CITY {
        return Ok(Offers::default());
    }
    if level >= TOWN {
        let all = villages(db).await?;
        return Ok(Offers {
            towns: Vec::new(),
            villages: with_chosen(db, choices(&all, &form.village, level), form).await?,
            all,
        });
    }
    let all = match form.town.parse::<CommitteeId>() {
        Ok(town) => match villages_of(db, town).await {
            // No town: the form comes back with none chosen.
            Err(Error::NotFound) => Vec::new(),
            found => found?,
        },
        Err(_) => Vec::new(),
    };
    let label = |town: &Town| match level {
        CITY => format!("{} {}", town.county, town.name),
        _ => town.name.clone(),
    };
    let towns = towns(db).await?;
    let pairs = towns.iter().map(|town| (town.committee, label(town)));
    Ok(Offers {
        towns: Choice::one(pairs, &form.town),
        villages: with_chosen(db, choices(&all, &form.village, level), form).await?,
        all,
    })
}

/// A village that is no more stays chosen where a record lies in it, so that saving something else
/// does not take it away.
async fn with_chosen(
    db: &mut ScopedTx,
    mut choices: Vec<Choice>,
    form: &YouthForm,
) -> Result<Vec<Choice>> {
    let Ok(village) = form.village.parse::<CommitteeId>() else {
        return Ok(choices);
    };
    if choices.iter().any(|one| one.chosen) {
        return Ok(choices);
    }
    let found = committees::store::get(db, village).await?;
    let town = form.town.parse::<CommitteeId>().ok();
    let here = |c: &Committee| {
        let of_town = town.is_none() || c.parent_id == town;
        of_town && db.scope().ground().contains(c.code_lo)
    };
    if let Some(committee) = found.filter(here) {
        choices.push(Choice {
            value: committee.id.to_string(),
            label: committee.place_name,
            chosen: true,
        });
    }
    Ok(choices)
}

fn choices(all: &[Village], chosen: &str, level: i16) -> Vec<Choice> {
    let several = level == TOWN && all.iter().any(|one| one.town != all[0].town);
    let label = |one: &Village| {
        if several {
            format!("{} {}", one.town, one.name)
        } else {
            one.name.clone()
        }
    };
    Choice::one(all.iter().map(|one| (one.committee, label(one))), chosen)
}

/// Town and village of a record, as a form has them.
pub async fn place(
    db: &mut ScopedTx,
    form: &mut YouthForm,
    village: Option<OrganisationId>,
) -> Result<()> {
    let Some(id) = village else { return Ok(()) };
    let Some(organisation) = organisations::store::get(db, id).await? else {
        return Ok(());
    };
    form.village = organisation.committee_id.to_string();
    let committee = committees::store::get(db, organisation.committee_id).await?;
    let town = committee.and_then(|committee| committee.parent_id);
    form.town = town.map(|id| id.to_string()).unwrap_or_default();
    Ok(())
}
