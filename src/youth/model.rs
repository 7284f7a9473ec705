//! The id of a young person.

use crate::kit::ids::id;

id! {
    /// 青年
    pub YouthId
}
