"""What happens before the hub knows the time is kept, and dated when it does."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import HubHealth, RecordKind, SensorEvent, utc
from detectors.profile import HomeProfile
from gateway import hub as hub_module
from gateway.backoff import Backoff
from gateway.clock.clock import FLOOR, HubClock
from gateway.clock.clock_sync import Sync
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Engine, Watermark
from gateway.engine_room import EngineRoom
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.hearing.waiting_room import WaitingRoom
from gateway.hub import Hub
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.normaliser import Normaliser
from gateway.parts import Parts
from gateway.settings import Sensor
from gateway.writer import Writer
from tests.gateway.clock.test_clock import Board
from tests.gateway.events import START
from tests.gateway.small_detectors import DETECTORS

SENSORS = (
    Sensor(name="pir", kind="motion", place="bathroom"),
    Sensor(name="pendant", kind="button", place="pendant"),
    Sensor(name="lounge", kind="temperature", place="lounge"),
)


class Run:
    """A hub from one start of its process to its end, on a machine with clocks moved by hand."""

    def __init__(self, folder: Path, board: Board) -> None:
        self.board = board
        self.journal = Journal.open(folder / "journal.sqlite", "hub-1", "h1")
        newest, received = self.journal.clock()
        watermark = Watermark(150) if newest is None else Watermark(150, newest=newest)
        self.clock = HubClock(board.machine(), received)
        normaliser = Normaliser("h1", SENSORS)
        normaliser.thaw(self.journal.devices())
        past = Past(self.journal.deliveries(), received)
        self.hub = Hub(
            Parts(
                journal=self.journal,
                hearing=Hearing(
                    Zigbee2Mqtt(), normaliser, watermark, past, follows_wall_clock=True
                ),
                room=EngineRoom(
                    self.journal,
                    lambda told: Engine(HomeProfile(home="h1"), DETECTORS, told),
                    watermark,
                    self.clock.now,
                ),
                writer=Writer(Backoff(first=1, most=1, chance=lambda: 0.0)),
                health=lambda: HubHealth(hub="hub-1", home="h1", at=utc(self.clock.now())),
                now=self.clock.now,
                elapsed=self.clock.elapsed,
                clock=self.clock,
                waiting=WaitingRoom(self.journal, self.clock, received),
            ),
            live=True,
        )

    def message(self, device: str, said: dict[str, object], mid: int = 0) -> Message:
        payload = json.dumps(said).encode()
        now, elapsed = self.clock.now(), self.clock.elapsed()
        return Message(f"zigbee2mqtt/{device}", payload, mid, False, False, now, elapsed)

    async def press(self, mid: int = 0, **said: object) -> None:
        await self.hub.take([self.message("pendant", {"action": "single", **said}, mid)])

    async def tick(self) -> None:
        if await self.hub._knows_the_time():
            await self.hub._pass_time(self.clock.now())

    async def synchronise(self, wall: float) -> None:
        self.board.wall, self.board.sync = wall, Sync.YES
        await self.tick()

    def events(self) -> list[SensorEvent]:
        return [one for _, one in self.journal.events_after(0, 100)]

    def told(self) -> list[tuple[float, str]]:
        return [(one.at.timestamp(), one.quality) for one in self.events()]


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def stamp(t: float) -> str:
    return datetime.fromtimestamp(t, UTC).isoformat()


@pytest.mark.parametrize("woke_at", [30.0, FLOOR + 1000, START - 5000])
async def test_a_call_for_help_before_the_time_is_known_is_told_with_its_time(
    folder: Path, woke_at: float
) -> None:
    run = Run(folder, Board(wall=woke_at))
    await run.press()
    run.board.run(90)
    await run.tick()
    assert run.events() == []
    await run.synchronise(START)
    assert run.told() == [(START - 90, "ok")]
    assert run.journal.counters()["held"] == 1
    assert run.journal.held.count() == 0


async def test_what_the_bridge_dated_by_the_same_wrong_clock_is_put_right(folder: Path) -> None:
    run = Run(folder, Board(wall=START - 5000))
    await run.press(last_seen=stamp(run.clock.now() - 0.5))
    run.board.run(60)
    await run.synchronise(START)
    assert run.told() == [(START - 60.5, "ok")]


async def test_what_a_device_with_the_right_time_told_is_left_as_it_is(folder: Path) -> None:
    run = Run(folder, Board(wall=FLOOR + 10))
    await run.press(last_seen=stamp(START - 62))
    run.board.run(60)
    await run.synchronise(START)
    assert run.told() == [(START - 62, "ok")]


async def test_what_waits_in_memory_while_the_clock_is_set_is_dated_by_the_new_one(
    folder: Path,
) -> None:
    run = Run(folder, Board(wall=FLOOR + 10))
    before = run.message("pendant", {"action": "single"})
    run.board.run(2)
    await run.synchronise(START)
    await run.hub.take([before])
    assert run.told() == [(START - 2, "ok")]


async def test_a_restart_of_the_process_before_the_time_is_known_loses_nothing(
    folder: Path,
) -> None:
    board = Board(wall=FLOOR + 10)
    run = Run(folder, board)
    await run.press(mid=7)
    run.journal.close()
    board.run(20)
    again = Run(folder, board)
    board.run(20)
    await again.synchronise(START)
    assert again.told() == [(START - 40, "ok")]


async def test_a_figure_that_a_broker_says_again_before_the_time_is_known_is_told_once(
    folder: Path,
) -> None:
    """As after a power cut that took both: the broker forgot that the hub had it."""
    run = Run(folder, Board(sync=Sync.YES))
    said = [run.message("lounge", {"temperature": one}, n) for n, one in ((1, 21.4), (2, 22.0))]
    await run.hub.take(said)
    run.journal.close()
    again = Run(folder, Board(wall=START - 2000, boot="boot-2"))
    again.hub.broker_told(Link.UP, "the broker", "")
    await again.hub.take([again.message("lounge", {"temperature": 21.4}, 1)])
    again.board.run(20)
    await again.synchronise(START + 90)
    assert [one.value for one in again.events()] == [21.4, 22.0]
    assert again.journal.counters()["redelivered_figure"] == 1


async def test_what_waited_when_the_power_went_is_kept_in_order_and_marked(folder: Path) -> None:
    """It was after what is known to have been, and over before the machine was started again."""
    run = Run(folder, Board(sync=Sync.YES))
    await run.press()
    run.journal.close()
    dark = Run(folder, Board(wall=START - 2000, boot="boot-2"))
    await dark.press()
    dark.board.run(30)
    await dark.press()
    dark.journal.close()
    last = Run(folder, Board(wall=START - 2000, boot="boot-3", elapsed=20))
    await last.synchronise(START + 7200)
    (_, known), *waited = last.told()
    assert known == "ok"
    assert [quality for _, quality in waited] == ["clock_unsure"] * 2
    first, second = (t for t, _ in waited)
    assert second - first == 30
    assert START <= first < second <= START + 7200 - 20
    await last.press()
    assert last.told()[-1] == (START + 7200, "ok")


async def test_what_waited_is_heard_before_what_comes_now(folder: Path) -> None:
    run = Run(folder, Board(wall=FLOOR + 10))
    await run.press()
    run.board.run(30)
    run.board.wall, run.board.sync = START, Sync.YES
    run.clock.look()
    await run.press()
    assert run.told() == [(START - 30, "ok"), (START, "ok")]


async def test_no_heartbeat_is_dated_in_1970(folder: Path) -> None:
    run = Run(folder, Board(wall=30.0))
    await run.tick()
    assert run.journal.notes()["clock"][1] == "it has not been set"
    await run.synchronise(START)
    assert not run.journal.notes()["clock"][1]


async def test_a_start_is_told_as_soon_as_the_time_is_known_and_not_a_heartbeat_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub whose machine starts over and over would end before that, and nobody know of it."""
    monkeypatch.setattr(hub_module, "TICK_S", 0.01)
    run = Run(folder, Board(wall=30.0))
    beating = asyncio.create_task(run.hub.beat(3600))
    await asyncio.sleep(0.1)
    assert list(run.journal.records(RecordKind.HEALTH)) == []
    await run.synchronise(START)
    await asyncio.sleep(0.1)
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    assert list(run.journal.records(RecordKind.HEALTH))


async def test_a_leap_of_the_clock_is_counted_for_the_centre(folder: Path) -> None:
    run = Run(folder, Board(sync=Sync.YES))
    run.board.wall += 40
    await run.tick()
    assert run.journal.counters()["clock_leaps"] == 1


@pytest.mark.parametrize("leap", [-7200.0, 7200.0])
async def test_a_leap_while_the_network_is_away_moves_no_event(folder: Path, leap: float) -> None:
    run = Run(folder, Board(sync=Sync.YES))
    run.board.sync = Sync.NO
    run.board.wall += leap
    await run.tick()
    run.board.run(10)
    await run.press()
    assert run.told() == [(START + 10, "ok")]


@given(
    steps=st.lists(st.tuples(st.integers(11, 400), st.booleans()), min_size=1, max_size=8),
    woke_at=st.sampled_from([30.0, FLOOR + 10, START - 90_000]),
)
@settings(max_examples=25, deadline=None)
async def test_however_often_it_ends_before_the_time_is_known_each_press_is_told_once(
    steps: list[tuple[int, bool]], woke_at: float
) -> None:
    """Each step is some seconds and a press; the process may end after it."""
    with TemporaryDirectory() as name:
        board = Board(wall=woke_at)
        run, pressed = Run(Path(name), board), list[float]()
        for seconds, ends in steps:
            board.elapsed += seconds
            board.wall += seconds
            pressed.append(board.elapsed)
            await run.press()
            if ends:
                run.journal.close()
                run = Run(Path(name), board)
        await run.synchronise(START)
        started = START - board.elapsed
        patient = [t for t, _ in run.told()]
        assert patient == pytest.approx([started + t for t in pressed], abs=1e-3)
        run.journal.close()


async def test_status_does_not_say_for_ever_that_the_clock_was_not_set(folder: Path) -> None:
    run = Run(folder, Board(wall=30.0))
    await run.tick()
    assert run.journal.notes()["clock"][1] == "it has not been set"
    run.clock.told(START)  # by the centre, between two looks
    await run.tick()
    assert run.journal.notes()["clock"][1] == ""
