-- To erase or export one home reads what is of that home, and not every event of every client.
create or replace function rows_about_home(which text) returns table (tab regclass, condition text)
language plpgsql stable set search_path = public, pg_temp as $$
declare
    hubs text := format('select hub from hub where home = %L', which);
    known record;
    named record;
begin
    for known in
        select * from (values
            ('home', 'text', format('= %L', which)),
            ('hub', 'text', format('in (%s)', hubs)),
            ('journal', 'bigint', format('in (select journal from journal where hub in (%s))', hubs)),
            ('alert', 'bigint', format('in (select id from alert where home = %L)', which)),
            ('resident', 'uuid', format('in (select resident from resident where home = %L)', which))
        ) as it (col, kind, condition)
    loop
        for named in
            select c.oid::regclass as tab
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = known.col and not a.attisdropped
            where c.relnamespace in ('public'::regnamespace, 'series'::regnamespace)
                and c.relkind in ('r', 'p') and not c.relispartition
                and format_type(a.atttypid, null) = known.kind
                and c.relname not in ('home', 'hub', 'journal', 'alert', 'resident')
                -- What names its home or hub is found by that: no index leads from a journal to its events.
                and not (known.col = 'journal' and exists (
                    select from pg_attribute b
                    where b.attrelid = c.oid and b.attname in ('home', 'hub') and not b.attisdropped))
        loop
            return query select * from rows_about(named.tab, format('%I %s', known.col, known.condition));
        end loop;
    end loop;
    return query select * from rows_about('home', format('home = %L', which));
end $$;

-- What came of a call outlives the list of people that it was on.
alter table cohort_contact alter column cohort drop not null;
alter table cohort_contact drop constraint cohort_contact_cohort_fkey;
alter table cohort_contact add constraint cohort_contact_cohort_fkey
    foreign key (cohort) references cohort on delete set null;
drop policy own on cohort_contact;
create policy own on cohort_contact to telecare_organisation
    using (exists (select from home h where h.home = cohort_contact.home));

-- What waits to be told goes when somebody in the home no longer agrees, or has come to live there and
-- was not asked yet.
create function hold_back() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz := coalesce(
        (to_jsonb(new) ->> 'put_at')::timestamptz, (to_jsonb(new) ->> 'added_at')::timestamptz);
begin
    update outbox m
    set state = 'left_out', body = '{}', ended_at = moment, lease = null, lease_until = null, secret = null
    from destination d, resident r join home h on h.home = r.home
    where r.resident = new.resident and m.home = r.home and m.state = 'waiting'
        and d.destination = m.destination and d.purpose is not null
        and not consented(h.home, d.purpose, (moment at time zone h.time_zone)::date);
    return null;
end $$;
create trigger hold_back after insert on consent for each row execute function hold_back();
create trigger hold_back after insert on resident for each row execute function hold_back();
