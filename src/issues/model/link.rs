//! The link by which a young person without account says how a closing went.

use chrono::{DateTime, Utc};

use super::{Issue, IssueId, Side, Source, State, Verdict};
use crate::issues::Origin;
use crate::kit::words::words;
use crate::platform::ids::CadreId;
use crate::platform::scope::Place;

words! {
    /// How the link comes to the young person.
    pub enum Way {
        Sent "sent" "发给青年，由他自己打开",
        Spot "spot" "当面出示二维码，青年用自己的手机扫",
    }
}

impl Way {
    /// A token says by its first character how it was passed on; it is hashed with the rest, so nobody can
    /// change it.
    pub fn token(self, secret: &str) -> String {
        match self {
            Self::Sent => secret.to_owned(),
            Self::Spot => format!("s{secret}"),
        }
    }

    pub fn of_token(token: &str) -> Self {
        if token.starts_with('s') {
            Self::Spot
        } else {
            Self::Sent
        }
    }
}

/// What stands behind a link: which closing of which matter, and whether it can still be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub issue: IssueId,
    /// Where the matter lies, and the level of that committee.
    pub place: Place,
    pub level: i16,
    pub closing: i16,
    pub made_by: Option<CadreId>,
    pub expires_at: Option<DateTime<Utc>>,
    pub used_at: Option<DateTime<Utc>>,
}

/// What the young person says of the closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVerdict {
    pub verdict: Verdict,
    pub words: Option<String>,
    pub way: Way,
    /// A hash of browser and network, to see who answers many.
    pub device_hash: String,
    /// To see whether it comes from who handles the matter.
    pub from: Origin,
}

impl Issue {
    /// It is closed and nobody has said yet how that went.
    pub fn awaits_verdict(&self) -> bool {
        matches!(self.state, State::Done | State::Explained)
    }

    /// Who has heard it or handles it passes the link on, and their 书记. One that came up from another
    /// tenant is judged there.
    pub fn may_pass_on(&self, sides: &[Side]) -> bool {
        let passes = [Side::Receiver, Side::Handler, Side::Lead, Side::Owner];
        let is_judged_here = self.source != Source::Handoff;
        is_judged_here && self.awaits_verdict() && sides.iter().any(|side| passes.contains(side))
    }
}
