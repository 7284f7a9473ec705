-- Organisations that are visited (走访的基层团组织、单位): villages and communities of a street,
-- enterprises, schools, youth homes. A village is one with its committee of level 6 and lies there;
-- the others lie at the committee that wrote them down. A merged one names its successor; figures count the successor.

create table organisations (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    kind text not null check (kind in ('village', 'community', 'enterprise', 'school', 'youth_home', 'park', 'shop', 'other')),
    name text not null,
    successor_id uuid,
    state text not null default 'active' check (state in ('active', 'merged', 'closed')),
    version int not null default 1,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    check ((state = 'merged') = (successor_id is not null))
);
alter table organisations add constraint organisations_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table organisations add constraint organisations_successor
    foreign key (tenant_id, successor_id) references organisations (tenant_id, id);
create index organisations_committee on organisations (committee_id, tenant_id, scope);
create index organisations_successor on organisations (tenant_id, successor_id);
create index organisations_scope on organisations (tenant_id, scope, kind, name);
create unique index organisations_village on organisations (tenant_id, committee_id) where kind in ('village', 'community');
create unique index organisations_name on organisations (tenant_id, scope, kind, name) where state = 'active';
select guard_directory('organisations', '{created_at}');
