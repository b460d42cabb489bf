"""The database's own functions, views and roles open no way around row-level security."""

import asyncpg

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
