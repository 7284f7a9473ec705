-- Young people (青年): what is needed to stay in touch, and nothing else. Lent to us: masked by
-- default, each reveal is a line of the day book.

create table youths (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    name text not null,
    sex text,
    birth_on date,
    phone text,
    wechat text,
    groups text[] not null,
    politics text,
    education text,
    village_id uuid,
    hometown_code bigint,
    work_unit text,
    occupation text,
    skill text,
    is_local_talent boolean not null default false,
    care text not null default 'none' check (care in ('none', 'difficult', 'key')),
    consent text not null default 'none' check (consent in ('none', 'told', 'guardian')),
    consent_at timestamptz,
    guardian_name text,
    guardian_phone text,
    note text,
    source text not null check (source in ('visit', 'paste', 'form', 'import')),
    state text not null default 'active' check (state in ('active', 'merged', 'stopped', 'anonymised')),
    merged_into uuid,
    last_met_on date,
    fingerprint text not null,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, id, scope)
);
alter table youths add constraint youths_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table youths add constraint youths_created_by
    foreign key (tenant_id, created_by) references cadres (tenant_id, id);
alter table youths add constraint youths_village
    foreign key (tenant_id, village_id) references organisations (tenant_id, id);
alter table youths add constraint youths_merged_into
    foreign key (tenant_id, merged_into) references youths (tenant_id, id);
create index youths_committee on youths (committee_id, tenant_id, scope);
create index youths_created_by on youths (tenant_id, created_by);
create index youths_village on youths (tenant_id, village_id);
create index youths_merged_into on youths (tenant_id, merged_into);
create index youths_scope on youths (tenant_id, scope, updated_at desc, id desc);
create index youths_updated on youths (tenant_id, updated_at desc, id desc) include (scope);
create index youths_phone on youths (tenant_id, phone) where phone is not null;
create index youths_name on youths (tenant_id, name collate "C");
select guard('youths', '{created_by,created_at,source,fingerprint}');

-- What a person can be found by: name and its endings, full pinyin, initials, last four digits. Both
-- indexes hold the scope, so that the policy is answered from them and no row is fetched.
create table youth_words (
    tenant_id int not null,
    word text collate "C" not null,
    scope bigint not null,
    youth_id uuid not null,
    primary key (tenant_id, word, youth_id) include (scope)
);
alter table youth_words add constraint youth_words_youth
    foreign key (tenant_id, youth_id, scope) references youths (tenant_id, id, scope) on delete cascade deferrable;
create index youth_words_youth on youth_words (tenant_id, youth_id, scope, word);
select guard('youth_words', '{youth_id,word}');
grant delete on youth_words to qingting;

-- Which cadre knows which young person: he met or registered them, so he sees the name whole.
create table youth_cadres (
    tenant_id int not null,
    youth_id uuid not null,
    cadre_id uuid not null,
    scope bigint not null,
    since timestamptz not null,
    last_met_on date,
    primary key (tenant_id, youth_id, cadre_id)
);
alter table youth_cadres add constraint youth_cadres_youth
    foreign key (tenant_id, youth_id, scope) references youths (tenant_id, id, scope) on delete cascade deferrable;
alter table youth_cadres add constraint youth_cadres_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index youth_cadres_youth on youth_cadres (tenant_id, youth_id, scope);
create index youth_cadres_cadre on youth_cadres (tenant_id, cadre_id, last_met_on);
select guard('youth_cadres', '{youth_id,cadre_id,since}');
