"""What is played to a hub must arrive as what it was: else a recording proves nothing about it."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from contract import SensorEvent
from simulator.devices import Stage
from simulator.devices.cast import Cast
from simulator.importers.registry import IMPORTERS
from simulator.living.generate import made_up_home
from tests.simulator.devices.events import START, homes
from tests.simulator.devices.hub import essence, told_and_heard


@settings(max_examples=150, deadline=None)
@given(homes())
def test_a_hub_hears_each_event_once_where_and_when_it_was(events: list[SensorEvent]) -> None:
    assert essence(told_and_heard(events)) == essence(events)


@settings(max_examples=60, deadline=None)
@given(homes())
def test_messages_come_in_order_of_time(events: list[SensorEvent]) -> None:
    stage = Stage(Cast(events), lambda _event, _reason: None)
    times = [message.t for message in stage.messages(events)]
    assert all(early <= late for early, late in pairwise(times))


def test_a_made_up_life_arrives_as_it_was_lived() -> None:
    events = list(made_up_home(1, seed=3, start=START).until(START + 7 * 86_400))
    assert len(events) > 2000
    assert essence(told_and_heard(events)) == essence(events)


@pytest.mark.parametrize(
    ("source", "home"), [("tihm", "tihm-c55f8"), ("kettle", "refit-2"), ("ordonez", "ordonez-a")]
)
def test_a_real_home_arrives_as_it_was_recorded(recordings: Path, source: str, home: str) -> None:
    read = IMPORTERS[source].read(recordings / source, lambda _: None)
    events = [item for item in read if isinstance(item, SensorEvent) and item.home == home]
    events.sort(key=lambda event: event.at)
    assert essence(told_and_heard(events)) == essence(events)
