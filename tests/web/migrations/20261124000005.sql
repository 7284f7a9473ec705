-- A 诉求 that was voided before its moves were kept.
insert into issues (tenant_id, id, committee_id, scope, handler_committee_id, handler_scope, sender_scope, no,
    detail, category, urgency, source, is_sensitive, state, state_reason, raised_on, received_by, received_at,
    updated_at)
select tenant_id, '00000000-0000-7000-8000-00000000dead', committee_id, scope, committee_id, scope, scope, '旧 1 号',
    '记重了的一件', '01', '3', 'visit', false, 'void', '记重了', '2026-11-20', id, '2026-11-20 21:00+08',
    '2026-11-21 09:00+08'
from cadres
limit 1;
