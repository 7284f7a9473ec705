//! 看进展: how a matter stands, by its query code, which is posted and stands in no address. What is not
//! known and what is no code are one and the same.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};

use crate::intake::form::{Doing, TrackForm};
use crate::intake::visitor::Visitor;
use crate::issues::files;
use crate::issues::public::{self, may_take_back, read_code, shown_code};
use crate::issues::store::{self, Closed, File, Moved, Reporter};
use crate::issues::verdict::{self, Outcome};
use crate::issues::{FileId, Issue, Link, Move, MoveId, NewVerdict, Origin, State, Verdict, Way};
use crate::kit::clock;
use crate::platform::extract::Form;
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::session::hash;
use crate::platform::{Error, Result};

/// Steps that are looked through for those that are shown.
const MOVES: i64 = 200;
const UNKNOWN: &str = "没有查到。看看有没有抄错：10 个字母和数字，没有 0、O、1、I";
const CADRE: &str = "这一步要青年自己做。请用青年自己的手机打开；这个浏览器登录过团干部的账号。";
const PAST: &str = "这件事的进度已经变了，这一步不用做了。";

#[derive(Template)]
#[template(path = "intake/code.html")]
struct CodePage {
    chrome: Chrome,
    code: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "intake/track.html")]
struct TrackPage {
    chrome: Chrome,
    code: String,
    shown: String,
    issue: Issue,
    reporter: Option<Reporter>,
    /// What was said to the young person, newest first.
    said: Vec<Moved>,
    closings: Vec<Closed>,
    files: Vec<File>,
    times: [String; 4],
    verdicts: Vec<Choice>,
    form: TrackForm,
    faults: Faults,
    /// What came of the step just made; empty: none was.
    notice: &'static str,
    today: NaiveDate,
    now: DateTime<Utc>,
}

pub async fn form(visitor: Visitor) -> Result<Response> {
    render(&CodePage {
        chrome: visitor.chrome(),
        code: String::new(),
        faults: Faults::default(),
    })
}

pub async fn show(visitor: Visitor, Form(fields): Form) -> Result<Response> {
    let form = TrackForm::read(&fields);
    visitor.may_try()?;
    let found = match read_code(&form.code) {
        Some(code) => public::open(&visitor.nobody, &code)
            .await?
            .map(|link| (code, link)),
        None => None,
    };
    let Some((code, link)) = found else {
        return refuse(&CodePage {
            chrome: visitor.chrome(),
            code: form.code,
            faults: Faults::one("code", UNKNOWN),
        });
    };
    visitor.was_right();
    let (doing, id) = match form.check() {
        Ok(checked) => checked,
        Err(faults) => return refuse(&page(&visitor, &link, code, form, (faults, "")).await?),
    };
    if let Doing::File(file) = doing {
        return shown_file(&visitor, &link, file).await;
    }
    if doing != Doing::Look && visitor.is_cadre {
        let page = page(&visitor, &link, code, form, (Faults::default(), CADRE)).await?;
        return show_as(StatusCode::FORBIDDEN, &page);
    }
    let id = id.unwrap_or_else(|| MoveId::new_v7(visitor.nobody.now()));
    let notice = act(&visitor, &link, doing, id).await?;
    let form = TrackForm::default();
    render(&page(&visitor, &link, code, form, (Faults::default(), notice)).await?)
}

/// A file of this matter that whoever wrote it has shown to the young person.
async fn shown_file(visitor: &Visitor, link: &Link, id: FileId) -> Result<Response> {
    let scope = public::scope_of(&visitor.nobody, link);
    let file = scope.look(async |db| store::file(db, id).await).await?;
    if file.issue_id != link.issue || !file.is_shown {
        return Err(Error::NotFound);
    }
    files::answer(&scope, &file).await
}

/// Makes the step; what came of it, in a sentence.
async fn act(visitor: &Visitor, link: &Link, doing: Doing, id: MoveId) -> Result<&'static str> {
    let scope = public::scope_of(&visitor.nobody, link);
    let said = |done: bool, sentence: &'static str| if done { sentence } else { PAST };
    Ok(match doing {
        Doing::Look | Doing::File(_) => "",
        Doing::Supplement(words) => {
            let done = public::supplement(&scope, link, id, &words).await?;
            said(done, "补充收到了，接着办。")
        }
        Doing::Judge(given, words) => judge(visitor, &scope, link, (given, words)).await?,
        Doing::Forget => {
            public::withdraw(&scope, link, None, id).await?;
            "您的姓名和电话已经删除。"
        }
        Doing::TakeBack(words) => {
            let done = public::withdraw(&scope, link, Some(words), id).await?;
            said(done, "已经撤回，姓名和电话也删除了。")
        }
    })
}

async fn judge(
    visitor: &Visitor,
    scope: &Scope,
    link: &Link,
    (given, words): (Verdict, Option<String>),
) -> Result<&'static str> {
    let issue = scope
        .look(async |db| store::get(db, link.issue).await)
        .await?;
    let link = Link {
        closing: issue.closings,
        ..link.clone()
    };
    let request = visitor.nobody.request();
    let new = NewVerdict {
        verdict: given,
        words,
        way: Way::Sent,
        device_hash: hash(&format!("{}|{}", request.device, visitor.network())),
        from: Origin::of(request, link.issue),
    };
    Ok(match verdict::give(scope, &link, &new).await? {
        Outcome::Given => "评价收到了。没办成的，会退回去重办；谢谢您说实话。",
        Outcome::Over | Outcome::Late => PAST,
        Outcome::Handler => CADRE,
    })
}

async fn page(
    visitor: &Visitor,
    link: &Link,
    code: String,
    form: TrackForm,
    (faults, notice): (Faults, &'static str),
) -> Result<TrackPage> {
    let scope = public::scope_of(&visitor.nobody, link);
    let (issue, reporter, moves, closings, mut files) = scope
        .look(async |db| {
            let issue = store::get(db, link.issue).await?;
            let reporter = store::reporter(db, &issue).await?;
            let moves = store::moved(db, &issue, MOVES).await?;
            let closings = store::closings(db, &issue).await?;
            let files = store::files(db, &issue).await?;
            Ok((issue, reporter, moves, closings, files))
        })
        .await?;
    files.retain(|file| file.is_shown);
    let verdicts = Verdict::ALL.iter().map(|it| (it.code(), it.label()));
    let form = TrackForm {
        id: MoveId::new_v7(scope.now()).to_string(),
        ..form
    };
    Ok(TrackPage {
        chrome: visitor.chrome(),
        shown: shown_code(&code),
        code,
        times: times(&issue, scope.today()),
        said: moves.into_iter().filter(is_told).collect(),
        verdicts: Choice::one(verdicts, &form.verdict),
        reporter,
        closings,
        files,
        form,
        faults,
        notice,
        today: scope.today(),
        now: scope.now(),
        issue,
    })
}

/// What whoever handles it has said to the young person; the answers of a closing stand by themselves.
fn is_told(moved: &Moved) -> bool {
    let answers = matches!(moved.act, Move::Close | Move::Explain);
    let asks = matches!(moved.act, Move::Ask | Move::Decline);
    (moved.is_shown || asks) && !answers && moved.words.is_some()
}

fn times(issue: &Issue, today: NaiveDate) -> [String; 4] {
    let day = |at: DateTime<Utc>| clock::short_date(clock::today(at), today);
    [
        clock::short_date(issue.raised_on, today),
        String::new(),
        String::new(),
        issue.closed_at.map(day).unwrap_or_default(),
    ]
}

impl TrackPage {
    fn fault(&self, field: &str) -> &str {
        self.faults.of(field).unwrap_or("")
    }

    fn waits(&self) -> bool {
        self.issue.state == State::Waiting
    }

    /// Nothing of it can be taken away any more, or it was.
    fn has_contact(&self) -> bool {
        let left = self.reporter.as_ref();
        left.is_some_and(|it| it.name.is_some() || it.phone.is_some())
    }

    fn may_take_back(&self) -> bool {
        may_take_back(self.issue.state)
    }
}
