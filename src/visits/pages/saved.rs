//! 记下了: what was recorded, who handles what next, the next household, a paragraph for the work group.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use crate::issues;
use crate::issues::{Category, Issue, IssueId};
use crate::kit::clock;
use crate::platform::Result;
use crate::platform::extract::Path;
use crate::platform::page::Chrome;
use crate::platform::render::{go, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::visits::form::BLOCKS_MAX;
use crate::visits::model::{State, Visit, VisitId};
use crate::visits::store::{self, Evening, Went};
use crate::visits::youths::{self, Names};
use crate::youth::YouthId;

/// Problems of one visit that are compared with others.
const COMPARED: usize = 4;

#[derive(Template)]
#[template(path = "visits/saved.html")]
struct SavedPage {
    chrome: Chrome,
    visit: Visit,
    at: String,
    evening: Evening,
    /// 今晚, or the day.
    evening_words: String,
    /// Of a visit after midnight: which evening it counts for. Else empty.
    after_midnight: String,
    next: Vec<Next>,
    /// Registered by name only on this visit.
    newcomers: Vec<(YouthId, String)>,
    words: String,
}

/// One problem, and in whose hands it is.
struct Next {
    id: IssueId,
    text: String,
    station: i32,
    hands: String,
    /// One that is open may be the same.
    is_alike: bool,
}

pub async fn saved(scope: Scope, Path(id): Path<VisitId>) -> Result<Response> {
    let (visit, parts, evening, alike) = scope
        .look(async |db| {
            let visit = store::get(db, id).await?;
            let parts = Parts::read(db, id).await?;
            let evening = store::evening_of(db, visit.author_id, visit.evening).await?;
            let alike = alike(db, &parts.issues).await?;
            Ok((visit, parts, evening, alike))
        })
        .await?;
    if !visit.is_author(&scope) || visit.state != State::Submitted {
        return Ok(go(&format!("/visits/{id}?saved=1")));
    }
    let today = scope.today();
    let is_tonight = visit.evening == crate::visits::model::tonight(scope.now());
    let page = SavedPage {
        chrome: scope.chrome_after(id.0),
        at: clock::time(visit.created_at),
        evening,
        evening_words: match (is_tonight, visit.is_night) {
            (true, true) => "今晚".into(),
            (true, false) => "今天".into(),
            _ => visit.evening_words(today),
        },
        after_midnight: after_midnight(&visit, today),
        next: parts
            .issues
            .iter()
            .map(|issue| next(&scope, issue, alike.contains(&issue.id)))
            .collect(),
        newcomers: parts.newcomers(id),
        words: words(&visit, &parts, today),
        visit,
    };
    render(&page)
}

/// What belongs to one visit, with names as its reader may see them.
pub(super) struct Parts {
    pub went: Vec<Went>,
    pub youths: Vec<YouthId>,
    pub names: Names,
    pub issues: Vec<Issue>,
}

impl Parts {
    pub async fn read(db: &mut ScopedTx, id: VisitId) -> Result<Self> {
        let went = store::went(db, id).await?;
        let (youths, issues) = store::parts(db, id).await?;
        let names = youths::names(db, &youths).await?;
        let issues = match issues.as_slice() {
            [] => Vec::new(),
            some => issues::store::some(db, some).await?,
        };
        Ok(Self {
            went,
            youths,
            names,
            issues,
        })
    }

    /// The 主访人.
    pub fn lead(&self) -> &str {
        self.went
            .iter()
            .find(|one| one.is_lead)
            .map_or("", |one| one.name.as_str())
    }

    fn newcomers(&self, id: VisitId) -> Vec<(YouthId, String)> {
        let made: Vec<YouthId> = (1..=BLOCKS_MAX)
            .map(|n| YouthId(id.part("youth", n)))
            .collect();
        let new = self.youths.iter().filter(|youth| made.contains(youth));
        new.filter_map(|youth| {
            self.names
                .get(youth)
                .map(|shown| (*youth, shown.name.clone()))
        })
        .collect()
    }
}

/// Those of the first few that may have been written down before; not two of one visit.
async fn alike(db: &mut ScopedTx, heard: &[Issue]) -> Result<Vec<IssueId>> {
    let mut found = Vec::new();
    for issue in heard.iter().take(COMPARED) {
        let others = issues::alike::alike(db, &issues::alike::Probe::of(issue)).await?;
        let is_new = |id: IssueId| heard.iter().all(|it| it.id != id);
        if others.iter().any(|(line, _)| is_new(line.id)) {
            found.push(issue.id);
        }
    }
    Ok(found)
}

fn next(scope: &Scope, issue: &Issue, is_alike: bool) -> Next {
    let is_mine = issue.handler_cadre_id.is_some() && issue.handler_cadre_id == scope.actor().cadre;
    let hands = if is_mine {
        "您来办".to_owned()
    } else if issue.handler_committee_id == issue.committee_id {
        format!("{}办，待定跟进人", issue.handler_committee)
    } else {
        format!("已报{}，待受理", issue.handler_committee)
    };
    Next {
        id: issue.id,
        text: issue.detail.clone(),
        station: issue.station(),
        hands,
        is_alike,
    }
}

/// 11 月 24 日 00:20 到的，算 11 月 23 日晚。
fn after_midnight(visit: &Visit, today: NaiveDate) -> String {
    let date = clock::local(visit.started_at).date();
    if date == visit.evening {
        return String::new();
    }
    let (day, time) = (clock::long_date(date, today), clock::time(visit.started_at));
    format!("{day} {time} 到的，算 {}。", visit.evening_words(today))
}

/// For the work group: who, when, where, how many; names masked, no text.
fn words(visit: &Visit, parts: &Parts, today: NaiveDate) -> String {
    let went: Vec<&str> = parts.went.iter().map(|one| one.name.as_str()).collect();
    let (when, who, place) = (visit.evening_words(today), went.join("、"), &visit.place);
    let met = match visit.unmet_reason {
        Some(reason) => format!("，没遇到人（{reason}）"),
        None => format!("青年 {} 人{}", visit.headcount, masked(parts)),
    };
    let heard = match parts.issues.as_slice() {
        [] => String::new(),
        some => format!("，收集诉求 {} 件（{}）", some.len(), by_category(some)),
    };
    format!("{when}，{who}到{place}走访{met}{heard}。")
}

fn masked(parts: &Parts) -> String {
    let names: Vec<String> = parts
        .youths
        .iter()
        .filter_map(|id| parts.names.get(id))
        .map(youths::masked)
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("（{}）", names.join("、"))
    }
}

fn by_category(issues: &[Issue]) -> String {
    let count = |category: &Category| {
        issues
            .iter()
            .filter(|issue| issue.category == *category)
            .count()
    };
    let parts = Category::ALL
        .iter()
        .map(|category| (category, count(category)));
    let parts = parts
        .filter(|(_, n)| *n > 0)
        .map(|(category, n)| format!("{category} {n} 件"));
    parts.collect::<Vec<_>>().join("、")
}
