"""Nobody changes what is another client's, and whoever tries is told that it is not there.

Each thing that can be done is done once and with success (by `acts.py` of the audit log's tests).
Just before, with the same address and the same body, those who may not do it try: so it is ready to
be done, and would be.
"""

import base64
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.identity.doors import OPEN
from api.identity.permissions import Role
from api.identity.totp import code, step_of
from api.services import Services
from tests.api.audit.acts import Asked, everything
from tests.api.conftest import clock, migrated_url
from tests.api.isolation.rows import changed, rows
from tests.api.isolation.visits import STRANGERS, Visit, addresses, guest, parameters, visit
from tests.api.isolation.world import WORDS, nowhere
from tests.api.support import Device, SettableClock, add_device

__all__ = ["clock", "migrated_url"]  # here everything is yet to be done
pytestmark = pytest.mark.network

NAMES_NOTHING = {
    "DELETE /v1/session",
    "POST /v1/claims",  # the code that is shown says whose it is
    "POST /v1/invitation",  # and so does a link
    "POST /v1/passkeys",
    "POST /v1/push/subscriptions",
    "POST /v1/second-factor",
    "POST /v1/second-factor/confirm",
    "POST /v1/second-factor/remove",
    "POST /v1/session",
    "POST /v1/session/passkey",
    "POST /v1/tokens",
    "PUT /v1/password",
}
"""What is done with one's own, so that no stranger could name another's."""
ELSEWHERE = {
    "POST /v1/hubs/{hub}/batches",  # tests/api/hubs/test_routes.py
    "POST /v1/passkeys/options",
    "POST /v1/session/passkey/options",
}
"""What is no act of anybody's: not in `acts.py`."""
NAMED = {"home": "nowhere", "organisations": [990001]}
"""What of a body names a row, with one that there is not."""


@dataclass
class Others:
    """Whoever may not do what is about to be done."""

    strangers: list[Visit]
    ours: list[Visit]
    hub: Device
    theirs: dict[str, str]
    whom: dict[str, str]
    connection: asyncpg.Connection
    clock: SettableClock
    secret: bytes = field(default=b"", repr=False)
    steps: int = 0
    named: set[str] = field(default_factory=set)

    async def try_first(self, asked: Asked) -> None:
        """Has each try what is asked for, and nothing come of it.

        Only what names something can be another's.
        """
        absent = self._absent(asked)
        if absent is None:
            return
        self.named.add(asked.route)
        who = [one.staff for one in (*self.strangers, *self.ours)]
        before = await rows(self.connection, who)
        if asked.bearer:
            await self._as_hub(asked, absent)
        else:
            for stranger in self.strangers:
                await self._as_stranger(stranger, asked, absent)
            for one in self.ours:
                if not one.may(self.whom[asked.route]):
                    answer = await self._ask(one, asked)
                    assert answer.status_code == 403, f"{asked.route} as {one.role}"
        after = await rows(self.connection, who)
        assert changed(before, after) == [], f"{asked.route} by a stranger"

    def _absent(self, asked: Asked) -> Asked | None:
        """The same of nothing that there is; None where it names nothing."""
        names = parameters(asked.route) - WORDS
        fill = {
            key: nowhere(key, f"{value}") if key in names else value
            for key, value in asked.fill.items()
        }
        body = asked.body
        if isinstance(body, dict):
            body = {key: NAMED.get(key, value) for key, value in body.items()}
            for key, value in asked.fill.items():  # whoever erases somebody says again whom
                body |= {"confirm": fill[key]} if asked.body.get("confirm") == value else {}
        if (fill, body) == (asked.fill, asked.body):
            return None
        return Asked(asked.route, fill, body, asked.bearer)

    async def _as_hub(self, asked: Asked, absent: Asked) -> None:
        token = self.hub.token(self.clock())
        answers = [
            await self.strangers[0].client.request(
                one.method, one.where, json=one.body, headers={"Authorization": f"Bearer {token}"}
            )
            for one in (asked, absent)
        ]
        assert {one.status_code for one in answers} <= {401, 403, 404}, asked.route
        _same(asked, absent, *answers)

    async def _as_stranger(self, stranger: Visit, asked: Asked, absent: Asked) -> None:
        told = f"{asked.route} as {stranger.role}"
        answer = await self._ask(stranger, asked)
        allowed = stranger.may(self.whom[asked.route])
        # What a body names, and an address does not, is a wrong word rather than nothing.
        nothing = {404} if parameters(asked.route) else {404, 422}
        assert answer.status_code in (nothing if allowed else {403}), f"{told}: {answer.text}"
        if not allowed:  # whoever may not do it anywhere was refused before anything was looked for
            return
        _same(asked, absent, answer, await self._ask(stranger, absent))
        inner = parameters(asked.route) - self.theirs.keys() - WORDS
        if inner and parameters(asked.route) & self.theirs.keys():
            fill = {**asked.fill, **self.theirs}  # what is ours, sought in what is theirs
            mixed = Asked(asked.route, {key: fill[key] for key in asked.fill}, asked.body)
            answer = await self._ask(stranger, mixed)
            assert answer.status_code == 404, f"{told}: {answer.text}"

    async def _ask(self, one: Visit, asked: Asked) -> httpx.Response:
        body, now = asked.body, self.clock.now
        if one.role == Role.ADMINISTRATOR and isinstance(body, dict) and "confirm" in body:
            self.steps += 1
            self.clock.move(seconds=30 * self.steps)
            body = {**body, "code": code(self.secret, step_of(self.clock()))}
        answer = await one.ask(asked.method, asked.where, body, **asked.query)
        self.clock.now = now
        assert answer is not None
        return answer

    async def enrol(self) -> None:
        """Gives their administrator the second factor that some steps ask for."""
        boss = next(one for one in self.strangers if one.role == Role.ADMINISTRATOR)
        begun = await boss.ask("POST", "/v1/second-factor")
        assert begun is not None
        self.secret = base64.b32decode(begun.json()["secret"])
        shown = code(self.secret, step_of(self.clock()))
        answer = await boss.ask("POST", "/v1/second-factor/confirm", {"code": shown})
        assert answer is not None
        assert answer.is_success


def _same(asked: Asked, absent: Asked, answer: httpx.Response, other: httpx.Response) -> None:
    """That one answer is the other but for what was asked for."""
    expected = other.text
    for key, value in absent.fill.items():
        if value != asked.fill[key]:
            expected = expected.replace(f"{value}", f"{asked.fill[key]}")
    for key, value in NAMED.items():
        if isinstance(asked.body, dict) and key in asked.body:
            expected = expected.replace(_plain(value), _plain(asked.body[key]))
    assert (answer.status_code, answer.text) == (other.status_code, expected), asked.route


def _plain(value: object) -> str:
    return f"{value}".strip("[]")


@pytest.fixture(params=STRANGERS)
async def others(
    request: pytest.FixtureRequest,
    app: FastAPI,
    services: Services,
    connection: asyncpg.Connection,
    clock: SettableClock,
) -> Others:
    roles: tuple[Role, ...] = request.param
    number = (await services.organisations.add("Others")).organisation
    hub = await add_device(services, "their-home", organisation=number)
    theirs = {"organisation": f"{number}", "home": hub.home, "hub": hub.hub}
    made = Others(
        [await visit(app, services, f"their-{role}", role, number) for role in roles],
        [await visit(app, services, f"our-{role}", role, 1) for role in Role],
        hub,
        theirs,
        {f"{method} {path}": whom for method, path, whom in addresses(app)},
        connection,
        clock,
    )
    await made.enrol()
    return made


async def test_before_anything_is_done_nobody_else_could_have_done_it(
    app: FastAPI, client: httpx.AsyncClient, services: Services, others: Others
) -> None:
    async with guest(app) as other:
        hands = client, other
        tried, _ = await everything(
            hands, services, others.connection, others.clock, others.try_first
        )
    acts = {f"{method} {path}" for method, path, _ in addresses(app) if method != "GET"}
    assert sorted(acts - tried - ELSEWHERE) == [], "acts.py does not do these yet"
    assert acts - others.named - ELSEWHERE == NAMES_NOTHING
    guarded = {route for route in others.named if others.whom[route] != OPEN}
    assert len(guarded) > 50
