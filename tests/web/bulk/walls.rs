//! The row sweep of `walls/rows.rs` over many rows: whoever looks sees as many of each table as lie
//! where he may look, counted by the owner, and what lies elsewhere he neither changes nor deletes.

use sqlx::{Executor, PgConnection};

use super::{Loaded, Places, n};
use crate::walls::as_app;
use crate::walls::kinds::{KINDS, Kind};
use crate::walls::rows::{Onlooker, assert_untouched, begin};

/// What of a table lies where this one may look.
fn mine(kind: Kind, one: &Onlooker) -> String {
    let Some((lo, hi, tenant)) = one.interval else {
        return "false".into();
    };
    let within = |column: &&str| format!("{column} between {lo} and {hi}");
    let sides: &[&str] = match kind {
        Kind::Sided(columns) | Kind::Linked(columns) | Kind::Shown(columns) => columns,
        _ => &[],
    };
    let mut sides: Vec<String> = ["scope"].iter().chain(sides).map(within).collect();
    if kind.is_listed() {
        sides.push(format!("tenant_id = {tenant}"));
    }
    sides.join(" or ")
}

pub async fn rows_are_seen_from_inside_alone(loaded: &mut Loaded) {
    let places = Places::of(loaded).await;
    let mut app = as_app(&loaded.database).await;
    let at =
        |who, committee: &qingting::committees::Committee| Onlooker::at(who, &committee.ground());
    let onlookers = [
        at("city", &places.city),
        at("county", &places.county),
        at("town", &places.town),
        at("sibling", &places.sibling),
        at("other city", &places.other),
        Onlooker::of("no scope", "select 1"),
        Onlooker::of("the planter", "set local app.planter = 'on'"),
    ];
    let (mut looks, mut rows) = (0, 0);
    for (table, kind) in KINDS.iter().filter(|(_, kind)| kind.has_place()) {
        for one in &onlookers {
            let may = format!("select count(*) from {table} where {}", mine(*kind, one));
            let may = n(&mut loaded.owner, &may).await;
            let sees = seen(&mut app, one, table).await;
            assert_eq!(sees, may, "{} in {table}", one.who);
            looks += 1;
            rows += may;
        }
        if *kind == Kind::Marks {
            continue;
        }
        let theirs = format!("scope = {}", places.town.code_lo);
        for one in &onlookers[3..] {
            assert_untouched(&mut app, one, table, &theirs).await;
            looks += 1;
        }
    }
    println!("walls of what was copied: {looks} looks, {rows} rows seen as they lie");
}

async fn seen(app: &mut PgConnection, one: &Onlooker, table: &str) -> i64 {
    begin(app, one).await;
    let found = n(app, &format!("select count(*) from {table}")).await;
    app.execute("rollback").await.expect("an end");
    found
}
