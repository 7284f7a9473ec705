//! Taking somebody into office: by the phone number one person is one account, so that whoever is
//! known in the tenant gets a second appointment and not a second entry.

use chrono::NaiveDate;

use super::model::{ADDED, APPOINTED, Cadre, NewAppointment, NewCadre};
use super::store;
use crate::accounts::{self, Invited};
use crate::platform::daybook::Line;
use crate::platform::ids::{AppointmentId, CadreId};
use crate::platform::scope::Place;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::platform::{Error, Result};

/// What became of it.
#[derive(Clone, Debug)]
pub enum Engaged {
    /// Written down and appointed; with a one-time code, unless the number had an account in another
    /// tenant.
    New {
        cadre: CadreId,
        code: Option<String>,
    },
    /// Known in the tenant already: appointed, and with a one-time code when he had no account.
    Again {
        cadre: CadreId,
        code: Option<String>,
    },
    /// By the same form, before.
    Before(CadreId),
    /// The number is another person's in this tenant.
    Taken(Cadre),
    /// Who signs in with the number can be nobody's cadre (accounts::invite), and is not told.
    Unfit,
    /// He holds this very post there.
    Holds,
}

/// Appoints a person at a committee. `office.cadre` and `office.account` are filled in here.
pub async fn engage(
    db: &mut ScopedTx,
    at: Place,
    person: &NewCadre,
    office: &NewAppointment,
) -> Result<Logged<Engaged>> {
    store::line_up(db, at.tenant).await?;
    if let Some(stands) = store::appointment(db, at.tenant, office.id).await? {
        let cadre = store::get(db, stands.cadre_id).await?;
        let same = stands.committee_id == at.committee
            && stands.post == office.post
            && cadre.is_some_and(|it| it.name == person.name);
        return if same {
            Ok(db.unchanged(Engaged::Before(stands.cadre_id)))
        } else {
            Err(Error::Stale(""))
        };
    }
    let known = store::by_number(db, at.tenant, &person.phone).await?;
    if let Some(known) = &known
        && known.name != person.name
    {
        return Ok(db.unchanged(Engaged::Taken(known.clone())));
    }
    let Some(invited) = accounts::invite(db, &person.phone).await? else {
        return Ok(db.unchanged(Engaged::Unfit));
    };
    if let Some(known) = known {
        return appoint_again(db, at, &known, office, invited).await;
    }
    store::add(db, at, person, Some(invited.account)).await?;
    db.note(ADDED, Some(person.id.0), at).await?;
    let office = NewAppointment {
        cadre: person.id,
        account: Some(invited.account),
        ..office.clone()
    };
    store::appoint(db, at, &office).await?;
    let outcome = Engaged::New {
        cadre: person.id,
        code: invited.code,
    };
    let line = Line::new(APPOINTED, Some(person.id.0), at);
    db.log_line(line.detail(office.facts()), outcome).await
}

/// As `appoint_known`, for who is known by his number. Who had no account signs in with this one, in
/// the posts of his that the actor has in his hands.
async fn appoint_again(
    db: &mut ScopedTx,
    at: Place,
    known: &Cadre,
    office: &NewAppointment,
    invited: Invited,
) -> Result<Logged<Engaged>> {
    if known.account_id.is_none() {
        store::open_posts(db, known, invited.account).await?;
    }
    let known = Cadre {
        account_id: Some(invited.account),
        ..known.clone()
    };
    if invited.code.is_some() && store::holds(db, at, known.id, &office.post).await? {
        // The post he has; what he lacked was the account.
        let (cadre, code) = (known.id, invited.code);
        return Ok(db.unchanged(Engaged::Again { cadre, code }));
    }
    appoint_with(db, at, &known, office, invited.code).await
}

/// A further appointment of a cadre of the tenant; not the one that he signs in under by himself.
pub async fn appoint_known(
    db: &mut ScopedTx,
    at: Place,
    known: &Cadre,
    office: &NewAppointment,
) -> Result<Logged<Engaged>> {
    appoint_with(db, at, known, office, None).await
}

async fn appoint_with(
    db: &mut ScopedTx,
    at: Place,
    known: &Cadre,
    office: &NewAppointment,
    code: Option<String>,
) -> Result<Logged<Engaged>> {
    store::line_up(db, at.tenant).await?;
    if let Some(stands) = store::appointment(db, at.tenant, office.id).await? {
        let same = stands.committee_id == at.committee
            && stands.post == office.post
            && stands.cadre_id == known.id;
        return if same {
            Ok(db.unchanged(Engaged::Before(known.id)))
        } else {
            Err(Error::Stale(""))
        };
    }
    if store::holds(db, at, known.id, &office.post).await? {
        return Ok(db.unchanged(Engaged::Holds));
    }
    let office = NewAppointment {
        cadre: known.id,
        account: known.account_id,
        is_primary: false,
        ..office.clone()
    };
    store::appoint(db, at, &office).await?;
    let line = Line::new(APPOINTED, Some(known.id.0), at);
    let cadre = known.id;
    let again = Engaged::Again { cadre, code };
    db.log_line(line.detail(office.facts()), again).await
}

/// The day on which an appointment will end by itself (挂职), when it was made with one.
pub async fn with_end(
    db: &mut ScopedTx,
    at: Place,
    id: AppointmentId,
    ends_on: Option<NaiveDate>,
) -> Result<()> {
    let Some(ends_on) = ends_on else {
        return Ok(());
    };
    match store::appointment(db, at.tenant, id).await? {
        Some(new) if new.ends_on.is_none() => store::end(db, &new, ends_on).await,
        _ => Ok(()),
    }
}
