//! One visit: what, who, the text for whoever may read it, what became of it, what it said before.

use askama::Template;
use axum::response::Response;

use super::saved::Parts;
use crate::accounts;
use crate::issues::{self, Issue};
use crate::kit::clock;
use crate::platform::daybook::{self, Entry};
use crate::platform::extract::{Form, Path, Query};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::visits::form::{PURPOSES, PurposeForm};
use crate::visits::model::{REVEALED, Sight, Snapshot, State, Visit, VisitId};
use crate::visits::store::{self, Glimpse, Kept, Went};
use crate::visits::youths::{self, Names};
use crate::youth::YouthId;

const LINES: i64 = 50;

#[derive(Template)]
#[template(path = "visits/show.html")]
struct ShowPage {
    chrome: Chrome,
    visit: Visit,
    title: String,
    facts: Vec<(&'static str, String)>,
    went: Vec<Went>,
    youths: Vec<Choice>,
    sight: Sight,
    form: PurposeForm,
    purposes: Vec<Choice>,
    /// Where the password is given again first, or empty.
    confirm: String,
    faults: Faults,
    issues: Vec<Heard>,
    entries: Vec<(String, &'static str, Entry)>,
    corrections: Vec<Corrected>,
    /// Why it is void, for whoever may read the text, after its colon.
    void_reason: String,
    may_correct: bool,
    may_void: bool,
}

/// A problem heard, as this reader may see it.
struct Heard {
    id: issues::IssueId,
    no: String,
    title: String,
    state: issues::State,
    station: i32,
}

/// A correction as it is read: what was changed, and the text before and after.
struct Corrected {
    at: String,
    who: String,
    reason: Option<String>,
    changes: Vec<(&'static str, String, String)>,
    texts: Option<(String, String)>,
}

/// What the committee of a companion sees.
#[derive(Template)]
#[template(path = "visits/glimpse.html")]
struct GlimpsePage {
    chrome: Chrome,
    glimpse: Glimpse,
    began: String,
    went: Vec<Went>,
}

/// What was read of a visit.
struct Read {
    visit: Visit,
    parts: Parts,
    kept: Vec<Kept>,
    /// Of those who were met before a correction.
    earlier: Names,
    entries: Vec<Entry>,
    sight: Sight,
}

/// `?saved=1` follows a correction, `?same=` a submission that was this visit already: the phone then
/// lets the draft go.
pub async fn show(scope: Scope, Path(id): Path<VisitId>, Query(query): Query) -> Result<Response> {
    let read = match scope.look(async |db| read(db, id).await).await {
        Err(Error::NotFound) => return glimpse(&scope, id).await,
        other => other?,
    };
    let saved = query.opt("same").and_then(|id| id.parse::<VisitId>().ok());
    let saved = saved.or(Some(id).filter(|_| query.has("saved")));
    let chrome = match saved {
        Some(saved) => scope.chrome_after(saved.0),
        None => scope.chrome(),
    };
    let page = page(
        &scope,
        read,
        chrome,
        PurposeForm::default(),
        Faults::default(),
    );
    render(&page)
}

async fn read(db: &mut ScopedTx, id: VisitId) -> Result<Read> {
    let visit = store::get(db, id).await?;
    let parts = Parts::read(db, id).await?;
    let me = db.scope().actor().cadre;
    let went = parts.went.iter().any(|one| Some(one.cadre) == me);
    let is_sensitive = !youths::strict(&parts.names).is_empty();
    let mut sight = visit.sight(db.scope(), went, is_sensitive);
    if sight == Sight::Purpose {
        let (account, since) = (db.scope().actor().account, db.now() - daybook::REVEALED);
        if daybook::has_line(db, account, REVEALED, id.0, since).await? {
            sight = Sight::Open;
        }
    }
    let kept = match visit.version {
        1 => Vec::new(),
        _ => store::corrections(db, id).await?,
    };
    let earlier: Vec<YouthId> = kept
        .iter()
        .flat_map(|one| one.before.youths.clone())
        .collect();
    let earlier = youths::names(db, &earlier).await?;
    let entries = daybook::of_object(db, id.0, LINES).await?;
    Ok(Read {
        visit,
        parts,
        kept,
        earlier,
        entries,
        sight,
    })
}

fn page(scope: &Scope, read: Read, chrome: Chrome, form: PurposeForm, faults: Faults) -> ShowPage {
    let (now, today) = (scope.now(), scope.today());
    let Read {
        visit,
        mut parts,
        kept,
        earlier,
        entries,
        sight,
    } = read;
    parts.names.extend(earlier);
    let label = |entry: Entry| {
        let label = scope.site().label_of(&entry.verb);
        (clock::stamp(entry.at, now), label, entry)
    };
    ShowPage {
        chrome,
        title: format!("{}，{}", visit.evening_words(today), visit.place),
        facts: facts(&visit, &parts, sight, scope),
        youths: youths::ticks(&parts.youths, &parts.names, youths::Tick::Set),
        purposes: Choice::one(PURPOSES, &form.purpose),
        confirm: if accounts::confirmed(scope) {
            String::new()
        } else {
            confirm(visit.id)
        },
        form,
        faults,
        issues: heard(scope, &parts),
        entries: entries.into_iter().map(label).collect(),
        corrections: corrections(&visit, &parts, kept, sight, scope),
        void_reason: match &visit.state_reason {
            Some(reason) if sight == Sight::Open => format!("：{reason}"),
            _ => String::new(),
        },
        may_correct: visit.may_correct(scope).is_ok(),
        may_void: visit.may_void(scope).is_ok(),
        went: parts.went,
        visit,
        sight,
    }
}

/// What was typed besides (具体地点, 同行, 思想动态, 补录说明) is read by whoever may read the text.
fn facts(visit: &Visit, parts: &Parts, sight: Sight, scope: &Scope) -> Vec<(&'static str, String)> {
    let now = scope.now();
    let night = if visit.is_night { "，夜访" } else { "" };
    let length = visit.minutes.map(|n| format!("，约 {n} 分钟"));
    let began = clock::stamp(visit.started_at, now);
    let mut facts = vec![
        (
            "时间",
            format!("{began}{}{night}", length.unwrap_or_default()),
        ),
        ("地点", visit.place.clone()),
        ("方式", format!("{}（{}）", visit.mode, visit.place_kind)),
        ("见到青年", met(visit)),
        ("编号", visit.no.clone()),
        ("单位", visit.committee.clone()),
    ];
    if sight == Sight::Open {
        let typed = [
            ("具体地点", visit.place_text.clone()),
            ("同行", visit.companions.clone()),
            ("思想动态", visit.mood.map(|mood| mood.to_string())),
            ("补录说明", visit.late_reason.clone()),
        ];
        facts.extend(
            typed
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    }
    let written = clock::stamp(visit.created_at, now);
    facts.push(("记录", format!("{} {written}", parts.lead())));
    facts
}

fn met(visit: &Visit) -> String {
    match (visit.unmet_reason, visit.walkins) {
        (Some(reason), _) => format!("没遇到人：{reason}"),
        (None, 0) => format!("{} 人", visit.headcount),
        (None, more) => format!("{} 人，其中未登记 {more} 人", visit.headcount),
    }
}

/// Each under its own rule: the text of a problem is not opened by opening that of the visit.
fn heard(scope: &Scope, parts: &Parts) -> Vec<Heard> {
    let one = |issue: &Issue| {
        let youth = issue.youth_id.and_then(|id| parts.names.get(&id));
        let met = youth.is_some_and(|shown| !shown.veiled);
        let title = match issue.sight(scope, met) {
            issues::Sight::Open => issue.detail.clone(),
            _ => issue.category.to_string(),
        };
        Heard {
            id: issue.id,
            no: issue.no.clone(),
            title,
            state: issue.state,
            station: issue.station(),
        }
    };
    parts.issues.iter().map(one).collect()
}

/// Newest first; what stands after one is what stood before the next.
/// What was typed (reason, text, 具体地点) is read under the rule of the text.
fn corrections(
    visit: &Visit,
    parts: &Parts,
    kept: Vec<Kept>,
    sight: Sight,
    scope: &Scope,
) -> Vec<Corrected> {
    let is_open = sight == Sight::Open;
    let mut after = Snapshot::of(visit, parts.youths.clone(), Vec::new());
    let mut shown = Vec::new();
    for one in kept {
        let is_text = one.before.content != after.content;
        let mut changes = changes(&one.before, &after, is_open, scope);
        if is_open {
            changes.extend(met_before(&one.before, &after, &parts.names));
        }
        shown.push(Corrected {
            at: clock::stamp(one.at, scope.now()),
            who: one.cadre,
            reason: one.reason.filter(|_| is_open),
            changes,
            texts: is_text.then(|| (one.before.content.clone(), after.content.clone())),
        });
        after = one.before;
    }
    shown
}

/// Who was met before a correction and after it, where those are not the same.
fn met_before(
    was: &Snapshot,
    is: &Snapshot,
    names: &Names,
) -> Option<(&'static str, String, String)> {
    let said = |youths: &[YouthId]| {
        let them = youths.iter().filter_map(|id| names.get(id));
        let them: Vec<&str> = them.map(|shown| shown.name.as_str()).collect();
        match them.as_slice() {
            [] => "—".to_owned(),
            some => some.join("、"),
        }
    };
    let is_same =
        was.youths.len() == is.youths.len() && was.youths.iter().all(|id| is.youths.contains(id));
    (!is_same).then(|| ("走访了谁", said(&was.youths), said(&is.youths)))
}

/// The place of an old correction has what was typed in it, so it opens with the text.
fn changes(
    was: &Snapshot,
    is: &Snapshot,
    is_open: bool,
    scope: &Scope,
) -> Vec<(&'static str, String, String)> {
    let night = |one: &Snapshot| {
        if one.is_night {
            "夜访"
        } else {
            "不算夜访"
        }
        .to_owned()
    };
    let time = |one: &Snapshot| clock::stamp(one.started_at, scope.now());
    let place = |one: &Snapshot| match &one.place_text {
        Some(text) if is_open => format!("{}，{text}", one.place),
        _ if is_open => one.place.clone(),
        _ => String::new(),
    };
    let all = [
        ("时间", time(was), time(is)),
        ("夜访", night(was), night(is)),
        ("地点", place(was), place(is)),
        ("方式", was.mode.to_string(), is.mode.to_string()),
        (
            "见到青年",
            format!("{} 人", was.headcount),
            format!("{} 人", is.headcount),
        ),
    ];
    all.into_iter().filter(|(_, was, is)| was != is).collect()
}

async fn glimpse(scope: &Scope, id: VisitId) -> Result<Response> {
    let (glimpse, went) = scope
        .look(async |db| Ok((store::glimpse(db, id).await?, store::went(db, id).await?)))
        .await?;
    let page = GlimpsePage {
        chrome: scope.chrome(),
        began: clock::stamp(glimpse.started_at, scope.now()),
        glimpse,
        went,
    };
    render(&page)
}

/// The text for ten minutes, after a purpose was given: one line of the day book.
pub async fn reveal(scope: Scope, Path(id): Path<VisitId>, Form(fields): Form) -> Result<Response> {
    let read = scope.look(async |db| read(db, id).await).await?;
    if read.sight == Sight::Closed {
        return Err(Error::Forbidden(
            "这次走访见到了未成年人或需要特别保护的青年，内容只有去的团干部和本级书记可看。",
        ));
    }
    if read.sight == Sight::Purpose && !accounts::confirmed(&scope) {
        return Ok(go(&confirm(id)));
    }
    let form = PurposeForm::read(&fields);
    let purpose = match form.check() {
        Ok(purpose) => purpose,
        Err(faults) => {
            let page = page(&scope, read, scope.chrome(), form, faults);
            return refuse(&page);
        }
    };
    if read.sight == Sight::Purpose {
        let at = read.visit.place_of();
        scope
            .work(async |db| {
                let line = daybook::Line::new(REVEALED, Some(id.0), at).purpose(&purpose);
                db.log_line(line, ()).await
            })
            .await?;
    }
    Ok(go(&format!("/visits/{id}#text")))
}

/// On a phone that stays signed in the password comes again before a text is opened.
fn confirm(id: VisitId) -> String {
    format!("/me/confirm?next=/visits/{id}")
}
