//! The ids that the platform itself knows. Record kinds declare theirs in their `model.rs`.

use crate::kit::ids::id;

id! {
    /// Who signs in: one phone number, perhaps several appointments.
    pub AccountId
}
id! {
    /// 团干部, in one tenant.
    pub CadreId
}
id! {
    /// 任职: a cadre at a committee, from one date to another.
    pub AppointmentId
}
id! {
    /// 团组织. Open reference data, so a plain number.
    pub CommitteeId: i32
}
id! {
    /// The city-level committee whose tree a row belongs to; a province or the centre is its own.
    pub TenantId: i32
}

impl AccountId {
    /// The account of nobody: the ticker, and whoever has not signed in.
    pub const NOBODY: Self = Self(uuid::Uuid::nil());
}
