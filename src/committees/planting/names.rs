//! The names of committees, made from the names of divisions by the patterns of the league (团市委, 团区委, 团县委, 团旗委,
//! 团州委, 团盟委, 团镇委, 街道团工委 …). The patterns are data like the divisions, so they stand here and not in a template.

use super::Class;
use crate::committees::divisions::{Division, Level};
use crate::committees::model::What;

/// What a committee is called: in documents, in the news, and among colleagues (`团市委`, which names no place).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub full: String,
    pub short: String,
    pub common: String,
    pub class: Class,
}

/// Peoples in the names of autonomous places, which the short name of the place leaves out.
const PEOPLES: [&str; 53] = [
    "蒙古",
    "柯尔克孜",
    "哈萨克",
    "塔吉克",
    "维吾尔",
    "锡伯",
    "达斡尔",
    "鄂温克",
    "鄂伦春",
    "朝鲜",
    "土家",
    "布依",
    "哈尼",
    "傈僳",
    "拉祜",
    "纳西",
    "景颇",
    "布朗",
    "普米",
    "德昂",
    "基诺",
    "仫佬",
    "毛南",
    "仡佬",
    "撒拉",
    "保安",
    "东乡",
    "裕固",
    "独龙",
    "阿昌",
    "门巴",
    "珞巴",
    "俄罗斯",
    "赫哲",
    "高山",
    "回",
    "藏",
    "苗",
    "彝",
    "壮",
    "满",
    "侗",
    "瑶",
    "白",
    "傣",
    "黎",
    "佤",
    "畲",
    "水",
    "土",
    "羌",
    "怒",
    "各",
];

/// Endings of places that an office governs and no elected body: their committee is a 团工委.
const GOVERNED: [&str; 11] = [
    "区",
    "园",
    "城",
    "办事处",
    "委员会",
    "管委会",
    "中心",
    "基地",
    "港",
    "办",
    "处",
];

/// The offices among them, which the name of the committee leaves out; longest first.
const OFFICES: [&str; 4] = ["行政委员会", "管理委员会", "管委会", "委员会"];

/// One special line beside the counties: what stands in the full name, the short name without its prefix, class.
struct Line(&'static str, &'static str, Class);

/// The lines under a city (domain §1.1). A university or a school is no line; the admin adds it under 教育系统.
const LINES: [Line; 8] = [
    Line("直属机关工作委员会", "{}直机关团工委", Class::WorkCommittee),
    Line(
        "国有企业工作委员会",
        "{}国资系统团工委",
        Class::WorkCommittee,
    ),
    Line("教育系统工作委员会", "教育系统团工委", Class::WorkCommittee),
    Line("卫生健康系统委员会", "卫健系统团委", Class::Committee),
    Line("金融系统委员会", "金融系统团委", Class::Committee),
    Line("公安系统委员会", "公安系统团委", Class::Committee),
    Line(
        "非公有制经济组织和社会组织工作委员会",
        "两新组织团工委",
        Class::WorkCommittee,
    ),
    Line("园区工作委员会", "园区团工委", Class::WorkCommittee),
];

pub(super) fn centre() -> Names {
    Names {
        full: "中国共产主义青年团中央委员会".into(),
        short: "共青团中央".into(),
        common: "团中央".into(),
        class: Class::Leading,
    }
}

/// `above` is the division that it stands under, for the places whose own name is not enough (`新城区`, `城关镇`).
pub(super) fn of(division: &Division, above: Option<&Division>) -> Names {
    let above = above.map_or("", |above| above.name);
    let name = division.display();
    match division.level {
        Level::County if division.is_zone() => work(&name, &name, "园区团工委"),
        Level::County if name.ends_with('区') => leading(&name, &format!("{above}{name}")),
        Level::County if OFFICES.iter().any(|end| name.ends_with(end)) => {
            work(&name, &name, "团工委")
        }
        Level::Province | Level::City | Level::County => leading(&name, &name),
        Level::Street => town(&name, above),
        Level::Village => village(&name, above),
    }
}

/// A leading organ, province to county. `formal` is the place as the full name has it.
fn leading(name: &str, formal: &str) -> Names {
    const COMMON: [(&str, &str); 10] = [
        ("自治区", "团区委"),
        ("地区", "团地委"),
        ("州", "团州委"),
        ("盟", "团盟委"),
        ("旗", "团旗委"),
        ("省", "团省委"),
        ("市", "团市委"),
        ("县", "团县委"),
        ("区", "团区委"),
        ("", "团委"),
    ];
    let place = without_peoples(name);
    let common = COMMON
        .iter()
        .find(|(end, _)| name.ends_with(end))
        .map_or("", |(_, common)| common);
    let committee_last = ["自治区", "自治州", "地区"]
        .iter()
        .any(|end| name.ends_with(end));
    let short = if committee_last {
        format!("{place}团委")
    } else {
        format!("团{place}委")
    };
    Names {
        full: format!("共青团{formal}委员会"),
        short,
        common: common.into(),
        class: Class::Leading,
    }
}

/// `伊犁哈萨克自治州` → `伊犁州`, `景宁畲族自治县` → `景宁县`, `东乡族自治县` → `东乡县`; other names stay.
fn without_peoples(name: &str) -> String {
    let Some((stem, kind)) = ["州", "县", "旗"]
        .iter()
        .find_map(|kind| Some((name.strip_suffix(kind)?.strip_suffix("自治")?, kind)))
    else {
        return name.to_owned();
    };
    let mut place = stem;
    while let Some(shorter) = PEOPLES
        .iter()
        .find_map(|people| without_people(place, people))
    {
        place = shorter;
    }
    let place = place.strip_suffix('族').unwrap_or(place);
    format!("{place}{kind}")
}

/// A people of one character is cut off only with its 族: 长白 is a place. At least two characters must be left.
fn without_people<'a>(place: &'a str, people: &str) -> Option<&'a str> {
    let bare = place.strip_suffix('族');
    let rest = match bare {
        Some(bare) => bare.strip_suffix(people)?,
        None if people.chars().count() > 1 => place.strip_suffix(people)?,
        None => return None,
    };
    Some(rest).filter(|rest| rest.chars().count() >= 2)
}

fn town(name: &str, above: &str) -> Names {
    const COMMON: [(&str, &str); 3] = [("镇", "团镇委"), ("乡", "团乡委"), ("苏木", "苏木团委")];
    // Some farms carry their county's name already.
    let formal = if name.starts_with(above) {
        name.to_owned()
    } else {
        format!("{above}{name}")
    };
    if name.ends_with("街道") {
        return work(name, &formal, "街道团工委");
    }
    if GOVERNED.iter().any(|end| name.ends_with(end)) {
        return work(name, &formal, "团工委");
    }
    let common = COMMON
        .iter()
        .find(|(end, _)| name.ends_with(end))
        .map_or("团委", |(_, common)| common);
    Names {
        full: format!("共青团{formal}委员会"),
        short: format!("{name}团委"),
        common: common.into(),
        class: Class::Committee,
    }
}

fn work(name: &str, formal: &str, common: &str) -> Names {
    let bare = |name: &str| {
        let end = OFFICES
            .iter()
            .find(|end| name.ends_with(**end))
            .map_or(0, |end| end.len());
        name[..name.len() - end].to_owned()
    };
    Names {
        full: format!("共青团{}工作委员会", bare(formal)),
        short: format!("{}团工委", bare(name)),
        common: common.into(),
        class: Class::WorkCommittee,
    }
}

fn village(name: &str, above: &str) -> Names {
    let word = ["嘎查", "社区", "村"]
        .iter()
        .find(|word| name.ends_with(**word))
        .unwrap_or(&"");
    Names {
        full: format!("共青团{above}{name}支部委员会"),
        short: format!("{name}团支部"),
        common: format!("{word}团支部"),
        class: Class::Branch,
    }
}

/// The branch that holds the lines; it is a row of the city's table, not an organ with a name of its own.
pub(super) fn direct_branch(top: &Division) -> Names {
    Names {
        full: format!("{}直属系统", top.name),
        short: "直属系统".into(),
        common: "直属系统".into(),
        class: Class::WorkCommittee,
    }
}

/// The lines under a city or province, in their usual order.
pub(super) fn lines(top: &Division) -> impl Iterator<Item = Names> {
    let prefix = ["自治区", "地区", "州", "盟", "省"]
        .iter()
        .find(|end| top.name.ends_with(**end));
    let prefix = match prefix.copied() {
        Some("自治区") => "区",
        Some("地区") => "地",
        Some(other) => other,
        None => "市",
    };
    let place = top.name;
    LINES.iter().map(move |Line(formal, short, class)| {
        let short = short.replace("{}", prefix);
        Names {
            full: format!("共青团{place}{formal}"),
            short: short.clone(),
            common: short,
            class: *class,
        }
    })
}

/// A committee that no division names: a school, a line, a branch for a task.
pub(super) fn unit(name: &str, class: Class) -> Names {
    let (formal, short) = match class {
        Class::Leading | Class::Committee => ("委员会", "团委"),
        Class::WorkCommittee => ("工作委员会", "团工委"),
        Class::GeneralBranch => ("总支部委员会", "团总支"),
        Class::Branch => ("支部委员会", "团支部"),
        Class::Temporary => ("临时支部委员会", "临时团支部"),
    };
    Names {
        full: format!("共青团{name}{formal}"),
        short: format!("{name}{short}"),
        common: short.into(),
        class,
    }
}

/// A street or town, or a village, that an admin typed.
pub(super) fn typed(what: What, name: &str, above: &str, class: Class) -> Names {
    let usual = match what {
        What::Town => town(name, above),
        What::Village => village(name, above),
        _ => return unit(name, class),
    };
    if usual.class == class {
        return usual;
    }
    Names {
        full: unit(&format!("{above}{name}"), class).full,
        ..unit(name, class)
    }
}
