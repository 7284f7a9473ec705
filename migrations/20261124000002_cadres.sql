-- Cadres (团干部), what only their own line may read of them, and their appointments (任职). words:
-- the name as it is typed in search (pinyin, initials), one after the other between spaces.

create table cadres (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    name text not null,
    words text not null default '',
    account_id uuid,
    version int not null default 1,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, id, scope)
);
alter table cadres add constraint cadres_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index cadres_committee on cadres (committee_id, tenant_id, scope);
create index cadres_scope on cadres (tenant_id, scope, id);
create index cadres_account on cadres (account_id);
select lock_rows('cadres');
create policy listed on cadres for select using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or tenant_id = current_setting('app.tenant')::int
    or account_id = current_setting('app.account')::uuid);
create policy added on cadres for insert with check (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy changed on cadres for update using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('cadres', '{created_at}');

create table cadre_particulars (
    tenant_id int not null,
    cadre_id uuid not null,
    scope bigint not null,
    phone text not null,
    sex text,
    birth_on date,
    politics text,
    education text,
    work_unit text,
    primary key (tenant_id, cadre_id)
);
alter table cadre_particulars add constraint cadre_particulars_cadre
    foreign key (tenant_id, cadre_id, scope) references cadres (tenant_id, id, scope) deferrable;
create index cadre_particulars_phone on cadre_particulars (tenant_id, phone);
select guard('cadre_particulars', '{cadre_id}');

-- ends_on is the first day on which he no longer holds the post.
create table appointments (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    cadre_id uuid not null,
    account_id uuid,
    role text not null check (role in ('cadre', 'secretary', 'admin')),
    post text not null,
    nature text not null check (nature in ('full', 'seconded', 'part')),
    starts_on date not null,
    ends_on date,
    is_primary boolean not null,
    version int not null default 1,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    check (ends_on is null or ends_on >= starts_on)
);
alter table appointments add constraint appointments_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table appointments add constraint appointments_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index appointments_committee on appointments (committee_id, tenant_id, scope);
create index appointments_cadre on appointments (tenant_id, cadre_id);
create index appointments_account on appointments (account_id);
create index appointments_scope on appointments (tenant_id, scope, cadre_id);
create unique index appointments_once on appointments (tenant_id, cadre_id, committee_id, post) where ends_on is null;
select lock_rows('appointments');
create policy listed on appointments for select using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or tenant_id = current_setting('app.tenant')::int
    or account_id = current_setting('app.account')::uuid);
create policy added on appointments for insert with check (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy changed on appointments for update using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('appointments', '{created_at,cadre_id}');
