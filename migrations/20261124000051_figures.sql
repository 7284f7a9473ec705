-- Figures of verdicts, of 回访, of what went to departments. Each counts at the committee that owns the
-- matter; void and merged matters are left out.
create view figure_d07a with (security_invoker = true) as
select v.tenant_id, v.scope, v.given_on as day, md5(v.issue_id::text || v.n::text)::uuid as key,
    v.issue_id as row_id, v.verdict
from issue_verdicts v
join issues i on i.tenant_id = v.tenant_id and i.id = v.issue_id
where i.state not in ('void', 'merged');

create view figure_d07 with (security_invoker = true) as
select tenant_id, scope, day, key, row_id
from figure_d07a
where verdict = 'done';

-- Of the closings that stand, by their own day, those that were followed up.
create view figure_d08 with (security_invoker = true) as
select c.tenant_id, c.scope, c.closed_on as day, c.issue_id as key, c.issue_id as row_id
from issue_closings c
where c.stands and c.counts and exists (
    select from issue_followups f
    where f.tenant_id = c.tenant_id and f.issue_id = c.issue_id and f.n = c.n and f.done_on is not null);

-- 回访 itself, by the day on which it was done, also of closings that fell because of it.
create view figure_d08a with (security_invoker = true) as
select f.tenant_id, f.scope, f.done_on as day, f.id as key, f.issue_id as row_id, f.satisfaction
from issue_followups f
join issues i on i.tenant_id = f.tenant_id and i.id = f.issue_id
where f.done_on is not null and i.state not in ('void', 'merged') and i.source <> 'handoff';

create view figure_d08b with (security_invoker = true) as
select tenant_id, scope, day, key, row_id
from figure_d08a
where satisfaction >= 3;

-- What was put before departments without account, and before how many of them.
create view figure_d10 with (security_invoker = true) as
select p.tenant_id, p.scope, (p.given_at at time zone 'Asia/Shanghai')::date as day, p.id as key,
    p.issue_id as row_id, p.department
from issue_parts p
join issues i on i.tenant_id = p.tenant_id and i.id = p.issue_id
where p.department is not null and p.state <> 'withdrawn' and i.state not in ('void', 'merged');

create view figure_d10a with (security_invoker = true) as
select tenant_id, scope, day, department as key, row_id
from figure_d10;

grant select on figure_d07a, figure_d07, figure_d08, figure_d08a, figure_d08b, figure_d10, figure_d10a
    to qingting;
