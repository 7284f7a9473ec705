//! What a visit asks of the slice of young people: names to show, places, and that they were met.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::form::{Newcomer, People};
use super::model::VisitId;
use super::store::acquaintances;
use crate::kit::mask;
use crate::organisations::OrganisationId;
use crate::platform::Result;
use crate::platform::ids::{CadreId, TenantId};
use crate::platform::page::Choice;
use crate::platform::scope::Place;
use crate::platform::transaction::ScopedTx;
use crate::youth::{Care, Found, Group, Lies, NewYouth, Shown, Source, Unmet, YouthId, store};

const FOUND_AT_MOST: i64 = 8;

/// The names of young people as this reader may see them.
pub type Names = HashMap<YouthId, Shown>;

pub async fn names(db: &mut ScopedTx, ids: &[YouthId]) -> Result<Names> {
    if ids.is_empty() {
        return Ok(Names::new());
    }
    store::names(db, ids).await
}

/// Those who may be chosen, and where their records lie; `already` are on the visit as it stands.
pub async fn choosable(
    db: &mut ScopedTx,
    ids: &[YouthId],
    already: &[YouthId],
) -> Result<Vec<Lies>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    store::choosable(db, ids, already).await
}

/// Those in sight, and where their records lie.
pub async fn places(db: &mut ScopedTx, ids: &[YouthId]) -> Result<Vec<Lies>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    store::place_of(db, ids).await
}

/// Whether a box is ticked already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    Set,
    Offered,
}

/// Boxes for those that are in sight, in this order.
pub fn ticks(ids: &[YouthId], names: &Names, tick: Tick) -> Vec<Choice> {
    let choice = |id: &YouthId| {
        names.get(id).map(|shown| Choice {
            value: id.to_string(),
            label: shown.name.clone(),
            chosen: tick == Tick::Set,
        })
    };
    ids.iter().filter_map(choice).collect()
}

/// Those who are found by name, pinyin or the end of the phone number.
pub async fn found(db: &mut ScopedTx, q: &str) -> Result<Vec<Choice>> {
    let found = store::search(db, q, FOUND_AT_MOST).await?;
    let label = |one: &Found| {
        let parts = [one.shown.name.as_str(), &one.whereabouts, &one.tail];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    };
    Ok(found
        .iter()
        .map(|one| Choice {
            value: one.id.to_string(),
            label: label(one),
            chosen: false,
        })
        .collect())
}

/// Registers the newly met at a committee.
pub async fn add(
    db: &mut ScopedTx,
    at: Place,
    newcomers: &[Newcomer],
    village: Option<OrganisationId>,
) -> Result<()> {
    for new in newcomers {
        let youth = NewYouth {
            phone: new.phone.clone(),
            groups: new
                .groups
                .iter()
                .filter_map(|code| Group::from_code(code))
                .collect(),
            village,
            care: if new.needs_help {
                Care::Difficult
            } else {
                Care::Usual
            },
            consent: new.consent,
            ..NewYouth::named(new.id, new.name.clone(), Source::Visit)
        };
        store::add(db, at, &youth).await?;
    }
    Ok(())
}

/// That they were met by these cadres on a visit.
pub async fn met(
    db: &mut ScopedTx,
    youths: &[Lies],
    went: &[CadreId],
    visit: VisitId,
    evening: NaiveDate,
    place: &str,
) -> Result<()> {
    if youths.is_empty() || went.is_empty() {
        return Ok(());
    }
    store::met(db, youths, went, visit.0, evening, place).await
}

/// A visit is not counted any more, or is written anew: they were last met on another evening.
pub async fn unmet(
    db: &mut ScopedTx,
    visit: VisitId,
    last: &[(YouthId, Option<NaiveDate>)],
) -> Result<()> {
    if last.is_empty() {
        return Ok(());
    }
    let last: Vec<Unmet> = last
        .iter()
        .map(|(youth, last_met_on)| Unmet {
            youth: *youth,
            last_met_on: *last_met_on,
        })
        .collect();
    store::unmet(db, visit.0, &last).await
}

/// After a visit was written anew or withdrawn: when its cadres met its young people last, now.
pub async fn settle(
    db: &mut ScopedTx,
    tenant: TenantId,
    met: &[YouthId],
    went: &[CadreId],
) -> Result<()> {
    if met.is_empty() {
        return Ok(());
    }
    let left = acquaintances(db, tenant, met, went).await?;
    store::settle(db, tenant, &left).await
}

/// Those about whom only who met them and the own 书记 may read: minors, 重点, 困境.
pub fn strict(names: &Names) -> Vec<YouthId> {
    let strict = names.iter().filter(|(_, shown)| shown.is_guarded);
    strict.map(|(id, _)| *id).collect()
}

/// Known and newly met, with where they lie.
pub fn all(people: &People, known: &[Lies], at: Place) -> Vec<Lies> {
    let new = people.newcomers.iter().map(|new| Lies {
        youth: new.id,
        place: at,
        is_guarded: new.is_sensitive(),
    });
    known.iter().copied().chain(new).collect()
}

/// A name for whoever reads a work group: masked also for those who may see it whole.
pub fn masked(shown: &Shown) -> String {
    if shown.veiled {
        shown.name.clone()
    } else {
        mask::name(&shown.name, shown.veil)
    }
}
