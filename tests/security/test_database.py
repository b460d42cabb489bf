"""The database's own functions, views and roles open no way around row-level security."""

import asyncpg
import pytest

from api.services import Services
from api.store.reach import within
from tests.api.support import add_alert, add_device, add_user

ROLES = ("telecare_organisation", "telecare_centre")
_FUNCTIONS = """
select p.oid::regprocedure::text as name, p.proconfig as settings,
    p.prorettype = 'trigger'::regtype as fires,
    has_function_privilege('public', p.oid, 'execute') as everybody
from pg_proc p
where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'series'::regnamespace)
order by 1
"""


async def test_what_runs_as_the_owner_looks_nowhere_else_and_is_open_to_nobody_in_general(
    connection: asyncpg.Connection,
) -> None:
    found = await connection.fetch(_FUNCTIONS)
    assert len(found) >= 10
    for one in found:
        paths = [said for said in one["settings"] or () if said.startswith("search_path=")]
        assert paths, one["name"]
        # Whoever may make a temporary table must not have it taken for one of ours.
        assert paths[0].endswith(", pg_temp"), one["name"]
        # What fires by itself can be called by nobody.
        assert one["fires"] or not one["everybody"], one["name"]


async def test_the_roles_of_requests_can_do_nothing_of_their_own(
    connection: asyncpg.Connection,
) -> None:
    for role in ROLES:
        row = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, "
            "has_schema_privilege(rolname, 'public', 'create') as creates "
            "from pg_roles where rolname = $1",
            role,
        )
        assert row is not None
        assert not any(row.values()), role
        owned = await connection.fetchval(
            "select count(*) from pg_class where relowner = $1::regrole", role
        )
        assert owned == 0


async def test_no_table_stands_open_beneath_the_rules(connection: asyncpg.Connection) -> None:
    bare = await connection.fetch(
        "select c.oid::regclass::text as name from pg_class c, unnest($1::text[]) as role "
        "where c.relkind in ('r', 'p') and c.relnamespace in "
        "('public'::regnamespace, 'series'::regnamespace) and not c.relrowsecurity "
        "and has_any_column_privilege(role, c.oid, 'select, insert, update')",
        list(ROLES),
    )
    assert {row["name"] for row in bare} == {"migration"}  # names of files, for everybody to read


async def test_no_view_shows_with_its_owner_s_eyes_what_the_rules_would_hide(
    connection: asyncpg.Connection,
) -> None:
    views = await connection.fetch(
        "select oid::regclass::text as name, coalesce(reloptions, '{}') as options, "
        "pg_get_viewdef(oid) as text from pg_class where relkind = 'v' "
        "and relnamespace = 'public'::regnamespace "
        "and has_any_column_privilege('telecare_organisation', oid, 'select')"
    )
    assert len(views) >= 6
    for view in views:
        asks = "security_invoker=true" in view["options"]
        keeps = "security_barrier=true" in view["options"] and "reach()" in view["text"]
        assert asks or keeps, view["name"]


async def test_what_runs_as_the_owner_does_nothing_for_another_organisation(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, "ours", label="Flat of ours")
    alert = await add_alert(services, device)
    ann = await add_user(services)
    await services.alerts.claim(alert, ann)
    other = (await services.organisations.add("Others")).organisation
    asked = {
        "select erase_home('ours', now())": 0,
        "select erase_resident('ours', gen_random_uuid())": 0,
        "select count(*) from export_home('ours')": 0,
        "select send_prompt(1, 'x', array['sms'], now(), now())": False,
        "select send_request(1, 'x', 'any', now(), now())": False,
        "select consented('ours', 'any', current_date)": False,
        "select count(*) from home where home = 'ours'": 0,
    }
    for sql, said in asked.items():
        async with services.database.transaction(within([other])) as inside:
            assert await inside.fetchval(sql) == said, sql
    assert await connection.fetchval("select count(*) from alert where home = 'ours'") == 1
    async with services.database.transaction(within([1])) as inside:
        assert await inside.fetchval("select count(*) from export_home('ours')") > 0


PAST = (
    "select count(*) from series.event",
    "select tell_others(a, 'raise', 1, now()) from alert a",
    "select * from rows_about_home('ours')",
    "select keep_house(now())",
    "insert into outbox (organisation) values (1)",
    "insert into home (home, label, time_zone, organisation) values ('x', '', 'UTC', 1)",
    "update home set organisation = 1",
    "insert into cohort (organisation, name, criteria, quiet_days) values (1, 'x', '{}', 1)",
    (
        "insert into export_job (organisations, staff, types, identified, request, asked_at, "
        "expires_at) values ('{1}', 1, '{}', false, '', now(), now())"
    ),
    "select password_hash from staff",
    "select public_key from passkey",
    "select secret from second_factor",
    "select settings, secrets from destination",
    "delete from audit",
    "update alert_history set at = now()",
    "create table mine (a int)",
)


async def test_a_request_s_role_cannot_reach_past_what_it_was_granted(services: Services) -> None:
    other = (await services.organisations.add("Others")).organisation
    for sql in PAST:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RaiseError)):
            async with services.database.transaction(within([other])) as inside:
                await inside.execute(sql)
