-- What a unit with a part may know of the matter besides what was written for it: its number and kind.
alter table issue_parts add column no text not null default '';
alter table issue_parts add column category text not null default '99';

-- The city sees nothing of the province's own records: how the linked matter stands there is written
-- into the row that both see. handed_in_at: what became of it is in the city's matter.
-- shown_name: the young person's, where it was marked visible.
alter table issue_handoffs add column shown_name text;
alter table issue_handoffs add column returned_reason text;
alter table issue_handoffs add column linked_no text;
alter table issue_handoffs add column linked_state text;
alter table issue_handoffs add column linked_due_at timestamptz;
alter table issue_handoffs add column holder text;
alter table issue_handoffs add column handed_in_at timestamptz;
grant update (returned_reason, linked_no, linked_state, linked_due_at, holder, handed_in_at) on issue_handoffs to qingting;
create index issue_handoffs_under_way on issue_handoffs (tenant_id, sent_at) where handed_in_at is null;
create index issue_handoffs_unanswered on issue_handoffs (to_scope) where answered_at is null and returned_at is null;

-- A matter that came up from another tenant counts there, where it was heard, and nowhere else: the
-- province is the sum of its cities.
alter table issue_closings add column counts boolean not null default true;
drop index issues_raised;
create index issues_raised on issues (tenant_id, scope, raised_on) include (id, category, state, source, handler_scope, sender_scope);
drop index issue_closings_scope;
create index issue_closings_scope on issue_closings (tenant_id, scope, closed_on)
    include (issue_id, outcome, is_on_time, working_days, stands, counts, handler_scope, sender_scope);

create or replace view figure_d01 with (security_invoker = true) as
select tenant_id, scope, raised_on as day, id as key, id as row_id, category
from issues
where state not in ('void', 'merged') and source <> 'handoff';

create or replace view figure_d02 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands and counts and outcome in ('solved', 'partly');

create or replace view figure_d03 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands and counts;

create or replace view figure_d04a with (security_invoker = true) as
select i.tenant_id, i.scope, i.raised_on as day, c.closed_on as ends_on, i.id as key, i.id as row_id
from issues i
left join issue_closings c on c.tenant_id = i.tenant_id and c.issue_id = i.id and c.stands
where i.state not in ('void', 'merged') and i.source <> 'handoff';

create or replace view figure_d05 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands and counts and is_on_time;

create or replace view figure_d06 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id, working_days as amount
from issue_closings
where stands and counts;
