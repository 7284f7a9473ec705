//! 粘贴名单: rows from Excel, a message or by hand, with 姓名, 手机, 村. Whatever else stands in a row is
//! not kept.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::check_name;
use crate::kit::phone::{self, PhoneFault};
use crate::kit::text::{TextFault, clean, half_width};
use crate::organisations::Village;
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::youth::model::{NewYouth, Source, YouthId};

pub const ROWS_MAX: usize = 1000;
const VILLAGE_MAX: usize = 40;

/// A row as pasted, or as mended in the preview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its line in what was pasted, from 1.
    pub n: usize,
    /// The record's id, made once in the preview: confirming twice adds once.
    pub id: String,
    pub name: String,
    pub phone: String,
    pub village: String,
    pub decision: Decision,
}

/// What is to be done with a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// Nobody has said; a row without doubt is added.
    #[default]
    Open,
    /// 加上
    Add,
    /// 跳过
    Skip,
    /// 就是这个人: registered already.
    Same(YouthId),
}

impl Decision {
    fn read(raw: &str) -> Self {
        match raw {
            "add" => Self::Add,
            "skip" => Self::Skip,
            id => id.parse().map_or(Self::Open, Self::Same),
        }
    }

    /// As the form sends it.
    pub fn code(self) -> String {
        match self {
            Self::Open => String::new(),
            Self::Add => "add".into(),
            Self::Skip => "skip".into(),
            Self::Same(id) => id.to_string(),
        }
    }
}

/// A row that can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub youth: NewYouth,
    pub village: Option<CommitteeId>,
}

impl Row {
    /// `villages` are those of the scope; the sentence says what to mend.
    pub fn check(&self, villages: &[Village]) -> Result<Entry, String> {
        let id = self.id.parse::<YouthId>().map_err(|_| "这一行重新贴一次")?;
        let name = check_name(&self.name)?;
        let phone = match phone::check(&self.phone) {
            Ok(phone) => Some(phone),
            Err(PhoneFault::Empty) => None,
            Err(PhoneFault::Shape) => return Err("手机号不对".into()),
        };
        let village = match clean(&self.village, VILLAGE_MAX) {
            Ok(text) => Some(village_of(&text, villages)?),
            Err(TextFault::Empty) => None,
            Err(other) => return Err(format!("村（社区）：{other}")),
        };
        if phone.is_none() && village.is_none() {
            return Err("手机和村（社区）至少有一样".into());
        }
        let mut youth = NewYouth::named(id, name, Source::Paste);
        youth.phone = phone;
        Ok(Entry { youth, village })
    }
}

/// Two rows of one list that may be the same person.
pub fn alike(one: &Entry, other: &Entry) -> bool {
    let (a, b) = (&one.youth, &other.youth);
    let same_phone = a.phone.is_some() && a.phone == b.phone;
    let apart = |x: bool, y: bool, same: bool| x && y && !same;
    let phones_apart = apart(a.phone.is_some(), b.phone.is_some(), same_phone);
    let villages_apart = apart(
        one.village.is_some(),
        other.village.is_some(),
        one.village == other.village,
    );
    same_phone || a.name == b.name && !phones_apart && !villages_apart
}

/// The village of that name: `上溪`, `上溪村`, `溪口镇上溪村`, `上溪村村委会`.
fn village_of(text: &str, villages: &[Village]) -> Result<CommitteeId, String> {
    let asked: String = half_width(text).split_whitespace().collect();
    let asked = stem(&asked);
    let named = |v: &&Village| {
        let name = stem(&v.name);
        asked == name
            || asked
                .strip_suffix(name)
                .is_some_and(|before| !before.is_empty() && before.ends_with(v.town.as_str()))
    };
    let found: Vec<&Village> = villages.iter().filter(named).collect();
    match found.as_slice() {
        [one] => Ok(one.committee),
        [] => Err(format!("本级没有叫“{text}”的村（社区）")),
        [one, ..] => Err(format!(
            "有几个“{}”，写上乡镇，如 {}{}",
            one.name, one.town, one.name
        )),
    }
}

fn stem(name: &str) -> &str {
    let ends = [
        "村民委员会",
        "居民委员会",
        "村委会",
        "居委会",
        "团支部",
        "社区",
        "村",
    ];
    let mut name = name;
    for end in ends {
        name = name
            .strip_suffix(end)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(name);
    }
    name
}

/// The rows of a pasted text: by tabs, commas or spaces; a row of headings says which column is what.
pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Vec<Row>, String> {
    let lines = text.lines().enumerate();
    let mut lines = lines
        .map(|(at, line)| (at + 1, cells(line)))
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
        .peekable();
    let order = lines
        .peek()
        .and_then(|(_, cells)| Order::of_headings(cells));
    if order.is_some() {
        lines.next();
    }
    let rows: Vec<Row> = lines
        .map(|(n, cells)| {
            let row = match &order {
                Some(order) => order.row(&cells),
                None => guess(&cells),
            };
            let id = YouthId::new_v7(now).to_string();
            Row { n, id, ..row }
        })
        .collect();
    match rows.len() {
        0 => Err("把表格里的行贴到这里：姓名、手机、村".into()),
        n if n > ROWS_MAX => Err(format!("一次最多 {ROWS_MAX} 行，这里有 {n} 行，分几次贴")),
        _ => Ok(rows),
    }
}

/// A line cut at tabs, else commas, else where several spaces stand; else at each space, when a number
/// is in it.
fn cells(line: &str) -> Vec<String> {
    let trim = |cell: &str| cell.trim().trim_matches('"').trim().to_owned();
    if line.contains('\t') {
        return line.split('\t').map(trim).collect();
    }
    if line.contains([',', '，', ';', '；']) {
        return line.split([',', '，', ';', '；']).map(trim).collect();
    }
    let wide = line.trim().replace('\u{3000}', "  ").replace('\u{a0}', " ");
    if wide.contains("  ") {
        let parts = wide.split("  ").map(trim);
        return parts.filter(|cell| !cell.is_empty()).collect();
    }
    let words: Vec<&str> = wide.split(' ').collect();
    if words.iter().any(|word| looks_like_number(word)) {
        return words.into_iter().map(trim).collect();
    }
    vec![trim(&wide)]
}

fn looks_like_number(cell: &str) -> bool {
    let digits = half_width(cell).bytes().filter(u8::is_ascii_digit).count();
    digits >= 5
}

/// Without headings: the name first, a cell with digits is the number, the next other one the village.
fn guess(cells: &[String]) -> Row {
    let (name, rest) = match cells.split_first() {
        // A running number before the name.
        Some((first, rest)) if is_count(first) && !rest.is_empty() => (&rest[0], &rest[1..]),
        Some((first, rest)) => (first, rest),
        None => return Row::default(),
    };
    let filled = || rest.iter().filter(|cell| !cell.is_empty());
    let phone = filled().find(|cell| looks_like_number(cell));
    let village = filled().find(|cell| !looks_like_number(cell));
    Row {
        name: name.clone(),
        phone: phone.cloned().unwrap_or_default(),
        village: village.cloned().unwrap_or_default(),
        ..Row::default()
    }
}

fn is_count(cell: &str) -> bool {
    let narrow = half_width(cell);
    (1..=4).contains(&narrow.len()) && narrow.bytes().all(|b| b.is_ascii_digit())
}

/// Which column is what.
struct Order {
    name: usize,
    phone: Option<usize>,
    village: Option<usize>,
}

impl Order {
    fn of_headings(cells: &[String]) -> Option<Self> {
        let at = |words: &[&str]| {
            let named = |cell: &String| words.iter().any(|word| cell.contains(word));
            cells.iter().position(named)
        };
        Some(Self {
            name: at(&["姓名", "名字", "称呼"])?,
            phone: at(&["手机", "电话", "联系方式"]),
            village: at(&["村", "社区"]),
        })
    }

    fn row(&self, cells: &[String]) -> Row {
        let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
        Row {
            name: cell(self.name),
            phone: self.phone.map(cell).unwrap_or_default(),
            village: self.village.map(cell).unwrap_or_default(),
            ..Row::default()
        }
    }
}

/// The rows of the preview, as they come back: `r12-name`, `r12-do` … A thousand rows have five
/// thousand fields, so each is looked at once.
pub fn read_rows(fields: &Fields) -> Vec<Row> {
    let mut rows: HashMap<usize, Row> = HashMap::new();
    for (name, value) in fields.pairs() {
        let part = name.strip_prefix('r').and_then(|it| it.split_once('-'));
        let Some((Ok(n), part)) = part.map(|(n, part)| (n.parse::<usize>(), part)) else {
            continue;
        };
        let row = rows.entry(n).or_insert_with(|| Row {
            n,
            ..Row::default()
        });
        match part {
            "id" => value.clone_into(&mut row.id),
            "name" => value.clone_into(&mut row.name),
            "phone" => value.clone_into(&mut row.phone),
            "village" => value.clone_into(&mut row.village),
            "do" => row.decision = Decision::read(value),
            _ => {}
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| row.n);
    rows.truncate(ROWS_MAX);
    rows
}

#[cfg(test)]
mod tests;
