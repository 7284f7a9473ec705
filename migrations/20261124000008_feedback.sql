-- 投诉建议: what a user says about the product or the work, answered by the committee's admin.

create table feedback (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    text text not null,
    page text,
    author_id uuid not null,
    created_at timestamptz not null,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    version int not null default 1,
    primary key (tenant_id, id),
    check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
alter table feedback add constraint feedback_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table feedback add constraint feedback_author
    foreign key (tenant_id, author_id) references cadres (tenant_id, id);
alter table feedback add constraint feedback_answered_by
    foreign key (tenant_id, answered_by) references cadres (tenant_id, id);
create index feedback_committee on feedback (committee_id, tenant_id, scope);
create index feedback_author on feedback (tenant_id, author_id);
create index feedback_answered_by on feedback (tenant_id, answered_by);
create index feedback_scope on feedback (tenant_id, scope, created_at desc, id desc);
create index feedback_created on feedback (tenant_id, created_at desc, id desc) include (scope);
select guard('feedback', '{text,page,author_id,created_at}');
