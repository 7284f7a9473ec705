//! A file on a 诉求.

use crate::kit::ids::id;

id! {
    /// One attachment; made with its form, so that the same one twice is one.
    pub FileId
}
