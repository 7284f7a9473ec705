-- Each row is a fault of the second wall; no row: it stands.
select 'the serving role ' || current_user || ' is a superuser or bypasses row-level security; use the app role'
from pg_roles
where rolname = current_user and (rolsuper or rolbypassrls)
union all
select 'the serving role owns ' || c.relname || '; tables must belong to the owner role'
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') and pg_get_userbyid(c.relowner) = current_user
union all
select 'row-level security does not bind the serving role on ' || c.relname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'
    and not (row_security_active(c.oid) and c.relforcerowsecurity)
union all
select 'there is no policy on ' || c.relname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'
    and not exists (select from pg_policy p where p.polrelid = c.oid)
union all
select 'the view ' || c.relname || ' does not run with the reader''s rights'
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'v'
    and not coalesce('security_invoker=true' = any (c.reloptions), false)
