//! 团干部 within the scope: filters, one page at a time, and a search that leaves no name in an address.

use askama::Template;
use axum::response::Response;

use crate::cadres::model::{Filter, ListMark, Listed, Nature};
use crate::cadres::store;
use crate::committees::{Node, narrow, store as committees};
use crate::platform::extract::{Form, Query};
use crate::platform::fields::Fields;
use crate::platform::ids::CommitteeId;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::show;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "cadres/list.html")]
struct ListPage {
    chrome: Chrome,
    committees: Vec<Choice>,
    natures: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Listed>,
    total: i64,
    /// The address of the next page, or nothing.
    next: String,
    first: String,
    /// What was searched for; None in the list itself.
    q: Option<String>,
}

pub async fn list(scope: Scope, Query(query): Query) -> Result<Response> {
    let asked = Asked::read(&query)?;
    let narrowed = match asked.committee {
        Some(id) => narrow(&scope, id).await?,
        None => scope.clone(),
    };
    let filter = asked.filter;
    let after = ListMark::read(query.get("after"))?;
    let (rows, total, next) = narrowed
        .look(async |db| store::list(db, filter, after).await)
        .await?;
    let next = next.map(ListMark::write);
    let first = after.map(|_| asked.address(None));
    let choices = Choices::read(&scope, &asked).await?;
    show(&ListPage {
        chrome: scope.chrome(),
        committees: choices.committees,
        natures: choices.natures,
        states: choices.states,
        rows,
        total,
        next: next.map_or_else(String::new, |mark| asked.address(Some(&mark))),
        first: first.unwrap_or_default(),
        q: None,
    })
}

pub async fn search(scope: Scope, Form(fields): Form) -> Result<Response> {
    let q: String = fields.get("q").trim().chars().take(30).collect();
    let rows = scope.look(async |db| store::search(db, &q).await).await?;
    let choices = Choices::read(&scope, &Asked::default()).await?;
    show(&ListPage {
        chrome: scope.chrome(),
        committees: choices.committees,
        natures: choices.natures,
        states: choices.states,
        total: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        rows,
        next: String::new(),
        first: String::new(),
        q: Some(q),
    })
}

/// The filters of an address.
#[derive(Clone, Debug, Default)]
struct Asked {
    committee: Option<CommitteeId>,
    filter: Filter,
}

impl Asked {
    fn read(query: &Fields) -> Result<Self> {
        const UNKNOWN: Error = Error::BadAddress("筛选的链接不完整，重新选一次。");
        let committee = match query.get("committee") {
            "" => None,
            text => Some(text.parse().map_err(|_| UNKNOWN)?),
        };
        let nature = match query.get("nature") {
            "" => None,
            code => Some(Nature::from_code(code).ok_or(UNKNOWN)?),
        };
        let left = match query.get("state") {
            "" => false,
            "left" => true,
            _ => return Err(UNKNOWN),
        };
        Ok(Self {
            committee,
            filter: Filter { nature, left },
        })
    }

    fn address(&self, after: Option<&str>) -> String {
        let mut query =
            form_urlencoded::Serializer::for_suffix(String::from("/cadres?"), "/cadres?".len());
        if let Some(id) = self.committee {
            query.append_pair("committee", &id.to_string());
        }
        if let Some(nature) = self.filter.nature {
            query.append_pair("nature", nature.code());
        }
        if self.filter.left {
            query.append_pair("state", "left");
        }
        if let Some(mark) = after {
            query.append_pair("after", mark);
        }
        query.finish()
    }
}

struct Choices {
    committees: Vec<Choice>,
    natures: Vec<Choice>,
    states: Vec<Choice>,
}

impl Choices {
    async fn read(scope: &Scope, asked: &Asked) -> Result<Self> {
        let own = [scope.committee()];
        let mut below = scope
            .look(async |db| committees::children_of(db, &own).await)
            .await?;
        if let Some(id) = asked
            .committee
            .filter(|id| below.iter().all(|it| it.id != *id))
        {
            let chosen = scope.look(async |db| committees::get(db, id).await).await?;
            below.extend(chosen.map(|it| Node {
                id,
                parent_id: it.parent_id,
                level: it.level,
                kind: it.kind,
                short_name: it.short_name,
                place_name: it.place_name,
                ends_on: it.ends_on,
            }));
        }
        let chosen = asked.committee.map(|id| id.to_string()).unwrap_or_default();
        let nature = asked.filter.nature.map_or("", Nature::code);
        let state = if asked.filter.left { "left" } else { "" };
        Ok(Self {
            committees: Choice::one(below.iter().map(|it| (it.id, &it.short_name)), &chosen),
            natures: super::parts::natures(nature),
            states: Choice::one([("", "在任的"), ("left", "已离任的")], state),
        })
    }
}

impl Listed {
    /// 专职, 挂职, 兼职: each once.
    fn natures(&self) -> String {
        let codes = self.natures.split(' ').filter_map(Nature::from_code);
        codes.map(Nature::label).collect::<Vec<_>>().join("、")
    }
}
