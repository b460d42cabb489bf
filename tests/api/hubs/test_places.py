"""A hub that is let go or followed by another must not speak, and what the home has must stay."""

import asyncio
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.hubs.claims import ClaimRequest
from api.hubs.places import Place, PlaceRequest
from api.identity.people import Member
from api.refusals import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import Device, SettableClock, add_device, add_user, public_key

HERE = "192.0.2.1"


@pytest.fixture
async def fitter(services: Services) -> Member:
    return await add_user(services, "ivo", role="installer", organisations=[1])


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "sue", role="supervisor", organisations=[1])


async def claimed(services: Services, place: Place) -> Device:
    key = Ed25519PrivateKey.generate()
    asked = ClaimRequest(code=place.code, public_key=public_key(key))
    found, _ = await services.claims.claim(asked, HERE)
    return Device(found.hub, found.home, key)


async def speak(services: Services, device: Device, clock: SettableClock, *seqs: int) -> None:
    """As over HTTP: first the door, then the batch."""
    header = f"Bearer {device.token(clock.now)}"
    home = await services.door.home_of(device.hub, header)
    await services.ingest.store(device.batch([device.event(seq) for seq in seqs]), home)


async def count(connection: asyncpg.Connection) -> Any:
    return await connection.fetchval("select count(*) from event")


async def test_an_installer_adds_a_home_with_a_hub_and_no_other_client_s(
    services: Services, fitter: Member
) -> None:
    other = await services.organisations.add("Others")
    place = await services.places.add(1, PlaceRequest(home="h1", label="Flat 12"), fitter)
    assert (await claimed(services, place)).home == "h1"
    assert (await services.homes.one(CENTRE, "h1")).label == "Flat 12"
    with pytest.raises(NotFound):
        await services.places.add(other.organisation, PlaceRequest(home="h2"), fitter)
    await services.claims.add_hub("theirs", organisation=other.organisation, label="Secret")
    with pytest.raises(Conflict, match="another organisation"):
        await services.places.add(1, PlaceRequest(home="theirs", label="Mine"), fitter)
    for wrong in (PlaceRequest(home="a b"), PlaceRequest(home="h3", days=0)):
        with pytest.raises(Invalid):
            await services.places.add(1, wrong, fitter)


@pytest.mark.parametrize(
    "zone", ["localtime", "posixrules", "right/Europe/London", "Mars/Base", ""]
)
async def test_a_zone_that_would_break_every_list_that_the_home_is_in_is_refused(
    services: Services, fitter: Member, connection: asyncpg.Connection, zone: str
) -> None:
    with pytest.raises(Invalid, match="is not a time zone"):
        await services.places.add(1, PlaceRequest(home="h1", time_zone=zone), fitter)
    await services.places.add(1, PlaceRequest(home="h1"), fitter)
    if zone in {"localtime", "posixrules", "Mars/Base"}:
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await connection.execute("update home set time_zone = $1", zone)


async def test_who_may_not_add_or_let_go_cannot(services: Services, fitter: Member) -> None:
    device = await add_device(services, "h1")
    operator = await add_user(services, "ann", organisations=[1])
    with pytest.raises(NotAllowed, match="add hubs"):
        await services.places.add(1, PlaceRequest(home="h2"), operator)
    with pytest.raises(NotAllowed, match="let a hub go"):
        await services.places.revoke(device.hub, fitter)


async def test_a_lost_code_is_made_anew_and_the_lost_one_opens_nothing(
    services: Services, fitter: Member, clock: SettableClock
) -> None:
    place = await services.places.add(1, PlaceRequest(home="h1"), fitter)
    clock.move(days=8)
    anew = await services.places.renew(place.hub, fitter)
    assert (anew.hub, anew.home) == (place.hub, "h1")
    with pytest.raises(NotFound):
        await claimed(services, place)
    await claimed(services, anew)
    with pytest.raises(Conflict, match="needs no code"):
        await services.places.renew(place.hub, fitter)


async def test_a_revoked_hub_is_refused_at_once_and_told_so(
    services: Services, boss: Member, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, "h1")
    await speak(services, device, clock, 1)
    await services.places.revoke(device.hub, boss)
    with pytest.raises(Forbidden, match=r"revoked on 2026-03-10 12:00 UTC.*Ask the centre"):
        await speak(services, device, clock, 2)
    assert await count(connection) == 1
    assert await connection.fetchval("select actor from audit where action = 'hub.revoke'") == (
        boss.actor
    )
    with pytest.raises(Conflict):
        await services.places.revoke(device.hub, boss)


async def test_a_hub_that_waits_for_news_is_turned_away_when_it_is_revoked(
    services: Services, boss: Member
) -> None:
    device = await add_device(services, "h1")
    await services.places.revoke(device.hub, boss)
    with pytest.raises(Forbidden):  # it was let in before, and asks again at the end of its wait
        await services.asking.answer(device.hub, "h1", configuration=0, commands=0)


async def test_a_revoked_code_opens_nothing(services: Services, boss: Member) -> None:
    place = await services.places.add(1, PlaceRequest(home="h1"), boss)
    await services.places.revoke(place.hub, boss)
    with pytest.raises(NotFound):
        await claimed(services, place)


async def test_nobody_waits_for_a_hub_that_was_let_go(
    services: Services, boss: Member, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, "h1")
    await speak(services, device, clock, 1)
    await services.places.revoke(device.hub, boss)
    for _ in range(90):
        clock.move(seconds=60)
        await services.watch.look()
    assert await connection.fetchval("select count(*) from alert") == 0


async def test_a_new_hub_takes_the_old_one_s_place_when_it_first_speaks_and_the_home_keeps_all(
    services: Services, fitter: Member, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    old = await add_device(services, "h1")
    await speak(services, old, clock, 1, 2)
    place = await services.places.replace(old.hub, fitter)
    with pytest.raises(Conflict, match="already"):
        await services.places.replace(old.hub, fitter)
    new = await claimed(services, place)
    await speak(services, old, clock, 3)  # until then nobody is without a hub
    await speak(services, new, clock, 1)
    with pytest.raises(Forbidden, match="took this one's place"):
        await speak(services, old, clock, 4)
    await speak(services, new, clock, 2)
    assert await count(connection) == 5
    assert await connection.fetchval("select count(distinct home) from event") == 1
    hubs = {one.hub: one for one in (await services.homes.one(CENTRE, "h1")).hubs}
    assert (hubs[old.hub].revoked_why, hubs[new.hub].replaces) == ("replaced", old.hub)


async def test_of_a_batch_under_way_when_the_new_hub_speaks_all_is_kept_or_nothing(
    services: Services, fitter: Member, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    old = await add_device(services, "h1")
    new = await claimed(services, await services.places.replace(old.hub, fitter))
    results = await asyncio.gather(
        *(speak(services, old, clock, seq) for seq in range(1, 9)),
        speak(services, new, clock, 1),
        return_exceptions=True,
    )
    stored = sum(result is None for result in results)
    assert all(result is None or isinstance(result, Forbidden) for result in results)
    assert results[-1] is None
    assert await count(connection) == stored
    # What came too late left no number behind, either: its journal shows what was stored.
    held = await connection.fetchval(
        "select sum(upper(r) - lower(r)) from journal, unnest(received) r"
    )
    assert held == stored
    last = await connection.fetchval("select max(number) from audit where action = 'hub.replace'")
    assert last is not None


async def test_another_client_s_staff_can_neither_see_nor_let_go_a_hub(services: Services) -> None:
    other = await services.organisations.add("Others")
    device = await add_device(services, "h1")
    them = await add_user(services, "eve", role="administrator", organisations=[other.organisation])
    for tried in (
        services.places.revoke(device.hub, them),
        services.places.replace(device.hub, them),
        services.places.renew(device.hub, them),
    ):
        with pytest.raises(NotFound):
            await tried
