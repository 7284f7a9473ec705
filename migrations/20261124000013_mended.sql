-- Where a visit was is repeated in lists, in what other committees see and in the day book. What was
-- typed as 具体地点 may name a household, so it stands in place_text alone, which opens with the text.
-- The owner is bound by the policies too, and the day book knows no update: its force is lifted for
-- this one step.
select set_config('app.lo', '0', true), set_config('app.hi', '99999999999999', true),
    set_config('app.tenant', '-1', true);
create temp table told on commit drop as
select v.tenant_id, v.id, v.scope,
    case
        when v.place = v.place_text then c.place_name
        else left(v.place, length(v.place) - length(v.place_text) - 1)
    end as place
from visits v
join committees c on c.id = v.committee_id
where (v.organisation_id is null or v.organisation_id = v.village_id)
    and (v.place = v.place_text or right(v.place, length(v.place_text) + 1) = '，' || v.place_text);
update visits v
set place = t.place
from told t
where v.tenant_id = t.tenant_id and v.id = t.id;
update visit_cadres w
set place = t.place
from told t
where w.tenant_id = t.tenant_id and w.visit_id = t.id;
alter table day_book no force row level security;
update day_book b
set detail = jsonb_set(b.detail, '{place}', to_jsonb(t.place))
from told t
where b.tenant_id = t.tenant_id and b.verb = 'youth_met' and b.detail ->> 'visit' = t.id::text;
alter table day_book force row level security;

-- Who knew somebody only by a visit that was voided knows them no more.
grant delete on youth_cadres to qingting;

-- Who went and who was met is seen from both sides, and written only where the visit lies.
drop policy concerned on visit_cadres;
create policy seen on visit_cadres for select using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or cadre_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy added on visit_cadres for insert with check (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy changed on visit_cadres for update using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy removed on visit_cadres for delete using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
drop policy concerned on visit_youths;
create policy seen on visit_youths for select using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or youth_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy added on visit_youths for insert with check (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy changed on visit_youths for update using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy removed on visit_youths for delete using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);

-- A visit whose date is corrected takes its problems along.
grant update (raised_on) on issues to qingting;

-- A correction knows the form that it came by, so that the same one sent again is no other.
alter table visit_corrections add column fingerprint text;

-- One account is one cadre of a tenant. Of two that were made at once the earlier one keeps it; the
-- appointments of both still let in.
update cadres c
set account_id = null
where exists (
    select
    from cadres e
    where e.tenant_id = c.tenant_id and e.account_id = c.account_id
        and (e.created_at, e.id) < (c.created_at, c.id));
create unique index cadres_account_once on cadres (tenant_id, account_id);
