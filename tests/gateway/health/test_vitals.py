"""A hub that hangs is started anew by systemd; one that waits out a full disk is left alone."""

import asyncio
import math
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Assessment, HubHealth, SensorEvent, utc
from detectors.moment import Moment
from detectors.profile import HomeProfile
from gateway import hub as hub_module
from gateway.backoff import Backoff
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import DetectorFactory, Engine, Watermark
from gateway.engine_room import EngineRoom
from gateway.health.vitals import PATIENCE_S, Sign, Vitals
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.hub import Hub
from gateway.journal import Intake, Journal
from gateway.mqtt.subscriber import Link
from gateway.normaliser import Normaliser
from gateway.parts import Parts
from gateway.settings import Sensor
from gateway.writer import Writer
from tests.gateway.events import START, event
from tests.gateway.small_detectors import DETECTORS, HOUR, QuietDetector

SENSORS = (Sensor(name="pir", kind="motion", place="bathroom"),)


class Worker:
    """A job as the watchdog sees it."""

    def __init__(self) -> None:
        self.owes = False
        self.done = 0


def watched(worker: Worker, clock: list[float]) -> Vitals:
    sign = Sign("digging", lambda: worker.owes, lambda: worker.done)
    return Vitals([sign], lambda: clock[0], patience_s=10)


def test_a_job_that_rests_is_not_stuck_however_long() -> None:
    worker, clock = Worker(), [0.0]
    vitals = watched(worker, clock)
    for clock[0] in (0.0, 1e3, 1e6):
        assert vitals.stuck() == []


def test_a_job_that_owes_something_is_stuck_until_it_gets_on() -> None:
    worker, clock = Worker(), [0.0]
    vitals = watched(worker, clock)
    assert vitals.stuck() == []
    worker.owes = True
    for clock[0], stuck in ((1.0, []), (10.0, []), (10.5, ["digging"]), (99.0, ["digging"])):
        assert vitals.stuck() == stuck
    worker.done += 1
    assert vitals.stuck() == []
    worker.owes = False
    clock[0] = 500.0
    assert vitals.stuck() == []


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=80))
def test_it_is_stuck_just_when_it_owed_all_the_while_and_did_nothing(
    life: list[tuple[bool, bool]],
) -> None:
    worker, clock = Worker(), [0.0]
    vitals = watched(worker, clock)
    well = 0.0  # when it last owed nothing, or got on
    for second, (owes, gets_on) in enumerate(life):
        clock[0] = float(second)
        worker.owes = owes
        worker.done += gets_on
        if gets_on or not owes:
            well = clock[0]
        assert vitals.stuck() == (["digging"] if clock[0] - well > 10 else [])


class Bench:
    """A hub whose time passes by hand; what it would tell systemd is counted."""

    def __init__(self, journal: Journal, detectors: Sequence[DetectorFactory] = DETECTORS) -> None:
        self.journal = journal
        self.elapsed = 0.0
        self.fed = 0
        self.full = False
        self.wedged = False
        watermark = Watermark(150)
        self.writer = Writer(Backoff(first=0.5, most=30.0, chance=lambda: 0.9), self._sleep)
        parts = Parts(
            journal=journal,
            hearing=Hearing(
                Zigbee2Mqtt(), Normaliser("h1", SENSORS), watermark, Past(), follows_wall_clock=True
            ),
            room=EngineRoom(
                journal,
                lambda on_fault: Engine(HomeProfile(home="h1"), detectors, on_fault),
                watermark,
                lambda: START,
            ),
            writer=self.writer,
            health=self._health,
            now=lambda: START + self.elapsed,
            elapsed=lambda: self.elapsed,
        )
        self.hub = Hub(parts, live=True)

    def _health(self) -> HubHealth:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        return HubHealth(hub="hub-1", home="h1", at=utc(START))

    async def _sleep(self, seconds: float) -> None:
        until = math.inf if self.wedged else self.elapsed + seconds
        while self.elapsed < until:  # noqa: ASYNC110 - the clock is moved by hand
            await asyncio.sleep(0)

    def waits_for_room(self) -> bool:
        return bool(self.writer.trouble)

    def feed(self) -> None:
        self.fed += 1

    async def pass_time(self, seconds: int) -> int:
        """How often systemd was told in so many seconds that all is well."""
        before = self.fed
        for _ in range(seconds):
            self.elapsed += 1
            for _ in range(5):
                await asyncio.sleep(0)
        return self.fed - before


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(hub_module, "TICK_S", 0.0)
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        yield Bench(journal)


async def ended(*jobs: asyncio.Task[None]) -> None:
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)


async def test_a_hub_whose_detectors_stand_still_is_not_passed_off_as_alive(bench: Bench) -> None:
    jobs = [asyncio.create_task(job) for job in (bench.hub.watch(bench.feed), bench.hub.tick())]
    bench.journal.write_intake(Intake(events=[event(1)]), START)  # and nobody detects upon it
    assert await bench.pass_time(int(PATIENCE_S)) > 0
    await bench.pass_time(2)
    assert await bench.pass_time(60) == 0
    jobs.append(asyncio.create_task(bench.hub.detect()))
    await bench.pass_time(2)
    assert await bench.pass_time(5) > 0
    await ended(*jobs)


async def test_a_hub_that_no_longer_keeps_time_starves_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    watching = asyncio.create_task(bench.hub.watch(bench.feed))
    await bench.pass_time(int(PATIENCE_S) + 2)
    assert await bench.pass_time(60) == 0
    await ended(watching)
    assert bench.journal.notes()["stuck"][1] == "keeping time"
    said = "does not get on with keeping time: the watchdog is not fed"
    assert [record.message for record in caplog.records] == [said]


async def test_a_full_disk_is_waited_out_without_a_restart(bench: Bench) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    said = Message("zigbee2mqtt/pir", b'{"occupancy":true}', 0, False, False, START)
    await bench.hub.take([said])
    bench.elapsed += 7 * HOUR  # so still that there is an alert to write, for which is no room
    bench.journal._connection.execute("pragma query_only = on")
    jobs = [
        asyncio.create_task(job)
        for job in (bench.hub.watch(bench.feed), bench.hub.tick(), bench.hub.detect())
    ]
    for _ in range(60):
        assert await bench.pass_time(30) > 0
    assert bench.waits_for_room()
    bench.journal._connection.execute("pragma query_only = off")
    await bench.pass_time(60)
    assert not bench.waits_for_room()
    assert await bench.pass_time(5) > 0
    await ended(*jobs)


async def test_a_write_that_never_comes_back_starves_it(bench: Bench) -> None:
    jobs = [asyncio.create_task(job) for job in (bench.hub.watch(bench.feed), bench.hub.tick())]
    bench.full = bench.wedged = True
    jobs.append(asyncio.create_task(bench.hub.beat(0)))
    await bench.pass_time(int(PATIENCE_S) + 3)
    assert bench.writer.under_way == 1
    assert await bench.pass_time(60) == 0
    await ended(*jobs)


async def test_what_others_owe_counts_too(bench: Bench) -> None:
    dead = Sign("listening", lambda: True, lambda: 0)
    jobs = [
        asyncio.create_task(job) for job in (bench.hub.watch(bench.feed, dead), bench.hub.tick())
    ]
    await bench.pass_time(int(PATIENCE_S) + 2)
    assert await bench.pass_time(60) == 0
    await ended(*jobs)


async def test_a_journal_that_cannot_even_be_read_is_no_sign_of_life(bench: Bench) -> None:
    jobs = [asyncio.create_task(job) for job in (bench.hub.watch(bench.feed), bench.hub.tick())]
    bench.journal._connection.execute("alter table journal rename to gone")
    assert await bench.pass_time(5) == 0
    await ended(*jobs)


class Hanging(QuietDetector):
    """Takes long over an event."""

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        sleep(0.3)
        return super().observe(event, moment)


async def test_a_detector_that_hangs_holds_the_watchdog_up_with_it(bench: Bench) -> None:
    bench = Bench(bench.journal, [Hanging])
    told: list[float] = []
    jobs = [
        asyncio.create_task(job)
        for job in (
            bench.hub.watch(lambda: told.append(monotonic())),
            bench.hub.tick(),
            bench.hub.detect(),
        )
    ]
    await bench.pass_time(3)

    bench.journal.write_intake(Intake(events=[event(1)]), START)
    bench.hub._events.set()
    await bench.pass_time(3)
    await ended(*jobs)
    assert max(later - sooner for sooner, later in pairwise(told)) >= 0.3
