//! A matter that comes by the public page, and what its young person does with the query code: reads how
//! it stands, says more when it waits for him, judges it, takes his name or the whole matter back.
//! Nobody's scope writes it through one committee's door and sees nothing; the code opens the one row
//! that says where it lies, as a link for a verdict does.

use sha2::{Digest, Sha256};

use super::model::{Act, IssueId, Link, Move, MoveId, NewMove, NewPublic, Side, State, WITHDRAWN};
use super::store::{self, Made};
use crate::calendar;
use crate::platform::scope::{Place, Scope};
use crate::platform::session;
use crate::platform::{Error, Result};

/// No 0, O, 1, I: it is written down by hand.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Fifty bits: nobody meets one of a hundred thousand matters by trying.
pub const CODE: usize = 10;

/// The query code of a form. The form carries the key, so that sending it twice gives one code.
pub fn code_of(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    digest.iter().take(CODE).map(letter).collect()
}

/// A code as somebody types it, as we wrote it; None: it is none.
pub fn read_code(typed: &str) -> Option<String> {
    let code: String = crate::kit::text::half_width(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let is_code = code.len() == CODE && code.bytes().all(|byte| LETTERS.contains(&byte));
    is_code.then_some(code)
}

/// In two groups, to be copied by hand.
pub fn shown_code(code: &str) -> String {
    let (head, tail) = code.split_at(code.len() / 2);
    format!("{head}-{tail}")
}

fn hash_of(code: &str) -> String {
    session::hash(&format!("track {code}"))
}

/// Writes it down once: the same form again changes nothing. `Stale` when its id is another matter's.
pub async fn take(nobody: &Scope, at: Place, new: &NewPublic, code: &str) -> Result<()> {
    let hash = hash_of(code);
    let taken = nobody
        .work(async |db| {
            let calendar = calendar::store::get(db).await?;
            store::take_in(db, at, new, (&hash, &calendar)).await?;
            Ok(db.unchanged(()))
        })
        .await;
    match taken {
        Err(Error::Stale(_)) => is_same(nobody, new, code).await,
        other => other,
    }
}

async fn is_same(nobody: &Scope, new: &NewPublic, code: &str) -> Result<()> {
    let link = open(nobody, code).await?;
    let Some(link) = link.filter(|link| link.issue == new.id) else {
        return Err(Error::Stale(""));
    };
    let issue = scope_of(nobody, &link)
        .look(async |db| store::get(db, link.issue).await)
        .await?;
    if (&issue.detail, issue.category) == (&new.detail, new.category) {
        return Ok(());
    }
    Err(Error::Stale(""))
}

/// What stands behind a query code; None: nothing.
pub async fn open(nobody: &Scope, code: &str) -> Result<Option<Link>> {
    let hash = hash_of(code);
    nobody
        .look(async |db| store::tracked(db, &hash).await)
        .await
}

/// Of whoever has the code.
pub fn scope_of(nobody: &Scope, link: &Link) -> Scope {
    nobody.by_link(link.place, link.level)
}

/// Says more; false when nothing waits for it any more.
pub async fn supplement(scope: &Scope, link: &Link, id: MoveId, words: &str) -> Result<bool> {
    let new = by_youth(id, Move::Supplement, Some(words.to_owned()));
    act(scope, link.issue, &new).await
}

/// Takes the name and the telephone away, and, with words for the record, the matter too while nobody
/// has taken it on; false when somebody has.
pub async fn withdraw(scope: &Scope, link: &Link, whole: Option<&str>, id: MoveId) -> Result<bool> {
    let place = link.place;
    scope
        .work(async |db| {
            if store::withdraw(db, link.issue, place).await? {
                db.note(WITHDRAWN, Some(link.issue.0), place).await?;
            }
            Ok(db.unchanged(()))
        })
        .await?;
    match whole {
        None => Ok(true),
        Some(words) => {
            let new = by_youth(id, Move::Void, Some(words.to_owned()));
            act(scope, link.issue, &new).await
        }
    }
}

fn by_youth(id: MoveId, act: Move, words: Option<String>) -> NewMove {
    NewMove {
        id,
        version: None,
        act: Act::Plain(act),
        words,
        is_shown: true,
    }
}

async fn act(scope: &Scope, id: IssueId, new: &NewMove) -> Result<bool> {
    let made = scope
        .work(async |db| {
            let made = store::apply_as(db, id, new, Side::Youth).await?;
            Ok(db.unchanged(made == Made::Done))
        })
        .await;
    match made {
        Err(Error::Stale(_)) => Ok(false),
        other => other,
    }
}

/// It can still be taken back as a whole.
pub fn may_take_back(state: State) -> bool {
    state == State::Pending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written_by_hand() {
        let code = code_of("any key");
        assert_eq!(code.len(), CODE);
        assert_eq!(code, code_of("any key"));
        assert_ne!(code, code_of("another key"));
        let shown = shown_code(&code);
        assert_eq!(shown.len(), CODE + 1);
        for typed in [shown.to_lowercase(), format!(" {shown} "), code.clone()] {
            assert_eq!(read_code(&typed), Some(code.clone()), "{typed}");
        }
        for typed in [
            "",
            "0O1I0O1I0O",
            "ABCDE",
            "ABCDEFGHJKL",
            "一二三四五六七八九十",
        ] {
            assert_eq!(read_code(typed), None, "{typed}");
        }
    }
}
