"""The centre knows when it cannot see a home, says so once, and says when it can again."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from api.alerts.lifecycle import AlertState, Outcome
from api.alerts.views import AlertSummary
from api.app import create_services
from api.identity.people import Member
from api.services import Services
from api.settings import Settings
from api.silence.watch import LOOK_SECONDS
from api.store.reach import CENTRE
from contract import Condition, Phase, Severity
from tests.api.conftest import QUICK
from tests.api.support import NOON, Device, SettableClock, add_device, add_user


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services)


class Estate:
    """Hubs that speak, or not, while time passes."""

    def __init__(self, services: Services, clock: SettableClock) -> None:
        self.services = services
        self.clock = clock
        self.devices: list[Device] = []
        self._seq = 0

    async def add(self, count: int, **more: str) -> list[Device]:
        added = [await add_device(self.services, **more) for _ in range(count)]
        self.devices += added
        return added

    async def hear(self, device: Device, **health: object) -> None:
        self._seq += 1
        beat = device.health(self._seq, at=self.clock().isoformat(), **health)
        await self.services.ingest.store(device.batch([beat]), device.home)

    async def pass_(self, minutes: float, *silent: Device) -> None:
        """Time in which all but some send heartbeats, and the centre looks."""
        for _ in range(int(minutes * 60 / LOOK_SECONDS)):
            if (self.clock() - NOON) % timedelta(minutes=5) < timedelta(seconds=LOOK_SECONDS):
                for one in self.devices:
                    if one not in silent:
                        await self.hear(one)
            self.clock.move(seconds=LOOK_SECONDS)
            await self.services.watch.look()

    async def told(self) -> list[AlertSummary]:
        """What waits in the technical lane."""
        return (await self.services.alerts.queue(CENTRE)).technical


@pytest.fixture
async def estate(services: Services, clock: SettableClock) -> Estate:
    await services.watch.look()
    return Estate(services, clock)


async def test_a_hub_that_is_not_heard_is_told_once_with_what_was_last_seen(
    estate: Estate,
) -> None:
    device, _ = await estate.add(2, time_zone="Europe/Madrid")
    estate.clock.move(minutes=1)
    seen = device.event(1, place="kettle", kind="appliance", sensor="plug")
    await estate.services.ingest.store(device.batch([seen], "e0"), device.home)
    await estate.hear(device, machine={"under_voltage": True})
    await estate.pass_(14.5, device)
    assert await estate.told() == []
    await estate.pass_(30, device)
    (alert,) = await estate.told()
    assert (alert.home, alert.condition, alert.severity) == (
        device.home, Condition.HUB_SILENT, Severity.TECHNICAL,
    )  # fmt: skip
    assert alert.text == (
        "Nothing has been heard from the hub since 13:01 CET on 10 March. The last that sensors "
        "told was appliance (kettle), 13:01 CET on 10 March. Its last heartbeat told of too little "
        "power. Until it is back, what happens there is not seen."
    )
    assert alert.prompt.startswith("Call and ask whether the hub's power and the router are on.")
    assert (alert.cleared_at, alert.version) == (None, 1)
    assert (await estate.services.alerts.one(CENTRE, alert.id)).evidence.phase == Phase.OPEN


async def test_staff_read_that_it_is_heard_again_and_for_how_long_it_was_not(
    estate: Estate,
) -> None:
    (device,) = await estate.add(1)
    await estate.pass_(5)
    await estate.pass_(68, device)
    await estate.hear(device)
    await estate.pass_(1)
    (alert,) = await estate.told()
    assert (alert.state, alert.report_version) == (AlertState.RAISED, 2)
    assert alert.cleared_at is not None
    assert "was not heard from 12:00 GMT on 10 March to 13:13 GMT on 10 March, 1 h 13 min" in (
        alert.text
    )
    assert (await estate.services.alerts.one(CENTRE, alert.id)).evidence.phase == Phase.CLEARED


async def test_a_bad_line_is_one_matter_until_somebody_has_looked(
    estate: Estate, ann: Member
) -> None:
    (device,) = await estate.add(1)
    for _ in range(3):
        await estate.pass_(20, device)
        await estate.hear(device)
        await estate.pass_(1)
    (alert,) = await estate.told()
    assert alert.report_version == 6
    await estate.services.alerts.claim(alert.id, ann)
    await estate.services.alerts.resolve(alert.id, ann, Outcome.EQUIPMENT)
    assert (await estate.services.configurations.of(CENTRE, device.home)).version == 0, (
        "no hub's affair"
    )
    await estate.pass_(20, device)
    (again,) = await estate.told()
    assert again.id != alert.id


async def test_who_has_dealt_with_a_silent_hub_is_not_told_of_it_again(
    estate: Estate, ann: Member
) -> None:
    (device,) = await estate.add(1)
    await estate.pass_(16, device)
    (alert,) = await estate.told()
    await estate.services.alerts.claim(alert.id, ann)
    await estate.services.alerts.resolve(alert.id, ann, Outcome.KNOWN_REASON)
    await estate.pass_(60, device)
    assert await estate.told() == []


async def test_a_hub_that_was_set_up_and_never_spoke_is_told(estate: Estate) -> None:
    (device,) = await estate.add(1)
    await estate.services.claims.add_hub("nobody-has-claimed-this", organisation=1)
    await estate.pass_(16, device)
    (alert,) = await estate.told()
    assert "since it was set up at 12:00 GMT on 10 March" in alert.text


async def test_a_hub_that_speaks_each_hour_is_not_called_silent_in_between(
    estate: Estate,
) -> None:
    (device,) = await estate.add(1)
    await estate.hear(device, every_s=3600)
    await estate.pass_(179, device)
    assert await estate.told() == []
    await estate.pass_(2, device)
    assert len(await estate.told()) == 1


async def test_a_centre_that_was_down_blames_no_hub(estate: Estate) -> None:
    devices = await estate.add(6)
    await estate.pass_(6)
    estate.clock.move(hours=3)
    await estate.services.watch.look()
    await estate.pass_(14, *devices)
    assert await estate.told() == []
    await estate.pass_(5)
    assert await estate.told() == []
    await estate.pass_(16, devices[0])
    assert [one.home for one in await estate.told()] == [devices[0].home]


async def test_a_clock_that_is_set_back_blinds_nobody_and_blames_no_hub(estate: Estate) -> None:
    lost, quiet, _ = await estate.add(3)
    await estate.pass_(10)
    await estate.pass_(18, lost)
    assert [one.home for one in await estate.told()] == [lost.home]
    estate.clock.move(hours=-2)
    await estate.pass_(14, lost, quiet)
    assert [one.home for one in await estate.told()] == [lost.home]
    await estate.pass_(2, lost, quiet)
    assert {one.home for one in await estate.told()} == {lost.home, quiet.home}
    await estate.pass_(10)
    assert [one.home for one in await estate.told() if one.cleared_at is None] == []


async def test_of_many_replicas_and_restarts_each_silence_is_told_once(
    estate: Estate, migrated_url: str, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    (device,) = await estate.add(1)
    await estate.pass_(14, device)
    replicas = [
        create_services(Settings(database_url=migrated_url), clock, QUICK) for _ in range(3)
    ]
    for _ in range(4):
        clock.move(seconds=LOOK_SECONDS)
        await asyncio.gather(*(one.watch.look() for one in (estate.services, *replicas)))
    assert len(await estate.told()) == 1
    assert await connection.fetchval("select version from alert") == 1
    for one in replicas:
        await one.database.close()


async def test_an_outage_is_one_alert_with_its_homes_under_it(estate: Estate) -> None:
    devices = await estate.add(12)
    await estate.pass_(6)
    gone = devices[:8]
    await estate.pass_(25, *gone)
    (alert,) = await estate.told()
    assert (alert.home, alert.label, alert.time_zone) == ("", "", "UTC")
    assert alert.text == (
        "8 of this centre's 12 hubs were last heard at 12:05 UTC on 10 March; none is back. They "
        "may share a cause: the network, the power, or the way to this centre."
    )
    shown = await estate.services.alerts.one(CENTRE, alert.id)
    assert {one.home for one in shown.silent} == {one.home for one in gone}
    for one, listed in ((gone[0], True), (devices[9], False)):
        of_home = await estate.services.alerts.of_home(CENTRE, one.home)
        assert [each.id for each in of_home] == [alert.id] * listed


async def test_hubs_that_are_found_one_after_the_other_are_still_one_outage(
    estate: Estate,
) -> None:
    devices = await estate.add(10)
    for one in devices:  # each at a minute of its own
        await estate.hear(one)
        estate.clock.move(seconds=30)
    await estate.services.watch.look()
    await estate.pass_(30, *devices)
    (alert,) = await estate.told()
    assert alert.text.startswith("All 10 hubs were last heard between 12:00 and 12:04 UTC")


async def test_when_most_are_back_those_left_are_told_one_by_one(estate: Estate) -> None:
    devices = await estate.add(10)
    await estate.pass_(6)
    await estate.pass_(20, *devices)
    await estate.pass_(6, *devices[3:])
    (alert,) = await estate.told()
    assert "; 3 are back." in alert.text
    assert alert.cleared_at is None
    silent = (await estate.services.alerts.one(CENTRE, alert.id)).silent
    assert [one.back_at is None for one in silent] == [True] * 7 + [False] * 3
    await estate.pass_(6, *devices[8:])
    storm, *single = await estate.told()
    assert storm.cleared_at is not None
    assert "8 of the 10 hubs that fell silent" in storm.text
    assert "The 2 that are not each have an alert of their own." in storm.text
    assert {one.home for one in single} == {one.home for one in devices[8:]}
    await estate.pass_(6)
    assert all(one.cleared_at for one in await estate.told())


async def test_an_outage_that_staff_close_hides_no_home_that_is_still_silent(
    estate: Estate, ann: Member
) -> None:
    devices = await estate.add(6)
    await estate.pass_(21, *devices)
    (alert,) = await estate.told()
    await estate.services.alerts.claim(alert.id, ann)
    await estate.services.alerts.resolve(alert.id, ann, Outcome.EQUIPMENT)
    await estate.pass_(1, *devices)
    assert {one.home for one in await estate.told()} == {one.home for one in devices}
    await estate.pass_(30, *devices)
    assert len(await estate.told()) == 6


async def test_hubs_that_fail_on_different_days_are_no_outage(estate: Estate) -> None:
    devices = await estate.add(6)
    for count in range(1, 7):
        await estate.pass_(60, *devices[:count])
    assert {one.home for one in await estate.told()} == {one.home for one in devices}
