//! The id of a young person.

use crate::kit::ids::id;

id! {
    /// 青年
    pub YouthId
}
#[derive(Clone, Debug)]
pub struct Shown {
    pub name: String,
    pub veiled: bool,
    pub veil: crate::kit::mask::Veil,
}
