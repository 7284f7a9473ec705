//! Choices that several forms share, and what the database said of a number.

use crate::cadres::engage::Engaged;
use crate::cadres::form::{HOLDS, NUMBER_IN_USE, OfficeForm, POSTS, PersonForm};
use crate::cadres::model::{Access, Education, Nature, Politics, Sex};
use crate::committees::{Committee, store};
use crate::platform::Result;
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Choice;
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;

/// For the part of a form that asks who somebody is.
pub struct PersonChoices {
    pub sexes: Vec<Choice>,
    pub politics: Vec<Choice>,
    pub educations: Vec<Choice>,
}

impl PersonChoices {
    pub fn of(form: &PersonForm) -> Self {
        let politics = Politics::ALL.iter().map(|it| (it.code(), it.label()));
        let educations = Education::ALL.iter().map(|it| (it.code(), it.label()));
        Self {
            sexes: Choice::one(Sex::ALL.iter().map(|it| (it.code(), it.label())), &form.sex),
            politics: Choice::one(politics, &form.politics),
            educations: Choice::one(educations, &form.education),
        }
    }
}

/// For the part of a form that asks for a post.
pub struct OfficeChoices {
    pub committees: Vec<Choice>,
    pub posts: Vec<Choice>,
    pub natures: Vec<Choice>,
    pub roles: Vec<Choice>,
}

impl OfficeChoices {
    pub async fn read(scope: &Scope, form: &OfficeForm) -> Result<Self> {
        let chosen = form.committee.parse::<CommitteeId>().ok();
        let committees = scope.look(async |db| offered(db, chosen).await).await?;
        let named = committees.iter().map(|it| (it.id, &it.short_name));
        let roles = Access::ALL.iter().map(|it| (it.code(), it.label()));
        Ok(Self {
            committees: Choice::one(named, &form.committee),
            posts: posts(&form.post),
            natures: natures(&form.nature),
            roles: Choice::one(roles, &form.role),
        })
    }
}

/// One's own committee, those directly below, and the one that was come from, in their order.
async fn offered(db: &mut ScopedTx, chosen: Option<CommitteeId>) -> Result<Vec<Committee>> {
    let own = db.scope().committee();
    let mut all: Vec<Committee> = store::get(db, own).await?.into_iter().collect();
    let below = store::children(db, own).await?;
    all.extend(below.into_iter().filter(|it| it.ends_on.is_none()));
    if let Some(id) = chosen.filter(|id| all.iter().all(|it| it.id != *id)) {
        let ground = db.scope().ground().clone();
        let found = store::get(db, id).await?;
        all.extend(found.filter(|it| ground.contains(it.code_lo)));
    }
    Ok(all)
}

pub fn posts(chosen: &str) -> Vec<Choice> {
    Choice::one(POSTS.map(|it| (it, it)), chosen)
}

pub fn natures(chosen: &str) -> Vec<Choice> {
    Choice::one(Nature::ALL.iter().map(|it| (it.code(), it.label())), chosen)
}

/// What to mend when the number, or the post, is somebody's already.
pub async fn taken(scope: &Scope, outcome: &Engaged) -> Result<Faults> {
    let other = match outcome {
        Engaged::Taken(other) => other,
        Engaged::Unfit => return Ok(Faults::one("phone", NUMBER_IN_USE)),
        _ => return Ok(Faults::one("post", HOLDS)),
    };
    if !scope.ground().contains(other.scope) {
        return Ok(Faults::one("phone", crate::cadres::form::NUMBER_ELSEWHERE));
    }
    let committee = other.committee_id;
    let committee = scope
        .look(async |db| store::get(db, committee).await)
        .await?;
    let committee = committee.map(|it| it.short_name).unwrap_or_default();
    Ok(Faults::one(
        "phone",
        crate::cadres::form::number_of_another(&committee, &other.name),
    ))
}
