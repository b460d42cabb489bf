-- What is known of a home is taken out as it came. A hub of a later version may send what PostgreSQL keeps as JSON and
-- cannot make jsonb of (a NUL in a text, a number beyond all bounds); one such record, and nothing of the home came out.
drop function export_home(text);
create function export_home(which text) returns table (source text, line json)
language plpgsql stable security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
    step record;
    shown text;  -- all but what is sealed; what a hub sent that could not be read, as far as it can be shown
begin
    if not exists (select from home h where h.home = which and h.organisation = any (reach())) then
        return;
    end if;
    for step in
        select tab, string_agg('(' || condition || ')', ' or ') as condition
        from rows_about_home(which) group by tab order by tab::text
    loop
        select string_agg(case when atttypid = 'bytea'::regtype
                then format('encode(t.%1$I, ''escape'') as %1$I', attname) else format('t.%I', attname) end,
            ', ' order by attnum) into shown
        from pg_attribute
        where attrelid = step.tab and attnum > 0 and not attisdropped
            and (atttypid <> 'bytea'::regtype or attname = 'body');
        return query execute format(
            'select %L::text, row_to_json(q) from (select %s from %s t where %s) q',
            replace(step.tab::text, 'series.', ''), shown, step.tab, step.condition);
    end loop;
end $$;
revoke execute on function export_home from public;
grant execute on function export_home to telecare_organisation;
