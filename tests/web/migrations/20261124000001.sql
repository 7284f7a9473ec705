-- Where the rows of later tables lie: a city of its own tenant.
insert into committees (id, level, kind, class, tenant_id, code_lo, code_hi, code, full_name, short_name,
    common_name, place_name, starts_on)
values (1, 3, 'area', 'LD', 1, 100, 199, '991200', '共青团清川市委员会', '团清川市委', '清川团市委', '清川市', '2020-01-01');
