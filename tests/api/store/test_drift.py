"""Whoever altered a database by hand is told so before the next upgrade fails on it."""

import asyncpg
import pytest

from api.store.drift import drift

REACH_ALL = """
create or replace function reach() returns bigint[] language sql stable
as $$ select array(select organisation from organisation) $$
"""


async def test_a_database_is_as_the_migrations_made_it(connection: asyncpg.Connection) -> None:
    assert await drift(connection) == []
    await connection.execute("select series.add_months(now(), now() + interval '9 months')")
    assert await drift(connection) == [], "months come and go"


@pytest.mark.parametrize(
    ("by_hand", "told"),
    [
        ("alter table alert add column colour text", "was added: column public.alert.colour text"),
        ("alter table home drop column label cascade", "is gone: column public.home.label text"),
        ("drop index alert_lease", "is gone: index CREATE INDEX alert_lease"),
        ("alter table hub disable row level security", "is gone: row security public.hub"),
        ("drop policy own on home", "is gone: policy public.home.own"),
        ("grant select on session to telecare_organisation", "was added: rights public.session"),
        (
            "drop trigger append_only on alert_history",
            "is gone: trigger CREATE TRIGGER append_only",
        ),
        ("alter table hub drop constraint hub_check", "is gone: constraint public.hub"),
        (
            REACH_ALL,
            "was added: function public.reach()",
        ),
    ],
)
async def test_what_was_changed_by_hand_is_named(
    connection: asyncpg.Connection, by_hand: str, told: str
) -> None:
    await connection.execute(by_hand)
    assert any(line.startswith(told) for line in await drift(connection))
