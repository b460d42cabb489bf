"""In a pause nobody can read out of a heartbeat, or off the card, what the person does."""

import json
from collections import Counter
from pathlib import Path

import pytest

from contract import HubHealth, SensorHealth
from gateway.assembly import make_hub
from gateway.clock.clock import HubClock
from gateway.clock.clock_sync import Sync
from gateway.downlink.book import DownlinkBook
from gateway.downlink.discretion import Discretion
from gateway.downlink.spells import Spells
from gateway.hearing.message import Message
from gateway.hub import Hub
from gateway.journal import Intake, Journal
from gateway.settings import Settings
from tests.gateway.clock.test_clock import Board
from tests.gateway.downlink.bench import SETTINGS, Bench
from tests.gateway.events import START, at

HOUR = 3600.0


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def beat(bench: Bench, seen: float, quality: float) -> HubHealth:
    """How the hub fares, as one that does not look away would tell it."""
    sensor = SensorHealth(
        sensor="pir", last_seen=at(seen), battery=quality / 3, link_quality=quality, online=True
    )
    counters = bench.journal.counters()
    return HubHealth(hub="hub-1", home="h1", at=bench.soon(0), sensors=[sensor], counters=counters)


def count(bench: Bench, **counts: int) -> None:
    bench.journal.write_intake(Intake(counts=Counter(counts)), bench.now)


def told(bench: Bench, seen: float, quality: float) -> HubHealth:
    health = Discretion(bench.standing.spells, bench.journal)(beat(bench, seen, quality))
    bench.journal.write_health(health, bench.now)
    return health


def test_a_heartbeat_in_a_pause_tells_nothing_of_what_was_used_in_it(bench: Bench) -> None:
    count(bench, messages=5, no_change=2)
    before = told(bench, -1, 90)
    bench.run(60)
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    for minute in range(1, 4):
        bench.run(60)
        count(bench, messages=1, no_change=1, paused=1, refused=1, clock_leaps=1)
        during = told(bench, minute / 60, 90 + minute)
        assert during.sensors == before.sensors
        assert {**during.counters, "clock_leaps": 0} == {**before.counters, "clock_leaps": 0}
        assert during.counters["clock_leaps"] == minute
        bench.restart()
    bench.take(bench.told(bench.command("resume")))
    after = told(bench, 0.6, 33)
    assert (after.sensors[0].link_quality, after.counters["messages"]) == (33, 8)


def test_the_first_heartbeat_of_a_hub_in_a_pause_tells_nothing_either(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    count(bench, messages=1)
    (sensor,) = told(bench, 0.1, 80).sensors
    assert (sensor.last_seen, sensor.battery, sensor.link_quality) == (None, None, None)
    assert told(bench, 0.1, 80).counters == {}


def test_whether_a_sensor_can_be_reached_is_told_in_a_pause_too(bench: Bench) -> None:
    told(bench, -1, 90)
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    gone = Discretion(bench.standing.spells, bench.journal)(
        HubHealth(
            hub="hub-1",
            home="h1",
            at=bench.soon(0),
            sensors=[SensorHealth(sensor="pir", online=False)],
        )
    )
    assert gone.sensors[0].online is False


def woken(journal: Journal, board: Board, settings: Settings = SETTINGS) -> tuple[Hub, HubClock]:
    """A hub whose machine does not know what time it is."""
    clock = HubClock(board.machine(), journal.clock()[1])
    made = make_hub(
        settings,
        journal,
        Path(),
        now=clock.now,
        elapsed=clock.elapsed,
        clock=clock,
        spells=Spells(DownlinkBook(journal), "hub-1", "h1"),
    )
    return made.hub, clock


def message(clock: HubClock, device: str, **said: object) -> Message:
    payload = json.dumps(said).encode()
    return Message(f"zigbee2mqtt/{device}", payload, 0, False, False, clock.now(), clock.elapsed())


async def test_in_a_pause_what_waits_for_the_time_does_not_lie_on_the_card_word_for_word(
    bench: Bench,
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(9 * HOUR))))
    board = Board(wall=START + HOUR, sync=Sync.NO)
    hub, clock = woken(bench.journal, board)
    assert not clock.sure
    for said in (
        message(clock, "pir", occupancy=True, battery=50),
        message(clock, "door", contact=False),
        message(clock, "stranger", occupancy=True),
        Message("zigbee2mqtt/pir", b"no JSON", 0, False, False, clock.now(), clock.elapsed()),
        message(clock, "pendant", action="single"),
        message(clock, "pir", battery=49),
        message(clock, "pir", linkquality=80),
    ):
        await hub.take([said])
    kept = bench.journal.rows("select topic, payload from held order by id")
    assert [json.loads(payload) for _, payload in kept] == [{"action": "single"}]
    counters = bench.journal.counters()
    assert (counters["messages"], counters["paused"]) == (6, 6)
    assert bench.journal.quarantine() == []


async def test_a_call_for_help_in_a_pause_is_heard_once_the_time_is_known(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(9 * HOUR))))
    board = Board(wall=START + HOUR, sync=Sync.NO)
    hub, clock = woken(bench.journal, board)
    await hub.take([message(clock, "pendant", action="single")])
    board.sync = Sync.YES
    assert await hub._knows_the_time()
    assert [one.sensor for _, one in bench.journal.events_after(0, 9)] == ["pendant"]


async def test_a_door_that_was_opened_unheard_in_a_pause_is_no_event_after_it(
    bench: Bench,
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(9 * HOUR))))
    board = Board(wall=START + HOUR, sync=Sync.NO)
    hub, clock = woken(bench.journal, board)
    await hub.take([message(clock, "door", contact=False)])
    bench.take(bench.told(bench.command("resume")))
    board.sync = Sync.YES
    hub, clock = woken(bench.journal, board)
    for contact in (False, True):
        await hub.take([message(clock, "door", contact=contact)])
        board.run(60)
    doors = [one.value for _, one in bench.journal.events_after(0, 9) if one.kind == "opening"]
    assert doors == [0], "only that it was closed"


async def test_a_battery_that_a_device_tells_as_it_is_used_does_not_show_that_in_a_pause(
    bench: Bench,
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(9 * HOUR))))
    board = Board(wall=START + HOUR, sync=Sync.YES)
    hub, clock = woken(bench.journal, board)
    for level in (50, 49):
        await hub.take([message(clock, "pir", battery=level)])
        board.run(60)
    assert list(bench.journal.events_after(0, 9)) == []
    bench.take(bench.told(bench.command("resume")))
    hub, clock = woken(bench.journal, board)
    await hub.take([message(clock, "pir", battery=48)])
    assert [one.battery for _, one in bench.journal.events_after(0, 9)] == [48]


async def test_a_battery_that_ran_low_in_a_pause_is_told_after_it_also_by_a_hub_begun_anew(
    bench: Bench,
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(9 * HOUR))))
    board = Board(wall=START + HOUR, sync=Sync.YES)
    hub, clock = woken(bench.journal, board)
    await hub.take([message(clock, "door", battery_low=True)])
    assert bench.journal.events_after(0, 9) == []
    bench.run(HOUR)
    bench.take(bench.told(bench.command("resume")))
    board.run(HOUR)
    hub, clock = woken(bench.journal, board)
    for _ in range(2):
        await hub.take([message(clock, "door", battery_low=True)])
        board.run(60)
    assert [one.battery for _, one in bench.journal.events_after(0, 9)] == [10]
