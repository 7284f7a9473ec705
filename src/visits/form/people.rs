//! Who was met and who went along: known, newly met, not registered, or nobody and why.

use uuid::Uuid;

use super::check::known;
use super::{BLOCKS_MAX, NewcomerForm, PEOPLE_MAX, VisitForm};
use crate::kit::phone::{self, PhoneFault};
use crate::kit::text::{TextFault, half_width, normal_name};
use crate::platform::form::Faults;
use crate::platform::ids::CadreId;
use crate::visits::model::{Unmet, VisitId};
use crate::youth::{Consent, YouthId};

const WALKINS_MAX: i32 = 999;

/// 情况 as tapped: the code of a youth group (codes.json L_youth_group), or `help`: 需要帮扶.
pub const CONDITIONS: [(&str, &str); 8] = [
    ("XS1", "中学在读"),
    ("XS2", "大学在读"),
    ("DY", "求职"),
    ("CY", "创业"),
    ("NC", "务农"),
    ("QY", "务工"),
    ("XJY", "骑手、快递"),
    ("help", "需要帮扶"),
];

/// The people of a visit, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    pub youths: Vec<YouthId>,
    pub newcomers: Vec<Newcomer>,
    pub walkins: i32,
    pub unmet: Option<Unmet>,
    /// Who went along, without the author.
    pub cadres: Vec<CadreId>,
}

/// 新认识的青年
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub id: YouthId,
    /// Of the block on the page, from 1.
    pub block: usize,
    pub name: String,
    pub phone: Option<String>,
    /// Codes of L_youth_group.
    pub groups: Vec<String>,
    pub needs_help: bool,
    pub consent: Consent,
}

impl Newcomer {
    /// A child, or somebody in need.
    pub fn is_sensitive(&self) -> bool {
        self.needs_help || self.consent == Consent::Guardian
    }
}

impl People {
    pub fn headcount(&self) -> i32 {
        let named = self.youths.len() + self.newcomers.len();
        i32::try_from(named)
            .unwrap_or(i32::MAX)
            .saturating_add(self.walkins)
    }

    /// Whose problem it is: as chosen; with one person met, that one.
    pub fn who(&self, chosen: &str) -> Option<YouthId> {
        let by_id = chosen.parse::<YouthId>().ok();
        let known = self.youths.iter().copied().find(|id| Some(*id) == by_id);
        let new = self.newcomers.iter().find(|new| new.name == chosen.trim());
        let only = || match (
            self.youths.as_slice(),
            self.newcomers.as_slice(),
            self.walkins,
        ) {
            ([one], [], 0) => Some(*one),
            ([], [one], 0) => Some(one.id),
            _ => None,
        };
        known.or(new.map(|new| new.id)).or_else(only)
    }
}

pub(super) fn check(form: &VisitForm, id: Option<VisitId>, faults: &mut Faults) -> People {
    let people = People {
        youths: ids(&form.youths, ("q", "青年"), faults),
        newcomers: newcomers(form, id, faults),
        walkins: walkins(&form.walkins, faults),
        unmet: known(&form.unmet, Unmet::from_code, "unmet", faults),
        cadres: ids(&form.cadres, ("cq", "同行团干部"), faults),
    };
    match (people.headcount(), people.unmet) {
        (0, None) if form.q.trim().is_empty() => {
            faults.add("q", "选一位走访的青年，或添加新认识的青年");
        }
        (0, None) => faults.add("q", "选一下是哪一位；没有的，添为新认识的青年"),
        (1.., Some(_)) => faults.add("unmet", "遇到了人，就不选没遇到的原因"),
        _ => {}
    }
    people
}

fn ids<T: std::str::FromStr>(
    raw: &[String],
    (field, who): (&str, &str),
    faults: &mut Faults,
) -> Vec<T> {
    if raw.len() > PEOPLE_MAX {
        faults.add(field, format!("{who}一次最多选 {PEOPLE_MAX} 位"));
    }
    let mut known = Vec::new();
    for id in raw {
        match id.parse() {
            Ok(id) => known.push(id),
            Err(_) => faults.add(field, format!("{who}有一位没选上，再选一次")),
        }
    }
    known
}

fn newcomers(form: &VisitForm, id: Option<VisitId>, faults: &mut Faults) -> Vec<Newcomer> {
    if form.newcomers.len() > BLOCKS_MAX {
        let text = format!("一次最多添 {BLOCKS_MAX} 位，其余的记到“另有几人未登记”");
        faults.add("n1-name", text);
    }
    let mut found = Vec::new();
    for (index, block) in form.newcomers.iter().enumerate() {
        if block.is_blank() {
            continue;
        }
        let number = index + 1;
        let id = id.map_or(Uuid::nil(), |id| id.part("youth", number));
        found.extend(newcomer(block, number, YouthId(id), faults));
    }
    found
}

fn newcomer(
    block: &NewcomerForm,
    number: usize,
    id: YouthId,
    faults: &mut Faults,
) -> Option<Newcomer> {
    let name = normal_name(&block.name).map_err(|fault| match fault {
        TextFault::Empty => "写下新认识的青年叫什么".to_owned(),
        other => format!("新认识的青年姓名：{other}"),
    });
    let name = faults.take(&format!("n{number}-name"), name);
    let phone = match phone::check(&block.phone) {
        Ok(phone) => Some(phone),
        Err(PhoneFault::Empty) => None,
        Err(PhoneFault::Shape) => {
            faults.add(
                &format!("n{number}-phone"),
                format!("新认识的青年 {number}：手机号不对，核对一下，或先空着"),
            );
            None
        }
    };
    let consent = consent(block, number, faults);
    let (help, groups) = block
        .groups
        .iter()
        .cloned()
        .partition::<Vec<_>, _>(|code| code == "help");
    name.map(|name| Newcomer {
        id,
        block: number,
        name,
        phone,
        groups,
        needs_help: !help.is_empty(),
        consent,
    })
}

/// More than a name and a phone number is kept of whoever agreed (domain.md §4.1).
fn consent(block: &NewcomerForm, number: usize, faults: &mut Faults) -> Consent {
    let offered = |code: &String| CONDITIONS.iter().any(|(known, _)| known == code);
    if !block.groups.iter().all(offered) {
        faults.add(
            &format!("n{number}-group"),
            format!("新认识的青年 {number} 的情况重新选一下"),
        );
    }
    let consent = match (block.told, block.guardian) {
        (_, true) => Consent::Guardian,
        (true, false) => Consent::Told,
        (false, false) => Consent::Missing,
    };
    if consent == Consent::Missing && !block.groups.is_empty() {
        let text = format!(
            "新认识的青年 {number}：没说明用途时只记姓名和手机。说明了、同意了，勾上这一项"
        );
        faults.add(&format!("n{number}-told"), text);
    }
    consent
}

/// 另有 k 人未登记.
fn walkins(raw: &str, faults: &mut Faults) -> i32 {
    let text = half_width(raw.trim());
    if text.is_empty() {
        return 0;
    }
    let number = text.parse::<i32>().ok();
    number
        .filter(|number| (0..=WALKINS_MAX).contains(number))
        .unwrap_or_else(|| {
            let text = format!("未登记的人数写 0 到 {WALKINS_MAX} 的数字");
            faults.add("walkins", text);
            0
        })
}
