"""Two clients of one centre: of the first there is everything that can be asked for.

What is ours has needles in it, by which it is known wherever it comes up.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.people.consent import Purpose
from api.services import Services
from tests.api.audit.acts import NUDGES
from tests.api.channels.browser import Browser
from tests.api.identity.authenticator import Authenticator
from tests.api.isolation.visits import Visit
from tests.api.outbox.support import Ear, destination
from tests.api.people.marked import HOME, MARK, Desk, Marks, fill
from tests.api.support import (
    NOON,
    PASSWORD,
    Device,
    SettableClock,
    add_alert,
    add_device,
)

WORDS = {"kind", "file", "action"}
"""Parameters that name no row: words that mean the same to everybody."""
_ROWS = {
    "alert": "select max(id) from alert where home = $1",  # which is in the administrator's hands
    "command": "select max(id) from command c join hub using (hub) where home = $1",
    "absence": "select max(spell) from spell where home = $1",
    "contact": "select max(contact) from contact where home = $1",
    "look": "select max(look) from key_safe_look where home = $1",
    "task": "select max(follow_up) from follow_up where home = $1",
    "programme": "select max(id) from reablement where home = $1",
    "message": "select max(id) from outbox where home = $1",
    "destination": (
        "select max(destination) from destination join home using (organisation) where home = $1"
    ),
}
_MEMBERS = {
    "passkey": "select max(id) from passkey where staff = $1",
    "session": "select max(id) from session where staff = $1",
    "token": "select max(id) from api_token where staff = $1",
    "subscription": "select max(subscription) from push_subscription where staff = $1",
    "job": "select max(job::text) from export_job where staff = $1",
}


@dataclass
class World:
    """What is in organisation 1, by the parameter of an address, and what is another's.

    Attributes:
        things: A row of ours for each parameter.
        theirs: What of these the other organisation has of its own.
        device: Their hub.
        needles: Texts that only what is ours has.
    """

    things: dict[str, str]
    theirs: dict[str, str]
    device: Device
    needles: list[str]

    @property
    def absent(self) -> dict[str, str]:
        """The same, of nothing that there is."""
        return {
            name: value if name in WORDS else nowhere(name, value)
            for name, value in self.things.items()
        }

    @property
    def other(self) -> int:
        """The other organisation's number."""
        return int(self.theirs["organisation"])

    def told(self, text: str, *, but: str = "") -> list[str]:
        """The needles in an answer, but for what was said in the question."""
        return [needle for needle in self.needles if needle in text and needle not in but]


_BUDGET = """
insert into organisation_budget (organisation, budget, put_at, put_by)
values (1, '{"uti_risk": 0.1}', $1, $2)
"""


def nowhere(name: str, value: str) -> str:
    """A value of the same kind that names nothing."""
    if value.isdigit():
        return f"99{sum(name.encode()):06}"
    if re.fullmatch(r"[0-9a-f-]{36}", value):
        return str(UUID(int=sum(name.encode()), version=4))
    return f"no-{name}"


@dataclass
class Lived:
    """A database in which all of it has happened, by then, and who had signed in there."""

    url: str
    world: World
    now: datetime
    who: list[Visit]


async def build(
    services: Services, boss: Visit, clock: SettableClock, connection: asyncpg.Connection
) -> World:
    """Lives through everything in organisation 1, whose administrator is `boss`."""
    other = await services.organisations.add("Others")
    mark = Marks()
    boss.client.headers["X-CSRF-Token"] = boss.csrf
    desk = Desk(boss.client, clock)
    ours = await add_device(services, HOME, label="to be changed")
    await services.staff.sign_in("zqboss", PASSWORD, "192.0.2.1")  # elsewhere
    await desk.enrol()
    staff = await _own(desk, mark)
    await destination(services, Ear(), name=mark("desk again"))
    await services.outbox.set(1, NUDGES)
    residents = await fill(desk, services, ours, mark)
    held = await add_alert(services, ours, 30, condition="dehydration_risk", text=mark("held"))
    await desk("POST", f"/v1/alerts/{held}/claim")
    await connection.execute(_BUDGET, clock(), boss.staff)
    things = {
        "organisation": "1", "home": HOME, "hub": ours.hub, "staff": staff,
        "resident": residents[0],
        **await _more(desk, mark, residents),
        **{name: f"{await connection.fetchval(row, HOME)}" for name, row in _ROWS.items()},
        **{name: f"{await connection.fetchval(row, boss.staff)}" for name, row in _MEMBERS.items()},
        "kind": "Patient", "file": "alerts.csv", "action": "note",
    }  # fmt: skip
    device = await add_device(services, "their-home", organisation=other.organisation)
    alert = await add_alert(services, device)
    theirs = {
        "organisation": f"{other.organisation}", "home": device.home, "hub": device.hub,
        "alert": f"{alert}",
    }  # fmt: skip
    needles = [MARK, HOME, ours.hub, things["number"], *residents, "zqboss", "zqeve", "zq-our"]
    return World(things, theirs, device, needles)


async def _more(desk: Desk, mark: Marks, residents: list[str]) -> dict[str, str]:
    """What else there may be of an organisation, a home and a member of staff."""
    agreed = {
        "conditions": [], "sensors": [], "purposes": list(Purpose), "given_by": "person",
        "given_on": f"{NOON.date()}",
    }  # fmt: skip
    people = await desk("GET", f"/v1/homes/{HOME}/people")
    seen = {one["resident"]: one["consents"][0]["version"] for one in people["residents"]}
    for who in residents:
        await desk(
            "POST", f"/v1/homes/{HOME}/residents/{who}/consent", {**agreed, "seen": seen[who]}
        )
    steps = {"seen": 0, "priority": "urgent", "steps": [{"kind": "call", "say": mark("say")}]}
    await desk("PUT", "/v1/organisations/1/plans", steps)
    duty = {
        "priority": "urgent",
        "kind": "seconds",
        "within_s": 61,
        "share": 0.9,
        "escalates": True,
    }
    await desk("PUT", "/v1/organisations/1/duties", {"duties": [duty]})
    wanted = {"name": mark("list"), "criteria": {"alerts": ["uti_risk", "unusual_day"]}}
    cohort = await desk("POST", "/v1/organisations/1/cohorts", wanted)
    patients = (await desk("GET", "/v1/fhir/Patient"))["entry"]
    return {
        "cohort": f"{cohort['cohort']}",
        "number": f"{patients[0]['resource']['id']}",
    }


async def _own(desk: Desk, mark: Marks) -> str:
    """A passkey, a token and a browser of one's own, and somebody who was invited: their number."""
    asked: Any = (await desk("POST", "/v1/passkeys/options"))["public_key"]
    made = Authenticator("http://centre").make(asked)
    await desk("POST", "/v1/passkeys", {"name": mark("passkey"), "credential": made})
    await desk("POST", "/v1/tokens", {"name": mark("bot"), "scopes": ["alerts:read"], "days": 1})
    browser = {"endpoint": "https://push.example/ann", "keys": Browser.new().keys}
    await desk("POST", "/v1/push/subscriptions", browser)
    eve = {"username": "zqeve", "name": mark("eve"), "role": "operator", "organisations": [1]}
    return f"{(await desk('POST', '/v1/staff', eve))['staff']}"
