//! 诉求: a young person's problem, heard on a visit. Here it is born (待受理), corrected within a day
//! by who received it, and voided with a reason; its further life hangs on the same record, which
//! changes hands between owner, handler and last sender. Its text is read by the own committee and
//! by who handles it; of minors and people in need only by who met them and the own 书记.

mod form;
mod model;
pub mod store;

pub use form::{DETAIL_MAX, check_detail};
pub use model::{
    ADDED, CORRECTED, Category, Handler, Issue, IssueId, NewIssue, REVEALED, Sight, State, Urgency,
    VOIDED,
};
