//! 团干部 and their appointments (任职): who holds which post at which committee, from when to when.
//! Names and posts are a directory in the whole tenant; phone and birth are read in one's own line
//! only. Leaving ends access at once; records stay with the committee.

mod engage;
mod model;
pub mod store;

pub use engage::{Engaged, engage};
pub use model::{
    ADDED, APPOINTED, Access, Appointment, CHANGED, CODE_GIVEN, Cadre, ENDED, Education, Filter,
    Held, InOffice, Listed, Nature, NewAppointment, NewCadre, Particulars, Politics, Sex,
};
