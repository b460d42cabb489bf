"""A pause or an absence holds in the home, whichever hub is there: replaced, second, or let go."""

import asyncio
from datetime import timedelta

import pytest

from api.app import create_services
from api.identity.people import Member
from api.people.spell import SpellKind
from api.services import Services
from api.settings import Settings
from tests.api.hubs.test_places import claimed, speak
from tests.api.people.test_spells import ask, heard, newest, said
from tests.api.support import NOON, Device, SettableClock, add_device


async def told(services: Services, device: Device, by: Member) -> list[str]:
    return [str(one.kind) for one in await services.commands.of_hub(by.reach, device.hub)]


async def followed(
    services: Services, device: Device, by: Member, clock: SettableClock, seq: int = 1
) -> Device:
    """The hub that follows `device`, after it spoke for the first time."""
    new = await claimed(services, await services.places.replace(device.hub, by))
    await speak(services, new, clock, seq)
    return new


@pytest.mark.parametrize("kind", [SpellKind.PAUSE, SpellKind.HOSPITAL])
async def test_who_asked_not_to_be_watched_is_not_watched_by_the_next_hub_either(
    services: Services, device: Device, boss: Member, clock: SettableClock, kind: SpellKind
) -> None:
    await services.people.spells.set("h1", ask(kind, hours=120), boss)
    await heard(services, device)
    await said(services, device, 1, "under_way", NOON)
    assert (await newest(services, boss)).standing == "in_force"
    new = await followed(services, device, boss, clock, 2)
    assert await told(services, new, boss) == ["pause" if kind is SpellKind.PAUSE else "away"]
    shown = await newest(services, boss)
    assert shown.standing == "told", "the old hub's word holds no more"
    assert [one.hub for one in shown.hubs] == [new.hub]
    clock.move(minutes=16)
    assert (await newest(services, boss)).standing == "lost"
    wanting = await services.people.reading.follow_ups(boss)
    assert ("h1", "lost") in [(one.home, one.what) for one in wanting]
    await said(services, new, 9, "under_way", clock.now)
    assert (await newest(services, boss)).standing == "in_force"


async def test_a_second_hub_in_the_home_does_not_watch_who_is_away(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    number = await services.people.spells.set("h1", ask(SpellKind.HOSPITAL, hours=48), boss)
    await services.people.spells.set("h1", ask(hours=2), boss)
    clock.move(hours=3)  # the pause is over, though the clock's turn has not come
    second = await add_device(services, "h1")
    assert await told(services, second, boss) == ["away"]
    await services.people.spells.end("h1", number, boss)
    assert await told(services, second, boss) == ["back", "away"]
    assert sorted(await told(services, device, boss)) == ["away", "back", "pause"]


async def test_a_hub_that_came_in_between_is_shown_as_lost_until_it_was_told_once(
    services: Services, device: Device, boss: Member, clock: SettableClock, migrated_url: str
) -> None:
    await services.people.spells.set("h1", ask(hours=120), boss)
    await heard(services, device)
    await said(services, device, 1, "under_way", NOON)
    services.claims._claimed = None  # as a replica of the version before
    second = await add_device(services, "h1")
    assert (await newest(services, boss)).standing == "lost"
    other = create_services(Settings(database_url=migrated_url), clock)
    try:
        looks = [one.people.spells.look() for one in (services, other) * 3]
        await asyncio.gather(*looks)
    finally:
        await other.database.close()
    assert await told(services, second, boss) == ["pause"]
    assert await told(services, device, boss) == ["pause"]
    assert (await newest(services, boss)).standing == "told"


async def test_a_home_whose_hub_was_let_go_is_not_shown_as_paused_by_it(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", ask(hours=120), boss)
    await heard(services, device)
    await said(services, device, 1, "under_way", NOON)
    await services.places.revoke(device.hub, boss)
    assert (await newest(services, boss)).standing == "no_hub"
    clock.move(hours=121)
    await services.people.spells.look()
    clock.move(minutes=16)
    assert (await newest(services, boss)).standing == "over"


async def test_a_hub_that_was_unplugged_for_a_long_stay_hears_that_somebody_is_back(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", ask(SpellKind.HOSPITAL, hours=24 * 100), boss)
    clock.move(days=60)
    (away,) = await services.commands.of_hub(boss.reach, device.hub)
    assert (away.state, away.expires_at) == ("waiting", NOON + timedelta(days=100))
    clock.move(days=40)
    await services.people.spells.look()
    clock.move(days=60)
    (back, _) = await services.commands.of_hub(boss.reach, device.hub)
    assert (back.kind, back.state) == ("back", "waiting")
