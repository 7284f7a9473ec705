//! Loads millions of rows as the owner of the tables: keys and indexes are taken away, rows copied,
//! everything is built and checked again, all in one transaction. Whatever is killed on the way, the
//! tables are as before. For measuring only: no scope, no day book of its own.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use super::db::options;

/// A table and the columns that are copied, in order.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static str,
}

/// An open load. Dropped without `finish`, nothing has happened.
#[derive(Debug)]
pub struct Loader {
    owner: PgConnection,
    /// By table: was it empty, so that its rows may be frozen at once?
    fresh: Vec<(&'static str, bool)>,
    /// What makes keys and indexes again, in order.
    later: Vec<String>,
}

/// Foreign keys from and to the tables, their own keys, other indexes: what takes each away and what
/// makes it again. 1 is made last and taken away first.
const STRUCTURE: &str = "
    select 1 as stage, conrelid::regclass::text as made_on,
        format('alter table %s drop constraint %I', conrelid::regclass, conname) as away,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname,
            pg_get_constraintdef(oid)) as again
    from pg_constraint
    where contype = 'f' and (conrelid = any ($1::regclass[]) or confrelid = any ($1::regclass[]))
    union all
    select 0, conrelid::regclass::text,
        format('alter table %s drop constraint %I', conrelid::regclass, conname),
        format('alter table %s add constraint %I %s', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
    from pg_constraint
    where contype in ('p', 'u') and conrelid = any ($1::regclass[])
    union all
    select 0, i.indrelid::regclass::text, format('drop index %s', i.indexrelid::regclass),
        pg_get_indexdef(i.indexrelid)
    from pg_index i
    where i.indrelid = any ($1::regclass[])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    order by 1 desc, 2, 4";

/// Memory for sorting an index, and both cores for it.
const HASTE: &str = "set local maintenance_work_mem = '384MB'; \
    set local max_parallel_maintenance_workers = 2; \
    set local max_parallel_workers_per_gather = 2; \
    set local min_parallel_table_scan_size = '8MB'; \
    set local statement_timeout = 0";

impl Loader {
    /// Takes away what would be kept up row by row. The database should have no other user.
    pub async fn open(owner_url: &str, tables: &[Table]) -> Result<Self, sqlx::Error> {
        let mut owner = PgConnection::connect_with(&options(owner_url)?).await?;
        owner.execute("begin").await?;
        owner.execute(HASTE).await?;
        let mut fresh = Vec::new();
        for table in tables {
            let sql = format!("select not exists (select from {})", table.name);
            let empty = sqlx::query_scalar(AssertSqlSafe(sql));
            fresh.push((table.name, empty.fetch_one(&mut owner).await?));
        }
        let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
        let structure = sqlx::query(STRUCTURE)
            .bind(names)
            .fetch_all(&mut owner)
            .await?;
        let mut later = Vec::new();
        for part in &structure {
            let away: String = part.try_get("away")?;
            owner.execute(AssertSqlSafe(away)).await?;
            later.push((part.try_get::<i32, _>("stage")?, part.try_get("again")?));
        }
        later.sort_by_key(|(stage, _)| *stage);
        let later = later.into_iter().map(|(_, again)| again).collect();
        let empty = fresh.iter().filter(|(_, empty)| *empty);
        let empty: Vec<&str> = empty.map(|(name, _)| *name).collect();
        if !empty.is_empty() {
            let sql = format!("truncate {}", empty.join(", "));
            owner.execute(AssertSqlSafe(sql)).await?;
        }
        Ok(Self {
            owner,
            fresh,
            later,
        })
    }

    /// Rows in the text format of COPY. Those of a table that was empty are frozen, as a vacuum would
    /// leave them.
    pub async fn copy(&mut self, table: Table, rows: Vec<u8>) -> Result<(), sqlx::Error> {
        let fresh = self
            .fresh
            .iter()
            .any(|(name, fresh)| *name == table.name && *fresh);
        let freeze = if fresh { " with (freeze)" } else { "" };
        let sql = format!("copy {} ({}) from stdin{freeze}", table.name, table.columns);
        let mut copy = self.owner.copy_in_raw(&sql).await?;
        copy.send(rows).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Builds every index and key again, which checks each row, and commits. `tell` hears how many of
    /// how many are done.
    pub async fn finish(
        mut self,
        tell: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<(), sqlx::Error> {
        let all = self.later.len();
        for (done, again) in self.later.into_iter().enumerate() {
            self.owner.execute(AssertSqlSafe(again)).await?;
            tell(done + 1, all);
        }
        self.owner.execute("commit").await?;
        // Marks the pages of the other tables, and counts for the planner.
        self.owner
            .execute("set client_min_messages = error")
            .await?;
        self.owner.execute("vacuum (analyze)").await?;
        self.owner.close().await
    }
}
