//! 青年: the young people a committee stays in touch with, and nothing more of them than that takes.
//! Lent to us: whoever met or registered them sees the name whole, everybody else a mask; to look at
//! more takes a purpose, which the day book keeps and the page shows.

mod model;
mod record;
pub mod store;

pub use model::{
    ADDED, CALLED, Care, Consent, EDITED, Found, Group, MET, NewYouth, REVEALED, Shown, Source,
    UNMET, Unmet, YouthId, age_on, is_minor,
};
