//! 提醒: whom a move is told to, as plain rules. Whoever made it is never told, nobody is told twice, and
//! a notice holds no word of the matter: its list shows of it what its reader may read.

use super::effect::Around;
use super::model::{Issue, Move, Side};
use crate::platform::ids::{CadreId, CommitteeId};

/// Cadres by name, and committees whose 书记 are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub cadres: Vec<CadreId>,
    pub leads: Vec<CommitteeId>,
}

/// Somebody whom a matter concerns.
#[derive(Clone, Copy, Debug)]
enum Whom {
    /// Who has it now, and who had it before the move.
    Holder,
    Former,
    /// The 书记 of the committee that handles it.
    Lead,
    /// Who heard it, and so speaks with the young person.
    Receiver,
    /// Who handed it over.
    Sender,
    /// The 书记 of the committee that it belongs to.
    Owner,
    /// Who asked for more time, and who answers that.
    Asker,
    Granter,
    /// Who closed it.
    Closer,
    /// Who gave the 批示 that is signed or answered.
    Instructor,
}

fn whom(act: Move, side: Side) -> &'static [Whom] {
    use Whom::{Asker, Closer, Former, Granter, Holder, Instructor, Lead, Owner, Receiver, Sender};
    match act {
        Move::Accept | Move::Suspend => &[Holder, Receiver, Sender],
        Move::Appoint | Move::Take | Move::Climb => &[Holder, Former, Receiver],
        Move::Sign => &[Holder, Sender],
        Move::Ask | Move::Decline => &[Receiver],
        Move::Supplement | Move::Resume | Move::PartAnswer | Move::HandIn | Move::Gather => {
            &[Holder]
        }
        Move::Assign | Move::Report => &[Holder, Receiver],
        Move::SendBack | Move::Recall => &[Holder, Former],
        // Its holder writes down his own progress for whoever asks; he is told what others add.
        Move::Progress if side == Side::Receiver => &[Holder],
        Move::AskExtension => &[Granter],
        Move::Grant | Move::Refuse => &[Asker],
        Move::Close | Move::Explain => &[Receiver, Sender],
        Move::VerdictDone | Move::VerdictHalf => &[Holder, Closer, Receiver],
        Move::VerdictNot => &[Holder, Closer, Receiver, Lead],
        Move::Reopen => &[Holder, Closer],
        Move::FollowUp => &[Closer],
        Move::Urge => &[Holder],
        Move::Supervise | Move::Instruct => &[Holder, Lead],
        Move::Raise => &[Lead, Owner],
        Move::Void | Move::Merge => &[Former, Receiver],
        Move::InstructSign | Move::InstructAnswer => &[Instructor],
        Move::Progress | Move::Part | Move::Refer | Move::HandOut | Move::Lapse => &[],
    }
}

/// Who is told of a move that has led from `was` to `next`.
pub fn told(was: &Issue, next: &Issue, around: &Around, (act, side): (Move, Side)) -> Told {
    let mut told = Told::default();
    for one in whom(act, side) {
        match one {
            Whom::Holder => told.holder(next),
            Whom::Former => told.holder(was),
            Whom::Lead => told.leads.push(next.handler_committee_id),
            Whom::Receiver => told.cadres.extend(was.received_by),
            Whom::Sender | Whom::Granter if was.is_handed() => told.sender(around),
            Whom::Granter => told.leads.push(was.handler_committee_id),
            Whom::Sender => {}
            Whom::Owner => told.leads.push(was.committee_id),
            Whom::Asker => told.cadres.extend(around.asked.map(|(_, cadre)| cadre)),
            Whom::Instructor => told.instructors(around, act),
            Whom::Closer => told.cadres.extend(around.closed_by),
        }
    }
    told
}

impl Told {
    fn holder(&mut self, issue: &Issue) {
        match issue.handler_cadre_id {
            Some(cadre) => self.cadres.push(cadre),
            None => self.leads.push(issue.handler_committee_id),
        }
    }

    fn instructors(&mut self, around: &Around, act: Move) {
        let all = around.instructions.iter();
        let one = if act == Move::InstructAnswer {
            1
        } else {
            all.len()
        };
        self.cadres.extend(all.take(one).map(|(cadre, _)| *cadre));
    }

    fn sender(&mut self, around: &Around) {
        match around.handed_by {
            Some(cadre) => self.cadres.push(cadre),
            None => self
                .leads
                .extend(around.sender.map(|(committee, _)| committee)),
        }
    }
}
