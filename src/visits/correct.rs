//! Correcting, voiding and merging visits: each keeps what stood before, tells the young people's slice
//! and marks the months to be counted anew.

use chrono::NaiveDate;

use super::model::{CORRECTED, Correction, MERGED, Snapshot, State, VOIDED, Visit, VisitId};
use super::record::{self, Concerned, NewVisit};
use super::store::{self, Editable, Row};
use super::youths;
use crate::organisations::OrganisationId;
use crate::platform::daybook::Line;
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;
use crate::platform::scope::Scope;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result};
use crate::youth::{Lies, YouthId};

/// What became of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrected {
    Saved,
    /// Somebody else saved first: what stands now.
    Meanwhile(Box<Visit>),
    Refused(Faults),
}

/// Writes `new` over the visit as it was read in `version`. A reason is asked for after a day, from
/// others than the author, and for a night that the hour does not say.
pub async fn correct(
    db: &mut ScopedTx,
    id: VisitId,
    version: i32,
    new: &NewVisit,
    reason: Option<&str>,
) -> Result<Logged<Corrected>> {
    let (was, rule) = store::open_for_edit(db, id, Visit::may_correct).await?;
    let before = snapshot(db, &was).await?;
    if was.visit().version != version {
        let visit = Box::new(was.visit().clone());
        let stands = store::is_kept(db, &visit, version, &new.fingerprint).await?;
        return Ok(db.unchanged(if stands {
            Corrected::Saved
        } else {
            Corrected::Meanwhile(visit)
        }));
    }
    if reason.is_none() && (rule == Correction::WithReason || new.is_night_by_hand) {
        let faults = Faults::one("reason", "写一句为什么更正");
        return Ok(db.unchanged(Corrected::Refused(faults)));
    }
    let village = match record::village_of(db, &new.site).await? {
        Ok(village) => village,
        Err(faults) => return Ok(db.unchanged(Corrected::Refused(faults))),
    };
    let concerned = match record::concerned(db, new, &before.youths).await? {
        Ok(concerned) => concerned,
        Err(faults) => return Ok(db.unchanged(Corrected::Refused(faults))),
    };
    let row = row(db, &was, new, village).await?;
    if changes_nothing(was.visit(), &before, &row) {
        return Ok(db.unchanged(Corrected::Saved));
    }
    let form = Some(new.fingerprint.as_str());
    store::keep(db, &was, &before, reason, form).await?;
    write(db, &was, &before, &row, concerned).await?;
    let detail = serde_json::json!({ "version": was.visit().version + 1 });
    let line = Line::new(CORRECTED, Some(id.0), was.visit().place_of()).detail(detail);
    db.log_line(line, Corrected::Saved).await
}

/// What the form says stands already. The place as it is called follows from the rest.
fn changes_nothing(visit: &Visit, before: &Snapshot, row: &Row<'_>) -> bool {
    let new = row.new;
    let (people, site) = (&new.people, &new.site);
    let after = Snapshot {
        started_at: new.when.started_at,
        minutes: new.minutes,
        is_night: new.when.is_night,
        mode: site.mode,
        place: before.place.clone(),
        place_text: site.text.clone(),
        walkins: people.walkins,
        headcount: people.headcount(),
        unmet_reason: people.unmet,
        content: new.content.clone(),
        mood: new.mood,
        companions: new.companions.clone(),
        youths: people.youths.clone(),
        cadres: record::went(visit.author_id, people),
    };
    let is_site = (visit.place_kind, visit.village_id, visit.organisation_id)
        == (site.kind, row.village_id, row.organisation_id);
    let is_added = !people.newcomers.is_empty() || !new.problems.is_empty();
    is_site && !is_added && visit.late_reason == new.late_reason && before.is_like(&after)
}

async fn snapshot(db: &mut ScopedTx, was: &Editable) -> Result<Snapshot> {
    let went = store::went(db, was.visit().id).await?;
    let (youths, _) = store::parts(db, was.visit().id).await?;
    let cadres = went.iter().map(|one| one.cadre).collect();
    Ok(Snapshot::of(was.visit(), youths, cadres))
}

async fn row<'a>(
    db: &mut ScopedTx,
    was: &Editable,
    new: &'a NewVisit,
    village_id: Option<OrganisationId>,
) -> Result<Row<'a>> {
    let at = was.visit().place_of();
    let organisation_id = record::organisation_of(db, at, &new.site, village_id).await?;
    Ok(Row {
        no: was.visit().no.clone(),
        place: store::peers(db, new).await?.place,
        village_id,
        organisation_id,
        new,
    })
}

async fn write(
    db: &mut ScopedTx,
    was: &Editable,
    before: &Snapshot,
    row: &Row<'_>,
    (known, above): Concerned,
) -> Result<()> {
    let (visit, new) = (was.visit(), row.new);
    let at = visit.place_of();
    youths::add(db, at, &new.people.newcomers, row.village_id).await?;
    let met = youths::all(&new.people, &known, at);
    let issues = record::add_problems(db, row, at, &met, above).await?;
    let last = store::met_before(db, visit.id).await?;
    let places = store::correct(db, was, row, &met, &issues).await?;
    let moved = moved(before, &last, &met, visit.evening != new.when.evening);
    youths::unmet(db, visit.id, &moved.gone).await?;
    let went = record::went(visit.author_id, &new.people);
    let joined: Vec<CadreId> = went
        .iter()
        .copied()
        .filter(|id| !before.cadres.contains(id))
        .collect();
    for (youths, cadres) in [(&moved.come, &went), (&moved.stay, &joined)] {
        youths::met(db, youths, cadres, visit.id, new.when.evening, &row.place).await?;
    }
    youths::settle(db, visit.tenant_id, &before.youths, &before.cadres).await?;
    record::mark(db, &places, &[visit.evening, new.when.evening]).await
}

/// What a correction does to those who were met: with another evening all are met anew.
struct Moved {
    gone: Vec<Last>,
    come: Vec<Lies>,
    stay: Vec<Lies>,
}

fn moved(before: &Snapshot, last: &[Last], met: &[Lies], is_moved: bool) -> Moved {
    let stays = |one: &Lies| !is_moved && before.youths.contains(&one.youth);
    let is_met = |id: &YouthId| met.iter().any(|one| one.youth == *id);
    let gone = last
        .iter()
        .filter(|(id, _)| is_moved || !is_met(id))
        .copied();
    let (stay, come) = met.iter().copied().partition(stays);
    Moved {
        gone: gone.collect(),
        come,
        stay,
    }
}

/// A young person, and the evening on which they were met last besides.
type Last = (YouthId, Option<NaiveDate>);

/// Takes a visit out of every count, with a reason. It is kept, and so are its problems. Asked again in
/// the same words, it is done already.
pub async fn void(db: &mut ScopedTx, id: VisitId, reason: &str) -> Result<Logged<()>> {
    let (was, ()) = store::open_for_edit(db, id, Visit::may_withdraw).await?;
    if was.visit().state == State::Void && was.visit().state_reason.as_deref() == Some(reason) {
        return Ok(db.unchanged(()));
    }
    was.visit().may_void(db.scope())?;
    let before = snapshot(db, &was).await?;
    let last = store::met_before(db, id).await?;
    let places = store::withdraw(db, &was, State::Void, reason, None).await?;
    youths::unmet(db, id, &last).await?;
    youths::settle(db, was.visit().tenant_id, &before.youths, &before.cadres).await?;
    record::mark(db, &places, &[was.visit().evening]).await?;
    db.log(VOIDED, Some(id.0), was.visit().place_of(), ()).await
}

/// The same session written down twice: `id` is taken out of every count, whom it met, who went and
/// what was heard goes over to `into`. Both texts stay.
pub async fn merge(
    db: &mut ScopedTx,
    id: VisitId,
    into: VisitId,
    reason: &str,
) -> Result<Logged<()>> {
    let (was, target) = both(db, id, into).await?;
    if was.visit().merged_into == Some(into) {
        return Ok(db.unchanged(()));
    }
    was.visit().may_void(db.scope())?;
    target.visit().may_take_over()?;
    let session = |one: &Editable| (one.visit().scope, one.visit().evening);
    if session(&was) != session(&target) {
        return Err(Error::NotFound);
    }
    let before = snapshot(db, &target).await?;
    store::keep(db, &target, &before, Some(reason), None).await?;
    let mut places = store::take_over(db, &target, id).await?;
    places.extend(store::withdraw(db, &was, State::Merged, reason, Some(into)).await?);
    places.sort_by_key(|place| place.committee);
    places.dedup();
    newly_met(db, &target, &before).await?;
    record::mark(db, &places, &[target.visit().evening]).await?;
    let at = target.visit().place_of();
    let from = serde_json::json!({ "from": id });
    db.note_line(Line::new(MERGED, Some(into.0), at).detail(from))
        .await?;
    let to = serde_json::json!({ "into": into });
    db.log_line(Line::new(MERGED, Some(id.0), at).detail(to), ())
        .await
}

/// The one that goes, by whoever may withdraw it, and the one that stays. Both locked in one order, so that two who merge the same pair never wait for each other.
async fn both(db: &mut ScopedTx, id: VisitId, into: VisitId) -> Result<(Editable, Editable)> {
    let rule = |one: VisitId| -> fn(&Visit, &Scope) -> Result<()> {
        if one == id {
            Visit::may_withdraw
        } else {
            |_: &Visit, _: &Scope| Ok(())
        }
    };
    let (low, high) = (id.min(into), id.max(into));
    let (low, ()) = store::open_for_edit(db, low, rule(low)).await?;
    let (high, ()) = store::open_for_edit(db, high, rule(high)).await?;
    Ok(if low.visit().id == id {
        (low, high)
    } else {
        (high, low)
    })
}

/// Whom only the other record had met is now met here, by everybody who went; and who stood only in the
/// other one has now met those of this one too.
async fn newly_met(db: &mut ScopedTx, target: &Editable, before: &Snapshot) -> Result<()> {
    let visit = target.visit();
    let (met, _) = store::parts(db, visit.id).await?;
    let (stay, come): (Vec<YouthId>, Vec<YouthId>) =
        met.into_iter().partition(|id| before.youths.contains(id));
    let went = store::went(db, visit.id).await?;
    let went: Vec<CadreId> = went.iter().map(|one| one.cadre).collect();
    let joined: Vec<CadreId> = went
        .iter()
        .filter(|id| !before.cadres.contains(id))
        .copied()
        .collect();
    for (youths, cadres) in [(come, went), (stay, joined)] {
        if cadres.is_empty() {
            continue;
        }
        let lie = youths::places(db, &youths).await?;
        youths::met(db, &lie, &cadres, visit.id, visit.evening, &visit.place).await?;
    }
    Ok(())
}
