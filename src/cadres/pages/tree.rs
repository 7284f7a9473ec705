//! 团组织: the tree on the left, one committee with its cadres on the right. For the 系统管理员 the heads
//! of all trees.

mod branch;
pub mod close;
pub mod founding;

use askama::Template;
use axum::response::Response;

use self::branch::{Row, rows};
use crate::cadres::model::InOffice;
use crate::cadres::store::{self as cadres, Tally};
use crate::committees::{Committee, Node, RENAMED, Tenant, store};
use crate::kit::clock;
use crate::platform::daybook::{self, Entry};
use crate::platform::extract::{Path, Query};
use crate::platform::ids::CommitteeId;
use crate::platform::page::Chrome;
use crate::platform::render::show;
use crate::platform::scope::{Role, Scope};
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

const FOUND_AT_MOST: i64 = 25;
const HISTORY: i64 = 20;

#[derive(Template)]
#[template(path = "committees/tenants.html")]
struct TenantsPage {
    chrome: Chrome,
    tenants: Vec<Tenant>,
}

#[derive(Template)]
#[template(path = "committees/tree.html")]
struct TreePage {
    chrome: Chrome,
    q: String,
    /// What the search found; None when nothing was asked.
    found: Option<Vec<Node>>,
    rows: Vec<Row>,
    /// One's own committee is shown: the tree stands first on a phone.
    is_root: bool,
    path: Vec<Committee>,
    committee: Committee,
    superior: String,
    successor: String,
    in_office: Vec<InOffice>,
    own: i64,
    below: Vec<Below>,
    history: Vec<Told>,
    may_change: bool,
}

/// A committee directly below, with its cadres.
struct Below {
    node: Node,
    cadres: i64,
}

/// A line of the committee's history.
struct Told {
    day: String,
    what: &'static str,
    who: String,
    /// The former name, after a change of names.
    former: Option<String>,
    /// Since when it is so, or from when it was closed.
    since: Option<String>,
}

pub async fn index(scope: Scope, Query(query): Query) -> Result<Response> {
    if scope.role() == Role::System {
        let tenants = scope.look(async |db| store::tenants(db).await).await?;
        return show(&TenantsPage {
            chrome: scope.chrome(),
            tenants,
        });
    }
    let q = query.text("q").trim().chars().take(30).collect();
    show(&page(&scope, scope.committee(), q).await?)
}

pub async fn one(scope: Scope, Path(id): Path<CommitteeId>) -> Result<Response> {
    show(&page(&scope, id, String::new()).await?)
}

async fn page(scope: &Scope, id: CommitteeId, q: String) -> Result<TreePage> {
    let seen = scope.look(async |db| read(db, id, &q).await).await?;
    let Seen {
        committee,
        path,
        nodes,
        tally,
        in_office,
        entries,
        found,
    } = seen;
    let count = |id: CommitteeId| tally.get(&id).copied().unwrap_or_default();
    let root = path.iter().find(|it| it.id == scope.committee());
    let below = nodes.iter().filter(|it| it.parent_id == Some(id));
    let below = below.map(|it| Below {
        node: it.clone(),
        cadres: count(it.id).whole,
    });
    let name = |of: Option<CommitteeId>| {
        let above = path.iter().find(|it| Some(it.id) == of);
        above.map_or_else(String::new, |it| it.short_name.clone())
    };
    Ok(TreePage {
        chrome: scope.chrome(),
        q,
        found,
        rows: root.map_or_else(Vec::new, |root| {
            rows(root, &nodes, id, scope.today(), |it| count(it).whole)
        }),
        is_root: scope.committee() == id,
        superior: name(committee.parent_id),
        successor: seen_successor(scope, &committee).await?,
        own: count(id).own,
        below: below.collect(),
        history: entries.into_iter().map(|it| told(scope, it)).collect(),
        may_change: committee.may_change(scope).is_ok(),
        path: path
            .into_iter()
            .filter(|it| it.code_lo >= scope.lo() && it.id != id)
            .collect(),
        committee,
        in_office,
    })
}

struct Seen {
    committee: Committee,
    path: Vec<Committee>,
    nodes: Vec<Node>,
    tally: std::collections::HashMap<CommitteeId, Tally>,
    in_office: Vec<InOffice>,
    entries: Vec<Entry>,
    found: Option<Vec<Node>>,
}

async fn read(db: &mut ScopedTx, id: CommitteeId, q: &str) -> Result<Seen> {
    let committee = store::get(db, id).await?;
    let committee = committee.filter(|it| db.scope().ground().contains(it.code_lo));
    let committee = committee.ok_or(Error::NotFound)?;
    let path = store::path(db, id).await?;
    let lo = db.lo();
    let open: Vec<CommitteeId> = path
        .iter()
        .filter(|it| it.code_lo >= lo)
        .map(|it| it.id)
        .collect();
    let nodes = store::children_of(db, &open).await?;
    let counted: Vec<CommitteeId> = nodes.iter().map(|it| it.id).chain(open).collect();
    let tally = cadres::tally(db, &counted).await?;
    let found = if q.is_empty() {
        None
    } else {
        Some(store::search(db, q, FOUND_AT_MOST).await?)
    };
    Ok(Seen {
        in_office: cadres::in_office(db, id).await?,
        entries: daybook::of_object(db, committee.object(), HISTORY).await?,
        committee,
        path,
        nodes,
        tally,
        found,
    })
}

async fn seen_successor(scope: &Scope, of: &Committee) -> Result<String> {
    let Some(id) = of.successor_id else {
        return Ok(String::new());
    };
    let successor = scope.look(async |db| store::get(db, id).await).await?;
    Ok(successor.map(|it| it.short_name).unwrap_or_default())
}

fn told(scope: &Scope, entry: Entry) -> Told {
    let detail = entry.detail.unwrap_or_default();
    let text = |key: &str| detail.get(key)?.as_str().map(str::to_owned);
    let is_renamed = entry.verb == RENAMED.code;
    Told {
        day: clock::iso_date(clock::local(entry.at).date()),
        what: scope.site().label_of(&entry.verb),
        who: [entry.committee, entry.cadre]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        former: text("from").filter(|_| is_renamed),
        since: text("since"),
    }
}
