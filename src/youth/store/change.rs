//! Writing a record anew.

use super::{Editable, write_words};
use crate::cadres::{Education, Politics, Sex};
use crate::platform::Result;
use crate::platform::daybook::Line;
use crate::platform::transaction::{Logged, ScopedTx};
use crate::youth::model::{Consent, EDITED, NewYouth};
use crate::youth::record::{Youth, changed};

/// Writes what differs, with a line of the day book that names the fields and no values. Consent
/// that is given now is given today. None: nothing stands against it.
pub async fn save(
    db: &mut ScopedTx,
    was: &Editable,
    new: &NewYouth,
) -> Result<Logged<Option<Youth>>> {
    let (old, now) = (was.youth(), db.now());
    let fields = changed(&old.content(), new);
    if fields.is_empty() {
        return Ok(db.unchanged(None));
    }
    let groups: Vec<&str> = new.groups.iter().map(|group| group.code()).collect();
    let consent_at = match (new.consent, new.consent == old.consent) {
        (Consent::Missing, _) => None,
        (_, true) => old.consent_at,
        (_, false) => Some(now),
    };
    sqlx::query!(
        "update youths
         set name = $3, sex = $4, birth_on = $5, phone = $6, groups = $7, politics = $8,
             education = $9, village_id = $10, work_unit = $11, occupation = $12, skill = $13,
             is_local_talent = $14, care = $15, consent = $16, consent_at = $17,
             guardian_name = $18, guardian_phone = $19, note = $20, updated_at = $21,
             version = version + 1
         where tenant_id = $1 and id = $2",
        old.tenant_id.0,
        old.id.0,
        new.name,
        new.sex.map(Sex::code),
        new.birth_on,
        new.phone,
        &groups as &[&str],
        new.politics.map(Politics::code),
        new.education.map(Education::code),
        new.village.map(|id| id.0),
        new.work_unit,
        new.occupation,
        new.skill,
        new.is_local_talent,
        new.care.code(),
        new.consent.code(),
        consent_at,
        new.guardian_name,
        new.guardian_phone,
        new.note,
        now,
    )
    .execute(db.conn())
    .await?;
    if fields.contains(&"name") || fields.contains(&"phone") {
        write_words(db, old.place(), old.id, &new.name, new.phone.as_deref()).await?;
    }
    let detail = serde_json::json!({ "fields": fields });
    let line = Line::new(EDITED, Some(old.id.0), old.place()).detail(detail);
    db.log_line(line, None).await
}
