//! One young person, who knows them, and the row locked for a change.

use crate::cadres::{Education, Politics, Sex};
use crate::organisations::OrganisationId;
use crate::platform::daybook::{self, REVEALED as LASTS};
use crate::platform::ids::{CadreId, CommitteeId, TenantId};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::model::{Care, Consent, Group, REVEALED, Source, YouthId};
use crate::youth::record::Youth;

pub async fn get(db: &mut ScopedTx, id: YouthId) -> Result<Youth> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    let me = db.scope().actor().cadre;
    let found = sqlx::query_as!(
        Youth,
        r#"select y.id as "id: YouthId", y.tenant_id as "tenant_id: TenantId",
             y.committee_id as "committee_id: CommitteeId", y.scope, c.short_name as committee,
             c.place_name, y.name, y.sex as "sex: Sex", y.birth_on, y.phone, y.wechat,
             y.groups as "groups: Vec<Group>", y.politics as "politics: Politics",
             y.education as "education: Education", y.village_id as "village_id: OrganisationId",
             y.work_unit, y.occupation, y.skill, y.is_local_talent, y.care as "care: Care",
             y.consent as "consent: Consent", y.consent_at, y.guardian_name, y.guardian_phone,
             y.note, y.source as "source: Source", y.last_met_on,
             y.created_by as "created_by: CadreId", y.created_at, y.version,
             exists (
                 select from youth_cadres k
                 where k.tenant_id = y.tenant_id and k.youth_id = y.id and k.cadre_id = $5)
                 as "is_known!"
         from youths y
         join committees c on c.id = y.committee_id
         where ($1::int is null or y.tenant_id = $1) and y.scope between $2 and $3 and y.id = $4
             and y.state = 'active'"#,
        tenant,
        lo,
        hi,
        id.0,
        me.map(|id| id.0),
    )
    .fetch_optional(db.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// The cadres who met or registered them, who met them last first.
pub async fn known_by(db: &mut ScopedTx, of: &Youth) -> Result<Vec<Friend>> {
    let found = sqlx::query_as!(
        Friend,
        r#"select k.cadre_id as "cadre: CadreId", c.name, k.last_met_on
         from youth_cadres k
         join cadres c on c.tenant_id = k.tenant_id and c.id = k.cadre_id
         where k.tenant_id = $1 and k.youth_id = $2
         order by k.last_met_on desc nulls last, k.since, k.cadre_id"#,
        of.tenant_id.0,
        of.id.0,
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// A cadre who knows somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Friend {
    pub cadre: CadreId,
    pub name: String,
    pub last_met_on: Option<chrono::NaiveDate>,
}

/// Whether the acting person gave a purpose within ten minutes.
pub async fn is_revealed(db: &mut ScopedTx, id: YouthId) -> Result<bool> {
    let (account, since) = (db.scope().account(), db.now() - LASTS);
    daybook::has_line(db, account, REVEALED, id.0, since).await
}

/// Somebody's record, locked, that whoever asks may change. Only `open_for_edit` makes one.
#[derive(Debug)]
pub struct Editable(Youth);

impl Editable {
    pub fn youth(&self) -> &Youth {
        &self.0
    }
}

/// Locks the row. `may` is the rule that the change stands under; its refusal is passed on.
pub async fn open_for_edit(
    db: &mut ScopedTx,
    id: YouthId,
    may: fn(&Youth, &Scope) -> Result<()>,
) -> Result<Editable> {
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    sqlx::query!(
        "select version from youths
         where ($1::int is null or tenant_id = $1) and scope between $2 and $3 and id = $4
         for update",
        tenant,
        lo,
        hi,
        id.0,
    )
    .fetch_optional(db.conn())
    .await?;
    let youth = get(db, id).await?;
    may(&youth, db.scope())?;
    Ok(Editable(youth))
}
