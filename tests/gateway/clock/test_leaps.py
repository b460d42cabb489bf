"""A clock that leaps swallows no call for help and no change, in whatever dialect a home speaks."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract import Phase, Quality
from gateway.clock.clock import PATIENCE_S, STOOD_S
from gateway.hearing.message import Message
from gateway.normaliser.button import PRESSED_AGAIN_S, REDELIVERED_S
from gateway.settings import Broker, Sensor, Settings
from tests.gateway.clock.test_setting_back import DAY, HOUR, Lasting
from tests.gateway.hearing.test_calls import NOON, SETTINGS


class Way(NamedTuple):
    """How a home's button speaks.

    Attributes:
        dialect: Its dialect.
        button: The device's name in it.
        clock: Whose time a press bears: none, the hub's own wrong one, or the device's right one.
    """

    dialect: str
    button: str
    clock: str = ""


WAYS = {
    "zigbee2mqtt": Way("zigbee2mqtt", "pendant"),
    "zigbee2mqtt with last_seen": Way("zigbee2mqtt", "pendant", "hub"),
    "zigbee2mqtt on another machine": Way("zigbee2mqtt", "pendant", "device"),
    "shelly": Way("shelly", "pendant", "device"),
    "esphome": Way("esphome", "pendant"),
    "plain": Way("plain", "pendant"),
    "plain with a time": Way("plain", "pendant", "device"),
}


class Leaping(Lasting):
    """A home whose button speaks in one way, and whose machine may be started anew."""

    def __init__(self, path: Path, way: Way) -> None:
        self.way, self._boots, self._pressed = way, 0, 0
        self.told_at: tuple[float, float] | None = None  # by this life of the hub, and by its clock
        self.said: list[Message] = []
        super().__init__(path)

    @property
    def settings(self) -> Settings:
        return msgspec.structs.replace(
            SETTINGS,
            broker=Broker(dialect=self.way.dialect, base_topic="base"),
            sensors=(
                Sensor(name="pir", kind="motion", place="hall"),
                Sensor(name=self.way.button, kind="button", place="pendant"),
            ),
        )

    def presses_now(self) -> None:
        """One press; no two of them bear the same time."""
        self._pressed += 1
        self.passed += 0.001 * self._pressed
        self._said += 1
        topic, payload = self._words()
        self._hears_again(Message(topic, payload, self._said, False, False, 0.0))

    def _words(self) -> tuple[str, bytes]:
        true = NOON + self.passed
        at = {"": None, "hub": true + self.ahead, "device": true}[self.way.clock]
        said = {} if at is None else {"at": datetime.fromtimestamp(at, UTC).isoformat()}
        if self.way.dialect == "shelly":
            push = {"component": "input:0", "id": 0, "event": "single_push", "ts": at}
            params = {"ts": at, "events": [push]}
            words = {"src": "x", "method": "NotifyEvent", "params": params}
            return "base/pendant/events/rpc", json.dumps(words).encode()
        if self.way.dialect == "esphome":
            return "base/pendant/event/button/state", b'{"event_type":"single"}'
        if self.way.dialect == "plain":
            return "base/pendant", json.dumps({"kind": "button", "value": 1, **said}).encode()
        seen = {"last_seen": said["at"]} if said else {}
        return "base/pendant", json.dumps({"action": "on", **seen}).encode()

    def _hears_again(self, message: Message) -> None:
        now, elapsed = self.clock.now(), self.clock.elapsed()
        came = replace(message, received=now, elapsed=elapsed)
        self.said.append(came)
        self.hears(came)

    def is_delivered_again(self, which: int) -> None:
        """A press comes again: marked as such, or under no number where it bears its own time."""
        if not self.said:
            return
        one = self.said[which % len(self.said)]
        if self.way.clock and which % 2:
            self._hears_again(replace(one, mid=0))
        elif one.mid:
            self._hears_again(replace(one, dup=True))

    def may_be_another(self) -> bool:
        """Whether a press without a time that is marked as said before may be a new one.

        A broker that lost its memory uses numbers anew. The hub goes by how long ago the last one
        was; by a clock that leaps, where it was started anew meanwhile.
        """
        if self.way.clock or self.told_at is None:
            return False
        passed, then = self.told_at
        ago, by_clock = self.passed - passed, self.clock.now() - then
        return ago >= REDELIVERED_S or by_clock >= REDELIVERED_S or by_clock < 0

    def is_killed(self) -> None:
        self.journal.close()
        self.start()

    def loses_power(self) -> None:
        self.journal.close()
        self._boots += 1
        began = self.passed - 20.0
        self._machine = replace(
            self._machine, boot=f"boot {self._boots}", elapsed=lambda: self.passed - began
        )
        self.start()

    def buttons(self) -> int:
        """Presses that were told and are no repetitions."""
        events = self.journal.events_until(10**9)
        return sum(one.kind == "button" and one.quality != Quality.REPLAYED for one in events)

    def raised(self) -> int:
        """How often a call was raised or renewed."""
        return sum(one.phase == Phase.OPEN for one in self.calls())


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Leaping]:
    made = Leaping(tmp_path, request.param)
    made.passes(60)
    yield made
    made.journal.close()


@pytest.mark.parametrize("again", [False, True], ids=["", "power cut"])
@pytest.mark.parametrize("by", [240.0, 30 * DAY], ids=["minutes", "a month"])
def test_every_press_calls_while_a_clock_stands_ahead_and_once_it_is_right_again(
    home: Leaping, by: float, *, again: bool
) -> None:
    home.presses_now()
    home.ahead = by
    home.passes(STOOD_S + 60)
    home.presses_now()
    home.ahead = 0.0
    if again:
        home.loses_power()
    for wait in (11, 30, by % 200 + 11, 90):
        before = home.raised()
        home.passes(wait)
        home.presses_now()
        assert home.raised() == before + 1
    assert home.buttons() == 6


def test_the_first_press_after_event_time_was_set_back_renews_a_call_that_stands(
    home: Leaping,
) -> None:
    """It says the same as the last one before: pressed once."""
    home.ahead = HOUR
    home.passes(60)
    home.presses_now()
    home.ahead = 0.0
    home.passes(PATIENCE_S)
    assert home.begun == 1
    before = home.raised()
    home.presses_now()
    assert home.raised() == before + 1


@given(
    way=st.sampled_from(list(WAYS.values())),
    life=st.lists(
        st.one_of(
            st.just(("press", 0)),
            st.tuples(st.just("again"), st.integers(0, 9)),
            st.tuples(
                st.just("ahead"), st.sampled_from((-40 * DAY, -HOUR, 0, 0, 95, 240, DAY * 9))
            ),
            st.tuples(st.just("ahead"), st.integers(-400, 400)),
            st.tuples(st.just("passes"), st.sampled_from((1, 40, STOOD_S + 60, PATIENCE_S + 120))),
            st.sampled_from((("killed", 0), ("power", 0))),
        ),
        min_size=3,
        max_size=12,
    ),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_clock_does_each_press_calls_and_none_is_told_twice(
    way: Way, life: list[tuple[str, float]]
) -> None:
    with tempfile.TemporaryDirectory() as path:
        home = Leaping(Path(path), way)
        with closing(home.journal):
            for what, how in life:
                _lives(home, what, how)
            home.journal.close()


def _lives(home: Leaping, what: str, how: float) -> None:
    if what == "press":
        home.passes(PRESSED_AGAIN_S + 1)
    buttons, raised = home.buttons(), home.raised()
    if what == "press":
        home.presses_now()
        assert (home.buttons(), home.raised()) == (buttons + 1, raised + 1)
        home.told_at = (home.passed, home.clock.now())
    elif what == "again":
        at_most = 1 if home.may_be_another() else 0
        home.is_delivered_again(int(how))
        told = home.buttons() - buttons
        assert 0 <= told <= at_most
        assert 0 <= home.raised() - raised <= told
        if told:
            home.told_at = (home.passed, home.clock.now())
    elif what == "ahead":
        home.ahead = how
    elif what == "passes":
        home.passes(how)
    elif what == "killed":
        home.is_killed()
    else:
        home.loses_power()
