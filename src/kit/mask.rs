//! Masks over a person's data (domain.md §4.6): what those see who need not know who it is.
//!
//! A name masked in one place is masked everywhere in that answer, so [`mask_in`] also goes over titles and
//! sentences made from records.

pub use super::phone::mask as phone;
use super::text::is_han;

/// Surnames of two characters that are met with today.
const COMPOUND: [&str; 38] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "长孙", "宇文",
    "夏侯", "轩辕", "令狐", "端木", "百里", "南宫", "呼延", "闻人", "澹台", "公冶", "宗政", "濮阳",
    "淳于", "单于", "太叔", "申屠", "公羊", "赫连", "钟离", "鲜于", "闾丘", "司空", "亓官", "司寇",
    "拓跋", "独孤",
];

/// How much of a name may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Veil {
    /// 张*, 张**: the surname and how long the name is.
    Usual,
    /// 张某某: minors and key youths; not even the length.
    Strict,
}

/// 张*, 张**, 欧阳*, 阿*·买**; strict 张某某, 欧阳某某, 阿某某.
pub fn name(full: &str, veil: Veil) -> String {
    match veil {
        Veil::Usual => full.split('·').map(part).collect::<Vec<_>>().join("·"),
        Veil::Strict => {
            let first = full.split('·').next().unwrap_or_default();
            format!("{}某某", &first[..shown(first)])
        }
    }
}

/// Length in bytes of the surname at the head of a full name: 3 for 王小芳, 6 for 欧阳小芳; of a name of one
/// character 0. Nobody is named by a compound surname alone: 欧阳 is a person of the surname 欧.
pub fn surname_len(full: &str) -> usize {
    let mut chars = full.chars();
    let (Some(first), Some(_)) = (chars.next(), chars.next()) else {
        return 0;
    };
    let compound = chars.next().is_some() && COMPOUND.iter().any(|s| full.starts_with(s));
    if compound {
        "欧阳".len()
    } else {
        first.len_utf8()
    }
}

/// Every occurrence of these full names in a text, masked; the longest name wins where two begin together.
/// A name of one character is left alone: it would tear other words apart.
pub fn mask_in(text: &str, names: &[(&str, Veil)]) -> String {
    let mut names: Vec<_> = names
        .iter()
        .filter(|(full, _)| full.chars().nth(1).is_some())
        .collect();
    names.sort_by_key(|(full, _)| std::cmp::Reverse(full.len()));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = names.iter().find(|(full, _)| rest.starts_with(full));
        if let Some((full, veil)) = found {
            out.push_str(&name(full, *veil));
            rest = &rest[full.len()..];
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// One part of a name between middle dots; of a Latin name each word.
fn part(part: &str) -> String {
    if part.contains(' ') {
        return part
            .split(' ')
            .map(self::part)
            .collect::<Vec<_>>()
            .join(" ");
    }
    let (seen, hidden) = part.split_at(shown(part));
    format!("{seen}{}", "*".repeat(hidden.chars().count()))
}

/// A compound surname counts only where the name is Chinese.
fn shown(part: &str) -> usize {
    if part.chars().all(is_han) {
        surname_len(part)
    } else {
        first_len(part)
    }
}

fn first_len(part: &str) -> usize {
    match part.chars().next() {
        Some(first) if part.len() > first.len_utf8() => first.len_utf8(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surname_and_the_length_are_seen() {
        let cases = [
            ("张三", "张*"),
            ("王小芳", "王**"),
            ("欧阳锋", "欧阳*"),
            ("欧阳小锋", "欧阳**"),
            ("欧阳", "欧*"),
            ("阿里·买买提", "阿*·买**"),
            ("𠮷田", "𠮷*"),
            ("王", "*"),
            ("John Smith", "J*** S****"),
            ("", ""),
        ];
        for (full, masked) in cases {
            assert_eq!(name(full, Veil::Usual), masked, "{full}");
        }
    }

    #[test]
    fn of_minors_not_even_the_length_is_seen() {
        for (full, masked) in [
            ("张三", "张某某"),
            ("张小三", "张某某"),
            ("欧阳锋", "欧阳某某"),
            ("阿里·买买提", "阿某某"),
            ("王", "某某"),
        ] {
            assert_eq!(name(full, Veil::Strict), masked, "{full}");
        }
    }

    #[test]
    fn a_name_is_masked_wherever_it_stands() {
        let names = [
            ("王小芳", Veil::Usual),
            ("王小芳芳", Veil::Strict),
            ("李雷", Veil::Usual),
        ];
        assert_eq!(
            mask_in("王小芳（李雷的同学）说，王小芳芳和王小芳不是一人", &names),
            "王**（李*的同学）说，王某某和王**不是一人"
        );
        assert_eq!(mask_in("没有人名", &names), "没有人名");
        assert_eq!(mask_in("", &names), "");
        assert_eq!(
            mask_in("王府井", &[("王", Veil::Usual), ("", Veil::Usual)]),
            "王府井"
        );
    }

    #[test]
    fn phones_are_masked_by_the_same_room() {
        assert_eq!(phone("19900001234"), "199****1234");
    }
}
