//! The form as a page: what is typed, what is offered, and every block with its faults beside it.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::offers::Offers;
use crate::issues::{Category, Urgency};
use crate::kit::clock;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::scope::Scope;
use crate::visits::form::{CONDITIONS, NewcomerForm, ProblemForm, VisitForm, parse_time};
use crate::visits::model::{LENGTHS, Mode, Mood, PlaceKind, Unmet, Visit, on_evening, tonight};
use crate::visits::record::By;

#[derive(Debug, Template)]
#[template(path = "visits/form.html", blocks = ["youths", "colleagues", "organisations", "villages"])]
pub(super) struct SheetPage {
    pub chrome: Chrome,
    pub form: VisitForm,
    pub faults: Faults,
    pub offers: Offers,
    pub picks: Picks,
    pub newcomers: Vec<NewcomerBlock>,
    pub problems: Vec<ProblemBlock>,
    /// Empty blocks for the script to copy.
    pub spare: (NewcomerBlock, ProblemBlock),
    /// Names of organisations like the typed one.
    pub organisations: Vec<String>,
    pub correction: Option<Correction>,
    /// The page keeps the id it was given: it comes back, or it is a correction.
    pub keeps_id: bool,
    /// It lies in the phone without anybody's name; times are filled in there.
    pub is_blank: bool,
}

/// What a correction says besides.
#[derive(Debug, Clone)]
pub(super) struct Correction {
    pub id: String,
    pub no: String,
    pub asks_reason: bool,
    pub issues: usize,
    /// Somebody saved meanwhile: what stands now, to compare.
    pub meanwhile: Option<String>,
}

/// The fixed choices, with what is chosen.
#[derive(Debug)]
pub(super) struct Picks {
    pub days: Vec<Choice>,
    pub lengths: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub modes: Vec<Choice>,
    pub moods: Vec<Choice>,
    pub unmet: Vec<Choice>,
    pub nights: Vec<Choice>,
}

#[derive(Debug)]
pub(super) struct NewcomerBlock {
    pub number: usize,
    pub form: NewcomerForm,
    pub groups: Vec<Choice>,
    pub name_err: String,
    pub phone_err: String,
    pub group_err: String,
    pub told_err: String,
}

#[derive(Debug)]
pub(super) struct ProblemBlock {
    pub number: usize,
    pub text: String,
    pub frequent: Vec<Choice>,
    pub rest: Vec<Choice>,
    pub by: Vec<Choice>,
    pub urgency: Vec<Choice>,
    pub who: Vec<Choice>,
    pub text_err: String,
    pub cat_err: String,
    pub by_err: String,
    pub urgency_err: String,
}

impl ProblemBlock {
    /// A category of the folded ones is chosen.
    pub fn is_open(&self) -> bool {
        self.rest.iter().any(|choice| choice.chosen)
    }
}

impl SheetPage {
    pub fn new(scope: &Scope, form: VisitForm, offers: Offers, faults: Faults) -> Self {
        let hands = Hands::of(scope, &form, &offers);
        let problem =
            |number, block: &ProblemForm| ProblemBlock::new(number, block, &faults, &hands);
        let spare = (
            NewcomerBlock::new(0, &NewcomerForm::default(), &faults),
            problem(0, &ProblemForm::default()),
        );
        let newcomers = form.newcomers.iter().enumerate();
        Self {
            chrome: scope.chrome(),
            picks: Picks::new(&form, scope.now()),
            newcomers: newcomers
                .map(|(n, block)| NewcomerBlock::new(n + 1, block, &faults))
                .collect(),
            problems: form
                .problems
                .iter()
                .enumerate()
                .map(|(n, block)| problem(n + 1, block))
                .collect(),
            spare,
            form,
            offers,
            faults,
            organisations: Vec::new(),
            correction: None,
            keeps_id: false,
            is_blank: false,
        }
    }

    pub fn title(&self) -> &'static str {
        if self.correction.is_some() {
            "更正走访"
        } else {
            "记一次走访"
        }
    }

    /// Where the form goes.
    pub fn action(&self) -> String {
        match &self.correction {
            Some(correction) => format!("/visits/{}/edit", correction.id),
            None => "/visits".into(),
        }
    }

    /// Where it comes back to when a button only searches or adds a block.
    pub fn typed_at(&self) -> String {
        self.correction
            .as_ref()
            .map_or_else(|| "/visits/new".into(), |_| self.action())
    }

    /// Where a draft is opened again.
    pub fn home(&self) -> String {
        self.typed_at()
    }

    pub fn err(&self, field: &str) -> &str {
        self.faults.of(field).unwrap_or("")
    }

    /// 今晚顺路 by night, 顺路 by day: 今晚 stands on the first of the day choices.
    pub fn is_night(&self) -> bool {
        self.picks.days[0].label == "今晚"
    }

    /// Whether a folded part (its fields, between spaces) has something in it that is not to be overlooked.
    pub fn has(&self, fields: &str) -> bool {
        let form = &self.form;
        fields.split(' ').any(|field| {
            let value = match field {
                "walkins" => &form.walkins,
                "unmet" => &form.unmet,
                "place_text" => &form.place_text,
                "companions" => &form.companions,
                "mood" => &form.mood,
                "cq" => &form.cq,
                "mode" => &form.mode,
                _ => return false,
            };
            !value.is_empty() || self.faults.of(field).is_some()
        })
    }
}

impl Picks {
    fn new(form: &VisitForm, now: DateTime<Utc>) -> Self {
        let labels = |unmet: &[Unmet]| {
            unmet
                .iter()
                .map(|one| (one.code(), one.label()))
                .collect::<Vec<_>>()
        };
        let kinds = PlaceKind::TAPPED.map(|kind| (kind.code(), kind.label()));
        let modes = Mode::ALL.iter().map(|mode| (mode.code(), mode.label()));
        let moods = Mood::ALL.iter().map(|mood| (mood.code(), mood.label()));
        Self {
            days: days(form, now),
            lengths: Choice::one(LENGTHS, &form.minutes),
            kinds: Choice::one(kinds, &form.kind),
            modes: Choice::one(modes, &form.mode),
            moods: Choice::one(moods, &form.mood),
            unmet: Choice::one(labels(Unmet::ALL), &form.unmet),
            nights: Choice::one([("yes", "算夜访"), ("no", "不算夜访")], &form.night),
        }
    }
}

/// 今晚, 昨晚 with their dates, so that a form sent after midnight still means the same evening.
fn days(form: &VisitForm, now: DateTime<Utc>) -> Vec<Choice> {
    let evening = tonight(now);
    let before = evening.pred_opt().unwrap_or(evening);
    let is_day = (6..18).contains(&chrono::Timelike::hour(&clock::local(now)));
    let words = if is_day {
        ["今天", "昨天"]
    } else {
        ["今晚", "昨晚"]
    };
    let date = |date: NaiveDate, label: &str| (clock::iso_date(date), label.to_owned());
    let other = ("other".to_owned(), "改日期".to_owned());
    Choice::one(
        [date(evening, words[0]), date(before, words[1]), other],
        &form.day,
    )
}

/// An evening that is neither today's nor yesterday's is shown as a date: after midnight the next one.
pub(super) fn settle_day(form: &mut VisitForm, now: DateTime<Utc>) {
    if days(form, now).iter().any(|choice| choice.chosen) {
        return;
    }
    if let Some(evening) = clock::read_date(&form.day) {
        let date = parse_time(&form.at).map_or(evening, |time| on_evening(evening, time).date());
        form.date = clock::iso_date(date);
        form.day = "other".into();
    }
}

impl NewcomerBlock {
    fn new(number: usize, form: &NewcomerForm, faults: &Faults) -> Self {
        let err = |field: &str| {
            faults
                .of(&format!("n{number}-{field}"))
                .unwrap_or("")
                .to_owned()
        };
        Self {
            number,
            form: form.clone(),
            groups: Choice::many(CONDITIONS, &form.groups),
            name_err: err("name"),
            phone_err: err("phone"),
            group_err: err("group"),
            told_err: err("told"),
        }
    }
}

impl ProblemBlock {
    fn new(number: usize, form: &ProblemForm, faults: &Faults, hands: &Hands) -> Self {
        let err = |field: &str| {
            let fault = faults.of(&format!("p{number}-{field}"));
            fault.unwrap_or("").to_owned()
        };
        let pair = |category: &Category| (category.code(), category.label());
        let frequent = Category::FREQUENT.iter().map(pair);
        let rest = Category::ALL
            .iter()
            .filter(|one| !Category::FREQUENT.contains(one));
        let urgency = [
            Urgency::Usual,
            Urgency::Soon,
            Urgency::Urgent,
            Urgency::Lasting,
        ];
        let urgency = urgency.map(|one| (one.code(), one.label()));
        Self {
            number,
            text: form.text.clone(),
            frequent: Choice::one(frequent, &form.category),
            rest: Choice::one(rest.map(pair), &form.category),
            by: Choice::one(hands.by.iter().cloned(), or(&form.by, By::Me.code())),
            urgency: Choice::one(urgency, or(&form.urgency, Urgency::Usual.code())),
            who: Choice::one(hands.who.iter().cloned(), &form.who),
            text_err: err("text"),
            cat_err: err("cat"),
            by_err: err("by"),
            urgency_err: err("urgency"),
        }
    }
}

fn or<'a>(value: &'a str, usual: &'a str) -> &'a str {
    if value.is_empty() { usual } else { value }
}

/// Who can have said it, and who can act first: value and label.
struct Hands {
    who: Vec<(String, String)>,
    by: Vec<(&'static str, String)>,
}

impl Hands {
    fn of(scope: &Scope, form: &VisitForm, offers: &Offers) -> Self {
        let own = own_label(&scope.ground().place_name);
        let mut by = vec![(By::Me.code(), "我来办".to_owned()), (By::Own.code(), own)];
        let above = offers.above.as_ref();
        by.extend(above.map(|name| (By::Above.code(), format!("报{name}"))));
        Self {
            who: people(form, offers),
            by,
        }
    }
}

/// Whose problem it can be: value and name.
fn people(form: &VisitForm, offers: &Offers) -> Vec<(String, String)> {
    let known = offers
        .chosen
        .iter()
        .map(|one| (one.value.clone(), one.label.clone()));
    let names = form.newcomers.iter().map(|new| new.name.trim().to_owned());
    let new = names
        .filter(|name| !name.is_empty())
        .map(|name| (name.clone(), name));
    known.chain(new).collect()
}

/// 镇里办, 街道办, 县里办: how one's own committee is called when it shall act.
fn own_label(place: &str) -> String {
    const ENDS: [&str; 11] = [
        "镇", "乡", "村", "县", "区", "市", "旗", "州", "盟", "苏木", "嘎查",
    ];
    if place.ends_with("街道") {
        return "街道办".into();
    }
    if place.ends_with("社区") {
        return "社区办".into();
    }
    let end = ENDS.iter().find(|end| place.ends_with(*end));
    end.map_or_else(|| "本级办".into(), |end| format!("{end}里办"))
}

impl Correction {
    pub fn of(visit: &Visit, asks_reason: bool, issues: usize) -> Self {
        Self {
            id: visit.id.to_string(),
            no: visit.no.clone(),
            asks_reason,
            issues,
            meanwhile: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::own_label;

    #[test]
    fn one_s_own_committee_is_called_by_its_place() {
        for (place, label) in [
            ("溪口镇", "镇里办"),
            ("望江街道", "街道办"),
            ("春江社区", "社区办"),
            ("青溪县", "县里办"),
            ("清川市直机关", "本级办"),
        ] {
            assert_eq!(own_label(place), label);
        }
    }
}
