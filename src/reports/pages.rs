//! The year-end table as a page, its files, its sentences, and figures that are typed.

use std::fs::File;

use askama::Template;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio_util::io::ReaderStream;

use super::form::TypedForm;
use super::model::{EXPORTED, Report, TYPED, Typed, TypedId, UNTYPED, may_be_typed};
use super::sentence::{Sentence, sentences};
use super::turns::{Turn, Turns};
use super::{excel, store, visits_file};
use crate::committees;
use crate::figures::{Indicator, dictionary};
use crate::kit::clock::iso_date;
use crate::kit::period::{Period, PeriodFault};
use crate::kit::table::Table;
use crate::platform::daybook::Line;
use crate::platform::extract::{Form, Query};
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::ids::CommitteeId;
use crate::platform::page::Chrome;
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "reports/year_end.html")]
struct YearEndPage {
    chrome: Chrome,
    title: String,
    committee: String,
    from: String,
    to: String,
    label: String,
    before: String,
    summary: Table,
    /// By indicator: its code, the query of its sentence, whether an earlier figure can be typed.
    acts: Vec<Act>,
    /// 二、三 …: one for each group, then one for each indicator that has parts.
    tables: Vec<(&'static str, Table)>,
    query: String,
    faults: Faults,
    is_home: bool,
    is_cut: bool,
}

/// After 一, which is the level itself.
const NUMERALS: [&str; 9] = ["二", "三", "四", "五", "六", "七", "八", "九", "十"];

struct Act {
    code: &'static str,
    may_type: bool,
}

#[derive(Template)]
#[template(path = "reports/sentence.html")]
struct SentencePage {
    chrome: Chrome,
    indicator: &'static Indicator,
    sentences: Vec<Sentence>,
    back: String,
}

#[derive(Template)]
#[template(path = "reports/typed.html")]
struct TypedPage {
    chrome: Chrome,
    indicator: &'static Indicator,
    label: String,
    query: String,
    form: TypedForm,
    faults: Faults,
    back: String,
    /// What stands there now, when somebody else has changed it meanwhile.
    other: Option<Typed>,
}

/// Which committee, which days.
#[derive(Clone, Copy)]
struct Wanted {
    committee: CommitteeId,
    period: Period,
    /// Asked for beyond today.
    is_cut: bool,
}

impl Wanted {
    fn read(scope: &Scope, query: &Fields) -> Result<(Self, Faults)> {
        let committee = match query.get("committee") {
            "" => scope.committee(),
            text => text.parse().map_err(|_| Error::NotFound)?,
        };
        let mut faults = Faults::default();
        let today = scope.today();
        let period = Period::parse(query.get("from"), query.get("to"), today);
        // Days to come have no figures: with them a part of this year would stand beside a whole one.
        let cut = period.and_then(|it| it.until(today).ok_or(PeriodFault::Future));
        let wanted = Self {
            committee,
            period: cut.unwrap_or_else(|_| Period::ytd(today)),
            is_cut: cut.is_ok() && cut != period,
        };
        faults.take("from", cut.map_err(|fault| fault.to_string()));
        Ok((wanted, faults))
    }

    /// As `read`, for addresses that only our own pages make.
    fn strict(scope: &Scope, query: &Fields) -> Result<Self> {
        match Self::read(scope, query)? {
            (wanted, faults) if faults.is_empty() => Ok(wanted),
            _ => Err(Error::BadAddress("日期认不出来，回到年终表再选一次。")),
        }
    }

    fn query(&self) -> String {
        format!("committee={}&{}", self.committee, self.period.query())
    }

    fn page(&self) -> String {
        format!("/reports/year-end?{}", self.query())
    }
}

pub async fn year_end(scope: Scope, Query(query): Query) -> Result<Response> {
    let (wanted, faults) = Wanted::read(&scope, &query)?;
    let report = read(&scope, wanted).await?;
    let page = page(&scope, wanted, &report, faults);
    if page.faults.is_empty() {
        show(&page)
    } else {
        refuse(&page)
    }
}

async fn read(scope: &Scope, wanted: Wanted) -> Result<Report> {
    let narrowed = committees::narrow(scope, wanted.committee).await?;
    narrowed
        .look_long(async |db| store::report(db, wanted.committee, wanted.period).await)
        .await
}

fn page(scope: &Scope, wanted: Wanted, report: &Report, faults: Faults) -> YearEndPage {
    let today = scope.today();
    let act = |entry: &super::model::Entry| Act {
        code: entry.indicator.code,
        may_type: may_be_typed(entry.indicator),
    };
    let tables = excel::by_group(report).into_iter();
    let tables = tables.chain(excel::by_part(report));
    YearEndPage {
        chrome: scope.chrome(),
        title: report.committee.full_name.clone(),
        committee: wanted.committee.to_string(),
        from: iso_date(wanted.period.from()),
        to: iso_date(wanted.period.to()),
        label: wanted.period.label(today),
        before: wanted.period.same_last_year().label(today),
        summary: excel::summary(report),
        acts: report.entries.iter().map(act).collect(),
        tables: NUMERALS.into_iter().zip(tables).collect(),
        query: wanted.query(),
        faults,
        is_home: scope.is_home(wanted.committee),
        is_cut: wanted.is_cut,
    }
}

pub async fn year_end_file(scope: Scope, Query(query): Query) -> Result<Response> {
    let wanted = Wanted::strict(&scope, &query)?;
    let _turn = turn(&scope).await;
    let report = read(&scope, wanted).await?;
    log_export(&scope, wanted, "year-end").await?;
    let name = format!(
        "{}年终表{}至{}.xlsx",
        report.committee.place_name,
        wanted.period.from(),
        wanted.period.to()
    );
    let now = scope.now();
    let file = tokio::task::spawn_blocking(move || excel::write(&report, now)).await;
    let file = file.map_err(Error::bug)?.map_err(Error::bug)?;
    Ok(download(file, &name))
}

pub async fn visits_file(scope: Scope, Query(query): Query) -> Result<Response> {
    let wanted = Wanted::strict(&scope, &query)?;
    let _turn = turn(&scope).await;
    let narrowed = committees::narrow(&scope, wanted.committee).await?;
    log_export(&scope, wanted, "visits").await?;
    let file = visits_file::write(&narrowed, wanted.period).await?;
    let name = format!("走访{}至{}.xlsx", wanted.period.from(), wanted.period.to());
    Ok(download(file, &name))
}

async fn turn(scope: &Scope) -> Turn {
    let turns = scope.site().shelf.get::<Turns>();
    turns.take(scope.account()).await
}

/// An export is a line of the day book, at the committee whose figures leave the house.
async fn log_export(scope: &Scope, wanted: Wanted, what: &str) -> Result<()> {
    let narrowed = committees::narrow(scope, wanted.committee).await?;
    let detail = serde_json::json!({
        "what": what,
        "from": wanted.period.from(),
        "to": wanted.period.to(),
    });
    narrowed
        .work(async |db| {
            let line = Line::new(EXPORTED, None, db.scope().place()).detail(detail.clone());
            db.log_line(line, ()).await
        })
        .await
}

fn download(file: File, name: &str) -> Response {
    let stream = ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 * 1024);
    let mut response = Body::from_stream(stream).into_response();
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let disposition = format!("attachment; filename=\"qingting.xlsx\"; filename*=UTF-8''{name}");
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    );
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

pub async fn sentence(scope: Scope, Query(query): Query) -> Result<Response> {
    let wanted = Wanted::strict(&scope, &query)?;
    let indicator = dictionary::get(query.get("code")).filter(|it| it.code != "D09");
    let indicator = indicator.ok_or(Error::NotFound)?;
    let narrowed = committees::narrow(&scope, wanted.committee).await?;
    let report = narrowed
        .look_long(async |db| store::one(db, wanted.committee, wanted.period, indicator).await)
        .await?;
    let entry = report.entries.first().ok_or(Error::NotFound)?;
    show(&SentencePage {
        chrome: scope.chrome(),
        indicator,
        sentences: sentences(&report, entry),
        back: wanted.page(),
    })
}

/// The indicator of the address, if a figure of it can be typed here. A committee out of sight is not there.
async fn typed_target(scope: &Scope, query: &Fields) -> Result<(Wanted, &'static Indicator)> {
    let wanted = Wanted::strict(scope, query)?;
    let indicator = dictionary::get(query.get("code")).filter(|it| may_be_typed(it));
    let indicator = indicator.ok_or(Error::NotFound)?;
    if scope.is_home(wanted.committee) {
        return Ok((wanted, indicator));
    }
    committees::narrow(scope, wanted.committee).await?;
    Err(Error::Forbidden("上年的数由那个单位自己填。"))
}

pub async fn typed_form(scope: Scope, Query(query): Query) -> Result<Response> {
    let (wanted, indicator) = typed_target(&scope, &query).await?;
    let before = wanted.period.same_last_year();
    let at = scope.place();
    let typed = scope
        .look(async |db| store::typed_one(db, at, indicator.code, before).await)
        .await?;
    let form = match typed {
        Some(typed) => TypedForm {
            id: typed.id.to_string(),
            n: typed.n.to_string(),
            definition: typed.definition,
            source: typed.source,
            version: typed.version.to_string(),
        },
        None => TypedForm {
            id: TypedId::new_v7(scope.now()).to_string(),
            ..TypedForm::default()
        },
    };
    show(&typed_page(
        &scope,
        wanted,
        indicator,
        form,
        Faults::default(),
    ))
}

pub async fn typed_save(scope: Scope, Query(query): Query, Form(fields): Form) -> Result<Response> {
    let (wanted, indicator) = typed_target(&scope, &query).await?;
    let before = wanted.period.same_last_year();
    let form = TypedForm::read(&fields);
    let (new, version) = match form.check(indicator, before.from(), before.to()) {
        Ok(checked) => checked,
        Err(faults) => {
            return refuse(&typed_page(&scope, wanted, indicator, form, faults));
        }
    };
    let at = scope.place();
    let saved = scope
        .work(async |db| {
            if store::save_typed(db, at, &new, version).await? {
                return db.log(TYPED, Some(new.id.0), at, None).await;
            }
            let there = store::typed_one(db, at, indicator.code, before).await?;
            Ok(db.unchanged(there))
        })
        .await?;
    let same = |there: &Typed| {
        there.n == new.n && there.definition == new.definition && there.source == new.source
    };
    match saved {
        Some(there) if !same(&there) => {
            let mut page = typed_page(&scope, wanted, indicator, form, Faults::default());
            page.form.version = there.version.to_string();
            page.form.id = there.id.to_string();
            page.other = Some(there);
            crate::platform::render::show_as(axum::http::StatusCode::CONFLICT, &page)
        }
        _ => Ok(go(&wanted.page())),
    }
}

/// Takes it back. What is gone already is gone; what somebody changed meanwhile stays.
pub async fn typed_remove(
    scope: Scope,
    Query(query): Query,
    Form(fields): Form,
) -> Result<Response> {
    let (wanted, indicator) = typed_target(&scope, &query).await?;
    let (id, version) = (fields.get("id").parse(), fields.get("version").parse());
    let (Ok(id), Ok(version)) = (id, version) else {
        return Err(Error::BadAddress(""));
    };
    let (at, before) = (scope.place(), wanted.period.same_last_year());
    scope
        .work(async |db| {
            let Some(n) = store::remove_typed(db, at, id, version).await? else {
                let there = store::typed_one(db, at, indicator.code, before).await?;
                return match there.filter(|it| it.id == id) {
                    Some(_) => Err(Error::Stale("")),
                    None => Ok(db.unchanged(())),
                };
            };
            let detail = serde_json::json!({ "indicator": indicator.code, "n": n });
            let line = Line::new(UNTYPED, Some(id.0), at).detail(detail);
            db.log_line(line, ()).await
        })
        .await?;
    Ok(go(&wanted.page()))
}

fn typed_page(
    scope: &Scope,
    wanted: Wanted,
    indicator: &'static Indicator,
    form: TypedForm,
    faults: Faults,
) -> TypedPage {
    TypedPage {
        chrome: scope.chrome(),
        indicator,
        label: wanted.period.same_last_year().label(scope.today()),
        query: format!("{}&code={}", wanted.query(), indicator.code),
        form,
        faults,
        back: wanted.page(),
        other: None,
    }
}
