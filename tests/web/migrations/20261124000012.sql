-- Where a visit was, as it was written until now: with what had been typed.
update visits set place = '溪口镇上溪村，陈一诺家', place_text = '陈一诺家', organisation_id = null;
update visit_cadres set place = '溪口镇上溪村，陈一诺家';
insert into day_book (tenant_id, id, committee_id, scope, at, verb, object_kind, account_id, detail, request_id)
select tenant_id, gen_random_uuid(), committee_id, scope, now(), 'youth_met', 'youth', gen_random_uuid(),
    jsonb_build_object('visit', id, 'evening', evening, 'place', place), 'sample'
from visits;
