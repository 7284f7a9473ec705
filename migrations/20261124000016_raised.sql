-- What was raised between two days, from the index alone: figures read the sides, which the policy asks for,
-- and the id, by which a closing is found.
drop index issues_raised;
create index issues_raised on issues (tenant_id, scope, raised_on)
    include (id, category, state, handler_scope, sender_scope);
