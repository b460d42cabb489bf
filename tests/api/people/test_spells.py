"""A pause that the resident asked for holds, ends by itself, and a hub that knows nothing shows."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.app import create_services
from api.identity.people import Member
from api.people.spell import SpellKind, SpellRequest, Wish
from api.people.views import Spell
from api.refusals import Conflict, Invalid, NotAllowed
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.support import NOON, Device, SettableClock, add_user

pytestmark = pytest.mark.usefixtures("device")


def ask(kind: SpellKind = SpellKind.PAUSE, *, hours: float = 2, after: float | None = None) -> Any:
    starts_at = None if after is None else NOON + timedelta(hours=after)
    until = (starts_at or NOON) + timedelta(hours=hours)
    return SpellRequest(kind=kind, wish=Wish.RESIDENT, until=until, starts_at=starts_at)


async def newest(services: Services, by: Member) -> Spell:
    return (await services.people.spells.of_home(by.reach, "h1"))[0]


async def kinds(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("select kind from command order by number")
    return [row["kind"] for row in rows]


async def heard(services: Services, device: Device, after: int = 0) -> None:
    """The hub asks beyond what it has, which shows that it has that."""
    await services.asking.answer(device.hub, device.home, configuration=0, commands=after, wait=0)


async def said(services: Services, device: Device, seq: int, state: str, at: datetime) -> None:
    (newest, *_) = await services.commands.of_hub((await boss_of(services)).reach, device.hub)
    body = {
        "v": 1, "hub": device.hub, "home": device.home, "at": at.isoformat(),
        "command": newest.id, "state": state,
    }  # fmt: skip
    record = {"seq": seq, "kind": "command_result", "body": body}
    await services.ingest.store(device.batch([record]), device.home)


async def boss_of(services: Services) -> Member:
    signed_in = await services.staff.sign_in("boss", "correct horse battery staple", "192.0.2.9")
    return signed_in.session.user


async def test_a_pause_shows_who_set_it_until_when_and_that_the_hub_has_it(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", ask(), boss)
    one = await newest(services, boss)
    assert (one.standing, one.set_by, one.until) == ("told", "Boss B", NOON + timedelta(hours=2))
    await heard(services, device)
    await said(services, device, 1, "under_way", NOON)
    assert (await newest(services, boss)).standing == "in_force"
    clock.move(hours=2)
    await services.people.spells.look()
    one = await newest(services, boss)
    assert (one.standing, one.ended_by) == ("over", "")


async def test_a_hub_that_never_said_that_it_paused_is_pointed_out(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", ask(), boss)
    clock.move(minutes=16)
    one = await newest(services, boss)
    assert (one.standing, one.hubs[0].lost) == ("lost", True)
    found = await services.people.reading.follow_ups(boss)
    assert ("h1", "lost") in [(each.home, each.what) for each in found]


async def test_a_stay_in_hospital_begins_and_ends_at_its_time_whoever_is_there(
    services: Services,
    boss: Member,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    await services.people.spells.set("h1", ask(SpellKind.HOSPITAL, hours=48, after=24), boss)
    await services.people.spells.look()
    assert ((await newest(services, boss)).standing, await kinds(connection)) == ("planned", [])
    clock.move(hours=24)
    await services.people.spells.look()
    assert await kinds(connection) == ["away"]
    clock.move(hours=48)
    await services.people.spells.look()
    await services.people.spells.look()
    assert await kinds(connection) == ["away", "back"]
    who = await connection.fetch("select actor, action from audit where action ~ '^absence.[bo]'")
    assert [tuple(row) for row in who] == [("centre", "absence.begin"), ("centre", "absence.over")]


async def test_a_hub_that_never_heard_that_somebody_is_back_is_pointed_out(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", ask(SpellKind.HOLIDAY, hours=24), boss)
    await heard(services, device)
    await said(services, device, 1, "under_way", NOON)
    clock.move(hours=24)
    await services.people.spells.look()
    assert (await newest(services, boss)).standing == "over"
    clock.move(minutes=16)
    assert (await newest(services, boss)).standing == "over_lost"
    assert "lost" in [one.what for one in await services.people.reading.follow_ups(boss)]


async def test_two_replicas_after_a_restart_tell_a_hub_once(
    services: Services,
    boss: Member,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    await services.people.spells.set("h1", ask(SpellKind.RESPITE, hours=48, after=1), boss)
    url = services.database.url
    await services.database.close()
    clock.move(hours=1)
    replicas = [create_services(Settings(database_url=url), clock, QUICK) for _ in range(2)]
    try:
        await asyncio.gather(*(one.people.spells.look() for one in replicas * 3))
        assert await kinds(connection) == ["away"]
        clock.move(hours=48)
        await asyncio.gather(*(one.people.spells.look() for one in replicas * 3))
        assert await kinds(connection) == ["away", "back"]
    finally:
        for one in replicas:
            await one.database.close()


async def test_coming_home_early_is_told_at_once_and_a_plan_can_be_taken_back(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    spells = services.people.spells
    first = await spells.set("h1", ask(SpellKind.HOLIDAY, hours=48), boss)
    with pytest.raises(Conflict, match="holiday"):
        await spells.set("h1", ask(SpellKind.HOSPITAL, hours=1, after=3), boss)
    planned = await spells.set("h1", ask(SpellKind.RESPITE, hours=48, after=72), boss)
    await spells.end("h1", first, boss)
    await spells.end("h1", planned, boss)
    assert await kinds(connection) == ["away", "back"], "of the plan no hub ever heard"
    with pytest.raises(Conflict, match="over"):
        await spells.end("h1", first, boss)
    assert (await newest(services, boss)).ended_by == "Boss B"


async def test_what_was_set_at_the_hub_since_is_not_ended_along(
    services: Services,
    device: Device,
    boss: Member,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    from api.downlink.commands import IssueRequest  # noqa: PLC0415 - of this test alone

    await services.people.spells.set("h1", ask(SpellKind.HOLIDAY, hours=24), boss)
    later = {"until": (NOON + timedelta(days=20)).isoformat()}
    await services.commands.issue(device.hub, IssueRequest(kind="away", body=later), boss)
    clock.move(hours=24)
    await services.people.spells.look()
    assert await kinds(connection) == ["away", "away"]


async def test_a_long_absence_is_for_a_supervisor_and_no_pause_lasts_for_ever(
    services: Services, boss: Member
) -> None:
    dana = await add_user(services, "dana")
    spells = services.people.spells
    with pytest.raises(NotAllowed, match="supervisor"):
        await spells.set("h1", ask(hours=25), dana)
    for wrong in (ask(hours=24 * 8), ask(hours=-1), ask(after=24 * 400)):
        with pytest.raises(Invalid):
            await spells.set("h1", wrong, boss)
    await spells.set("h1", ask(hours=24), dana)


@pytest.mark.parametrize("kind", [SpellKind.PAUSE, SpellKind.HOLIDAY])
async def test_one_behind_another_leaves_nobody_unwatched_for_longer_than_one_may(
    services: Services, boss: Member, clock: SettableClock, kind: SpellKind
) -> None:
    days, soon = (1, 0.9) if kind is SpellKind.PAUSE else (31, 23)
    dana = await add_user(services, "dana")
    spells = services.people.spells
    first = await spells.set("h1", ask(kind, hours=24 * days), dana)
    for after in (24 * days, 24 * days + soon):
        with pytest.raises(NotAllowed, match="with those before and behind it"):
            await spells.set("h1", ask(kind, hours=2, after=after), dana)
    later = await spells.set("h1", ask(kind, hours=24 * days, after=24 * days + 25), dana)
    with pytest.raises(NotAllowed):  # it would fill the gap
        await spells.set("h1", ask(kind, hours=0.4, after=24 * days + 24.5), dana)
    await spells.end("h1", later, dana)
    clock.move(hours=3)
    await spells.end("h1", first, dana)
    await spells.set("h1", ask(kind, hours=24 * days - 4, after=3), dana)
    await spells.set("h1", ask(kind, hours=24, after=24 * days), boss)
