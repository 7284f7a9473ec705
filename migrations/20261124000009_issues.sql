-- The whole life of a 诉求: what happened to it (issue_moves), how long it has, its closings and what
-- the young person said of them, the parts that others have in it. The moves that are possible stand
-- in src/issues/moves.rs; here the keys and one check make every other impossible too: a move
-- continues the one before it, and the state of an issue is where its last move led.

-- Rows are moved below: all of them, in this transaction only.
set local app.lo = '-9223372036854775808';
set local app.hi = '9223372036854775807';

alter table issues drop constraint issues_state_check;
alter table issues drop constraint issues_source_check;
alter table issues alter column received_by drop not null;
-- step: its last move; none yet, then it is 待受理.
alter table issues add column step int;
alter table issues add column kind text not null default 'problem' check (kind in ('problem', 'idea'));
alter table issues add column is_public boolean not null default false;
-- What was asked, point by point; each gets its answer.
alter table issues add column points text[] not null default '{}';
alter table issues add column accepted_at timestamptz;
-- When it was handed over last (none: it is with whom it came to, or was sent back), and until when the
-- receiver signs.
alter table issues add column handed_at timestamptz;
alter table issues add column sign_by timestamptz;
-- The end of its time; due_from says whether the rule of the city or the sender set it. warn_at: four
-- fifths of the time are over.
alter table issues add column due_at timestamptz;
alter table issues add column due_from text check (due_from in ('rule', 'sender', 'extension'));
alter table issues add column due_start_at timestamptz;
alter table issues add column warn_at timestamptz;
alter table issues add column extensions smallint not null default 0 check (extensions between 0 and 2);
-- While it waits or is suspended: the state it goes on with, and the day it does so by itself.
alter table issues add column resume_state text;
alter table issues add column resume_on date;
-- 催办, 督办, 提请书记协调, and each level climbed: the last that was done, and when.
alter table issues add column pressed smallint not null default 0 check (pressed between 0 and 9);
alter table issues add column pressed_at timestamptz;
alter table issues add column outcome text;
alter table issues add column closings smallint not null default 0;
alter table issues add column reopenings smallint not null default 0;
alter table issues add column closed_at timestamptz;
alter table issues add column verdict text;
alter table issues add column merged_into uuid;
alter table issues add constraint issues_source_check check (source in (
    'visit', 'listening', 'home', 'hotline', 'online', 'dialogue', 'survey', 'superior', 'letter', 'handoff'));
alter table issues add constraint issues_state_check check (state in (
    'pending', 'waiting', 'accepted', 'assigned', 'reported', 'handling', 'coordinating', 'suspended',
    'done', 'explained', 'closed', 'reopened', 'declined', 'void', 'merged'));
alter table issues add constraint issues_resume_check check (
    (state in ('waiting', 'suspended')) = (resume_state is not null)
    and (resume_state is null or resume_state in ('pending', 'accepted', 'handling', 'coordinating'))
    and (state = 'suspended') = (resume_on is not null));
alter table issues add constraint issues_outcome_check check (outcome in (
    'solved', 'partly', 'planned', 'explained', 'transferred', 'unreachable', 'declined'));
alter table issues add constraint issues_closed_check check (
    (closed_at is not null) = (outcome is not null)
    and (closed_at is not null) = (state in ('done', 'explained', 'closed', 'declined')));
alter table issues add constraint issues_verdict_check check (verdict in ('done', 'half', 'not'));
alter table issues add constraint issues_sides unique (tenant_id, id, scope, handler_scope, sender_scope);
alter table issues add constraint issues_merged_into
    foreign key (tenant_id, merged_into) references issues (tenant_id, id);
create index issues_merged_into on issues (tenant_id, merged_into);
create index issues_step on issues (tenant_id, id, step, state);
create index issues_due on issues (tenant_id, due_at) include (scope, handler_scope, sender_scope, state)
    where closed_at is null;
-- What is not at its end, for the queues and their counts: all that they ask for is in the index.
create index issues_open on issues (tenant_id, state, received_at desc, id desc)
    include (scope, handler_scope, sender_scope, handler_committee_id, handler_cadre_id, received_by, due_at)
    where state not in ('void', 'merged', 'closed', 'declined');
select grant_app('issues', '{no,source,kind,youth_id,raised_on,received_by,received_at}');

-- What hangs on an issue carries its three sides (owner, handler, last sender) and moves with them:
-- who hands an issue over writes them here too, and the key refuses him if he forgets one.
create function guard_issue(name regclass, fixed text[]) returns void language plpgsql as $$
begin
    perform lock_rows(name);
    execute format(
        'alter table %s add constraint %s foreign key (tenant_id, issue_id, scope, handler_scope, sender_scope)
             references issues (tenant_id, id, scope, handler_scope, sender_scope) deferrable initially deferred',
        name, name || '_issue');
    execute format(
        'create policy concerned on %s using (
             scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint
             or handler_scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint
             or sender_scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint)',
        name);
    perform grant_app(name, fixed || '{issue_id}');
end
$$;

-- What happened: who (none: the ticker, or the young person by a link), under which appointment, at
-- which committee, when, why, from where to where. Made by the client, so that a repeated post is
-- known by its id. version: of the issue, after it. is_shown: the young person may read the words.
create table issue_moves (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    n int not null check (n >= 1),
    after int,
    version int not null,
    move text not null,
    from_state text not null,
    to_state text not null,
    side text not null check (side in (
        'handler', 'lead', 'sender', 'receiver', 'owner', 'superior', 'partner', 'youth', 'system')),
    cadre_id uuid,
    appointment_id uuid,
    actor_committee_id int,
    at timestamptz not null,
    reason text,
    words text,
    is_shown boolean not null default false,
    to_committee_id int,
    to_cadre_id uuid,
    until_at timestamptz,
    detail jsonb,
    primary key (tenant_id, id),
    unique (tenant_id, issue_id, n),
    unique (tenant_id, issue_id, n, to_state),
    check ((n = 1) = (after is null) and (after is null or after = n - 1)),
    check (n > 1 or from_state = 'pending'),
    constraint issue_moves_possible check (case move
        when 'accept' then from_state = 'pending' and to_state = 'accepted'
        when 'ask' then from_state in ('pending', 'accepted', 'handling', 'coordinating') and to_state = 'waiting'
        when 'supplement' then from_state = 'waiting'
            and to_state in ('pending', 'accepted', 'handling', 'coordinating')
        when 'decline' then from_state in ('pending', 'waiting') and to_state = 'declined'
        when 'assign' then from_state in ('pending', 'accepted', 'handling', 'coordinating', 'reopened')
            and to_state = 'assigned'
        when 'report' then from_state in ('pending', 'accepted', 'handling', 'coordinating', 'reopened')
            and to_state = 'reported'
        when 'sign' then from_state in ('assigned', 'reported') and to_state = 'handling'
        when 'send_back' then from_state in ('assigned', 'reported') and to_state = 'accepted'
        when 'recall' then from_state in ('assigned', 'reported') and to_state = 'accepted'
        when 'take' then from_state in ('accepted', 'reopened') and to_state = 'handling'
        when 'appoint' then from_state in ('pending', 'waiting', 'accepted', 'assigned', 'reported', 'handling',
            'coordinating', 'suspended', 'reopened') and to_state = from_state
        when 'progress' then from_state in ('waiting', 'accepted', 'handling', 'coordinating', 'suspended', 'reopened')
            and to_state = from_state
        when 'suspend' then from_state in ('accepted', 'handling', 'coordinating') and to_state = 'suspended'
        when 'resume' then from_state = 'suspended' and to_state in ('accepted', 'handling', 'coordinating')
        when 'ask_extension' then from_state in ('accepted', 'handling', 'coordinating', 'reopened')
            and to_state = from_state
        when 'grant' then from_state in ('waiting', 'accepted', 'handling', 'coordinating', 'suspended', 'reopened')
            and to_state = from_state
        when 'refuse' then from_state in ('waiting', 'accepted', 'handling', 'coordinating', 'suspended', 'reopened')
            and to_state = from_state
        when 'part' then from_state in ('accepted', 'handling', 'coordinating', 'reopened') and to_state = from_state
        when 'part_answer' then from_state in ('waiting', 'accepted', 'assigned', 'reported', 'handling',
            'coordinating', 'suspended', 'reopened') and to_state = from_state
        when 'refer' then from_state in ('handling', 'coordinating') and to_state = 'coordinating'
        when 'gather' then from_state = 'coordinating' and to_state = 'handling'
        when 'hand_out' then from_state in ('accepted', 'handling', 'coordinating') and to_state = 'coordinating'
        when 'hand_in' then from_state = 'coordinating' and to_state = 'handling'
        when 'close' then from_state in ('handling', 'coordinating') and to_state = 'done'
        when 'explain' then from_state = 'accepted' and to_state = 'explained'
        when 'verdict_done' then from_state in ('done', 'explained') and to_state = 'closed'
        when 'verdict_half' then from_state in ('done', 'explained') and to_state = 'closed'
        when 'verdict_not' then from_state in ('done', 'explained') and to_state = 'reopened'
        when 'lapse' then from_state in ('done', 'explained') and to_state = 'closed'
        when 'reopen' then from_state in ('done', 'explained', 'closed') and to_state = 'reopened'
            or from_state = 'declined' and to_state = 'pending'
        when 'follow_up' then from_state in ('done', 'explained', 'closed') and to_state = from_state
        when 'urge' then from_state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating',
            'reopened') and to_state = from_state
        when 'supervise' then from_state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating',
            'reopened') and to_state = from_state
        when 'raise' then from_state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating',
            'reopened') and to_state = from_state
        when 'climb' then from_state in ('pending', 'accepted', 'assigned', 'reported', 'handling', 'coordinating',
            'reopened') and to_state = 'reported'
        when 'instruct' then from_state in ('pending', 'waiting', 'accepted', 'assigned', 'reported', 'handling',
            'coordinating', 'suspended', 'reopened', 'done', 'explained', 'closed') and to_state = from_state
        when 'instruct_sign' then from_state in ('pending', 'waiting', 'accepted', 'assigned', 'reported', 'handling',
            'coordinating', 'suspended', 'reopened', 'done', 'explained', 'closed') and to_state = from_state
        when 'instruct_answer' then from_state in ('pending', 'waiting', 'accepted', 'assigned', 'reported',
            'handling', 'coordinating', 'suspended', 'reopened', 'done', 'explained', 'closed')
            and to_state = from_state
        when 'void' then from_state = 'pending' and to_state = 'void'
        when 'merge' then from_state in ('pending', 'waiting', 'accepted', 'assigned', 'reported', 'handling',
            'coordinating', 'suspended', 'reopened') and to_state = 'merged'
        else false end)
);
alter table issue_moves add constraint issue_moves_continues
    foreign key (tenant_id, issue_id, after, from_state)
    references issue_moves (tenant_id, issue_id, n, to_state) deferrable initially deferred;
alter table issue_moves add constraint issue_moves_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table issue_moves add constraint issue_moves_to_cadre
    foreign key (tenant_id, to_cadre_id) references cadres (tenant_id, id);
create index issue_moves_after on issue_moves (tenant_id, issue_id, after, from_state);
create index issue_moves_cadre on issue_moves (tenant_id, cadre_id, at desc);
create index issue_moves_to_cadre on issue_moves (tenant_id, to_cadre_id);
create index issue_moves_scope on issue_moves (tenant_id, scope, at desc);
select guard_issue('issue_moves', '{n,after,version,move,from_state,to_state,side,cadre_id,appointment_id,actor_committee_id,at,reason,words,is_shown,to_committee_id,to_cadre_id,until_at,detail}');

-- What was voided before moves were kept: one move each. Merged ones there are none, no page merged.
insert into issue_moves (tenant_id, id, issue_id, scope, handler_scope, sender_scope, n, version, move,
    from_state, to_state, side, cadre_id, at, reason)
select tenant_id, gen_random_uuid(), id, scope, handler_scope, sender_scope, 1, version,
    case state when 'void' then 'void' else 'merge' end, 'pending', state, 'owner', received_by, updated_at, state_reason
from issues
where state <> 'pending';
update issues set step = 1 where state <> 'pending';
update issues set handed_at = received_at where handler_scope <> scope;
alter table issues add constraint issues_begun check (step is not null or state = 'pending');
alter table issues add constraint issues_last_move
    foreign key (tenant_id, id, step, state)
    references issue_moves (tenant_id, issue_id, n, to_state) deferrable initially deferred;

-- A closing (办结): outcome, an answer to each point, whether it was in time and how many working days
-- it took from its acceptance, pauses left out. stands: it was not reopened. Only solved and partly
-- count as solved.
create table issue_closings (
    tenant_id int not null,
    issue_id uuid not null,
    n smallint not null check (n >= 1),
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    move_id uuid not null,
    outcome text not null check (outcome in (
        'solved', 'partly', 'planned', 'explained', 'transferred', 'unreachable', 'declined')),
    words text not null,
    points text[] not null,
    answers text[] not null,
    cadre_id uuid not null,
    closed_at timestamptz not null,
    closed_on date not null,
    due_at timestamptz,
    is_on_time boolean not null,
    working_days int not null check (working_days >= 0),
    stands boolean not null default true,
    category text not null,
    primary key (tenant_id, issue_id, n),
    check (cardinality(points) = cardinality(answers))
);
alter table issue_closings add constraint issue_closings_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table issue_closings add constraint issue_closings_move
    foreign key (tenant_id, move_id) references issue_moves (tenant_id, id);
create index issue_closings_cadre on issue_closings (tenant_id, cadre_id, closed_on);
create index issue_closings_move on issue_closings (tenant_id, move_id);
create index issue_closings_scope on issue_closings (tenant_id, scope, closed_on)
    include (issue_id, outcome, is_on_time, working_days, stands, handler_scope, sender_scope);
create unique index issue_closings_one on issue_closings (tenant_id, issue_id) where stands;
select guard_issue('issue_closings', '{n,move_id,outcome,words,points,answers,cadre_id,closed_at,closed_on,due_at,is_on_time,working_days}');

-- 评: the young person's verdict, once for each closing. passed_by: the cadre who passed the link on;
-- is_on_the_spot: its QR code was shown on his phone. Such verdicts are sampled first in 回访.
create table issue_verdicts (
    tenant_id int not null,
    issue_id uuid not null,
    n smallint not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    verdict text not null check (verdict in ('done', 'half', 'not')),
    words text,
    given_at timestamptz not null,
    given_on date not null,
    passed_by uuid,
    is_on_the_spot boolean not null default false,
    device_hash text,
    primary key (tenant_id, issue_id, n)
);
alter table issue_verdicts add constraint issue_verdicts_closing
    foreign key (tenant_id, issue_id, n) references issue_closings (tenant_id, issue_id, n);
alter table issue_verdicts add constraint issue_verdicts_passed_by
    foreign key (tenant_id, passed_by) references cadres (tenant_id, id);
create index issue_verdicts_passed_by on issue_verdicts (tenant_id, passed_by);
create index issue_verdicts_scope on issue_verdicts (tenant_id, scope, given_on) include (issue_id, verdict);
select guard_issue('issue_verdicts', '{n,verdict,words,given_at,given_on,passed_by,is_on_the_spot,device_hash}');

-- 回访: by somebody else than who closed it, apart from the closing, of its own five steps.
create table issue_followups (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    n smallint not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    why text not null check (why in ('sample', 'on_the_spot', 'asked')),
    drawn_on date not null,
    due_on date not null,
    cadre_id uuid,
    way text check (way in ('phone', 'visit', 'online', 'other')),
    is_true boolean,
    satisfaction smallint check (satisfaction between 1 and 5),
    words text,
    done_at timestamptz,
    done_on date,
    version int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, issue_id, n, why),
    check ((done_at is null) = (done_on is null) and (done_at is null) = (satisfaction is null) and (done_at is null) = (way is null))
);
alter table issue_followups add constraint issue_followups_closing
    foreign key (tenant_id, issue_id, n) references issue_closings (tenant_id, issue_id, n);
alter table issue_followups add constraint issue_followups_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index issue_followups_cadre on issue_followups (tenant_id, cadre_id);
create index issue_followups_scope on issue_followups (tenant_id, scope, done_on) include (issue_id, satisfaction);
select guard_issue('issue_followups', '{n,why,drawn_on}');

-- Time that does not count: waiting for the young person, suspended. working_days: of its length,
-- written when it ends; the end of its time moved by as much.
create table issue_pauses (
    tenant_id int not null,
    issue_id uuid not null,
    n smallint not null check (n >= 1),
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    kind text not null check (kind in ('waiting', 'suspended')),
    began_at timestamptz not null,
    until_on date,
    ended_at timestamptz,
    working_days int,
    primary key (tenant_id, issue_id, n),
    check ((ended_at is null) = (working_days is null))
);
create unique index issue_pauses_open on issue_pauses (tenant_id, issue_id) where ended_at is null;
select guard_issue('issue_pauses', '{n,kind,began_at,until_on}');

-- 延期: asked before the end of its time, answered by who set it, at most twice granted. A request lapses
-- when the matter is closed or handed over.
create table issue_extensions (
    tenant_id int not null,
    issue_id uuid not null,
    n smallint not null check (n >= 1),
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    asked_by uuid not null,
    asked_at timestamptz not null,
    reason text not null,
    wanted_on date not null,
    state text not null default 'asked' check (state in ('asked', 'granted', 'refused', 'lapsed')),
    answered_by uuid,
    answered_at timestamptz,
    words text,
    primary key (tenant_id, issue_id, n),
    check ((state = 'asked') = (answered_at is null))
);
alter table issue_extensions add constraint issue_extensions_asked_by
    foreign key (tenant_id, asked_by) references cadres (tenant_id, id);
alter table issue_extensions add constraint issue_extensions_answered_by
    foreign key (tenant_id, answered_by) references cadres (tenant_id, id);
create index issue_extensions_asked_by on issue_extensions (tenant_id, asked_by);
create index issue_extensions_answered_by on issue_extensions (tenant_id, answered_by);
create unique index issue_extensions_open on issue_extensions (tenant_id, issue_id) where state = 'asked';
select guard_issue('issue_extensions', '{n,asked_by,asked_at,reason,wanted_on}');

-- 协办: a part of another unit of the tenant (part_committee_id), or of a department without account
-- (department, by a link). What they may read of the matter is copied: matter, and the name of the
-- young person only where it was marked visible (shown_name).
create table issue_parts (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    part_committee_id int,
    part_scope bigint,
    department text,
    contact_name text,
    contact_phone text,
    matter text not null,
    task text not null,
    shown_name text,
    due_at timestamptz,
    given_by uuid not null,
    given_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'signed', 'answered', 'returned', 'withdrawn')),
    signed_at timestamptz,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    ended_reason text,
    version int not null default 1,
    primary key (tenant_id, id),
    check ((part_committee_id is null) = (part_scope is null) and (part_committee_id is null or department is null)),
    check ((state = 'answered') = (answer is not null))
);
alter table issue_parts add constraint issue_parts_committee
    foreign key (part_committee_id, tenant_id, part_scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issue_parts add constraint issue_parts_given_by
    foreign key (tenant_id, given_by) references cadres (tenant_id, id);
alter table issue_parts add constraint issue_parts_answered_by
    foreign key (tenant_id, answered_by) references cadres (tenant_id, id);
create index issue_parts_committee on issue_parts (part_committee_id, tenant_id, part_scope);
create index issue_parts_issue on issue_parts (tenant_id, issue_id);
create index issue_parts_given_by on issue_parts (tenant_id, given_by);
create index issue_parts_answered_by on issue_parts (tenant_id, answered_by);
create index issue_parts_part on issue_parts (tenant_id, part_scope, state);
select guard_issue('issue_parts', '{part_committee_id,part_scope,department,matter,given_by,given_at}');
drop policy concerned on issue_parts;
create policy concerned on issue_parts using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or handler_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or sender_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or part_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);

-- 书记批示: one sentence and a day; the receiver signs and reports back.
create table issue_instructions (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    cadre_id uuid not null,
    actor_committee_id int not null,
    words text not null,
    due_on date not null,
    given_at timestamptz not null,
    signed_by uuid,
    signed_at timestamptz,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    primary key (tenant_id, id),
    check ((signed_by is null) = (signed_at is null)),
    check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
alter table issue_instructions add constraint issue_instructions_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table issue_instructions add constraint issue_instructions_signed_by
    foreign key (tenant_id, signed_by) references cadres (tenant_id, id);
alter table issue_instructions add constraint issue_instructions_answered_by
    foreign key (tenant_id, answered_by) references cadres (tenant_id, id);
create index issue_instructions_issue on issue_instructions (tenant_id, issue_id);
create index issue_instructions_cadre on issue_instructions (tenant_id, cadre_id);
create index issue_instructions_signed_by on issue_instructions (tenant_id, signed_by);
create index issue_instructions_answered_by on issue_instructions (tenant_id, answered_by);
select guard_issue('issue_instructions', '{cadre_id,actor_committee_id,words,due_on,given_at}');

-- 附件: the row is the only way to the content, which lies outside the database under key.
create table issue_files (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    part_scope bigint,
    move_id uuid,
    part_id uuid,
    name text not null,
    media_type text not null,
    size bigint not null check (size between 1 and 10485760),
    sha256 text not null,
    key text not null,
    is_shown boolean not null default false,
    cadre_id uuid,
    added_at timestamptz not null,
    removed_at timestamptz,
    primary key (tenant_id, id)
);
alter table issue_files add constraint issue_files_move
    foreign key (tenant_id, move_id) references issue_moves (tenant_id, id) deferrable initially deferred;
alter table issue_files add constraint issue_files_part
    foreign key (tenant_id, part_id) references issue_parts (tenant_id, id) deferrable initially deferred;
alter table issue_files add constraint issue_files_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index issue_files_issue on issue_files (tenant_id, issue_id);
create index issue_files_move on issue_files (tenant_id, move_id);
create index issue_files_part on issue_files (tenant_id, part_id);
create index issue_files_cadre on issue_files (tenant_id, cadre_id);
select guard_issue('issue_files', '{part_scope,part_id,name,media_type,size,sha256,key,cadre_id,added_at}');
drop policy concerned on issue_files;
create policy concerned on issue_files using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or handler_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or sender_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or part_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);

-- Who came by the public page: name and phone if he gave them. Not in the text, so that it can be
-- taken away (撤回／删除我的信息) and the matter stays countable.
create table issue_reporters (
    tenant_id int not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    name text,
    phone text,
    consent_at timestamptz not null,
    withdrawn_at timestamptz,
    primary key (tenant_id, issue_id)
);
select guard_issue('issue_reporters', '{consent_at}');

-- Links and codes of those who have no account: the query code of the public page, the link for the
-- verdict of one closing, the link of a department for its part. Only the hash is kept. Who holds the
-- secret sees the one row that app.session names.
create table issue_links (
    tenant_id int not null,
    token_hash text not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    kind text not null check (kind in ('track', 'verdict', 'part')),
    closing smallint,
    part_id uuid,
    made_by uuid,
    made_at timestamptz not null,
    expires_at timestamptz,
    opened_at timestamptz,
    used_at timestamptz,
    tries smallint not null default 0,
    primary key (tenant_id, token_hash)
);
alter table issue_links add constraint issue_links_part
    foreign key (tenant_id, part_id) references issue_parts (tenant_id, id) deferrable initially deferred;
alter table issue_links add constraint issue_links_made_by
    foreign key (tenant_id, made_by) references cadres (tenant_id, id);
create index issue_links_token on issue_links (token_hash);
create index issue_links_issue on issue_links (tenant_id, issue_id);
create index issue_links_part on issue_links (tenant_id, part_id);
create index issue_links_made_by on issue_links (tenant_id, made_by);
select guard_issue('issue_links', '{token_hash,kind,closing,part_id,made_by,made_at}');
create policy keyed on issue_links using (token_hash = current_setting('app.session')) with check (token_hash = current_setting('app.session'));

-- Out of the tenant, up to the province's own: what is asked, in words without the person, and the
-- answer that came back. The ticker makes the linked matter there and brings the answer here.
create table issue_handoffs (
    tenant_id int not null,
    id uuid not null,
    issue_id uuid not null,
    scope bigint not null,
    handler_scope bigint not null,
    sender_scope bigint not null,
    to_tenant_id int not null,
    to_committee_id int not null,
    to_scope bigint not null,
    matter text not null,
    task text not null,
    category text not null,
    urgency text not null,
    due_at timestamptz,
    cadre_id uuid not null,
    sent_at timestamptz not null,
    linked_issue_id uuid,
    linked_at timestamptz,
    outcome text,
    answer text,
    answered_at timestamptz,
    returned_at timestamptz,
    primary key (tenant_id, id),
    check ((answer is null) = (answered_at is null))
);
alter table issue_handoffs add constraint issue_handoffs_to
    foreign key (to_committee_id, to_tenant_id, to_scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issue_handoffs add constraint issue_handoffs_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
create index issue_handoffs_to on issue_handoffs (to_committee_id, to_tenant_id, to_scope);
create index issue_handoffs_issue on issue_handoffs (tenant_id, issue_id);
create index issue_handoffs_cadre on issue_handoffs (tenant_id, cadre_id);
create index issue_handoffs_linked on issue_handoffs (to_tenant_id, linked_issue_id);
select guard_issue('issue_handoffs', '{to_tenant_id,to_committee_id,to_scope,matter,task,category,urgency,cadre_id,sent_at}');
drop policy concerned on issue_handoffs;
create policy concerned on issue_handoffs using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or handler_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or sender_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or to_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);

-- 提醒, by cadre and day: it lies at the committee of who is told and is written from where it comes.
-- cause: the move it tells of, so that nothing is told twice.
create table issue_notices (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    from_committee_id int not null,
    from_scope bigint not null,
    cadre_id uuid not null,
    issue_id uuid not null,
    kind text not null,
    cause uuid not null,
    at timestamptz not null,
    on_day date not null,
    read_at timestamptz,
    primary key (tenant_id, id)
);
alter table issue_notices add constraint issue_notices_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issue_notices add constraint issue_notices_from
    foreign key (from_committee_id, tenant_id, from_scope) references committees (id, tenant_id, code_lo) deferrable;
alter table issue_notices add constraint issue_notices_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table issue_notices add constraint issue_notices_issue
    foreign key (tenant_id, issue_id) references issues (tenant_id, id);
create index issue_notices_committee on issue_notices (committee_id, tenant_id, scope);
create index issue_notices_from on issue_notices (from_committee_id, tenant_id, from_scope);
create index issue_notices_cadre on issue_notices (tenant_id, cadre_id, at desc);
create index issue_notices_issue on issue_notices (tenant_id, issue_id);
create unique index issue_notices_once on issue_notices (tenant_id, cadre_id, cause, kind);
select lock_rows('issue_notices');
create policy concerned on issue_notices using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or from_scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
select grant_app('issue_notices', '{from_committee_id,from_scope,cadre_id,issue_id,kind,cause,at,on_day}');

-- How long a matter may take (办理期限), by category ('' for each) and urgency: parameters of the city,
-- read in the whole tenant. Where there is no row the defaults of src/issues/due.rs hold.
create table issue_rules (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    category text not null check (category ~ '^(|0[1-9]|1[0-5]|99)$'),
    urgency text not null check (urgency in ('1', '2', '3', '4')),
    unit text not null check (unit in ('days', 'hours')),
    n int not null check (n between 1 and 400),
    version int not null default 1,
    primary key (tenant_id, committee_id, category, urgency)
);
alter table issue_rules add constraint issue_rules_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index issue_rules_committee on issue_rules (committee_id, tenant_id, scope);
select guard_directory('issue_rules', '{category,urgency}');

-- The other limits of the city, one row. Both are the city's own rows: committee_id is the tenant's.
create table issue_limits (
    tenant_id int not null,
    committee_id int not null,
    scope bigint not null,
    sign_hours int not null default 24 check (sign_hours between 1 and 240),
    warn_percent int not null default 80 check (warn_percent between 1 and 99),
    climb_days int not null default 2 check (climb_days between 1 and 60),
    climb_again_days int not null default 5 check (climb_again_days between 1 and 90),
    suspend_days int not null default 30 check (suspend_days between 1 and 180),
    reopen_days int not null default 15 check (reopen_days between 1 and 90),
    reopen_by_committee_days int not null default 90 check (reopen_by_committee_days between 1 and 365),
    follow_up_percent int not null default 10 check (follow_up_percent between 0 and 100),
    version int not null default 1,
    primary key (tenant_id, committee_id)
);
alter table issue_limits add constraint issue_limits_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index issue_limits_committee on issue_limits (committee_id, tenant_id, scope);
select guard_directory('issue_limits', '{}');

-- 代办: who acts for a cadre on leave, from and to, both days included; one at a time.
create table deputies (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    cadre_id uuid not null,
    deputy_id uuid not null,
    from_on date not null,
    to_on date not null,
    ended_on date,
    made_by uuid not null,
    made_at timestamptz not null,
    primary key (tenant_id, id),
    check (from_on <= to_on)
);
alter table deputies add constraint deputies_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
alter table deputies add constraint deputies_cadre
    foreign key (tenant_id, cadre_id) references cadres (tenant_id, id);
alter table deputies add constraint deputies_deputy
    foreign key (tenant_id, deputy_id) references cadres (tenant_id, id);
alter table deputies add constraint deputies_made_by
    foreign key (tenant_id, made_by) references cadres (tenant_id, id);
create index deputies_committee on deputies (committee_id, tenant_id, scope);
create index deputies_cadre on deputies (tenant_id, cadre_id, to_on);
create index deputies_deputy on deputies (tenant_id, deputy_id, to_on);
create index deputies_made_by on deputies (tenant_id, made_by);
select guard_directory('deputies', '{cadre_id,deputy_id,from_on,made_by,made_at}');

-- What is still in a cadre's hands: asked when he leaves.
create or replace view cadre_matters with (security_invoker = true) as
select tenant_id, handler_cadre_id as cadre_id, id as matter_id
from issues
where closed_at is null and state not in ('void', 'merged') and handler_cadre_id is not null;

-- Figures of closings: the one that stands, on its day, at the committee that owns the issue.
create view figure_d02 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands and outcome in ('solved', 'partly');

create view figure_d03 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands;

-- From the evening it was heard to the day it was closed.
create view figure_d04a with (security_invoker = true) as
select i.tenant_id, i.scope, i.raised_on as day, c.closed_on as ends_on, i.id as key, i.id as row_id
from issues i
left join issue_closings c on c.tenant_id = i.tenant_id and c.issue_id = i.id and c.stands
where i.state not in ('void', 'merged');

create view figure_d05 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id
from issue_closings
where stands and is_on_time;

create view figure_d06 with (security_invoker = true) as
select tenant_id, scope, closed_on as day, issue_id as key, issue_id as row_id, working_days as amount
from issue_closings
where stands;

grant select on figure_d02, figure_d03, figure_d04a, figure_d05, figure_d06 to qingting;
