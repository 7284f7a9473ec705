//! One submission, one transaction: the organisations, young people and problems it brings, the visit
//! itself, who went and who was met, its number, and a line of the day book for each.

use chrono::{Datelike, NaiveDate};

use super::form::People;
use super::model::{ADDED, Mode, Mood, PlaceKind, VisitId, When, number};
use super::store::{self, Peers, Row};
use super::youths;
use crate::issues::{self, Category, Handler, IssueId, NewIssue, Urgency};
use crate::kit::words::words;
use crate::organisations::{self, Kind, OrganisationId};
use crate::platform::form::Faults;
use crate::platform::ids::{CadreId, CommitteeId};
use crate::platform::scope::Place;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result, counters, stale};
use crate::youth::{Lies, YouthId};

words! {
    /// 先由谁来办.
    pub enum By {
        Me "me" "我来办",
        Own "own" "本级办",
        Above "above" "报上级",
    }
}

/// Where it was, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub kind: PlaceKind,
    pub mode: Mode,
    /// The committee of the village or community.
    pub village: Option<CommitteeId>,
    /// 哪一家
    pub organisation: Option<(Kind, String)>,
    pub text: Option<String>,
}

impl Site {
    /// What lists say of the place after the village. Never what was typed: that may name a household.
    pub fn house(&self) -> Option<&str> {
        self.organisation.as_ref().map(|(_, name)| name.as_str())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProblem {
    /// From 1, as on the page; decides its id.
    pub number: usize,
    pub detail: String,
    pub category: Category,
    pub by: By,
    pub urgency: Urgency,
    pub youth: Option<YouthId>,
}

/// A checked visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVisit {
    pub id: VisitId,
    pub when: When,
    pub minutes: Option<i32>,
    pub site: Site,
    pub people: People,
    /// 同行单位、志愿者
    pub companions: Option<String>,
    pub content: String,
    pub mood: Option<Mood>,
    pub late_reason: Option<String>,
    /// 夜访 or not was said against the hour; only a correction may.
    pub is_night_by_hand: bool,
    pub problems: Vec<NewProblem>,
    /// See `VisitForm::fingerprint`.
    pub fingerprint: String,
    /// It was said that it is not the same visit as one that looks like it.
    pub is_confirmed: bool,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Added,
    /// It was there already with the same content.
    Repeated,
    /// Its id is taken by other content; nothing was overwritten.
    Taken,
    /// Nothing was written: this one of the same author began at the same place within 90 minutes.
    Twin(VisitId),
    /// Somebody or something that was chosen is not in sight.
    Refused(Faults),
}

/// Writes a visit down at the committee of the scope, with the acting cadre as its 主访人.
pub async fn record(db: &mut ScopedTx, new: &NewVisit) -> Result<Logged<Outcome>> {
    let at = db.scope().place();
    let village = match village_of(db, &new.site).await? {
        Ok(village) => village,
        Err(faults) => return Ok(db.unchanged(Outcome::Refused(faults))),
    };
    let peers = store::peers(db, new).await?;
    if let Some(outcome) = standing(new, &peers) {
        return Ok(db.unchanged(outcome));
    }
    let (known, above) = match concerned(db, new, &[]).await? {
        Ok(concerned) => concerned,
        Err(faults) => return Ok(db.unchanged(Outcome::Refused(faults))),
    };
    let row = row(db, new, at, village, &peers).await?;
    if !store::add(db, at, &row).await? {
        // Another post with this id was faster: its number stays the last one.
        counters::give_back(db, at, COUNTER, new.when.evening.year()).await?;
        let there = store::peers(db, new).await?;
        let outcome = standing(new, &there).unwrap_or(Outcome::Taken);
        return Ok(db.unchanged(outcome));
    }
    add_parts(db, &row, at, &known, above).await?;
    db.log(ADDED, Some(new.id.0), at, Outcome::Added).await
}

const COUNTER: &str = "visit";

pub(super) async fn village_of(
    db: &mut ScopedTx,
    site: &Site,
) -> Result<Result<Option<OrganisationId>, Faults>> {
    let Some(committee) = site.village else {
        return Ok(Ok(None));
    };
    match organisations::store::ensure_village(db, committee).await {
        Ok(id) => Ok(Ok(Some(id))),
        Err(Error::NotFound) => Ok(Err(Faults::one(
            "village",
            "这个村（社区）不在您的范围里，重新选",
        ))),
        Err(other) => Err(other),
    }
}

/// Whether the visit stands already, or one that looks like it.
fn standing(new: &NewVisit, peers: &Peers) -> Option<Outcome> {
    match (&peers.fingerprint, peers.twin) {
        (Some(there), _) if *there == new.fingerprint => Some(Outcome::Repeated),
        (Some(_), _) => Some(Outcome::Taken),
        (None, Some(twin)) if !new.is_confirmed => Some(Outcome::Twin(twin)),
        (None, _) => None,
    }
}

/// The young people who are known, with their committees' scopes, and the committee above where one of
/// the problems goes there; or what is wrong with the choice. `already` are on the visit as it stands.
pub(super) async fn concerned(
    db: &mut ScopedTx,
    new: &NewVisit,
    already: &[YouthId],
) -> Result<Result<Concerned, Faults>> {
    let people = &new.people;
    let mut faults = Faults::default();
    let known = youths::choosable(db, &people.youths, already).await?;
    if known.len() < people.youths.len() {
        faults.add("q", "选中的青年里有一位不在您能看到的范围，去掉再选");
    }
    if store::colleagues(db, &people.cadres).await? < people.cadres.len() {
        faults.add("cq", "同行的团干部里有一位已不在任，去掉再选");
    }
    let mut above = None;
    if let Some(problem) = new.problems.iter().find(|problem| problem.by == By::Above) {
        above = store::above(db).await?.map(|(place, _)| place);
        if above.is_none() {
            let text = format!("诉求 {} 没有上级可报，换一个办理人", problem.number);
            faults.add(&format!("p{}-by", problem.number), text);
        }
    }
    Ok(if faults.is_empty() {
        Ok((known, above))
    } else {
        Err(faults)
    })
}

/// Young people who are known, where they lie, and the committee above.
pub(super) type Concerned = (Vec<Lies>, Option<Place>);

async fn row<'a>(
    db: &mut ScopedTx,
    new: &'a NewVisit,
    at: Place,
    village_id: Option<OrganisationId>,
    peers: &Peers,
) -> Result<Row<'a>> {
    let organisation_id = organisation_of(db, at, &new.site, village_id).await?;
    let year = new.when.evening.year();
    let n = counters::next(db, at, COUNTER, year).await?;
    let own = db.scope().ground().place_name.clone();
    let county = peers.county.as_deref().unwrap_or(&own);
    Ok(Row {
        no: number(year, county, &own, n),
        place: peers.place.clone(),
        village_id,
        organisation_id,
        new,
    })
}

/// The organisation that counts as visited: the one named, or the village's own.
pub(super) async fn organisation_of(
    db: &mut ScopedTx,
    at: Place,
    site: &Site,
    village: Option<OrganisationId>,
) -> Result<Option<OrganisationId>> {
    Ok(match &site.organisation {
        Some((kind, name)) => Some(organisations::store::find_or_add(db, at, *kind, name).await?),
        None => village.filter(|_| site.kind.visits_village()),
    })
}

/// What hangs on a visit that has just been written.
async fn add_parts(
    db: &mut ScopedTx,
    row: &Row<'_>,
    at: Place,
    known: &[Lies],
    above: Option<Place>,
) -> Result<()> {
    let new = row.new;
    youths::add(db, at, &new.people.newcomers, row.village_id).await?;
    let met = youths::all(&new.people, known, at);
    let issues = add_problems(db, row, at, &met, above).await?;
    let places = store::add_people(db, at, row, &met, &issues).await?;
    let went = went(db.scope().cadre()?, &new.people);
    youths::met(db, &met, &went, new.id, new.when.evening, &row.place).await?;
    mark(db, &places, &[new.when.evening]).await
}

/// The 主访人 and whoever went along, each once.
pub(super) fn went(lead: CadreId, people: &People) -> Vec<CadreId> {
    let others = people.cadres.iter().copied().filter(|id| *id != lead);
    [lead].into_iter().chain(others).collect()
}

/// Months to be counted anew, in one order, so that two writers never wait for each other.
pub(super) async fn mark(
    db: &mut ScopedTx,
    places: &[Place],
    evenings: &[NaiveDate],
) -> Result<()> {
    let month = |day: &NaiveDate| day.with_day(1).unwrap_or(*day);
    let mut months: Vec<NaiveDate> = evenings.iter().map(month).collect();
    months.sort_unstable();
    months.dedup();
    for place in places {
        for day in &months {
            stale::mark(db, *place, *day).await?;
        }
    }
    Ok(())
}

/// The problems heard, each with an id that follows from the form's id and its number.
pub(super) async fn add_problems(
    db: &mut ScopedTx,
    row: &Row<'_>,
    at: Place,
    met: &[Lies],
    above: Option<Place>,
) -> Result<Vec<IssueId>> {
    let new = row.new;
    let me = db.scope().cadre()?;
    let is_guarded = |youth: Option<YouthId>| {
        let mut guarded = met.iter().filter(|one| one.is_guarded);
        guarded.any(|one| youth.is_none_or(|id| id == one.youth))
    };
    let heard = new.problems.iter().map(|problem| NewIssue {
        id: IssueId(new.id.part("issue", problem.number)),
        detail: problem.detail.clone(),
        category: problem.category,
        urgency: problem.urgency,
        youth: problem.youth,
        village: row.village_id,
        handler: Handler {
            committee: above.filter(|_| problem.by == By::Above).unwrap_or(at),
            cadre: (problem.by == By::Me).then_some(me),
        },
        raised_on: new.when.evening,
        is_sensitive: is_guarded(problem.youth),
    });
    let heard: Vec<NewIssue> = heard.collect();
    issues::store::add_heard(db, at, &heard).await?;
    Ok(heard.iter().map(|issue| issue.id).collect())
}
