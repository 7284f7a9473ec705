//! A smallest valid row for any table, made from the catalogue: types, checks and foreign keys. A
//! new table is filled without a line here, unless a check of it can be satisfied by no guess.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};

use qingting::platform::scope::Place;
use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

/// Values that no catalogue tells.
const SPECIAL: &[(&str, &str)] = &[
    ("issues.category", "01"),
    ("issue_moves.move", "accept"),
    ("issue_moves.from_state", "pending"),
    ("issue_moves.to_state", "accepted"),
    ("issue_rules.category", "01"),
    ("calendar_years.year", "2031"),
];

#[derive(Clone, Debug)]
struct Column {
    name: String,
    type_name: String,
    needed: bool,
    /// The first value of `check (x in (…))`.
    first: Option<String>,
}

#[derive(Clone, Debug)]
struct Key {
    parent: String,
    mine: Vec<String>,
    theirs: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    keys: Vec<Key>,
    primary: Vec<String>,
}

/// The values of a row by column, as text that PostgreSQL reads.
pub type Values = BTreeMap<String, String>;

/// Every table as the filler needs it, and the rows it has made, by table.
#[derive(Debug)]
pub struct Filler {
    pub tables: BTreeMap<String, Table>,
    at: Place,
    made: HashMap<String, Values>,
}

/// No two fillers of a database make the same id.
static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Filler {
    pub async fn new(db: &mut PgConnection, at: Place) -> Self {
        Self {
            tables: tables(db).await,
            at,
            made: HashMap::new(),
        }
    }

    /// After the schema has changed.
    pub async fn look_again(&mut self, db: &mut PgConnection) {
        self.tables = tables(db).await;
    }

    /// A row of this table at `at`, with the rows it leans on; the same one when asked again.
    pub async fn fill(&mut self, db: &mut PgConnection, table: &str) -> Values {
        if let Some(values) = self.made.get(table) {
            return values.clone();
        }
        let values = self.values(db, table).await;
        let sql = insert(table, &values);
        let done = db.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await;
        done.unwrap_or_else(|fault| panic!("{fault}: {sql}"));
        self.made.insert(table.to_owned(), values.clone());
        values
    }

    /// A valid row that is not written; what it leans on is.
    pub async fn values(&mut self, db: &mut PgConnection, table: &str) -> Values {
        let shape = self.tables[table].clone();
        let needed = |name: &String| shape.columns.iter().any(|c| c.needed && c.name == *name);
        let mut values = Values::new();
        for key in shape.keys.iter().filter(|key| key.mine.iter().all(needed)) {
            let parent = if key.parent == "committees" {
                self.place()
            } else {
                Box::pin(self.fill(db, &key.parent)).await
            };
            for (mine, theirs) in key.mine.iter().zip(&key.theirs) {
                values.insert(mine.clone(), parent[theirs].clone());
            }
        }
        for column in shape.columns.iter().filter(|column| column.needed) {
            if !values.contains_key(&column.name) {
                let value = self.guess(table, column);
                values.insert(column.name.clone(), value);
            }
        }
        values
    }

    /// What the key of a committee asks for.
    fn place(&self) -> Values {
        [
            ("id", self.at.committee.0.to_string()),
            ("tenant_id", self.at.tenant.0.to_string()),
            ("code_lo", self.at.scope.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    fn guess(&self, table: &str, column: &Column) -> String {
        let name = format!("{table}.{}", column.name);
        if let Some((_, value)) = SPECIAL.iter().find(|(special, _)| *special == name) {
            return (*value).to_owned();
        }
        if column.name.ends_with("scope") {
            return self.at.scope.to_string();
        }
        if let Some(first) = &column.first {
            return first.clone();
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        match column.type_name.as_str() {
            "uuid" => format!("00000000-0000-7000-8000-{number:012}"),
            "text" => format!("sample {number}"),
            "integer" | "smallint" | "bigint" => "1".into(),
            "boolean" => "true".into(),
            "date" => "2026-11-24".into(),
            "timestamp with time zone" => "2026-11-24 21:20+08".into(),
            "jsonb" | "text[]" | "date[]" => "{}".into(),
            "bytea" => r"\x00".into(),
            other => panic!("{name}: the filler knows no {other}"),
        }
    }
}

impl Table {
    /// `where` for exactly this row.
    pub fn key_of(&self, values: &Values) -> String {
        let terms = self
            .primary
            .iter()
            .map(|name| format!("{name} = {}", literal(&values[name])));
        terms.collect::<Vec<_>>().join(" and ")
    }
}

pub fn insert(table: &str, values: &Values) -> String {
    let names: Vec<&str> = values.keys().map(String::as_str).collect();
    let literals: Vec<String> = values.values().map(|value| literal(value)).collect();
    format!(
        "insert into {table} ({}) values ({})",
        names.join(", "),
        literals.join(", ")
    )
}

fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

async fn tables(db: &mut PgConnection) -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for row in rows(db, COLUMNS).await {
        let table = tables.entry(row.get(0)).or_insert_with(|| Table {
            columns: Vec::new(),
            keys: Vec::new(),
            primary: Vec::new(),
        });
        table.columns.push(Column {
            name: row.get(1),
            type_name: row.get(2),
            needed: row.get(3),
            first: row.get(4),
        });
        if row.get(5) {
            table.primary.push(row.get(1));
        }
    }
    for row in rows(db, KEYS).await {
        let table: &mut Table = tables
            .get_mut(&row.get::<String, _>(0))
            .expect("a key's table");
        table.keys.push(Key {
            parent: row.get(1),
            mine: row.get(2),
            theirs: row.get(3),
        });
    }
    tables
}

async fn rows(db: &mut PgConnection, sql: &'static str) -> Vec<sqlx::postgres::PgRow> {
    db.fetch_all(sql).await.expect("the catalogue")
}

const COLUMNS: &str = r"
    select c.relname::text, a.attname::text, format_type(a.atttypid, null),
        a.attnotnull and not a.atthasdef,
        (select substring(pg_get_constraintdef(k.oid) from $$= (?:ANY \(ARRAY\[)?'([^']*)'$$)
         from pg_constraint k
         where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
             and pg_get_constraintdef(k.oid) ~ $$^CHECK \(\(\w+ = (ANY|')$$
         limit 1),
        exists (select from pg_index i
            where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey))
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname <> '_sqlx_migrations'
    order by c.relname, a.attnum";

const KEYS: &str = "
    select k.conrelid::regclass::text, k.confrelid::regclass::text,
        array(select a.attname::text from unnest(k.conkey) with ordinality u (n, place)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by place),
        array(select a.attname::text from unnest(k.confkey) with ordinality u (n, place)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by place)
    from pg_constraint k
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace
    order by k.conname";
