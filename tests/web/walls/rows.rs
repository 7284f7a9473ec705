//! What the second and third wall do to rows: a row of every table that lies at a committee, written
//! by the owner, is looked at, changed and copied from all sides.

use qingting::platform::scope::Ground;
use sqlx::{Executor, PgConnection};

use super::filler::{Filler, Values, insert};
use super::kinds::{KINDS, Kind};
use super::{as_app, as_owner, refusal, texts};
use crate::harness::Town;

const POLICY: &str = "42501";
const FOREIGN_KEY: &str = "23503";

/// One who looks, as `settings` of a transaction say it.
pub struct Onlooker {
    pub who: &'static str,
    settings: String,
    /// First and last code, and the tenant.
    pub interval: Option<(i64, i64, i32)>,
}

impl Onlooker {
    /// Without a place.
    pub fn of(who: &'static str, settings: &str) -> Self {
        Self {
            who,
            settings: settings.into(),
            interval: None,
        }
    }

    pub fn at(who: &'static str, ground: &Ground) -> Self {
        let settings = format!(
            "set local app.lo = '{}'; set local app.hi = '{}'; set local app.tenant = '{}'",
            ground.place.scope, ground.hi, ground.place.tenant.0
        );
        let place = ground.place;
        Self {
            who,
            settings,
            interval: Some((place.scope, ground.hi, place.tenant.0)),
        }
    }
}

#[tokio::test]
async fn rows_are_seen_and_written_from_inside_alone() {
    let town = Town::new().await;
    let ground = |key| town.world.committee(key);
    let mut owner = as_owner(&town.database).await;
    let mut app = as_app(&town.database).await;
    let mut filler = Filler::new(&mut owner, ground("town").place).await;
    let inside = ["town", "county", "city", "province"].map(|k| Onlooker::at(k, &ground(k)));
    let neighbours = ["town2", "village", "sibling"].map(|k| Onlooker::at(k, &ground(k)));
    let strangers = [
        Onlooker::at("other_city", &ground("other_city")),
        Onlooker::of("no scope", "select 1"),
        Onlooker::of("the planter", "set local app.planter = 'on'"),
    ];
    let (mut looks, mut writes, mut tables) = (0, 0, 0);
    for (table, kind) in KINDS.iter().filter(|(_, kind)| kind.has_place()) {
        let row = filler.fill(&mut owner, table).await;
        let shape = filler.tables[*table].clone();
        let key = shape.key_of(&row);
        for one in &inside {
            assert_eq!(
                seen(&mut app, one, table, &key).await,
                1,
                "{} in {table}",
                one.who
            );
            looks += 1;
        }
        for one in neighbours.iter().chain(&strangers) {
            let listed = kind.is_listed() && neighbours.iter().any(|n| n.who == one.who);
            let wanted = usize::from(listed);
            assert_eq!(
                seen(&mut app, one, table, &key).await,
                wanted,
                "{} in {table}",
                one.who
            );
            if !(listed && kind.inner() == Kind::Marks) {
                assert_untouched(&mut app, one, table, &key).await;
            }
            looks += 2;
        }
        writes += refused_writes(&town, &mut app, &mut owner, (table, *kind), &row).await;
        tables += 1;
    }
    println!(
        "walls: rows of {tables} tables, {looks} looks from inside and outside, {writes} foreign or crooked rows refused"
    );
}

async fn seen(app: &mut PgConnection, one: &Onlooker, table: &str, key: &str) -> usize {
    begin(app, one).await;
    let found = texts(app, &format!("select 'x'::text from {table} where {key}")).await;
    app.execute("rollback").await.expect("an end");
    found.len()
}

/// Whoever does not have its committee in his interval changes and deletes nothing.
pub async fn assert_untouched(app: &mut PgConnection, one: &Onlooker, table: &str, key: &str) {
    let columns = texts(
        app,
        &format!(
            "select attname::text from pg_attribute
             where attrelid = '{table}'::regclass and attnum > 0
                 and has_column_privilege(attrelid, attnum, 'update') limit 1"
        ),
    )
    .await;
    let mut statements = Vec::new();
    for column in columns {
        statements.push(format!(
            "update {table} set {column} = {column} where {key}"
        ));
    }
    statements.push(format!("delete from {table} where {key}"));
    for statement in statements {
        begin(app, one).await;
        let outcome = app
            .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone())))
            .await;
        let touched = outcome.map_or(0, |done| done.rows_affected());
        assert_eq!(touched, 0, "{}: {statement}", one.who);
        app.execute("rollback").await.expect("an end");
    }
}

pub async fn begin(app: &mut PgConnection, one: &Onlooker) {
    app.execute("begin").await.expect("a transaction");
    refusal(app, &one.settings).await;
}

/// Tries to write rows that lie; gives their number.
async fn refused_writes(
    town: &Town,
    app: &mut PgConnection,
    owner: &mut PgConnection,
    (table, kind): (&str, Kind),
    row: &Values,
) -> usize {
    let ground = |key| town.world.committee(key);
    let (county, other) = (ground("county"), ground("other_city"));
    let home = Onlooker::at("county", &county);
    let sibling = Onlooker::at("sibling", &ground("sibling"));
    let mut fresh = Filler::new(owner, ground("town2").place).await;
    let fresh = fresh.values(owner, table).await;
    let with = |changes: &[(&str, String)]| {
        let mut values = fresh.clone();
        for (name, value) in changes {
            values.insert((*name).to_owned(), value.clone());
        }
        values
    };
    let stranger = Onlooker::at("other_city", &other);
    let mut lies = vec![
        ("a row of another tenant", &stranger, with(&[]), POLICY),
        (
            "a row with a foreign tenant",
            &home,
            with(&[("tenant_id", other.place.tenant.0.to_string())]),
            FOREIGN_KEY,
        ),
        (
            "a row with the scope of another committee",
            &home,
            with(&[("scope", county.place.scope.to_string())]),
            FOREIGN_KEY,
        ),
    ];
    let kind = kind.inner();
    if kind != Kind::Marks {
        lies.push(("a row of another county", &sibling, with(&[]), POLICY));
    }
    if let Kind::Sided(columns) | Kind::Linked(columns) | Kind::Shown(columns) = kind {
        // Concerning oneself only is no leave to write into another's place: the keys still hold.
        let side = columns[0];
        lies.push((
            "a side that is no committee's code",
            &home,
            with(&[(side, (county.place.scope + 1).to_string())]),
            FOREIGN_KEY,
        ));
    }
    let mut tried = 0;
    for (what, who, values, code) in lies {
        begin(app, who).await;
        let said = refusal(
            app,
            &format!("{}; set constraints all immediate", insert(table, &values)),
        )
        .await;
        assert_eq!(said.as_deref(), Some(code), "{what} in {table}: {values:?}");
        app.execute("rollback").await.expect("an end");
        tried += 1;
    }
    begin(app, &home).await;
    let honest = refusal(
        app,
        &format!("{}; set constraints all immediate", insert(table, &fresh)),
    )
    .await;
    assert_eq!(honest, None, "an honest row in {table}: {fresh:?}");
    app.execute("rollback").await.expect("an end");
    for column in ["tenant_id", "scope", "committee_id", "id"] {
        if row.contains_key(column) {
            begin(app, &home).await;
            let said = refusal(app, &format!("update {table} set {column} = {column}")).await;
            assert_eq!(said.as_deref(), Some(POLICY), "{table}.{column}");
            app.execute("rollback").await.expect("an end");
            tried += 1;
        }
    }
    tried
}
