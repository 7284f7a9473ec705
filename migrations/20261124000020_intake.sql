-- The public page of a committee: a visitor without account writes one matter down there and reads
-- nothing. `app.door` names the committee; what comes through it is at its very beginning, in nobody's
-- hands, of nobody who is registered. Counter and mark are read by an upsert: they say nothing of anybody.
create policy door on issues for insert with check (
    scope = nullif(current_setting('app.door', true), '')::bigint and handler_scope = scope and sender_scope = scope
    and source = 'online' and state = 'pending' and step is null and received_by is null
    and handler_cadre_id is null and youth_id is null and not is_public);
create policy door on issue_reporters for insert with check (
    scope = nullif(current_setting('app.door', true), '')::bigint and handler_scope = scope and sender_scope = scope);
create policy door on counters using (scope = nullif(current_setting('app.door', true), '')::bigint and kind = 'issue');
create policy door on stale_months using (scope = nullif(current_setting('app.door', true), '')::bigint);
create policy door on day_book for insert with check (
    scope = nullif(current_setting('app.door', true), '')::bigint and verb = 'issue_added' and cadre_id is null);
