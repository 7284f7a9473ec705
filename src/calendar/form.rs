//! The form of a year: the sentences of the notice, pasted as they are, read into days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::model::NewYear;
use crate::kit::clock::{day_words, weekday};
use crate::kit::text::{TextFault, clean_lines, half_width};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

const TEXT_MAX: usize = 2000;
/// The longest holiday, and the fewest days off of a year, by every notice since 2008.
const RANGE_MAX: i64 = 12;
const DAYS_MIN: usize = 7;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearForm {
    pub year: String,
    pub version: String,
    pub text: String,
    /// What was recognised has been looked at.
    pub sure: bool,
}

impl YearForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            year: fields.text("year"),
            version: fields.text("version"),
            text: fields.text("text"),
            sure: fields.get("sure") == "on",
        }
    }

    /// The year, and the version that was there when the form was opened. `offered`: the years that can
    /// be typed in.
    pub fn check(&self, offered: &[i32]) -> Result<(NewYear, i32), Faults> {
        let mut faults = Faults::default();
        let year = self.year.parse().ok().filter(|it| offered.contains(it));
        let year = faults.take("year", year.ok_or("选一个年份"));
        let version = self
            .version
            .parse::<i32>()
            .map_err(|_| "这一页开得太久了，刷新后再来");
        let version = faults.take("text", version);
        let text = clean_lines(&self.text, TEXT_MAX).map_err(|fault| match fault {
            TextFault::Empty => "把通知里的放假安排贴进来".to_owned(),
            other => other.to_string(),
        });
        let text = faults.take("text", text);
        let days = match (year, &text) {
            (Some(year), Some(text)) => faults.take("text", read_days(year, text)),
            _ => None,
        };
        let whole = year.zip(text).zip(days).zip(version);
        faults.or(whole.map(|(((year, text), days), version)| {
            let new = NewYear {
                year,
                holidays: days.off.into_iter().collect(),
                workdays: days.on.into_iter().collect(),
                text,
            };
            (new, version)
        }))
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Days {
    off: BTreeSet<NaiveDate>,
    on: BTreeSet<NaiveDate>,
}

/// The days of all lines: “1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。”, or one a line as
/// “2027-01-01 放假”.
fn read_days(year: i32, text: &str) -> Result<Days, String> {
    let mut days = Days::default();
    for (at, line) in text.lines().enumerate() {
        let fault = |why: String| format!("第 {} 行：{why}", at + 1);
        read_line(year, line, &mut days).map_err(fault)?;
    }
    if let Some(both) = days.off.intersection(&days.on).next() {
        return Err(format!("{}又写放假又写上班", day_words(*both)));
    }
    if days.off.len() < DAYS_MIN {
        return Err(format!(
            "只认出 {} 天放假，一年不止这些，看看漏了没有",
            days.off.len()
        ));
    }
    Ok(days)
}

/// What has been read of a line.
struct Reader<'a> {
    rest: &'a str,
    year: i32,
    month: Option<u32>,
    /// Days, each from and to, whose verb is still to come.
    spans: Vec<(NaiveDate, NaiveDate)>,
    /// 至 was read: the next day ends the last span.
    is_range: bool,
}

fn read_line(year: i32, line: &str, days: &mut Days) -> Result<(), String> {
    let line = without_brackets(&half_width(line));
    let mut reader = Reader {
        rest: &line,
        year,
        month: None,
        spans: Vec::new(),
        is_range: false,
    };
    while !reader.rest.is_empty() {
        if reader.takes(&["放假", "holiday"]) {
            days.off.extend(reader.days(year)?);
        } else if reader.takes(&["上班", "makeup_workday"]) {
            let on = reader.days(year)?;
            let idle = |day: &&NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            if let Some(day) = on.iter().find(idle) {
                let (day, week) = (day_words(*day), weekday(*day));
                return Err(format!("{day}是{week}，平常就上班，不用写"));
            }
            days.on.extend(on);
        } else if reader.takes(&["至", "到", "—", "~"]) {
            reader.is_range = !reader.spans.is_empty();
        } else if !reader.number()? {
            let first = reader.rest.chars().next().map_or(0, char::len_utf8);
            reader.rest = &reader.rest[first..];
        }
    }
    if reader.spans.is_empty() {
        Ok(())
    } else {
        Err("没有写放假还是上班".into())
    }
}

/// Weekdays and lunar dates stand in brackets.
fn without_brackets(line: &str) -> String {
    let mut depth = 0;
    let outside = |c: &char| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            _ => return depth <= 0,
        }
        false
    };
    line.chars().filter(outside).collect()
}

impl Reader<'_> {
    fn takes(&mut self, words: &[&str]) -> bool {
        let found = words.iter().find_map(|word| self.rest.strip_prefix(word));
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
    }

    /// A number with what stands behind it; false if there is none.
    fn number(&mut self) -> Result<bool, String> {
        let Some(n) = self.digits() else {
            return Ok(false);
        };
        if self.takes(&["年"]) {
            self.year = i32::try_from(n).unwrap_or(0);
        } else if self.takes(&["月"]) {
            self.month = Some(n);
        } else if self.takes(&["日", "号"]) {
            self.day(n)?;
        } else if n >= 1000 && self.takes(&["-", "/", "."]) {
            let month = self.digits();
            let day = self
                .takes(&["-", "/", "."])
                .then(|| self.digits())
                .flatten();
            self.year = i32::try_from(n).unwrap_or(0);
            self.month = month;
            self.day(day.ok_or("有一个日子认不出来")?)?;
        }
        Ok(true)
    }

    fn digits(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let n = digits.get(..digits.len().min(9))?.parse().ok()?;
        self.rest = rest;
        Some(n)
    }

    fn day(&mut self, n: u32) -> Result<(), String> {
        let month = self.month.ok_or("日子前面没有写几月")?;
        let day = NaiveDate::from_ymd_opt(self.year, month, n);
        let day = day.ok_or_else(|| format!("没有 {month} 月 {n} 日"))?;
        match self.spans.last_mut().filter(|_| self.is_range) {
            Some((from, to)) => {
                if day < *from || (day - *from).num_days() >= RANGE_MAX {
                    return Err(format!("{}到{}不对", day_words(*from), day_words(day)));
                }
                *to = day;
            }
            None => self.spans.push((day, day)),
        }
        self.is_range = false;
        Ok(())
    }

    /// The days whose verb has come. The last days of December belong to the notice of the next year.
    fn days(&mut self, year: i32) -> Result<Vec<NaiveDate>, String> {
        let spans = std::mem::take(&mut self.spans);
        let days = spans
            .into_iter()
            .flat_map(|(from, to)| from.iter_days().take_while(move |day| *day <= to));
        let days: Vec<NaiveDate> = days.collect();
        let fits =
            |day: &NaiveDate| day.year() == year || day.year() == year - 1 && day.month() == 12;
        match days.iter().find(|day| !fits(day)) {
            Some(day) => Err(format!("{day} 不在 {year} 年")),
            None => Ok(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentences of 国办发明电〔2025〕7号, which the vendored file has too.
    const NOTICE: &str = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。";

    #[test]
    fn the_notice_of_2026_is_read_as_the_vendored_file_has_it() {
        let days = read_days(2026, NOTICE).unwrap();
        let mut calendar = crate::kit::workday::Calendar::default();
        let (off, on): (Vec<_>, Vec<_>) = (
            days.off.into_iter().collect(),
            days.on.into_iter().collect(),
        );
        calendar.set_year(2026, &off, &on);
        let china = crate::kit::workday::Calendar::china();
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for day in first.iter_days().take(365) {
            assert_eq!(calendar.is_working(day), china.is_working(day), "{day}");
        }
        assert_eq!((off.len(), on.len()), (33, 6));
    }

    #[test]
    fn one_a_line_and_the_year_before_are_read_too() {
        let text = "2026年12月31日至2027年1月2日放假\n2027-02-05 放假\n2027-02-06放假 2027/2/7 放假\n2027-02-08,holiday,春节\n2027-02-20,makeup_workday,春节";
        let days = read_days(2027, text).unwrap();
        assert_eq!((days.off.len(), days.on.len()), (7, 1));
    }

    #[test]
    fn what_cannot_be_is_named_with_its_line() {
        for (text, why) in [
            ("1月1日至3日", "第 1 行：没有写放假还是上班"),
            ("\n2月30日放假", "第 2 行：没有 2 月 30 日"),
            ("3日放假", "第 1 行：日子前面没有写几月"),
            ("3月8日至1日放假", "第 1 行：3 月 8 日到3 月 1 日不对"),
            ("2026年3月8日放假", "第 1 行：2026-03-08 不在 2027 年"),
            ("3月8日上班", "第 1 行：3 月 8 日是周一，平常就上班，不用写"),
            ("1月1日放假", "只认出 1 天放假，一年不止这些，看看漏了没有"),
            ("放假", "只认出 0 天放假，一年不止这些，看看漏了没有"),
        ] {
            assert_eq!(read_days(2027, text).unwrap_err(), why, "{text}");
        }
        assert!(read_days(2027, "99999999999999月1日放假").is_err());
        let form = YearForm {
            year: "2031".into(),
            version: "0".into(),
            ..YearForm::default()
        };
        let faults = form.check(&[2027]).unwrap_err();
        assert_eq!(faults.of("year"), Some("选一个年份"));
        assert_eq!(faults.of("text"), Some("把通知里的放假安排贴进来"));
    }
}
