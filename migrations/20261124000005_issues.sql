-- 诉求: a problem of a young person. It changes hands, so three committees may be concerned: the
-- owner (scope), who handles it, and who sent it last. Here it is only born (待受理).

create table issues (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    handler_committee_id int not null,
    handler_scope bigint not null,
    handler_cadre_id uuid,
    sender_scope bigint not null,
    no text not null,
    detail text not null,
    category text not null check (category ~ '^(0[1-9]|1[0-5]|99)$'),
    urgency text not null check (urgency in ('1', '2', '3', '4')),
    source text not null check (source in ('visit')),
    youth_id uuid,
    village_id uuid,
    is_sensitive boolean not null,
    state text not null default 'pending' check (state in ('pending', 'void', 'merged')),
    state_reason text,
    raised_on date not null,
    received_by uuid not null,
    received_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, id, scope)
);
alter table issues add constraint issues_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issues add constraint issues_handler
    foreign key (handler_committee_id, tenant_id, handler_scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issues add constraint issues_handler_cadre
    foreign key (tenant_id, handler_cadre_id) references cadres (tenant_id, id);
alter table issues add constraint issues_youth
    foreign key (tenant_id, youth_id) references youths (tenant_id, id);
alter table issues add constraint issues_received_by
    foreign key (tenant_id, received_by) references cadres (tenant_id, id);
alter table issues add constraint issues_village
    foreign key (tenant_id, village_id) references organisations (tenant_id, id);
create index issues_village on issues (tenant_id, village_id);
create index issues_committee on issues (committee_id, tenant_id, scope);
create index issues_handler on issues (handler_committee_id, tenant_id, handler_scope);
create index issues_handler_cadre on issues (tenant_id, handler_cadre_id);
create index issues_youth on issues (tenant_id, youth_id);
create index issues_received_by on issues (tenant_id, received_by);
create index issues_handler_scope on issues (tenant_id, handler_scope, received_at desc, id desc);
create index issues_sender_scope on issues (tenant_id, sender_scope);
create index issues_scope on issues (tenant_id, scope, received_at desc, id desc);
create index issues_received on issues (tenant_id, received_at desc, id desc) include (scope, handler_scope, sender_scope, state);
create index issues_raised on issues (tenant_id, scope, raised_on) include (category, state);
-- A committee that is renamed leaves its numbers behind, so another may come by the same letters.
create unique index issues_no on issues (tenant_id, no, committee_id);
select lock_rows('issues');
create policy concerned on issues using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or handler_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or sender_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('issues', '{no,source,youth_id,raised_on,received_by,received_at}');

-- What is still in a cadre's hands: asked when he leaves.
create view cadre_matters with (security_invoker = true) as
select tenant_id, handler_cadre_id as cadre_id, id as matter_id
from issues
where state = 'pending' and handler_cadre_id is not null;
grant select on cadre_matters to qingting;

-- Human numbers, gap-free a committee and year: one row each, taken in the record's transaction.
create table counters (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    kind text not null,
    year int not null,
    n int not null,
    primary key (tenant_id, committee_id, kind, year)
);
alter table counters add constraint counters_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index counters_committee on counters (committee_id, tenant_id, scope);
select guard('counters', '{kind,year}');
