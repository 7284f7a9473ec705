-- 回访 is never done by who closed: the closer stands in the row, as the closing has him, and a check keeps
-- him out. It knows the move that it was done by, so that a repeated post is one.
alter table issue_closings add constraint issue_closings_closer unique (tenant_id, issue_id, n, cadre_id);
alter table issue_followups add column closed_by uuid;
alter table issue_followups add column move_id uuid;
-- Rows are moved below: all of them, in this transaction only.
set local app.lo = '-9223372036854775808';
set local app.hi = '9223372036854775807';
update issue_followups f
set closed_by = c.cadre_id
from issue_closings c
where c.tenant_id = f.tenant_id and c.issue_id = f.issue_id and c.n = f.n;
alter table issue_followups alter column closed_by set not null;
alter table issue_followups add constraint issue_followups_closer
    foreign key (tenant_id, issue_id, n, closed_by) references issue_closings (tenant_id, issue_id, n, cadre_id);
alter table issue_followups add constraint issue_followups_another check (cadre_id <> closed_by);
alter table issue_followups add constraint issue_followups_done check ((done_at is null) = (cadre_id is null)
    and (done_at is null) = (move_id is null));
alter table issue_followups add constraint issue_followups_move
    foreign key (tenant_id, move_id) references issue_moves (tenant_id, id) deferrable initially deferred;
create index issue_followups_closer on issue_followups (tenant_id, issue_id, n, closed_by);
create index issue_followups_move on issue_followups (tenant_id, move_id);
revoke update (issue_id, closed_by) on issue_followups from qingting;
grant update (move_id) on issue_followups to qingting;
-- Those that wait, the soonest due first.
create index issue_followups_open on issue_followups (tenant_id, due_on, id)
    include (issue_id, n, scope, handler_scope, sender_scope, closed_by) where done_at is null;

-- On which device, and from which network, the link was made and the matter was closed: hashes that are
-- salted with the matter, so that they tell nothing but whether the verdict came from there. is_near: it
-- came from the network of who handles it, so it is looked at again first.
alter table issue_closings add column device_hash text;
alter table issue_links add column device_hash text;
alter table issue_closings add column network_hash text;
alter table issue_links add column network_hash text;
alter table issue_verdicts add column is_near boolean not null default false;
grant update (device_hash, network_hash) on issue_closings to qingting;
