-- The ground: how a table is guarded, the tree of committees, accounts and sessions, the day book.
-- Every row that belongs to a committee carries tenant_id, committee_id and scope (the committee's
-- code_lo). See docs/architecture.md, "The three walls".

-- What the app role may do to a table: read, insert, and update every column but those that say
-- whose row it is. Deleting is granted by name where a record kind needs it.
create function grant_app(name regclass, fixed text[]) returns void language plpgsql as $$
declare
    columns text;
begin
    select string_agg(quote_ident(attname), ', ') into columns
    from pg_attribute
    where attrelid = name
        and attnum > 0
        and not attisdropped
        and attname <> all (fixed || '{tenant_id,id,committee_id,scope}');
    execute format('grant select, insert on %s to qingting', name);
    if columns is not null then
        execute format('grant update (%s) on %s to qingting', columns, name);
    end if;
end
$$;

-- Row-level security in force, for the owner too. Policies follow.
create function lock_rows(name regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
end
$$;

-- A scoped table: a row is seen and written by who has its committee in his interval.
create function guard(name regclass, fixed text[] default '{}') returns void language plpgsql as $$
begin
    perform lock_rows(name);
    execute format(
        'create policy scoped on %s using (scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint)',
        name);
    perform grant_app(name, fixed);
end
$$;

-- A directory: read in the whole tenant (names and posts of colleagues, organisations visited),
-- written within the interval.
create function guard_directory(name regclass, fixed text[] default '{}') returns void language plpgsql as $$
begin
    perform lock_rows(name);
    execute format(
        'create policy listed on %s for select using (scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint or tenant_id = current_setting(''app.tenant'')::int)',
        name);
    execute format(
        'create policy added on %s for insert with check (scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint)',
        name);
    execute format(
        'create policy changed on %s for update using (scope between current_setting(''app.lo'')::bigint and current_setting(''app.hi'')::bigint)',
        name);
    perform grant_app(name, fixed);
end
$$;

-- Open reference: names and kinds of committees are public. Who writes has the parent in his
-- interval, or plants (the operator's account, which sees no record).
create table committees (
    id int primary key,
    parent_id int references committees (id),
    level smallint not null check (level between 1 and 6),
    kind text not null check (kind in ('area', 'zone', 'line', 'unit')),
    class text not null check (class in ('LD', 'JW', 'GW', 'ZZ', 'ZB', 'LS')),
    tenant_id int not null,
    code_lo bigint not null unique,
    code_hi bigint not null,
    division_code bigint,
    code text not null unique,
    ext_zhtj_id text unique,
    form_id uuid unique,
    full_name text not null,
    short_name text not null,
    common_name text not null,
    place_name text not null,
    starts_on date not null,
    ends_on date,
    successor_id int references committees (id),
    version int not null default 1,
    unique (id, tenant_id, code_lo),
    check (code_lo <= code_hi),
    check (ends_on is null or ends_on >= starts_on)
);
create sequence committee_ids as int;
create index committees_parent on committees (parent_id, code_lo);
create index committees_successor on committees (successor_id);
create index committees_division on committees (division_code);
create index committees_tenant on committees (tenant_id, code_lo);
select lock_rows('committees');
create policy open_to_read on committees for select using (true);
create policy planted_below on committees for insert with check (
    code_lo > current_setting('app.lo')::bigint and code_lo <= current_setting('app.hi')::bigint
    or current_setting('app.planter') = 'on');
create policy changed_below on committees for update using (
    code_lo > current_setting('app.lo')::bigint and code_lo <= current_setting('app.hi')::bigint
    or current_setting('app.planter') = 'on');
select grant_app('committees', '{parent_id,level,code_lo,code_hi,form_id}');
grant usage on sequence committee_ids to qingting;

-- Keyed: an account is seen by who knows its phone number's hash (signing in) or is it. A one-time
-- code is used once and ends after five wrong tries; between its use and the first password of one's
-- own there is neither, and nobody can sign in.
create table accounts (
    id uuid primary key,
    phone_hash text not null unique,
    password text,
    code_hash text,
    code_expires_at timestamptz,
    code_tries smallint not null default 0,
    must_change boolean not null default true,
    system_name text,
    theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
    large_text boolean not null default false,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    check ((code_hash is null) = (code_expires_at is null))
);
select lock_rows('accounts');
create policy keyed on accounts using (
    phone_hash = current_setting('app.login') or id = current_setting('app.account')::uuid);
select grant_app('accounts', '{created_at,system_name}');

-- Keyed: a session is seen by who has its token, and listed to its account. One that has ended stays
-- until it is swept: a form that comes late is parked for the account and appointment it was.
create table sessions (
    token_hash text primary key,
    id uuid not null unique,
    account_id uuid not null references accounts (id),
    appointment_tenant_id int,
    appointment_id uuid,
    own_phone boolean not null,
    device text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    confirmed_at timestamptz not null,
    ends_at timestamptz not null
);
create index sessions_account on sessions (account_id);
create index sessions_end on sessions (ends_at);
select lock_rows('sessions');
create policy keyed on sessions using (
    token_hash = current_setting('app.session') or account_id = current_setting('app.account')::uuid);
create policy swept_seen on sessions for select using (ends_at < current_setting('app.swept_before')::timestamptz);
create policy swept on sessions for delete using (ends_at < current_setting('app.swept_before')::timestamptz);
select grant_app('sessions', '{token_hash,account_id,created_at}');
grant delete on sessions to qingting;

-- Keyed: a form that arrived after its session had ended, until its writer has signed in again.
create table parked_posts (
    key_hash text primary key,
    account_id uuid,
    appointment_id uuid,
    path text not null,
    content_type text not null,
    body bytea not null,
    parked_at timestamptz not null,
    expires_at timestamptz not null
);
create index parked_posts_end on parked_posts (expires_at);
select lock_rows('parked_posts');
create policy keyed on parked_posts using (key_hash = current_setting('app.session'));
create policy swept_seen on parked_posts for select using (expires_at < current_setting('app.swept_before')::timestamptz);
create policy swept on parked_posts for delete using (expires_at < current_setting('app.swept_before')::timestamptz);
grant select, insert, delete on parked_posts to qingting;

-- The day book: who did what to which record. Insert-only; never a name, phone or free text of a
-- young person in it, except a purpose that was asked for.
create table day_book (
    tenant_id int not null,
    id uuid not null,
    committee_id int not null,
    scope bigint not null,
    at timestamptz not null,
    verb text not null,
    object_kind text not null,
    object_id uuid,
    account_id uuid not null,
    cadre_id uuid,
    actor_committee_id int,
    purpose text,
    detail jsonb,
    request_id text not null,
    primary key (tenant_id, id)
);
alter table day_book add constraint day_book_committee
    foreign key (committee_id, tenant_id, scope) references committees (id, tenant_id, code_lo) deferrable;
create index day_book_object on day_book (tenant_id, object_id, at desc);
create index day_book_scope on day_book (tenant_id, scope, at desc, id desc);
create index day_book_at on day_book (tenant_id, at desc, id desc) include (scope);
create index day_book_committee on day_book (committee_id, tenant_id, scope);
select lock_rows('day_book');
create policy scoped on day_book for select using (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint);
create policy written on day_book for insert with check (
    scope between current_setting('app.lo')::bigint and current_setting('app.hi')::bigint
    or current_setting('app.planter') = 'on');
grant select, insert on day_book to qingting;
