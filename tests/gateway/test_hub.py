"""Time passes in a quiet home, but never ahead of what the broker still has to tell."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract import HubHealth, RecordKind, utc
from detectors.profile import HomeProfile
from gateway import hub as hub_module
from gateway.backoff import Backoff
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Engine, Watermark
from gateway.engine_room import EngineRoom
from gateway.hearing.backlog import QUIET_S
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.hub import Hub
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.normaliser import Normaliser
from gateway.parts import Parts
from gateway.settings import Sensor
from gateway.writer import Writer
from tests.gateway.events import START
from tests.gateway.small_detectors import DETECTORS, HOUR

SENSORS = (
    Sensor(name="pir", kind="motion", place="bathroom"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
)


@dataclass
class Clocks:
    """The hub's two clocks, moved by hand."""

    now: float = START
    elapsed: float = 0.0

    def run(self, seconds: float) -> None:
        self.now += seconds
        self.elapsed += seconds


class Bench:
    """A hub without a broker: its jobs are called by hand."""

    def __init__(self, journal: Journal) -> None:
        self.clocks = Clocks()
        self.journal = journal
        watermark = Watermark(150)
        normaliser = Normaliser("h1", SENSORS)
        parts = Parts(
            journal=journal,
            hearing=Hearing(Zigbee2Mqtt(), normaliser, watermark, Past(), follows_wall_clock=True),
            room=EngineRoom(
                journal,
                lambda on_fault: Engine(HomeProfile(home="h1"), DETECTORS, on_fault),
                watermark,
                lambda: self.clocks.now,
            ),
            writer=Writer(Backoff(first=1, most=1, chance=lambda: 0.0)),
            health=lambda: HubHealth(hub="hub-1", home="h1", at=utc(self.clocks.now)),
            now=lambda: self.clocks.now,
            elapsed=lambda: self.clocks.elapsed,
        )
        self.room = parts.room
        self.hub = Hub(parts, live=True)

    async def hear(self, device: str, said: dict[str, object]) -> None:
        payload = json.dumps(said).encode()
        message = Message(f"zigbee2mqtt/{device}", payload, 0, False, False, self.clocks.now)
        await self.hub.take([message])
        while self.room.work():
            pass

    async def pass_time(self, seconds: float) -> None:
        """Lets time pass, with a tick at the end of it."""
        self.clocks.run(seconds)
        await self.hub._pass_time(self.clocks.now)
        while self.room.work():
            pass

    def kinds(self) -> list[str]:
        return [record.kind for record in self.journal.outbox.records(0, 100, 10**6)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        yield Bench(journal)


async def test_a_home_that_falls_still_raises_an_alert_without_another_message(
    bench: Bench,
) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.hear("pir", {"occupancy": True})
    await bench.pass_time(6 * HOUR)
    assert bench.kinds() == ["event"]
    await bench.pass_time(151)
    assert bench.kinds() == ["event", "assessment", "alert"]
    assert bench.hub.news.is_set()


async def test_a_plug_that_is_never_quiet_does_not_keep_time_from_passing(bench: Bench) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.hear("pir", {"occupancy": True})
    for _ in range(40):
        await bench.pass_time(4)
        await bench.hear("kettle", {"power": 0})
    bench.clocks.run(6 * HOUR + 200)
    await bench.hear("kettle", {"power": 0})
    await bench.pass_time(1)
    assert "alert" in bench.kinds()


async def test_while_the_broker_is_away_stillness_proves_nothing(bench: Bench) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.hear("pir", {"occupancy": True})
    bench.hub.broker_told(Link.DOWN, "broker", "gone")
    await bench.pass_time(12 * HOUR)
    assert bench.kinds() == ["event"]
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.pass_time(QUIET_S - 1)
    assert bench.kinds() == ["event"]


async def test_what_the_broker_kept_is_told_before_time_moves_on(bench: Bench) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.hear("pir", {"occupancy": True})
    bench.hub.broker_told(Link.DOWN, "broker", "gone")
    bench.clocks.run(12 * HOUR)
    bench.hub.broker_told(Link.UP, "broker", "")
    dated = utc(bench.clocks.now - 7 * HOUR).isoformat()
    await bench.hear("pir", {"occupancy": False, "last_seen": dated})
    dated = utc(bench.clocks.now - 7 * HOUR + 5).isoformat()
    await bench.hear("pir", {"occupancy": True, "last_seen": dated})
    assert [one.quality for _, one in bench.journal.events_after(0, 9)] == ["ok", "ok"]


async def test_a_boil_is_told_though_nothing_else_is_heard(bench: Bench) -> None:
    bench.hub.broker_told(Link.UP, "broker", "")
    await bench.hear("kettle", {"power": 2000})
    bench.clocks.run(180)
    await bench.hear("kettle", {"power": 0})
    await bench.pass_time(91)
    (event,) = [one for _, one in bench.journal.events_after(0, 9)]
    assert (event.kind, event.value, event.quality) == ("appliance", 100.0, "ok")


async def test_a_boil_that_a_dead_hub_missed_the_end_of_waits_for_the_broker(bench: Bench) -> None:
    await bench.hear("kettle", {"power": 2000})
    await bench.pass_time(HOUR)
    assert bench.kinds() == []
    bench.hub.broker_told(Link.UP, "broker", "")
    ended = utc(bench.clocks.now - HOUR + 180).isoformat()
    await bench.hear("kettle", {"power": 0, "last_seen": ended})
    await bench.pass_time(QUIET_S + 1)
    (event,) = [one for _, one in bench.journal.events_after(0, 9)]
    assert event.duration == 180


async def test_a_hub_that_ends_within_a_second_has_said_that_it_started(bench: Bench) -> None:
    beating = asyncio.create_task(bench.hub.beat(3600))
    for _ in range(100):
        await asyncio.sleep(0.01)
        if bench.hub.news.is_set():
            break
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    assert len(list(bench.journal.records(RecordKind.HEALTH))) == 1


async def test_the_log_says_once_how_it_stands_with_broker_and_centre(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bench.hub.broker_told(Link.DOWN, "localhost:1883", "refused")
    bench.hub.broker_told(Link.UP, "localhost:1883", "")
    bench.hub.centre_told("away")
    bench.hub.centre_told("")
    assert [record.message for record in caplog.records] == [
        "no broker at localhost:1883, trying on: refused",
        "connected to the broker at localhost:1883",
        "nothing reaches the centre; all is kept, trying on: away",
        "the centre receives",
    ]
    assert {name: text for name, (_, text) in bench.journal.notes().items()} == {
        "broker": "",
        "centre": "",
    }


async def test_a_note_that_cannot_be_left_is_no_reason_to_end(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.journal._connection.execute("pragma query_only = on")
    bench.hub.note("broker", "gone")
    assert "no note of the broker could be left" in caplog.text


async def test_systemd_hears_that_it_lives_while_the_disk_is_full(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "TICK_S", 0.01)
    bench.journal._connection.execute("pragma query_only = on")
    beats: list[float] = []
    jobs = [
        asyncio.create_task(job)
        for job in (
            bench.hub.watch(lambda: beats.append(1.0)),
            bench.hub.beat(0.01),
            bench.hub.tick(),
            bench.hub.detect(),
        )
    ]
    await asyncio.sleep(0.3)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert len(beats) > 5


async def test_a_fault_towards_the_centre_can_be_found_among_the_counters(bench: Bench) -> None:
    bench.hub.own_counts.centre_failed()
    await bench.hear("pir", {"occupancy": True})
    await bench.hear("pir", {"occupancy": False})
    assert bench.journal.counters()["centre_failed"] == 1


async def test_a_fault_is_counted_within_a_second_though_nothing_more_is_heard(
    bench: Bench,
) -> None:
    """It once waited for the next message: a power cut before that lost the count."""
    bench.hub.own_counts.centre_failed()
    ticking = asyncio.create_task(bench.hub.tick())
    await asyncio.sleep(0.05)
    ticking.cancel()
    assert bench.journal.counters()["centre_failed"] == 1


async def test_what_is_lost_or_refused_on_the_way_is_told_though_nothing_more_is_heard(
    bench: Bench,
) -> None:
    bench.hub.own_counts.overflowed()
    bench.hub.own_counts.centre_refused(3)
    beating = asyncio.create_task(bench.hub.beat(0.01))
    await asyncio.sleep(0.1)
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    assert list(bench.journal.records(RecordKind.HEALTH))
    counters = bench.journal.counters()
    assert (counters["overflowed"], counters["centre_refused"]) == (1, 3)
