-- Visits (走访; by night 访谈夜): one session, with the cadres who went, the young people met, the
-- organisations visited, the problems heard. evening = the date of the noon before, stored at entry.

create table visits (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    no text not null,
    mode text not null,
    started_at timestamptz not null,
    minutes int check (minutes between 0 and 1440),
    is_night boolean not null,
    evening date not null,
    place_kind text not null,
    place text not null,
    village_id uuid,
    organisation_id uuid,
    place_text text,
    walkins int not null default 0 check (walkins between 0 and 999),
    headcount int not null check (headcount between 0 and 1998),
    unmet_reason text,
    content text not null default '',
    mood text check (mood in ('positive', 'steady', 'puzzled', 'attention')),
    companions text,
    late_reason text,
    state text not null default 'submitted' check (state in ('submitted', 'void', 'merged')),
    state_reason text,
    merged_into uuid,
    author_id uuid not null,
    source text not null check (source in ('phone', 'desk', 'import')),
    fingerprint text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, id, scope),
    check ((headcount = 0) = (unmet_reason is not null))
);
alter table visits add constraint visits_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table visits add constraint visits_author
    foreign key (tenant_id, author_id) references cadres (tenant_id, id);
alter table visits add constraint visits_organisation
    foreign key (tenant_id, organisation_id) references organisations (tenant_id, id);
alter table visits add constraint visits_village
    foreign key (tenant_id, village_id) references organisations (tenant_id, id);
alter table visits add constraint visits_merged_into
    foreign key (tenant_id, merged_into) references visits (tenant_id, id);
create index visits_committee on visits (committee_id, tenant_id, scope);
create index visits_author on visits (tenant_id, author_id, started_at desc);
create index visits_organisation on visits (tenant_id, organisation_id);
create index visits_village on visits (tenant_id, village_id);
create index visits_merged_into on visits (tenant_id, merged_into);
create index visits_scope on visits (tenant_id, scope, started_at desc, id desc);
create index visits_started on visits (tenant_id, started_at desc, id desc) include (scope);
create index visits_evening on visits (tenant_id, scope, evening) include (is_night, headcount, state);
-- A committee that is renamed leaves its numbers behind, so another may come by the same letters.
create unique index visits_no on visits (tenant_id, no, committee_id);
select guard('visits', '{no,author_id,source,fingerprint,created_at}');

-- A cadre of another committee sees that the visit was, when and where, but not its text: what he
-- may see is copied here. Visits are counted at scope, a cadre's nights at cadre_scope.
create table visit_cadres (
    tenant_id int not null,
    visit_id uuid not null,
    cadre_id uuid not null,
    scope bigint not null,
    cadre_committee_id int not null,
    cadre_scope bigint not null,
    is_lead boolean not null,
    started_at timestamptz not null,
    evening date not null,
    is_night boolean not null,
    counts boolean not null,
    place text not null,
    primary key (tenant_id, visit_id, cadre_id)
);
alter table visit_cadres add constraint visit_cadres_visit
    foreign key (tenant_id, visit_id, scope) references visits (tenant_id, id, scope) deferrable;
alter table visit_cadres add constraint visit_cadres_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table visit_cadres add constraint visit_cadres_committee
    foreign key (cadre_committee_id, tenant_id, cadre_scope) references committees (id, tenant_id, code_lo) deferrable;
create index visit_cadres_visit on visit_cadres (tenant_id, visit_id, scope);
create index visit_cadres_cadre on visit_cadres (tenant_id, cadre_id, started_at desc, visit_id);
create index visit_cadres_committee on visit_cadres (cadre_committee_id, tenant_id, cadre_scope);
create index visit_cadres_scope on visit_cadres (tenant_id, scope, evening) include (cadre_id, counts);
create index visit_cadres_cadre_scope on visit_cadres (tenant_id, cadre_scope, evening) include (cadre_id, is_night, counts);
create unique index visit_cadres_lead on visit_cadres (tenant_id, visit_id) where is_lead;
select lock_rows('visit_cadres');
create policy concerned on visit_cadres using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or cadre_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('visit_cadres', '{visit_id,cadre_id,cadre_committee_id,cadre_scope}');
grant delete on visit_cadres to qingting;

-- Who was met. The committee of the young person sees that another one met them, and when.
create table visit_youths (
    tenant_id int not null,
    visit_id uuid not null,
    youth_id uuid not null,
    scope bigint not null,
    youth_scope bigint not null,
    started_at timestamptz not null,
    evening date not null,
    counts boolean not null,
    primary key (tenant_id, visit_id, youth_id)
);
alter table visit_youths add constraint visit_youths_visit
    foreign key (tenant_id, visit_id, scope) references visits (tenant_id, id, scope) deferrable;
alter table visit_youths add constraint visit_youths_youth
    foreign key (tenant_id, youth_id, youth_scope) references youths (tenant_id, id, scope) deferrable;
create index visit_youths_visit on visit_youths (tenant_id, visit_id, scope);
create index visit_youths_youth on visit_youths (tenant_id, youth_id, started_at desc);
create index visit_youths_scope on visit_youths (tenant_id, scope, evening) include (youth_id, counts);
select lock_rows('visit_youths');
create policy concerned on visit_youths using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or youth_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('visit_youths', '{visit_id,youth_id,youth_scope}');
grant delete on visit_youths to qingting;

-- The problems heard on a visit. issues knows no visit.
create table visit_problems (
    tenant_id int not null,
    visit_id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    primary key (tenant_id, visit_id, issue_id)
);
alter table visit_problems add constraint visit_problems_visit
    foreign key (tenant_id, visit_id, scope) references visits (tenant_id, id, scope) deferrable;
alter table visit_problems add constraint visit_problems_issue
    foreign key (tenant_id, issue_id) references issues (tenant_id, id);
create index visit_problems_visit on visit_problems (tenant_id, visit_id, scope);
create index visit_problems_issue on visit_problems (tenant_id, issue_id);
select guard('visit_problems', '{visit_id,issue_id}');

-- A correction (更正) keeps what stood before, why and by whom it was changed.
create table visit_corrections (
    tenant_id int not null,
    visit_id uuid not null,
    version int not null,
    scope bigint not null,
    at timestamptz not null,
    cadre_id uuid not null,
    reason text,
    before jsonb not null,
    primary key (tenant_id, visit_id, version)
);
alter table visit_corrections add constraint visit_corrections_visit
    foreign key (tenant_id, visit_id, scope) references visits (tenant_id, id, scope) deferrable;
alter table visit_corrections add constraint visit_corrections_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index visit_corrections_visit on visit_corrections (tenant_id, visit_id, scope);
create index visit_corrections_cadre on visit_corrections (tenant_id, cadre_id);
select lock_rows('visit_corrections');
create policy scoped on visit_corrections using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
grant select, insert on visit_corrections to qingting;
