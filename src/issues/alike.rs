//! 是不是同一件事: open matters of the same young person, or of the same category and place in ninety days
//! with words alike. It is offered and never decided: two may ask for the same in other words.

use std::collections::HashMap;

use super::lines::{Line, lines};
use super::model::{Category, Issue, IssueId};
use super::store;
use crate::organisations::OrganisationId;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;
use crate::youth::YouthId;

/// From here on two texts are alike.
const ALIKE: f64 = 0.34;
/// Offered at most.
const MOST: usize = 3;

/// What is compared: a matter that is being written down, or one that is there.
#[derive(Clone, Debug)]
pub struct Probe<'a> {
    /// Itself, which is no other.
    pub id: Option<IssueId>,
    pub youth: Option<YouthId>,
    pub category: Category,
    pub village: Option<OrganisationId>,
    pub detail: &'a str,
}

impl<'a> Probe<'a> {
    /// One that is there, by its own place.
    pub fn of(issue: &'a Issue) -> Self {
        Self {
            id: Some(issue.id),
            youth: issue.youth_id,
            category: issue.category,
            village: None,
            detail: &issue.detail,
        }
    }
}

/// Why it may be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Youth,
    Words,
}

/// The likest first, as the reader may see them; whose text he may not read is compared with nothing.
pub async fn alike(db: &mut ScopedTx, probe: &Probe<'_>) -> Result<Vec<(Line, Sign)>> {
    let candidates = store::candidates(db, probe).await?;
    let texts: HashMap<IssueId, (String, bool)> = candidates
        .iter()
        .map(|it| {
            let same = probe.youth.is_some() && it.youth_id == probe.youth;
            (it.id, (it.detail.clone(), same))
        })
        .collect();
    let mut found = Vec::new();
    for line in lines(db, candidates).await? {
        let Some((detail, same)) = texts.get(&line.id) else {
            continue;
        };
        let near = if line.gist.is_some() {
            likeness(probe.detail, detail)
        } else {
            0.0
        };
        if *same {
            found.push((1.0 + near, line, Sign::Youth));
        } else if near >= ALIKE {
            found.push((near, line, Sign::Words));
        }
    }
    found.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    found.truncate(MOST);
    Ok(found
        .into_iter()
        .map(|(_, line, sign)| (line, sign))
        .collect())
}

/// From 0, nothing in common, to 1, the same: pairs of neighbouring characters that both have, of all that
/// they have. Signs and spaces do not count.
pub fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (pairs(a), pairs(b));
    let size = |of: &HashMap<(char, char), u32>| of.values().sum::<u32>();
    let both: u32 = a
        .iter()
        .map(|(pair, n)| b.get(pair).map_or(0, |m| *m.min(n)))
        .sum();
    match size(&a) + size(&b) {
        0 => 0.0,
        all => f64::from(2 * both) / f64::from(all),
    }
}

fn pairs(text: &str) -> HashMap<(char, char), u32> {
    let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut pairs = HashMap::new();
    for pair in signs.windows(2) {
        if let [a, b] = pair {
            *pairs.entry((*a, *b)).or_insert(0) += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_one_and_what_has_nothing_in_common_is_nothing() {
        let text = "村里的公交晚上停得太早";
        assert!((likeness(text, text) - 1.0).abs() < 1e-9);
        assert!((likeness(text, "村里的公交，晚上停得太早！") - 1.0).abs() < 1e-9);
        assert!(likeness(text, "想学短视频剪辑") < 1e-9);
        assert!(likeness("", "") < 1e-9 && likeness("我", "我") < 1e-9);
    }

    #[test]
    fn the_same_wish_in_other_words_is_alike_and_another_wish_is_not() {
        for (a, b) in [
            (
                "村里的公交晚上停得太早，下夜班回不来",
                "公交晚上停得太早，夜班下班没车回村",
            ),
            ("想找离家近的文员岗位", "想在离家近的地方找文员岗位"),
        ] {
            assert!(likeness(a, b) >= ALIKE, "{a} / {b}: {}", likeness(a, b));
        }
        for (a, b) in [
            ("想找离家近的文员岗位", "想找人一起打篮球"),
            ("创业贷款材料被退了三次", "想学电商直播带货"),
        ] {
            assert!(likeness(a, b) < ALIKE, "{a} / {b}: {}", likeness(a, b));
        }
    }
}
