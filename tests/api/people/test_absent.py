"""Nobody sends a responder to an empty home: whoever answers an alert reads who is away."""

import re
from datetime import timedelta

import httpx
import pytest

from api.identity.people import Member
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from tests.api.support import NOON, PASSWORD, Device, SettableClock, add_alert, add_user


async def set_spell(
    services: Services, by: Member, kind: SpellKind, *, hours: float, after: float = 0
) -> None:
    begins = NOON + timedelta(hours=after)
    asked = SpellRequest(kind=kind, starts_at=begins, until=begins + timedelta(hours=hours))
    await services.people.spells.set("h1", asked, by)


@pytest.mark.parametrize("kind", SpellKind)
async def test_an_alert_tells_wherever_it_is_read_that_who_lives_there_is_away(
    services: Services, device: Device, boss: Member, client: httpx.AsyncClient, kind: SpellKind
) -> None:
    alert = await add_alert(services, device, condition="no_movement", severity="urgent")
    await set_spell(services, boss, kind, hours=20)
    until = (NOON + timedelta(hours=20)).isoformat().replace("+00:00", "Z")
    await add_user(services, "ann", organisations=[1])
    await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    told = {"kind": kind, "until": until}
    assert (await client.get("/v1/alerts")).json()["urgent"][0]["absent"] == told
    assert (await client.get(f"/v1/alerts/{alert}")).json()["alert"]["absent"] == told
    queue = (await client.get("/queue")).text
    csrf = (await client.get("/v1/session")).json()["csrf"]
    claimed = await client.post(f"/v1/alerts/{alert}/claim", headers={"X-CSRF-Token": csrf})
    assert claimed.json()["absent"] == told
    card = re.search(f'<li[^>]*id="alert-{alert}".*?</li>', queue, re.DOTALL)
    assert card is not None
    assert "On record: " in card[0]
    page = (await client.get(f"/alerts/{alert}")).text
    assert re.search('id="absent".*?On record: [^<]+ until <time[^>]*>[^<]*11 Mar', page, re.DOTALL)


async def test_who_is_back_or_will_be_away_is_not_called_away(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    alert = await add_alert(services, device)
    await set_spell(services, boss, SpellKind.HOLIDAY, hours=2, after=1)

    async def is_absent() -> bool:
        return (await services.alerts.one(boss.reach, alert)).alert.absent is not None

    assert not await is_absent(), "it begins in an hour"
    clock.move(hours=1)
    assert await is_absent()
    clock.move(hours=2)
    assert not await is_absent(), "its time is over, though nobody has looked yet"
    await services.people.spells.look()
    assert not await is_absent()
