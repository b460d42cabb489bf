"""The whole way of a message, with everything that can go wrong on it, drawn at random.

The broker delivers, the hub may end before or after it has stored, before or after it has
acknowledged, before or after its engine has worked; the broker then delivers again. Devices may be
late, and time may pass while nothing is heard. In the end the journal must hold what a hub would
hold to which nothing ever happened, and its alerts must be those of a replay, byte for byte.
"""

import json
from collections import deque
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contract import RecordKind, SensorEvent, encode
from detectors.profile import HomeProfile
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import OrderingEngine, Watermark
from gateway.engine_room import EngineRoom
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.normaliser import Normaliser
from gateway.settings import Sensor
from tests.gateway.events import START
from tests.gateway.small_detectors import DETECTORS

SENSORS = (
    Sensor(name="pir", kind="motion", place="bathroom"),
    Sensor(name="door", kind="opening", place="front_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="pendant", kind="button", place="pendant"),
    Sensor(name="old-pendant", kind="button", place="pendant"),
)
PROFILE = HomeProfile(home="h1")
LAG_S = 150.0
AGES_S = 1e7
"""By so much the clock of one of the pendants is behind: each press of it is late."""
SAYINGS: list[tuple[str, dict[str, object]]] = [
    ("pir", {"occupancy": True}),
    ("pir", {"occupancy": False}),
    ("pir", {"occupancy": "broken"}),
    ("door", {"contact": False, "battery": 77}),
    ("door", {"contact": True}),
    ("kettle", {"power": 2000}),
    ("kettle", {"power": 0}),
    ("pendant", {"action": "single"}),
    ("old-pendant", {"action": "single"}),
    ("stranger", {"contact": True}),
]


class Process:
    """A hub from one start to its end."""

    def __init__(self, journal: Journal) -> None:
        newest, received = journal.clock()
        watermark = Watermark(LAG_S) if newest is None else Watermark(LAG_S, newest=newest)
        normaliser = Normaliser("h1", SENSORS)
        normaliser.thaw(journal.devices())
        self.journal = journal
        self.watermark = watermark
        self.hearing = Hearing(
            Zigbee2Mqtt(),
            normaliser,
            watermark,
            Past(journal.deliveries(), received),
            follows_wall_clock=True,
        )
        self.room = EngineRoom(
            journal,
            lambda told: OrderingEngine(PROFILE, DETECTORS, told, window_s=LAG_S, mends=True),
            watermark,
            lambda: START,
        )

    def store(self, messages: list[Message]) -> None:
        self.journal.write_intake(self.hearing.hear(messages), START)

    def work(self) -> None:
        while self.room.work():
            pass

    def tick(self, now: float) -> None:
        """As a hub does whose broker has nothing more to tell."""
        self.journal.write_intake(self.hearing.tick(now), START)
        self.work()
        self.room.tick(now)


class Fate(Enum):
    """What befalls the hub with some messages."""

    HEARD = "stored and acknowledged"
    CUT_BEFORE_STORING = "power cut before they are stored"
    CUT_BEFORE_ACKNOWLEDGING = "power cut before they are acknowledged"
    CUT_AMID_ACKNOWLEDGING = "power cut when half of them are acknowledged"
    CUT_AFTER = "power cut when all is acknowledged, and nothing detected yet"
    DETECTED = "stored, acknowledged, and gone through by the engine"
    DETECTED_AND_CUT = "the same, and a power cut"
    ENDED = "the same, and the hub is stopped in good order"


_SPOKEN = st.lists(
    st.tuples(
        st.sampled_from(SAYINGS), st.integers(1, 20_000), st.sampled_from([0, 0, 1, 40, 900])
    ),
    min_size=1,
    max_size=6,
)
_CUTS = frozenset(Fate) - {Fate.HEARD, Fate.DETECTED}
_WORKS = frozenset({Fate.DETECTED, Fate.DETECTED_AND_CUT, Fate.ENDED})


class Home(RuleBasedStateMachine):
    """Devices, a broker that keeps what is not acknowledged, and a hub that may end at any time."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.said: list[Message] = []
        self.life: list[Message | float] = []  # the same, and when time was let pass
        self.kept: deque[Message] = deque()  # by the broker, unacknowledged
        self.now = START
        self._start()
        self._speak("pir", {"occupancy": True}, 1, 0)

    def _start(self) -> None:
        self.journal = Journal.open(Path(self.folder.name) / "j.sqlite", "hub-1", "h1")
        self.process = Process(self.journal)

    @rule(spoken=_SPOKEN, most=st.integers(1, 8), fate=st.sampled_from(Fate))
    def live(
        self,
        spoken: list[tuple[tuple[str, dict[str, object]], int, int]],
        most: int,
        fate: Fate,
    ) -> None:
        for (device, said), seconds, late in spoken:
            self._speak(device, said, seconds, late)
        messages = self._take(most)
        if fate is Fate.CUT_BEFORE_STORING:
            self.process.hearing.hear(messages)
        else:
            self.process.store(messages)
            self._acknowledge(
                {Fate.CUT_BEFORE_ACKNOWLEDGING: 0, Fate.CUT_AMID_ACKNOWLEDGING: most // 2}.get(
                    fate, most
                )
            )
        if fate in _WORKS:
            self.process.work()
        if fate is Fate.ENDED:
            self.process.room.save()
        if fate in _CUTS:
            self._end()

    @rule(seconds=st.sampled_from([1, 100, 5000, 90_000]), ends=st.booleans())
    def let_time_pass(self, seconds: int, *, ends: bool) -> None:
        """Nothing is heard, and the broker has told all that it kept."""
        self.process.store(self._take(len(self.kept)))
        self._acknowledge(len(self.kept))
        self.process.work()
        self.now += seconds
        self.life.append(self.now)
        self.process.tick(self.now)
        if ends:
            self.process.room.save()
            self._end()

    def _speak(self, device: str, said: dict[str, object], seconds: int, late: int) -> None:
        self.now += seconds
        at = self.now - (AGES_S if device == "old-pendant" else min(late, seconds))
        payload = json.dumps(said | {"last_seen": round(at * 1000)}).encode()
        mid = len(self.said) % 65_535 + 1
        message = Message(f"zigbee2mqtt/{device}", payload, mid, False, False, self.now)
        self.said.append(message)
        self.life.append(message)
        self.kept.append(message)

    def _take(self, most: int) -> list[Message]:
        return [self.kept[index] for index in range(min(most, len(self.kept)))]

    def _acknowledge(self, most: int) -> None:
        for _ in range(min(most, len(self.kept))):
            self.kept.popleft()

    def _end(self) -> None:
        """The hub ends; the broker marks what it will deliver again."""
        self.journal.close()
        again = [
            Message(one.topic, one.payload, one.mid, True, False, one.received) for one in self.kept
        ]
        self.kept = deque(again)
        self._start()

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        self.process.store(self._take(len(self.kept)))
        self.process.work()
        self.process.tick(self.now + 1e6)
        self.life.append(self.now + 1e6)
        events = list(self.journal.events_until(10**9))
        kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
        outputs = [b for _, b in sorted(one for k in kinds for one in self.journal.records(k))]
        counters = self.journal.counters()
        self.journal.close()
        self.folder.cleanup()
        undisturbed, line = self._undisturbed()
        assert _without_moments(events) == _without_moments(undisturbed)
        engine = OrderingEngine(PROFILE, DETECTORS, window_s=LAG_S)
        replayed = [out for one in events for out in engine.process(one)]
        replayed += engine.advance(line)
        for condition in {one.condition for one in DETECTORS}:
            word = f'"condition":"{condition}"'.encode()
            assert [one for one in outputs if word in one] == [
                encode(one) for one in replayed if one.condition == condition
            ]
        heard = counters.get("messages", 0) - counters.get("redelivered", 0)
        assert heard == len(self.said)

    def _undisturbed(self) -> tuple[list[SensorEvent], float]:
        """What a hub holds that ran all the time, and how far it let time pass."""
        watermark = Watermark(LAG_S)
        hearing = Hearing(
            Zigbee2Mqtt(),
            Normaliser("h1", SENSORS),
            watermark,
            Past(),
            follows_wall_clock=True,
        )
        events: list[SensorEvent] = []
        for one in self.life:
            if isinstance(one, Message):
                events += hearing.hear([one]).events
                continue
            events += hearing.tick(one).events
            if watermark.newest > 0:
                watermark.drive(one)
        return events, watermark.at


def _without_moments(events: list[SensorEvent]) -> list[SensorEvent]:
    """The events without when late calls count: a killed hub forgets how far it had let time pass.

    It stands with the event, so that the replay below tells what the killed hub told.
    """
    return [msgspec.structs.replace(one, counts_at=None) for one in events]


TestHome = Home.TestCase
TestHome.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
