-- 提醒 of a deputyship belong to no matter.
alter table issue_notices alter column issue_id drop not null;
-- The bell: what one has not read, counted from the index alone.
create index issue_notices_unread on issue_notices (tenant_id, cadre_id) include (scope, from_scope)
    where read_at is null;

-- 批示 without an answer, for whoever handles the matter and for whoever gave it.
create index issue_instructions_open on issue_instructions (tenant_id, due_on)
    include (handler_scope, scope, sender_scope, issue_id)
    where answer is null;

-- Without a number: the category goes by the rule for all again.
alter table issue_rules alter column n drop not null;

-- What the clock looks for, each by an index of its own: only what is to be pressed now is read.
create index issues_warned on issues (tenant_id, warn_at, id)
    include (scope, handler_scope, sender_scope)
    where pressed = 0 and state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened');
create index issues_pressed on issues (tenant_id, pressed, due_at, id)
    include (scope, handler_scope, sender_scope, handler_committee_id, pressed_at)
    where state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'reopened');
create index issues_suspended on issues (tenant_id, resume_on, id)
    include (scope, handler_scope, sender_scope)
    where state = 'suspended';
create index issues_judged on issues (tenant_id, closed_at, id)
    include (scope, handler_scope, sender_scope)
    where state in ('done', 'explained');

-- Those whose time the rules set: a changed rule or calendar counts it again, page by page.
create index issues_by_rule on issues (tenant_id, id)
    include (scope, handler_scope, sender_scope)
    where closed_at is null and due_from = 'rule';

-- 期限重算: that it was asked for, how far it is. calendar_at: the calendar that was counted by.
create table issue_recounts (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    asked_at timestamptz not null,
    calendar_at timestamptz,
    after_id uuid,
    done_at timestamptz,
    changed int not null default 0,
    primary key (tenant_id, committee_id)
);
alter table issue_recounts add constraint issue_recounts_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index issue_recounts_committee on issue_recounts (committee_id, tenant_id, scope);
select guard('issue_recounts');
