-- C07 counts the same units as C08: counties and 市本级. 直属系统, zones and a province's own rows are no
-- unit: their evenings stand on their own page alone, so above a county only rows with is_unit count.
create or replace view figure_c07 with (security_invoker = true) as
select v.tenant_id, v.scope, v.evening as day,
    (v.scope / 100000000) * 100000 + (v.evening - date '2000-01-01') as key, v.id as row_id,
    coalesce(k.level = 3 or k.level = 4 and k.kind = 'area', false) as is_unit
from visits v
left join committees k on k.code_lo = v.scope / 100000000 * 100000000
where v.state = 'submitted' and v.is_night and v.headcount > 0;

-- What was rolled up before is counted again where it changes. The owner is bound by the policies too.
select set_config('app.lo', '0', true), set_config('app.hi', '99999999999999', true),
    set_config('app.tenant', '-1', true);
insert into stale_months (tenant_id, committee_id, scope, month, marked_at)
select distinct v.tenant_id, v.committee_id, v.scope, date_trunc('month', v.day::timestamp)::date, now()
from (
    select c.tenant_id, x.committee_id, c.scope, c.day
    from figure_c07 c
    join visits x on x.tenant_id = c.tenant_id and x.id = c.row_id
    where not c.is_unit
) v
on conflict (tenant_id, committee_id, month) do update set marked_at = excluded.marked_at;
