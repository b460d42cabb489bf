"""What a program did with a token ends with the token, as far as it lets in or tells anybody.

Each thing that can be done at the centre's door is done once by somebody (`acts.py` of the audit
log's tests). Whatever then leaves a row behind in a table that hangs on staff is for a person.
"""

import json
import re
from collections import defaultdict

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.identity.access import TokenRequest
from api.identity.doors import OPEN
from api.identity.permissions import ALLOWED, Role
from api.services import Services
from tests.api.audit.acts import Asked, everything
from tests.api.isolation.visits import addresses, guest, pages
from tests.api.people.conftest import app
from tests.api.support import SettableClock, add_user

__all__ = ["app"]
pytestmark = pytest.mark.network

ONLY_IN_PERSON = "Only who is signed in may do that"
ROOMS = {"account", "staff", "second-factor", "sign-out", "organisations", "channels"}
"""The console's pages about who comes in, and who is told."""
NOTHING_NEW = {"/staff/{staff}/disable", "/channels/letters/{message}"}
"""What a program may do there: it takes away, or tries again, and leaves nothing that goes on."""
WORN = {
    "last_used_at", "last_here_at", "last_step", "used_at", "sign_count", "heard_at",
    "disabled_at", "revoked_at", "version",
}  # fmt: skip
"""What use, or an end, changes in a row."""
_WAYS_IN = """
select c.relname as name from pg_class c
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and not has_table_privilege('telecare_organisation', c.oid, 'select')
    and (c.relname = 'staff' or exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'staff'))
"""


class Watch:
    """Which routes left something behind, in which tables."""

    def __init__(self, connection: asyncpg.Connection, tables: list[str]) -> None:
        self._connection = connection
        self._tables = tables
        self._before: dict[str, set[str]] = {}
        self.left: dict[str, set[str]] = defaultdict(set)
        self.asked: dict[str, Asked] = {}

    async def before(self, asked: Asked) -> None:
        self.asked[asked.route] = asked
        self._before = await self._rows()

    async def after(self, asked: Asked) -> None:
        for name, rows in (await self._rows()).items():
            if rows - self._before[name]:
                self.left[asked.route].add(name)

    async def _rows(self) -> dict[str, set[str]]:
        found = {}
        for name in self._tables:
            rows = await self._connection.fetch(f"select row_to_json(t)::text from {name} t")  # noqa: S608 - a name of the catalogue
            kept = [
                {key: value for key, value in json.loads(one[0]).items() if key not in WORN}
                for one in rows
            ]
            found[name] = {json.dumps(one, sort_keys=True) for one in kept}
        return found


async def programs_token(services: Services) -> str:
    """A token that may do whatever a token may."""
    owner = await add_user(services, "owner", role="administrator")
    scopes = [f"{one}" for one in ALLOWED[Role.ADMINISTRATOR]]
    return (await services.access.add_token(TokenRequest(name="bot", scopes=scopes), owner)).token


async def test_a_stolen_token_leaves_nothing_behind_that_goes_on_once_it_is_taken_back(
    app: FastAPI,
    client: httpx.AsyncClient,
    services: Services,
    connection: asyncpg.Connection,
    clock: SettableClock,
) -> None:
    tables = [one["name"] for one in await connection.fetch(_WAYS_IN)]
    watch = Watch(connection, tables)
    async with guest(app) as other, guest(app) as program:
        hands = client, other
        await everything(hands, services, connection, clock, watch.before, after=watch.after)
        never = set(tables) - set[str]().union(*watch.left.values())
        assert never == {"staff_identity", "passkey_challenge"}, "no act leaves anything there"
        headers = {"Authorization": f"Bearer {await programs_token(services)}"}
        whom = {f"{method} {path}": one for method, path, one in addresses(app)}
        personal = {route for route in watch.left if whom[route] != OPEN}
        assert {"POST /v1/push/subscriptions", "POST /v1/tokens", "PUT /v1/password"} <= personal
        for route in sorted(personal):
            asked = watch.asked[route]
            answer = await program.request(
                asked.method, asked.where, json=asked.body, headers=headers
            )
            told = f"{route} leaves {watch.left[route]}: {answer.text}"
            assert answer.status_code == 403, told
            assert ONLY_IN_PERSON in answer.text, told


async def test_no_page_about_who_comes_in_or_is_told_is_posted_by_a_program(
    app: FastAPI, services: Services
) -> None:
    headers = {"Authorization": f"Bearer {await programs_token(services)}"}
    asked = set()
    async with guest(app) as program:
        for method, path in pages(app):
            room = path.split("/")[1]
            if method == "GET" or room not in ROOMS:
                continue
            asked.add(path)
            answer = await program.post(re.sub(r"{\w+}", "1", path), headers=headers)
            assert (answer.status_code == 403) == (path not in NOTHING_NEW), (
                f"{path}: {answer.status_code}"
            )
    assert len(asked) > 15
