"""Whoever pulls a cord that is wired to a switch has called for help: once, and never unheard."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import Occasion, Reading, Signal
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Heard, Normaliser
from gateway.normaliser.button import PRESSED_AGAIN_S, Button
from gateway.settings import Sensor
from tests.gateway.events import START

ESPHOME = "esphome/bath/binary_sensor/cord/state", b"%s"
SHELLY = (
    "shelly/bath/events/rpc",
    b'{"src":"shellyplusi4-a8032ab0c1d4","method":"NotifyStatus","params":{"input:0":{"id":0,"state":%s}}}',
)
TASMOTA = "tasmota/stat/bath/RESULT", b'{"Switch1":{"Action":"%s"}}'
WORDS = {
    "esphome": (*ESPHOME, "bath/cord", (b"ON", b"OFF")),
    "shelly": (*SHELLY, "bath", (b"true", b"false")),
    "tasmota": (*TASMOTA, "bath", (b"ON", b"OFF")),
}
TELEMETRY = b'{"Switch1":"%s"}'


class Home:
    """A hub that hears one cord."""

    def __init__(self, dialect: str) -> None:
        self.topic, self.form, device, self.words = WORDS[dialect]
        cord = Sensor(name="cord", device=device, kind="button", place="bathroom")
        self.hearing = Hearing(
            spoken_in([Network(dialect=dialect)]),
            Normaliser("h1", [cord]),
            Watermark(),
            Past(),
            follows_wall_clock=True,
        )

    def word(self, *, on: bool, t: float, retain: bool = False) -> Message:
        payload = self.form % self.words[0 if on else 1]
        return Message(self.topic, payload, 0, dup=False, retain=retain, received=START + t)

    def calls(self, *, on: bool, t: float, retain: bool = False) -> list[float]:
        events = self.hearing.hear([self.word(on=on, t=t, retain=retain)]).events
        return [one.value for one in events if one.kind == "button"]


@pytest.mark.parametrize("dialect", sorted(WORDS))
def test_a_cord_that_is_pulled_calls_and_let_go_does_not(dialect: str) -> None:
    home = Home(dialect)
    assert home.calls(on=False, t=0) == []
    assert home.calls(on=True, t=100) == [1]
    assert home.calls(on=False, t=103) == []
    assert home.calls(on=True, t=200) == [1]


@pytest.mark.parametrize("dialect", sorted(WORDS))
def test_a_cord_of_which_nothing_was_heard_before_calls_at_its_first_pull(dialect: str) -> None:
    assert Home(dialect).calls(on=True, t=0) == [1]


@pytest.mark.parametrize("dialect", sorted(WORDS))
def test_a_pull_in_a_pause_is_a_call_all_the_same(dialect: str) -> None:
    home = Home(dialect)
    pull = home.word(on=True, t=0)
    assert home.hearing.pass_over([pull])[0] == [pull]
    assert not home.hearing.carries_on(pull), "and it waits for nothing"


def test_a_state_that_the_broker_kept_is_no_call_and_the_pull_after_it_is() -> None:
    home = Home("esphome")
    assert home.calls(on=True, t=0, retain=True) == []
    assert home.calls(on=True, t=1) == [], "it is on still"
    assert home.calls(on=False, t=2) == []
    assert home.calls(on=True, t=3, retain=True) == []
    assert home.calls(on=True, t=4) == [1]


def test_a_cord_that_was_on_when_the_hub_came_may_just_have_been_pulled_and_calls_once() -> None:
    home = Home("tasmota")
    topic = "tasmota/tele/bath/SENSOR"

    def read(word: bytes, t: float) -> int:
        told = Message(topic, TELEMETRY % word, 0, dup=False, retain=False, received=START + t)
        return len(home.hearing.hear([told]).events)

    assert [read(b"ON", t) for t in (0, 300, 600)] == [1, 0, 0]
    assert [read(word, t) for word, t in ((b"OFF", 900), (b"ON", 1200))] == [0, 1], "a lost action"
    assert home.calls(on=True, t=1200 + PRESSED_AGAIN_S - 1) == [], "told the second way"


def test_a_pull_whose_letting_go_was_lost_is_followed_by_a_call() -> None:
    home = Home("tasmota")
    assert [home.calls(on=True, t=t) for t in (0, PRESSED_AGAIN_S - 0.1, 3600)] == [[1], [], [1]]


def switch(value: float, at: float, occasion: Occasion = Occasion.CHANGE) -> Reading:
    return Reading("cord", Signal.SWITCH, value, at, occasion=occasion)


def cord() -> Normaliser:
    return Normaliser("h1", [Sensor(name="cord", kind="button", place="bathroom")])


def heard(one: Normaliser, now: float, *readings: Reading) -> list[tuple[str, float]]:
    told = Heard()
    for reading in readings:
        one.hear([reading], now, told)
    return [(event.quality, event.at.timestamp()) for event in told.events]


def test_contacts_that_bounce_are_one_call_though_each_has_its_time() -> None:
    bounce = (switch(1, 10.0), switch(0, 10.04), switch(1, 10.1), switch(0, 13.0))
    assert heard(cord(), 20, *bounce) == [("ok", 10.0)]


def test_a_pull_that_comes_after_its_letting_go_is_a_call_and_told_again_is_none() -> None:
    one = cord()
    pulled, let_go = switch(1, 100), switch(0, 103)
    assert heard(one, 300, let_go, pulled) == [("ok", 100)]
    assert heard(one, 300, pulled) == [("replayed", 100)]
    assert heard(one, 300, switch(1, 299, Occasion.REPORT)) == [("ok", 299)], "it was off since"


def test_a_cord_is_known_to_be_on_after_a_restart_and_not_after_its_state_was_lost() -> None:
    one = cord()
    heard(one, 10, switch(1, 10))
    again, lost = cord(), cord()
    again.thaw(one.freeze(["cord"]))
    lost.thaw(one.freeze(["cord"]))
    lost.doubt(["cord"])
    said = switch(1, 100, Occasion.OPEN)
    assert (heard(again, 100, said), heard(lost, 100, said)) == ([], [("ok", 100)])


@given(st.lists(st.tuples(st.booleans(), st.floats(PRESSED_AGAIN_S, 1000)), max_size=20))
def test_every_rise_that_is_told_live_calls_once(words: Sequence[tuple[bool, float]]) -> None:
    button, t, was, rises, calls = Button(), 0.0, False, 0, 0
    button.recall(0.0)
    for on, wait in words:
        t += wait
        calls += len(button.hear(Reading("cord", Signal.SWITCH, float(on)), t))
        rises += on and not was
        was = on
    assert calls == rises
