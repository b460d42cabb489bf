"""A hub that starts over and over is heard at each start, and yet watches over nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from api.alerts.lifecycle import Outcome
from api.alerts.views import AlertSummary
from api.services import Services
from api.silence.restarts import STARTS
from api.silence.watch import LOOK_SECONDS
from api.store.reach import CENTRE
from contract import Condition, Phase, Severity
from tests.api.support import Device, SettableClock, add_device, add_user


class Looping:
    """A hub, and the centre that looks every half minute."""

    def __init__(self, services: Services, clock: SettableClock, device: Device) -> None:
        self.services, self.clock, self.device = services, clock, device
        self._seq: Iterator[int] = count(1)
        self.started = clock()
        self.kept: list[dict[str, object]] = []

    def start(self, *, at: datetime | None = None) -> None:
        """Its process starts and writes its first heartbeat down."""
        self.started = at or self.clock()
        self.beat()

    def beat(self) -> None:
        told = {"at": self.started.isoformat(), "started_at": self.started.isoformat()}
        self.kept.append(self.device.health(next(self._seq), **told))

    async def send(self) -> None:
        await self.services.ingest.store(self.device.batch(self.kept), self.device.home)
        self.kept = []

    async def pass_(self, minutes: float) -> None:
        """Time in which the centre looks; the hub says once in five minutes how it fares."""
        for step in range(int(minutes * 60 / LOOK_SECONDS)):
            if step % 10 == 0:
                self.beat()
                await self.send()
            self.clock.move(seconds=LOOK_SECONDS)
            await self.services.watch.look()

    async def loop(self, times: int, minutes: float = 5.0) -> None:
        for _ in range(times):
            self.start()
            await self.send()
            await self.pass_(minutes)

    async def told(self) -> list[AlertSummary]:
        return (await self.services.alerts.queue(CENTRE)).technical


@pytest.fixture
async def hub(services: Services, clock: SettableClock) -> Looping:
    await services.watch.look()
    return Looping(services, clock, await add_device(services, time_zone="Europe/Madrid"))


async def test_whose_hub_is_at_work_for_seconds_at_a_time_is_told_to_staff_once(
    hub: Looping,
) -> None:
    await hub.loop(STARTS - 1)
    assert await hub.told() == []
    await hub.loop(20)
    (alert,) = await hub.told()
    assert (alert.home, alert.condition, alert.severity, alert.cleared_at) == (
        hub.device.home, Condition.HUB_RESTARTS, Severity.TECHNICAL, None,
    )  # fmt: skip
    assert (alert.report_version, alert.subject) == (1, hub.device.hub)
    assert alert.text == (
        "The hub ends and is started again, over and over: six times or more within an hour, last "
        "at 13:30 CET on 10 March. Between its starts nothing is watched there, and a call for "
        "help comes late."
    )
    assert alert.prompt.startswith("Call, and agree another way to call for help")


async def test_staff_read_that_it_is_over_an_hour_after_the_last_start(hub: Looping) -> None:
    await hub.loop(STARTS)
    await hub.pass_(54.5)
    (alert,) = await hub.told()
    assert alert.cleared_at is None
    await hub.pass_(1)
    (alert,) = await hub.told()
    assert alert.cleared_at is not None
    assert "No start after 13:30 CET on 10 March was heard of." in alert.text
    assert (await hub.services.alerts.one(CENTRE, alert.id)).evidence.phase == Phase.CLEARED
    await hub.pass_(120)
    (alert,) = await hub.told()
    assert alert.report_version == 2


async def test_nobody_is_called_about_five_restarts_of_an_installer_and_of_a_router(
    hub: Looping,
) -> None:
    await hub.loop(6, minutes=2)  # set up, and five times more
    await hub.pass_(90)
    await hub.loop(1)  # an update
    await hub.pass_(30)
    await hub.services.ingest.store(hub.device.batch([]), hub.device.home)  # the router is back
    await hub.pass_(30)
    assert await hub.told() == []


async def test_nobody_is_called_about_nightly_restarts_that_come_in_at_once_after_a_week(
    hub: Looping,
) -> None:
    for night in range(10):
        hub.start(at=hub.clock() - timedelta(days=10 - night))
    await hub.send()
    await hub.pass_(30)
    assert await hub.told() == []


async def test_a_loop_is_told_where_the_starts_come_in_at_once_or_the_hubs_clock_is_wrong(
    hub: Looping,
) -> None:
    """It ends before it has sent what it wrote down, and wrongly dates it."""
    for turn in range(STARTS):
        hub.start(at=hub.clock() - timedelta(days=400) + timedelta(minutes=turn))
    await hub.send()
    await hub.pass_(1)
    (alert,) = await hub.told()
    assert alert.condition == Condition.HUB_RESTARTS


async def test_who_has_dealt_with_it_is_not_called_again_before_it_was_over(hub: Looping) -> None:
    ann = await add_user(hub.services)
    await hub.loop(STARTS)
    (alert,) = await hub.told()
    await hub.services.alerts.claim(alert.id, ann)
    await hub.services.alerts.resolve(alert.id, ann, Outcome.EQUIPMENT)
    await hub.loop(STARTS)
    assert await hub.told() == []
    settings = await hub.services.configurations.of(CENTRE, hub.device.home)
    assert settings.version == 0, "no hub's affair"
    await hub.pass_(65)
    await hub.loop(STARTS)
    (again,) = await hub.told()
    assert again.id != alert.id


async def test_a_loop_that_comes_back_is_one_matter_until_somebody_has_looked(
    hub: Looping,
) -> None:
    for _ in range(2):
        await hub.loop(STARTS)
        await hub.pass_(65)
    await hub.loop(STARTS)
    (alert,) = await hub.told()
    assert (alert.report_version, alert.cleared_at) == (5, None)


async def test_nobody_waits_for_a_hub_that_was_let_go(
    hub: Looping, services: Services, clock: SettableClock
) -> None:
    await hub.loop(STARTS)
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(
            "update hub set revoked_at = $1, revoked_why = 'revoked' where hub = $2",
            clock(), hub.device.hub,
        )  # fmt: skip
    await services.watch.look()
    clock.move(seconds=LOOK_SECONDS)
    await services.watch.look()
    (alert,) = await hub.told()
    assert alert.cleared_at is not None
