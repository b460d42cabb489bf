"""Whoever altered a database by hand is told so before the next upgrade fails on it."""

import asyncpg
import pytest

from api.store.drift import drift
from api.store.migrate import migrate

REACH_ALL = """
create or replace function reach() returns bigint[] language sql stable
as $$ select array(select organisation from organisation) $$
"""


async def test_a_database_is_as_the_migrations_made_it(connection: asyncpg.Connection) -> None:
    assert await drift(connection) == []
    await connection.execute("select series.add_months(now(), now() + interval '9 months')")
    assert await drift(connection) == [], "months come and go"


BY_HAND = [
    ("alter table alert add column colour text", "was added: column public.alert.colour text"),
    ("alter table home drop column label cascade", "is gone: column public.home.label text"),
    ("drop index alert_lease", "is gone: index CREATE INDEX alert_lease"),
    ("drop trigger append_only on alert_history", "is gone: trigger CREATE TRIGGER append_only"),
    ("alter table hub drop constraint hub_check", "is gone: constraint public.hub"),
    (REACH_ALL, "was added: function public.reach()"),
    # Whose rows somebody sees
    ("alter table hub disable row level security", "is gone: row security public.hub"),
    ("alter table hub force row level security", "was added: row security of the owner public.hub"),
    ("drop policy own on home", "is gone: policy public.home.own"),
    (
        "alter view alert_shown reset (security_invoker)",
        "is gone: option public.alert_shown security_invoker=true",
    ),
    (
        "alter view event reset (security_barrier)",
        "is gone: option public.event security_barrier=true",
    ),
    (
        "create materialized view leak as select * from alert",
        "was added: materialized view public.leak",
    ),
    ("create schema aside", "was added: schema aside"),
    (
        "create schema aside; create view aside.leak as select * from alert",
        "was added: plain view aside.leak",
    ),
    # What is never to change, and what is to happen
    (
        "alter table audit disable trigger append_only",
        "was added: trigger append_only of public.audit is off",
    ),
    (
        "alter table audit disable trigger all",
        "was added: trigger append_only of public.audit is off",
    ),
    (
        "alter table audit enable replica trigger append_only",
        "was added: trigger append_only of public.audit is off but for replicas",
    ),
    (
        "alter table alert_history disable trigger all",
        "was added: trigger RI_ConstraintTrigger_",
    ),
    (
        "create rule gone as on insert to audit do instead nothing",
        "was added: rule public.audit.gone",
    ),
    ("alter table session set unlogged", "was added: unlogged public.session"),
    # Who may
    (
        "grant select on session to telecare_organisation",
        "was added: rights public.session telecare_organisation select",
    ),
    (
        "grant select (password_hash) on staff to telecare_organisation",
        "was added: rights public.staff.password_hash telecare_organisation select",
    ),
    (
        "grant create on schema public to telecare_organisation",
        "was added: rights schema public telecare_organisation create",
    ),
    (
        "alter table audit owner to telecare_organisation",
        "was added: owner of public.audit telecare_organisation",
    ),
    (
        "alter default privileges grant all on tables to public",
        "was added: rights to come r =",
    ),
    (
        "alter role telecare_organisation bypassrls",
        "was added: role telecare_organisation bypassrls",
    ),
    ("alter role telecare_centre login", "was added: role telecare_centre login"),
    (
        "grant telecare_centre to telecare_organisation",
        "was added: role telecare_organisation is also telecare_centre",
    ),
]


@pytest.mark.parametrize(("by_hand", "told"), BY_HAND)
async def test_what_was_changed_by_hand_is_named(
    connection: asyncpg.Connection, by_hand: str, told: str
) -> None:
    # Undone, as roles are the whole server's.
    change = connection.transaction()
    await change.start()
    await connection.execute(by_hand)
    found = await drift(connection)
    await change.rollback()
    assert any(line.startswith(told) for line in found), found
    assert await drift(connection) == []


_TAKEN_AWAY = """
select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as by_hand,
    format('was added: trigger %s of public.%s is off', tgname, tgrelid::regclass) as told
from pg_trigger
where not tgisinternal and tgrelid::regclass::text not like 'series.%'
union all
select format('alter table %s disable row level security', oid::regclass),
    format('is gone: row security public.%s', oid::regclass)
from pg_class where relrowsecurity
union all
select format('alter view %s reset (%s)', oid::regclass, split_part(option, '=', 1)),
    format('is gone: option public.%s %s', oid::regclass, option)
from pg_class, unnest(reloptions) as option
where relkind = 'v' and relnamespace = 'public'::regnamespace
union all
select format('grant execute on function %s to public', oid::regprocedure),
    format('was added: rights public.%s everybody execute', oid::regprocedure)
from pg_proc
where pronamespace = 'public'::regnamespace and prokind = 'f'
    and not has_function_privilege('public', oid, 'execute')
"""


async def test_no_guard_that_there_is_can_be_taken_away_unseen(
    connection: asyncpg.Connection,
) -> None:
    guards = await connection.fetch(_TAKEN_AWAY)
    kinds = {line["told"].split(" public.")[0].split(":")[1].split(" of")[0] for line in guards}
    assert {" row security", " option", " rights"} < kinds
    await connection.execute(";".join(line["by_hand"] for line in guards))
    assert {line["told"] for line in guards} - set(await drift(connection)) == set()


async def test_what_was_described_in_fewer_words_is_described_anew_and_not_told_as_changed(
    connection: asyncpg.Connection,
) -> None:
    await connection.execute("delete from schema_made where line ~ '^(described|role|option) '")
    assert await drift(connection) == []
    assert await migrate(connection) == []
    await connection.execute("alter view alert_shown reset (security_invoker)")
    assert len(await drift(connection)) == 1
