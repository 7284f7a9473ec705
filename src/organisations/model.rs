//! The id of an organisation.

use crate::kit::ids::id;

id! {
    /// 村、社区、企业、学校、青年之家 …
    pub OrganisationId
}
