-- Figures: one view an indicator (口径 in src/figures), all of the same shape, from which page,
-- list, Excel and roll-up select: tenant_id, scope (where it counts), day (the evening or date that
-- decides the period), key (what is counted once), row_id (the record that proves it).
-- security_invoker: the reader's own rows, not the owner's.

create view figure_a07 with (security_invoker = true) as
select tenant_id, scope, starts_on as day, ends_on, cadre_id as key, id as row_id, nature
from appointments;

create view figure_a08 with (security_invoker = true) as
select a.tenant_id, a.scope, a.starts_on as day, a.ends_on, a.cadre_id as key, a.id as row_id, a.nature
from appointments a
join committees c on c.id = a.committee_id
where a.nature in ('full', 'seconded') or c.level <= 4 and c.class = 'LD';

create view figure_c01 with (security_invoker = true) as
select tenant_id, scope, evening as day, cadre_id as key, visit_id as row_id
from visit_cadres
where counts;

create view figure_c02 with (security_invoker = true) as
select tenant_id, scope, evening as day, id as key, id as row_id
from visits
where state = 'submitted' and is_night and headcount > 0;

create view figure_c03 with (security_invoker = true) as
select v.tenant_id, v.scope, v.evening as day, coalesce(o.successor_id, o.id) as key, v.id as row_id
from visits v
join organisations o on o.tenant_id = v.tenant_id and o.id = v.organisation_id
where v.state = 'submitted' and v.headcount > 0;

create view figure_c04 with (security_invoker = true) as
select v.tenant_id, v.scope, v.evening as day, coalesce(o.successor_id, o.id) as key, v.id as row_id
from visits v
join organisations o on o.tenant_id = v.tenant_id and o.id = v.village_id
where v.state = 'submitted' and v.headcount > 0;

create view figure_c05 with (security_invoker = true) as
select tenant_id, scope, evening as day, youth_id as key, visit_id as row_id
from visit_youths
where counts;

create view figure_c06 with (security_invoker = true) as
select tenant_id, scope, evening as day, youth_id as key, visit_id as row_id
from visit_youths
where counts;

-- The unit is the committee of county level: the first six of the code's fourteen digits. A city's
-- own visits have county digits 00 and so make the unit 市本级.
create view figure_c07 with (security_invoker = true) as
select tenant_id, scope, evening as day, (scope / 100000000) * 100000 + (evening - date '2000-01-01') as key, id as row_id
from visits
where state = 'submitted' and is_night and headcount > 0;

create view figure_c09 with (security_invoker = true) as
select tenant_id, cadre_scope as scope, evening as day, cadre_id as key, visit_id as row_id
from visit_cadres
where counts and is_night;

create view figure_d01 with (security_invoker = true) as
select tenant_id, scope, raised_on as day, id as key, id as row_id, category
from issues
where state not in ('void', 'merged');

grant select on figure_a07, figure_a08, figure_c01, figure_c02, figure_c03, figure_c04, figure_c05,
    figure_c06, figure_c07, figure_c09, figure_d01 to qingting;

-- Roll-ups, a row for every ancestor up to the tenant. period: day, month, quarter, year, and the
-- same stretch of last year up to today's date (month_ly, quarter_ly, year_ly).
create table stats (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    period text not null check (period in ('day', 'month', 'quarter', 'year', 'month_ly', 'quarter_ly', 'year_ly')),
    starts_on date not null,
    metric text not null,
    n bigint not null,
    computed_at timestamptz not null,
    primary key (tenant_id, committee_id, period, starts_on, metric)
);
alter table stats add constraint stats_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index stats_committee on stats (committee_id, tenant_id, scope);
create index stats_scope on stats (tenant_id, scope, period, starts_on, metric) include (n);
select guard('stats', '{period,starts_on,metric}');
grant delete on stats to qingting;

-- Months whose roll-up is out of date, put here by the write itself.
create table stale_months (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    month date not null,
    marked_at timestamptz not null,
    primary key (tenant_id, committee_id, month)
);
alter table stale_months add constraint stale_months_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index stale_months_committee on stale_months (committee_id, tenant_id, scope);
-- A visit with a cadre of another committee changes that one's figures too, so a mark may be set in the
-- whole tenant; it says nothing but that a month is to be counted.
select lock_rows('stale_months');
create policy in_tenant on stale_months using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or tenant_id = current_setting('app.tenant')::int);
select grant_app('stale_months', '{month}');
grant delete on stale_months to qingting;

-- A figure of an earlier year that no record of ours carries: typed once, with definition and source.
create table typed_figures (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    indicator text not null,
    from_on date not null,
    to_on date not null,
    n bigint not null check (n >= 0),
    definition text not null,
    source text not null,
    cadre_id uuid not null,
    typed_at timestamptz not null,
    version int not null default 1,
    primary key (tenant_id, id),
    check (from_on <= to_on)
);
alter table typed_figures add constraint typed_figures_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table typed_figures add constraint typed_figures_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index typed_figures_committee on typed_figures (committee_id, tenant_id, scope);
create index typed_figures_cadre on typed_figures (tenant_id, cadre_id);
create unique index typed_figures_once on typed_figures (tenant_id, committee_id, indicator, from_on, to_on);
select guard('typed_figures', '{indicator,from_on,to_on}');
