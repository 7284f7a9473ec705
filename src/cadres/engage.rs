//! Taking somebody into office: by the phone number one person is one account, so that whoever is
//! known in the tenant gets a second appointment and not a second entry.

use super::model::{ADDED, APPOINTED, Cadre, NewAppointment, NewCadre};
use super::store;
use crate::accounts;
use crate::platform::daybook::Line;
use crate::platform::ids::CadreId;
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
    /// Known in the tenant already: appointed, nothing else changed.
    Again(CadreId),
    /// By the same form, before.
    Before(CadreId),
    /// The number is another person's in this tenant.
    Taken(Cadre),
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
    let invited = accounts::invite(db, &person.phone).await?;
    let known = store::by_account(db, at.tenant, invited.account).await?;
    let outcome = match known {
        Some(known) if known.name != person.name => {
            return Ok(db.unchanged(Engaged::Taken(known)));
        }
        Some(known) if store::holds(db, at, known.id, &office.post).await? => {
            return Ok(db.unchanged(Engaged::Holds));
        }
        Some(known) => Engaged::Again(known.id),
        None => {
            store::add(db, at, person, Some(invited.account)).await?;
            db.note(ADDED, Some(person.id.0), at).await?;
            Engaged::New {
                cadre: person.id,
                code: invited.code,
            }
        }
    };
    let cadre = match outcome {
        Engaged::Again(known) => known,
        _ => person.id,
    };
    let office = NewAppointment {
        cadre,
        account: Some(invited.account),
        ..office.clone()
    };
    store::appoint(db, at, &office).await?;
    let line = Line::new(APPOINTED, Some(cadre.0), at);
    db.log_line(line.detail(office.facts()), outcome).await
}
