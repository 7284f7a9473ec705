//! What the catalogue says: each check names what it finds wrong, none finds anything. A second test
//! makes tables as a forgetful hand would, and wants each check to name them.

use std::collections::BTreeSet;

use sqlx::{Executor, PgConnection, Row};

use super::kinds::{DELETED, KINDS, MOVING};
use super::{as_app, as_owner, texts};
use crate::harness::Town;

/// Our tables, and which of them lie in a tenant.
const TABLES: &str = "with t as (
    select c.oid, c.relname::text as name,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
            and c.relname <> 'committees' as has_tenant
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname <> '_sqlx_migrations'
), tenant_column as (
    select attrelid, attnum from pg_attribute where attname = 'tenant_id' and attnum > 0
)
";

/// (what holds, the query for what breaks it). Asked as the serving role.
const CHECKS: &[(&str, &str)] = &[
    (
        "row-level security is enabled, forced and binds the serving role",
        "select name from t join pg_class c using (oid)
         where not (c.relrowsecurity and c.relforcerowsecurity and row_security_active(t.oid))",
    ),
    (
        "the serving role owns nothing",
        "select relname::text from pg_class where relowner = current_user::regrole
         union all select proname::text from pg_proc where proowner = current_user::regrole
         union all select typname::text from pg_type where typowner = current_user::regrole
         union all select nspname::text from pg_namespace where nspowner = current_user::regrole
         union all select datname::text from pg_database where datdba = current_user::regrole",
    ),
    (
        "the serving role is bound and belongs to no other",
        "select rolname::text from pg_roles
         where rolname = current_user
             and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
         union all select roleid::regrole::text from pg_auth_members
         where member = current_user::regrole",
    ),
    (
        "nobody but the serving role is granted anything",
        "select name || ' to ' || case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
         from t join pg_class c using (oid), aclexplode(c.relacl) acl
         where acl.grantee not in (c.relowner, current_user::regrole)",
    ),
    (
        "no truncate, reference or trigger is granted, and no update of a whole table",
        "select name || ' ' || privilege
         from t, unnest('{truncate,references,trigger,update}'::text[]) privilege
         where has_table_privilege(t.oid, privilege)",
    ),
    (
        "the key of a row never changes",
        "select name || '.' || a.attname
         from t join pg_index i on i.indrelid = t.oid and i.indisprimary
         join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey)
         where has_column_privilege(t.oid, a.attnum, 'update')",
    ),
    (
        "a tenant's row names tenant and scope",
        "select name || '.' || w.column_name
         from t, (values ('tenant_id', 'int4'), ('scope', 'int8')) as w (column_name, type_name)
         where t.has_tenant and not exists (
             select from pg_attribute a
             where a.attrelid = t.oid and a.attname = w.column_name and a.attnotnull
                 and a.atttypid = w.type_name::regtype)",
    ),
    (
        "a tenant's primary key begins with the tenant",
        "select name from t
         where has_tenant and not exists (
             select from pg_index i join tenant_column c on c.attrelid = t.oid
             where i.indrelid = t.oid and i.indisprimary and i.indkey[0] = c.attnum)",
    ),
    (
        "each unique key of a tenant's table contains the tenant",
        "select i.indexrelid::regclass::text
         from t join pg_index i on i.indrelid = t.oid and i.indisunique
         join tenant_column c on c.attrelid = t.oid
         where t.has_tenant and not c.attnum = any (i.indkey)",
    ),
    (
        // The scope beside an id tells an index nothing more.
        "each foreign key has an index that leads with its columns",
        "select name || ' ' || k.conname
         from t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
         cross join lateral (
             select array_agg(a.attnum) as columns from pg_attribute a
             where a.attrelid = t.oid and a.attnum = any (k.conkey) and a.attname not like '%scope') f
         where not exists (
             select from pg_index i
             where i.indrelid = t.oid and i.indpred is null
                 and (i.indkey::int2[])[0:cardinality(f.columns) - 1] @> f.columns)",
    ),
    (
        "a foreign key between tables of tenants carries the tenant",
        "select t.name || ' ' || k.conname
         from t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
         join t other on other.oid = k.confrelid
         join tenant_column c on c.attrelid = t.oid
         join tenant_column d on d.attrelid = k.confrelid
         where t.has_tenant and (other.has_tenant or other.name = 'committees')
             -- Up to the province, and written by who sends it: the only key out of a tenant.
             and k.conname <> 'issue_handoffs_to'
             and not exists (
                 select from unnest(k.conkey, k.confkey) as pair (mine, theirs)
                 where pair.mine = c.attnum and pair.theirs = d.attnum)",
    ),
    (
        "scope is a key: of the committee, or of the parent row",
        "select name from t
         where has_tenant and not exists (
             select from pg_constraint k
             where k.conrelid = t.oid and k.contype = 'f'
                 and exists (
                     select from unnest(k.conkey, k.confkey) as pair (mine, theirs)
                     join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.mine
                     join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.theirs
                     where a.attname = 'scope'
                         and b.attname = case k.confrelid::regclass::text
                             when 'committees' then 'code_lo' else 'scope' end))",
    ),
    (
        "nothing is emptied when something else goes",
        "select name || ' ' || k.conname
         from t join pg_constraint k on k.conrelid = t.oid
         where k.contype = 'f' and k.confdeltype in ('n', 'd')",
    ),
    (
        "there are no triggers, rules, enums, copies of rows or functions with the owner's rights",
        "select 'trigger ' || tgname from pg_trigger where not tgisinternal
         union all select 'rule ' || rulename from pg_rules where schemaname = 'public'
         union all select 'enum ' || typname from pg_type where typtype = 'e'
         union all select 'materialized view ' || relname from pg_class where relkind = 'm'
         union all select 'function ' || proname from pg_proc
         where prosecdef and pronamespace = 'public'::regnamespace",
    ),
    (
        "a view runs with its reader's rights and is only read",
        "select relname::text from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'v'
             and (not coalesce('security_invoker=true' = any (reloptions), false)
                 or has_table_privilege(oid, 'insert') or has_table_privilege(oid, 'update')
                 or has_table_privilege(oid, 'delete'))",
    ),
];

#[tokio::test]
async fn every_table_is_guarded() {
    let town = Town::new().await;
    let mut app = as_app(&town.database).await;
    let faults = faults(&mut app).await;
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let count = async |db: &mut PgConnection, sql: &str| {
        texts(db, &format!("{TABLES} select count(*)::text from {sql}")).await[0].clone()
    };
    println!(
        "walls: {} tables of {} kinds, {} columns, {} policies, {} unique and {} foreign keys, {} views; {} checks",
        count(&mut app, "t").await,
        9,
        count(
            &mut app,
            "t join pg_attribute a on a.attrelid = t.oid where attnum > 0 and not attisdropped"
        )
        .await,
        count(&mut app, "t join pg_policy p on p.polrelid = t.oid").await,
        count(
            &mut app,
            "t join pg_index i on i.indrelid = t.oid where indisunique"
        )
        .await,
        count(
            &mut app,
            "t join pg_constraint k on k.conrelid = t.oid where contype = 'f'"
        )
        .await,
        count(
            &mut app,
            "pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace"
        )
        .await,
        CHECKS.len() + 4,
    );
}

async fn faults(app: &mut PgConnection) -> Vec<String> {
    let mut faults = Vec::new();
    for (what, sql) in CHECKS {
        let broken = texts(app, &format!("{TABLES}{sql}")).await;
        if !broken.is_empty() {
            faults.push(format!("not so: {what}: {}", broken.join(", ")));
        }
    }
    faults.extend(kinds(app).await);
    faults.extend(policies(app).await);
    faults.extend(deletes(app).await);
    faults.extend(moves(app).await);
    faults
}

/// The list of `kinds.rs` is the catalogue.
async fn kinds(app: &mut PgConnection) -> Vec<String> {
    let there = texts(app, &format!("{TABLES} select name from t")).await;
    let listed = KINDS.iter().map(|(name, _)| (*name).to_owned());
    differences("kinds.rs", listed, there)
}

/// Each table has the policies of its kind and no other, for whoever asks.
async fn policies(app: &mut PgConnection) -> Vec<String> {
    let rows = app
        .fetch_all(
            "select tablename::text, cmd, coalesce(qual, ''), coalesce(with_check, ''),
                 permissive || array_to_string(roles, ',')
             from pg_policies where schemaname = 'public' order by 1, 2, 3, 4",
        )
        .await
        .expect("the policies");
    let text = |row: &sqlx::postgres::PgRow, n: usize| row.get::<String, _>(n);
    let mut faults = Vec::new();
    for (name, kind) in KINDS {
        let of_table = rows.iter().filter(|row| text(row, 0) == *name);
        let there: Vec<_> = of_table
            .map(|row| (text(row, 1), text(row, 2), text(row, 3)))
            .collect();
        let mut wanted = kind.policies();
        wanted.sort();
        if there != wanted {
            faults.push(format!("the policies of {name} are {there:?}"));
        }
    }
    let odd = rows
        .iter()
        .filter(|row| text(row, 4) != "PERMISSIVEpublic")
        .map(|row| format!("a policy of {} is for some only", text(row, 0)));
    faults.extend(odd);
    faults
}

async fn deletes(app: &mut PgConnection) -> Vec<String> {
    let sql = format!("{TABLES} select name from t where has_table_privilege(t.oid, 'delete')");
    let there = texts(app, &sql).await;
    let listed = DELETED.iter().map(|(name, _)| (*name).to_owned());
    differences("the list of what may be deleted", listed, there)
}

/// Columns that say whose a row is: not to be changed, but for those of `MOVING`.
async fn moves(app: &mut PgConnection) -> Vec<String> {
    let sql = format!(
        "{TABLES} select name || '.' || a.attname
         from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
         where (a.attname in ('tenant_id', 'id', 'committee_id', 'scope')
                 or a.attname like '%\\_scope' or a.attname like '%\\_committee\\_id')
             and has_column_privilege(t.oid, a.attnum, 'update')"
    );
    let there = texts(app, &sql).await;
    let listed = MOVING.iter().map(|(name, _)| (*name).to_owned());
    differences("the list of what may change hands", listed, there)
}

fn differences(
    what: &str,
    listed: impl Iterator<Item = String>,
    there: Vec<String>,
) -> Vec<String> {
    let (listed, there) = (
        listed.collect::<BTreeSet<_>>(),
        there.into_iter().collect::<BTreeSet<_>>(),
    );
    let missing = there
        .difference(&listed)
        .map(|name| format!("{name} is not in {what}"));
    let gone = listed
        .difference(&there)
        .map(|name| format!("{name} is in {what}, and is not so"));
    missing.chain(gone).collect()
}

/// What a forgetful hand might write, and by which words it has to be found.
const FORGETFUL: &[(&str, &str)] = &[
    (
        "create table harvests (tenant_id int, id uuid primary key)",
        "harvests",
    ),
    (
        "alter table visits no force row level security",
        "enabled, forced and binds the serving role: visits",
    ),
    (
        "create policy easy on youths for select using (true)",
        "the policies of youths are",
    ),
    (
        "grant delete on youths to qingting",
        "youths is not in the list of what may be deleted",
    ),
    (
        "grant update (scope) on visits to qingting",
        "visits.scope is not in the list of what may change hands",
    ),
    (
        "grant update (cadre_scope) on visit_cadres to qingting",
        "visit_cadres.cadre_scope is not in",
    ),
    (
        "grant update (word) on youth_words to qingting",
        "never changes: youth_words.word",
    ),
    ("grant truncate on stats to qingting", "stats truncate"),
    ("grant update on stats to qingting", "stats update"),
    ("grant select on youths to public", "youths to public"),
    (
        "create unique index lax on youths (phone)",
        "contains the tenant: lax",
    ),
    (
        "drop index visits_author",
        "leads with its columns: visits visits_author",
    ),
    (
        "alter table visits add twin uuid unique;
         alter table feedback add twin uuid references visits (twin)",
        "carries the tenant: feedback feedback_twin_fkey",
    ),
    (
        "alter table visits drop constraint visits_committee",
        "of the parent row: visits",
    ),
    (
        "alter table visits drop constraint visits_village,
         add constraint visits_village foreign key (tenant_id, village_id)
             references organisations (tenant_id, id) on delete set null (village_id)",
        "something else goes: visits visits_village",
    ),
    ("create type mood as enum ('good')", "enum mood"),
    (
        "create view all_youths as select name from youths",
        "only read: all_youths",
    ),
    (
        "create function peek() returns int language sql security definer as 'select 1'",
        "function peek",
    ),
];

#[tokio::test]
async fn what_is_forgotten_is_named() {
    let town = Town::new().await;
    let mut owner = as_owner(&town.database).await;
    for (statement, _) in FORGETFUL {
        owner.execute(*statement).await.expect(statement);
    }
    let found = faults(&mut as_app(&town.database).await).await.join("\n");
    for (statement, words) in FORGETFUL {
        let said = words
            .rsplit_once(": ")
            .is_none_or(|(what, name)| found.lines().any(|l| l.contains(what) && l.contains(name)))
            && (words.contains(": ") || found.contains(words));
        assert!(said, "{statement} is not found by “{words}”:\n{found}");
    }
    for (what, _) in CHECKS {
        let lines = found.lines().filter(|line| line.contains(what)).count();
        let needs_a_superuser = what.starts_with("the serving role");
        assert!(
            lines == 1 || needs_a_superuser,
            "nothing here breaks: {what}"
        );
    }
    let harvests = found.lines().filter(|l| l.contains("harvests")).count();
    assert!(harvests >= 5, "{harvests} checks name the unguarded table");
    println!("walls: {} forgotten things are all found", FORGETFUL.len());
}
