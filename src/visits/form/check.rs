//! The rules of the visit form, each with its sentence: what is wrong and what to do.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::people::{self, People};
use super::{BLOCKS_MAX, ProblemForm, VisitForm};
use crate::issues::{Category, Urgency, check_detail};
use crate::kit::clock;
use crate::kit::text::{TextFault, clean, clean_lines, half_width};
use crate::platform::form::{FORM, Faults};
use crate::platform::ids::CommitteeId;
use crate::visits::model::{
    AHEAD, LATE, LENGTHS, Mode, Mood, PlaceKind, VisitId, When, on_evening,
};
use crate::visits::record::{By, NewProblem, NewVisit, Site};

const CONTENT_MAX: usize = 2000;
const LINE_MAX: usize = 100;
const REASON_MAX: usize = 200;

/// What the rules need to know of the moment and the reader.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    pub now: DateTime<Utc>,
    /// When the visit was first written down: decides whether it was late.
    pub written_at: DateTime<Utc>,
    /// Hour from which it is night.
    pub night_start: u8,
}

impl VisitForm {
    /// The visit that is meant, or what has to be mended.
    pub fn check(&self, ground: Checked) -> Result<NewVisit, Faults> {
        let mut faults = Faults::default();
        let id = self.id.parse::<VisitId>();
        let id = faults.take(FORM, id.map_err(|_| "这一页开得太久了，再点一次提交"));
        let people = people::check(self, id, &mut faults);
        let when = match self.when(ground) {
            Ok(when) => Some(when),
            Err((field, text)) => {
                faults.add(field, text);
                None
            }
        };
        let late_reason =
            when.and_then(|when| self.late_reason(when, ground.written_at, &mut faults));
        let minutes = self.minutes(&mut faults);
        let site = self.site(&mut faults);
        let companions = optional(&self.companions, LINE_MAX, "companions", &mut faults);
        let content = self.content(&mut faults);
        let mood = known(&self.mood, Mood::from_code, "mood", &mut faults);
        let problems = self.problems(&people, &mut faults);
        let whole = id.zip(when).zip(site);
        faults.or(whole.map(|((id, when), site)| NewVisit {
            id,
            when,
            minutes,
            site,
            people,
            companions,
            content,
            mood,
            late_reason,
            is_night_by_hand: when != When::of(when.started_at, ground.night_start),
            problems,
            fingerprint: self.fingerprint(),
            is_confirmed: self.confirm == "other",
        }))
    }

    fn when(&self, ground: Checked) -> Result<When, (&'static str, String)> {
        let time = parse_time(&self.at).ok_or(("at", "写下到达时间，比如 19:40".to_owned()))?;
        let local = self.local(time)?;
        let started_at = clock::instant(local);
        if started_at > ground.now + AHEAD {
            let now = clock::time(ground.now);
            return Err(("at", format!("到达时间不能晚于现在（{now}）")));
        }
        let when = When::of(started_at, ground.night_start);
        Ok(match self.night.as_str() {
            "yes" => when.by_hand(true),
            "no" => when.by_hand(false),
            _ => when,
        })
    }

    /// A tapped evening takes the hours after midnight along; a typed date is that date.
    fn local(&self, time: NaiveTime) -> Result<NaiveDateTime, (&'static str, String)> {
        let typed = self.day == "other";
        let field = if typed { "date" } else { "day" };
        let text = if typed { &self.date } else { &self.day };
        let date = half_width(text.trim()).parse::<NaiveDate>();
        let date = date.map_err(|_| (field, "选是哪一天".to_owned()))?;
        let earliest = NaiveDate::from_ymd_opt(2015, 1, 1).expect("a date of the calendar");
        if date < earliest || date.year() > 2200 {
            return Err((field, "日期不对，看一下年份".to_owned()));
        }
        Ok(if typed {
            date.and_time(time)
        } else {
            on_evening(date, time)
        })
    }

    fn late_reason(
        &self,
        when: When,
        written_at: DateTime<Utc>,
        faults: &mut Faults,
    ) -> Option<String> {
        let reason = optional(&self.late, REASON_MAX, "late", faults);
        if written_at - when.started_at > LATE && reason.is_none() {
            faults.add("late", "超过 7 天的走访，写一句为什么现在补录");
        }
        reason
    }

    fn minutes(&self, faults: &mut Faults) -> Option<i32> {
        let tapped = LENGTHS.iter().map(|(minutes, _)| *minutes);
        let read = |text: &str| tapped.clone().find(|minutes| minutes.to_string() == text);
        known(&self.minutes, read, "minutes", faults)
    }

    fn site(&self, faults: &mut Faults) -> Option<Site> {
        let kind = PlaceKind::from_code(&self.kind).filter(|kind| *kind != PlaceKind::Online);
        let kind = faults.take("kind", kind.ok_or("选一下是在哪里"))?;
        let mode = known(&self.mode, Mode::from_code, "mode", faults).unwrap_or(kind.mode());
        let is_far = matches!(mode, Mode::Online | Mode::Phone);
        let kind = if is_far { PlaceKind::Online } else { kind };
        let village = known(
            &self.village,
            |text| text.parse::<CommitteeId>().ok(),
            "village",
            faults,
        );
        let text = optional(&self.place_text, LINE_MAX, "place_text", faults);
        let organisation = optional(&self.organisation, LINE_MAX, "organisation", faults);
        let organisation = kind.organisation().zip(organisation);
        if village.is_none() && text.is_none() && organisation.is_none() {
            faults.add("village", "选一个村（社区），或写下具体地点");
        }
        Some(Site {
            kind,
            mode,
            village,
            organisation,
            text,
        })
    }

    fn content(&self, faults: &mut Faults) -> String {
        match clean_lines(&self.content, CONTENT_MAX) {
            Ok(text) => text,
            Err(TextFault::Empty) => String::new(),
            Err(other) => {
                faults.add("content", format!("聊了什么：{other}"));
                String::new()
            }
        }
    }

    fn problems(&self, people: &People, faults: &mut Faults) -> Vec<NewProblem> {
        if self.problems.len() > BLOCKS_MAX {
            let text = format!("一次最多记 {BLOCKS_MAX} 件诉求，其余的再记一次");
            faults.add("p1-text", text);
        }
        let blocks = self
            .problems
            .iter()
            .enumerate()
            .filter(|(_, form)| !form.is_blank());
        blocks
            .filter_map(|(index, form)| problem(form, index + 1, people, faults))
            .collect()
    }
}

fn problem(
    form: &ProblemForm,
    n: usize,
    people: &People,
    faults: &mut Faults,
) -> Option<NewProblem> {
    let detail = check_detail(&form.text).map_err(|text| format!("诉求 {n}：{text}"));
    let detail = faults.take(&format!("p{n}-text"), detail);
    let category = Category::from_code(&form.category);
    let category = category.ok_or_else(|| format!("给诉求 {n} 选一个类别"));
    let category = faults.take(&format!("p{n}-cat"), category);
    let by = By::from_code(&form.by);
    let by = by.ok_or_else(|| format!("诉求 {n} 先由谁来办，选一个"));
    let by = faults.take(&format!("p{n}-by"), by);
    let urgency = Urgency::from_code(&form.urgency);
    let urgency = urgency.ok_or_else(|| format!("诉求 {n} 有多急，选一个"));
    let urgency = faults.take(&format!("p{n}-urgency"), urgency);
    let ((detail, category), (by, urgency)) = detail.zip(category).zip(by.zip(urgency))?;
    Some(NewProblem {
        number: n,
        detail,
        category,
        by,
        urgency,
        youth: people.who(&form.who),
    })
}

/// Why a visit is voided, merged or, after a day, corrected.
pub fn check_reason(raw: &str, label: &str, empty: &str) -> Result<String, String> {
    clean(raw, REASON_MAX).map_err(|fault| match fault {
        TextFault::Empty => empty.to_owned(),
        other => format!("{label}：{other}"),
    })
}

/// 19:40, also 19：40 and with seconds.
pub fn parse_time(raw: &str) -> Option<NaiveTime> {
    let text = half_width(raw.trim());
    let read = |form| NaiveTime::parse_from_str(&text, form).ok();
    read("%H:%M").or_else(|| read("%H:%M:%S"))
}

/// What the page calls a field: a sentence of the summary stands far from it.
fn label(field: &str) -> &str {
    match field {
        "unmet" => "没遇到人的原因",
        "late" => "补录说明",
        "minutes" => "聊了多久",
        "village" => "村（社区）",
        "organisation" => "哪一家",
        "place_text" => "具体地点",
        "mode" => "走访方式",
        "companions" => "同行单位、志愿者",
        "mood" => "思想动态",
        other => other,
    }
}

/// One line that need not be there.
pub(super) fn optional(raw: &str, max: usize, field: &str, faults: &mut Faults) -> Option<String> {
    match clean(raw, max) {
        Ok(text) => Some(text),
        Err(TextFault::Empty) => None,
        Err(other) => {
            faults.add(field, format!("{}：{other}", label(field)));
            None
        }
    }
}

/// One of the choices, or nothing; what no page of ours offers is a fault.
pub(super) fn known<T>(
    raw: &str,
    read: impl Fn(&str) -> Option<T>,
    field: &str,
    faults: &mut Faults,
) -> Option<T> {
    if raw.is_empty() {
        return None;
    }
    let value = read(raw);
    if value.is_none() {
        faults.add(field, format!("{}重新选一下", label(field)));
    }
    value
}

#[cfg(test)]
mod tests;
