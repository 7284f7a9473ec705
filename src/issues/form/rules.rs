//! The form of a city's parameters: how long a matter may take, by urgency and category, and the other
//! limits.

use crate::issues::due::{Limits, Rules, Span, standard};
use crate::issues::model::{Category, Urgency};
use crate::kit::text::half_width;
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

/// A span is at most so long: days by the table, hours of a fortnight.
const DAYS_MAX: u32 = 400;
const HOURS_MAX: u32 = 336;

/// One limit: its field, label, unit, from and to. The bounds are those of the table.
pub struct Limit {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub from: i32,
    pub to: i32,
    of: fn(&mut Limits) -> &mut i32,
}

const fn limit(
    name: &'static str,
    words: (&'static str, &'static str),
    (from, to): (i32, i32),
    of: fn(&mut Limits) -> &mut i32,
) -> Limit {
    Limit {
        name,
        label: words.0,
        hint: words.1,
        from,
        to,
        of,
    }
}

#[rustfmt::skip]
pub const LIMITS: [Limit; 8] = [
    limit("sign_hours", ("签收时限（小时）", "紧急的按小时，其他的按工作日，24 小时算一天"), (1, 240), |it| &mut it.sign_hours),
    limit("warn_percent", ("用掉多少时间变黄（%）", "同时自动催办一次"), (1, 99), |it| &mut it.warn_percent),
    limit("climb_days", ("超期几个工作日上报一级", "先提请书记协调，再报上一级"), (1, 60), |it| &mut it.climb_days),
    limit("climb_again_days", ("超期几个工作日再上报一级", "要比上一项多"), (2, 90), |it| &mut it.climb_again_days),
    limit("suspend_days", ("挂起最长几天", ""), (1, 180), |it| &mut it.suspend_days),
    limit("reopen_days", ("青年几天内可以说没办成", "过了这些天没有评价，就算办结"), (1, 90), |it| &mut it.reopen_days),
    limit("reopen_by_committee_days", ("单位几天内可以重开", ""), (1, 365), |it| &mut it.reopen_by_committee_days),
    limit("follow_up_percent", ("回访抽查（%）", "填 0 就只回访当面评价的"), (0, 100), |it| &mut it.follow_up_percent),
];

/// As typed: by the name of the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesForm {
    pub version: String,
    /// What it does has been looked at.
    pub sure: bool,
    values: Vec<(String, String)>,
}

/// The field of a rule; without a category that for all.
pub fn field(category: Option<Category>, urgency: Urgency) -> String {
    format!(
        "r{}-{}",
        category.map_or("", Category::code),
        urgency.code()
    )
}

/// 24小时, 15: as the form writes it.
pub fn written(span: Span) -> String {
    match span {
        Span::Hours(n) => format!("{n}小时"),
        Span::WorkingDays(n) => n.to_string(),
    }
}

/// Every rule that there can be: for all, then by category.
fn keys() -> impl Iterator<Item = (Option<Category>, Urgency)> {
    let categories = Category::ALL.iter().copied().map(Some);
    let all = std::iter::once(None).chain(categories);
    all.flat_map(|category| Urgency::ALL.iter().map(move |urgency| (category, *urgency)))
}

impl RulesForm {
    /// As it stands.
    pub fn of(rules: &Rules, limits: Limits, version: i32) -> Self {
        let mut limits = limits;
        let mut values = Vec::new();
        for (category, urgency) in keys() {
            let own = rules.own(category, urgency);
            let own = own.or_else(|| category.is_none().then(|| standard(urgency)));
            values.push((
                field(category, urgency),
                own.map(written).unwrap_or_default(),
            ));
        }
        for limit in &LIMITS {
            let n = *(limit.of)(&mut limits);
            values.push((limit.name.to_owned(), n.to_string()));
        }
        Self {
            version: version.to_string(),
            sure: false,
            values,
        }
    }

    pub fn read(fields: &Fields) -> Self {
        let rules = keys().map(|(category, urgency)| field(category, urgency));
        let names = rules.chain(LIMITS.iter().map(|it| it.name.to_owned()));
        Self {
            version: fields.text("version"),
            sure: fields.get("sure") == "on",
            values: names
                .map(|name| (name.clone(), fields.text(&name)))
                .collect(),
        }
    }

    /// The same, over the version that there is now.
    #[must_use]
    pub fn over(self, version: i32) -> Self {
        Self {
            version: version.to_string(),
            ..self
        }
    }

    pub fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Each field with what is in it, for the page that asks whether it is meant.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.values
    }

    pub fn check(&self) -> Result<(Rules, Limits, i32), Faults> {
        let mut faults = Faults::default();
        let late = "这一页开得太久了，刷新后再来";
        let first = field(None, Urgency::Urgent);
        let version = faults.take(&first, self.version.parse::<i32>().map_err(|_| late));
        let mut rules = Rules::default();
        for (category, urgency) in keys() {
            let name = field(category, urgency);
            match read_span(self.value(&name)) {
                Ok(Some(span)) => rules.set(category, urgency, span),
                Ok(None) if category.is_some() => {}
                Ok(None) => faults.add(&name, format!("{urgency}的要几个工作日办好")),
                Err(why) => faults.add(&name, why),
            }
        }
        let mut limits = Limits::default();
        for limit in &LIMITS {
            let typed = half_width(self.value(limit.name));
            let fits = |n: &i32| (limit.from..=limit.to).contains(n);
            match typed.trim().parse::<i32>().ok().filter(fits) {
                Some(n) => *(limit.of)(&mut limits) = n,
                None => faults.add(
                    limit.name,
                    format!("填 {} 到 {} 的整数", limit.from, limit.to),
                ),
            }
        }
        if limits.climb_again_days <= limits.climb_days && faults.is_empty() {
            faults.add("climb_again_days", "要比“上报一级”的天数多");
        }
        faults.or(version.map(|version| (rules, limits, version)))
    }
}

/// 24小时, 3, 3天, 3个工作日; nothing is none.
fn read_span(typed: &str) -> Result<Option<Span>, &'static str> {
    const WRONG: &str = "写工作日，例如 15；按小时的写 24小时";
    let text = half_width(typed);
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = |rest: &str| rest.trim().parse::<u32>().map_err(|_| WRONG);
    let hours = text.strip_suffix("小时").or(text.strip_suffix("时"));
    if let Some(rest) = hours {
        let n = number(rest)?;
        let fits = (1..=HOURS_MAX).contains(&n);
        return fits
            .then_some(Some(Span::Hours(n)))
            .ok_or("1 到 336 小时；再长就写工作日");
    }
    let days = ["个工作日", "工作日", "天"];
    let rest = days.iter().find_map(|unit| text.strip_suffix(unit));
    let n = number(rest.unwrap_or(text))?;
    let fits = (1..=DAYS_MAX).contains(&n);
    fits.then_some(Some(Span::WorkingDays(n)))
        .ok_or("1 到 400 个工作日")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_they_are_said() {
        for (typed, span) in [
            ("24小时", Some(Span::Hours(24))),
            ("１５", Some(Span::WorkingDays(15))),
            (" 3 个工作日", Some(Span::WorkingDays(3))),
            ("3天", Some(Span::WorkingDays(3))),
            ("", None),
        ] {
            assert_eq!(read_span(typed), Ok(span), "{typed}");
        }
        for typed in ["0", "401", "337小时", "很快", "-3", "1.5", "99999999999"] {
            assert!(read_span(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_stands_is_read_as_it_was_written() {
        let mut rules = Rules::default();
        rules.set(Some(Category::Work), Urgency::Soon, Span::Hours(48));
        let form = RulesForm::of(&rules, Limits::default(), 3);
        let (read, limits, version) = form.check().unwrap();
        assert_eq!((limits, version), (Limits::default(), 3));
        assert_eq!(
            read.own(Some(Category::Work), Urgency::Soon),
            Some(Span::Hours(48))
        );
        assert_eq!(read.own(None, Urgency::Usual), Some(Span::WorkingDays(15)));
        assert_eq!(read.own(Some(Category::Health), Urgency::Usual), None);
        let mut form = RulesForm::of(&rules, Limits::default(), 3);
        form.values
            .retain(|(name, _)| name != "warn_percent" && name != "r-3");
        form.values.push(("climb_days".into(), "6".into()));
        let faults = form.check().unwrap_err();
        assert_eq!(faults.of("warn_percent"), Some("填 1 到 99 的整数"));
        assert_eq!(faults.of("r-3"), Some("一般的要几个工作日办好"));
    }
}
