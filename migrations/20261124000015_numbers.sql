-- One number is one cadre of a tenant, also where nobody has given him an account yet. Particulars are
-- seen by their own line alone, so who appoints finds the row by the hash of the number that he was
-- told, as a login is found (accounts::store::phone_hash).
create function phone_key(phone text) returns text language sql immutable strict parallel safe
    return encode(sha256(('qingting login ' || phone)::bytea), 'hex');
alter table cadre_particulars add column phone_hash text generated always as (phone_key(phone)) stored;
create index cadre_particulars_hash on cadre_particulars (tenant_id, phone_hash);
create policy keyed on cadre_particulars for select using (phone_hash = current_setting('app.login'));
