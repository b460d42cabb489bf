"""What is played to a hub must arrive as what it was: else a recording proves nothing about it."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Kind, SensorEvent
from gateway.normaliser.button import PRESSED_AGAIN_S
from gateway.normaliser.pulses import FLUSH_S
from simulator.devices import Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES
from simulator.importers.registry import IMPORTERS
from simulator.living.street import made_up_home
from tests.simulator.devices.events import START, homes
from tests.simulator.devices.hub import below_its_name, essence, told_and_heard, told_by


@settings(max_examples=150, deadline=None)
@given(homes())
def test_a_hub_hears_each_event_once_where_and_when_it_was(events: list[SensorEvent]) -> None:
    assert essence(told_and_heard(events)) == essence(events)


CLOCK_S = {"zigbee2mqtt": 0.001, "shelly": 0.01, "tasmota": 1, "esphome": 0.001, "plain": 0.001}
"""What the devices' clocks can tell apart, in seconds; ESPHome has none and is dated on arrival."""

DATED_PRESSES = {"zigbee2mqtt", "shelly", "plain"}
"""Where the press of a button bears its own time."""

NOT_HOW = {"plain"}
"""Which say of a flush that it was, and not whether the cistern shook or its water ran."""

UNTOLD = {
    "shelly": {(Kind.BUTTON, 0), (Kind.GAIT_SPEED, 1)},
    "tasmota": {(Kind.BUTTON, 0), (Kind.GAIT_SPEED, 1)},
}
"""What a dialect has no word for: a press taken back, a walk."""


def _sort(event: SensorEvent) -> tuple[str, int]:
    return event.kind, int(event.value) if event.kind == Kind.BUTTON else 1


def _same(heard: SensorEvent, told: SensorEvent, clock_s: float) -> None:
    assert (heard.sensor, heard.kind, heard.place) == (told.sensor, told.kind, told.place)
    assert abs((heard.at - told.at).total_seconds()) <= clock_s
    seconds = told.duration or 0.0
    assert round(abs((heard.duration or 0.0) - seconds), 6) <= clock_s
    # A use's power is known to 0.1 W, and held for as much longer as the clock cannot tell.
    watts = told.value * 3600 / seconds if seconds else 0.0
    slack = (watts * clock_s + 0.06 * seconds) / 3600 + 0.002 if seconds else 0.0
    assert heard.value == pytest.approx(told.value, abs=slack)


@pytest.mark.parametrize("dialect", VOICES)
def test_every_dialect_tells_each_event_once_where_and_when_it_was(dialect: str) -> None:
    clock_s = CLOCK_S[dialect]

    @settings(max_examples=60, deadline=None)
    @given(
        homes(
            clock_s,
            press_s=0.0 if dialect in DATED_PRESSES else PRESSED_AGAIN_S,
            water_s=FLUSH_S if dialect in NOT_HOW else 0.0,
        )
    )
    def told(events: list[SensorEvent]) -> None:
        heard, refused = told_by(events, below_its_name(dialect))
        tellable = [event for event in events if _sort(event) not in UNTOLD.get(dialect, set())]
        assert len(refused) + len(tellable) == len(events)
        assert len(heard) == len(tellable)
        for one, other in zip(_ordered(heard), _ordered(tellable), strict=True):
            _same(one, other, clock_s)

    told()


def _ordered(events: list[SensorEvent]) -> list[SensorEvent]:
    return sorted(events, key=lambda event: (event.sensor, event.kind, event.at))


@settings(max_examples=60, deadline=None)
@given(homes(1, water_s=FLUSH_S), st.data())
def test_a_home_in_which_every_sensor_speaks_its_own_dialect_is_heard_as_it_is(
    events: list[SensorEvent], data: st.DataObject
) -> None:
    choice = {
        sensor: data.draw(st.sampled_from(sorted(VOICES)), label=sensor)
        for sensor in dict.fromkeys(event.sensor for event in events)
    }
    voices = {sensor: below_its_name(dialect) for sensor, dialect in choice.items()}
    heard, refused = told_by(events, voices)
    tellable = [one for one in events if one not in refused]
    assert all(_sort(one) in UNTOLD.get(choice[one.sensor], set()) for one in refused)
    for one, other in zip(_ordered(heard), _ordered(tellable), strict=True):
        _same(one, other, CLOCK_S[choice[one.sensor]])


@pytest.mark.parametrize("dialect", VOICES)
def test_a_made_up_life_arrives_in_every_dialect(dialect: str) -> None:
    events = list(made_up_home(1, seed=3, start=START).until(START + 2 * 86_400))
    heard, refused = told_by(events, below_its_name(dialect))
    assert not refused
    for one, other in zip(_ordered(heard), _ordered(events), strict=True):
        _same(one, other, CLOCK_S[dialect])


@settings(max_examples=60, deadline=None)
@given(homes())
def test_messages_come_in_order_of_time(events: list[SensorEvent]) -> None:
    stage = Stage(Cast(events), lambda _event, _reason: None)
    times = [message.t for message in stage.messages(events)]
    assert all(early <= late for early, late in pairwise(times))


def test_a_made_up_life_arrives_as_it_was_lived() -> None:
    events = list(made_up_home(1, seed=3, start=START).until(START + 14 * 86_400))
    assert len(events) > 2000
    assert essence(told_and_heard(events)) == essence(events)


@pytest.mark.parametrize(
    ("source", "files", "home"),
    [
        ("tihm", "*", "tihm-c55f8"),
        ("kettle", "REFIT_House2_2014-*", "refit-2"),  # a year of it; reading more takes longest
        pytest.param("kettle", "*", "refit-2", marks=pytest.mark.slow),
        ("ordonez", "*", "ordonez-a"),
    ],
)
def test_a_real_home_arrives_as_it_was_recorded(
    recordings: Path, tmp_path: Path, source: str, files: str, home: str
) -> None:
    for file in (recordings / source).glob(files):
        (tmp_path / file.name).symlink_to(file)
    read = IMPORTERS[source].read(tmp_path, lambda _: None)
    events = [item for item in read if isinstance(item, SensorEvent) and item.home == home]
    events.sort(key=lambda event: event.at)
    assert events
    assert essence(told_and_heard(events)) == essence(events)
