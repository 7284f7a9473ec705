-- The newest visits of a county stand among those of its whole tenant: what a list asks for is in the
-- index, so that a county without recent visits does not fetch its neighbours' rows to pass over them.
drop index visits_started;
create index visits_started on visits (tenant_id, started_at desc, id desc)
    include (scope, state, evening, is_night, mode);

-- Figures are counted from indexes alone. Row-level security asks for both sides of a two-sided row,
-- and what counts once for its key; a column that is missing here means fetching every row.
drop index visits_evening;
create index visits_evening on visits (tenant_id, scope, evening)
    include (is_night, headcount, state, organisation_id, village_id);
drop index visit_youths_scope;
create index visit_youths_scope on visit_youths (tenant_id, scope, evening)
    include (youth_id, counts, youth_scope);
drop index visit_cadres_scope;
create index visit_cadres_scope on visit_cadres (tenant_id, scope, evening)
    include (cadre_id, counts, cadre_scope);
drop index visit_cadres_cadre_scope;
create index visit_cadres_cadre_scope on visit_cadres (tenant_id, cadre_scope, evening)
    include (cadre_id, is_night, counts, scope);
