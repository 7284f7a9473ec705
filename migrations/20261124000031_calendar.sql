-- 放假安排: the State Council's notice of a year, the same for every city. Read by all; written by the
-- 系统管理员, so that no city types it again. A year that is here replaces the vendored one.
create table calendar_years (
    year int primary key check (year between 2000 and 2100),
    holidays date[] not null,
    workdays date[] not null,
    text text not null,
    version int not null default 1,
    changed_at timestamptz not null
);
select lock_rows('calendar_years');
create policy open_to_read on calendar_years for select using (true);
create policy planted on calendar_years for insert with check (current_setting('app.planter') = 'on');
create policy changed on calendar_years for update using (current_setting('app.planter') = 'on');
select grant_app('calendar_years', '{year}');
