//! 新认识的青年 who may be registered already (domain.md §2.6): asked beside their block before anything is
//! written, as the form of 登记青年 asks.

use crate::organisations;
use crate::platform::Result;
use crate::platform::form::Faults;
use crate::platform::page::Choice;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::visits::form::{ANOTHER, Newcomer, VisitForm};
use crate::visits::record::{NewVisit, Site};
use crate::visits::youths;
use crate::youth::{self, Likeness, Twin, YouthId};

/// Who each block may be, by the number of the block.
pub type Doubles = Vec<(usize, Vec<Choice>)>;

/// What is to be asked: nothing where it was said that it is somebody else, or where the newly met is
/// written already (the same form again).
pub async fn doubles(scope: &Scope, form: &VisitForm, new: &NewVisit) -> Result<(Doubles, Faults)> {
    let open: Vec<(usize, &Newcomer)> = new
        .people
        .newcomers
        .iter()
        .map(|one| (one.block, one))
        .filter(|(number, _)| form.newcomers[number - 1].twin != ANOTHER)
        .collect();
    let mut faults = Faults::default();
    if open.is_empty() {
        return Ok((Doubles::new(), faults));
    }
    let people: Vec<&Newcomer> = open.iter().map(|(_, one)| *one).collect();
    let twins = scope
        .look(async |db| alike(db, &people, &new.site).await)
        .await?;
    let mut found = Doubles::new();
    for (index, (number, one)) in open.iter().enumerate() {
        let of_this = twins.iter().filter(|twin| twin.of == index);
        let mut choices: Vec<Choice> = of_this.map(choice).collect();
        if choices.is_empty() {
            continue;
        }
        choices.push(Choice {
            value: ANOTHER.into(),
            label: "不是同一个人，另外登记".into(),
            chosen: false,
        });
        let text = format!("{}可能已经登记过了，选一下是不是同一个人", one.name);
        faults.add(&format!("n{number}-twin"), text);
        found.push((*number, choices));
    }
    Ok((found, faults))
}

async fn alike(db: &mut ScopedTx, people: &[&Newcomer], site: &Site) -> Result<Vec<Twin>> {
    let ids: Vec<YouthId> = people.iter().map(|one| one.id).collect();
    let there = youths::names(db, &ids).await?;
    let village = match site.village {
        Some(committee) => organisations::store::of_village(db, committee).await?,
        None => None,
    };
    let likeness = |one: &&Newcomer| Likeness {
        id: one.id,
        name: one.name.clone(),
        phone: one.phone.clone(),
        birth_on: None,
        village,
    };
    let asked: Vec<Likeness> = people.iter().map(likeness).collect();
    let mut twins = youth::store::twins(db, &asked).await?;
    twins.retain(|twin| !there.contains_key(&ids[twin.of]));
    Ok(twins)
}

fn choice(twin: &Twin) -> Choice {
    let number = if twin.has_phone {
        "同一个号码"
    } else {
        &twin.phone
    };
    let parts = [twin.shown.name.as_str(), &twin.whereabouts, number];
    let known: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Choice {
        value: twin.id.to_string(),
        label: format!("就是 {}", known.join(" · ")),
        chosen: false,
    }
}
