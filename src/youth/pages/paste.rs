//! 粘贴名单: paste, look, decide, add. Nothing is written before the last step, nothing overwritten.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::response::Response;

use crate::kit::clock;
use crate::kit::ids::uuid_v7;
use crate::organisations::{self, OrganisationId, Village};
use crate::platform::daybook::Line as DayLine;
use crate::platform::extract::{Form, Query};
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show as render};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::form::{Decision, Entry, ROWS_MAX, Row, alike, parse, read_rows};
use crate::youth::model::PASTED;
use crate::youth::record::{Likeness, Twin};
use crate::youth::store;

/// Faults named on top of the page; the rest stand at their rows.
const NAMED: usize = 10;
/// A province has too many villages to tell them by name.
const CITY: i16 = 3;

#[derive(Template)]
#[template(path = "youth/paste.html")]
struct PastePage {
    chrome: Chrome,
    /// Under which the phone keeps the list until it is added.
    draft: String,
    text: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "youth/preview.html")]
struct PreviewPage {
    chrome: Chrome,
    draft: String,
    lines: Vec<Line>,
    faults: Faults,
    /// Added just now, where only the good rows were.
    added: Option<usize>,
    today: chrono::NaiveDate,
}

#[derive(Template)]
#[template(path = "youth/pasted.html")]
struct PastedPage {
    chrome: Chrome,
    added: u32,
    same: u32,
    skipped: u32,
}

/// A row with what is to be said of it.
#[derive(Clone)]
struct Line {
    row: Row,
    /// Checked, or the sentence that says what to mend.
    entry: Result<Entry, String>,
    twins: Vec<Twin>,
    /// An earlier row that may be the same person.
    like: Option<usize>,
}

impl Line {
    /// Shown as it will be written down: full-width digits as digits, a name without its spaces.
    fn of(mut row: Row, villages: &[Village]) -> Self {
        let entry = row.check(villages);
        if let Ok(entry) = &entry {
            row.name.clone_from(&entry.youth.name);
            row.phone = entry.youth.phone.clone().unwrap_or_default();
        }
        Self {
            row,
            entry,
            twins: Vec::new(),
            like: None,
        }
    }

    fn is_bad(&self) -> bool {
        self.entry.is_err() && self.row.decision != Decision::Skip
    }

    /// Somebody has to say who it is.
    fn is_doubtful(&self) -> bool {
        self.entry.is_ok() && (!self.twins.is_empty() || self.like.is_some())
    }

    fn is_open(&self) -> bool {
        self.is_bad() || self.is_doubtful() && !self.is_decided()
    }

    fn is_decided(&self) -> bool {
        match self.row.decision {
            Decision::Open => false,
            Decision::Add | Decision::Skip => true,
            Decision::Same(id) => self.twins.iter().any(|twin| twin.id == id),
        }
    }

    /// To be added now.
    fn ready(&self) -> Option<&Entry> {
        let adds = matches!(self.row.decision, Decision::Add | Decision::Open);
        self.entry.as_ref().ok().filter(|_| adds && !self.is_open())
    }

    fn why(&self) -> &str {
        self.entry.as_ref().err().map_or("", String::as_str)
    }

    fn chose(&self, code: &str) -> bool {
        self.row.decision.code() == code
    }

    fn is_same(&self, twin: &Twin) -> bool {
        self.row.decision == Decision::Same(twin.id)
    }

    fn fault(&self) -> (String, String) {
        let n = self.row.n;
        match &self.entry {
            Err(why) => (format!("r{n}-name"), format!("第 {n} 行：{why}")),
            Ok(_) => (
                format!("r{n}-do"),
                format!("第 {n} 行：可能已经有了，定一下怎么办"),
            ),
        }
    }
}

impl PreviewPage {
    fn bad(&self) -> Vec<&Line> {
        self.lines.iter().filter(|it| it.entry.is_err()).collect()
    }

    fn doubtful(&self) -> Vec<&Line> {
        self.lines.iter().filter(|it| it.is_doubtful()).collect()
    }

    fn good(&self) -> Vec<&Line> {
        let good = |it: &&Line| it.entry.is_ok() && !it.is_doubtful();
        self.lines.iter().filter(good).collect()
    }

    fn met(&self, twin: &Twin) -> String {
        twin.last_met_on
            .map_or_else(String::new, |day| clock::short_date(day, self.today))
    }
}

pub async fn paste_form(scope: Scope) -> Result<Response> {
    render(&PastePage {
        chrome: scope.chrome(),
        draft: uuid_v7(scope.now()).to_string(),
        text: String::new(),
        faults: Faults::default(),
    })
}

/// The pasted text is looked at; the rows of the preview are added.
pub async fn paste(scope: Scope, Form(fields): Form) -> Result<Response> {
    let rows = read_rows(&fields);
    let draft = fields.get("id").parse::<uuid::Uuid>();
    let draft = draft.unwrap_or_else(|_| uuid_v7(scope.now()));
    if !rows.is_empty() {
        return confirm(&scope, rows, draft, fields.get("only") == "good").await;
    }
    let text = fields.text("text");
    match parse(&text, scope.now()) {
        Ok(rows) => {
            let lines = scope.look(async |db| judge(db, rows.clone()).await).await?;
            render(&preview(&scope, draft, lines))
        }
        Err(fault) => refuse(&PastePage {
            chrome: scope.chrome(),
            draft: draft.to_string(),
            text,
            faults: Faults::one("text", fault),
        }),
    }
}

async fn confirm(
    scope: &Scope,
    rows: Vec<Row>,
    draft: uuid::Uuid,
    only_good: bool,
) -> Result<Response> {
    let lines = scope.look(async |db| judge(db, rows.clone()).await).await?;
    let open = || lines.iter().filter(|line| line.is_open());
    if open().count() > 0 && !only_good {
        let mut faults = Faults::default();
        for (field, text) in open().take(NAMED).map(Line::fault) {
            faults.add(&field, text);
        }
        let page = preview(scope, draft, lines);
        return refuse(&PreviewPage { faults, ..page });
    }
    let added = add(scope, &lines).await?;
    if open().count() > 0 {
        let left = lines.into_iter().filter(Line::is_open).collect();
        let page = preview(scope, draft, left);
        let added = Some(added);
        return render(&PreviewPage { added, ..page });
    }
    let count = |is: fn(&Decision) -> bool| lines.iter().filter(|it| is(&it.row.decision)).count();
    let same = count(|it| matches!(it, Decision::Same(_)));
    let skipped = count(|it| *it == Decision::Skip);
    Ok(go(&format!(
        "/youth/pasted?added={added}&same={same}&skipped={skipped}&saved={draft}"
    )))
}

/// Adds what is ready, once: whoever has such an id is there already.
async fn add(scope: &Scope, lines: &[Line]) -> Result<usize> {
    let ready: Vec<&Entry> = lines.iter().filter_map(Line::ready).collect();
    scope
        .work(async |db| {
            let at = db.scope().place();
            let villages = ensure(db, &ready).await?;
            let mut new = 0;
            for entry in &ready {
                let mut youth = entry.youth.clone();
                youth.village = entry.village.and_then(|id| villages.get(&id).copied());
                new += usize::from(store::add(db, at, &youth).await.map_err(changed)?);
            }
            if new == 0 {
                return Ok(db.unchanged(ready.len()));
            }
            let detail = serde_json::json!({ "added": new });
            let line = DayLine::new(PASTED, None, at).detail(detail);
            db.log_line(line, ready.len()).await
        })
        .await
}

/// The organisations of the villages in the list, made where nobody has been yet.
async fn ensure(
    db: &mut ScopedTx,
    entries: &[&Entry],
) -> Result<HashMap<CommitteeId, OrganisationId>> {
    let asked: BTreeSet<CommitteeId> = entries.iter().filter_map(|it| it.village).collect();
    let mut villages = HashMap::new();
    for committee in asked {
        let id = organisations::store::ensure_village(db, committee).await?;
        villages.insert(committee, id);
    }
    Ok(villages)
}

fn changed(fault: Error) -> Error {
    match fault {
        Error::Stale(_) => Error::Stale(
            "这份名单已经加上过，其中有的行后来又改了。改过的到青年的档案里改，没有重复加。",
        ),
        other => other,
    }
}

/// Checks each row and looks for those who may be registered, or stand in the list twice.
async fn judge(db: &mut ScopedTx, rows: Vec<Row>) -> Result<Vec<Line>> {
    let villages = villages(db, &rows).await?;
    let mut lines: Vec<Line> = rows
        .into_iter()
        .map(|row| Line::of(row, &villages))
        .collect();
    let organisation = |entry: &Entry| {
        let village = villages.iter().find(|v| Some(v.committee) == entry.village);
        village.and_then(|village| village.organisation)
    };
    let (mut asked, mut of) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        if let Ok(entry) = &line.entry {
            let mut likeness = Likeness::from(&entry.youth);
            likeness.village = organisation(entry);
            asked.push(likeness);
            of.push(at);
        }
    }
    for twin in store::twins(db, &asked).await? {
        lines[of[twin.of]].twins.push(twin);
    }
    mark_repeated(&mut lines);
    Ok(lines)
}

async fn villages(db: &mut ScopedTx, rows: &[Row]) -> Result<Vec<Village>> {
    let asked = rows.iter().any(|row| !row.village.trim().is_empty());
    if !asked || db.scope().ground().level < CITY {
        return Ok(Vec::new());
    }
    organisations::store::villages(db).await
}

/// Rows that an earlier one of the list may be; those that are skipped repeat nothing.
fn mark_repeated(lines: &mut [Line]) {
    for at in 1..lines.len() {
        let (before, rest) = lines.split_at_mut(at);
        let Ok(entry) = &rest[0].entry else { continue };
        let same = before.iter().find(|line| {
            let other = line.entry.as_ref();
            other.is_ok_and(|other| line.row.decision != Decision::Skip && alike(entry, other))
        });
        rest[0].like = same.map(|line| line.row.n);
    }
}

fn preview(scope: &Scope, draft: uuid::Uuid, lines: Vec<Line>) -> PreviewPage {
    PreviewPage {
        chrome: scope.chrome(),
        draft: draft.to_string(),
        lines,
        faults: Faults::default(),
        added: None,
        today: scope.today(),
    }
}

/// What became of it.
pub async fn pasted(scope: Scope, Query(query): Query) -> Result<Response> {
    let number = |name: &str| {
        let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let number = query.get(name).parse().ok();
        number
            .filter(|number| *number <= most)
            .ok_or(Error::BadAddress("这个链接不完整，到青年里看。"))
    };
    render(&PastedPage {
        chrome: match query.get("saved").parse() {
            Ok(draft) => scope.chrome_after(draft),
            Err(_) => scope.chrome(),
        },
        added: number("added")?,
        same: number("same")?,
        skipped: number("skipped")?,
    })
}
