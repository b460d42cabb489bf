"""An installer in a home, with a telephone and a hub that says what it is given."""

import html
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.services import Services
from api.store.reach import CENTRE
from tests.api.isolation.forms import forms
from tests.api.support import NOON, PASSWORD, Device, add_device, alert, event

_HEARD = {"last_seen": NOON.isoformat()}
SENSORS: list[dict[str, Any]] = [
    {"sensor": "bathroom-pir", "kind": "motion", "place": "bathroom", "battery": 84, **_HEARD},
    {"sensor": "front-door", "kind": "opening", "place": "front_door", **_HEARD},
    {"sensor": "zigbee-bridge", "kind": "link", "place": "hallway", "link_quality": 120, **_HEARD},
]


@dataclass
class Visit:
    """The page of a home's fitting as one member of staff has it, and the home's hub."""

    client: httpx.AsyncClient
    services: Services
    device: Device
    _seqs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def shown(self) -> str:
        answer = await self.client.get(f"/fitting/{self.device.home}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def fields(self, do: str, more: str = "") -> dict[str, str]:
        """What the form of that step holds; `more` is a field that tells it from its like."""
        name, _, value = more.partition("=")
        found = [
            one.fields for one in forms(await self.shown())
            if one.fields.get("do") == do and one.fields.get(name, value) == value
        ]  # fmt: skip
        assert found, f"no form to {do}"
        return found[0]

    async def press(self, do: str, more: str = "", **typed: str) -> httpx.Response:
        """Presses a button of the page as it is shown now, with fields filled in."""
        filled = {**await self.fields(do, more), **typed}
        return await self.client.post(f"/fitting/{self.device.home}", data=filled)

    async def says(self, kind: str, /, **said: Any) -> None:
        """One record of the hub's."""
        body = {"v": 1, "hub": self.device.hub, "home": self.device.home, **said}
        record = {"seq": next(self._seqs), "kind": kind, "body": {"at": NOON.isoformat(), **body}}
        await self.services.ingest.store(self.device.batch([record]), self.device.home)

    async def answers(self, state: str, **said: Any) -> None:
        """The hub's word on the newest command."""
        newest = (await self.services.commands.of_hub(CENTRE, self.device.hub))[0]
        await self.says("command_result", command=newest.id, state=state, **said)

    async def tests(self) -> None:
        """A test alert arrives, and a contact answers a test call."""
        await self.press("test")
        ref = f"{self.device.home}:test:{next(self._seqs)}"
        raised = alert(self.device.home, id=ref, condition="test_alert", severity="urgent")
        await self.says("alert", **raised)
        await self.answers("done", text="A test alert was raised.", alert=ref)
        await self.press("call", answered="first")

    async def steps(self, sensor: str, kind: str = "motion", minute: int = 1) -> None:
        """Somebody walks past a sensor in the newest walk test."""
        newest = (await self.services.commands.of_hub(CENTRE, self.device.hub))[0]
        set_off = event(self.device.home, minute, sensor=sensor, kind=kind, quality="walk_test")
        await self.says("walk_step", command=newest.id, event=set_off)


async def sign_in(client: httpx.AsyncClient, services: Services, role: str = "installer") -> None:
    await services.staff.add("ivy", PASSWORD, name="An Installer", role=role, organisations=[1])
    await come_in(client)


async def come_in(client: httpx.AsyncClient) -> None:
    """Signs in, for the first time or since the session has ended."""
    await client.post("/sign-in", data={"username": "ivy", "password": PASSWORD, "next": "/"})


async def visit(client: httpx.AsyncClient, services: Services, **health: Any) -> Visit:
    """Signed in as an installer, at a home whose hub has named its sensors."""
    await sign_in(client, services)
    device = await add_device(services, "h17", label="Flat 12", time_zone="Europe/Madrid")
    made = Visit(client, services, device)
    await made.says("health", **{"software": "1.2", "sensors": SENSORS, **health})
    return made


def plain(page: str) -> str:
    """What a page says, without its markup."""
    said = re.sub(r"</?(time|strong|code)\b[^>]*>", "", page)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", said).split()))
